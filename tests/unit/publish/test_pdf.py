"""The sheet on paper: readable, accessible, archivable, the same bytes every time."""

import io
import re

import pikepdf
import pypdf
import pytest

from renvand.publish.compose import compose
from renvand.publish.sheet import render_sheet
from renvand.text import LANGUAGES
from renvand.text.format import plain_space
from tests.unit.publish.sample import sheet

LARGEST = 250_000  # bytes


@pytest.fixture(scope="module")
def papers():
    return {language: render_sheet(sheet(), language, format="pdf") for language in LANGUAGES}


def figures_of(part, found):
    """Collect the tagged pictures of a PDF."""
    if isinstance(part, pikepdf.Dictionary):
        if part.get("/S") == "/Figure":
            found.append(part)
        figures_of(part.get("/K"), found)
    elif isinstance(part, pikepdf.Array):
        for child in part:
            figures_of(child, found)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_pages_and_the_sources(papers, language):
    reader = pypdf.PdfReader(io.BytesIO(papers[language]))
    assert len(reader.pages) == 3
    composed = compose(sheet(), language)
    sections = [section["title"] for section in composed["sections"]]
    pages = [squeezed(page.extract_text()) for page in reader.pages]
    assert all(squeezed(title) in pages[0] + pages[1] for title in sections)
    assert squeezed(composed["words"]["sources"]) in pages[2]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_figure_stands_in_the_text(papers, language):
    reader = pypdf.PdfReader(io.BytesIO(papers[language]))
    text = squeezed("".join(page.extract_text() for page in reader.pages))
    for figure in compose(sheet(), language)["key_figures"]:
        assert squeezed(figure["number"] + figure["unit"]) in text
        assert squeezed(figure["note"]) in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_tags_language_title_and_standards(papers, language):
    with pikepdf.open(io.BytesIO(papers[language])) as pdf:
        root = pdf.Root
        wanted = {"da": "da-DK", "en": "en-GB", "zh": "zh-CN"}[language]
        assert str(root.Lang) == wanted
        assert bool(root.MarkInfo.Marked)
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        with pdf.open_metadata() as about:
            assert about["pdfuaid:part"] == "1"
            assert (about["pdfaid:part"], about["pdfaid:conformance"]) == ("2", "A")
            assert compose(sheet(), language)["title"] in about["dc:title"]
        pictures = figures_of(root.StructTreeRoot.get("/K"), [])
        assert len(pictures) == 4  # three charts and the QR code
        assert all(len(str(picture.get("/Alt", ""))) > 10 for picture in pictures)
        fonts = [f for page in pdf.pages for f in page.Resources.get("/Font", {}).values()]
        assert all("/FontDescriptor" in f.DescendantFonts[0] for f in fonts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_is_small_and_always_the_same(papers, language):
    assert len(papers[language]) < LARGEST
    assert render_sheet(sheet(), language, format="pdf") == papers[language]


def squeezed(text):
    """Compare texts without the spaces that a line break or a tag adds or takes."""
    return re.sub(r"\s|[†‡]", "", plain_space(text))
