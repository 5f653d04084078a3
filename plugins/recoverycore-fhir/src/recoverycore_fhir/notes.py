"""Notes: what a reader has to say about a resource, by code, place and reason. No value of the resource is in any of them."""

from __future__ import annotations

from attrs import field, frozen

__all__ = ["NOTES", "Note", "Notebook"]

NOTES = {
    "base_opt_out": "The base policy is opting out and the root has no type: HL7 defines that code as dissent.",
    "base_unread": "The root has no type and the base policy is none that is known, so the root denies.",
    "data_by_day": "The time of the data names times of day; records are dated by days.",
    "date_unread": "The date of the document names no day that can be read.",
    "element_unread": "An element is not known, or not written as the release writes it: no permit fits it and every deny does.",
    "grantee_as_actor": "Who is granted something is taken as the recipient.",
    "grantee_unread": "Who is granted something does not limit a refusal.",
    "modified": "The resource says that it must not be read without knowing its modifier, which nobody here knows.",
    "permit_repeated": "A permit is said again below a permit; its exceptions are kept, and it adds nothing itself.",
    "polarity_unread": "Neither permit nor deny is said: that counts as a deny.",
    "role_unread": "An actor has a role by which it need not be the recipient.",
    "status_unread": "The status is none of the release: the document counts as one that could not be read.",
    "type_missing": "A provision of R4 has no type, and is taken as an exception to what it stands below.",
    "value_unread": "A value has no code or reference that can be read: no permit fits it, and a deny is not limited by its criterion.",
}
"""Every note by its code, with its reason."""


@frozen(order=True)
class Note:
    """Something that was read otherwise than it stands, or not at all: its place as a JSON pointer into the resource, and its code."""

    place: str
    code: str

    @property
    def reason(self) -> str:
        """Why, in words for whoever looks after the documents."""
        return NOTES[self.code]

    def to_data(self) -> dict[str, str]:
        """The note as plain data."""
        return {"code": self.code, "place": self.place, "reason": self.reason}


@frozen
class Notebook:
    """The notes of one reading."""

    _kept: set[Note] = field(factory=set)

    def add(self, code: str, place: str) -> None:
        """Note `code` at `place`."""
        self._kept.add(Note(place, code))

    def has(self, code: str) -> bool:
        """Whether anything was noted by this code."""
        return any(each.code == code for each in self._kept)

    @property
    def sorted(self) -> tuple[Note, ...]:
        """The notes by place."""
        return tuple(sorted(self._kept))
