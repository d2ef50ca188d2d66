"""A case with three constructed companies, small enough to follow by hand."""

import datetime as dt
from pathlib import Path

import pandas as pd

from renvand.steps.case import CaseData, ReviewData
from renvand.steps.outcome import Outcome
from renvand.trace import Figure, Origin

NAMES = ("north-works", "south-works", "west-works")
UNITS = pd.DataFrame(
    [
        ("tank", "storage", "Raw water tank", "Råvandstank", "原水池"),
        ("dyeing", "dye-bath", "Dyeing", "Farvning", "染色"),
        ("rinsing", "washing", "Rinsing", "Skylning", "水洗"),
        ("plant", "treatment", "Treatment", "Rensning", "废水处理站"),
    ],
    columns=["id", "kind", "label_en", "label_da", "label_zh"],
)
STREAMS = (
    ("s1", "supply", "tank", "fresh", 100.0),
    ("s2", "tank", "dyeing", "fresh", 30.0),
    ("s3", "tank", "rinsing", "fresh", 70.0),
    ("s4", "dyeing", "plant", "wastewater", 28.0),
    ("s5", "rinsing", "plant", "wastewater", 69.0),
    ("s6", "rinsing", "product", "product", 1.0),
    ("s7", "dyeing", "rinsing", "process", 2.0),
    ("s8", "plant", "sewer", "wastewater", 90.0),
    ("s9", "plant", "dyeing", "reuse", 7.0),
)
COD = {"s4": 2000.0, "s5": 500.0, "s8": 150.0}


def origin(what):
    return Origin(
        file="reviews/x/meters.csv",
        row=what,
        basis="constructed",
        source="made-up",
        confidence="medium",
    )


def figure(name, value, unit, **more):
    return Figure(
        id=name, value=value, unit=unit, method="made for a test", made_of=(origin(name),), **more
    )


def case(**changes):
    """Give the case; ``changes`` by review id change its page."""
    pages = {
        name: {"enterprise": name, "sector": "textile-dyeing", "has_consent": True}
        | {"consent_on": dt.date(2026, 1, 1)}
        | changes.get(name.replace("-", "_"), {})
        for name in NAMES
    }
    return CaseData(
        folder=Path(),
        settings={
            "case": {"region": "Chongqing", "seed": 1, "as_of": dt.date(2026, 11, 23)},
            "sheet": {"url": "https://example.org/dyeing", "contact": "Secretariat"},
        },
        sources={"made-up": {"title": "Made up", "year": 2026, "kind": "constructed"}},
        tables={"partners": pd.DataFrame([{"id": "secretariat", "name_en": "Secretariat"}])},
        reviews={n: ReviewData(settings=p, tables={"units": UNITS}) for n, p in pages.items()},
    )


def review():
    """Give the outcome of step 4: the second company is 10 % larger, the third 20 %."""
    rows, figures = [], []
    for place, name in enumerate(NAMES):
        scale = 1 + 0.1 * place
        for stream, start, end, kind, flow in STREAMS:
            common = {"review": name, "stream": stream, "from_unit": start, "to_unit": end}
            rows.append(
                common | {"kind": kind, "quantity": "flow", "value": flow * scale, "raw": flow}
            )
            figures.append(figure(f"review.{name}.{stream}.flow", flow * scale, "m3/d"))
        for stream, value in COD.items():
            figures.append(figure(f"review.{name}.{stream}.COD", value, "mg/l"))
        for what, unit in (
            ("specific_water", "m3/t"),
            ("specific_wastewater", "m3/t"),
            ("specific_cod", "kg/t"),
        ):
            value = 100.0 * scale
            figures.append(
                figure(f"review.{name}.{what}", value, unit, low=value - 5, high=value + 5)
            )
        figures.append(figure(f"review.{name}.rinsing.raw_closure", -0.031, "1"))
    balances = [{"review": n, "unit": "rinsing", "quantity": "flow"} for n in NAMES]
    columns = ["review", "indicator", "place", "level", "unit", "is_nearest", "good_practice"]
    level = "gb-4287-2012.yarn-knit.specific-wastewater.base-new"
    compared = [(n, "specific-wastewater", "", "base-new", "m3/t", True, level) for n in NAMES]
    return Outcome(
        tables={
            "streams": pd.DataFrame(rows),
            "balances": pd.DataFrame(balances),
            "comparison": pd.DataFrame(compared, columns=columns),
        },
        figures=tuple(figures),
    )


def potential():
    """Give the outcome of step 5: one option a company, soonest paid back at the first."""
    options, macc, totals, figures = [], [], [], []
    for place, name in enumerate(NAMES):
        option = "stepwise-rinsing.rinsing"
        texts = {
            f"{text}_{language}": f"{text} {language}"
            for text in ("name", "description", "limits")
            for language in ("en", "da", "zh")
        }
        options.append(
            {
                "review": name,
                "option": option,
                "technology": "stepwise-rinsing",
                "is_in_package": True,
                "water_m3_a": 12_000.0,
                "investment": 40_000.0,
                "net_saving_a": 90_000.0,
                "payback_a": 0.44 + place,
                "confidence": "medium",
                "capex_confidence": "low",
                **texts,
            }
        )
        macc.append({"review": name, "option": option, "measure": "water", "cost_per_unit": -7.0})
        totals.append({"review": name, "water_saved_share": 0.3 + 0.02 * place})
        figures += [
            figure(f"potential.{name}.{option}.water", 12_000.0, "m3/a"),
            figure(f"potential.{name}.{option}.npv", 500_000.0, "CNY"),
            figure(f"potential.{name}.water_saved", 12_000.0, "m3/a"),
        ]
        unpaid = {"technology": "bioscouring", "option": "bioscouring.scouring"}
        options.append({**options[-1], **unpaid, "is_in_package": False})
    offers = [("stepwise-rinsing", "zeta", "US"), ("bioscouring", "zeta", "DK"),
              ("bioscouring", "Alfa", "DK")]  # fmt: skip
    return Outcome(
        tables={
            "options": pd.DataFrame(options),
            "macc": pd.DataFrame(macc),
            "totals": pd.DataFrame(totals),
            "suppliers": pd.DataFrame(offers, columns=["technology", "name", "country"]),
        },
        figures=tuple(figures),
    )


def results():
    return {"review": review(), "potential": potential()}
