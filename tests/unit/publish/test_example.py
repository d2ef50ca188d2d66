"""All sheets and seminar packages of the example, from the programme's own results."""

import io
import shutil
import zipfile
from pathlib import Path

import pikepdf
import pypdf
import pytest

from renvand import programme
from renvand.partnership.folder import read_case
from renvand.publish.build import seminar_documents, sheet_documents
from renvand.publish.codec import from_json
from renvand.publish.compose import compose
from renvand.text import LANGUAGES
from tests.unit.publish.laid_out import outside, overlapping, words
from tests.unit.publish.test_pdf import squeezed

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "chongqing"
LARGEST = 250_000  # bytes
MARGIN = 45  # pt

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    skipped = shutil.ignore_patterns("out", ".renvand")
    case = shutil.copytree(EXAMPLE, tmp_path_factory.mktemp("run") / "case", ignore=skipped)
    results = programme.run(case, until="effect")
    assert not (case / "out" / "sheets").exists()
    held = read_case(case)
    return held, results, *sheet_documents(held, results)


def test_every_sheet_is_made_tells_its_tags_and_fits_its_pages(made):
    _, _, outcome, files = made
    assert len(outcome.extras["sheets"]) == 4
    papers = {name: data for name, data in files.items() if name.endswith(".pdf")}
    assert len(papers) == 4 * len(LANGUAGES)
    for name, data in papers.items():
        assert len(data) <= LARGEST, name
        with pikepdf.open(io.BytesIO(data)) as pdf:
            assert bool(pdf.Root.MarkInfo.Marked)
            assert str(pdf.Root.Lang)[:2] == name.split(".")[1]
            assert len(pdf.pages) == 3
            with pdf.open_metadata() as about:
                assert about["pdfuaid:part"] == "1"
                assert about["dc:title"]
        found = words(data)
        assert outside(found, margin=MARGIN) == [], name
        assert overlapping(found) == [], name


def test_every_key_figure_stands_in_the_text_as_its_language_writes_it(made):
    _, _, outcome, files = made
    for model in map(from_json, outcome.extras["sheets"].values()):
        for language in LANGUAGES:
            reader = pypdf.PdfReader(io.BytesIO(files[f"{model.id}.{language}.pdf"]))
            text = squeezed("".join(page.extract_text() for page in reader.pages))
            for figure in compose(model, language)["key_figures"]:
                assert squeezed(figure["number"] + figure["unit"]) in text


def test_no_sheet_names_a_reviewed_company(made):
    case, _, outcome, files = made
    reviewed = {page.settings["enterprise"] for page in case.reviews.values()}
    rows = [row for row in case.tables["enterprises"].itertuples() if row.id in reviewed]
    names = set(case.reviews) | {str(row.name_zh) for row in rows}
    names |= {str(row.name_en) for row in rows if isinstance(row.name_en, str)}
    for model in outcome.extras["sheets"].values():
        assert not [name for name in names if name in model]
    for name, data in files.items():
        if name.endswith(".html"):
            assert not [one for one in names if one in data.decode()], name


def test_both_seminars_are_whole_and_their_charts_hold_data(made):
    case, results, *_ = made
    _, files = seminar_documents(case, results)
    folders = {name.split("/")[0] for name in files}
    assert folders == {"surface-treatment", "textile-dyeing"}
    assert len(files) == 2 * (1 + 8 * len(LANGUAGES))
    for name, data in files.items():
        if name.endswith(".pptx"):
            parts = zipfile.ZipFile(io.BytesIO(data)).namelist()
            slides = [p for p in parts if p.startswith("ppt/slides/slide")]
            assert 12 <= len(slides) <= 16, name
            assert [p for p in parts if p.startswith("ppt/charts/")]
            assert [p for p in parts if p.startswith("ppt/embeddings/")]
            assert not [p for p in parts if p.startswith("ppt/media/")]
