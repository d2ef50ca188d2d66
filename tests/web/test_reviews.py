"""A reviewer types what the meters said; the balance follows, the record and the folder too."""

import csv
import re
import tomllib
from xml.etree import ElementTree

import pytest

from tests.web.people import body, browser_of

SHEET = "/en/reviews/dye-a/meters/"


@pytest.fixture(autouse=True)
def _as_it_was(case):
    """Leave the review as it was found."""
    path = case / "reviews" / "dye-a" / "meters.csv"
    before = path.read_text(encoding="utf-8")
    yield
    if path.read_text(encoding="utf-8") != before:
        form = cells_of(browser_of("office"))
        rows = list(csv.DictReader(before.splitlines()))
        form |= {f"c-{at}-{k}": v for at, row in enumerate(rows) for k, v in row.items()}
        assert browser_of("office").post(SHEET, form).status_code == 302


def cells_of(browser, address: str = SHEET) -> dict[str, str]:
    """Give what a browser would send if nothing were typed."""
    text = body(browser.get(address))
    form = dict(re.findall(r'name="([cv][\w-]+)" value="([^"]*)"', text))
    for name, inner in re.findall(r'<select name="(c-[\w-]+)"[^>]*>(.*?)</select>', text):
        chosen = re.search(r'<option(?: value="([^"]*)")? selected>([^<]*)', inner)
        form[name] = (chosen[1] or chosen[2]) if chosen else ""
    return form


def rows_in(case, table: str = "meters") -> list[dict[str, str]]:
    path = case / "reviews" / "dye-a" / f"{table}.csv"
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def test_a_typed_number_reaches_the_record_the_folder_and_the_history(case):
    from renvand.partnership.models import Meter

    browser = browser_of("expert")
    form = cells_of(browser)
    response = browser.post(SHEET, {**form, "c-0-flow_m3_d": "1234.5"})
    assert response.status_code == 302
    meter = Meter.objects.get(review__slug="dye-a", stream__slug=form["c-0-stream"])
    assert meter.flow_m3_d == 1234.5
    assert rows_in(case)[0]["flow_m3_d"] == "1234.5"
    last = Meter.history.order_by("-history_id").first()
    assert (last.history_user.username, last.flow_m3_d) == ("expert", 1234.5)


def test_a_danish_comma_is_a_point(case):
    browser = browser_of("expert")
    form = cells_of(browser, "/da/reviews/dye-a/meters/")
    response = browser.post("/da/reviews/dye-a/meters/", {**form, "c-0-flow_m3_d": "1234,5"})
    assert response.status_code == 302
    assert rows_in(case)[0]["flow_m3_d"] == "1234.5"


def test_a_wrong_cell_is_marked_and_nothing_is_kept(case):
    browser = browser_of("expert")
    before = rows_in(case)
    response = browser.post(SHEET, {**cells_of(browser), "c-0-flow_m3_d": "many"})
    assert response.status_code == 422
    assert "&#x27;many&#x27; is not a number." in body(response)
    assert rows_in(case) == before


def test_two_people_do_not_write_over_each_other_unseen(case):
    first, second = browser_of("expert"), browser_of("office")
    old = cells_of(second)
    assert first.post(SHEET, {**cells_of(first), "c-0-flow_m3_d": "1100"}).status_code == 302
    response = second.post(SHEET, {**old, "c-0-flow_m3_d": "900"})
    assert response.status_code == 409
    assert rows_in(case)[0]["flow_m3_d"] == "1100"


def test_the_balance_follows_what_is_typed_and_keeps_nothing(case):
    browser = browser_of("expert")
    form, before = cells_of(browser), rows_in(case)
    one = body(browser.post(f"{SHEET}balance/", form))
    two = body(browser.post(f"{SHEET}balance/", {**form, "c-0-flow_m3_d": "1600"}))
    assert one != two
    assert "<svg" in two
    assert rows_in(case) == before


def test_a_unit_that_streams_need_cannot_be_taken_away(case):
    browser = browser_of("expert")
    address = "/en/reviews/dye-a/units/"
    form = cells_of(browser, address)
    emptied = {name: "" if name.startswith("c-0-") else value for name, value in form.items()}
    response = browser.post(address, emptied)
    assert response.status_code == 422
    assert "another table needs what is gone" in body(response)


PAGE = "/en/reviews/dye-a/page/"


def page_of(browser) -> dict[str, str]:
    """Give what a browser would send of the page if nothing were typed."""
    text = body(browser.get(PAGE))
    form = cells_of(browser, PAGE)
    for name, inner in re.findall(r'<select id="[\w-]+" name="(c-[\w-]+)">(.*?)</select>', text):
        form[name] = re.search(r'<option value="([^"]*)" selected>', inner)[1]
    return form


@pytest.fixture
def _page_as_it_was(case):
    before = page_of(browser_of("office"))
    yield
    form = {**before, "version": page_of(browser_of("office"))["version"]}
    assert browser_of("office").post(PAGE, form).status_code == 302


@pytest.mark.usefixtures("_page_as_it_was")
def test_production_and_consent_are_kept_in_the_record_the_folder_and_the_history(case):
    from renvand.partnership.models import Review

    company = browser_of("dyer")
    form = page_of(company)
    told = {**form, "c-0-production": "21.5", "c-0-days_a": "280", "c-0-enterprise": "metal-works"}
    assert company.post(PAGE, told).status_code == 302
    review = Review.objects.get(slug="dye-a")
    assert (review.production, review.days_a, review.enterprise) == (21.5, 280, "dye-works")
    page = tomllib.loads((case / "reviews" / "dye-a" / "review.toml").read_text(encoding="utf-8"))
    assert (page["production"], page["days_a"]) == (21.5, 280)
    assert "21.5" in body(browser_of("office").get("/en/history/review/"))
    assert company.post(PAGE, told).status_code == 409, "begun before the last change"


@pytest.mark.usefixtures("_page_as_it_was")
def test_consent_takes_a_day(case):
    browser = browser_of("expert")
    form = {**page_of(browser), "c-0-has_consent": "true", "c-0-consent_on": ""}
    response = browser.post(PAGE, form)
    assert response.status_code == 422
    assert "is empty. Give a value." in body(response)
    without = {**form, "c-0-has_consent": "false"}
    assert browser.post(PAGE, without).status_code == 302
    assert browser_of("authority").get(PAGE).status_code == 404


@pytest.mark.usefixtures("_page_as_it_was")
def test_a_change_of_consent_can_be_undone(case):
    from renvand.partnership.models import Review

    office = browser_of("office")
    before = Review.history.filter(slug="dye-a").order_by("-history_id").first()
    office.post(PAGE, {**page_of(office), "c-0-has_consent": "false", "c-0-consent_on": ""})
    assert not Review.objects.get(slug="dye-a").has_consent
    office.post(f"/en/history/review/{before.history_id}/restore/")
    page = (case / "reviews" / "dye-a" / "review.toml").read_text(encoding="utf-8")
    assert tomllib.loads(page)["has_consent"] is True


def test_a_wrong_cell_is_told_in_the_language_of_the_page(case):
    browser = browser_of("expert")
    for language, said in (("da", "er ikke et tal."), ("zh", "”不是数字。")):
        address = SHEET.replace("/en/", f"/{language}/")
        response = browser.post(address, {**cells_of(browser, address), "c-0-flow_m3_d": "many"})
        assert said in body(response)


def test_only_those_who_may_change_can(case):
    form = cells_of(browser_of("office"))
    assert browser_of("authority").get(SHEET).status_code == 200
    assert "<input name=" not in body(browser_of("authority").get(SHEET))
    assert browser_of("authority").post(SHEET, form).status_code == 404
    for name in ("plater", "seller", "public"):
        assert browser_of(name).get(SHEET).status_code == 404
        assert browser_of(name).post(SHEET, form).status_code == 404
        assert browser_of(name).post(f"{SHEET}balance/", form).status_code == 404


def test_reads_and_writes_of_a_review_are_noted(case):
    from renvand.partnership.models import Reading

    Reading.objects.all().delete()
    browser_of("authority").get(SHEET)
    assert list(Reading.objects.values_list("user__username", "what", "path")) == [
        ("authority", "review.see", SHEET)
    ]


def test_flows_that_lead_back_are_found():
    from renvand.web.reviews.live import closing

    there = [("supply", "a"), ("a", "b"), ("b", "c"), ("c", "a"), ("b", "sewer"), ("d", "d")]
    assert closing(there) == {("c", "a"), ("d", "d")}
    assert closing([("supply", "a"), ("supply", "b"), ("a", "c"), ("b", "c")]) == set()


def test_a_name_in_the_diagram_is_text_and_nothing_else(case):
    from renvand.partnership.models import Unit

    unit = Unit.objects.get(review__slug="dye-a", slug="dyeing")
    Unit.objects.filter(pk=unit.pk).update(label_en="<script>alert(1)</script><b>\"'&")
    try:
        text = body(browser_of("expert").get(SHEET))
        assert "<script>alert" not in text
        assert "<b>" not in text.replace("<b>units.csv", "")
        drawing = re.search(r"<svg.*?</svg>", text, flags=re.S)[0]
        ElementTree.fromstring(drawing)
        assert "alert(1)" in drawing
    finally:
        Unit.objects.filter(pk=unit.pk).update(label_en=unit.label_en)
