"""PROVE, for whoever writes a plugin: an engine of its own to try it in, plugins that fail, an ear that keeps all, and contracts.

A contract holds a plugin to what its hook promises; what is broken is told in sentences. Nothing here needs pytest or a network. It
may import everything below `testing`.
"""

from typing import TYPE_CHECKING

from recoverycore._lazy import attach

if TYPE_CHECKING:
    from recoverycore.testing.plugins.documents import DocumentsContract as DocumentsContract
    from recoverycore.testing.plugins.faults import Fault as Fault
    from recoverycore.testing.plugins.faults import every_fault as every_fault
    from recoverycore.testing.plugins.host import Host as Host
    from recoverycore.testing.plugins.host import NetworkRefused as NetworkRefused
    from recoverycore.testing.plugins.host import no_network as no_network
    from recoverycore.testing.plugins.host import plugin_host as plugin_host
    from recoverycore.testing.plugins.jurisdiction import JurisdictionContract as JurisdictionContract
    from recoverycore.testing.plugins.notifier import NotifierContract as NotifierContract
    from recoverycore.testing.plugins.recorder import Recorder as Recorder
    from recoverycore.testing.plugins.store import StoreContract as StoreContract

__all__ = [
    "DocumentsContract",
    "Fault",
    "Host",
    "JurisdictionContract",
    "NetworkRefused",
    "NotifierContract",
    "Recorder",
    "StoreContract",
    "every_fault",
    "no_network",
    "plugin_host",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "documents": ("DocumentsContract",),
        "faults": ("Fault", "every_fault"),
        "host": ("Host", "NetworkRefused", "no_network", "plugin_host"),
        "jurisdiction": ("JurisdictionContract",),
        "notifier": ("NotifierContract",),
        "recorder": ("Recorder",),
        "store": ("StoreContract",),
    },
)
