"""Write the constructed register of the example case: some 300 companies and the lists about them.

What is drawn from stands in ``example_pages/register.toml`` with its sources; how lists are spoilt
as real ones are stands in ``example_lists.py``. Nothing describes a real company.

    python scripts/example_register.py
"""

from __future__ import annotations

import csv
import random
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import example_lists
from example_lists import YEAR
from example_sites import PAGES, Site, draw, significant

ROOT = Path(__file__).resolve().parents[1]
SEED = 20_261_123
Line = dict[str, Any]


def main(root: Path = ROOT) -> None:
    """Write the lists, the partnership's own records, and what was spoilt on purpose."""
    page = tomllib.loads((PAGES / "register.toml").read_text(encoding="utf-8"))
    case = root / "examples" / "chongqing"
    sites = draw(page, dice=random.Random(SEED))
    (case / "inbox").mkdir(parents=True, exist_ok=True)
    mess = example_lists.write(case / "inbox", sites, page=page, dice=random.Random(SEED + 1))
    table(root / "tests" / "unit" / "example" / "mess.csv", mess)
    for name, lines in own_records(sites, page, dice=random.Random(SEED + 2)).items():
        table(case / f"{name}.csv", lines)


def own_records(
    sites: list[Site], page: Mapping[str, Any], *, dice: random.Random
) -> dict[str, list[Line]]:
    """Give the partnership's own rows on the reviewed companies."""
    made: dict[str, list[Line]] = {
        name: [] for name in ("enterprises", "outlets", "permit_limits", "observations")
    }
    for one in (s for s in sites if s.id):
        rule, outlet = page["lines"][one.line], f"{one.id}.dw001"
        made["enterprises"].append(enterprise(one, rule["code"]))
        made["outlets"].append(outlet_row(one, outlet))
        standard = rule["limits"][one.end]
        for substance, limit in one.limits.items():
            about = tail("constructed-permits", f"value of {standard}")
            key = {"outlet": outlet, "substance": substance}
            made["permit_limits"].append({**key, "limit_mg_l": limit, **about})
            value = limit * one.level[substance] * dice.uniform(0.95, 1.05)
            low = page["reporting"].get(substance, 0.0)
            made["observations"].append(observation(one, key, value=value, low=low))
    return made


def enterprise(one: Site, code: str) -> Line:
    """Give the row of a company."""
    return {
        "id": one.id,
        "name_zh": one.name,
        "name_en": one.name_en,
        "uscc": one.uscc,
        "permit": one.permit,
        "sector_code": code,
        "division": one.district.code,
        "address_zh": one.address,
        "longitude": one.longitude,
        "latitude": one.latitude,
        "position_quality": "address",
        "employees": "",
        "is_willing": "true",
        **tail("constructed-register", "reviewed company"),
    }


def outlet_row(one: Site, outlet: str) -> Line:
    """Give the row of a company's one outlet."""
    return {
        "id": outlet,
        "enterprise": one.id,
        "kind": one.end,
        "receiving_reach": one.district.reach,
        "receiving_plant": one.district.plant if one.end == "sewer" else "",
        "longitude": one.longitude,
        "latitude": one.latitude,
        **tail("constructed-register", "reviewed company"),
    }


def observation(one: Site, key: Mapping[str, str], *, value: float, low: float) -> Line:
    """Give the mean of a year; below the reporting limit, that limit."""
    return {
        "id": f"{one.id}.{YEAR}.{key['substance'].lower()}",
        "outlet": key["outlet"],
        "year": YEAR,
        "substance": key["substance"],
        "flow_m3_d": one.flow,
        "concentration_mg_l": max(low, significant(value)),
        "is_censored": "true" if value < low else "false",
        "days": one.days,
        **tail("constructed-monitoring", "mean of the year; flow as in the review"),
    }


def tail(source: str, locator: str) -> dict[str, str]:
    """Say that a row is constructed, and by which rule."""
    return {"basis": "constructed", "source": source, "locator": locator, "confidence": "medium"}


def table(path: Path, lines: list[Line]) -> None:
    """Write a table as UTF-8 CSV."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(lines[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)


if __name__ == "__main__":
    main()
