"""The sheets of the example, from its five reviews."""

import io
from pathlib import Path

import pypdf
import pytest

from renvand.partnership.folder import read_case
from renvand.publish.build import sheet_documents
from renvand.publish.codec import from_json
from renvand.publish.compose import compose
from renvand.steps.review import review
from renvand.text import LANGUAGES
from tests.unit.publish.test_pdf import squeezed

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "chongqing"


@pytest.mark.slow
def test_the_sheets_of_the_example_fit_their_pages_and_name_no_company():
    case = read_case(EXAMPLE)
    outcome, files = sheet_documents(case, {"review": review(case)}, formats=("pdf", "html"))
    names = set(case.reviews) | {
        str(row.name_zh)
        for row in case.tables["enterprises"].itertuples()
        if row.id in {page.settings["enterprise"] for page in case.reviews.values()}
    }
    for model in outcome.extras["sheets"].values():
        assert not [name for name in names if name in model]
        sheet = from_json(model)
        for language in LANGUAGES:
            reader = pypdf.PdfReader(io.BytesIO(files[f"{sheet.id}.{language}.pdf"]))
            assert len(reader.pages) == 3
            text = squeezed("".join(page.extract_text() for page in reader.pages))
            for figure in compose(sheet, language)["key_figures"]:
                assert squeezed(figure["number"] + figure["unit"]) in text
