"""A person walks through a case in a real browser: mouse, keyboard, phone, dark."""

import threading

import pytest

from tests.web import people
from tests.web.browser import barriers
from tests.web.made import made, small


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
    page.click("main >> text=Companies")
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


def test_the_map_comes_closer_and_is_moved_by_mouse_and_keys(address, chromium):
    page = logged_in(chromium, address, viewport={"width": 1600, "height": 900})
    page.goto(f"{address}/en/register/")

    def box() -> list[float]:
        shown = page.get_attribute("[data-map] svg", "viewBox")
        return [float(number) for number in shown.split()]

    whole = box()
    page.click("[aria-label=Closer]")
    closer = box()
    assert closer[2] < whole[2]
    page.keyboard.press("ArrowRight")
    assert box()[0] > closer[0]
    circle = page.locator("circle.textile-dyeing").bounding_box()
    page.mouse.move(circle["x"] + 3, circle["y"] + 3)
    page.mouse.down()
    page.mouse.move(circle["x"] + 40, circle["y"] + 30, steps=4)
    page.mouse.up()
    assert page.url == f"{address}/en/register/", "a drag that begins on a company chooses nothing"
    page.click("[aria-label='Whole map']")
    assert box() == pytest.approx(whole)
    page.context.close()


PAGES = (
    *("", "register/", "register/dye-works/", "sectors/", "shortlist/", "reviews/"),
    *("reviews/dye-a/units/", "reviews/dye-a/meters/", "potential/", "potential/dye-a/"),
    *(
        "plants/",
        "plants/north/",
        "plants/north/scenarios/",
        "reviews/dye-a/page/",
        "river/",
        "documents/",
        "documents/textile-dyeing/zh/",
    ),
    *("secretariat/", "secretariat/partners/", "history/meters/", "users/", "users/new/", "log/"),
    *("account/", "account/code/", "figures/", "why/register.all.load/", "record/", "check/"),
    *("suppliers/", "suppliers/liqtech/", "suppliers/liqtech/correct/"),
    *("record/reaches/", "step/register/", "step/register/loads/", "runs/", "exchange/"),
)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "scheme", "width"),
    [("en", "light", 1600), ("da", "dark", 1024), ("zh", "light", 390), ("da", "dark", 390)],
)
def test_every_page_fits_and_is_open_to_all(address, chromium, language, scheme, width):
    """No page is wider than its screen, and axe finds no error at WCAG 2.2 AA."""
    page = logged_in(
        chromium, address, viewport={"width": width, "height": 800}, color_scheme=scheme,
        bypass_csp=True,
    )  # fmt: skip
    for place in PAGES:
        assert page.goto(f"{address}/{language}/{place}").status == 200, place
        assert page.evaluate("document.documentElement.scrollWidth") <= width, place
        assert barriers(page) == [], place
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark == ("rgb(16, 25, 29)" if scheme == "dark" else "rgb(255, 255, 255)")
    page.context.close()


def test_a_block_from_excel_is_pasted_and_enter_goes_down(address, chromium):
    page = logged_in(chromium, address)
    page.goto(f"{address}/en/reviews/dye-a/meters/")
    rows = page.locator("[data-grid] tbody tr").count()
    cell = page.locator("[name=c-0-flow_m3_d]")
    cell.focus()
    block = "\n".join(f"{1000 + n}\t{10 + n}" for n in range(rows + 2))
    page.evaluate(
        """([cell, text]) => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            const event = {clipboardData: data, bubbles: true, cancelable: true};
            document.querySelector(cell).dispatchEvent(new ClipboardEvent("paste", event));
        }""",
        ["[name=c-0-flow_m3_d]", block],
    )
    assert page.input_value("[name=c-1-flow_m3_d]") == "1001"
    assert page.input_value("[name=c-1-std_m3_d]") == "11"
    assert page.locator("[data-grid] tbody tr").count() == rows + 2
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "c-1-flow_m3_d"
    page.context.close()


def test_a_supplier_writes_and_the_secretariat_accepts(address, chromium):
    page = logged_in(chromium, address, name="seller")
    page.click("nav.ways >> text=Suppliers")
    page.click("main >> text=Correct the row")
    page.fill("[name=c-0-contact]", "Ask for Anna")
    page.check("[value=reverse-osmosis-plating]")
    page.click("button:text('Send to the secretariat')")
    assert "Sent." in page.inner_text(".message")
    page.context.close()
    page = logged_in(chromium, address)
    page.goto(f"{address}/zh/suppliers/grundfos-pumps/")
    assert "Ask for Anna" in page.inner_text(".chain")
    page.click("button:text('采纳')")
    assert "Ask for Anna" in page.inner_text("table.facts")
    assert "供应商自行填报" in page.inner_text("table.facts")
    page.context.close()
