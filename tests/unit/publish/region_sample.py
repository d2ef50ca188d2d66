"""Rivers, a plant and a register around the three companies of ``case_sample``."""

import dataclasses

import pandas as pd

from renvand.steps.outcome import Outcome
from tests.unit.publish import case_sample
from tests.unit.publish.case_sample import NAMES, figure

TAIL = {"basis": "estimated", "source": "made-up", "locator": "", "confidence": "low"}


def case(**changes):
    """Give the case with two reaches and two plants."""
    held = case_sample.case(**changes)
    reaches = [
        {"id": "brook", "name_en": "Brook", "name_zh": "小溪", "downstream": "river",
         "longitude": 106.0, "latitude": 30.0, "flow_mean_m3_s": 2.0, "flow_low_m3_s": 0.5,
         "length_km": 25.0},
        {"id": "river", "name_en": "River", "name_zh": "", "downstream": "",
         "longitude": 106.5, "latitude": 29.5, "flow_mean_m3_s": 900.0, "flow_low_m3_s": 300.0,
         "length_km": 60.0},
    ]  # fmt: skip
    plants = [
        {"id": "north", "name_en": "North WWTP (Li 2023)", "name_zh": "", "capacity_m3_d": 60000.0,
         "process": "A2O", "discharge_class": "1A", "receiving_reach": "brook",
         "longitude": 106.1, "latitude": 30.0},
        {"id": "south", "name_en": "South WWTP", "name_zh": "南厂", "capacity_m3_d": 20000.0,
         "process": "OD", "discharge_class": "1B", "receiving_reach": "river",
         "longitude": 106.6, "latitude": 29.4},
    ]  # fmt: skip
    tables = {
        **held.tables,
        "reaches": pd.DataFrame([row | TAIL for row in reaches]),
        "plants": pd.DataFrame([row | TAIL for row in plants]),
    }
    return dataclasses.replace(held, tables=tables)


def register(sites=3):
    """Give a register where so many dye-houses discharge to the brook."""
    names = [*NAMES, "other"][:sites]
    rows = [{"id": n, "sector": "textile-dyeing", "division": "500101"} | TAIL for n in names]
    outlets = [{"site": n, "receiving_reach": "brook"} for n in names]
    return Outcome(
        tables={"enterprises": pd.DataFrame(rows), "outlets": pd.DataFrame(outlets)},
        figures=(),
    )


def effect():
    """Give the effect: every company spares the brook one kilogram of COD a day."""
    removed = [
        {"place": f"{n}.dw001", "reach": "brook", "substance": "COD", "figure": f"removed.{n}.COD"}
        for n in NAMES
    ]
    profile = [
        {"start": "brook", "distance_km": 0.0, "reach": "brook", "before_mg_l": 20.0,
         "after_mg_l": 18.0},
        {"start": "brook", "distance_km": 30.0, "reach": "river", "before_mg_l": 9.0,
         "after_mg_l": 8.8},
    ]  # fmt: skip
    classes = [
        {"reach": "brook", "flow": "low", "class_before": "IV"},
        {"reach": "river", "flow": "low", "class_before": "II"},
    ]
    benefit = [
        {"place": "north", "kind": "plant", "reach": "brook", "substance": "COD",
         "river_km_per_kg_d": 0.03},
    ]  # fmt: skip
    return Outcome(
        tables={
            "removed": pd.DataFrame(removed),
            "profile": pd.DataFrame([r | {"flow": "low", "substance": "COD"} for r in profile]),
            "classes": pd.DataFrame(classes),
            "benefit": pd.DataFrame(benefit),
        },
        figures=tuple(
            dataclasses.replace(
                figure(f"removed.{n}.COD", 1.0, "kg/d"), made_of=(f"potential.{n}.water_saved",)
            )
            for n in NAMES
        ),
    )


def trial(best="aeration-80"):
    """Give a trial of the northern plant with one lever."""
    scenarios = [
        {"scenario": "today", "lever": "", "share": 1.0, "keeps_limits": True},
        {"scenario": "aeration-80", "lever": "aeration", "share": 0.8, "keeps_limits": bool(best)},
    ]
    figures = [
        figure(f"trial.{s}.{what}", value * k, unit)
        for s, k in (("today", 1.0), ("aeration-80", 0.8))
        for what, value, unit in (
            ("energy_kwh_m3", 0.2, "kWh/m3"),
            ("TN_g_m3", 12.0, "g/m3"),
            ("S_NH_g_m3", 1.0, "g/m3"),
            ("cost_d", 9000.0, "CNY/d"),
        )
    ]
    plan = {"block_days": 3, "pairs": 4, "significance": 0.05}
    if best:
        figures += [
            figure("trial.plan.saving_share", 0.2, "1"),
            figure("trial.plan.weeks", 3.4, "weeks"),
            figure("trial.plan.power", 0.9, "1"),
        ]
    return Outcome(
        tables={
            "scenarios": pd.DataFrame(scenarios),
            "plan": pd.DataFrame([plan] if best else []),
        },
        figures=tuple(figures),
        extras={"plant": "north", "best": best},
    )


def plants():
    reasons = [
        {"plant": "north", "order": 1, "key": "plants.gap.for", "value": 51.3, "unit": "%"},
        {"plant": "north", "order": 2, "key": "plants.process.for", "value": 1.0, "unit": "1"},
    ]
    figures = [
        figure(f"plants.{p}.kwh_m3", v, "kWh/m3") for p, v in (("north", 0.5), ("south", 0.3))
    ]
    figures += [
        figure("plants.north.value", 0.7, "1"),
        figure("plants.north.probability", 0.99, "1"),
    ]
    shortlist = pd.DataFrame([{"plant": "north"}, {"plant": "south"}])
    return Outcome(
        tables={"reasons": pd.DataFrame(reasons), "shortlist": shortlist}, figures=tuple(figures)
    )


def results(**changes):
    return (
        case_sample.results()
        | {
            "register": register(),
            "effect": effect(),
            "trial": trial(),
            "plants": plants(),
        }
        | changes
    )
