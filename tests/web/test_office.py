"""The secretariat keeps its tables, lets documents out, and has back what was changed."""

import csv
import io

import docx
import pytest

from tests.web.people import body, browser_of
from tests.web.test_reviews import cells_of

BUDGET = "/en/secretariat/budget/"
SHEET = "/en/documents/textile-dyeing/zh/"
FILES = ("/out/sheets/textile-dyeing.zh.html", "/out/sheets/textile-dyeing.zh.pdf")


def lines(case) -> list[dict[str, str]]:
    return list(csv.DictReader((case / "budget.csv").read_text(encoding="utf-8").splitlines()))


@pytest.fixture
def _released(case):
    from renvand.partnership.models import Release

    yield
    Release.objects.all().delete()


def test_money_that_is_typed_is_on_the_page_and_in_the_folder(case):
    office = browser_of("office")
    form = cells_of(office, BUDGET)
    old = form["c-0-spent_dkk"]
    assert office.post(BUDGET, {**form, "c-0-spent_dkk": "12345"}).status_code == 302
    assert lines(case)[0]["spent_dkk"] == "12345"
    assert "12,345" in body(office.get("/en/secretariat/"))
    back = {**cells_of(office, BUDGET), "c-0-spent_dkk": old}
    assert office.post(BUDGET, back).status_code == 302
    assert lines(case)[0]["spent_dkk"] == old


def test_a_change_is_in_the_history_and_can_be_undone(case):
    from renvand.partnership.models import BudgetLine

    office = browser_of("office")
    before = lines(case)
    form = cells_of(office, BUDGET)
    office.post(BUDGET, {**form, "c-0-label_en": "Quite another label"})
    told = body(office.get("/en/history/budget/"))
    assert "Quite another label" in told
    assert "office" in told
    entries = BudgetLine.history.filter(slug=form["c-0-id"]).order_by("-history_id")
    address = f"/en/history/budget/{entries[1].history_id}/restore/"
    assert browser_of("authority").post(address).status_code == 404
    assert office.post(address).status_code == 302
    assert lines(case) == before
    assert BudgetLine.history.first().history_user.username == "office"


def test_the_history_of_a_review_is_for_those_who_see_the_review(case):
    assert browser_of("expert").get("/en/history/meters/").status_code == 200
    assert "Nothing yet." in body(browser_of("plater").get("/en/history/meters/"))
    assert browser_of("seller").get("/en/history/meters/").status_code == 404


def test_contacts_are_shown_with_consent_only(case):
    from renvand.partnership.models import Partner

    Partner.objects.update(email="someone@example.org", has_consent=False)
    assert "someone@example.org" not in body(browser_of("authority").get("/en/secretariat/"))
    assert "someone@example.org" in body(browser_of("office").get("/en/secretariat/"))
    Partner.objects.update(has_consent=True)
    assert "someone@example.org" in body(browser_of("authority").get("/en/secretariat/"))


@pytest.mark.parametrize("language", ["da", "en", "zh"])
def test_the_annual_report_says_what_the_page_says(case, language):
    from renvand.partnership.models import Action, Partner

    Partner.objects.update(contact="Somebody Named", has_consent=False)
    address = f"/{language}/secretariat/annual-report"
    answer = browser_of("authority").get(f"{address}.docx")
    paper = docx.Document(io.BytesIO(answer.content))
    text = "\n".join(
        [p.text for p in paper.paragraphs]
        + [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    )
    assert getattr(Action.objects.first(), f"title_{language}") in text
    assert "Somebody Named" not in text
    made = browser_of("office").get(f"{address}.pdf")
    assert made.headers["Content-Type"] == "application/pdf"
    assert made.content.startswith(b"%PDF-")
    assert browser_of("expert").get(f"{address}.pdf").status_code == 404


@pytest.mark.usefixtures("_released")
def test_a_sheet_goes_out_through_the_gate_and_comes_back(case):
    office, reader = browser_of("office"), browser_of("public")
    release = f"{SHEET}release/"
    assert reader.get(SHEET).status_code == 404
    assert browser_of("authority").post(release, {"is_read": "yes"}).status_code == 404
    assert office.post(release, follow=True).status_code == 200
    assert reader.get(FILES[0]).status_code == 404, "not confirmed, so not released"
    office.post(release, {"is_read": "yes"})
    assert [reader.get(file).status_code for file in FILES] == [200, 200]
    assert reader.get(SHEET).status_code == 200
    assert reader.get("/out/sheets/textile-dyeing.en.html").status_code == 404
    office.post(release, {"act": "withdraw"})
    assert reader.get(FILES[0]).status_code == 404


@pytest.mark.usefixtures("_released")
def test_a_release_holds_for_the_bytes_that_were_released(case):
    office, reader = browser_of("office"), browser_of("public")
    office.post(f"{SHEET}release/", {"is_read": "yes"})
    path = case / "out" / "sheets" / "textile-dyeing.zh.html"
    before = path.read_bytes()
    path.write_bytes(before + b"<p>something new</p>")
    assert reader.get(FILES[0]).status_code == 404
    path.write_bytes(before)
    assert reader.get(FILES[0]).status_code == 200
