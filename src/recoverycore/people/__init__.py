"""WHO: clients, their team and its roster, the outside services they may be put through to.

Documents only: what may be done with them is decided elsewhere and composed by the engine. It imports `ground` and no
sibling.
"""

from typing import TYPE_CHECKING

from recoverycore._lazy import attach

if TYPE_CHECKING:
    from recoverycore.people.documents import Client as Client
    from recoverycore.people.documents import ContactSafety as ContactSafety
    from recoverycore.people.documents import Identifier as Identifier
    from recoverycore.people.documents import Member as Member
    from recoverycore.people.documents import Programme as Programme
    from recoverycore.people.documents import Service as Service
    from recoverycore.people.documents import Shift as Shift
    from recoverycore.people.documents import Team as Team

__all__ = ["Client", "ContactSafety", "Identifier", "Member", "Programme", "Service", "Shift", "Team"]

__getattr__, __dir__ = attach(
    __name__, {"documents": ("Client", "ContactSafety", "Identifier", "Member", "Programme", "Service", "Shift", "Team")}
)
