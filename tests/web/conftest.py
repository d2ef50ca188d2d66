"""Pages are set up once in a process; tests of other floors may have set Django up before."""

import pytest

from tests.web import people
from tests.web.browser import CHROMIUM


@pytest.fixture(autouse=True, scope="session")
def _fresh_template_engines():
    """Forget template engines that were made before the pages named their templates."""
    from django.template import engines

    vars(engines).pop("templates", None)
    engines._templates, engines._engines = None, {}


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    """Serve the small case, with an account of every role."""
    folder = people.serve(tmp_path_factory.mktemp("web"))
    people.settle()
    return folder


@pytest.fixture(scope="module")
def chromium():
    """Start a browser, or skip where there is none."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()
