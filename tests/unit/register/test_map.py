"""The register as files for other people, and the map that needs no network."""

import re
import shutil
import sqlite3
from pathlib import Path

import pytest

from renvand.partnership.folder import read_case
from renvand.publish.register import register_documents
from renvand.steps.register import register

CASE = Path(__file__).resolve().parents[3] / "examples" / "chongqing"


@pytest.fixture(scope="module")
def example():
    case = read_case(CASE)
    return case, register(case)


@pytest.fixture(scope="module")
def documents(example):
    return register_documents(*example)


def test_the_register_is_written_for_qgis_for_excel_and_as_a_map(documents):
    assert sorted(documents) == [
        *("map.da.html", "map.en.html", "map.zh.html"),
        *("register.xlsx", "sites.geojson", "sites.gpkg"),
    ]


def test_the_same_register_gives_the_same_bytes(example, documents):
    assert register_documents(*example) == documents


def test_the_geopackage_holds_every_site(example, documents, tmp_path):
    (tmp_path / "sites.gpkg").write_bytes(documents["sites.gpkg"])
    with sqlite3.connect(tmp_path / "sites.gpkg") as book:
        (count,) = book.execute("SELECT count(*) FROM sites").fetchone()
    book.close()
    assert count == len(example[1].tables["enterprises"])


@pytest.mark.parametrize("language", ["da", "en", "zh"])
def test_the_map_asks_no_other_host(documents, language):
    page = documents[f"map.{language}.html"].decode()
    assert "default-src 'none'" in page
    own = re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)
    assert not re.search(r"(src|href)\s*=|url\(|@import", own)


def test_a_name_cannot_end_the_script_it_stands_in():
    from renvand.publish.register.map_page import _embedded

    assert "</script>" not in _embedded({"name": "</script><script>alert(1)</script>"})


@pytest.mark.slow
def test_a_person_can_move_filter_and_pick_a_site_without_a_network(documents, tmp_path):
    playwright = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        pytest.skip("no browser is on this machine")
    (tmp_path / "map.html").write_bytes(documents["map.en.html"])
    faults = []
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(offline=True)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto((tmp_path / "map.html").as_uri())
        whole = page.inner_text("#count")
        page.fill("#first", "10")
        page.click("#in")
        few = page.inner_text("#count")
        zoom = page.evaluate("zoom()")
        page.click("#list tbody tr >> nth=0")
        page.wait_for_selector("text=Mean over limit")
        browser.close()
    assert faults == []
    assert zoom == pytest.approx(1.5)
    assert int(few.split()[0]) <= 10 < int(whole.split()[0])
