"""Formulas, pages, models, their export, and the cache of compiled code."""

import logging

import numpy as np
import pytest

from renvand.process import compiled
from renvand.process.export import formula, latex, markdown, workbook
from renvand.process.expression import derive, evaluate, parse
from renvand.process.model import load_model
from renvand.process.page import read_page

VALUES = {"a": 2.0, "b": 3.0, "S": 5.0}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a + b * S", 17.0),
        ("a - b - S", -6.0),
        ("a / b / S", 2 / 15),
        ("-(a - b) * 2", 2.0),
        ("sat(S, a)", 5 / 7),
        ("inh(S, a)", 2 / 7),
        ("1e-3 * a", 2e-3),
    ],
)
def test_a_formula_is_arithmetic(text, value):
    """Operators bind as on paper."""
    assert evaluate(parse(text, symbols=VALUES), VALUES) == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize("text", ["a - (b - S)", "a / (b * S)", "-a * b", "sat(S, a * b) / S"])
def test_a_formula_is_written_back_with_the_brackets_it_needs(text):
    """Writing and reading again gives the same formula."""
    term = parse(text, symbols=VALUES)
    assert parse(formula(term), symbols=VALUES) == term


def test_a_saturation_keeps_its_slope_below_zero():
    """A slightly negative concentration gives a small negative rate, with the same slope."""
    term = parse("sat(S, a)", symbols=VALUES)
    assert evaluate(term, {"S": -1e-6, "a": 2.0}) == pytest.approx(-5e-7, rel=1e-5)
    assert evaluate(derive(term, "S"), {"S": 0.0, "a": 2.0}) == pytest.approx(0.5)


def test_an_empty_tank_reacts_not_at_all():
    """0/0 of an empty tank is 0."""
    model = load_model("asm1")
    assert (model.conversion(np.zeros(len(model.components))) == 0).all()


def test_the_page_closes_to_the_published_matrix():
    """Coefficients of ASM1 that '?' stood for, as henze1987 prints them."""
    model = load_model("asm1")
    row = dict(zip(model.components, model.stoichiometry[0], strict=True))
    Y, i_XB = 0.67, 0.08
    assert row["S_O"] == pytest.approx(-(1 - Y) / Y, rel=1e-12)
    assert row["S_NH"] == pytest.approx(-i_XB, rel=1e-12)
    assert row["S_ALK"] == pytest.approx(-i_XB / 14, rel=1e-12)
    anoxic = dict(zip(model.components, model.stoichiometry[1], strict=True))
    assert anoxic["S_NO"] == pytest.approx(-(1 - Y) / (40 / 14 * Y), rel=1e-12)


def test_the_benchmark_set_uses_its_customary_numbers():
    """4.57 and 2.86 instead of 64/14 and 40/14."""
    model = load_model("asm1", set_name="benchmark")
    anoxic = dict(zip(model.components, model.stoichiometry[1], strict=True))
    assert anoxic["S_NO"] == pytest.approx(-(1 - 0.67) / (2.86 * 0.67), rel=1e-12)


def test_parameters_follow_the_temperature():
    """At 10 °C the rates of BSM2's temperature formula."""
    cold = load_model("asm1").at(10.0)
    expected = {"mu_H": 3.0, "b_H": 0.2, "mu_A": 0.3, "b_A": 0.03, "k_h": 2.5, "k_a": 0.04}
    assert {name: cold[name] for name in expected} == pytest.approx(expected, rel=1e-6)


def test_a_model_is_exported_with_its_matrix(tmp_path):
    """Markdown, LaTeX and Excel carry the closed matrix."""
    from openpyxl import load_workbook

    model = load_model("asm1")
    assert "| growth_A |" in markdown(model)
    assert r"growth\_A &" in latex(model)
    workbook(model, tmp_path / "asm1.xlsx")
    sheet = load_workbook(tmp_path / "asm1.xlsx")["Matrix, closed"]
    assert sheet["A2"].value == "growth_H_aer"
    assert sheet.max_row == 1 + len(model.page.processes)


def test_a_page_of_ones_own_is_read_from_a_file(tmp_path):
    """A file in a case folder works like a shipped page."""
    from importlib import resources

    text = (resources.files("renvand.process") / "models" / "asm1.toml").read_text("utf-8")
    (tmp_path / "mine.toml").write_text(text.replace("mu_A    0.5 ", "mu_A    0.6 "), "utf-8")
    assert load_model(tmp_path / "mine.toml").values["mu_A"] == 0.6
    assert read_page(tmp_path / "mine.toml").name == "mine"


def test_the_first_compile_is_announced(tmp_path, monkeypatch, caplog):
    """Who waits is told why; the second time nothing is said."""
    monkeypatch.setattr(compiled, "cache_folder", lambda: tmp_path)
    compiled.load_kernels.cache_clear()
    text = compiled.marked("def twice(x):\n    return 2 * x\n")
    with caplog.at_level(logging.WARNING, logger="renvand.process"):
        assert compiled.load_kernels(text, title="twice").twice(2.0) == 4.0
        compiled.load_kernels.cache_clear()
        assert compiled.load_kernels(text, title="twice").twice(2.0) == 4.0
    assert caplog.messages == ["Compiling twice for this machine: about 15 s, only this once."]


def test_a_cached_file_that_was_changed_is_written_anew(tmp_path, monkeypatch):
    """What lies in the cache is compared with what should lie there."""
    monkeypatch.setattr(compiled, "cache_folder", lambda: tmp_path)
    text = compiled.marked("def thrice(x):\n    return 3 * x\n")
    compiled.load_kernels.cache_clear()
    compiled.load_kernels(text, title="thrice")
    (path,) = tmp_path.glob("*/kernels.py")
    path.write_text("raise SystemExit\n", encoding="utf-8")
    compiled.load_kernels.cache_clear()
    assert compiled.load_kernels(text, title="thrice").thrice(2.0) == 6.0


def test_asm3_closes_to_the_published_matrix():
    """The coefficients of oxygen and nitrate as gujer1999 prints them, to two decimals."""
    model = load_model("asm3")
    names = [process.name for process in model.page.processes]
    printed = {
        ("store_aer", "S_O2"): -0.15,
        ("store_anox", "S_NOX"): -0.07,
        ("growth_H_anox", "S_NOX"): -0.30,
        ("respire_H_aer", "S_O2"): -0.80,
        ("respire_H_anox", "S_NOX"): -0.28,
        ("respire_STO_anox", "S_NOX"): -0.35,
        ("growth_A", "S_O2"): -18.04,
        ("growth_A", "S_NH4"): -4.24,
    }
    for (process, component), value in printed.items():
        found = model.stoichiometry[names.index(process), model.components.index(component)]
        assert found == pytest.approx(value, abs=1e-2), (process, component)
