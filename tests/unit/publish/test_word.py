"""The sheet as a Word document."""

import io

import docx
import pytest
from docx.oxml.ns import qn

from renvand.publish.compose import compose
from renvand.publish.sheet import render_sheet
from tests.unit.publish.sample import sheet


@pytest.fixture(scope="module")
def made():
    return render_sheet(sheet(), "zh", format="docx")


def test_headings_tables_and_pictures_are_real(made):
    document = docx.Document(io.BytesIO(made))
    composed = compose(sheet(), "zh")
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert [h.split("  ")[-1] for h in headings[:9]] == [s["title"] for s in composed["sections"]]
    assert len(document.tables) == 6
    assert all(t.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None for t in document.tables)
    assert [bool(s._inline.docPr.get("descr")) for s in document.inline_shapes] == [True] * 3


def test_chinese_has_its_font_and_language(made):
    document = docx.Document(io.BytesIO(made))
    normal = document.styles["Normal"].element.rPr
    assert normal.find(qn("w:rFonts")).get(qn("w:eastAsia")) == "Noto Sans SC"
    assert normal.find(qn("w:lang")).get(qn("w:eastAsia")) == "zh-CN"
    assert document.core_properties.language == "zh-CN"


def test_the_document_is_always_the_same(made):
    assert render_sheet(sheet(), "zh", format="docx") == made
