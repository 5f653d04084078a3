"""A person's own words, which show themselves to nobody by accident."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Any, NoReturn, Self

from recoverycore.errors import DocumentError, problem

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, SerializationInfo
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

__all__ = ["Sensitive"]

_MASK = "•••"


class Sensitive:
    """Text that is opaque in ``str``, ``repr``, ``format``, logs and tracebacks; `reveal` is the only way to it.

    Reach for it for names, words, addresses, code words: whatever would hurt in a log. In a document it is written to
    storage (JSON) as its text, because a store must keep it; a dump in Python's own types keeps it sealed, and it is never
    part of a repr or an error.

    >>> Sensitive("bluebird")
    Sensitive(•••)
    >>> f"{Sensitive('bluebird')}"
    '•••'
    >>> Sensitive("bluebird").reveal()
    'bluebird'
    """

    __slots__ = ("__text",)

    def __init__(self, text: str | Sensitive) -> None:
        self.__text: str = text.reveal() if isinstance(text, Sensitive) else text

    def reveal(self) -> str:
        """The text itself. Show it only where consent was asked before."""
        return self.__text

    def __repr__(self) -> str:
        return f"Sensitive({_MASK})"

    def __str__(self) -> str:
        return _MASK

    def __format__(self, spec: str) -> str:
        return _MASK

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sensitive):
            return NotImplemented
        return hmac.compare_digest(*(text.encode("utf-8", "surrogatepass") for text in (self.__text, other.__text)))

    def __hash__(self) -> int:
        return hash((Sensitive, self.__text))

    def __bool__(self) -> bool:
        return bool(self.__text.strip())

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self  # it never changes, and stays in the process

    def __reduce__(self) -> NoReturn:
        raise DocumentError(problem("sealed"))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        from pydantic_core import core_schema

        # A length, however short, makes pydantic look at each character: half of a surrogate pair cannot be stored.
        text = core_schema.no_info_before_validator_function(_text_of, core_schema.str_schema(strict=True, min_length=0))
        written = core_schema.plain_serializer_function_ser_schema(_written, info_arg=True)
        return core_schema.no_info_after_validator_function(cls, text, serialization=written)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string"}


def _text_of(value: Any) -> Any:
    return value.reveal() if isinstance(value, Sensitive) else value


def _written(value: Sensitive, info: SerializationInfo) -> str | Sensitive:
    return value.reveal() if info.mode == "json" else value
