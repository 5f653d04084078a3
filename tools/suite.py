"""`dev.py suite NAME [FILE]`: language-neutral case files, judged one by one by `tests/suite/judge_NAME.py`."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Protocol, cast

from recoverycore.errors import RecoveryError
from tools.process import ROOT

FOLDER = ROOT / "tests" / "suite"


class Judge(Protocol):
    """A module that judges the cases in `path`, or in its own file where no path is given."""

    def run(self, path: Path | None) -> tuple[int, list[str]]:
        """How many cases passed, and a line for each that did not."""
        ...


def judge_of(name: str) -> Judge:
    """The judge of the suite `name`, loaded from its file: tests are no package."""
    found = spec_from_file_location(f"judge_{name}", FOLDER / f"judge_{name}.py")
    if found is None or found.loader is None:
        raise ImportError(name)
    module = module_from_spec(found)
    found.loader.exec_module(module)
    return cast("Judge", module)


def main(arguments: list[str]) -> int:
    """Judge one suite; the last line is ``N passed, N failed``, the exit code 1 where any failed or none was judged.

    It is 2 where the file could not be read, with what is wrong in it.
    """
    names = sorted(file.stem.removeprefix("judge_") for file in FOLDER.glob("judge_*.py"))
    if not arguments or arguments[0] not in names:
        print(f"usage: python3 dev.py suite NAME [FILE], with NAME one of: {', '.join(names) or '(none yet)'}")
        return 2
    try:
        passed, failures = judge_of(arguments[0]).run(Path(arguments[1]) if arguments[1:] else None)
    except RecoveryError as error:
        print("\n".join(map(str, error.problems)))
        print("this file is not in the form that the suite reads")
        return 2
    for failure in failures:
        print(failure)
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures or not passed else 0
