"""ACT: the shell around the pure rooms. It keeps, reads the clock, calls plugins, and carries out what was decided.

One command is one transaction: event, new state, timers, outbox and audit link together, or nothing. It composes the domain
packages by handing them plain facts; only the command line and `testing` import it.
"""

from typing import TYPE_CHECKING

from recoverycore._lazy import attach

if TYPE_CHECKING:
    from recoverycore.engine.documents import KINDS as KINDS
    from recoverycore.engine.engine import Engine as Engine
    from recoverycore.engine.handle import Run as Run
    from recoverycore.engine.history import CrisisMeasures as CrisisMeasures
    from recoverycore.engine.local import Local as Local
    from recoverycore.engine.offers import Lines as Lines
    from recoverycore.engine.rehearsal import Rehearsed as Rehearsed
    from recoverycore.engine.settings import Settings as Settings
    from recoverycore.engine.settings import Texts as Texts
    from recoverycore.engine.work import Done as Done

__all__ = ["CrisisMeasures", "Done", "Engine", "KINDS", "Lines", "Local", "Rehearsed", "Run", "Settings", "Texts"]

__getattr__, __dir__ = attach(
    __name__,
    {
        "documents": ("KINDS",),
        "engine": ("Engine",),
        "handle": ("Run",),
        "history": ("CrisisMeasures",),
        "local": ("Local",),
        "offers": ("Lines",),
        "rehearsal": ("Rehearsed",),
        "settings": ("Settings", "Texts"),
        "work": ("Done",),
    },
)
