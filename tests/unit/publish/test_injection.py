"""Text from data stays text: in Typst, in HTML, in Office files."""

import dataclasses
import io
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import docx
import pptx
import pypdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from renvand.errors import OurFault
from renvand.publish import charts
from renvand.publish.markup import drawing, html, tag
from renvand.publish.model import Chart, Label, walk
from renvand.publish.seminar.deck import deck
from renvand.publish.sheet import render_sheet
from renvand.publish.voice import Voice
from tests.unit.publish.sample import sheet
from tests.unit.publish.seminar_sample import ON, event

ATTACKS = (
    '#panic("owned")',
    '#read("/etc/passwd")',
    "$ x $ *bold* _it_ @ref <label> = Head",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ settings.SECRET_KEY }} {% debug %}",
    "${jndi:ldap://x}",
    "=cmd|'/c calc'!A1",
    "{b}{nowhere}",
    "]] ]]> <!-- -->",
    "\\u0000 \\x07",
)


def read(page):
    """Read a page as a browser does: its elements with attributes, and its words."""
    elements, words = [], []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            elements.append((tag, attrs))

        def handle_data(self, data):
            words.append(data)

    reader = Reader()
    reader.feed(page)
    reader.close()
    return elements, "".join(words)


def attacked(text):
    """Put a text into every place of a sheet where data may stand."""
    label = Label(en=text, da=text, zh=text)
    model = sheet()
    sections = []
    for section in model.sections:
        blocks = tuple(
            dataclasses.replace(
                b, items=tuple(dataclasses.replace(i, label=label) for i in b.items)
            )
            if isinstance(b, Chart)
            else b
            for b in section.blocks
        )
        sections.append(dataclasses.replace(section, title=label, blocks=blocks))
    source = dataclasses.replace(model.sources[0], title=text, author=text)
    return dataclasses.replace(
        model,
        title=label,
        subtitle=label,
        notice=label,
        contact=text,
        sections=tuple(sections),
        sources=(source,),
    )


@pytest.mark.parametrize("text", [*ATTACKS[:3], ATTACKS[9]])
def test_an_attack_on_paper_is_printed_not_run(text):
    made = render_sheet(attacked(text), "en", format="pdf")
    printed = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages)
    assert "".join(text.split())[:8] in "".join(printed.split())


@pytest.mark.parametrize("text", ATTACKS)
def test_an_attack_on_a_page_stays_words(text):
    elements, words = read(render_sheet(attacked(text), "en", format="html").decode())
    assert not {name for name, _ in elements} & {"script", "img", "iframe", "object", "link"}
    assert not [key for _, attributes in elements for key, _ in attributes if key.startswith("on")]
    assert text in words


def test_an_attack_on_a_word_document_stays_words():
    text = " ".join(ATTACKS)
    document = docx.Document(io.BytesIO(render_sheet(attacked(text), "en", format="docx")))
    assert text in {p.text for p in document.paragraphs}


def test_an_attack_on_slides_stays_text():
    made = deck(attacked(ATTACKS[7]), event(), language="en", on=ON)
    slides = pptx.Presentation(io.BytesIO(made)).slides
    assert ATTACKS[7] in {slide.shapes.title.text_frame.text for slide in slides}
    chart = next(s.chart for slide in slides for s in slide.shapes if s.has_chart)
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]


@pytest.mark.parametrize("text", ATTACKS)
def test_an_attack_in_a_chart_stays_a_label(text):
    model = attacked(text)
    voice = Voice("en", {fact.id: fact for fact in model.facts})
    for chart in (part for part in walk(model) if isinstance(part, Chart)):
        option = charts.option(chart, voice, width=240)
        drawn = ET.fromstring(charts.svg(option, width=240, height=140))
        assert not [n for n in drawn.iter() if n.tag.endswith(("script", "foreignObject", "image"))]


@given(st.text(max_size=60))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_any_text_comes_back_from_a_page_as_it_went_in(text):
    legal = "".join(c for c in text if c.isprintable())
    elements, words = read(html(tag("p", legal, title=legal)))
    assert elements == [("p", [("title", legal)])]
    assert words.strip("\n") == legal


@pytest.mark.parametrize(
    ("svg", "told"),
    [
        ("<script>1</script>", "a drawing may not hold <script>"),
        ("<image/>", "a drawing may not hold <image>"),
        ('<g onload="x"/>', "a drawing may not hold 'onload'"),
        ('<g href="x"/>', "a drawing may not hold 'href'"),
    ],
)
def test_a_drawing_with_more_than_shapes_is_refused(svg, told):
    with pytest.raises(OurFault, match=told):
        drawing(
            f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{svg}</svg>', alt="x"
        )
