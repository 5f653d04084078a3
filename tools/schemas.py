"""The published JSON Schemas and their golden copies in `tests/golden/schemas`: a schema changes on purpose, never by accident.

`python -m tools.schemas` compares; with ``--write`` it writes the copies anew, and the difference is read in review.
"""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tools.process import ROOT, told
from tools.published import out_of_reach, published_documents

if TYPE_CHECKING:
    from recoverycore.ground import Document

FOLDER = ROOT / "tests" / "golden" / "schemas"


def schema_texts() -> dict[str, str]:
    """The schema of each published document as the text of its golden file, by file name."""
    return {f"{name.removeprefix('recoverycore/')}.json": _text(document) for name, document in published_documents().items()}


def _text(document: "type[Document]") -> str:
    return json.dumps(document.model_json_schema(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def findings(now: dict[str, str], folder: Path) -> list[str]:
    """How the schemas `now` differ from the golden files in `folder`, one line a file."""
    golden = {file.name: file.read_text("utf-8") for file in folder.glob("*.json")}
    return (
        [f"{name}: published, but has no golden file" for name in sorted(now.keys() - golden.keys())]
        + [f"{name}: has a golden file, but is no longer published" for name in sorted(golden.keys() - now.keys())]
        + [f"{name}: differs from its golden file" for name in sorted(now.keys() & golden.keys()) if now[name] != golden[name]]
    )


def write(now: dict[str, str], folder: Path) -> None:
    """Make `folder` hold exactly the schemas `now`."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.glob("*.json"):
        if file.name not in now:
            file.unlink()
    for name, text in now.items():
        (folder / name).write_text(text, "utf-8")


def main(arguments: list[str]) -> int:
    """Compare, or with ``--write`` make the golden files what the models say."""
    now = schema_texts()
    if "--write" in arguments:
        write(now, FOLDER)
    found = findings(now, FOLDER)
    if found:
        found.append("A change on purpose: python3 dev.py check --fix, then read the difference. See CONTRIBUTING.md, Schemas.")
    found += out_of_reach()
    return told(found, f"schemas: {len(now)} published schemas equal their golden files.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
