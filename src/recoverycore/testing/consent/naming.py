"""The same questions under names that nobody was asked about before, so that nothing remembered of others answers them.

Nobody can make a new process for a decider that is not ours. But what is remembered from one question to the next is nearly always found
again by whom or what it is about; under other names there is nothing to be found.
"""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING, Any

from recoverycore.testing.consent.asking import request_of

if TYPE_CHECKING:
    from recoverycore.testing.consent.asking import Decide, Json

__all__ = ["under_new_names"]

_NUMBERS = count(1)  # each used once in a process, whoever asks
KIND = re.compile(r"(per|org|prog|court):(?=.)", re.IGNORECASE)


def under_new_names(decide: Decide) -> Decide:
    """`decide`, asked about people, places, papers and records that have new names, and the same ones from question to question.

    What begins or sounds alike still does; codes stay. In the answer the names are those that were asked about. Whatever it does to what
    it is asked is done to the question, too.
    """
    number = str(next(_NUMBERS))

    def asked(case: Json) -> Json:
        ids, old = _ids(case), dict[str, str]()

        def new(text: str) -> str:
            if prefix := KIND.match(text):
                other = f"{prefix[0]}{number}-{text[prefix.end() :]}"
            elif text in ids:
                other = f"{text}.{number}"
            else:
                return text
            old[other] = text
            return other

        renamed = _each(case, new)
        before = _each(renamed, str)
        answer = decide(renamed)
        if renamed != before:
            case["given"], case["when"] = (_each(renamed[part], lambda text: old.get(text, text)) for part in ("given", "when"))
        found: Json = _each(answer, lambda text: old.get(text, text))
        return found

    return asked


def _ids(case: Json) -> set[Any]:
    request = request_of(case)
    named = [request["recipient"], request["discloser"] or {}, *request["records"], *case["given"]["directives"]]
    return {each.get("id") for each in named} - {"client"}  # who is called so is the client, whatever name papers and facts have for them


def _each(value: Any, new: Any) -> Any:
    """The value with every text in it made another."""
    if isinstance(value, str):
        return new(value)
    if isinstance(value, dict):
        return {_each(name, new): _each(each, new) for name, each in value.items()}
    return [_each(each, new) for each in value] if isinstance(value, list) else value
