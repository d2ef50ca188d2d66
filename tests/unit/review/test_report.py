"""The report of a review as a reader meets it: pages, seal, three languages, a page to explore."""

import io
import json
import re
import zipfile
from dataclasses import replace

import pytest
from pypdf import PdfReader

from renvand.errors import FileError
from renvand.partnership.folder import read_case
from renvand.publish.review import review_documents, review_report
from renvand.steps.review import review
from tests.shared import ROOT

SEALS = {
    "da": "Fortroligt: kun for",
    "en": "Confidential: for",
    "zh": "保密：仅供",
}
BEFORE, AFTER = "tongliang-plating", "wanzhou-dyeing"


@pytest.fixture(scope="module")
def case():
    read = read_case(ROOT / "examples" / "chongqing")
    return replace(read, reviews={name: read.reviews[name] for name in (BEFORE, AFTER)})


@pytest.fixture(scope="module")
def outcome(case):
    return review(case)


@pytest.fixture(scope="module")
def documents(case, outcome):
    return review_documents(case, outcome, BEFORE, formats=("pdf", "docx"))


@pytest.mark.parametrize("language", ["da", "en", "zh"])
def test_a_report_has_six_to_ten_pages_and_every_page_says_for_whom_it_is(documents, language):
    pages = PdfReader(io.BytesIO(documents[f"{BEFORE}.{language}.pdf"])).pages
    assert 6 <= len(pages) <= 10
    for page in pages:
        text = page.extract_text().replace("\n", "")
        assert SEALS[language].replace(" ", "") in text.replace(" ", "")


@pytest.mark.parametrize("language", ["da", "en", "zh"])
def test_the_word_document_says_so_at_the_head_of_every_page(documents, language):
    with zipfile.ZipFile(io.BytesIO(documents[f"{BEFORE}.{language}.docx"])) as book:
        heads = [book.read(n).decode() for n in book.namelist() if "header" in n]
    assert any(SEALS[language] in head for head in heads)


def test_no_language_is_mixed_into_another(documents):
    def text(language):
        pages = PdfReader(io.BytesIO(documents[f"{BEFORE}.{language}.pdf"])).pages
        return " ".join(page.extract_text() for page in pages)

    assert "Water balance" in text("en")
    assert "Vandbalance" in text("da")
    assert "水平衡" in text("zh")
    for word in ("Water balance", "Quick wins", "Compliance"):
        assert word not in text("da")
        assert word not in text("zh")


def test_every_number_of_a_report_leads_to_its_figure(case, outcome):
    report = review_report(case, outcome, BEFORE)
    known = {figure.id for figure in (*outcome.figures, *report.figures)}
    assert {fact.id for fact in report.facts} <= known
    assert all(figure.made_of for figure in report.figures)


def test_the_same_review_gives_the_same_bytes(case, outcome, documents):
    again = review_documents(case, outcome, BEFORE, languages=["zh"], formats=["pdf", "docx"])
    for name, made in again.items():
        assert made == documents[name], name


def test_a_report_without_consent_is_not_released(case, outcome):
    with pytest.raises(FileError) as caught:
        review_report(case, outcome, AFTER, is_confidential=False)
    assert str(caught.value.faults[0]) == (
        "reviews/wanzhou-dyeing: is without the company's consent."
        " Ask for it, or write the report as confidential."
    )
    assert not review_report(case, outcome, BEFORE, is_confidential=False).is_confidential


def test_what_is_not_there_is_told(case, outcome):
    for arguments, told in (
        ({"review": "tongliang"}, "reviews: no review 'tongliang'. Did you mean"),
        (
            {"review": BEFORE, "formats": ["doc"]},
            "format: 'doc' is not known. Did you mean 'docx'?",
        ),
        ({"review": BEFORE, "languages": ["de"]}, "language: 'de' is not known."),
    ):
        with pytest.raises(FileError) as caught:
            review_documents(case, outcome, **arguments)
        assert str(caught.value.faults[0]).startswith(told)


def test_the_page_carries_its_diagrams_and_fetches_nothing(case, outcome):
    (made,) = review_documents(case, outcome, BEFORE, languages=["en"], formats=["html"]).values()
    page = made.decode()
    data = re.search(r'<script type="application/json" id="diagrams">(.*?)</script>', page, re.S)
    assert data
    diagrams = {one["id"]: one for one in json.loads(data[1])}
    assert set(diagrams) >= {"water", "money", "Ni", "COD"}
    assert diagrams["water"]["rows"][0] == ["From", "To", "m³/day"]
    assert "noindex" in page
    assert not re.search(r'(src|href)="https?://', page)


def test_every_quantity_is_drawn_in_every_language(case, outcome):
    made = review_documents(case, outcome, BEFORE, languages=["da"], formats=["svg"])
    assert {f"{BEFORE}.{q}.da.svg" for q in ("water", "money", "Ni")} <= set(made)
    assert all(drawing.startswith(b"<svg") for drawing in made.values())


def test_reports_of_all_sizes_fit_six_to_ten_pages(case, outcome):
    made = review_documents(case, outcome, AFTER, languages=["zh"], formats=["pdf"])
    assert 6 <= len(PdfReader(io.BytesIO(*made.values())).pages) <= 10


def test_all_drains_together_have_the_range_of_their_prices(case, outcome):
    """Several items of one price are wrong together; different prices are not."""
    report = review_report(case, outcome, AFTER)
    total = next(f for f in report.figures if f.id.endswith("drain.total"))
    rows = outcome.tables["drain_money"].query("review == @AFTER")
    assert total.value == pytest.approx(rows["value"].sum())
    assert rows["low"].sum() < total.low < total.value < total.high < rows["high"].sum()


def test_no_id_of_a_substance_stands_in_danish_or_chinese(documents):
    for language in ("da", "zh"):
        pages = PdfReader(io.BytesIO(documents[f"{BEFORE}.{language}.pdf"])).pages
        text = " ".join(page.extract_text() for page in pages)
        for word in ("temperature", "colour", "oil", "electricity", "GB 4287-AMENDMENT"):
            assert not re.search(rf"\b{word}\b", text), word
