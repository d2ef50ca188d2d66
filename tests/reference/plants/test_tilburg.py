"""A real plant, Tilburg: calibrated on the first 70 % of nine months, the rest predicted open loop.

Volumes and recycles are those of EXPOsan's model 'mecha' (QSDsan group), the inflow the one that
comes with the data, at its dry-weather strength and diluted by a sewer: the file lets storms of
days bring three times the usual load, which neither ammonium nor air shows. COD over nitrogen is
that of the laboratory's days. This structure was chosen with the whole record in view; parameters
were and are fitted on the first 70 % alone.
"""

import tomllib

import numpy as np
import pandas as pd
import pytest

from renvand.plant.drawing import read_drawing
from renvand.plant.influent import make_influent
from renvand.plant.plant import Plant
from renvand.process import load_model
from renvand.steps.calibration import (
    Experiment,
    Series,
    calibrate_parameters,
    split_of,
    validate,
)
from tests.shared import shared

# What was found on the first 70 % of the time by least squares from several starts, rounded; the
# test calibrates on from here. Half saturations are apparent: they stand for flocs and for tanks
# that are no mixed tanks.
DRAWING = """
name = "Tilburg"
model = "asm1"

[parameters]
K_OA = 0.16
K_OH = 2.0
K_NO = 4.0
eta_g = 0.6
Y_H = 0.6
b_H = 0.18
k_h = 0.82
mu_A = 0.37
K_NH = 3.2

[tanks]
anoxic = {volume = 10920}
facultative = {volume = 10100}
aerobic_1 = {volume = 11179}
aerobic_2 = {volume = 11179}
aerobic_3 = {volume = 11179}

[settlers]
settler = {kind = "ideal", removal = 0.998}

[flow]
line = "influent > anoxic > facultative > aerobic_1 > aerobic_2 > aerobic_3 > settler > effluent"
pumps = [
  {path = "aerobic_3 > anoxic", flow = 400000, name = "internal recycle"},
  {path = "settler.sludge > anoxic", flow = 38400, name = "return sludge"},
  {path = "settler.sludge > waste", flow = 220, name = "waste sludge"},
]
"""
AIR = {"facultative": 2, "aerobic_1": 3, "aerobic_2": 4, "aerobic_3": 5}  # of the five meters
GIVEN = {  # found likewise: the air of each tank that counts, the inflow, the sewer
    "transfer": 12.4,
    "air_exponent": 0.45,
    "influent.S_NH": 1.2,
    "influent.S_S": 1.6,
    "sewer_m3": 20_000.0,
    "transfer.facultative": 0.1,
    "transfer.aerobic_1": 3.9,
    "transfer.aerobic_3": 4.0,
}
NOON = pd.Timestamp("2021-05-05 12:00")  # where the inflow's days begin: its flow fits the meter's
SMOOTH = 30.0  # d
AMMONIUM, NITRATE = "aerobic_3.S_NH", "aerobic_3.S_NO"


def experiment():
    """Give plant, inflow, air and sensors."""
    folder = shared("data/plants/tilburg")
    parts = [pd.read_csv(folder / f"{name}.csv") for name in ("training", "testing")]
    online = pd.concat(parts).sort_values("DATETIME").drop_duplicates("DATETIME")
    times = (pd.to_datetime(online["DATETIME"]) - NOON).dt.total_seconds().to_numpy() / 86_400
    drawing = read_drawing(tomllib.loads(DRAWING))
    model = load_model("asm1", values=drawing.parameters)
    warm = online["Temp"].rolling(48, center=True, min_periods=1).mean()
    inflow = _inflow(folder, times=times, warm=warm.to_numpy())
    seen = {AMMONIUM: "NH4", NITRATE: "NO3", **{f"aerobic_{k}.S_O": f"DO_{k}" for k in (1, 2, 3)}}
    return Experiment(
        plant=Plant(drawing, model),
        influent=make_influent(inflow, model, name="tilburg"),
        measured=Series(times=times, columns={k: online[v].to_numpy() for k, v in seen.items()}),
        driven=Series(
            times=times,
            columns={f"{k}.air": online[f"Q_air_{n}"].to_numpy() for k, n in AIR.items()},
        ),
        settle=20.0,
        dry_flow=float(inflow["Q"].median()),
        given=GIVEN,
        top={AMMONIUM: 10.0},
    )


def _inflow(folder, *, times, warm):
    path = folder / "train_val_test_dynamic_influent.csv"
    rows = pd.read_csv(path, skiprows=[1], sep="\t", index_col=0).astype(float)
    rows = rows.rename(columns={"Time": "t_d", "Q_in": "Q"})
    for column in rows.columns.difference(["t_d", "Q"]):
        rows[column] = rows[column].median()
    rows["T"] = np.interp(rows["t_d"], times, warm)
    ratio = _cod_per_nitrogen(folder, at=rows["t_d"].to_numpy())
    for column in ("S_S", "X_S", "X_I", "X_BH"):
        rows[column] *= ratio
    return rows


def _cod_per_nitrogen(folder, *, at):
    """COD over nitrogen of the laboratory's 35 days, smoothed, relative to its median."""
    lab = pd.read_excel(folder / "train_val_test_lab_dataset.xlsx", sheet_name="influent").iloc[1:]
    lab = lab.rename(columns={lab.columns[0]: "day"}).dropna(subset=["COD", "TKN"])
    ratio = (lab["COD"].astype(float) / lab["TKN"].astype(float)).to_numpy()
    days = (pd.to_datetime(lab["day"]) - NOON).dt.total_seconds().to_numpy() / 86_400 + 0.5
    near = np.exp(-0.5 * ((at[:, None] - days) / SMOOTH) ** 2)
    return (near * ratio).sum(axis=1) / near.sum(axis=1) / np.median(ratio)


NAMES = (
    *("transfer", "mu_A", "K_NH", "K_NO", "k_h", "eta_g"),
    *("sewer_m3", "influent.S_S"),
)
# Ammonium and nitrate are what the model is for. Oxygen weighs little: the meters' air cannot be
# the tanks' (kla would need more oxygen than the air holds), so its level says little of the model.
WEIGHTS = {NITRATE: 1.5, **{f"aerobic_{k}.S_O": 0.3 for k in (1, 2, 3)}}


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
def test_the_last_three_tenths_are_predicted_better_than_by_the_mean_day():
    """Measured: skill 0.47 for ammonium and 0.09 for nitrate; nine of ten lie in the band."""
    known = experiment()
    split = split_of(known, 0.7)
    found = calibrate_parameters(known.until(split), NAMES, rounds=4, weights=WEIGHTS)
    after = validate(known, found, split=split, seed=1).scores
    after = after[after["period"] == "after"].set_index("column")
    assert after.loc[AMMONIUM, "skill_mean_day"] > 0.3
    assert after.loc[NITRATE, "skill_mean_day"] > 0
    assert (after.loc[[AMMONIUM, NITRATE], "skill_persistence"] > 0.5).all()
    assert after.loc[AMMONIUM, "nse"] > 0.3
    assert after.loc[[AMMONIUM, NITRATE], "coverage"].between(0.84, 0.96).all()
    # what the data cannot tell: growth apart from half saturation, air and inflow
    assert {"mu_A", "eta_g"} <= set(found.left)
