"""EXTEND: the hooks by which a host adds storage, delivery, crisis lines and ears, and the dispatcher that calls them.

Four policies, readable from a hook's name; a plugin that fails is one outcome among others and never stops the rest. It
imports domain packages for type checking only.
"""

from typing import TYPE_CHECKING

from recoverycore._lazy import attach

if TYPE_CHECKING:
    from recoverycore.hooks.files import plugins_in as plugins_in
    from recoverycore.hooks.lines import packaged_lines as packaged_lines
    from recoverycore.hooks.loading import Installed as Installed
    from recoverycore.hooks.loading import discover as discover
    from recoverycore.hooks.manager import Plugins as Plugins
    from recoverycore.hooks.marks import hookimpl as hookimpl
    from recoverycore.hooks.outcome import Joined as Joined
    from recoverycore.hooks.outcome import Outcome as Outcome
    from recoverycore.hooks.outcome import Report as Report
    from recoverycore.hooks.printing import PrintingDeliverer as PrintingDeliverer
    from recoverycore.hooks.specs import RecoveryHooks as RecoveryHooks
    from recoverycore.hooks.values import AuditEntry as AuditEntry
    from recoverycore.hooks.values import OutgoingMessage as OutgoingMessage
    from recoverycore.hooks.values import ProblemReport as ProblemReport
    from recoverycore.hooks.values import Receipt as Receipt

__all__ = [
    "AuditEntry",
    "Installed",
    "Joined",
    "Outcome",
    "OutgoingMessage",
    "Plugins",
    "PrintingDeliverer",
    "ProblemReport",
    "Receipt",
    "RecoveryHooks",
    "Report",
    "discover",
    "hookimpl",
    "packaged_lines",
    "plugins_in",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "files": ("plugins_in",),
        "lines": ("packaged_lines",),
        "loading": ("Installed", "discover"),
        "manager": ("Plugins",),
        "marks": ("hookimpl",),
        "outcome": ("Joined", "Outcome", "Report"),
        "printing": ("PrintingDeliverer",),
        "specs": ("RecoveryHooks",),
        "values": ("AuditEntry", "OutgoingMessage", "ProblemReport", "Receipt"),
    },
)
