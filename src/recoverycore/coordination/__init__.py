"""WHO OWES: the obligation with a clock, and check-ins between a client and somebody who keeps in touch.

Everything that waits anywhere in the library appears here as an obligation with an owner, a due instant and what happens
when it is not done. It imports `ground` and no sibling.
"""

from typing import TYPE_CHECKING

from recoverycore._lazy import attach

if TYPE_CHECKING:
    from recoverycore.coordination.check_ins import CheckIns as CheckIns
    from recoverycore.coordination.check_ins import check_in as check_in
    from recoverycore.coordination.check_ins import expected as expected
    from recoverycore.coordination.documents import Cadence as Cadence
    from recoverycore.coordination.documents import Move as Move
    from recoverycore.coordination.documents import Obligation as Obligation
    from recoverycore.coordination.documents import OnTimeout as OnTimeout
    from recoverycore.coordination.documents import Pause as Pause
    from recoverycore.coordination.obligations import LEADS as LEADS
    from recoverycore.coordination.obligations import Board as Board
    from recoverycore.coordination.obligations import board as board
    from recoverycore.coordination.obligations import due_of as due_of
    from recoverycore.coordination.obligations import standing as standing

__all__ = [
    "Board",
    "Cadence",
    "CheckIns",
    "LEADS",
    "Move",
    "Obligation",
    "OnTimeout",
    "Pause",
    "board",
    "check_in",
    "due_of",
    "expected",
    "standing",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "check_ins": ("CheckIns", "check_in", "expected"),
        "documents": ("Cadence", "Move", "Obligation", "OnTimeout", "Pause"),
        "obligations": ("LEADS", "Board", "board", "due_of", "standing"),
    },
)
