"""What is wrong with many rows in the same way is told once."""

from renvand.errors import Fault
from renvand.steps.register.gathered import gathered


def unit(line, what="'个/L' is no unit."):
    return Fault(where=f"inbox/a.csv, line {line}, unit", what=what, do="Give mg/L.")


def test_rows_alike_become_one_finding_that_names_the_first():
    found = gathered([unit(2), unit(3), Fault(where="x", what="y", do="z"), unit(5), unit(9)])
    assert [str(finding) for finding in found] == [
        "inbox/a.csv, lines 2, 3, 5 and 1 more, unit: '个/L' is no unit. Give mg/L.",
        "x: y z",
    ]


def test_other_words_columns_and_files_stay_apart():
    other = Fault(where="inbox/a.csv, line 2", what="'个/L' is no unit.", do="Give mg/L.")
    given = [unit(2), unit(3, "'吨' is no unit."), other]
    assert gathered(given) == given
