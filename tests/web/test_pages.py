"""A person reaches every page in three languages; nothing comes from elsewhere or gets out."""

import csv
import io
import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from renvand.errors import Fault
from renvand.programme import manifest, store
from renvand.programme.stage import Product
from renvand.steps.outcome import Outcome
from renvand.trace import Figure, Origin
from tests.record import blank

SMALL = Path(__file__).parents[1] / "unit" / "partnership" / "small"
NASTY = '<script>alert("x")</script>'


def made(case: Path) -> None:
    """Leave what a run of the register would leave."""
    origin = Origin(file="observations.csv", row="o1", column="flow_m3_d", value="1200.5",
                    basis="constructed", source="made-up", confidence="low")  # fmt: skip
    load = Figure(id="register.dye-works.load", value=34288.5, unit="kg/a", low=30000.0,
                  high=40000.0, method="flow times concentration", made_of=(origin,))  # fmt: skip
    total = Figure(id="register.all.load", value=34288.5, unit="kg/a", method="sum",
                   made_of=(load.id,))  # fmt: skip
    companies = pd.DataFrame(
        {
            "id": ["dye-works", "metal-works"],
            "name_zh": ["蓝河染整厂", NASTY],
            "sector": ["textile-dyeing", "metalworking"],
            "longitude": [106.51, 106.45],
            "latitude": [29.6, 29.54],
            "rank": [1, 2],
            "equal_standard_m3_a": [1234567.25, 10.5],
            "load": [34288.5, None],
        }
    )
    many = pd.DataFrame(
        {"id": [f"r{n}" for n in range(120)], "value": [n + 0.5 for n in range(120)]}
    )
    outcome = Outcome(
        tables={"enterprises": companies, "many": many},
        figures=(load, total),
        findings=(Fault(where="inbox/a.csv, line 3", what=NASTY, do="Look."),),
    )
    out = case / "out"
    out.mkdir()
    files = store.keep(
        Product(outcome=outcome, documents={"sheet.en.pdf": b"%PDF-1.7"}), out / "register"
    )
    entry = {"files": files, "findings": 1, "seconds": 0.5, "sources": ["made-up"], "inputs": ""}
    manifest.write({"stages": {"register": entry}}, out / "manifest.json")


@pytest.fixture(scope="module")
def case(tmp_path_factory) -> Path:
    folder = Path(shutil.copytree(SMALL, tmp_path_factory.mktemp("web") / "case"))
    made(folder)
    return folder


@pytest.fixture(scope="module")
def browser(case: Path):
    from renvand.web.site import application

    application(case, database=blank(case.parent / "record.sqlite3"))
    from django.test import Client

    return Client(headers={"host": "localhost"})


@pytest.fixture
def another(browser, case: Path, tmp_path: Path):
    """Serve another case for a while."""
    from renvand.web.site import application

    folder, database = tmp_path / "another", case.parent / "record.sqlite3"
    shutil.copytree(SMALL, folder)
    yield lambda: application(folder, database=database) and folder
    application(case, database=database)


def body(response) -> str:
    data = b"".join(response.streaming_content) if response.streaming else response.content
    return data.decode("utf-8", "replace")


LANGUAGE = {"language": "da"}
SAMPLES = {
    "door": {}, "style": {}, "icon": {}, "font": {"font": "NotoSans-Regular.ttf"},
    "out": {"name": "register/sheet.en.pdf"},
    **dict.fromkeys(("overview", "check", "register", "documents", "figures", "record"), LANGUAGE),
    "figures-data": {**LANGUAGE, "twin": "csv"},
    "why": {**LANGUAGE, "figure": "register.all.load"},
    "why-data": {**LANGUAGE, "figure": "register.all.load", "twin": "json"},
    "record-table": {**LANGUAGE, "table": "reaches"},
    "record-table-data": {**LANGUAGE, "table": "reaches", "twin": "csv"},
    "stage": {**LANGUAGE, "stage": "register"},
    "table": {**LANGUAGE, "stage": "register", "table": "many"},
    "table-data": {**LANGUAGE, "stage": "register", "table": "many", "twin": "json"},
}  # fmt: skip


def test_every_address_has_a_sample(browser):
    from renvand.web.urls import urlpatterns

    assert {pattern.name for pattern in urlpatterns} == set(SAMPLES)


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("language", ["da", "en", "zh"])
def test_every_address_answers_in_every_language(browser, name: str, language: str):
    from django.urls import reverse

    spoken = {"language": language} if "language" in SAMPLES[name] else {}
    response = browser.get(reverse(name, kwargs={**SAMPLES[name], **spoken}))
    assert response.status_code == (302 if name == "door" else 200)
    text = body(response)
    assert NASTY not in text or response.headers["Content-Type"] == "application/json"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "script-src" not in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    if response.headers["Content-Type"].startswith("text/html") and name != "door":
        assert f'<html lang="{"zh-Hans" if language == "zh" else language}">' in text
        assert not re.search(r'(src|href|action)="(https?:)?//', text), "a link to another host"
        assert "<script" not in text
        assert "style=" not in text
        assert {"da": "Konstrueret", "en": "Constructed", "zh": "为测试构造"}[language] in text


def test_the_door_opens_in_the_language_of_the_browser(browser):
    wanted = {"HTTP_ACCEPT_LANGUAGE": "zh-CN,zh;q=0.9,en;q=0.8"}
    assert browser.get("/", **wanted).headers["Location"] == "/zh/"
    assert browser.get("/", HTTP_ACCEPT_LANGUAGE="fr").headers["Location"] == "/en/"


def test_another_language_keeps_the_page_and_its_state(browser):
    text = body(browser.get("/da/step/register/many/?sort=-value&page=2"))
    assert 'href="/zh/step/register/many/?sort=-value&amp;page=2"' in text


def test_twins_say_what_the_page_says(browser, case: Path):
    as_csv = body(browser.get("/en/step/register/many.csv"))
    assert as_csv == (case / "out" / "register" / "many.csv").read_text(encoding="utf-8")
    as_json = json.loads(body(browser.get("/en/step/register/many.json")))
    assert as_json["rows"] == list(csv.DictReader(io.StringIO(as_csv)))
    assert as_json["columns"] == ["id", "value"]


def test_a_table_is_ordered_by_number_and_turned_page_by_page(browser):
    text = body(browser.get("/en/step/register/many/?sort=-value"))
    cells = re.findall(r"<td[^>]*>(?:<a[^>]*>)?(r\d+)", text)
    assert cells == [f"r{n}" for n in range(119, 69, -1)]
    assert "1–50 of 120 rows" in text
    last = body(browser.get("/en/step/register/many/?page=99"))
    assert "101–120 of 120 rows" in last
    found = body(browser.get("/en/step/register/many/?q=r77"))
    assert "1–1 of 1 rows" in found


def test_numbers_are_written_as_the_reader_does(browser):
    assert "1.234.567" in body(browser.get("/da/register/"))
    assert "1,234,567" in body(browser.get("/en/register/"))


def test_the_map_and_the_ranking_are_in_step(browser):
    text = body(browser.get("/en/register/?sector=metalworking"))
    assert text.count("<circle") == 2
    assert 'class="textile-dyeing faint"' in text
    assert "1–1 of 1 rows" in text


def test_a_figure_leads_to_its_source(browser):
    table = body(browser.get("/en/step/register/enterprises/"))
    assert 'href="/en/why/register.dye-works.load/"' in table
    text = body(browser.get("/en/why/register.all.load/"))
    assert "observations.csv" in text
    assert "Numbers constructed for tests" in text
    assert "constructed for this example" in text
    assert "not verified" in text
    chain = json.loads(body(browser.get("/en/why/register.all.load.json")))["rows"]
    assert [link["depth"] for link in chain] == [0, 1, 2]


def test_findings_and_documents_are_shown(browser):
    text = body(browser.get("/en/step/register/"))
    assert "inbox/a.csv, line 3" in text
    assert "/out/register/sheet.en.pdf" in body(browser.get("/zh/documents/"))


def test_the_record_is_shown_as_the_folder_holds_it(browser):
    rows = json.loads(body(browser.get("/en/record/reaches.json")))["rows"]
    assert [row["id"] for row in rows] == ["upper", "lower"]
    assert rows[0]["downstream"] == "lower"
    assert rows[0]["flow_mean_m3_s"] == "3.2"


@pytest.mark.parametrize(
    "address",
    ["/out/../case.toml", "/out/%2e%2e/case.toml", "/out/.lock", "/out/register/../../case.toml",
     "/out//etc/hostname", "/out/link.txt", "/en/step/nothing/", "/en/step/register/nothing/",
     "/en/why/nothing/", "/en/record/nothing/", "/en/record/auth_user/", "/fr/", "/fonts/OFL.txt"],
)  # fmt: skip
def test_what_is_not_there_or_not_ours_is_not_found(browser, case: Path, address: str):
    link = case / "out" / "link.txt"
    if not link.is_symlink():
        link.symlink_to("/etc/hostname")
    assert browser.get(address).status_code == 404


def test_nothing_can_be_written(browser):
    for address in ("/en/", "/en/register/", "/en/record/reaches/", "/out/manifest.json"):
        assert browser.post(address).status_code == 405


def test_another_name_for_this_machine_is_refused(browser):
    assert browser.get("/en/", headers={"host": "evil.example"}).status_code == 400


def test_a_case_that_was_never_run_says_how(another, browser):
    another()
    for page in ("", "register/", "documents/", "figures/", "check/", "record/"):
        assert browser.get(f"/en/{page}").status_code == 200
    assert "renvand run another" in body(browser.get("/en/register/"))


def test_a_faulty_folder_is_shown_with_its_faults(another, browser, tmp_path: Path):
    (tmp_path / "another" / "case.toml").write_text("[case", encoding="utf-8")
    another()
    text = body(browser.get("/da/check/"))
    assert "case.toml" in text
    assert "Mappen har 1 fejl." in text
