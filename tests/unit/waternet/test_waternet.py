"""Parts of the water networks, each with its sentence."""

import json
from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

from renvand.cli.waternet import app
from renvand.waternet import (
    Fresh,
    Node,
    Operation,
    Sink,
    Source,
    Treatment,
    WaterCase,
    composite_curves,
    ladder,
    pipes_to_build,
    present_pipes,
    robustness,
    solve,
    target,
    with_margin,
)
from renvand.waternet.algebra import Model, Polynomial
from renvand.waternet.tighten import tighten

FRESH = (Fresh(name="FW", quality={"A": 0.0}),)
PLANT = WaterCase(
    id="plant",
    contaminants=("A",),
    fresh=FRESH,
    sinks=(
        Sink(name="D1", flow=50.0, worst={"A": 20.0}),
        Sink(name="D2", flow=100.0, worst={"A": 50.0}),
    ),
    sources=(
        Source(name="S1", flow=50.0, quality={"A": 50.0}),
        Source(name="S2", flow=100.0, quality={"A": 100.0}),
    ),
)


def test_products_of_polynomials_are_of_degree_two():
    """(x + 2)(y - 3) has four terms."""
    x, y = Polynomial({(0,): 1.0}), Polynomial({(1,): 1.0})
    product = (x + 2.0) * (y - 3.0)
    assert product.terms == {(0, 1): 1.0, (0,): -3.0, (1,): 2.0, (): -6.0}
    assert product.at([5.0, 7.0]) == (5 + 2) * (7 - 3)
    assert not product.is_linear


def test_tightening_keeps_every_solution():
    """x y <= 12 with y >= 3 says x <= 4; x + z = 5 then says z >= 1."""
    model = Model()
    x, z = model.variable("x", high=100.0), model.variable("z", high=100.0)
    y = model.variable("y", 3.0, high=10.0)
    model.require("product", x * y, high=12.0)
    model.require("sum", x + z, low=5.0, high=5.0)
    tighten(model)
    assert model.high[0] == pytest.approx(4.0)
    assert model.low[1] == pytest.approx(1.0)
    assert model.high[1] == pytest.approx(5.0)


def test_the_dearer_fresh_source_gives_only_what_it_must():
    """Clean water costs three, grey water one: the cascade mixes them."""
    case = replace(
        PLANT,
        objective="cost",
        sources=(),
        fresh=(
            Fresh(name="clean", quality={"A": 0.0}, cost=3.0),
            Fresh(name="grey", quality={"A": 40.0}, cost=1.0),
        ),
    )
    found = target(case)
    assert found.fresh_by_source["clean"] == pytest.approx(25.0)
    assert found.fresh_by_source["grey"] == pytest.approx(125.0)


def test_composite_curves_end_at_their_totals():
    """Flow and load of sinks and sources, fresh water in front."""
    found = target(PLANT)
    curves = composite_curves(PLANT, found)
    last = curves.groupby("curve").last()
    assert last.loc["sinks", "flow"] == 150.0
    assert last.loc["sources", "flow"] == pytest.approx(150.0 + found.fresh)
    assert last.loc["sinks", "load"] == pytest.approx((50 * 20 + 100 * 50) / 1000)


def test_forbidden_and_forced_pipes_are_kept():
    """A pipe that may not be is not there; one that must be is."""
    free = solve(PLANT)
    barred = solve(replace(PLANT, forbidden=frozenset({("S1", "D2")})))
    forced = solve(replace(PLANT, forced=frozenset({("S2", "D1")})))
    assert barred.objective >= free.objective - 1e-9
    assert not ((barred.flows["from"] == "S1") & (barred.flows["to"] == "D2")).any()
    assert ((forced.flows["from"] == "S2") & (forced.flows["to"] == "D1")).any()


def test_no_trickle_is_built():
    """With a least flow every pipe carries it."""
    found = solve(replace(PLANT, pipe_least=15.0))
    assert found.flows["flow"].min() >= 15.0 - 1e-6


def test_a_long_pipe_must_be_worth_its_metres():
    """S1 gives to D2 by a pipe of 100 m, S2 by one of 10: the short one, though S2 is dirtier.

    D1 takes 20 of S1 and 30 of fresh water; D2 would take 30 of S1, but fresh water at 2 a ton
    for 11.25 t costs less than the 90 m more. Six pipes of 1, 1, 10, 10, 1 and 1 m are built.
    """
    ends = {("FW", "D1"): 1.0, ("FW", "D2"): 1.0, ("S1", "D1"): 10.0, ("D2", "S1"): 100.0}
    ends |= {("S2", "D1"): 10.0, ("S2", "D2"): 10.0}
    ends |= {("S1", "discharge"): 1.0, ("S2", "discharge"): 1.0}
    case = replace(
        PLANT,
        objective="cost",
        hours=1.0,
        fresh=(replace(FRESH[0], cost=2.0),),
        sinks=(PLANT.sinks[0], replace(PLANT.sinks[1], flow=30.0)),
        sources=(PLANT.sources[0], Source(name="S2", flow=20.0, quality={"A": 80.0})),
    )
    assert solve(case).objective == pytest.approx(60.0)
    far = solve(replace(case, pipe_cost_m=1.0, distances=ends))
    assert far.objective == pytest.approx(2 * (30 + 11.25) + 24)


def test_the_present_value_is_what_is_saved_by_the_annuity():
    """Paying 160 a year today and 100 of fresh water then, at 15 % a year: 60 / 0.15."""
    case = replace(PLANT, objective="npv", hours=1.0, today=160.0, annualisation=0.15)
    fresh = solve(replace(PLANT, objective="fresh")).objective
    assert solve(case).objective == pytest.approx(-(160.0 - fresh) / 0.15)


def test_concave_investment_counts_in_the_present_value():
    """All 50 t are treated: 10 · 50^0.5 is spent once, 0.1 a ton each hour."""
    unit = Treatment(name="T", removal={"A": 1.0}, investment=10.0, exponent=0.5, operating=0.1)
    case = WaterCase(
        id="one",
        contaminants=("A",),
        objective="npv",
        hours=1.0,
        annualisation=0.2,
        sources=(Source(name="S1", flow=50.0, quality={"A": 50.0}),),
        treatments=(unit,),
        limit={"A": 0.0},
    )
    assert solve(case).objective == pytest.approx(10 * 50**0.5 + 0.1 * 50 / 0.2, rel=1e-4)


def test_the_number_of_pipes_is_kept():
    """In all, into one place, from one place."""
    free = solve(PLANT)
    few = solve(replace(PLANT, most_pipes=5))
    assert len(few.flows) <= 5
    assert few.objective >= free.objective - 1e-6
    for side, limits in (("from", {"most_from": 2}), ("to", {"most_into": 2})):
        assert solve(replace(PLANT, **limits)).flows[side].value_counts().max() == 2


def test_a_regeneration_by_share_has_its_target():
    """Half of the water is treated to 10 ppm, for a demand of 5 ppm; or all of it for 20 ppm."""
    unit = Treatment(name="T", removal={"A": 0.9})
    case = replace(
        PLANT,
        sinks=(Sink(name="D", flow=100.0, worst={"A": 5.0}),),
        sources=(Source(name="S", flow=100.0, quality={"A": 100.0}),),
        treatments=(unit,),
    )
    found = target(case)
    assert found.fresh == pytest.approx(50.0, abs=1e-4)
    assert found.regenerated == pytest.approx(50.0, abs=1e-4)
    assert found.fresh == pytest.approx(solve(case).objective, abs=1e-4)
    loose = target(replace(case, sinks=(Sink(name="D", flow=100.0, worst={"A": 20.0}),)))
    assert loose.fresh == pytest.approx(0.0, abs=1e-6)
    assert loose.regenerated == pytest.approx(800 / 9, rel=1e-6)


def test_pipes_to_build_are_those_that_do_not_stand():
    """Fresh water and drains stand; reuse is new, largest first."""
    network = solve(PLANT)
    new = pipes_to_build(network, present_pipes(PLANT))
    assert set(new["from_role"]) == {"source"}
    assert new["flow"].is_monotonic_decreasing


def test_operations_climb_the_ladder_too():
    """Alone 20 + 25; the pipe carries x with 200 * 2x = 100 x + 5000, so 20 + 50 / 3."""
    case = WaterCase(
        id="two",
        contaminants=("A",),
        fresh=FRESH,
        operations=(
            Operation(name="P1", load={"A": 2.0}, inlet={"A": 0.0}, outlet={"A": 100.0}),
            Operation(name="P2", load={"A": 5.0}, inlet={"A": 50.0}, outlet={"A": 200.0}),
        ),
    )
    rungs = ladder(case, rungs=(0, 1), seconds=10)
    assert [rung.network.objective for rung in rungs] == pytest.approx(
        [45.0, 20 + 50 / 3], rel=1e-4
    )
    assert all(rung.network.is_proven for rung in rungs)


def test_a_margin_makes_a_network_bear_bad_days():
    """At the optimum half the draws fail; with a margin nearly none."""
    plain = robustness(PLANT, solve(PLANT), spread=0.1, draws=400, seed=1)
    careful = with_margin(PLANT, 0.3)
    firm = robustness(PLANT, solve(careful), spread=0.1, draws=400, seed=1)
    assert plain.kept < 0.6
    assert firm.kept > 0.95
    assert set(plain.by_sink.columns) == {"sink", "contaminant", "limit", "median", "high", "kept"}


def test_recovery_leaves_a_concentrate():
    """A membrane that gives three quarters back leaves a quarter of its feed."""
    case = WaterCase(
        id="loop",
        contaminants=("A",),
        fresh=FRESH,
        operations=(Operation(name="P1", load={"A": 1.0}, inlet={"A": 10.0}, flow=10.0),),
        treatments=(Treatment(name="RO", removal={"A": 0.95}, recovery=0.75),),
    )
    found = solve(case, seconds=20)
    flows = found.flows
    fed = flows.loc[flows["to"] == "RO", "flow"].sum()
    given = flows.loc[flows["from"] == "RO", "flow"].sum()
    assert given == pytest.approx(0.75 * fed, rel=1e-5)
    assert found.objective < 10.0


def test_stopped_early_the_best_network_comes_with_its_gap():
    """Twelve operations, three contaminants, one second."""
    chance = np.random.default_rng(3)
    names = ("A", "B", "C")
    operations = []
    for i in range(12):
        inlet = {k: float(chance.uniform(0, 200)) for k in names}
        rise = {k: float(chance.uniform(20, 300)) for k in names}
        flow = float(chance.uniform(10, 100))
        operations.append(
            Operation(
                name=f"P{i}",
                load={k: flow * rise[k] / 1000 for k in names},
                inlet=inlet,
                outlet={k: inlet[k] + rise[k] for k in names},
                flow_most=flow,
            )
        )
    clean = (Fresh(name="FW", quality=dict.fromkeys(names, 0.0)),)
    case = WaterCase(id="big", contaminants=names, fresh=clean, operations=tuple(operations))
    found = solve(case, seconds=1.0)
    assert found.objective > 0
    assert 0 <= found.gap <= 1
    assert found.bound <= found.objective
    assert found.status in ("optimal", "time")


def test_nodes_read_like_words():
    """Role and name; the drain needs no name."""
    assert str(Node(role="source", name="S1")) == "source S1"
    assert str(Node(role="discharge", name="discharge")) == "discharge"


def file_of(tmp_path):
    page = {
        "id": "plant",
        "contaminants": ["A"],
        "sinks": [{"name": "D1", "flow": 50, "cmax": {"A": 20}}],
        "sources": [{"name": "S1", "flow": 50, "conc": {"A": 50}}],
    }
    path = tmp_path / "plant.json"
    path.write_text(json.dumps(page), encoding="utf-8")
    return str(path)


def test_commands_print_the_answer_as_json(tmp_path):
    """Both doors give the same water: 30 of 50, for the source may give 20."""
    for command, key in (("target", "fresh"), ("solve", "objective")):
        result = CliRunner().invoke(app, [command, file_of(tmp_path), "--json"])
        assert result.exit_code == 0
        (answer,) = json.loads(result.stdout)
        assert answer[key] == pytest.approx(30.0)


def test_commands_print_tables_for_people(tmp_path):
    """Case, figures, and a table of pipes."""
    result = CliRunner().invoke(app, ["solve", file_of(tmp_path)])
    assert "plant" in result.stdout
    assert "objective" in result.stdout
    assert "discharge" in result.stdout


def test_goods_may_carry_water_in():
    """A rinse gives out what parts drag in from the bath: more than it takes."""
    rinse = Operation(name="rinse", load={"A": 1.0}, inlet={"A": 0.0}, flow=10.0, loss=-0.5)
    case = WaterCase(id="drag", contaminants=("A",), fresh=FRESH, operations=(rinse,))
    found = solve(case)
    assert found.fresh == pytest.approx(10.0)
    assert found.discharged == pytest.approx(10.5)


def test_a_sink_that_takes_any_water_is_served_with_the_dirtiest():
    case = WaterCase(
        id="yard",
        contaminants=("A",),
        fresh=(Fresh(name="FW", quality={"A": 0.0}),),
        operations=(Operation(name="P", load={"A": 2.0}, inlet={"A": 0.0}, outlet={"A": 100.0}),),
        sinks=(
            Sink(name="yard", flow=15.0, worst={}),
            Sink(name="D", flow=5.0, worst={"A": 20.0}),
        ),
    )
    assert target(case).fresh == pytest.approx(24.0)  # 20 for P, 4 of D's 5
    assert solve(case).objective == pytest.approx(24.0)
