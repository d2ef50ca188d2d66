"""Calibration tells what data can tell, and scores honestly."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from renvand.errors import FileError, PlantError, SolveError
from renvand.steps.calibration import calibrate_parameters, read_series, split_of, validate
from renvand.steps.calibration.fit import memory_of
from renvand.steps.calibration.identify import chosen_of, collinearity, determinant
from renvand.steps.calibration.parameters import parameters
from renvand.steps.calibration.series import driven_faults, measured_faults
from renvand.steps.calibration.skill import (
    band,
    coverage,
    kge,
    mean_day,
    nse,
    persistence,
    relative,
    rmse,
    skill,
)
from tests.unit.calibration.synthetic import blank, measured_with

SHORT = {"days": 3, "settle": 1.0, "step_min": 60}


@pytest.fixture(scope="module")
def experiment():
    """BSM1 over three days, its nitrifiers a tenth quicker than drawn."""
    return measured_with(blank(**SHORT), {"mu_A": 0.55}, seed=2)


def test_orthogonal_columns_are_not_collinear_and_equal_ones_are_endlessly():
    """The index is 1 / sqrt of the smallest eigenvalue: 0.98 alike makes 10 (worked by hand)."""
    assert collinearity(np.eye(3)) == pytest.approx(1.0)
    assert collinearity(np.ones((4, 2))) == np.inf
    alike = np.array([[1.0, 0.99], [0.0, np.sqrt(1 - 0.99**2)]])
    assert collinearity(alike) == pytest.approx(1 / np.sqrt(1 - 0.99), rel=1e-9)


def test_the_determinant_measure_of_a_diagonal_is_its_geometric_mean():
    assert determinant(np.diag([2.0, 8.0])) == pytest.approx(4.0, rel=1e-12)


def test_of_two_that_make_up_for_each_other_the_stronger_is_taken():
    rng = np.random.default_rng(1)
    one, other = rng.standard_normal((2, 200))
    found = chosen_of(("a", "b", "c", "d"), np.stack([one, 0.5 * one, other, 1e-4 * other], axis=1))
    assert found.chosen == ("a", "c")
    assert found.left["b"].startswith("others can make up for it: a")
    assert found.left["d"].startswith("too weak")


def test_an_autoregressive_scatter_remembers_as_long_as_it_should():
    """(1 + r) / (1 - r) values say as much as one: 3 at r = 0.5."""
    rng = np.random.default_rng(2)
    values = [0.0]
    for fresh in rng.standard_normal(20_000):
        values.append(0.5 * values[-1] + fresh)
    assert memory_of(np.array(values)) == pytest.approx(3.0, rel=0.1)
    assert memory_of(rng.standard_normal(20_000)) == pytest.approx(1.0, abs=0.1)


def test_a_quicker_nitrifier_is_found_within_its_interval(experiment):
    found = calibrate_parameters(experiment, ["mu_A", "K_NH"], rounds=6)
    assert found.low["mu_A"] < 0.55 < found.high["mu_A"]
    assert found.high["mu_A"] - found.low["mu_A"] < 0.05
    checked = validate(experiment, found, split=2.0, seed=1)
    after = checked.scores[checked.scores["period"] == "after"].set_index("column")
    assert after.loc["aerobic_1.S_NH", "skill_mean_day"] > 0.3


def test_a_parameter_that_is_not_there_is_told_with_its_neighbour(experiment):
    with pytest.raises(PlantError) as caught:
        parameters(experiment, ["mu_B", "influent.S_N", "transfer", "K_NH", "K_NH"])
    assert [str(f).split(":")[0] for f in caught.value.faults] == [
        "plant 'BSM1', parameter 'K_NH'",
        "plant 'BSM1', parameter 'mu_B'",
        "plant 'BSM1', parameter 'influent.S_N'",
        "plant 'BSM1', parameter 'transfer'",
    ]


def test_a_split_that_leaves_nothing_is_refused(experiment):
    with pytest.raises(SolveError, match=r"split: is 1.2. Give a share above 0 and below 1"):
        split_of(experiment, 1.2)
    with pytest.raises(SolveError, match="leaves 47 times to calibrate on and 1 to predict"):
        split_of(experiment, 1 - 1e-12)


@given(values=st.lists(st.floats(0, 100), min_size=3, max_size=40))
def test_the_mean_has_no_efficiency_and_the_truth_has_all(values):
    truth = np.array(values) + np.arange(len(values))
    assert nse(truth, truth) == pytest.approx(1.0)
    assert kge(truth, truth) == pytest.approx(1.0)
    assert nse(np.full(len(truth), truth.mean()), truth) == pytest.approx(0.0, abs=1e-9)
    assert skill(truth, truth, against=truth + 1) == 1.0


def test_scores_worked_by_hand():
    """Measured 1, 2, 3, predicted 1, 2, 4: one squared error over a scatter of two."""
    measured, predicted = np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 4.0])
    assert rmse(predicted, measured) == pytest.approx(np.sqrt(1 / 3))
    assert nse(predicted, measured) == pytest.approx(0.5)
    assert skill(predicted, measured, against=measured + 1) == pytest.approx(1 - 1 / 3)
    assert coverage(measured - 1, measured + np.array([1, -0.5, 1]), measured) == 2 / 3


def test_simple_predictors_use_only_what_was_before():
    times = np.arange(0, 2, 1 / 24) + 1e-6
    values = np.floor(times % 1 * 24)
    at = np.array([5.0, 5.5, 5.999])
    assert mean_day(times, values, at=at).tolist() == [0, 12, 23]
    assert persistence(values, at=at).tolist() == [23, 23, 23]


def test_a_band_holds_what_it_says_where_the_scatter_stays():
    """Half of the time teaches how large the scatter is, the other half is held in the band."""
    rng = np.random.default_rng(1)
    truth = 1 + rng.random(2_000) * 5
    made = truth * (1 + 0.2 * rng.standard_normal(2_000))
    left = relative(truth[:1000], made[:1000])
    low, high = band(truth[None, 1000:], left, level=0.9, seed=3)
    assert coverage(low, high, made[1000:]) == pytest.approx(0.9, abs=0.03)


def test_series_are_read_with_gaps_and_told_with_all_faults(tmp_path):
    path = tmp_path / "measured.csv"
    path.write_text("t_d,aerobic_3.S_NH\n0,1.5\n0.5,\n1,2\n")
    found = read_series(path, name="measured.csv")
    assert found.columns["aerobic_3.S_NH"].tolist()[::2] == [1.5, 2.0]
    assert np.isnan(found.columns["aerobic_3.S_NH"][1])
    path.write_text("t_d,aerobic_3.S_NH\n0,1.5\n0.5,x\n1\n0.2,2\n")
    with pytest.raises(FileError) as caught:
        read_series(path, name="measured.csv")
    assert [str(f) for f in caught.value.faults] == [
        "measured.csv, line 3, aerobic_3.S_NH: 'x' is not a number. Write digits with a point, or "
        "leave the cell empty.",
        "measured.csv, line 4: has 1 cells, the first line has 2. Check the commas.",
    ]


def test_columns_that_name_nothing_of_the_plant_are_faults(experiment):
    import dataclasses

    plant, series = experiment.plant, experiment.measured
    odd = dataclasses.replace(
        series, columns={"aerobic_4.S_NH": series.times, "aerobic_3.X_BB": series.times}
    )
    assert [str(f) for f in measured_faults(odd, plant, name="measured.csv")] == [
        "measured.csv, column 'aerobic_4.S_NH': no 'aerobic_4'. Did you mean 'aerobic_3'?",
        "measured.csv, column 'aerobic_3.X_BB': no quantity 'X_BB'. Did you mean 'X_BH'?",
    ]
    blown = dataclasses.replace(series, columns={"aerobic_3.air": -series.times})
    (fault,) = driven_faults(blown, plant, name="driven.csv")
    assert str(fault).startswith("driven.csv, column 'aerobic_3.air': is -")
