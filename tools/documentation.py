"""The documentation as a site: Sphinx with every warning an error, and a site that asks nothing of other machines."""

import re
from pathlib import Path

from tools.process import ROOT, run_module, told

SITE = ROOT / "docs" / "_build" / "html"

# What makes a browser fetch: a link that a person may follow is not among it.
FETCHES = re.compile(
    r"""<(?:script|img|iframe|source|video|audio|embed)\b[^>]*\bsrc=["']?(?:https?:)?//"""
    r"""|<link\b(?=[^>]*\brel=["']?(?:stylesheet|preload|preconnect|icon|dns-prefetch))[^>]*\bhref=["']?(?:https?:)?//"""
    r"""|(?:url\(|@import)\s*["']?(?:https?:)?//""",
    re.IGNORECASE,
)


def findings(site: Path) -> list[str]:
    """The pages and styles under `site` that would fetch something from elsewhere, one line a file."""
    files = sorted(file for file in site.rglob("*") if file.suffix in (".html", ".css"))
    hits = ((file, FETCHES.search(file.read_text("utf-8"))) for file in files)
    return [f"{file.relative_to(site)}: fetches {hit.group()!r}" for file, hit in hits if hit]


def main() -> int:
    """Build the site anew and look through it."""
    failed = run_module("sphinx", "-W", "--keep-going", "--quiet", "--fresh-env", "-b", "html", "docs", str(SITE.relative_to(ROOT)))
    return failed or told(findings(SITE), "documentation: built without a warning; the site fetches nothing from elsewhere.")
