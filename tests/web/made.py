"""A small case, and what a run of it would leave."""

import shutil
from pathlib import Path

import pandas as pd

from renvand.errors import Fault
from renvand.programme import manifest, store
from renvand.programme.stage import Product
from renvand.steps.outcome import Outcome
from renvand.trace import Figure, Origin

SMALL = Path(__file__).parents[1] / "unit" / "partnership" / "small"
NASTY = '<script>alert("x")</script>'
PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9"/></svg>'
SECRET = 7654.25  # m³/d, of the reviewed company: to be found nowhere else


def small(folder: Path) -> Path:
    """Copy the small case."""
    return Path(shutil.copytree(SMALL, folder))


def _register() -> Product:
    origin = Origin(file="observations.csv", row="o1", column="flow_m3_d", value="1200.5",
                    basis="constructed", source="made-up", confidence="low")  # fmt: skip
    load = Figure(id="register.dye-works.load", value=34288.5, unit="kg/a", low=30000.0,
                  high=40000.0, method="flow times concentration", made_of=(origin,))  # fmt: skip
    total = Figure(id="register.all.load", value=34288.5, unit="kg/a", method="sum",
                   made_of=(load.id,))  # fmt: skip
    companies = pd.DataFrame(
        {
            "id": ["dye-works", "metal-works"],
            "name_zh": ["蓝河染整厂", NASTY],
            "sector": ["textile-dyeing", "metalworking"],
            "longitude": [106.51, 106.45],
            "latitude": [29.6, 29.54],
            "rank": [1, 2],
            "equal_standard_m3_a": [1234567.25, 10.5],
            "load": [34288.5, None],
        }
    )
    many = pd.DataFrame(
        {"site": [f"r{n}" for n in range(120)], "value": [n + 0.5 for n in range(120)]}
    )
    return Product(
        outcome=Outcome(
            tables={"enterprises": companies, "loads": many},
            figures=(load, total),
            findings=(Fault(where="inbox/a.csv, line 3", what=NASTY, do="Look."),),
        ),
        documents={"map.en.html": b"<!doctype html><title>every company</title>"},
    )


def _review() -> Product:
    origin = Origin(file="reviews/dye-a/meters.csv", row="s1", column="flow_m3_d", value="1.5",
                    basis="measured", source="made-up", confidence="high")  # fmt: skip
    flow = Figure(id="review.dye-a.s1.flow", value=SECRET, unit="m3/d", method="metered",
                  made_of=(origin,))  # fmt: skip
    streams = pd.DataFrame({"review": ["dye-a"], "stream": ["s1"], "value": [SECRET]})
    return Product(outcome=Outcome(tables={"streams": streams}, figures=(flow,)))


def _potential() -> Product:
    drawings = {f"dye-a-pipes_now.{lang}.svg": PICTURE for lang in ("da", "en", "zh")}
    return Product(outcome=Outcome(tables={}, figures=()), documents=drawings)


def _plants() -> Product:
    origin = Origin(file="plants/north/operation.csv", row="2025-01")
    figure = Figure(id="plants.north.kwh_m3", value=0.3, unit="kWh/m3", method="metered",
                    made_of=(origin,))  # fmt: skip
    kpis = pd.DataFrame(
        {"plant": ["north"], "kwh_m3": [0.3], "kwh_m3_best_tenth": [0.2], "kwh_m3_average": [0.4]}
    )
    return Product(outcome=Outcome(tables={"kpis": kpis}, figures=(figure,)))


def _sheets() -> Product:
    sheet = b"<!doctype html><title>sheet</title><p>draft</p>"
    documents = {f"textile-dyeing.{lang}.html": sheet for lang in ("da", "en", "zh")}
    documents |= {f"textile-dyeing.{lang}.pdf": b"%PDF-1.7" for lang in ("da", "en", "zh")}
    return Product(outcome=Outcome(tables={}, figures=()), documents=documents)


def made(case: Path) -> None:
    """Leave what a run of a few steps would leave."""
    out = case / "out"
    out.mkdir()
    stages = {}
    for name, product in (
        ("register", _register()),
        ("review", _review()),
        ("potential", _potential()),
        ("plants", _plants()),
        ("sheets", _sheets()),
    ):
        files = store.keep(product, out / name)
        stages[name] = {"files": files, "findings": 1, "seconds": 0.5, "sources": ["made-up"],
                        "inputs": ""}  # fmt: skip
    manifest.write({"stages": stages}, out / "manifest.json")
