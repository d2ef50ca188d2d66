"""A case as large as a city's: companies, outlets, observations, and what a run would leave."""

from __future__ import annotations

import csv
import random
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from renvand.programme import manifest, store
from renvand.programme.stage import Product
from renvand.steps.outcome import Outcome
from renvand.trace import Figure, Origin

ROOT = Path(__file__).resolve().parents[2]
SMALL = ROOT / "tests" / "unit" / "partnership" / "small"
DRAWN = ROOT / "examples" / "chongqing" / "plants" / "kaizhou"
ENTERPRISES, OBSERVATIONS = 5_000, 200_000
SUBSTANCES = ("COD", "NH4-N", "TN", "TP", "SS", "Cr", "Ni", "Cu")
SECTORS = (("textile-dyeing", "1752"), ("surface-treatment", "3360"), ("metalworking", "3311"))
DIVISIONS = ("500102", "500105", "500106", "500112", "500113", "500117")
TAIL = ("constructed", "made-up", "", "low")


def _write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def make(folder: Path) -> Path:
    """Make the case; all numbers are drawn, and say so."""
    case = Path(shutil.copytree(SMALL, folder))
    for page in ("plant.toml", "influent.csv"):  # a plant that workers can simulate
        shutil.copy(DRAWN / page, case / "plants" / "north" / page)
    draw = random.Random(1)
    names = [f"company-{n}" for n in range(ENTERPRISES)]
    places = [(round(draw.uniform(105.4, 109.9), 5), round(draw.uniform(28.3, 32.1), 5))
              for _ in names]  # fmt: skip
    sectors = [draw.choice(SECTORS) for _ in names]
    divisions = [draw.choice(DIVISIONS) for _ in names]
    tail = ("basis", "source", "locator", "confidence")
    own = [
        ["dye-works", "蓝河染整厂", "1713", "500105", 106.51, 29.6, "outlet", *TAIL],
        ["metal-works", "铁山五金厂", "3360", "500106", 106.45, 29.54, "address", *TAIL],
    ]
    made = ([name, f"重庆{n}厂", code, division, *place, "address", *TAIL]
            for n, (name, (_, code), division, place)
            in enumerate(zip(names, sectors, divisions, places, strict=True)))  # fmt: skip
    columns = ("id", "name_zh", "sector_code", "division", "longitude", "latitude",
               "position_quality", *tail)  # fmt: skip
    _write(case / "enterprises.csv", columns, [*own, *made])
    small = [["dye-1", "dye-works", "direct", "upper", "", *TAIL],
             ["metal-1", "metal-works", "sewer", "", "north", *TAIL]]  # fmt: skip
    outlets = ([f"{name}-out", name, "direct", "upper", "", *TAIL] for name in names)
    columns = ("id", "enterprise", "kind", "receiving_reach", "receiving_plant", *tail)
    _write(case / "outlets.csv", columns, [*small, *outlets])
    each = OBSERVATIONS // ENTERPRISES
    columns = ("id", "outlet", "year", "substance", "flow_m3_d", "concentration_mg_l",
               "is_censored", "days", *tail)  # fmt: skip
    rows = ([f"o-{n}-{k}", f"{name}-out", 2021 + k // len(SUBSTANCES),
             SUBSTANCES[k % len(SUBSTANCES)], round(draw.uniform(50, 5000), 1),
             round(draw.uniform(0.1, 300), 2), "false", 12, *TAIL]
            for n, name in enumerate(names) for k in range(each))  # fmt: skip
    _write(case / "observations.csv", columns, rows)
    _leave(case, names, places=places, sectors=sectors, divisions=divisions)
    return case


def _leave(case: Path, names: list[str], *, places: Any, sectors: Any, divisions: Any) -> None:
    """Leave what a run of the register would."""
    draw = random.Random(2)
    loads = sorted((draw.lognormvariate(8, 1.5) for _ in names), reverse=True)
    table = pd.DataFrame(
        {
            "id": names,
            "name_zh": [f"重庆{n}厂" for n in range(len(names))],
            "sector": [sector for sector, _ in sectors],
            "division": divisions,
            "longitude": [x for x, _ in places],
            "latitude": [y for _, y in places],
            "rank": range(1, len(names) + 1),
            "probability_first": [1 / (n + 2) for n in range(len(names))],
            "equal_standard_m3_a": loads,
            "exceedance": [draw.uniform(0, 3) for _ in names],
            "top_substance": [draw.choice(SUBSTANCES) for _ in names],
        }
    )
    origin = Origin(file="observations.csv", row="o-0-0", column="flow_m3_d", value="1",
                    basis="constructed", source="made-up", confidence="low")  # fmt: skip
    figures = tuple(
        Figure(id=f"register.{name}.equal_standard_m3_a", value=load, unit="m3/a",
               method="flow times concentration", made_of=(origin,))
        for name, load in zip(names, loads, strict=True)
    )  # fmt: skip
    product = Product(outcome=Outcome(tables={"enterprises": table}, figures=figures))
    (case / "out").mkdir()
    files = store.keep(product, case / "out" / "register")
    entry = {"files": files, "findings": 0, "seconds": 1.0, "sources": ["made-up"], "inputs": ""}
    manifest.write({"stages": {"register": entry}}, case / "out" / "manifest.json")
