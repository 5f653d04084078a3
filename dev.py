#!/usr/bin/env python3
"""Every contributor's commands, on a bare machine: makes `.venv`, installs what the command needs, runs it there.

It needs a Python 3.11 or newer with pip or uv, and nothing else. It prints each command that it runs, so all of it can be typed by hand.
The commands themselves live in `tools/` and run on the Python of `.venv`.
"""

# Written so that Python 2.7 can still read it: whoever starts it with an old Python gets one plain line, not a syntax error.
from __future__ import print_function

import sys

if sys.version_info < (3, 11):
    found = "%d.%d.%d (%s)" % (sys.version_info[0], sys.version_info[1], sys.version_info[2], sys.executable)
    sys.exit("recoverycore needs Python 3.11 or newer; this is Python " + found)

import glob
import hashlib
import os
import shlex
import shutil
import subprocess
from importlib.util import find_spec

USAGE = """usage: python3 dev.py COMMAND

  demo [STORY]            the main job on your own machine, with nothing sent anywhere
  test [PYTEST ARGS]      the tests, on two cores
  check [--fix]           lint, types, layers, docs, samples, golden files; --fix mends what a program can mend
  browser                 what only a real browser shows
  suite NAME [FILE]       language-neutral case files: stories, escalation, consent
  bench [NAME] [--json]   ratios against peers, measured in one interleaved run
  prove [--quick]         long proofs, with their seeds"""

ROOT = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(".venv", "Scripts", "python.exe") if os.name == "nt" else os.path.join(".venv", "bin", "python")
STAMP = os.path.join(VENV, "recoverycore-installed.txt")


def projects(folder):
    """The names of the projects under `folder`."""
    return sorted(os.path.dirname(file) for file in glob.glob("*/pyproject.toml", root_dir=os.path.join(ROOT, folder)))


def editable(what, plugins, examples=()):
    """The words that install the root with its extra `what`, and each of `plugins` and `examples`, as they stand here."""
    places = ["./plugins/" + plugin for plugin in plugins] + ["./examples/" + example for example in examples]
    return ["-e", ".[%s]" % what] + [word for place in places for word in ("-e", place)]


# What each kind of installation asks for (only plugins that are here), and modules whose absence shows that a piece has gone missing since.
PLUGINS, EXAMPLES = projects("plugins"), projects("examples")
DEMO_PLUGINS = [plugin for plugin in PLUGINS if plugin in ("recoverycore-gb", "recoverycore-us")]
DEMO = editable("cli", DEMO_PLUGINS)
DEMO_MODULES = ["recoverycore", "pydantic", "click", "rich", "yaml"] + [plugin.replace("-", "_") for plugin in DEMO_PLUGINS]
EXAMPLE = editable("yaml", [], EXAMPLES)
EXAMPLE_MODULES = ["recoverycore", "yaml", "fastapi", "uvicorn"] + EXAMPLES  # the folder of each is called as its package
DEV = editable("dev", PLUGINS, EXAMPLES)
DEV_MODULES = DEMO_MODULES + [plugin.replace("-", "_") for plugin in PLUGINS] + EXAMPLE_MODULES + ["axe_core_python"]
DEV_MODULES += ["hypothesis", "pytest", "pytest_cov", "xdist", "mypy", "ruff", "importlinter", "sybil", "furo", "myst_parser", "towncrier"]

# Another environment's settings must not leak into ours: they would send an install or an import elsewhere.
FOREIGN = ["PYTHONPATH", "PYTHONHOME", "PYTHONSAFEPATH", "VIRTUAL_ENV", "CONDA_PREFIX", "PIP_USER", "PIP_TARGET", "PIP_PREFIX",
           "PIP_REQUIRE_VIRTUALENV", "PIP_PYTHON", "UV_SYSTEM_PYTHON", "UV_PYTHON", "__PYVENV_LAUNCHER__"]  # fmt: skip
ENVIRONMENT = {name: value for name, value in os.environ.items() if name not in FOREIGN}


def run(command):
    """Print a command and run it in the repository; its exit code comes back."""
    print("$ " + shlex.join(command), flush=True)
    return subprocess.call(command, cwd=ROOT, env=ENVIRONMENT)


def asked(code, *arguments):
    """What the Python of `.venv` answers to a small program, or nothing where it cannot run."""
    try:
        command = [os.path.join(ROOT, PYTHON), "-c", code] + list(arguments)
        return subprocess.check_output(command, cwd=VENV, env=ENVIRONMENT, stderr=subprocess.DEVNULL).decode().strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def make_venv(uv):
    """An empty `.venv` of the Python that runs this file, in place of one that another made or that no longer runs."""
    if os.path.lexists(VENV):
        print("The .venv here is broken or belongs to another Python: it is made anew.", flush=True)
        if os.path.islink(VENV) or os.path.isfile(VENV):
            os.remove(VENV)
        else:
            shutil.rmtree(VENV)
    if uv:
        made = run([uv, "venv", "--quiet", "--python", sys.executable, ".venv"])
    elif find_spec("venv") is None:
        sys.exit("This Python lacks the module venv: install python3-venv (Debian, Ubuntu) or uv, and try again.")
    else:
        # Debian's own Python has no ensurepip unless python3-venv is there: then the pip outside fills the venv.
        made = run([sys.executable, "-m", "venv"] + ([] if find_spec("ensurepip") else ["--without-pip"]) + [".venv"])
    if made:
        sys.exit("Could not make .venv with %s: install python3-venv (Debian, Ubuntu) or uv, and try again." % sys.executable)


def installer(uv):
    """The command that installs into `.venv`."""
    if uv:
        return [uv, "pip", "install", "--quiet", "--python", PYTHON]
    if asked("import pip; print('yes')"):
        return [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if find_spec("pip"):
        return [sys.executable, "-m", "pip", "--python", PYTHON, "install", "--quiet", "--disable-pip-version-check"]
    return sys.exit("This Python has neither pip nor ensurepip: install python3-venv (Debian, Ubuntu) or uv, and try again.")


def prepare(kind, wanted, modules):
    """Make `.venv` hold what the command needs; a second run finds its stamp and does nothing."""
    digest = hashlib.sha256(ROOT.encode())
    folders = [""] + ["plugins/%s/" % plugin for plugin in PLUGINS] + ["examples/%s/" % example for example in EXAMPLES]
    for name in [folder + "pyproject.toml" for folder in folders]:
        with open(os.path.join(ROOT, name), "rb") as file:
            digest.update(file.read())
    uv = shutil.which("uv")
    if asked("import sys; print('%d.%d' % sys.version_info[:2])") != "%d.%d" % sys.version_info[:2]:
        make_venv(uv)
    installed = ""
    if os.path.isfile(STAMP):
        with open(STAMP) as file:
            installed = file.read()
    if installed in (kind + " " + digest.hexdigest(), "dev " + digest.hexdigest()):
        probe = "import sys; from importlib.util import find_spec; print(all(map(find_spec, sys.argv[1:])))"
        if asked(probe, *modules) == "True":
            return
    print("Installing into .venv; the first time this takes about a minute.", flush=True)
    failed = run(installer(uv) + wanted)
    if failed:
        sys.exit(failed)
    with open(STAMP, "w") as file:
        file.write(kind + " " + digest.hexdigest())


def main(arguments):
    """Run one command; the exit code is its own."""
    if not arguments or arguments[0] not in ("demo", "test", "check", "browser", "suite", "bench", "prove"):
        print(USAGE)
        return 0 if arguments[:1] in (["-h"], ["--help"]) else 2
    # The commands run in the repository, so a file that was named from elsewhere goes along with its whole path.
    arguments = [os.path.abspath(word) if os.path.isfile(word) else word for word in arguments]
    if arguments[0] == "demo":
        prepare("demo", DEMO, DEMO_MODULES)
        return run([PYTHON, "-m", "recoverycore"] + arguments)
    prepare("dev", DEV, DEV_MODULES)
    return run([PYTHON, "-m", "tools"] + arguments)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
