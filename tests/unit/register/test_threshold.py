"""Thresholds are learnt from labelled pairs and measured on others."""

import pandas as pd
import pytest

from renvand.errors import FileError
from renvand.steps.register.similar import Plan, grouped, mutual, pairs
from renvand.steps.register.threshold import Quality, learnt, measured

SCORES = [0.9, 0.8, 0.7, 0.6]
TRUE = [True, True, False, True]


def test_the_best_f1_is_found_between_two_scores():
    quality = learnt(SCORES[:3], TRUE[:3], total=2)
    assert quality == Quality(threshold=pytest.approx(0.75), precision=1.0, recall=1.0)


def test_a_precision_can_be_asked_for():
    assert learnt(SCORES, TRUE, total=3).threshold == pytest.approx(0.3)
    assert learnt(SCORES, TRUE, total=3, precision=1.0).threshold == pytest.approx(0.75)


def test_equal_scores_are_told_together_or_not_at_all():
    quality = learnt([0.9, 0.5, 0.5], [True, True, False], total=2)
    assert quality.threshold in (pytest.approx(0.25), pytest.approx(0.7))


def test_true_pairs_that_were_not_looked_at_count_against_recall():
    quality = measured(SCORES, TRUE, total=6, threshold=0.75)
    assert (quality.precision, quality.recall) == (1.0, pytest.approx(1 / 3))
    assert quality.f1 == pytest.approx(0.5)


FOUND = pd.DataFrame(
    {
        "first": ["a", "a", "b", "x"],
        "second": ["b", "c", "c", "y"],
        "probability": [0.9, 0.8, 0.7, 0.1],
    }
)


def test_groups_follow_chains():
    assert grouped(FOUND, 0.75) == {"a": "a", "b": "a", "c": "a"}


def test_each_record_keeps_its_best_partner():
    found = mutual(FOUND)
    assert list(zip(found["first"], found["second"], strict=True)) == [("a", "b"), ("x", "y")]


def test_a_column_that_is_not_there_is_told():
    plan = Plan(fields={"name": "name"}, blocks=[["name"]], certain=[["code"]], training=[["name"]])
    with pytest.raises(FileError) as told:
        pairs(pd.DataFrame({"id": ["a"], "name": ["A"]}), plan=plan)
    assert str(told.value) == "list: has no column 'code'. Map it, or leave it out."
