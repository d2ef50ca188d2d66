"""Workbooks go out in the reader's language and come back with faults by sheet and cell."""

import shutil
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from renvand import knowledge
from renvand.errors import FileError
from renvand.partnership.exchange import (
    case_workbook,
    import_workbook,
    known_keys,
    review_form,
    review_workbook,
)
from renvand.partnership.folder import check_case, read_case
from renvand.partnership.schema import review_schemas, schemas
from renvand.partnership.template import FIRST, LABELS, NAMES, template
from renvand.partnership.workbook import read_workbook

SMALL = Path(__file__).parent / "small"
KNOWN = {"sources": {"made-up"}}


def said(path: Path, forms, known=KNOWN) -> list[str]:
    with pytest.raises(FileError) as caught:
        read_workbook(path, forms, known=known)
    return [str(fault) for fault in caught.value.faults]


@pytest.fixture
def review(tmp_path: Path) -> Path:
    """A review form, filled in well."""
    path = tmp_path / "review.xlsx"
    review_workbook("textile-dyeing", path, language="da")
    case = read_case(SMALL)
    tables = dict(case.reviews["dye-a"].tables)
    page = {
        "enterprise": "dye-works", "sector": "textile-dyeing", "reviewed_on": "2026-04-09",
        "reviewer": "office", "days_a": 300.0, "product_en": "Knit", "product_da": "Strik",
        "product_zh": "针织布", "production": 18.0, "production_unit": "t", "has_consent": True,
    }  # fmt: skip
    schema = review_form()["review"]
    tables["review"] = knowledge.frame([page], schema, lines=[2])
    template(review_form(), path, language="da", rows=tables)
    return path


def change(path: Path, place: str, value: object) -> None:
    book = openpyxl.load_workbook(path)
    sheet, cell = place.split("!")
    book[sheet][cell] = value
    book.save(path)


def test_the_case_comes_back_from_its_workbook_unchanged(tmp_path: Path):
    path = tmp_path / "case.xlsx"
    case_workbook(SMALL, path, language="zh")
    case = read_case(SMALL)
    back = read_workbook(path, schemas(), known=known_keys(case))
    for name in schemas():
        pd.testing.assert_frame_equal(back[name], case.tables[name], check_exact=True)


TEXT = st.text(
    st.characters(
        codec="utf-8",
        exclude_categories=("Cc", "Cs"),
        exclude_characters="\u202e\u202d\u2066\u2067\ufffe\uffff",
    ),
    max_size=12,
).map(str.strip) | st.sampled_from(["=1+1", "+45", "-x", "@SUM(A1)", "NaN", "1e5", "true"])


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.reuse, Phase.generate],
)
@given(
    names=st.lists(TEXT, min_size=1, max_size=4),
    number=st.floats(0, 1e300),
    done=st.none() | st.booleans(),
)
def test_whatever_is_written_is_read_and_never_a_formula(tmp_path_factory, names, number, done):
    path = tmp_path_factory.mktemp("book") / "book.xlsx"
    chosen = {name: schemas()[name] for name in ("partners", "budget")}
    partners = [
        {"id": f"p{n}", "name_en": "x", "role": "agency", "country": "DK", "contact": name or None,
         "has_consent": done}
        for n, name in enumerate(names)
    ]  # fmt: skip
    budget = [
        {"id": "b", "label_en": "=1", "label_da": "b", "label_zh": "b", "planned_dkk": number}
    ]
    rows = {
        "partners": knowledge.frame(partners, chosen["partners"], lines=[]),
        "budget": knowledge.frame(budget, chosen["budget"], lines=[]),
    }
    template(chosen, path, language="en", rows=rows)
    back = read_workbook(path, chosen, known={})
    for name in chosen:  # a workbook keeps sixteen digits, a CSV file all seventeen
        pd.testing.assert_frame_equal(back[name], rows[name], rtol=1e-15, atol=0)


@pytest.mark.parametrize(
    ("language", "label"),
    [
        ("en", "Flow on an operating day [m³/day] *"),
        ("da", "Vandmængde pr. driftsdag [m³/døgn] *"),
        ("zh", "每生产日水量 [m³/d] *"),
    ],
)
def test_headings_speak_the_language_and_name_the_unit(tmp_path: Path, language, label):
    path = tmp_path / "form.xlsx"
    template(review_schemas(), path, language=language)
    sheet = openpyxl.load_workbook(path)["meters"]
    column = next(c.column for c in sheet[NAMES] if c.value == "flow_m3_d")
    assert sheet.cell(LABELS, column).value == label
    assert sheet.cell(LABELS, column).comment is not None


def test_choices_are_offered_in_the_cell(tmp_path: Path):
    path = tmp_path / "form.xlsx"
    review_workbook("textile-dyeing", path, language="en")
    book = openpyxl.load_workbook(path)
    offered = {str(v.sqref): v.formula1 for v in book["energy"].data_validations.dataValidation}
    assert '"electricity,steam,gas,heat"' in offered.values()
    assert f"'units'!$A${FIRST}:$A$500" in offered.values()
    kinds = [v.formula1 for v in book["units"].data_validations.dataValidation]
    assert any("dye-bath" in kind or "_lists" in kind for kind in kinds)
    assert book["_lists"].sheet_state == "hidden"


MISTAKES = [
    "meters!B3 | many | 'many' is not a number. Write digits with a point; units go elsewhere.",
    "meters!B3 | -5 | -5 is outside 0 to inf m3/d. Check the value and its unit.",
    "meters!B3 | =A1*2 | holds a formula. Paste its value.",
    "meters!A4 | s1 | repeats s1 of row 3. Keep one.",
    "meters!A4 | s9 | 's9' is not in streams. Allowed: s1, s2, s3.",
    "streams!C5 | sewr | 'sewr' is not in units, drain, sewer, air, product or sludge. "
    "Did you mean 'sewer'?",
    "streams!C4 | dyeing | leads from 'dyeing' to itself. Leave it out, or split the unit.",
    "samples!F3 | 9/4/2026 | '9/4/2026' may be read in two ways. Write YYYY-MM-DD.",
    "samples!H3 | guess | 'guess' is not in sources. Allowed: made-up.",
    "units!B2 | knd | column 'knd' is not known. Did you mean 'kind'?",
    "review!B3 | textile | 'textile' is not in sector_groups. Did you mean 'textile-dyeing'?",
]


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_fault_is_named_by_sheet_and_cell(review: Path, mistake: str):
    place, value, message = mistake.split(" | ")
    change(review, place, int(value) if value == "-5" else value)
    sectors = {"textile-dyeing", "metalworking"}
    known = {**KNOWN, "enterprises": {"dye-works"}, "sector_groups": sectors}
    assert f"{place}: {message}" in said(review, review_form(), known)


def test_a_sheet_nobody_knows_is_named(review: Path):
    book = openpyxl.load_workbook(review)
    book["streams"].title = "strems"
    book.save(review)
    assert "strems: is no known sheet. Did you mean 'streams'?" in said(review, review_form())


def test_a_sheet_without_column_names_is_named(tmp_path: Path):
    book = openpyxl.Workbook()
    book.active.title = "units"
    book.active["A1"] = "hello"
    book.save(tmp_path / "own.xlsx")
    assert said(tmp_path / "own.xlsx", review_form()) == [
        "units: lacks the row of column names. Take the sheet from a template."
    ]


def add_part(path: Path, name: str, data: bytes) -> None:
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr(name, data)


@pytest.mark.parametrize(
    ("part", "data", "expected"),
    [
        (
            "xl/vbaProject.bin",
            b"macro",
            "review.xlsx: holds macros. Save it as .xlsx without them.",
        ),
        ("xl/media/a.bin", bytes(64 * 2**20), "times its size. Save it anew, or give it as CSV."),
        ("xl/media/a.bin", bytes(520 * 2**20), "Give large lists as CSV or Parquet."),
        (
            "xl/extra.xml",
            b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x/>',
            "review.xlsx: declares a document type in xl/extra.xml. Save it anew in Excel.",
        ),
    ],
    ids=["macros", "high ratio", "very large", "entities"],
)
def test_an_unsafe_workbook_is_refused_before_it_is_opened(review: Path, part, data, expected):
    add_part(review, part, data)
    (fault,) = said(review, review_form())
    assert fault.endswith(expected)


def test_a_filled_in_review_enters_the_case(review: Path, tmp_path: Path):
    case = Path(shutil.copytree(SMALL, tmp_path / "case"))
    files = import_workbook(review, case, review="dye-b")
    assert "reviews/dye-b/review.toml" in files
    assert check_case(case) == ()
    read = read_case(case)
    for name in review_schemas():
        pd.testing.assert_frame_equal(
            read.reviews["dye-b"].tables[name], read.reviews["dye-a"].tables[name]
        )


def test_rows_of_a_workbook_are_added_and_none_taken_away(tmp_path: Path):
    case = Path(shutil.copytree(SMALL, tmp_path / "case"))
    path = tmp_path / "case.xlsx"
    case_workbook(case, path, language="en")
    change(path, f"partners!B{FIRST}", "Another name")
    change(path, f"outlets!A{FIRST}", "dye-2")
    import_workbook(path, case)
    tables = read_case(case).tables
    assert tables["partners"]["name_en"].tolist() == ["Another name"]
    assert tables["outlets"]["id"].tolist() == ["dye-1", "metal-1", "dye-2"]


def test_a_faulty_workbook_changes_nothing(review: Path, tmp_path: Path):
    case = Path(shutil.copytree(SMALL, tmp_path / "case"))
    change(review, "meters!B3", "many")
    with pytest.raises(FileError):
        import_workbook(review, case, review="dye-b")
    assert not (case / "reviews" / "dye-b").exists()
