"""What a notebook shows of an object: one short line; of a fault: the message alone."""

import pandas as pd
import pytest

import renvand as rv
from renvand.errors import Fault, FileError
from renvand.steps.outcome import Outcome
from tests.shared import ROOT

FLOWSHEET = [
    {"id": "fresh", "from_unit": "supply", "to_unit": "rinse"},
    {"id": "used", "from_unit": "rinse", "to_unit": "treatment"},
    {"id": "drain", "from_unit": "treatment", "to_unit": "sewer"},
]
METERS = [
    {"stream": stream, "quantity": "flow", "value": value, "sd": 2.0}
    for stream, value in [("fresh", 100.0), ("used", 101.0), ("drain", 70.0)]
]


@pytest.fixture(scope="module")
def plant():
    return rv.load_plant("bsm1-ideal")


def test_a_plant_and_what_it_gives_are_told_in_a_line(plant):
    state = plant.steady()
    assert repr(plant.model) == "<Model 'asm1', set 'benchmark': 14 components, 8 processes>"
    assert repr(state).startswith("<State of 'BSM1")
    assert "at rest to " in repr(state)
    result = plant.simulate(days=0.1, start=state)
    assert ", day 0 to 0.1, 11 records; effluent: TSS " in repr(result)
    assert ": moving>" in repr(result.state)
    slopes = rv.rest_slopes(plant, plant.influent(), ["mu_A"], outputs=["effluent.S_NH"])
    assert repr(slopes) == "<Slopes of effluent.S_NH by mu_A, at 1 times>"


def test_an_outcome_names_its_tables():
    made = Outcome(tables={"scenarios": pd.DataFrame({"a": [1, 2]})})
    assert repr(made) == "<Outcome: tables scenarios (2 rows); 0 figures; 0 findings>"


def test_a_ranking_is_told_best_first():
    values = pd.DataFrame({"a": [1, 2, 3], "b": [3, 2, 4]}, index=["x", "y", "z"])
    ranking = rv.topsis(values)
    assert repr(ranking) == "<Ranking of 3 by topsis: z 1, y 0.369, x 0.247>"
    assert list(ranking.table()["rank"]) == [1, 2, 3]
    places = rv.smaa(values, draws=100)
    assert repr(places).startswith("<Acceptability in 100 draws; first place: z 1.00")
    assert places.table().loc["z", 1] == 1.0


def test_a_flowsheet_may_be_a_list_and_its_misfits_are_named():
    """Both explanations of the drain's reading: the meter, or water that leaves unseen."""
    result = rv.reconcile(FLOWSHEET, METERS)
    assert repr(result) == "<Reconciled: 3 streams, 2 units; cannot be right: flow of drain>"
    told = result.explanations()
    assert set(zip(told["at"], told["quantity"], strict=True)) == {
        ("drain", "flow"),
        ("treatment", "leak"),
    }


def test_a_network_is_told_with_its_proof():
    case = rv.WaterCase(
        id="two",
        contaminants=("salt",),
        fresh=(rv.Fresh(name="mains", quality={"salt": 0}),),
        sinks=(rv.Sink(name="rinse", flow=10, worst={"salt": 50}),),
        sources=(rv.Source(name="used", flow=10, quality={"salt": 100}),),
    )
    assert repr(rv.solve(case)).startswith("<Network of 'two': fresh 5, treated 0, ")


def test_a_notebook_shows_the_message_of_a_fault_alone():
    fault = FileError(Fault(where="a.csv", what="is empty.", do="Add a row."))
    assert fault._render_traceback_() == ["FileError: a.csv: is empty. Add a row."]


def test_what_comes_may_be_a_frame(plant):
    """The same as the file; a frame with a wrong column is told like one."""
    comes = plant.influent()
    assert repr(comes) == "<Influent: 2 rows, day 0 to 1000, mean 18446 m³/d>"
    again = plant.influent(comes.frame.reset_index())
    assert (again.rows == comes.rows).all()
    with pytest.raises(FileError, match=r"influent, line 1, column 'S_NHX': is not known"):
        plant.influent(comes.frame.reset_index().rename(columns={"S_NH": "S_NHX"}))


def test_a_case_is_told_by_what_it_holds():
    case = rv.read_case(ROOT / "examples" / "chongqing")
    assert repr(case).startswith("<CaseData of 'chongqing': 5 reviews, ")
    assert " enterprises (5), " in repr(case)
    assert repr(case.reviews["dazu-plating"]).startswith("<ReviewData of 'dazu-plating': rows of ")
    assert "drawing 'Kaizhou (constructed drawing)'" in repr(case.plant_folders["kaizhou"])
