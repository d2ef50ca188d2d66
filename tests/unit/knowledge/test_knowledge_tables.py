"""Every table that comes with the package is whole: readable, sourced, and in three languages."""

import re
from importlib import resources
from pathlib import Path

import pytest

from renvand.knowledge import Column, shipped_schema, sources, table

FOLDER = resources.files("renvand.knowledge") / "tables"
TABLES = sorted(f.name.removesuffix(".csv") for f in FOLDER.iterdir() if f.name.endswith(".csv"))
LANGUAGES = {"en", "da", "zh"}
LARGEST_BYTES = 3_000_000  # all tables together, so that the wheel stays small
KINDS = {
    *("law", "standard", "guideline", "paper", "data", "code", "web"),
    *("derived", "planning", "own entry"),
}
HAN = re.compile(r"[\u4e00-\u9fff]")


def cells(name, column):
    """Yield every value of a column, lists taken apart."""
    rule = shipped_schema(name).columns[column]
    for cell in table(name)[column].dropna():
        yield from str(cell).split("|") if rule.is_list else [cell]


def columns(kind):
    return [
        (name, column)
        for name in TABLES
        for column, rule in shipped_schema(name).columns.items()
        if rule.kind == kind
    ]


@pytest.mark.parametrize("name", TABLES)
def test_a_table_reads_and_is_not_empty(name):
    assert len(table(name)) > 0


@pytest.mark.parametrize("name", TABLES)
def test_a_table_and_its_columns_are_explained_in_three_languages(name):
    schema = shipped_schema(name)
    assert set(schema.help) == LANGUAGES
    for column, rule in schema.columns.items():
        assert set(rule.help) == LANGUAGES, f"{name}.{column}"
        assert all(rule.help.values()), f"{name}.{column}"
        assert HAN.search(rule.help["zh"]), f"{name}.{column}"


@pytest.mark.parametrize("name", TABLES)
def test_a_table_with_numbers_has_sources_and_confidence(name):
    schema = shipped_schema(name)
    if any(rule.kind == "number" for rule in schema.columns.values()):
        assert {"source", "confidence"} <= set(schema.columns)


@pytest.mark.parametrize(("name", "column"), columns("reference"))
def test_every_reference_resolves(name, column):
    rule = shipped_schema(name).columns[column]
    known = set(table(rule.refers_to).iloc[:, 0])
    assert set(cells(name, column)) <= known


@pytest.mark.parametrize("name", TABLES)
def test_texts_stand_in_all_languages(name):
    """What has an English text has a Danish and a Chinese one, and the Chinese is Chinese."""
    frame = table(name)
    for stem in {c.removesuffix("_en") for c in frame.columns if c.endswith("_en")}:
        if name == "divisions":  # pinyin serves for Danish
            continue
        for language in sorted(LANGUAGES):
            assert frame[f"{stem}_{language}"].notna().all(), f"{name}.{stem}_{language}"
    for column in (c for c in frame.columns if c.endswith("_zh")):
        odd = [text for text in frame[column].dropna() if not HAN.search(text)]
        assert all(odd_text.isascii() for odd_text in odd), f"{name}.{column}: {odd}"


@pytest.mark.parametrize("name", TABLES)
def test_a_judgement_is_never_more_than_low(name):
    """Planning values were not read anywhere, so no page may show them as verified."""
    frame = table(name)
    if {"source", "confidence"} <= set(frame.columns) and name != "glossary":
        judged = frame[frame.source.map(lambda key: sources()[key]["kind"] == "planning")]
        assert set(judged.confidence) <= {"low"}


@pytest.mark.parametrize("name", TABLES)
def test_low_typical_and_high_are_in_order(name):
    frame = table(name)
    for low in (c for c in frame.columns if c == "low" or c.endswith("_low")):
        middle, high = low[:-3] + "typical", low[:-3] + "high"
        ends = [c for c in (low, middle, high) if c in frame.columns]
        for row in frame[ends].itertuples(index=False):
            known = [value for value in row if value == value]
            assert known == sorted(known), f"{name}: {row}"


@pytest.mark.parametrize("key", sorted(sources()))
def test_a_source_says_what_it_is(key):
    entry = sources()[key]
    assert {"title", "publisher", "year", "kind"} <= set(entry)
    assert entry["kind"] in KINDS


def test_the_tables_stay_small():
    assert sum(len(f.read_bytes()) for f in FOLDER.iterdir()) < LARGEST_BYTES


def test_each_table_has_its_sidecar_and_no_other():
    sidecars = {f.name.removesuffix(".toml") for f in FOLDER.iterdir() if f.name.endswith(".toml")}
    assert sidecars == set(TABLES)


def test_the_licence_of_the_reference_plants_is_carried_along():
    text = resources.files("renvand.knowledge") / "licences" / "yrd93.txt"
    assert "Copyright (c) 2025 Biaoo" in text.read_text(encoding="utf-8")


def test_a_column_may_borrow_and_overrule():
    rule = shipped_schema("technologies").columns["water_saving_low"]
    assert (rule.kind, rule.unit, rule.low, rule.high) == ("number", "share", 0.0, 1.0)
    assert isinstance(rule, Column)


def test_every_table_is_explained():
    """A table that the documentation does not name is not finished."""
    page = Path(__file__).parents[3] / "docs" / "explanation" / "knowledge.md"
    text = page.read_text(encoding="utf-8")
    assert [name for name in TABLES if f"`{name}`" not in text] == []
