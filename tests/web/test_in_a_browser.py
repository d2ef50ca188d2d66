"""A person walks through a case in a real browser: mouse, keyboard, phone, dark."""

import shutil
import threading

import pytest

from tests.web import people
from tests.web.made import made, small

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    from renvand.web.site import listen
    from tests.record import blank

    case = small(tmp_path_factory.mktemp("seen") / "case")
    made(case)
    blank(case / ".renvand" / "record.sqlite3")
    with listen(case, port=0) as server:
        people.settle()
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def chromium():
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


def logged_in(chromium, address: str, *, name: str = "office", **options):
    """Open a browser of somebody who has come in by the login."""
    context = chromium.new_context(**options)
    page = context.new_page()
    page.goto(f"{address}/en/")
    page.fill("[name=name]", name)
    page.fill("[name=password]", people.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/en/")
    return page


def test_a_reader_finds_the_source_of_a_figure_without_a_mouse_or_another_host(address, chromium):
    page = logged_in(chromium, address)
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{address}/en/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    page.click("main >> text=Register")
    page.click("text=enterprises")
    page.click("main td a")
    assert page.inner_text("h1") == "Where this figure comes from"
    assert "Numbers constructed for tests" in page.inner_text("main")
    page.click("text=Dansk")
    assert page.inner_text("h1") == "Hvor tallet kommer fra"
    assert page.url.endswith("/da/why/register.dye-works.load/")
    assert not [url for url in asked if not url.startswith(address)]
    assert said == []
    page.context.close()


def test_the_map_chooses_a_company(address, chromium):
    page = logged_in(chromium, address)
    page.goto(f"{address}/zh/register/")
    page.locator("circle.textile-dyeing").click()
    assert "q=dye-works" in page.url
    assert page.locator("main tbody tr").count() == 1
    assert page.locator("circle.faint").count() == 1
    page.context.close()


@pytest.mark.parametrize("language", ["da", "en", "zh"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_fit_a_phone(address, chromium, language, scheme):
    phone = {"width": 390, "height": 800}
    page = logged_in(chromium, address, viewport=phone, color_scheme=scheme)
    for place in ("", "register/", "figures/", "why/register.all.load/", "record/", "check/"):
        page.goto(f"{address}/{language}/{place}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, place
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark == ("rgb(16, 25, 29)" if scheme == "dark" else "rgb(255, 255, 255)")
    page.context.close()
