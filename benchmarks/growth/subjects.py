"""What is measured at several sizes: each subject makes the work for one size."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.reconcile.__main__ import park
from benchmarks.register.census import write as write_census
from benchmarks.register.work import ranking
from benchmarks.river.__main__ import tree
from benchmarks.simulation import cases
from benchmarks.waternet.__main__ import large_plant
from renvand.plant import load_plant, own_influent
from renvand.ranking import smaa
from renvand.reconcile import reconcile
from renvand.river import carry, connect
from renvand.waternet import solve, target

Work = Callable[[], object]


@dataclass(frozen=True, kw_only=True)
class Subject:
    """Work that can be made larger."""

    title: str
    of: str  # what is counted
    sizes: tuple[int, ...]
    make: Callable[[int], Work]


def days(size: int) -> Work:
    """Simulate BSM2 for so many days."""
    plant, start = _bsm2()
    influent = plant.influent(cases.BSM2)
    return lambda: plant.simulate(influent, days=size, start=start)


@cache
def _bsm2() -> tuple[Any, Any]:
    plant = load_plant("bsm2")
    return plant, plant.steady(plant.influent(cases.BSM2))


TANKS = """name = "{size} tanks"
model = "asm1"
[tanks]
{tanks}
[settlers]
settler = {{kind = "ideal", removal = 0.9976}}
[flow]
line = "influent > {row} > settler > effluent"
pumps = [
  {{path = "settler.sludge > t0", flow = 18446}},
  {{path = "settler.sludge > waste", flow = 385}},
]
"""


def tanks(size: int) -> Work:
    """Simulate a week of a plant whose aerated volume is cut into so many tanks."""
    names = [f"t{k}" for k in range(size)]
    lines = "\n".join(f"{name} = {{volume = {6000 / size}, kla = 120}}" for name in names)
    page = TANKS.format(size=size, tanks=lines, row=" > ".join(names))
    influent = own_influent("bsm1", load_plant("bsm1").model)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "plant.toml").write_text(page, encoding="utf-8")
        plant = load_plant(folder)
    start = plant.steady(influent)
    dry = plant.influent(cases.DRY)
    return lambda: plant.simulate(dry, days=7, start=start)


def census(size: int) -> Work:
    """Rank the sites of so many observations."""
    folder = tempfile.TemporaryDirectory()
    write_census(Path(folder.name), sites=size * 18 // 100, observations=size)
    return lambda: ranking(Path(folder.name))


def alternatives(size: int) -> Work:
    """Draw the ranks of so many alternatives 10,000 times."""
    x = np.random.default_rng(1).random((size, 6))
    return lambda: smaa(x, sd=np.full(x.shape, 0.1), draws=10_000)


def streams(size: int, components: int = 0) -> Work:
    """Reconcile a park of so many companies."""
    rng = np.random.default_rng(3)
    whole = park(rng, size, components)
    seen = whole.measured(rng, share=0.8, relative_sd=0.03)
    return lambda: reconcile(whole.streams, seen)


def cascade(size: int) -> Work:
    """Find the target of so many sources and sinks."""
    case = large_plant(size, 1)
    return lambda: target(case)


def network(size: int) -> Work:
    """Find the best network of so many sources and sinks, four contaminants."""
    case = large_plant(size, 4)
    return lambda: solve(case)


def reaches(size: int) -> Work:
    """Carry a substance down so many reaches."""
    net = connect(tree(size), ids=np.arange(size))
    load, flow, kept = np.ones(size), np.full(size, 2.0), np.full(size, 0.9)
    return lambda: carry(net, load=load, flow=flow, kept=kept)


SUBJECTS = (
    Subject(title="simulate BSM2", of="days", sizes=(60, 200, 600), make=days),
    Subject(title="simulate a week", of="tanks", sizes=(5, 10, 20, 40), make=tanks),
    Subject(
        title="rank a census", of="observations", sizes=(200_000, 630_000, 2_000_000), make=census
    ),
    Subject(title="SMAA", of="alternatives", sizes=(100, 300, 1000), make=alternatives),
    Subject(title="reconcile flows", of="companies", sizes=(30, 100, 300, 1000), make=streams),
    Subject(title="target", of="sources and sinks", sizes=(10, 30, 100), make=cascade),
    Subject(title="network", of="sources and sinks", sizes=(10, 20, 40), make=network),
    Subject(title="river", of="reaches", sizes=(10_000, 100_000, 1_000_000), make=reaches),
)
