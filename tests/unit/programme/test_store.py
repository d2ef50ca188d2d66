"""What a stage made is kept whole, and comes back as it was."""

import datetime as dt

import pandas as pd
import pytest

from renvand.errors import Fault, FileError
from renvand.programme import store
from renvand.programme.stage import Product
from renvand.programme.why import ledger, why
from renvand.steps.outcome import Outcome
from renvand.trace import Figure, Origin

METER = Origin(
    file="meters.csv", row="m1", value="12", basis="measured", source="site", locator="p. 3"
)
FLOW = Figure(id="review.a.flow", value=12.0, unit="m3/d", method="meter", made_of=(METER,))
USE = Figure(
    id="review.a.use",
    value=3.0,
    unit="m3/t",
    low=2.0,
    high=4.0,
    method="ratio",
    made_of=("review.a.flow",),
)
TABLE = pd.DataFrame(
    {
        "code": ["3360", "1752"],
        "flow": [1.5, None],
        "on": [dt.date(2026, 1, 2), None],
        "name": ["=cmd|x", "电镀"],
    }
)


@pytest.fixture
def product():
    fault = Fault(where="meters.csv", what="is odd.", do="Look.")
    outcome = Outcome(
        tables={"streams": TABLE},
        figures=(FLOW, USE),
        findings=(fault,),
        extras={"map": {"a": [1]}},
    )
    return Product(outcome=outcome, documents={"sub/page.en.html": b"<p>"})


def test_a_product_comes_back_as_it_was(product, tmp_path):
    store.keep(product, tmp_path / "review")
    again = store.recall(tmp_path / "review")
    pd.testing.assert_frame_equal(again.tables["streams"], TABLE)
    assert again.figures == (FLOW, USE)
    assert again.findings == product.outcome.findings
    assert again.extras == {"map": {"a": [1]}}
    assert (tmp_path / "review/sub/page.en.html").read_bytes() == b"<p>"


def test_a_text_from_data_is_no_formula_in_a_spreadsheet(product, tmp_path):
    store.keep(product, tmp_path / "review")
    assert "'=cmd|x" in (tmp_path / "review/streams.csv").read_text(encoding="utf-8")


def test_the_same_product_is_the_same_bytes(product, tmp_path):
    first = store.keep(product, tmp_path / "review")
    second = store.keep(product, tmp_path / "review")
    assert first == second
    assert len(first) == 6


def test_what_an_earlier_run_left_half_done_is_no_hindrance(product, tmp_path):
    (tmp_path / ".review.new/typed").mkdir(parents=True)
    (tmp_path / ".review.old").mkdir()
    store.keep(product, tmp_path / "review")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["review"]


def test_why_walks_from_a_figure_to_the_measurement(product, tmp_path):
    store.keep(product, tmp_path / "out/review")
    sources = {"site": {"title": "Visit", "publisher": "Secretariat", "year": 2026}}
    links = list(why("review.a.use", ledger(tmp_path), sources=sources))
    assert [(link.depth, link.item) for link in links] == [(0, USE), (1, FLOW), (2, METER)]
    assert links[-1].citation == "Secretariat. Visit (2026), p. 3"


def test_an_unknown_figure_is_answered_with_the_nearest(product, tmp_path):
    store.keep(product, tmp_path / "out/review")
    with pytest.raises(FileError, match=r"Did you mean 'review\.a\.use'\?"):
        list(why("review.a.usee", ledger(tmp_path), sources={}))


def test_a_case_that_was_never_run_says_so(tmp_path):
    with pytest.raises(FileError, match="holds no figures yet"):
        ledger(tmp_path)
