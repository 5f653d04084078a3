"""ACT: the shell around the pure rooms. It keeps, reads the clock, calls plugins, and carries out what was decided.

One command is one transaction: event, new state, timers, outbox and audit link together, or nothing. It composes the domain
packages by handing them plain facts; only the command line and `testing` import it.
"""

from typing import TYPE_CHECKING

from recoverycore._lazy import attach

if TYPE_CHECKING:
    from recoverycore.engine.documents import KINDS as KINDS
    from recoverycore.engine.engine import Engine as Engine
    from recoverycore.engine.history import CrisisMeasures as CrisisMeasures
    from recoverycore.engine.history import Happening as Happening
    from recoverycore.engine.history import Timeline as Timeline
    from recoverycore.engine.offers import Lines as Lines
    from recoverycore.engine.settings import Settings as Settings
    from recoverycore.engine.settings import Texts as Texts
    from recoverycore.engine.work import Done as Done

__all__ = ["CrisisMeasures", "Done", "Engine", "Happening", "KINDS", "Lines", "Settings", "Texts", "Timeline"]

__getattr__, __dir__ = attach(
    __name__,
    {
        "documents": ("KINDS",),
        "engine": ("Engine",),
        "history": ("CrisisMeasures", "Happening", "Timeline"),
        "offers": ("Lines",),
        "settings": ("Settings", "Texts"),
        "work": ("Done",),
    },
)
