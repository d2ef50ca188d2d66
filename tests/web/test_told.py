"""What the program says of wrong input reaches a person in the language of the page."""

import csv
import re
from importlib import resources

import pytest

from renvand.errors import Fault, near
from renvand.knowledge.schema import Column, judge
from renvand.web import told

ROWS = list(
    csv.DictReader((resources.files("renvand.web") / "told.csv").read_text("utf-8").splitlines())
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["en"][:40])
def test_each_sentence_holds_the_same_parts_in_every_language(row):
    parts = {language: sorted(re.findall(r"\{(\w)\}", text)) for language, text in row.items()}
    assert parts["en"] == parts["da"] == parts["zh"]
    assert all(row.values())


def column(kind: str, **rules) -> Column:
    return Column(kind=kind, help={}, **rules)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("0,5", column("number")),
        ("much", column("number")),
        ("nan", column("number")),
        ("7", column("number", low=0, high=1, unit="m3/d")),
        ("1.5", column("integer")),
        ("perhaps", column("boolean")),
        ("2026-13-01", column("date")),
        ("03/04/2026", column("date")),
        ("soon", column("date")),
        ("Big Name", column("slug")),
        ("a b", column("code")),
        ("medum", column("choice", choices=("low", "medium", "high"))),
        ("x", column("choice", choices=tuple("abcdefghijklmnopq"))),
        ("", column("text", is_required=True)),
    ],
)
@pytest.mark.parametrize("language", ["da", "zh"])
def test_whatever_is_wrong_with_a_cell_is_said(text, rule, language):
    _, what, do = judge(text, rule, known={})
    (fault,) = told.in_words([Fault(where="meters.csv, line 4", what=what, do=do)], language)
    assert fault.lang != "en"
    assert fault.what != what
    assert fault.where == {"da": "meters.csv, linje 4", "zh": "meters.csv, 第4行"}[language]


def test_sentences_in_a_row_are_said_one_by_one():
    do = f"It was left out of the balance; check the meter. {near('x', ['y'])}"
    assert told.said(do, "zh") == ("该读数未计入平衡；请检查仪表。可用：y。", True)


def test_what_is_not_known_stays_and_says_so():
    (fault,) = told.in_words([Fault(where="x", what="is quite odd {a}.", do="Look.")], "da")
    assert (fault.what, fault.lang) == ("is quite odd {a}.", "en")
