"""Plants to begin with: a common configuration at any capacity, held against the design code."""

from __future__ import annotations

import io
import re
import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import TYPE_CHECKING

from renvand.errors import Fault, PlantError, near
from renvand.plant.drawing import Drawing, read_drawing
from renvand.plant.influent import make_influent
from renvand.plant.plant import Plant
from renvand.process.model import load_model

if TYPE_CHECKING:
    import pandas as pd

    from renvand.plant.result import Result

TEMPLATES: Mapping[str, str] = {
    "a2o": "anaerobic, anoxic, aerobic",
    "ao": "anoxic, aerobic, with iron",
    "ditch": "oxidation ditch",
    "mbr": "A2O with membranes",
    "cass": "sequencing batch reactors with a selector",
}
DRAWN_AT = 10_000.0  # m³/d, the capacity of the drawings
PARTS = ("plant.toml", "equipment.toml", "influent.csv")
_SCALED = re.compile(r"\b(volume|lowest|area|flow|installed|constant_kw)(\s*=\s*)([\d_.]+)")
_NAMED = re.compile(r"10,000 m3/d")


# GB 50014-2021, biological treatment, from memory: confidence low. Keys are those of `design`.
_REMOVES_N_AND_P = {
    "hydraulic_h": (10, 23), "sludge_age_d": (10, 22), "load_kg_kg_d": (0.05, 0.10),
    "solids_g_l": (2.5, 4.5), "return_ratio": (0.2, 1.0),
}  # fmt: skip
_REMOVES_N = {
    "hydraulic_h": (9, 22), "sludge_age_d": (11, 23), "load_kg_kg_d": (0.05, 0.10),
    "solids_g_l": (2.5, 4.5), "return_ratio": (0.5, 1.0),
}  # fmt: skip
_DITCH = {
    "hydraulic_h": (16, 40), "sludge_age_d": (15, 30), "load_kg_kg_d": (0.03, 0.08),
    "solids_g_l": (2.5, 4.5), "return_ratio": (0.75, 1.5),
}  # fmt: skip
_MEMBRANES = {"hydraulic_h": (10, 23), "sludge_age_d": (15, 60), "solids_g_l": (3, 15)}
_BATCHES = {"hydraulic_h": (12, 30), "sludge_age_d": (10, 30), "load_kg_kg_d": (0.03, 0.10),
            "solids_g_l": (2.5, 4.5)}  # fmt: skip
_SETTLERS = {"surface_load_m_h": (0.6, 1.5), "solids_load_kg_m2_d": (0, 150)}
RANGES: Mapping[str, Mapping[str, tuple[float, float]]] = {
    "a2o": {**_REMOVES_N_AND_P, **_SETTLERS},
    "ao": {**_REMOVES_N, **_SETTLERS},
    "ditch": {**_DITCH, **_SETTLERS},
    "mbr": _MEMBRANES,
    "cass": _BATCHES,
}


def template(kind: str, *, capacity: float = DRAWN_AT) -> dict[str, str]:
    """Write the files of a plant of a common configuration.

    Volumes, areas, flows and machines are those of the drawing for 10,000 m³/d times the ratio of
    the capacities, so all times and loads stay as its comments say.

    Parameters
    ----------
    kind : str
        One of :data:`TEMPLATES`.
    capacity : float
        Mean flow. [m³/d]

    Returns
    -------
    dict
        Name of file to text: ``plant.toml``, ``equipment.toml``, ``influent.csv``.

    Raises
    ------
    PlantError
        When there is no such template, or the capacity is not above 0.
    """
    if kind not in TEMPLATES:
        raise PlantError(
            Fault(where=f"template '{kind}'", what="is not known.", do=near(kind, TEMPLATES))
        )
    if not 0 < capacity < 1e8:  # m³/d, more than any plant
        what = f"is {capacity:g} m³/d."
        raise PlantError(Fault(where="capacity", what=what, do="Give the mean flow in m³/d."))
    factor = capacity / DRAWN_AT
    folder = resources.files("renvand.plant") / "plants" / kind
    texts = {name: (folder / name).read_text(encoding="utf-8") for name in PARTS}

    def larger(found: re.Match[str]) -> str:
        value = float(found[3].replace("_", "")) * factor
        return f"{found[1]}{found[2]}{_written(value)}"

    for name in PARTS[:2]:
        texts[name] = _NAMED.sub(f"{capacity:,.0f} m3/d", _SCALED.sub(larger, texts[name]))
    head, *rows = texts["influent.csv"].splitlines()
    place = head.split(",").index("Q")
    cells = [row.split(",") for row in rows]
    for row in cells:
        row[place] = _written(float(row[place]) * factor).replace("_", "")
    texts["influent.csv"] = "\n".join([head, *(",".join(row) for row in cells), ""])
    return texts


def _written(value: float) -> str:
    """Write a size with four digits, thousands apart, as a drawing does."""
    if value >= 1000:
        return f"{round(float(f'{value:.4g}')):_}"
    return f"{value:.4g}"


def design(result: Result, *, raw_bod: float) -> dict[str, float]:
    """Work out the figures by which plants are designed, from a run of whole days near rest.

    Parameters
    ----------
    result : Result
        The run.
    raw_bod : float
        BOD5 of what comes. [g/m³]

    Returns
    -------
    dict
        ``hydraulic_h`` (full tanks), ``sludge_age_d``, ``solids_g_l`` (mean of all tanks),
        ``load_kg_kg_d`` (BOD5 per solids), ``return_ratio``, ``surface_load_m_h``,
        ``solids_load_kg_m2_d``.
    """
    drawing, values = result.plant.drawing, result.state.values
    water = {name: values[name].get("V", tank.volume) for name, tank in drawing.tanks.items()}
    held = sum(volume * values[name]["TSS"] for name, volume in water.items())
    streams = [result.stream(outlet) for outlet in drawing.outlets]
    flow = sum(float(stream["Q"].mean()) for stream in streams)
    left = sum(float((stream["Q"] * stream["TSS"]).mean()) for stream in streams)
    found = {
        "hydraulic_h": 24 * sum(tank.volume for tank in drawing.tanks.values()) / flow,
        "sludge_age_d": held / left,
        "solids_g_l": held / sum(water.values()) / 1000,
        "load_kg_kg_d": flow * raw_bod / held,
    }
    if _returned(drawing):
        found["return_ratio"] = _returned(drawing) / flow
    for name, settler in drawing.settlers.items():
        if settler.kind != "takacs":
            continue
        thick = next(values[pipe.source]["TSS"] for pipe in drawing.pipes if pipe.target == name)
        found["surface_load_m_h"] = flow / settler.area / 24
        found["solids_load_kg_m2_d"] = (flow + _returned(drawing)) * thick / settler.area / 1000
    return found


def judged(kind: str, *, capacity: float = DRAWN_AT) -> pd.DataFrame:
    """Simulate a template to rest and hold it against the ranges of the design code.

    Parameters
    ----------
    kind : str
        One of :data:`TEMPLATES`.
    capacity : float
        Mean flow. [m³/d]

    Returns
    -------
    DataFrame
        ``what``, ``value``, ``low``, ``high`` (NaN where the code says nothing), ``is_within``;
        then the effluent of a day with the limits of the drawing. [g/m³]
    """
    import pandas as pd

    files = template(kind, capacity=capacity)
    drawing = read_drawing(tomllib.loads(files["plant.toml"]))
    plant = Plant(drawing, load_model(drawing.model))
    comes = make_influent(pd.read_csv(io.StringIO(files["influent.csv"])), plant.model, name=kind)
    ran = plant.simulate(comes, days=1.0, start=plant.steady(comes))
    raw = float(comes.rows[0, :-2] @ plant.model.observables["BOD5_raw"])
    ranges = RANGES[kind]
    nothing = (float("nan"), float("nan"))
    rows = [(n, v, *ranges.get(n, nothing)) for n, v in design(ran, raw_bod=raw).items()]
    rows += [(f"{n}_g_m3", ran.effluent[n], 0.0, limit) for n, limit in drawing.limits.items()]
    found = pd.DataFrame(rows, columns=["what", "value", "low", "high"])
    within = ~(found["value"] < found["low"]) & ~(found["value"] > found["high"])
    return found.assign(is_within=within)


def solids_of(plant: Plant, stream: Mapping[str, float]) -> float:
    """Suspended solids of a stream. [g/m³]"""
    weights = plant.model.observables["TSS"]
    held = [stream[name] for name in plant.model.components]
    return float(sum(w * x for w, x in zip(weights, held, strict=True)))


def _returned(drawing: Drawing) -> float:
    """Return sludge. [m³/d]"""
    i = drawing.pipe("return sludge")
    return (drawing.pipes[i].flow or 0.0) if i >= 0 else 0.0
