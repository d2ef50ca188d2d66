"""A plant whose parameters are known: measurements made with them, and noise."""

from dataclasses import replace

import numpy as np

from renvand.plant import load_plant
from renvand.steps.calibration import Experiment, Series
from renvand.steps.inflow import Catchment, generate

NOISE = {  # g/m³, of the instruments
    "aerobic_3.S_NH": 0.3,
    "aerobic_3.S_NO": 0.4,
    "aerobic_3.S_O": 0.1,
    "anoxic_2.S_NO": 0.3,
    "aerobic_1.S_NH": 0.3,
}
TOWN = Catchment(
    people=40_000, industry_m3_d=1_200, industry_cod_kg=1_000, infiltration_m3_d=4_000,
    rain_m3_mm=400, sewer_m3_d=50_000,
)  # fmt: skip


def blank(*, days, settle, step_min=15):
    """BSM1 under the sewage of a town, not yet measured."""
    plant = load_plant("bsm1")
    influent = generate(TOWN, plant.model, days=days, seed=4)
    times = np.arange(0, days, step_min / 1440)
    columns = {name: np.ones(len(times)) for name in NOISE}
    measured = Series(times=times, columns=columns)
    return Experiment(plant=plant, influent=influent, measured=measured, settle=settle)


def measured_with(experiment, values, *, seed, made=None):
    """The same, measured where the parameters are these."""
    rng = np.random.default_rng(seed)
    seen = experiment.compared()
    made = experiment.simulate(values) if made is None else made
    columns = {n: made[n] + sd * rng.standard_normal(len(seen.times)) for n, sd in NOISE.items()}
    return replace(experiment, measured=Series(times=seen.times, columns=columns))
