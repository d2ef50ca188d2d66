"""A made-up year beside that of BSM2, which the published generator made."""

import numpy as np
import pandas as pd
import pytest

from renvand.process import load_model
from renvand.steps.inflow import Catchment, generate
from tests.shared import shared

COD = ["S_I", "S_S", "X_I", "X_S", "X_BH"]
NITROGEN = ["S_NH", "S_ND", "X_ND"]


def year(frame):
    """Give mean flow [m³/d], loads [kg/d], and the range of temperature [°C]."""
    loads = {
        name: float((frame[columns].sum(axis=1) * frame["Q"]).mean() / 1000)
        for name, columns in (("COD", COD), ("N", NITROGEN), ("NH4", ["S_NH"]))
    }
    return {"Q": float(frame["Q"].mean()), **loads}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_eighty_thousand_people_send_what_bsm2s_year_brings(seed):
    """Sewers and soil are simpler than in the original: within 3 to 8 %, see the docs."""
    path = shared() / "data/reference/wwtp/influent/bsm2_dyninfluent_609d.csv.gz"
    published = pd.read_csv(path)
    published = published[published["t_d"] >= 245]
    made = generate(Catchment(), load_model("asm1"), days=364, seed=seed)
    frame = pd.DataFrame(made.rows, columns=list(made.columns))
    for name, wanted in year(published).items():
        within = {"Q": 0.06, "COD": 0.03, "N": 0.04, "NH4": 0.08}[name]
        assert year(frame)[name] == pytest.approx(wanted, rel=within), name
    assert frame["T"].min() == pytest.approx(published["T"].min(), abs=0.1)
    assert frame["T"].max() == pytest.approx(published["T"].max(), abs=0.1)
    hours = np.floor(made.times % 1 * 24)
    day = frame.groupby(hours)["Q"].mean() / frame["Q"].mean()
    usual = published.groupby(np.floor(published["t_d"] % 1 * 24))["Q"].mean()
    assert np.ptp(day) == pytest.approx(np.ptp(usual / published["Q"].mean()), rel=0.15)
