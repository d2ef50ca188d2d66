"""Where the partnership stands on a day."""

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from renvand.steps.case import CaseData
from renvand.steps.secretariat import secretariat


@pytest.fixture
def case():
    budget = pd.DataFrame(
        {
            "id": ["reviews", "travel"],
            "planned_dkk": [150_000.0, 45_000.0],
            "committed_dkk": [150_000.0, 50_000.0],
            "spent_dkk": [131_000.0, None],
        }
    )
    actions = pd.DataFrame(
        {
            "id": ["kick-off", "consent", "seminar"],
            "due_on": [dt.date(2026, 1, 10), dt.date(2026, 4, 10), dt.date(2027, 5, 11)],
            "done_on": [dt.date(2026, 1, 9), None, None],
        }
    )
    settings = {"case": {"as_of": dt.date(2026, 11, 23)}}
    tables = {"budget": budget, "actions": actions}
    return CaseData(folder=Path(), settings=settings, sources={}, tables=tables)


def test_a_line_committed_beyond_its_plan_is_named(case):
    found = [str(finding) for finding in secretariat(case).findings]
    assert found[0] == (
        "budget.csv, travel: 50,000 DKK committed, 45,000 planned. "
        "Move money between lines, or ask the agency."
    )


def test_an_action_is_done_late_or_open_on_the_day_of_the_report(case):
    outcome = secretariat(case)
    assert list(outcome.tables["actions"]["state"]) == ["done", "late", "open"]
    assert [str(f) for f in outcome.findings[1:]] == [
        "actions.csv, consent: was due on 2026-04-10. Finish it, or agree a new date."
    ]


def test_what_is_left_is_planned_less_spent(case):
    budget = secretariat(case).tables["budget"]
    assert list(budget["left_dkk"]) == [19_000.0, 45_000.0]


def test_sums_lead_back_to_the_lines(case):
    spent = next(f for f in secretariat(case).figures if f.id == "secretariat.spent")
    assert spent.value == 131_000.0
    assert [origin.row for origin in spent.made_of] == ["reviews", "travel"]
