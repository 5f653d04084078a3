"""recoverycore: the rules that hold recovery support together, as values.

What was agreed, who may know what, what was noticed, who is told next and who owes what: each is a document that can be
validated, a decision that can be explained and a property that can be proved. A host keeps, sends and shows.

Importing this package costs nothing: every name is fetched when it is first used.
"""

from typing import TYPE_CHECKING

from recoverycore._lazy import attach

if TYPE_CHECKING:
    from recoverycore.errors import DocumentError as DocumentError
    from recoverycore.errors import Problem as Problem
    from recoverycore.errors import RecoveryError as RecoveryError
    from recoverycore.ground.document import Document as Document
    from recoverycore.ground.levels import Level as Level
    from recoverycore.ground.loading import load_file as load_file
    from recoverycore.ground.loading import loads as loads
    from recoverycore.ground.sensitive import Sensitive as Sensitive

__all__ = [
    "Document",
    "DocumentError",
    "Level",
    "Problem",
    "RecoveryError",
    "Sensitive",
    "load_file",
    "loads",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "errors": ("DocumentError", "Problem", "RecoveryError"),
        "ground.document": ("Document",),
        "ground.levels": ("Level",),
        "ground.loading": ("load_file", "loads"),
        "ground.sensitive": ("Sensitive",),
    },
)
