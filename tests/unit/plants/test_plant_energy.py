"""Air, blowers, pumps and what a run's machines take."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from renvand.errors import PlantError
from renvand.plant import load_plant, own_influent
from renvand.plant.drawing import read_drawing
from renvand.plant.energy import (
    Blowers,
    Diffusers,
    adiabatic_power,
    air_flow,
    blower_power,
    electricity,
    lifting,
    own_equipment,
    read_equipment,
    saturation,
    standard_rate,
)

FINE = Diffusers(depth=5.0, transfer=0.06, alpha=0.6, fouling=0.9)
TURBO = Blowers(number=3, flow=4000, efficiency=0.7, turn_down=0.45, falls=0.1, loss_kpa=5)


def test_saturation_of_clean_water():
    """Standard Methods, 0 to 30 °C."""
    printed = [14.6208, 11.2879, 10.0839, 9.0924, 8.2635, 7.5588]
    assert saturation(np.array([0, 10, 15, 20, 25, 30])) == pytest.approx(printed, abs=2e-3)


def test_a_blower_by_hand():
    """1 kg/s through a pressure ratio of 1.6 at 75 %: 56.4 kW; 10,000 Nm³/h, 60 kPa: 214.6 kW."""
    assert adiabatic_power(1.0, 1.6, efficiency=0.75) == pytest.approx(56.39, abs=0.01)
    one = Blowers(number=1, flow=10_000, efficiency=0.7)
    power, moved = blower_power(10_000, one, depth=60 / 9.81)
    assert power == pytest.approx(214.56, rel=2e-3)
    assert moved == 10_000


def test_a_whole_chain_by_hand():
    """750 kg/h in clean water at 30 %: 8,337 Nm³/h."""
    plates = Diffusers(depth=5.0, transfer=0.06, alpha=0.6)
    assert air_flow(749.6, plates) == pytest.approx(8337, rel=1e-3)


def test_less_oxygen_in_the_tank_takes_less_air():
    """2 to 1 g/m³ at 20 °C and sea level: about a tenth."""
    rates = [standard_rate(100, FINE, dissolved=do, temperature=20) for do in (2.0, 1.0)]
    assert 1 - rates[1] / rates[0] == pytest.approx(0.106, abs=0.015)


@given(st.floats(1, 11_000))
def test_blowers_give_what_is_asked_or_their_least(asked):
    """Never less than asked, never more than the turn-down of one forces."""
    power, moved = blower_power(asked, TURBO, depth=5.0)
    assert moved >= asked * (1 - 1e-12)
    assert moved <= max(asked, TURBO.turn_down * TURBO.flow) * (1 + 1e-9)
    assert power > 0


def test_blowers_at_their_ends():
    """Nothing asked, nothing moved; beyond all, all."""
    power, moved = blower_power(np.array([0.0, 50_000.0]), TURBO, depth=5.0)
    assert moved == pytest.approx([0, 12_000])
    assert power[0] == 0


def test_efficiency_that_falls_with_the_flow_is_met():
    """Air and efficiency agree with each other."""
    plates = Diffusers(depth=5, transfer=0.06, alpha=0.6, design_flow=1000, falls=0.1)
    flow = air_flow(150.0, plates)
    assert plates.efficiency(flow) * flow * 0.2318 * 1.293 == pytest.approx(150.0)
    assert plates.efficiency(500) > plates.efficiency(1000)


def test_lifting_water():
    """12 m at 75 %: 0.0436 kWh/m³."""
    assert lifting(12, 0.75) == pytest.approx(0.0436, abs=1e-4)


@pytest.fixture(scope="module")
def day():
    plant = load_plant("ao")
    comes = own_influent("ao", plant.model)
    return plant.simulate(comes, days=1.0, start=plant.steady(comes))


def test_oxygen_closes_on_the_balance_of_cod_and_nitrogen(day):
    """What diffusers gave is what COD lost, by the page's own count: at rest nothing is stored."""
    found = electricity(day, own_equipment("ao", day.plant.drawing))
    model = day.plant.model
    row = model.composition[list(model.page.conserves).index("COD")]
    entered = float(row @ day.influent[0, :-2]) * day.influent[0, -1]
    left = 0.0
    for outlet in day.plant.drawing.outlets:
        stream = day.stream(outlet).iloc[-1]
        left += float(row @ stream[list(model.components)]) * stream["Q"]
    assert found.oxygen == pytest.approx((entered - left) / 1000, rel=1e-3)


def test_stages_add_up_and_days_repeat(day):
    """At rest a day is the whole; the total is the sum of stages."""
    found = electricity(day, own_equipment("ao", day.plant.drawing))
    assert found.total == pytest.approx(sum(found.by_stage.values()))
    assert found.daily == pytest.approx([found.total], rel=2e-2)
    assert found.too_little == 0.0


PAGE = {
    "diffusers": {"others": {"depth": 5, "transfer": 0.06, "alpha": 0.6}},
    "blowers": {"main": {"number": 2, "flow": 100, "efficiency": 0.6}},
    "mixers": {"power": 5},
}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"pump": {}}, "equipment.toml, 'pump': is not known. Did you mean 'pumps'?"),
        (
            {"diffusers": {"anoxc": {}}},
            "equipment.toml, diffusers, 'anoxc': is not drawn. Did you mean 'anoxic'?",
        ),
        ({"mixers": {}}, "equipment.toml, mixers: is not complete. Give power."),
        ({"mixers": {"power": 0}}, "equipment.toml, mixers, power: is 0. Give a number above 0."),
        (
            {"mixers": {"power": "5"}},
            "equipment.toml, mixers, power: '5' is not a number. Write digits.",
        ),
        (
            {"blowers": {}},
            "equipment.toml: aerated tanks have no diffusers, or no blowers 'main'. "
            "Add [diffusers.others], [blowers.main].",
        ),
    ],
)
def test_mistakes_in_the_file_are_said(change, said):
    drawing = read_drawing(
        {
            "name": "x",
            "model": "asm1",
            "tanks": {"anoxic": {"volume": 1}, "aerobic": {"volume": 1, "kla": 100}},
            "flow": {"line": "influent > anoxic > aerobic > effluent"},
        }
    )
    with pytest.raises(PlantError) as error:
        read_equipment({**PAGE, **change}, drawing)
    assert said in [str(fault) for fault in error.value.faults]
