"""The drawings that the documentation shows can be run."""

import re
import tomllib
from pathlib import Path

import pytest

from renvand.plant import Plant
from renvand.plant.drawing import read_drawing
from renvand.process.model import load_model
from tests.law.engine.test_engine_laws import constant

PAGE = Path(__file__).parents[3] / "docs" / "explanation" / "process-engine.md"
SHOWN = re.findall(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)


def test_the_batch_reactor_of_the_page_runs():
    """And loses nothing."""
    (text,) = [shown for shown in SHOWN if "[cycles." in shown]
    plant = Plant(
        read_drawing(tomllib.loads(f"name = 'x'\nmodel = 'asm1'\n{text}")), load_model("asm1")
    )
    influent = constant(plant, flow=9000.0)
    state = plant.steady(influent)
    result = plant.simulate(influent, days=1.0, start=state)
    assert result.effluent["TSS"] < 30.0
    assert abs(result.balance["N"]) < 1e-9


def test_the_membrane_of_the_page_runs():
    """With the tanks its line names."""
    (text,) = [shown for shown in SHOWN if "[settlers]" in shown]
    page = tomllib.loads(f"name = 'x'\nmodel = 'asm1'\n{text}")
    page["tanks"] = {"anoxic": {"volume": 3000}, "mbr": {"volume": 4000, "kla": 240}}
    plant = Plant(read_drawing(page), load_model("asm1"))
    state = plant.steady(constant(plant))
    assert state.values["effluent"]["TSS"] == pytest.approx(0.0, abs=1e-9)
