"""axe looks at every data sheet's page in a real browser: no error at WCAG 2 A and AA."""

import pytest

from renvand.publish.sheet import render_sheet
from renvand.text import LANGUAGES
from tests.unit.publish.sample import sheet
from tests.web.browser import barriers


def violations(browser, html, *, width=1100, is_open=False):
    page = browser.new_page(viewport={"width": width, "height": 900})
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(html)
    if is_open:
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    found = barriers(page)
    wide = page.evaluate("document.documentElement.scrollWidth")
    text = page.evaluate("document.querySelector('header').clientWidth")
    page.close()
    assert not asked
    assert wide <= width
    assert text > 0.8 * min(width, 400)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [1100, 390])
def test_a_sheet_has_no_error_at_wcag_aa(chromium, language, width):
    html = render_sheet(sheet(), language, format="html").decode()
    assert violations(chromium, html, width=width, is_open=True) == []
