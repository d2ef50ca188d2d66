"""Every address of the project against every role: nothing opens that the table keeps shut."""

import csv
import json
from importlib import resources
from pathlib import Path

import pytest

from tests.web import people
from tests.web.made import SECRET
from tests.web.people import SEATS, body, browser_of

LANGUAGE = {"language": "en"}
SAMPLES = {
    "asset": {"name": "style.css"},
    "font": {"font": "NotoSans-Regular.ttf"},
    "out": {"name": "sheets/textile-dyeing.en.pdf"},
    "invited": {"person": 1, "token": "x-y"},
    "person": {"person": 1},
    "invite": {"person": 1},
    "figures-data": {"twin": "csv"},
    "why": {"figure": "plants.north.kwh_m3"},
    "why-data": {"figure": "plants.north.kwh_m3", "twin": "json"},
    "stage": {"stage": "plants"},
    "table": {"stage": "plants", "table": "kpis"},
    "table-data": {"stage": "plants", "table": "kpis", "twin": "csv"},
    "company": {"company": "dye-works"},
    "savings": {"review": "dye-a"},
    "plant": {"plant": "north"},
    "scenarios": {"plant": "north"},
    "front": {"plant": "north"},
    "plant-draw": {"plant": "north"},
    "review-page": {"review": "dye-a"},
    "sheet": {"sector": "textile-dyeing", "spoken": "zh"},
    "release": {"sector": "textile-dyeing", "spoken": "zh"},
    "suppliers-data": {"twin": "csv"},
    "supplier": {"supplier": "grundfos-pumps"},
    "supplier-correct": {"supplier": "grundfos-pumps"},
    "supplier-judge": {"supplier": "grundfos-pumps", "correction": 1},
    "office-sheet": {"table": "budget"},
    "annual": {"form": "docx"},
    "history": {"table": "meters"},
    "restore": {"table": "meters", "entry": 1},
    "review-sheet": {"review": "dye-a", "table": "meters"},
    "review-trial": {"review": "dye-a", "table": "meters"},
    "record-table": {"table": "reaches"},
    "record-table-data": {"table": "reaches", "twin": "json"},
    "run": {"run": 1},
    "run-data": {"run": 1},
    "run-stop": {"run": 1},
    "run-start": {"kind": "programme"},
    "key-revoke": {"key": 1},
    "exchange-table": {"table": "reaches", "form": "csv"},
    "exchange-metadata": {"table": "reaches"},
    "exchange-template": {"name": "case"},
    "exchange-list": {"key": people.SENT["list.csv"]},
    "exchange-faults": {"key": people.SENT["faults.xlsx"]},
}  # what stands for the parts of an address

ASKED_WITHIN = {"shortlist.try"}  # rights that a page asks for a part of itself


def every_address():
    """Walk the resolver: what Django answers, not what we believe it does."""
    from django.urls import URLPattern, get_resolver

    def walk(patterns, space):
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                yield f"{space}{pattern.name}", pattern
            else:
                inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
                yield from walk(pattern.url_patterns, inner)

    return dict(walk(get_resolver().url_patterns, ""))


def address_of(name: str, pattern) -> str:
    from django.urls import reverse

    wanted = pattern.pattern.regex.groupindex
    known = {**LANGUAGE, **SAMPLES.get(name, {})}
    return reverse(name, kwargs={key: known[key] for key in wanted})


def test_every_address_has_a_right_and_every_right_an_address(case):
    from renvand.web import rights

    known = set(every_address())
    claimed = rights.addresses()
    assert known == set(claimed)
    assert set(rights.table()) - set(claimed.values()) == ASKED_WITHIN


def test_an_address_without_a_right_stays_closed():
    from renvand.errors import OurFault
    from renvand.web import rights

    with pytest.raises(OurFault, match="has no right"):
        rights.right_of("forgotten")


@pytest.mark.parametrize("name", ["", *SEATS])
def test_the_table_holds_at_every_address(case, name):
    """Who has no right meets the login or nothing at all; who has one meets the view."""
    from renvand.web import rights

    role = SEATS[name][0] if name else rights.GUEST
    for address_name, pattern in every_address().items():
        if ":" in address_name:
            continue  # the interface is asked in its own tests
        browser = browser_of(name)
        right = rights.right_of(address_name)
        response = browser.get(address_of(address_name, pattern), follow=False)
        is_login = response.status_code == 302 and "/login/" in response.headers["Location"]
        if right.scopes[rights.GUEST]:
            assert not is_login or address_name in ("logout", "first-run"), address_name
        elif not name:
            assert is_login, address_name
        elif not right.scopes[role]:
            assert response.status_code == 404, address_name
        elif right.scopes[role] == "all":
            assert response.status_code in (200, 302, 405), (address_name, response.status_code)


SECRETS = (
    "/en/step/review/", "/en/step/review/streams/", "/en/step/review/streams.csv",
    "/en/step/review/streams.json", "/en/why/review.dye-a.s1.flow/",
    "/en/why/review.dye-a.s1.flow.json",
)  # fmt: skip


@pytest.mark.parametrize("address", SECRETS)
@pytest.mark.parametrize("name", ["plater", "seller", "public"])
def test_what_a_company_told_in_confidence_is_nowhere_for_others(case, name, address):
    assert browser_of(name).get(address).status_code == 404


def test_a_company_sees_its_own_rows_and_no_others(case):
    own = json.loads(body(browser_of("dyer").get("/en/step/register/enterprises.json")))["rows"]
    assert [row["id"] for row in own] == ["dye-works"]
    page = body(browser_of("plater").get("/en/register/"))
    assert "dye-works" not in page
    assert "metal-works" in page
    assert str(SECRET) in body(browser_of("dyer").get("/en/step/review/streams.csv"))


def test_lists_of_figures_hold_only_what_may_be_seen(case):
    def ids(name):
        text = body(browser_of(name).get("/en/figures.csv"))
        return {row["id"] for row in csv.DictReader(text.splitlines())}

    assert ids("office") == {
        "register.dye-works.load", "register.all.load", "review.dye-a.s1.flow",
        "plants.north.kwh_m3",
    }  # fmt: skip
    assert ids("public") == {"plants.north.kwh_m3"}
    assert ids("dyer") == ids("office") - {"register.all.load"}


def test_the_agency_sees_a_review_once_the_company_agrees(case):
    from renvand.partnership.models import Review

    address = "/en/step/review/streams.csv"
    assert str(SECRET) in body(browser_of("authority").get(address))
    Review.objects.update(has_consent=False)
    try:
        assert browser_of("authority").get(address).status_code == 404
        assert str(SECRET) in body(browser_of("expert").get(address))
    finally:
        Review.objects.update(has_consent=True)


@pytest.mark.parametrize(
    "name",
    ["ledger.csv", "findings.csv", "manifest.json", "review/streams.csv", "review/ledger.json",
     "review/typed/streams.parquet", "register/extras.json", "../case.toml"],
)  # fmt: skip
def test_raw_files_of_a_run_are_not_served(case, name):
    for who in SEATS:
        assert browser_of(who).get(f"/out/{name}").status_code == 404


def test_a_draft_is_for_the_partners_only(case):
    address = "/out/sheets/textile-dyeing.zh.html"
    for who, status in (("office", 200), ("authority", 200), ("expert", 200),
                        ("dyer", 404), ("seller", 404), ("public", 404)):  # fmt: skip
        assert browser_of(who).get(address).status_code == status


@pytest.mark.parametrize(
    ("file", "seen_by"),
    [
        ("register/map.en.html", {"office", "authority", "expert"}),
        ("potential/dye-a-pipes_now.en.svg", {"office", "authority", "expert", "dyer"}),
    ],
)
def test_a_document_is_for_those_who_see_what_it_shows(case, file, seen_by):
    for who in SEATS:
        assert browser_of(who).get(f"/out/{file}").status_code == (200 if who in seen_by else 404)


def test_reads_of_confidential_data_are_noted(case):
    from renvand.partnership.models import Reading

    Reading.objects.all().delete()
    browser_of("office").get("/en/log/")
    browser_of("office").get("/en/register/")
    assert not Reading.objects.exists()


def test_a_company_sees_the_shortlist_and_cannot_try_another(case):
    assert 'type="range"' not in body(browser_of("dyer").get("/en/shortlist/?size=7"))
    assert browser_of("seller").get("/en/shortlist/").status_code == 404


def test_every_table_of_the_example_has_a_rule(case):
    """A new table of a step is closed until somebody decides whose it is."""
    from renvand.programme.stages import STAGES
    from renvand.web import visible

    for stage in STAGES:
        ruled = {name for (step, name) in visible.RULES if step == stage.name}
        assert ruled, stage.name


def test_the_table_of_rights_is_read_with_the_package():
    text = (resources.files("renvand.web") / "rights.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert len({(row["resource"], row["action"]) for row in rows}) == len(rows)


def test_the_table_in_the_documentation_is_the_one_that_is_asked():
    from renvand.web import rights

    page = Path(__file__).parents[2] / "docs" / "reference" / "rights.md"
    assert page.read_text(encoding="utf-8") == rights.page()
