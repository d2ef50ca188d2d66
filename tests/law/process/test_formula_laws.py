"""What must hold for any formula that somebody may write on a page, and for any page."""

import math
import tomllib
from contextlib import suppress
from importlib import resources

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from renvand.errors import RenvandError
from renvand.process.export import formula
from renvand.process.expression import (
    FormulaFault,
    Term,
    derive,
    evaluate,
    parse,
    slope_lines,
    walk,
    write,
)
from renvand.process.model import load_model
from renvand.process.page import make_page

SYMBOLS = ("S", "X", "K", "mu")
PAGE = (resources.files("renvand.process") / "models" / "asm1.toml").read_text(encoding="utf-8")
words = st.sampled_from(
    [*SYMBOLS, "sat(", "inh(", "(", ")", "+", "-", "*", "/", "**", ",", ".", " ", "1", "9", "1e9",
     "0x", "_", "__", "lambda", "if", "else", "for", "in", "not", "and", "True", "None", "j", "e",
     "import", "await", "yield", ":=", "[", "]", "{", "}", "'", '"', "\n", "\\", "#", ";", "@",
     "\0", "\u200b", "ﬁ", "𝐒"]
)  # fmt: skip
texts = st.one_of(st.lists(words, max_size=40).map("".join), st.text(max_size=60))
numbers = st.floats(0.01, 100.0)
leaves = st.one_of(
    st.sampled_from([Term("symbol", name=name) for name in SYMBOLS]),
    st.integers(1, 9).map(lambda n: Term("number", number=float(n))),
)
positive = st.recursive(  # formulas that are positive and smooth where all symbols are positive
    leaves,
    lambda inner: st.tuples(st.sampled_from(["+", "*", "/", "sat", "inh"]), inner, inner).map(
        lambda made: Term(made[0], made[1:])
    ),
    max_leaves=12,
)
values = st.fixed_dictionaries(dict.fromkeys(SYMBOLS, numbers))


def run(term, numbers):
    """Run the text that a kernel would hold."""
    slopes = {}
    names = {name: f"c_{name}" for name in SYMBOLS}
    text = write(term, names, slopes=slopes)
    place = {f"c_{name}": value for name, value in numbers.items()}
    for line in slope_lines(slopes, names):
        exec(line, {}, place)
    return eval(text, {}, place)


@settings(max_examples=400, deadline=None)
@given(text=texts)
@example(text="(" * 59 + "S" + ")" * 59)
@example(text="9" * 1999)
@example(text="1if S else 2")
@example(text="S" + "(S" * 900)
@example(text="0x" + "f" * 1900)
def test_whatever_is_written_is_arithmetic_or_refused(text):
    """Nothing else comes of it: no code runs, nothing crashes, nothing takes long."""
    term = None
    with suppress(FormulaFault):
        term = parse(text, symbols=SYMBOLS)
    if term is None:
        return
    assert {one.op for one in walk(term)} <= {"number", "symbol", "+", "-", "*", "/", "sat", "inh"}
    assert {one.name for one in walk(term) if one.op == "symbol"} <= set(SYMBOLS)
    with np.errstate(all="ignore"):
        float(evaluate(term, dict.fromkeys(SYMBOLS, 2.0)))


@settings(max_examples=200, deadline=None)
@given(term=positive, numbers=values)
def test_a_formula_is_written_back_as_it_was(term, numbers):
    """As on the page, and as a kernel runs it."""
    again = parse(formula(term), symbols=SYMBOLS)
    with np.errstate(all="ignore"):
        due = float(evaluate(term, numbers))
        assume(math.isfinite(due) and due < 1e100)
        assert math.isclose(float(evaluate(again, numbers)), due, rel_tol=1e-12)
        assert math.isclose(run(term, numbers), due, rel_tol=1e-12, abs_tol=1e-12)


@settings(max_examples=300, deadline=None)
@given(term=positive, numbers=values, symbol=st.sampled_from(SYMBOLS))
def test_the_derivative_is_the_limit_of_differences(term, numbers, symbol):
    """Exact, and it runs in a kernel like the formula itself."""
    step = 1e-4 * numbers[symbol]
    points = [
        float(evaluate(term, {**numbers, symbol: numbers[symbol] + k * step}))
        for k in (-2, -1, 0, 1, 2)
    ]
    assume(max(points) < 1e12)
    found = float(evaluate(derive(term, symbol), numbers))
    due = (points[0] - 8 * points[1] + 8 * points[3] - points[4]) / (12 * step)
    assert abs(found - due) <= 1e-6 * (abs(due) + points[2] / numbers[symbol])
    assert math.isclose(run(derive(term, symbol), numbers), found, rel_tol=1e-9, abs_tol=1e-12)


@pytest.mark.parametrize("word", ["sat", "inh"])
def test_deep_nesting_does_not_explode(word):
    """Twenty-five brackets inside each other: text, derivative and its text stay small."""
    text = "S"
    for _ in range(25):
        text = f"{word}({text}, K)"
    term = parse(text, symbols=SYMBOLS)
    slopes: dict[Term, str] = {}
    names = {name: name for name in SYMBOLS}
    assert len(write(term, names, slopes=slopes)) < 2_000
    assert len(slopes) == 25
    assert len(write(derive(term, "S"), names, slopes=slopes)) < 100_000


edits = st.lists(
    st.tuples(
        st.integers(0, len(PAGE) - 1),
        st.integers(0, 30),
        st.one_of(words, st.sampled_from(["?", "  ", "1e309", "'''", "[sets.x]\n", "= 1\n"])),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=150, deadline=None)
@given(edits=edits)
def test_a_damaged_page_is_refused_in_words_or_works(edits):
    """Whatever is torn out of it or written into it: faults with place and remedy, or a model."""
    text = PAGE
    for place, length, instead in edits:
        text = text[:place] + instead + text[place + length :]
    try:
        page = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    faults, model = [], None
    try:
        model = load_model(make_page(page, name="my.toml"))
    except RenvandError as error:
        faults = error.faults
    assert all(fault.where and fault.what and fault.do for fault in faults)
    assert bool(faults) == (model is None)
    if model is not None:
        assert np.isfinite(model.conversion(np.ones(len(model.components)))).all()
