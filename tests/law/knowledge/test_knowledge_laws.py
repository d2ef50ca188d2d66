"""What must hold for any text and any table."""

import csv
import datetime as dt
import string

from hypothesis import given
from hypothesis import strategies as st

from renvand.knowledge import Column, Schema, judge, read_table, substance_id, table
from renvand.knowledge.find import divisions_of, fold

SCHEMA = Schema(
    name="any",
    columns={
        "id": Column(kind="code", is_required=True),
        "value": Column(kind="number"),
        "count": Column(kind="integer"),
        "day": Column(kind="date"),
        "said": Column(kind="text"),
        "places": Column(kind="choice", is_list=True, choices=("a", "b", "c")),
    },
    key=("id",),
)
ROW = st.fixed_dictionaries(
    {
        "id": st.text(string.ascii_letters + string.digits, min_size=1, max_size=8),
        "value": st.none() | st.floats(allow_nan=False, allow_infinity=False),
        "count": st.none() | st.integers(-(10**9), 10**9),
        "day": st.none() | st.dates(dt.date(1900, 1, 1)),
        "said": st.none()
        | st.text("aæ电镀,\"' ;|", min_size=1).filter(lambda t: t == t.strip() != ""),
        "places": st.none() | st.lists(st.sampled_from("abc"), min_size=1).map("|".join),
    }
)
KINDS = ("text", "slug", "code", "number", "integer", "boolean", "date", "choice", "reference")


@given(rows=st.lists(ROW, min_size=1, max_size=5, unique_by=lambda row: row["id"]))
def test_what_is_written_is_read(tmp_path_factory, rows):
    """A table of valid cells comes back as it was."""
    path = tmp_path_factory.mktemp("any") / "any.csv"
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(SCHEMA.columns))
        writer.writeheader()
        writer.writerows(rows)
    read = read_table(path, SCHEMA, name="any.csv", known={})
    for row, given_row in zip(read.to_dict("records"), rows, strict=True):
        for name, value in given_row.items():
            empty = row[name] is None or row[name] != row[name] or str(row[name]) == "<NA>"
            assert empty if value is None else row[name] == value, name


@given(text=st.text(max_size=40), kind=st.sampled_from(KINDS), is_list=st.booleans())
def test_any_cell_is_judged(text, kind, is_list):
    """A cell gives a value or a fault with a remedy, never an exception and never both."""
    column = Column(kind=kind, is_list=is_list, choices=("river", "lake"))
    value, what, do = judge(text.strip(), column, known={})
    assert (what == "") == (do == "")
    assert value is None or what == ""


@given(text=st.text(max_size=30))
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


@given(text=st.text(max_size=30))
def test_any_text_may_be_looked_up(text):
    assert substance_id(text) is None or substance_id(text) in set(table("substances").id)
    assert all(code.startswith("50") for code in divisions_of(text))


@given(row=st.sampled_from(table("substances").to_dict("records")), spaced=st.booleans())
def test_width_and_space_do_not_matter(row, spaced):
    """The names of a substance lead to it, also in full-width signs."""
    for name in (row["name_en"], row["name_da"], row["name_zh"]):
        wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in name)
        assert substance_id(f" {wide} " if spaced else wide) == row["id"]
