"""A person reaches every page in three languages; nothing comes from elsewhere or gets out."""

import csv
import hashlib
import io
import json
import re
from importlib import resources
from pathlib import Path

import pytest

from tests.web.made import NASTY, small
from tests.web.people import again, body, browser_of, record_of
from tests.web.test_rights import address_of, every_address

HTML = {"da": "da", "en": "en", "zh": "zh-Hans"}
GONE = ("first-run", "invited", "api-nothing")  # with accounts, without an invitation
ASSETS = ("asset", "icon", "favicon", "font", "out")
FORMS_ONLY = 405  # HTTP


@pytest.fixture
def browser(case):
    return browser_of("office")


@pytest.fixture
def another(case: Path, tmp_path: Path):
    """Serve another case for a while, with the same accounts; gives who came in anew."""
    from renvand.web.site import application

    folder = small(tmp_path / "another")
    yield lambda: application(folder, database=record_of(case)) and browser_of("office")
    again(case)


@pytest.mark.parametrize("language", HTML)
def test_every_page_is_safe_and_in_the_language_of_its_address(browser, language: str):
    for name, pattern in every_address().items():
        if ":" in name or name in ASSETS:
            continue
        address = address_of(name, pattern).replace("/en/", f"/{language}/")
        response = browser.get(address, follow=True)
        if response.status_code == FORMS_ONLY:
            continue
        if response.status_code == 404 and name in GONE:
            continue
        assert response.status_code == 200, address
        rules = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in rules
        assert "unsafe" not in rules
        if not response.headers["Content-Type"].startswith("text/html"):
            continue
        text = body(response)
        assert NASTY not in text, address
        assert f'<html lang="{HTML[language]}">' in text or name == "door", address
        assert not re.search(r'(src|href|action)="(https?:)?//', text), "a link to another host"
        scripts = re.findall(r"<script[^>]*>", text)
        assert all(re.search(r'nonce="[^"]{20,}" src="/static/', each) for each in scripts), address
        assert not re.search(r"\sstyle=", text), address
        assert not re.search(r"\son\w+=", text), address
        if name != "door":
            notice = {"da": "Konstrueret", "en": "Constructed", "zh": "为测试构造"}[language]
            assert notice in text, address


def test_what_came_from_elsewhere_is_what_was_read():
    folder = resources.files("renvand.web") / "static" / "vendor"
    listed = (folder / "README.md").read_text(encoding="utf-8")
    for file in folder.iterdir():
        if file.name != "README.md":
            assert hashlib.sha256(file.read_bytes()).hexdigest() in listed, file.name


def test_a_nonce_is_good_once(browser):
    nonces = {re.search(r'nonce="([^"]+)"', body(browser.get("/en/")))[1] for _ in range(3)}
    assert len(nonces) == 3


def test_the_door_opens_in_the_language_of_the_browser(browser):
    wanted = {"HTTP_ACCEPT_LANGUAGE": "zh-CN,zh;q=0.9,en;q=0.8"}
    assert browser.get("/", **wanted).headers["Location"] == "/zh/"
    assert browser.get("/", HTTP_ACCEPT_LANGUAGE="fr").headers["Location"] == "/en/"


def test_another_language_keeps_the_page_and_its_state(browser):
    text = body(browser.get("/da/step/register/loads/?sort=-value&page=2"))
    assert 'href="/zh/step/register/loads/?sort=-value&amp;page=2"' in text


def test_twins_say_what_the_page_says(browser, case: Path):
    as_csv = body(browser.get("/en/step/register/loads.csv"))
    assert as_csv == (case / "out" / "register" / "loads.csv").read_text(encoding="utf-8")
    as_json = json.loads(body(browser.get("/en/step/register/loads.json")))
    assert as_json["rows"] == list(csv.DictReader(io.StringIO(as_csv)))
    assert as_json["columns"] == ["site", "value"]


def test_a_table_is_ordered_by_number_and_turned_page_by_page(browser):
    text = body(browser.get("/en/step/register/loads/?sort=-value"))
    cells = re.findall(r"<td[^>]*>(?:<a[^>]*>)?(r\d+)", text)
    assert cells == [f"r{n}" for n in range(119, 69, -1)]
    assert "1–50 of 120 rows" in text
    last = body(browser.get("/en/step/register/loads/?page=99"))
    assert "101–120 of 120 rows" in last
    found = body(browser.get("/en/step/register/loads/?q=r77"))
    assert "1 row" in found


def test_numbers_are_written_as_the_reader_does(browser):
    assert "1.234.567" in body(browser.get("/da/register/"))
    assert "1,234,567" in body(browser.get("/en/register/"))


def test_the_map_and_the_ranking_are_in_step(browser):
    text = body(browser.get("/en/register/?sector=metalworking"))
    assert text.count("<circle") == 2
    assert 'class="textile-dyeing faint"' in text
    assert "1 row" in text


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
    assert "/zh/documents/textile-dyeing/en/" in body(browser.get("/zh/documents/"))
    sheet = body(browser.get("/zh/documents/textile-dyeing/en/"))
    assert "/out/sheets/textile-dyeing.en.pdf" in sheet


def test_documents_are_listed_by_step_and_pictures_stand_on_their_pages(browser):
    listed = body(browser.get("/en/documents/"))
    assert "/out/register/map.en.html" in listed
    assert "/out/potential/" not in listed
    assert "/out/potential/dye-a-pipes_now.da.svg" in body(browser.get("/da/potential/dye-a/"))


def test_the_record_is_shown_as_the_folder_holds_it(browser):
    rows = json.loads(body(browser.get("/en/record/reaches.json")))["rows"]
    assert [row["id"] for row in rows] == ["upper", "lower"]
    assert rows[0]["downstream"] == "lower"
    assert rows[0]["flow_mean_m3_s"] == "3.2"


@pytest.mark.parametrize(
    "address",
    ["/out/../case.toml", "/out/%2e%2e/case.toml", "/out/.lock", "/out/register/../../case.toml",
     "/out//etc/hostname", "/out/sheets/link.pdf", "/en/step/nothing/",
     "/en/step/register/nothing/", "/en/why/nothing/", "/en/record/nothing/",
     "/en/record/auth_user/", "/fr/", "/static/.hidden", "/static/nothing.css",
     "/fonts/OFL.txt"],
)  # fmt: skip
def test_what_is_not_there_or_not_ours_is_not_found(browser, case: Path, address: str):
    link = case / "out" / "sheets" / "link.pdf"
    if not link.is_symlink():
        link.symlink_to("/etc/hostname")
    assert browser.get(address).status_code == 404


def test_another_name_for_this_machine_is_refused(browser):
    assert browser.get("/en/", headers={"host": "evil.example"}).status_code == 400


def test_a_case_that_was_never_run_says_how(another):
    browser = another()
    for page in ("", "register/", "documents/", "figures/", "check/", "record/"):
        assert browser.get(f"/en/{page}").status_code == 200
    assert "renvand run another" in body(browser.get("/en/register/"))


def test_a_faulty_folder_is_shown_with_its_faults(another, tmp_path: Path):
    (tmp_path / "another" / "case.toml").write_text("[case", encoding="utf-8")
    text = body(another().get("/da/check/"))
    assert "case.toml" in text
    assert "Mappen har 1 fejl." in text


def test_a_slider_is_named_by_its_label_and_not_the_number_beside():
    """A label without 'for' names the first thing in it that can be named: <output> is one."""
    from renvand.web.settings import HERE

    for path in sorted((HERE / "templates").rglob("*.html")):
        labels = re.findall(r"<label(?P<how>[^>]*)>(.*?)</label>", path.read_text("utf-8"), re.S)
        assert not [how for how, inside in labels if "<output" in inside and "for=" not in how], (
            path
        )
