"""`dev.py prove` runs it: the decision and the algebra of consent with one small fault each, to see whether the tests notice it.

It says how many mutants there are, how many were noticed and by what. It fails where one lives that nobody has listed with a reason,
where a listed one is noticed after all, where fewer than 95 in 100 are noticed, and where none is. By itself: ``python -m tools.mutate``.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import secrets
import subprocess
import sys
import time
from argparse import ArgumentParser
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from tools.mutants.battery import Covered, covered_by, fates
from tools.mutants.changes import mutants_of
from tools.mutants.planting import Source
from tools.mutants.running import Battery
from tools.mutants.verdict import read_list, told
from tools.process import ROOT

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Container, Sequence

    from tools.mutants.battery import Budget

CONSENT = ROOT / "src" / "recoverycore" / "consent"
PACKAGE = "recoverycore.consent"
LISTED = ROOT / "tests" / "consent" / "mutants_that_live.toml"
KEPT = ROOT / ".pytest_cache" / "mutants.json"
BATTERY = Battery(
    ("tests/consent", "tests/testing/consent/test_laws.py", *(f"plugins/recoverycore-{each}/tests" for each in ("ca", "eu", "us"))),
    # The long proofs stand there in pieces (`test_pieces`). Left out are what takes long for one answer, and tests of tests.
    (
        "-m",
        "not browser",
        "-k",
        "not very_many and not both_agree and not is_counted and not planted and not told_wrongly",
        "--hypothesis-profile=mutants",
    ),
)
LEFT_OUT = {
    # what people write, and its validation
    *("book", "consents", "documents", "facts", "profiles", "requests", "tree_lint"),
    # what people read of a decision, and lists that are made of decisions
    *("case", "digests", "explaining", "ledger", "telling", "plan.words", "reference.ledger"),
}
# What a process that has imported no module of ours may have imported already: a mutant of a whole module then begins sooner.
PRELOADED = ("attrs", "dateutil.tz", "hypothesis", "hypothesis.stateful", "jsonschema", "pluggy", "pydantic", "pytest", "sybil")
SAMPLE = 150
BUDGET = 120.0
LESS = 1 / 6
"""What part of it goes to a mutant that is known to live: it would use up all."""


def sources(folder: Path, package: str) -> list[Source]:
    """The modules in `folder` that are mutated: of consent all but what people write and what they read."""
    found = []
    for file in sorted(folder.rglob("*.py")):
        name = ".".join(file.relative_to(folder).with_suffix("").parts)
        if file.name != "__init__.py" and name not in LEFT_OUT:
            found.append(Source(file, f"{package}.{name}", name))
    return found


def main(arguments: list[str]) -> int:
    """Try the mutants and judge what became of them."""
    asked = _asked(arguments)
    if os.environ.get("PYTHONHASHSEED") != "0":  # a set in another order would make another run
        again = [sys.executable, "-m", "tools.mutate", *arguments, "--seed", asked.seed]
        return subprocess.call(again, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": "0"})
    for name in PRELOADED if asked.package == PACKAGE else ():
        import_module(name)
    read = sources(Path(asked.folder), asked.package)
    battery = Battery(tuple(asked.tests), ()) if asked.tests else BATTERY
    all_of_them = [(source, each) for source in read for each in mutants_of(source.tree, source.name, source.text)]
    chosen = [pair for pair in all_of_them if not asked.modules or pair[1].module in asked.modules]
    if asked.again:
        lived = {tuple(row["mutant"]) for row in json.loads(Path(asked.again).read_text("utf-8")) if not row["by"]}
        chosen = [pair for pair in chosen if pair[1].key in lived]
    if asked.sample:
        chosen = random.Random(asked.seed).sample(chosen, min(asked.sample, len(chosen)))  # noqa: S311 - a sample, no secret
    print(f"{len(all_of_them)} mutants in {len(read)} modules, {len(chosen)} of them tried; seed {asked.seed}", flush=True)
    covered = _kept(battery, read)
    if covered.failed:
        print("these tests fail where nothing is changed:", *covered.failed, sep="\n")
        return 1
    began = time.monotonic()
    results = []
    listed = read_list(Path(asked.listed))
    if asked.sample:  # what is known to live takes longest, and a whole run tries it
        chosen = [pair for pair in chosen if pair[1].key not in listed]
    for mutant, fate in fates(chosen, battery, covered, _budget(asked.budget, listed)):
        results.append((mutant, fate))
        if not fate.by:
            print(f"{len(results)}: lives: {mutant}" + ("" if fate.ran else f" ({fate.how or 'no test reaches it'})"), flush=True)
    if asked.json:
        rows = [{"mutant": mutant.key, "line": mutant.lines.start, **vars(fate)} for mutant, fate in results]
        Path(asked.json).write_text(json.dumps(rows), "utf-8")
    findings, lines = told(
        results,
        listed,
        {each.key for _, each in all_of_them},
        whole=not (asked.sample or asked.again),
    )
    print(*lines, f"{time.monotonic() - began:.0f} s", *findings, sep="\n", flush=True)
    return 1 if findings else 0


def _budget(whole: float, listed: Container[tuple[str, ...]]) -> Budget:
    return lambda mutant: whole * LESS if mutant.key in listed else whole


def _asked(arguments: Sequence[str]) -> Namespace:
    parser = ArgumentParser("python -m tools.mutate", description=__doc__)
    parser.add_argument("modules", nargs="*", help="only these, such as plan.tables")
    parser.add_argument("--quick", action="store_const", dest="sample", const=SAMPLE, help=f"a sample of {SAMPLE}")
    parser.add_argument("--sample", type=int, help="a sample of so many")
    parser.add_argument("--seed", default=str(secrets.randbelow(2**32)), help="draws the sample")
    parser.add_argument("--budget", type=float, default=BUDGET, help="CPU seconds of tests for a mutant")
    parser.add_argument("--json", help="a file for what became of each")
    parser.add_argument("--again", help="only those that lived in such a file")
    parser.add_argument("--folder", default=str(CONSENT), help="other modules than those of consent")
    parser.add_argument("--package", default=PACKAGE, help="their package")
    parser.add_argument("--tests", nargs="*", help="other tests than those of consent")
    parser.add_argument("--listed", default=str(LISTED), help="another list of those that live")
    return parser.parse_args(arguments)


def _kept(battery: Battery, read: Sequence[Source]) -> Covered:
    """What the tests reach; kept from run to run as long as no file changes."""
    digest = hashlib.sha256(repr((battery, [each.name for each in read])).encode())
    for folder in ("src", "plugins", "tests/consent", "tests/suite", "tests/testing", "conftest.py"):
        for file in sorted((ROOT / folder).rglob("*.*") if (ROOT / folder).is_dir() else [ROOT / folder]):
            if file.suffix in (".py", ".json", ".toml") and file != LISTED:
                digest.update(file.read_bytes())
    for each in read:
        digest.update(each.text.encode())
    if KEPT.is_file():
        kept = json.loads(KEPT.read_text("utf-8"))
        if kept["digest"] == digest.hexdigest():
            names = [*kept["seconds"], ""]
            reached = {
                module: {int(line): [names[each] for each in numbers] for line, numbers in lines.items()}
                for module, lines in kept["reached"].items()
            }
            return Covered(kept["seconds"], reached)
    covered = covered_by(battery, read)
    if not covered.failed and ROOT in read[0].file.parents:
        KEPT.parent.mkdir(exist_ok=True)
        number = {name: place for place, name in enumerate([*covered.seconds, ""])}
        short = {
            module: {line: [number[each] for each in names] for line, names in lines.items()} for module, lines in covered.reached.items()
        }
        KEPT.write_text(json.dumps({"digest": digest.hexdigest(), "seconds": covered.seconds, "reached": short}), "utf-8")
    return covered


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
