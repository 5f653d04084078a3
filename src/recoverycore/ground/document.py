"""The base of everything people write: frozen, strict, versioned, and silent about its content.

Unknown fields are refused, with the likely spelling; ``x-*`` fields of your own survive a round trip. A document is
changed by making a new one (`Document.evolve`), which is validated again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, JsonValue, ValidationError
from pydantic._internal._model_construction import ModelMetaclass  # the one place that needs the metaclass, see _Guarded
from pydantic_core import PydanticCustomError

from recoverycore.errors import DocumentError, Problem, problem
from recoverycore.ground.canonical import digest
from recoverycore.ground.fields import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic import GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

__all__ = ["Document"]

_OWN = "x-"
_LIMITS = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum", "multiple_of": "multipleOf"}


def _guarded(cls: type[BaseModel], given: Any, act: Callable[[], Any]) -> Any:
    """Run `act` on what was `given`; a validation error of pydantic, which holds it, leaves only as ours, which does not."""
    try:
        return act()
    except ValidationError as error:
        from recoverycore.ground.problems import problems_of

        found: tuple[Problem, ...] = problems_of(error, cls, given)
    raise DocumentError(*found)


def _of_your_own(name: str) -> str:
    if not name.startswith(_OWN):
        raise PydanticCustomError("extra_forbidden", "unknown field")  # as pydantic calls it
    return name


def _written(value: Any) -> Any:
    """`value`, if canonical JSON has a text for it: NaN and half of a surrogate pair have none."""
    try:
        digest(value)
    except ValueError:
        raise PydanticCustomError("recovery", "{name}", {"name": "bad_value"}) from None
    return value


def _in_schema_words(schema: Any) -> Any:
    """`schema` of a field with its limits in the words of JSON Schema: around a validator, pydantic leaves them in its own."""
    if isinstance(schema, list):
        return [_in_schema_words(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    limits = {word: schema[key] for key, word in _LIMITS.items() if key in schema and schema.get("type") in ("integer", "number")}
    return {key: _in_schema_words(value) for key, value in schema.items() if not (limits and key in _LIMITS)} | limits


class _Guarded(ModelMetaclass):
    """Constructing a document raises `DocumentError`. An own ``__init__`` would slow every nested document down."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:  # noqa: N805 - in a metaclass
        return _guarded(cls, kwargs, lambda: super(_Guarded, cls).__call__(*args, **kwargs))  # type: ignore[arg-type]  # cls is the model


class Document(BaseModel, metaclass=_Guarded):
    """Something a person writes and a host keeps. Subclasses that stand alone name their `schema_name`.

    Errors: every problem at once as `DocumentError`, each with a code, a JSON pointer and a next step.
    """

    # What is not a field is looked at only where there is any; `_of_your_own` refuses it as pydantic would.
    model_config = ConfigDict(frozen=True, extra="allow", defer_build=True, populate_by_name=True, hide_input_in_errors=True)
    __pydantic_extra__: dict[Annotated[Text, AfterValidator(_of_your_own)], Annotated[JsonValue, AfterValidator(_written)]]

    schema_name: ClassVar[str] = ""
    schema_version: ClassVar[int] = 1

    @property
    def extensions(self) -> dict[str, JsonValue]:
        """The fields of your own, by their whole names."""
        return self.__pydantic_extra__

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        schema = handler.resolve_ref_schema(handler(core_schema))
        schema |= {"patternProperties": {f"^{_OWN}": {}}, "additionalProperties": False}
        for name, field in schema.get("properties", {}).items():
            schema["properties"][name] = _in_schema_words(field)
        return schema

    @classmethod
    def model_validate(cls, obj: Any, **kwargs: Any) -> Self:
        """The document that `obj` describes, by the names it is published with. Errors: `DocumentError` with every problem."""
        named = {"by_alias": True, "by_name": False, **kwargs}
        return _guarded(cls, obj, lambda: super(Document, cls).model_validate(obj, **named))  # type: ignore[no-any-return]  # it is Self

    @classmethod
    def model_validate_json(cls, json_data: str | bytes | bytearray, **kwargs: Any) -> Self:
        """The document that strict JSON text describes: duplicate keys, NaN and depth are refused too."""
        from recoverycore.ground.loading import read_json

        return cls.model_validate(read_json(bytes(json_data) if isinstance(json_data, bytearray) else json_data), **kwargs)

    @classmethod
    def model_validate_strings(cls, obj: Any, **kwargs: Any) -> Self:
        """The document whose values are all given as texts, as pydantic reads them."""
        return _guarded(cls, obj, lambda: super(Document, cls).model_validate_strings(obj, **kwargs))  # type: ignore[no-any-return]  # it is Self

    @classmethod
    def upcast(cls, data: Any, version: int) -> Any:  # noqa: ARG003 - a document that changed tells its versions apart
        """`data` of an older `version` as the next one, a pure function; called once for each version up to the present one."""
        return data

    def evolve(self, **changes: Any) -> Self:
        """A document as this one with `changes`, validated again. The old one stays as it was."""
        kept = {name: getattr(self, name) for name in self.model_fields_set}
        return type(self).model_validate({**kept, **changes}, by_name=True)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with the fields of `update`, which nobody looks at. What was worked out from the old fields stays behind."""
        copied = super().model_copy(update=update, deep=deep)
        for name in copied.__dict__.keys() - type(self).model_fields.keys():
            del copied.__dict__[name]
        return copied

    if not TYPE_CHECKING:  # a checker must go on seeing that fields are read-only

        def __setattr__(self, name: str, value: Any) -> None:
            _guarded(type(self), self.__dict__, lambda: super(Document, self).__setattr__(name, value))

        def __delattr__(self, name: str) -> None:
            _guarded(type(self), self.__dict__, lambda: super(Document, self).__delattr__(name))

    def __hash__(self) -> int:
        return hash((type(self), *(getattr(self, name) for name in type(self).model_fields)))

    def to_data(self) -> dict[str, Any]:
        """The document as plain JSON data, sensitive text included: for stores, not for screens."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)

    def to_envelope(self) -> dict[str, Any]:
        """`to_data` in the envelope ``{schema, version, data}`` that every published document travels in."""
        if not self.schema_name:
            raise DocumentError(problem("bad_envelope", detail=type(self).__name__))
        return {"schema": self.schema_name, "version": self.schema_version, "data": self.to_data()}

    def __repr_args__(self) -> list[tuple[str | None, Any]]:
        """Only the id: a repr ends up in logs, and a document is about a person."""
        own = getattr(self, "id", None)
        return [("id", own)] if own is not None else []

    def __str__(self) -> str:
        return repr(self)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:  # noqa: ARG002 - notebooks call it so
        from recoverycore.ground.rendering import bundle

        return bundle(self)
