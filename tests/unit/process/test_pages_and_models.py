"""Formulas, pages and models."""

import tomllib
from importlib import resources

import numpy as np
import pytest

from renvand.errors import PlantError
from renvand.process.dimension import parse_unit, unit_of, written
from renvand.process.export import formula
from renvand.process.expression import derive, evaluate, parse
from renvand.process.model import check, load_model
from renvand.process.page import make_page, own_pages, page_names, read_page

VALUES = {"a": 2.0, "b": 3.0, "S": 5.0}
PAGE = (resources.files("renvand.process") / "models" / "asm1.toml").read_text("utf-8")


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


def test_a_page_of_ones_own_is_read_from_a_file(tmp_path):
    """A file in a case folder works like a shipped page."""
    from importlib import resources

    text = (resources.files("renvand.process") / "models" / "asm1.toml").read_text("utf-8")
    (tmp_path / "mine.toml").write_text(text.replace("mu_A    0.5 ", "mu_A    0.6 "), "utf-8")
    assert load_model(tmp_path / "mine.toml").values["mu_A"] == 0.6
    assert read_page(tmp_path / "mine.toml").name == "mine"


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


@pytest.mark.parametrize("name", page_names())
def test_every_shipped_page_passes_its_own_check(name):
    """With all of its parameter sets."""
    assert check(name).name == name


def test_published_sets_stand_beside_the_table():
    """Each at its own temperature, with source and confidence."""
    sets = read_page("asm1").sets
    assert list(sets) == ["benchmark", "typical-20C", "typical-10C"]
    assert sets["typical-10C"].confidence == "low"
    cold = load_model("asm1", set_name="typical-10C")
    assert (cold.temperature, cold.values["mu_H"], cold.values["k_h"]) == (10.0, 3.0, 1.0)
    assert cold.at(20.0)["mu_H"] == pytest.approx(3.0 * 1.0592238**10)


@pytest.mark.parametrize("name", ["asm2d", "asm3"])
def test_two_published_temperatures_agree_with_the_factors(name):
    """A page's factor per °C takes the set at 10 °C to the published values at 20 °C."""
    page = read_page(name)
    cold = load_model(page, set_name="typical-10C")
    warm = load_model(page, set_name="typical-20C" if "typical-20C" in page.sets else "")
    heated = cold.at(20.0)
    for name_ in page.sets["typical-10C"].values:
        assert heated[name_] == pytest.approx(warm.values[name_], rel=2e-3), name_


def test_what_a_page_computes_follows_what_is_changed():
    """A parameter that is a formula of another, unless it too was given."""
    page = make_page(tomllib.loads(PAGE.replace("mu_A    0.5 ", "mu_A    mu_H/8 ")), name="x.toml")
    model = load_model(page)
    assert model.values["mu_A"] == 0.5
    assert model.changed({"mu_H": 8.0}).values["mu_A"] == 1.0
    assert model.changed({"mu_A": 2.0}).changed({"mu_H": 8.0}).values["mu_A"] == 2.0


def test_an_unknown_parameter_or_set_is_named():
    """With a suggestion."""
    with pytest.raises(PlantError, match=r"mu_B: is not a parameter\. Did you mean 'mu_H'\?"):
        load_model("asm1").changed({"mu_B": 1.0})
    with pytest.raises(PlantError, match=r"set 'benchmarc': is not known\. Did you mean 'benchm"):
        load_model("asm1", set_name="benchmarc")


def test_a_page_brings_its_own_sources():
    """Cited by parameters and sets like the shipped ones."""
    row = "f_P     0.08    1            1          "
    page = tomllib.loads(PAGE.replace(f"{row}bsm1_2018", f"{row}measured"))
    page["sources"] = {"measured": {"title": "Respirometry at our plant", "year": 2026}}
    assert make_page(page, name="mine.toml").sources["measured"]["year"] == 2026


def test_own_pages_are_those_with_a_matrix(tmp_path):
    """A drawing in the same folder is none."""
    (tmp_path / "mine.toml").write_text(PAGE, "utf-8")
    (tmp_path / "plant.toml").write_text('name = "P"\n', "utf-8")
    assert own_pages(tmp_path) == (tmp_path / "mine.toml",)


def test_gases_leave_at_their_own_speed():
    """What a page declares under gases stands by component; oxygen is not among them."""
    model = load_model("asm1-n2o")
    speed = dict(zip(model.components, model.gas_speed, strict=True))
    saturation = dict(zip(model.components, model.gas_saturation, strict=True))
    assert speed["S_N2O"] == pytest.approx((1.77 / 2.12) ** 0.5, rel=1e-6)
    assert (speed["S_O"], speed["S_NH"], saturation["S_N2O"]) == (0.0, 0.0, 0.0)
    assert saturation["S_N2"] == pytest.approx(0.78 * 28 / 1.64, rel=1e-6)
    assert load_model("asm1").gas_speed.sum() == 0.0


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("mu * S", "gN/m3/d"),
        ("S / K", "1"),
        ("sat(S, K) * X", "gCOD/m3"),
        ("S + 2 * K", "gN/m3"),
        ("X / S", "gCOD/gN"),
        ("1 - Y", "gCOD/gN"),
    ],
)
def test_the_unit_of_a_formula(text, unit):
    """Numbers written out take the unit that fits."""
    units = {
        "S": parse_unit("gN/m3"), "K": parse_unit("gN/m3"), "X": parse_unit("gCOD/m3"),
        "mu": parse_unit("1/d"), "Y": parse_unit("gCOD/gN"),
    }  # fmt: skip
    assert written(unit_of(parse(text, symbols=units), units)) == unit
