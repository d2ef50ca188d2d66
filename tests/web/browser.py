"""A real browser, and axe to look for barriers in what it shows."""

import shutil
from pathlib import Path

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
AXE = Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def barriers(page) -> list[tuple[str, list[str]]]:
    """Name what keeps somebody out of a page at WCAG 2.2 A and AA, with the places."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    told = "rules => axe.run(document, {runOnly: rules}).then(r => r.violations)"
    found = page.evaluate(told, RULES)
    return [(v["id"], [node["html"][:120] for node in v["nodes"]]) for v in found]
