"""The pages of the techniques: complete, checked, and worked out by hand once."""

import numpy as np
import pytest

from renvand.errors import FileError
from renvand.knowledge import table
from renvand.process.expression import FormulaFault
from renvand.steps.case import records
from renvand.steps.potential.formula import WORDS, formula
from renvand.steps.potential.page import INPUTS, page_of, pages, read_page

# What the programme promises a page of: rinsing, recovery, membranes, precipitation, dyeing.
PROMISED = (
    *("cascade-rinsing", "spray-rinsing", "drag-out-recovery", "vacuum-evaporation"),
    *("ion-exchange-rinse-loop", "reverse-osmosis-plating", "nanofiltration-dye-bath"),
    *("emulsion-ultrafiltration", "ceramic-membrane", "electrodialysis", "electrocoagulation"),
    *("hydroxide-precipitation", "sulphide-precipitation", "chromate-reduction"),
    *("cyanide-oxidation", "oil-separation", "membrane-bioreactor", "low-liquor-dyeing"),
    *("dye-bath-reuse", "counter-current-washing", "caustic-recovery", "effluent-heat-recovery"),
    *("cold-pad-batch", "bioscouring", "enzymatic-bleach-clean-up"),
)
GOOD = {
    "techniques": ["x"],
    "name": {"en": "x", "da": "x", "zh": "x"},
    "principle": {"en": "x", "da": "x", "zh": "x"},
}


@pytest.mark.parametrize("technique", PROMISED)
def test_every_promised_technique_has_a_row_and_a_page(technique):
    """In three languages, with a principle and what it costs."""
    page = page_of(technique)
    assert page is not None
    assert set(page.name) == set(page.principle) == {"en", "da", "zh"}
    row = next(row for row in records(table("technologies")) if row["id"] == technique)
    assert page.investments or row["capex_fixed_cny_typical"] > 0


def test_a_technique_has_one_page_and_a_page_known_techniques():
    """No page is about a technique that is not in the table; none has two."""
    named = [technique for page in pages().values() for technique in page.techniques]
    assert len(named) == len(set(named))
    assert set(named) <= set(table("technologies")["id"])


@pytest.mark.parametrize("name", sorted(pages()))
def test_a_page_works_for_an_empty_and_for_a_large_company(name):
    """Every equation has a finite value, also where nothing is known of the unit."""
    page = pages()[name]
    drawn = {key: np.array([p.range.typical]) for key, p in page.parameters.items()}
    for size in (0.0, 1e3):
        known = page.worked({key: np.array([size]) for key in INPUTS}, drawn=drawn)
        for part in (page.investments, page.costs, page.saves):
            for key, each in part.items():
                assert np.isfinite(page.value(each, known, where=key)).all()
    assert all(np.isfinite(p.range.typical) for p in page.parameters.values())


def test_the_reduction_of_chromate_by_hand():
    """1 kg of Cr(VI) a day: 2.74 x 1.35 kg of metabisulphite; 1.98 kg dry, 6.6 kg of cake."""
    page = pages()["chromate-reduction"]
    drawn = {key: np.array([p.range.typical]) for key, p in page.parameters.items()}
    inputs = dict.fromkeys(INPUTS, np.zeros(1)) | {"cr6_kg_d": np.ones(1)}
    known = page.worked(inputs, drawn=drawn)
    assert known["bisulphite_kg_d"][0] == pytest.approx(2.74 * 1.35)
    assert known["cake_t_d"][0] == pytest.approx(1.98 / 0.30 / 1000)


def test_the_heat_that_comes_back_by_hand():
    """100 m3/d drained, 0.6 hot, 35 K above the supply, 0.75 effective: 1831.725 kWh/d."""
    page = pages()["heat-recovery"]
    drawn = {key: np.array([p.range.typical]) for key, p in page.parameters.items()}
    inputs = dict.fromkeys(INPUTS, np.zeros(1)) | {"drained_m3_d": np.array([100.0])}
    known = page.worked(inputs, drawn=drawn)
    assert known["heat_back_kwh_d"][0] == pytest.approx(100 * 0.6 * 1.163 * 0.75 * 35)


@pytest.mark.parametrize(
    ("text", "value"),
    [("2 + 3 * 4", 14), ("-a ** 2", -9), ("min(a, 2) + max(1, a)", 5), ("sqrt(exp(log(4)))", 2)],
)
def test_formulas_are_worked_out_as_they_are_read(text, value):
    """The usual order of signs."""
    made = formula(text, names={"a"}).work({"a": np.array([3.0])})
    assert made[0] == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a +", "'a +' is not a formula."),
        ("b", "'b' is not known."),
        ("__import__('os')", "'__import__('os')' is not allowed."),
        ("a.real", "'a.real' is not allowed."),
        ("a if a else 1", "'a if a else 1' is not allowed."),
        ("min(a)", "'min(a)' is not allowed."),
        ("[a for a in a]", "'[a for a in a]' is not allowed."),
        ("True", "'True' is not allowed."),
        ("1+" * 2000 + "1", "has 4001 characters; 2000 are allowed."),
    ],
)
def test_what_is_no_formula_is_refused(text, message):
    """A page is data: nothing of it is ever run."""
    with pytest.raises(FormulaFault) as caught:
        formula(text, names={"a"})
    assert caught.value.what == message
    assert caught.value.do


def test_a_formula_may_be_long_but_not_deep():
    """A deep one is refused before Python's own limit."""
    with pytest.raises(FormulaFault, match="nests more than"):
        formula("-(" * 200 + "1" + ")" * 200, names=())


def test_all_faults_of_a_page_come_at_once():
    """With the place in the page and the near word."""
    page = GOOD | {
        "parameters": {"dose": "bioscouring.dos"},
        "applies": "suited",
        "equations": {"enzyme_kg_d": "production_t * 2"},
        "investments": {"plant": {"curve": "evaporator", "size": "1"}},
        "costs": {"enzym": "1"},
        "validity": {"cod_mg_l": [5, 1]},
    }
    with pytest.raises(FileError) as caught:
        read_page(page, name="bio.toml")
    assert [str(fault) for fault in caught.value.faults] == [
        "bio.toml, parameters.dose: 'bioscouring.dos' is no row of unit_defaults. "
        "Did you mean 'bioscouring.dose'?",
        "bio.toml, equations.enzyme_kg_d: 'production_t' is not known. "
        "Did you mean 'production_t_d'?",
        "bio.toml, investments.plant: 'evaporator' is no row of cost_curves. "
        "Did you mean 'evaporator-cn'?",
        "bio.toml, costs: 'enzym' is not known. Did you mean 'enzyme'?",
        "bio.toml, applies: 'suited' is no parameter. Add it under [parameters].",
        "bio.toml, validity.cod_mg_l: [5, 1] is no range. Write [low, high].",
    ]


def test_an_unknown_key_of_a_page_is_refused():
    """And what is missing is named."""
    with pytest.raises(FileError) as caught:
        read_page({"equation": {}, **{k: GOOD[k] for k in ("techniques", "name")}}, name="x.toml")
    assert [str(fault) for fault in caught.value.faults] == [
        "x.toml: 'equation' is no key of a page. Did you mean 'equations'?",
        "x.toml: 'principle' is missing. Add it.",
    ]


def test_words_of_formulas_are_documented():
    """Each word stands in the page on formats."""
    from pathlib import Path

    page = Path(__file__).resolve().parents[3] / "docs" / "reference" / "technique-format.md"
    text = page.read_text(encoding="utf-8")
    assert all(f"`{word}`" in text for word in WORDS)
    assert all(f"`{name}`" in text for name in INPUTS)
