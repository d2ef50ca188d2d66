"""Lists as received are opened as they are; what cannot be read says where and what to do."""

import openpyxl
import pandas as pd
import pytest

from renvand.errors import FileError
from renvand.steps.register.lists import rows


@pytest.fixture
def inbox(tmp_path):
    (tmp_path / "inbox").mkdir()
    return tmp_path / "inbox"


def entry(file, **more):
    return {"file": file, "columns": {"name_zh": "name"}, **more}


def read(inbox, file, **more):
    return rows(inbox.parent, entry(file, **more))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_text_is_read_in_the_encoding_of_the_mapping(inbox, encoding):
    (inbox / "a.csv").write_bytes("name,x\n璧山电镀厂,1\n".encode(encoding))
    (row,) = read(inbox, "a.csv", encoding=encoding)
    assert row.cells == {"name_zh": "璧山电镀厂"}
    assert row.where == "inbox/a.csv, line 2"


def test_a_wrong_encoding_is_told(inbox):
    (inbox / "a.csv").write_bytes("name\n璧山\n".encode("gb18030"))
    with pytest.raises(FileError, match=r"is not utf-8-sig.*Correct 'encoding' in inbox/mapping"):
        read(inbox, "a.csv")


def test_rows_above_the_header_are_skipped_and_lines_still_count(inbox):
    (inbox / "a.csv").write_text("Annual list\nname;x\nWorks;1\n")
    (row,) = read(inbox, "a.csv", skip_rows=1, delimiter=";")
    assert (row.cells["name_zh"], row.line) == ("Works", 3)


def test_the_first_of_several_columns_that_holds_something_counts(inbox):
    (inbox / "a.csv").write_text("long,short\n,B\nA,b\n")
    found = read(inbox, "a.csv", columns={"name_zh": ["long", "short"]})
    assert [row.cells["name_zh"] for row in found] == ["B", "A"]


def test_constants_and_kept_values(inbox):
    (inbox / "a.csv").write_text("name,medium\nA,water\nB,air\n")
    (row,) = read(inbox, "a.csv", keep={"medium": ["water"]}, constants={"year": 2025})
    assert row.cells == {"name_zh": "A", "year": "2025"}


def test_a_column_that_is_not_there_is_told_with_the_near_one(inbox):
    (inbox / "a.csv").write_text("nome\nA\n")
    with pytest.raises(FileError) as told:
        read(inbox, "a.csv")
    assert str(told.value) == "inbox/a.csv: has no column 'name'. Did you mean 'nome'?"


def test_a_missing_file_is_told(inbox):
    with pytest.raises(FileError) as told:
        read(inbox, "a.csv")
    assert str(told.value) == "inbox/a.csv: is not there. Check inbox/mapping.toml."


def test_an_unknown_format_is_told(inbox):
    (inbox / "a.csv").write_text("name\n")
    with pytest.raises(FileError, match="format 'ods' is not known"):
        read(inbox, "a.csv", format="ods")


def test_a_header_of_two_rows_with_merged_cells_is_joined(inbox):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["List", None, None], ["Unit", None, "District"], ["name", "code", None]):
        sheet.append(row)
    sheet.append(["A", "1", "Bishan"])
    sheet.append(["B", "2", None])
    sheet.merge_cells("A2:B2")
    sheet.merge_cells("C2:C3")
    sheet.merge_cells("C4:C5")
    book.save(inbox / "a.xlsx")
    columns = {"name_zh": "Unit / name", "uscc": "Unit / code", "division": "District"}
    found = read(inbox, "a.xlsx", skip_rows=1, header_rows=2, columns=columns)
    assert [tuple(row.cells.values()) for row in found] == [
        ("A", "1", "Bishan"),
        ("B", "2", "Bishan"),
    ]
    assert [row.line for row in found] == [4, 5]


def test_several_sheets_of_one_form_are_one_list(inbox):
    book = openpyxl.Workbook()
    book.active.title = "water"
    for sheet in (book["water"], book.create_sheet("air")):
        sheet.append(["name"])
        sheet.append([sheet.title])
    book.save(inbox / "a.xlsx")
    found = read(inbox, "a.xlsx", sheet=["water", "air"])
    assert [row.cells["name_zh"] for row in found] == ["water", "air"]
    with pytest.raises(FileError, match=r"has no sheet 'watr'\. Did you mean 'water'\?"):
        read(inbox, "a.xlsx", sheet="watr")


def test_what_only_looks_like_a_workbook_is_refused(inbox):
    (inbox / "a.xlsx").write_text("name\n")
    with pytest.raises(FileError, match=r"is not an Excel workbook\. Save it as \.xlsx"):
        read(inbox, "a.xlsx")


def test_parquet_is_read_as_text(inbox):
    pd.DataFrame({"name": ["A", None], "kg": [1.5, 2.0]}).to_parquet(inbox / "a.parquet")
    found = read(inbox, "a.parquet", columns={"name_zh": "name", "load_kg_a": "kg"})
    assert [row.cells for row in found] == [
        {"name_zh": "A", "load_kg_a": "1.5"},
        {"name_zh": "", "load_kg_a": "2.0"},
    ]


def test_what_only_is_called_parquet_is_refused(inbox):
    (inbox / "a.parquet").write_text("name")
    with pytest.raises(FileError, match="is not Parquet"):
        read(inbox, "a.parquet")
