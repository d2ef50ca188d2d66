"""What a run leaves is told on pages in every language: how figures are made, what tables hold."""

import pytest

from renvand.programme.why import ledger
from renvand.text.words import catalogue
from renvand.web import told


@pytest.mark.parametrize("language", ["da", "zh"])
def test_each_method_of_a_run_is_told(example, language):
    methods = {figure.method for figure in ledger(example).figures.values()}
    assert [m for m in sorted(methods) if not told.said(m, language)[1]] == []


def test_each_table_of_a_run_has_a_name(example):
    tables = {path.stem for path in (example / "out").glob("*/*.csv")}
    assert sorted(name for name in tables if f"table.{name}" not in catalogue()) == []
