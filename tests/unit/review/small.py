"""A dyehouse of three units, small enough to check by hand."""

from pathlib import Path

import pandas as pd

from renvand.steps.case import CaseData, ReviewData

TAIL = {"basis": "measured", "source": "visit", "locator": "p. 1", "confidence": "high"}
PAGE = {
    "enterprise": "dye-a",
    "sector": "textile-dyeing",
    "production": 10.0,
    "production_unit": "t",
    "days_a": 300,
    "product": {"en": "Dyed cotton knit", "da": "Farvet bomuldsstrik", "zh": "染色棉针织布"},
}


def units(*rows):
    made = [dict(zip(("id", "kind"), row.split(), strict=True)) for row in rows]
    return pd.DataFrame(
        [{**r, **{f"label_{x}": r["id"] for x in ("en", "da", "zh")}} for r in made]
    )


def streams(*rows):
    columns = ("id", "from_unit", "to_unit", "kind")
    return pd.DataFrame([row.split() for row in rows], columns=columns)


def meters(**flows):
    rows = [
        {"stream": s, "flow_m3_d": v, "std_m3_d": sd, "days": 10, **TAIL}
        for s, (v, sd) in flows.items()
    ]
    return pd.DataFrame(rows)


def samples(*rows):
    made = []
    for row in rows:
        stream, substance, value, sd = row.split()
        made.append(
            {
                "stream": stream,
                "substance": substance,
                "concentration_mg_l": float(value.removeprefix("<")),
                "std_mg_l": float(sd),
                "is_censored": value.startswith("<"),
                "sampled_on": "2026-03-01",
                **TAIL,
            }
        )
    return pd.DataFrame(made)


def dyehouse(**changed):
    """Water through a tank to the dyeing, to the treatment, to the sewer."""
    tables = {
        "units": units("tank storage", "dyeing dye-bath", "works treatment"),
        "streams": streams(
            "s1 supply tank fresh",
            "s2 tank dyeing fresh",
            "s3 dyeing air evaporation",
            "s4 dyeing works wastewater",
            "s5 works sewer wastewater",
            "s6 works dyeing reuse",
        ),
        "meters": meters(s1=(1000, 20), s2=(1010, 20), s3=(50, 15), s5=(940, 20), s6=(100, 5)),
        "samples": samples("s4 COD 1500 100", "s5 COD 150 15", "s5 TN <2 1"),
        "chemicals": pd.DataFrame(
            [
                {
                    "unit": "dyeing",
                    "chemical": "salt",
                    "amount_kg_d": 4000.0,
                    "price_per_kg": 1,
                    **TAIL,
                }
            ]
        ),
        "energy": pd.DataFrame(
            [
                {"unit": "dyeing", "carrier": "electricity", "amount_kwh_d": 9500.0}
                | {"price_per_kwh": 1, **TAIL}
            ]
        ),
    }
    return ReviewData(settings=PAGE | changed.pop("page", {}), tables=tables | changed)


def case(review=None, *, kind="sewer", **permits):
    """A case with this one review, its outlet, and permits by substance."""
    limits = [
        {"outlet": "dye-a.1", "substance": s.replace("_", "-"), "limit_mg_l": v, **TAIL}
        for s, v in permits.items()
    ]
    tables = {
        "outlets": pd.DataFrame([{"id": "dye-a.1", "enterprise": "dye-a", "kind": kind}]),
        "permit_limits": pd.DataFrame(limits or None),
    }
    return CaseData(
        folder=Path(),
        settings={},
        sources={},
        tables=tables,
        reviews={"dye-a": dyehouse() if review is None else review},
    )
