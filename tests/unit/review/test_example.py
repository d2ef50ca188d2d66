"""The five reviews of the example case, whose truth is known: what was hidden is found."""

import tomllib

import pytest

from renvand.partnership.folder import read_case
from renvand.steps.review import review
from tests.shared import ROOT


@pytest.fixture(scope="module")
def outcome():
    return review(read_case(ROOT / "examples" / "chongqing"))


def truth(name):
    """True flows as the example's page has them: name, from, to, kind, flow, error."""
    page = tomllib.loads((ROOT / "scripts" / "example_pages" / f"{name}.toml").read_text("utf-8"))
    lines = [line.split() for line in page["tables"]["streams"].strip().splitlines()[1:]]
    return {line[0]: float(line[4]) for line in lines}


def test_the_wrong_meter_and_the_leak_are_found_and_nothing_else(outcome):
    """One meter reads six deviations high at Dazu; 34 m³/d leak at Tongliang."""
    wrong = outcome.tables["tests"].set_index("review")["wrong"]
    assert wrong[wrong > 0].to_dict() == {"dazu-plating": 1}
    told = [str(f) for f in outcome.findings]
    assert any(t.startswith("reviews/dazu-plating/meters.csv, s10: reads ") for t in told)
    assert any(t.startswith("reviews/tongliang-plating/streams.csv, s02: 34.") for t in told)


def test_the_intervals_hold_the_truth(outcome):
    """95 % intervals of the flows of all companies hold at least nine true flows in ten."""
    flows = outcome.tables["streams"].query("quantity == 'flow'").dropna(subset="value")
    hits = [
        row.low - 1e-9 <= truth(row.review)[row.stream] <= row.high + 1e-9
        for row in flows.itertuples()
    ]
    assert len(hits) > 130
    assert sum(hits) / len(hits) >= 0.90


def test_specific_water_is_that_of_the_page(outcome):
    """Within the interval shown; the true values stand in the example's own table."""
    table = outcome.tables["key_figures"].query("indicator == 'specific-water' and place == ''")
    page = {"bishan-plating": 0.446, "dazu-plating": 0.165, "kaizhou-dyeing": 118}
    page |= {"tongliang-plating": 0.758, "wanzhou-dyeing": 77}
    for row in table.itertuples():
        room = 2 * (row.high - row.low)  # the page prints two or three digits
        assert row.low - room <= page[row.review] <= row.high + room
