"""The one root error, its problems, and the catalogue that they come from."""

from __future__ import annotations

import ast
import copy
import pickle
import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import recoverycore
from recoverycore import errors
from recoverycore.errors import DocumentError, Problem, RecoveryError, catalogue, problem

SOURCE = Path(recoverycore.__file__).parent
FILES = {file.stem: tomllib.loads(file.read_text("utf-8")) for file in sorted((SOURCE / "error_codes").glob("*.toml"))}
RANGES = {
    "ground": (1000, 1999),
    "people": (2000, 2999),
    "plans": (3000, 3999),
    "consent": (4000, 4999),
    "risk": (5000, 5999),
    "escalation": (6000, 6999),
    "coordination": (7000, 7999),
    "directory": (8000, 8999),
    "hooks": (9000, 9099),
    "engine": (9100, 9149),
    "stores": (9150, 9199),
    "stories": (9200, 9299),
    "tables": (9300, 9349),
    "cli": (9350, 9399),
}
CHILDREN = [
    getattr(errors, name) for name in errors.__all__ if isinstance(getattr(errors, name), type) and name not in {"Problem", "RecoveryError"}
]
problems = st.builds(
    problem, st.sampled_from(sorted(catalogue())), st.sampled_from(["", "/a", "/a/0"]), detail=st.sampled_from(["", "limit 5"])
)


@pytest.mark.parametrize("package", FILES)
def test_every_entry_has_a_code_a_meaning_and_a_remedy_in_whole_sentences(package: str) -> None:
    for name, entry in FILES[package].items():
        assert entry.keys() == {"code", "meaning", "remedy"}, name
        assert re.fullmatch("[a-z][a-z0-9_]*", name)
        assert entry["meaning"][0].isupper(), name
        assert entry["meaning"].endswith((".", "?")), name
        assert entry["remedy"].endswith("."), name


@pytest.mark.parametrize("package", FILES)
def test_every_code_lies_in_the_range_of_its_file(package: str) -> None:
    low, high = RANGES[package]
    for name, entry in FILES[package].items():
        assert re.fullmatch(r"RC[0-9]{4}", entry["code"]), name
        assert low <= int(entry["code"][2:]) <= high, name


def test_no_two_errors_share_a_code() -> None:
    codes = [entry["code"] for entries in FILES.values() for entry in entries.values()]
    assert sorted(codes) == sorted(set(codes))


def test_no_two_files_share_a_name() -> None:
    names = [name for entries in FILES.values() for name in entries]
    assert sorted(names) == sorted(set(names))


def test_the_catalogue_holds_every_file() -> None:
    assert catalogue() == {name: entry for entries in FILES.values() for name, entry in entries.items()}


def values_of(node: ast.expr) -> list[str]:
    """The texts that an expression may come to: itself, either side of a choice, the default of a look-up."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.IfExp(body=one, orelse=other):
            return [*values_of(one), *values_of(other)]
        case ast.Call(func=ast.Attribute(attr="get"), args=[_, default]):
            return values_of(default)
        case _:
            return []


def names_in(text: str) -> set[str]:
    """The names of errors that Python source `text` builds: by `problem`, by a custom error, or by a table of names."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "problem" and node.args:
            found |= set(values_of(node.args[0]))
        if isinstance(node, ast.Dict):
            pairs = [(key, value) for key, value in zip(node.keys, node.values, strict=True) if isinstance(key, ast.Constant)]
            found |= {
                value.value
                for key, value in pairs
                if key.value == "name" and isinstance(value, ast.Constant) and isinstance(value.value, str)
            }
    return found


def test_every_error_that_the_ground_names_is_in_the_catalogue() -> None:
    from recoverycore.ground.problems import _BY_TYPE

    named = {name for file in (SOURCE / "ground").glob("*.py") for name in names_in(file.read_text("utf-8"))} | set(_BY_TYPE.values())
    assert {"too_deep", "naive_time", "frozen", "bad_time", "wrong_type", "duplicate_key"} <= named
    assert named <= catalogue().keys()


def test_names_are_found_in_source() -> None:
    text = 'problem("a"); problem("b" if x == "y" else "c", "/d"); problem(t.get(k, "i")); problem(n); other("j")'
    text += '; PydanticCustomError("e", "f", {"name": "g", "at": "h"})'
    assert names_in(text) == {"a", "b", "c", "g", "i"}


def test_an_error_without_an_entry_cannot_be_built() -> None:
    with pytest.raises(KeyError, match="never_heard_of"):
        problem("never_heard_of")


def test_a_problem_tells_what_where_how_much_and_what_to_do() -> None:
    text = str(problem("unknown_field", "/steps/0/targts", did_you_mean="targets", detail="step 1", hint="Look again."))
    assert (
        text
        == "/steps/0/targts: RC1002 unknown_field: This field is not part of the document. (step 1) Did you mean 'targets'? Look again."
    )


def test_a_problem_of_the_whole_has_no_place_in_its_text() -> None:
    made = problem("blank")
    assert str(made) == f"RC1009 blank: {made.message} {made.hint}"
    assert repr(made) == "<Problem RC1009 blank at />"


def test_the_repr_of_a_problem_tells_its_place() -> None:
    assert repr(problem("blank", "/id")) == "<Problem RC1009 blank at /id>"


@given(problems)
def test_a_problem_is_equal_to_the_same_data_only(one: Problem) -> None:
    assert one == problem(one.name, one.path, detail=one.detail)
    assert hash(one) == hash(problem(one.name, one.path, detail=one.detail))
    assert one != one.under("/x")
    assert one != one.to_dict()


@given(problems, st.sampled_from(["", "/data", "/steps/3"]))
def test_seen_from_outside_a_problem_differs_by_its_place_only(one: Problem, place: str) -> None:
    assert one.under(place).to_dict() == {**one.to_dict(), "path": place + one.path}


@given(problems)
def test_a_problem_as_data_holds_all_that_it_tells(one: Problem) -> None:
    data = one.to_dict()
    assert data.keys() == {"code", "name", "path", "message", "hint", "did_you_mean", "detail"}
    assert Problem(**data) == one  # type: ignore[arg-type]  # only the guess may be missing


@pytest.mark.parametrize("kind", CHILDREN)
def test_every_error_is_a_recovery_error_and_the_fitting_one_of_pythons(kind: type[RecoveryError]) -> None:
    assert issubclass(kind, RecoveryError)
    assert [base.__module__ for base in kind.__bases__] == ["recoverycore.errors", "builtins"]
    with pytest.raises(kind.__bases__[1]):
        raise kind(problem("blank"))


def test_there_is_one_root() -> None:
    assert {kind.__bases__[0] for kind in CHILDREN} == {RecoveryError}
    assert len(CHILDREN) == 8


def test_an_error_speaks_as_its_only_problem() -> None:
    only = problem("blank", "/id")
    error = DocumentError(only)
    assert (str(error), error.code, error.name, error.problems) == (str(only), "RC1009", "blank", (only,))


def test_an_error_tells_every_problem_on_its_own_line() -> None:
    first, second = problem("blank", "/id"), problem("bad_time", "/at")
    error = DocumentError(first, second)
    assert str(error).splitlines() == ["2 problems:", f"  {first}", f"  {second}"]
    assert (error.code, error.name) == ("RC1009", "blank")


@given(st.lists(problems, min_size=1, max_size=3))
def test_an_error_survives_pickling_and_copying(found: list[Problem]) -> None:
    error = DocumentError(*found)
    for other in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):  # noqa: S301 - our own bytes
        assert (type(other), other.problems, str(other)) == (DocumentError, error.problems, str(error))
