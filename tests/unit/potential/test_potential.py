"""The potential of a constructed company, and of the five of the example."""

from dataclasses import replace
from pathlib import Path

import pytest

from renvand.errors import FileError
from renvand.partnership.folder import read_case
from renvand.steps.case import records
from renvand.steps.potential import potential_of
from renvand.steps.potential.catalogue import suppliers, techniques
from renvand.steps.potential.company import Use, company_of
from renvand.steps.potential.network import water_case
from renvand.steps.potential.rules import RULES, evidence
from renvand.steps.review import review
from renvand.trace import Ledger
from tests.law.potential.companies import plating_shop, stream

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "chongqing"
COMPANY = "dazu-plating"


@pytest.fixture(scope="module")
def case():
    whole = read_case(EXAMPLE)
    return replace(whole, reviews={COMPANY: whole.reviews[COMPANY]})


@pytest.fixture(scope="module")
def reviewed(case):
    return review(case)


@pytest.fixture(scope="module")
def outcome(case, reviewed):
    known = frozenset(figure.id for figure in reviewed.figures)
    streams = reviewed.tables["streams"]
    return potential_of(case, COMPANY, reconciled=streams, known=known)


def test_water_saved_is_the_difference_of_two_balances(outcome):
    """The options of the package add up to what the intake falls by, not to more."""
    total = records(outcome.tables["totals"])[0]
    options = outcome.tables["options"]
    chosen = options[options["is_in_package"]]
    assert chosen["water_m3_a"].sum() == pytest.approx(total["water_saved_m3_a"], rel=1e-6)
    assert total["counted_alone_m3_a"] > total["water_saved_m3_a"]
    assert total["intake_after_m3_d"] > 0


def test_every_option_says_why_with_a_number_of_the_company(outcome):
    """Reason in three languages, evidence in numbers, source and confidence."""
    for option in records(outcome.tables["options"]):
        assert any(letter.isdigit() for letter in option["evidence"])
        assert all(option[f"trigger_{language}"] for language in ("en", "da", "zh"))
        assert option["source"]
        assert option["confidence"] in ("high", "medium", "low")
        assert option["npv_low"] <= option["npv_high"]
        assert 0 <= option["probability_pays"] <= 1


def test_one_technique_answers_one_reason(outcome):
    """Of techniques for the same reason at the same unit, one is in the package."""
    options = outcome.tables["options"]
    chosen = options[options["is_in_package"]]
    assert not chosen.duplicated(["unit", "trigger"]).any()


def test_the_networks_are_proven(outcome):
    """Both networks of the company, within a thousandth."""
    networks = outcome.tables["networks"]
    assert set(networks["network"]) == {"direct", "polished"}
    assert (networks["status"] == "optimal").all()
    assert (networks["gap"] <= 1e-3).all()
    assert (networks["clean_water_m3_d"] < networks["present_m3_d"]).all()


def test_each_pipe_more_saves_more(outcome):
    """The ladder rises to no more than the network without limit saves."""
    rungs = outcome.tables["ladder"].groupby("new_pipes")["saved_m3_d"].first()
    networks = outcome.tables["networks"].set_index("network")
    assert rungs.is_monotonic_increasing
    for language in ("en", "da", "zh"):  # a drain that is no unit's own has the unit's name too
        assert not outcome.tables["ladder"][f"from_{language}"].str.fullmatch(r"s\d+").any()
    assert rungs.max() <= networks.loc["direct", "saved_m3_d"] * 1.001


def test_bars_of_the_abatement_curve_join(outcome):
    """Each bar begins where the one before ends; costs rise."""
    for _, bars in outcome.tables["macc"].groupby("measure"):
        assert bars["start"].iloc[0] == 0
        assert bars["start"].to_list()[1:] == pytest.approx(bars["end"].to_list()[:-1])
        assert bars["cost_per_unit"].is_monotonic_increasing


def test_suppliers_stand_by_the_alphabet_with_their_evidence(case):
    """No order but the alphabet; a page that was not read says so."""
    found = suppliers(case, ["reverse-osmosis-plating"])
    names = found["name"].str.lower().to_list()
    assert names == sorted(names)
    assert set(found.loc[found["evidence_kind"] == "recalled", "is_page_read"]) <= {False}


def test_every_figure_leads_to_rows(outcome, reviewed):
    """From each figure to meters, demands, techniques and prices."""
    ledger = Ledger()
    ledger.add(reviewed.figures)
    ledger.add(outcome.figures)
    for figure in outcome.figures:
        files = {origin.file for origin in ledger.origins(figure.id)}
        assert any(file.startswith(f"reviews/{COMPANY}/") for file in files)
    assert ledger.is_constructed(f"potential.{COMPANY}.water_saved")


def test_an_unsampled_supply_is_told(case, reviewed):
    """Zero is taken, and a person is asked for a sample."""
    company = company_of(case, COMPANY, reconciled=reviewed.tables["streams"])
    _, findings = water_case(company)
    assert str(findings[0]) == (
        "reviews/dazu-plating/samples.csv: the supply was not sampled for Cr, Zn; "
        "0 mg/l is taken. Take a sample of the supply."
    )


def test_an_unknown_review_is_refused(case, reviewed):
    """With the near word."""
    with pytest.raises(FileError, match="no review 'dazu-platin'"):
        potential_of(case, "dazu-platin", reconciled=reviewed.tables["streams"])


def test_a_boiler_has_the_heat_of_the_units_it_gives_steam_to():
    """Its condensate saves their steam, never their power."""
    shop = plating_shop()
    steam = Use(unit="bath", name="steam", amount=1000.0, price=0.35)
    power = replace(steam, name="electricity")
    shop = replace(
        shop,
        kinds={**shop.kinds, "boiler": "boiler"},
        streams=(*shop.streams, stream("s10", "boiler", "bath", "steam", 1.0)),
        energy=(steam, power),
    )
    assert shop.energy_of("boiler") == [steam]
    assert shop.energy_of("bath") == [steam, power]
    assert shop.energy_of("rinse") == []


def test_rules_fire_with_evidence():
    """A running rinse, a metal in it, a drag-out above the planning value."""
    shop = plating_shop()
    assert evidence(shop, "rinse", trigger="running-rinse") == "50 m³/d, 1 → 2: -97 %"
    assert evidence(shop, "rinse", trigger="metal-in-rinse") == "Ni 80 mg/l"
    assert evidence(shop, "rinse", trigger="high-drag-out") == "0.2 l/m² > 0.1 l/m²"
    assert evidence(shop, "rinse", trigger="idle-rinse-flow") == "100 l/m² > 20 l/m²"
    assert evidence(shop, "treatment", trigger="effluent-reusable") == "50.1 m³/d → sewer"
    assert evidence(shop, "rinse", trigger="clean-rinse-drained") == ""
    assert evidence(shop, "rinse", trigger="manual-dosing") == ""


def test_rules_name_triggers_of_the_catalogue(case):
    """No rule for a trigger that no technique has."""
    from renvand.knowledge import table

    assert set(RULES) <= set(table("technologies")["trigger"])


def test_a_technique_for_other_goods_is_not_proposed(case):
    """Cold pad-batch is for woven cloth: a dyer of cotton is asked, a dyer of knits is not."""
    woven = {t.id for t in techniques(case, "textile-dyeing", industry="1713")}
    knit = {t.id for t in techniques(case, "textile-dyeing", industry="1762")}
    unknown = {t.id for t in techniques(case, "textile-dyeing")}
    assert woven - knit == unknown - knit == {"cold-pad-batch"}
