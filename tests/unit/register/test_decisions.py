"""What a person decided is asked once."""

from pathlib import Path

import pytest

from renvand.errors import FileError
from renvand.steps.case import CaseData
from renvand.steps.register.decisions import FILE, Decision, decide, decisions


def case(folder=Path("nowhere"), **inbox):
    return CaseData(folder=folder, settings={}, sources={}, tables={}, inbox=inbox)


def test_a_written_decision_is_read_again(tmp_path):
    decide(tmp_path, Decision(first="a", second="b", verdict="same", by="Li", on="2026-11-23"))
    decide(tmp_path, Decision(first="c", second="d", verdict="different", by="Li"))
    found = decisions(case(tmp_path))
    assert found.verdict("b", "a") == "same"
    assert found.pairs("different") == [("c", "d")]
    assert found.verdict("a", "c") == ""


def test_the_last_decision_on_a_pair_counts(tmp_path):
    for verdict in ("same", "different"):
        decide(tmp_path, Decision(first="a", second="b", verdict=verdict, by="Li"))
    assert decisions(case(tmp_path)).verdict("a", "b") == "different"


def test_without_a_file_nothing_is_decided(tmp_path):
    assert decisions(case(tmp_path)).given == ()


def test_a_record_may_hand_decisions_over():
    given = {"first": "a", "second": "b", "verdict": "same", "by": "Li"}
    assert decisions(case(decisions=[given])).verdict("a", "b") == "same"


def test_all_faults_of_the_file_are_told_at_once(tmp_path):
    (tmp_path / "inbox").mkdir()
    (tmp_path / FILE).write_text("first,second,verdict,by\na,b,sane,Li\na,,same,\n")
    with pytest.raises(FileError) as told:
        decisions(case(tmp_path))
    assert [str(fault) for fault in told.value.faults] == [
        "inbox/decisions.csv, line 2, verdict: 'sane' is no verdict. Did you mean 'same'?",
        "inbox/decisions.csv, line 3, second: is empty. Fill it in.",
        "inbox/decisions.csv, line 3, by: is empty. Fill it in.",
    ]


def test_a_missing_column_is_told(tmp_path):
    (tmp_path / "inbox").mkdir()
    (tmp_path / FILE).write_text("first,second,verdict\n")
    with pytest.raises(FileError) as told:
        decisions(case(tmp_path))
    assert str(told.value) == (
        "inbox/decisions.csv: has no column 'by'. Columns: first, second, verdict, by, on, note."
    )
