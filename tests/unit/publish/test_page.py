"""The sheet as a web page: one file, no script, every number with its way back."""

import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest

from renvand.publish.sheet import render_sheet
from renvand.text import LANGUAGES
from tests.unit.publish.sample import sheet

VOID = ("meta",)


def tree(language):
    """Read the page back as a tree."""
    text = render_sheet(sheet(), language, format="html").decode()
    for name in VOID:
        parts = text.split(f"<{name} ")
        text = parts[0] + "".join(f"<{name} " + p.replace(">", "/>", 1) for p in parts[1:])
    return ET.fromstring(text.replace("<!doctype html>", ""))


@pytest.fixture(scope="module")
def pages():
    return {language: tree(language) for language in LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_fetched_and_nothing_runs(pages, language):
    page = pages[language]
    assert not list(page.iter("script")) + list(page.iter("link")) + list(page.iter("img"))
    for node in page.iter():
        assert not any(name.startswith("on") or name == "src" for name in node.attrib)
        assert not node.get("href", "#").startswith("http")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reader_who_does_not_see_finds_the_way(pages, language):
    page = pages[language]
    assert page.get("lang") == {"da": "da-DK", "en": "en-GB", "zh": "zh-CN"}[language]
    assert len(list(page.iter("h1"))) == 1
    levels = [int(n.tag[1]) for n in page.iter() if n.tag in ("h1", "h2", "h3")]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(svg.get("aria-label") and svg.get("role") == "img" for svg in page.iter("svg"))
    assert all(table.find("caption") is not None for table in page.iter("table"))
    ids = [node.get("id") for node in page.iter() if node.get("id")]
    assert len(ids) == len(set(ids))


def test_every_number_of_a_table_leads_to_its_figure(pages):
    facts = {fact.id for fact in sheet().facts}
    found = [node.get("value") for node in pages["en"].iter("data")]
    assert len(found) > 40
    assert set(found) <= facts


def test_the_page_is_always_the_same():
    assert render_sheet(sheet(), "zh", format="html") == render_sheet(sheet(), "zh", format="html")
