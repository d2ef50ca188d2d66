"""The slides: editable, dressed in every language, with something to say on each."""

import io
import shutil
import subprocess

import pptx
import pypdf
import pytest
from pptx.oxml.ns import qn
from pptx.util import Mm

from renvand.publish.seminar.deck import deck
from renvand.text import LANGUAGES
from tests.unit.publish.sample import sheet
from tests.unit.publish.seminar_sample import ON, event

NARROWEST, WIDEST = 12, 16  # slides


@pytest.fixture(scope="module")
def decks():
    made = {language: deck(sheet(), event(), language=language, on=ON) for language in LANGUAGES}
    return {
        language: (data, pptx.Presentation(io.BytesIO(data))) for language, data in made.items()
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_twelve_to_sixteen_slides_each_with_title_and_notes(decks, language):
    slides = list(decks[language][1].slides)
    assert NARROWEST <= len(slides) <= WIDEST
    assert all(slide.shapes.title.text_frame.text for slide in slides)
    assert all(len(slide.notes_slide.notes_text_frame.text) > 10 for slide in slides)


@pytest.mark.parametrize("language", LANGUAGES)
def test_charts_hold_their_numbers_and_tables_are_tables(decks, language):
    shapes = [shape for slide in decks[language][1].slides for shape in slide.shapes]
    charts = [shape.chart for shape in shapes if shape.has_chart]
    assert len(charts) == 2
    assert list(charts[0].plots[0].series[0].values) == [118, 96, 74, 141, 88]
    assert all(chart.part.chart_workbook.xlsx_part is not None for chart in charts)
    assert sum(shape.has_table for shape in shapes) == 5
    assert not [shape for shape in shapes if shape.shape_type == 13]  # no pictures


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_run_has_chinese_font_and_language(decks, language):
    wanted = {"da": "da-DK", "en": "en-GB", "zh": "zh-CN"}[language]
    for slide in decks[language][1].slides:
        for properties in slide._element.iter(qn("a:rPr")):
            if properties.getparent().tag == qn("a:fld"):
                continue
            assert properties.get("lang") == wanted
            assert properties.find(qn("a:ea")).get("typeface") == "Noto Sans SC"


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_leaves_the_slide(decks, language):
    presentation = decks[language][1]
    for slide in presentation.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= presentation.slide_width + Mm(1)
            assert shape.top + shape.height <= presentation.slide_height + Mm(1)


def test_flows_are_shapes_and_every_picture_of_data_is_described(decks):
    slides = list(decks["en"][1].slides)
    flows = max(slides, key=lambda slide: len(slide.shapes))
    assert sum(shape.shape_type == 5 for shape in flows.shapes) == 13  # freeforms
    for slide in slides:
        for shape in slide.shapes:
            if shape.has_chart or shape.has_table:
                assert shape._element.xpath(".//p:cNvPr")[0].get("descr")


def test_the_deck_is_always_the_same(decks):
    assert deck(sheet(), event(), language="zh", on=ON) == decks["zh"][0]


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_office_program_opens_every_slide(decks, language, tmp_path):
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not on this machine")
    path = tmp_path / "slides.pptx"
    path.write_bytes(decks[language][0])
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, path]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    pages = pypdf.PdfReader(tmp_path / "slides.pdf").pages
    assert len(pages) == len(decks[language][1].slides)
