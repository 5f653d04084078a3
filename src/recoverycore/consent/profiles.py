"""Data-only profiles: what a small programme adds to the core in a document, without any code.

A profile is named by the host. It may add codes and orders, the notices that go along with some labels, and the emergencies
in which a set of categories opens without consent. It can lift no deny unless an emergency says so of itself.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from recoverycore.consent.documents import Codes, refuse
from recoverycore.consent.posets import Axis, Vocabulary, standard_vocabulary
from recoverycore.errors import DocumentError
from recoverycore.ground.document import Document
from recoverycore.ground.fields import Count, Flag, Id

__all__ = ["Emergency", "EmergencyNeeds", "Notice", "ProfileDocument", "VocabularyAddition"]


class VocabularyAddition(Document):
    """Edges and names that a profile adds on some axes. What stands in the standard vocabulary is never taken away.

    Both are given for an axis: ``label``, ``purpose``, ``action`` or ``category``. There `order` gives for a code the codes right below it,
    `aliases` for a name the codes it means.
    """

    order: dict[Axis, dict[Id, tuple[Id, ...]]] = Field(default_factory=dict)
    aliases: dict[Axis, dict[Id, tuple[Id, ...]]] = Field(default_factory=dict)


class Notice(Document):
    """A notice that leaves together with every record carrying `label` or a label below it."""

    label: Id
    notice: Id


class EmergencyNeeds(Document):
    """The facts without which an emergency opens nothing: an open escalation run of at least this level."""

    open_run_level_at_least: Annotated[Count, Field(ge=1, le=4)]


class Emergency(Document):
    """Categories that open without consent, for one purpose, to holders of some roles, while the facts hold.

    A live deny beats it unless `overriding`. Its `duties` are owed for each use, such as a review or telling the client.
    """

    name: Id
    purpose: Id
    categories: Codes
    to_roles: Annotated[tuple[Id, ...], Field(min_length=1)]
    needs: EmergencyNeeds
    overriding: Flag = False
    duties: tuple[Id, ...] = ()


class ProfileDocument(Document):
    """A profile in data. Emergencies are tried in the order written.

    Errors: ``vocabulary_cycle``, ``vocabulary_alias_taken``, ``vocabulary_alias_wide``, ``duplicate_emergency``.
    """

    schema_name: ClassVar[str] = "recoverycore/consent-profile"

    id: Id
    version: Annotated[Count, Field(ge=1)] = 1
    vocabulary: VocabularyAddition = VocabularyAddition()
    notices: tuple[Notice, ...] = ()
    emergencies: tuple[Emergency, ...] = ()

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        names = [emergency.name for emergency in self.emergencies]
        for index, name in enumerate(names):
            if name in names[:index]:
                raise refuse("duplicate_emergency", "emergencies", index, "name")
        try:
            vocabulary_of(self)
        except DocumentError as error:
            refused = error.problems[0]
        else:
            return self
        raise refuse(refused.name, *refused.path.strip("/").split("/"))


def vocabulary_of(profile: ProfileDocument | None) -> Vocabulary:
    """The standard vocabulary and what `profile` adds to it."""
    standard = standard_vocabulary()
    if profile is None:
        return standard
    return standard.extended(profile.vocabulary.order, profile.vocabulary.aliases)
