"""Stage energies of American treatment trains, against the published totals."""

from pathlib import Path

import pandas as pd
import pytest

from renvand.errors import FileError
from renvand.steps.plants import stages
from renvand.steps.plants.stages import TRAINS, saving

TOTALS = pd.read_csv(Path(__file__).parents[1] / "data/plants/werf_trains.csv").set_index("train")


@pytest.mark.parametrize("train", TOTALS.index)
def test_stages_add_up_to_the_printed_total(train):
    """Sums of the table are left out, so nothing counts twice."""
    printed = TOTALS.loc[train]
    table = stages(train) * 37_854
    assert table["typical_kwh_m3"].sum() == pytest.approx(printed["typical_kwh_d"], abs=2)
    assert table["best_kwh_m3"].sum() == pytest.approx(printed["best_kwh_d"], abs=2)
    if printed["blowers_best_kwh_d"] > 0:
        row = table.loc["biological-reactor-blowers"]
        assert row["typical_kwh_m3"] == pytest.approx(printed["blowers_typical_kwh_d"], abs=1)
        assert row["best_kwh_m3"] == pytest.approx(printed["blowers_best_kwh_d"], abs=1)


def test_best_practice_saves_twenty_to_fifty_per_cent():
    """Whole plant 31 to 45 % for the trains that stand for our processes."""
    shares = {process: saving(process) for process in TRAINS}
    assert shares["A2O"] == pytest.approx(0.31, abs=0.005)
    assert shares["OD"] == pytest.approx(0.40, abs=0.005)
    assert shares["MBR"] == pytest.approx(0.45, abs=0.005)
    assert saving("OTHER") != saving("OTHER")


def test_an_unknown_train_is_a_fault():
    """Near words are offered."""
    with pytest.raises(FileError, match="no treatment train 'g9'"):
        stages("g9")
