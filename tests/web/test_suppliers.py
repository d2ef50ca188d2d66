"""A supplier corrects its own row; it counts once the secretariat has accepted it."""

import csv
import json

import pytest

from tests.web.people import body, browser_of

ROW = "/en/suppliers/grundfos-pumps/"
FORM = f"{ROW}correct/"
TOLD = {
    "c-0-name": "Grundfos Holding",
    "c-0-country": "DK",
    "c-0-technologies": ["automatic-dosing"],
    "c-0-offer_en": "pumps and <b>dosing</b>",
    "c-0-offer_da": "pumper og dosering",
    "c-0-offer_zh": "水泵与加药",
    "c-0-url": "https://example.org/",
    "c-0-contact": "sales@example.org",
}


@pytest.fixture(autouse=True)
def _as_shipped(case):
    from renvand.partnership.models import Addition, Correction

    yield
    Addition.objects.filter(shelf="suppliers").delete()
    Correction.objects.all().delete()
    (case / "suppliers.csv").unlink(missing_ok=True)


def waiting():
    from renvand.partnership.models import Correction

    return Correction.objects.get(state="waiting")


def judge(who: str, act: str):
    return browser_of(who).post(f"{ROW}{waiting().pk}/judge/", {"act": act})


def test_a_supplier_writes_and_the_secretariat_accepts(case):
    from renvand.partnership.folder import read_case

    assert browser_of("seller").post(FORM, TOLD).status_code == 302
    assert "Grundfos Holding" not in body(browser_of("public").get(ROW)), "waits"
    assert "correction waits" in body(browser_of("office").get("/en/suppliers/"))
    assert "correction waits" not in body(browser_of("public").get("/en/suppliers/"))
    assert judge("office", "accept").status_code == 302
    page = body(browser_of("public").get(ROW))
    assert "Grundfos Holding" in page
    assert "&lt;b&gt;dosing" in page
    (row,) = csv.DictReader((case / "suppliers.csv").read_text(encoding="utf-8").splitlines())
    assert row["evidence_kind"] == "own-entry"
    assert row["locator"] == "entered by seller, accepted by office"
    assert row["is_page_read"] == "false", "another page than the one that was read"
    assert row["checked_on"]
    assert read_case(case).tables["suppliers"]["technologies"].tolist() == ["automatic-dosing"]


def test_the_step_counts_with_what_the_supplier_says(case):
    from renvand.partnership.folder import read_case
    from renvand.steps.potential.catalogue import suppliers

    browser_of("seller").post(FORM, TOLD)
    judge("office", "accept")
    offered = suppliers(read_case(case), ["paint-rinse-recycling", "automatic-dosing"])
    own = offered[offered["supplier"] == "grundfos-pumps"]
    assert own["technology"].tolist() == ["automatic-dosing"]
    assert own["evidence_kind"].tolist() == ["own-entry"]


def test_what_is_refused_changes_nothing(case):
    before = body(browser_of("office").get("/en/suppliers.csv"))
    browser_of("seller").post(FORM, TOLD)
    judge("office", "refuse")
    assert body(browser_of("office").get("/en/suppliers.csv")) == before
    assert not (case / "suppliers.csv").exists()
    assert "refused" in body(browser_of("seller").get(ROW))


def test_nobody_speaks_for_another_and_nobody_accepts_the_own_words(case):
    browser_of("seller").post(FORM, TOLD)
    assert browser_of("seller").get("/en/suppliers/liqtech/correct/").status_code == 404
    assert browser_of("seller").post("/en/suppliers/liqtech/correct/", TOLD).status_code == 404
    for who in ("authority", "expert", "dyer", "public"):
        assert browser_of(who).post(FORM, TOLD).status_code == 404
        assert "sales@example.org" not in body(browser_of(who).get(ROW))
    for who in ("seller", "authority", "expert", "dyer", "public"):
        assert judge(who, "accept").status_code == 404
    assert waiting().supplier == "grundfos-pumps"


def test_a_second_correction_takes_the_place_of_one_that_waits(case):
    browser_of("seller").post(FORM, TOLD)
    browser_of("seller").post(FORM, {**TOLD, "c-0-name": "Grundfos A/S"})
    assert waiting().cells["name"] == "Grundfos A/S"
    assert waiting().history.count() == 2
    assert 'value="Grundfos A/S"' in body(browser_of("seller").get(FORM))


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ({"c-0-name": ""}, "is empty."),
        ({"c-0-technologies": ["no-such-thing"]}, "is not in technologies."),
    ],
)
def test_a_wrong_cell_is_told_and_nothing_is_sent(case, cell, said):
    from renvand.partnership.models import Correction

    answer = browser_of("seller").post(FORM, {**TOLD, **cell})
    assert answer.status_code == 422
    assert said in body(answer)
    assert not Correction.objects.exists()


def test_the_history_tells_who_and_has_the_row_back(case):
    from renvand.partnership.models import Addition

    browser_of("seller").post(FORM, TOLD)
    judge("office", "accept")
    browser_of("seller").post(FORM, {**TOLD, "c-0-name": "Another"})
    judge("office", "accept")
    told = body(browser_of("office").get("/en/history/suppliers/"))
    assert "Grundfos Holding</del> → Another" in told
    first = Addition.history.filter(shelf="suppliers").order_by("history_id").first()
    browser_of("office").post(f"/en/history/suppliers/{first.history_id}/restore/")
    rows = json.loads(body(browser_of("public").get("/en/suppliers.json")))["rows"]
    assert "Grundfos Holding" in [row["name"] for row in rows]
    assert "Grundfos Holding" in (case / "suppliers.csv").read_text(encoding="utf-8")


def test_an_account_of_a_supplier_names_its_supplier(case):
    from renvand.partnership.models import Seat

    office = browser_of("office")
    form = {"name": "new-seller", "role": "supplier", "is_active": "on"}
    answer = office.post("/en/users/new/", form)
    assert "Say which supplier the person speaks for." in body(answer)
    office.post("/en/users/new/", {**form, "supplier": "a-newcomer"})
    assert Seat.objects.get(user__username="new-seller").supplier == "a-newcomer"
    assert browser_of("new-seller").get("/en/suppliers/a-newcomer/").status_code == 200
    assert browser_of("seller").get("/en/suppliers/a-newcomer/").status_code == 404
