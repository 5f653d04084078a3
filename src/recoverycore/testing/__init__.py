"""PROVE: what users need to test and prove their own rules, and the stories that the library proves itself with.

It may import everything below it; nothing but the command line imports it.
"""

from typing import TYPE_CHECKING

from recoverycore._lazy import attach

if TYPE_CHECKING:
    from recoverycore.testing.clinic.habits import Carrier as Carrier
    from recoverycore.testing.clinic.habits import Habit as Habit
    from recoverycore.testing.clinic.results import Simulation as Simulation
    from recoverycore.testing.clinic.simulating import simulate as simulate
    from recoverycore.testing.contract import ContractWarning as ContractWarning
    from recoverycore.testing.lines.contract import CrisisLinesContract as CrisisLinesContract
    from recoverycore.testing.plugins.documents import DocumentsContract as DocumentsContract
    from recoverycore.testing.plugins.host import plugin_host as plugin_host
    from recoverycore.testing.plugins.jurisdiction import JurisdictionContract as JurisdictionContract
    from recoverycore.testing.plugins.notifier import NotifierContract as NotifierContract
    from recoverycore.testing.plugins.recorder import Recorder as Recorder
    from recoverycore.testing.plugins.store import StoreContract as StoreContract

__all__ = [
    "Carrier",
    "ContractWarning",
    "CrisisLinesContract",
    "DocumentsContract",
    "Habit",
    "JurisdictionContract",
    "NotifierContract",
    "Recorder",
    "Simulation",
    "StoreContract",
    "plugin_host",
    "simulate",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "clinic.habits": ("Carrier", "Habit"),
        "clinic.results": ("Simulation",),
        "clinic.simulating": ("simulate",),
        "contract": ("ContractWarning",),
        "lines.contract": ("CrisisLinesContract",),
        "plugins.documents": ("DocumentsContract",),
        "plugins.host": ("plugin_host",),
        "plugins.jurisdiction": ("JurisdictionContract",),
        "plugins.notifier": ("NotifierContract",),
        "plugins.recorder": ("Recorder",),
        "plugins.store": ("StoreContract",),
    },
)
