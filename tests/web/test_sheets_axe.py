"""axe looks at every data sheet's page in a real browser: no error at WCAG 2 A and AA."""

import shutil
from pathlib import Path

import pytest

from renvand.publish.sheet import render_sheet
from renvand.text import LANGUAGES
from tests.unit.publish.sample import sheet

AXE = Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)


@pytest.fixture(scope="module")
def chromium():
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


def violations(browser, html, *, width=1100, is_open=False):
    page = browser.new_page(viewport={"width": width, "height": 900})
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(html)
    if is_open:
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: rules}).then(r => r.violations)", RULES
    )
    wide = page.evaluate("document.documentElement.scrollWidth")
    text = page.evaluate("document.querySelector('header').clientWidth")
    page.close()
    assert not asked
    assert wide <= width
    assert text > 0.8 * min(width, 400)
    return [(v["id"], [node["html"][:120] for node in v["nodes"]]) for v in found]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [1100, 390])
def test_a_sheet_has_no_error_at_wcag_aa(chromium, language, width):
    html = render_sheet(sheet(), language, format="html").decode()
    assert violations(chromium, html, width=width, is_open=True) == []
