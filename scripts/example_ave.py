"""Write the example of the Ave basin: another country, made of files only.

Municipalities, rivers and limits are real, with their source; the companies, their water, the
plants and what they measure are constructed, by the rules below and one seed.

    python scripts/example_ave.py
"""

from __future__ import annotations

import csv
import math
import random
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import example_influent as fractions
import example_reviews

ROOT = Path(__file__).resolve().parents[1]
PAGES = Path(__file__).with_name("example_pages")
TABLES = ROOT / "src" / "renvand" / "knowledge" / "tables"
YEAR = 2025
DRAWN = "plant-1"
KNITS = 0.4  # of the water of the dyeing review of Chongqing, from which this one is scaled
EURO = 0.13  # of what that page pays in yuan; planning value
TAIL = ("basis", "source", "locator", "confidence")
DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
WET = (1.25, 1.2, 1.15, 1.05, 1.0, 0.9, 0.8, 0.75, 0.85, 0.95, 1.05, 1.15)  # flow by month
INFLOW = {"cod": 480, "bod": 230, "ss": 220, "nh4": 34, "tn": 48, "tp": 7}  # mg/L, assumed

Line = dict[str, Any]


def told(locator: str, *, source: str = "constructed-ave", basis: str = "constructed") -> Line:
    """Say of a row that it is constructed, or where it was read."""
    return dict(zip(TAIL, (basis, source, locator, "low"), strict=True))


def read(text: str) -> list[dict[str, str]]:
    """Read a table of the page; a dot is nothing."""
    found = example_reviews.rows(text)
    return [{k: "" if v == "." else v for k, v in row.items()} for row in found]


def write(path: Path, lines: Iterable[Line]) -> None:
    """Write a table as UTF-8 CSV."""
    rows = list(lines)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows(rows)


def limits(page: Mapping[str, Any]) -> Iterator[Line]:
    """Write the limits that hold here."""
    kinds = (
        ("dl-236-1998", "XVIII", "vle", "discharge", "direct", "annex XVIII, from memory"),
        ("directive-91-271", "1", "secondary", "secondary", "direct", "annex I, table 1"),
        ("directive-91-271", "2", "sensitive", "sensitive", "direct", "annex I, tables 1 and 2"),
        ("directive-2024-3019", "2", "recast-medium", "recast-medium", "direct",
         "annex I, table 2, 10,000 to 150,000 p.e., from memory"),
        ("directive-2024-3019", "2", "recast-large", "recast-large", "direct",
         "annex I, table 2, from 150,000 p.e., from memory"),
        ("inag2009", "1", "good", "good", "any", "rivers of the north, from memory"),
    )  # fmt: skip
    for standard, table, grade, name, discharge, locator in kinds:
        for substance, value in page[name].items():
            ends = ("min", value, "") if substance == "DO" else ("max", "", value)
            at = "water-body" if grade == "good" else "main-outlet"
            yield {
                "standard": standard, "table": table, "substance": substance, "grade": grade,
                "discharge": discharge, "condition": "any", "kind": ends[0],
                "limit_low": ends[1], "limit": ends[2], "unit": "mg/l", "measured_at": at,
                "source": standard, "locator": locator, "confidence": "low",
            }  # fmt: skip


def sites(page: Mapping[str, Any], dice: random.Random) -> Iterator[tuple[Line, Line, Line]]:
    """Draw the companies: who, where, and what its line of business leaves in the water."""
    places = read(page["divisions"])
    for line in read(page["lines"]):
        for number in range(1, int(line["sites"]) + 1):
            place = places[(number * 3 + len(line["line"])) % len(places)]
            name = {"dyeing": "ave-dyeing", "dairy": "ave-dairy"}.get(line["line"], "")
            slug = name if name and number == 1 else f"{line['line']}-{number:02d}"
            low, high = float(line["low"]), float(line["high"])
            flow = math.exp(dice.uniform(math.log(low), math.log(high)))
            company = {
                "id": slug,
                "name_en": f"{line['name']} Example {number} (constructed)",
                "sector_code": line["code"],
                "division": place["id"],
                "longitude": round(float(place["longitude"]) + dice.uniform(-0.03, 0.03), 5),
                "latitude": round(float(place["latitude"]) + dice.uniform(-0.03, 0.03), 5),
                "position_quality": "address",
                "is_willing": str(number % 3 == 1).lower(),
                **told("drawn by scripts/example_ave.py"),
            }
            yield company, {**place, "flow": round(flow, 1)}, line


def register(page: Mapping[str, Any], root: Path, dice: random.Random) -> None:
    """Write companies, outlets, permits and a year of observations."""
    companies: list[Line] = []
    outlets: list[Line] = []
    permits: list[Line] = []
    seen: list[Line] = []
    for company, place, line in sites(page, dice):
        outlet, tail = f"{company['id']}.out", told("drawn by scripts/example_ave.py")
        companies.append(company)
        outlets.append(
            {"id": outlet, "enterprise": company["id"], "kind": "direct",
             "receiving_reach": place["reach"], "longitude": company["longitude"],
             "latitude": company["latitude"], **tail}
        )  # fmt: skip
        for substance in ("COD", "BOD5", "SS", "NH4-N", "TP", "Cr", "Ni"):
            if not line[substance]:
                continue
            level = float(line[substance]) * math.exp(dice.gauss(-0.35, 0.4))
            if substance in page["discharge"]:
                limit = page["discharge"][substance]
                permits.append({"outlet": outlet, "substance": substance, "limit_mg_l": limit,
                                **told("value of dl-236-1998, annex XVIII")})  # fmt: skip
            seen.append(
                {"id": f"{company['id']}.{substance.lower()}", "outlet": outlet, "year": YEAR,
                 "substance": substance, "flow_m3_d": place["flow"],
                 "concentration_mg_l": float(f"{level:.3g}"), "is_censored": "false",
                 "days": 280, **tail}
            )  # fmt: skip
    for name, rows in (("enterprises", companies), ("outlets", outlets),
                       ("permit_limits", permits), ("observations", seen)):  # fmt: skip
        write(root / f"{name}.csv", rows)


def river(page: Mapping[str, Any], root: Path) -> None:
    """Write the reaches and what their water holds above all outlets."""
    rows = read(page["reaches"])
    tail = told("estimate from maps and memory", source="ave-estimates", basis="estimated")
    write(root / "reaches.csv", (
        {"id": r["id"], "name_en": r["name_en"], "downstream": r["downstream"],
         "length_km": r["length_km"], "width_m": r["width_m"], "depth_m": r["depth_m"],
         "slope": r["slope"], "flow_mean_m3_s": r["mean"], "flow_low_m3_s": r["low"],
         "temperature_c": 16, "class": "good", "longitude": r["longitude"],
         "latitude": r["latitude"], **tail} for r in rows))  # fmt: skip
    write(root / "background.csv", (
        {"reach": r["id"], "substance": substance, "concentration_mg_l": value, **tail}
        for r in rows for substance, value in page["background"].items()))  # fmt: skip
    ring = [[-8.80, 41.28], [-8.10, 41.28], [-8.10, 41.56], [-8.80, 41.56], [-8.80, 41.28]]
    box = f'{{"type": "Polygon", "coordinates": [{ring}]}}'
    kind = '{{"type": "FeatureCollection", "attribution": "{}", "features": ['
    kind += '{{"type": "Feature", "properties": '
    frame = kind.format("Frame of the map: no border")
    rivers = kind.format("Rivers sketched from memory")
    (root / "divisions.geojson").write_text(
        f'{frame}{{"name": "frame of the map, no border"}}, "geometry": {box}}}]}}\n'
    )
    at = {r["id"]: [float(r["longitude"]), float(r["latitude"])] for r in rows}
    lines = [[at[r["id"]], at[r["downstream"]]] for r in rows if r["downstream"]]
    shape = f'{{"type": "MultiLineString", "coordinates": {lines}}}'
    (root / "rivers.geojson").write_text(f'{rivers}{{"level": 2}}, "geometry": {shape}}}]}}\n')


def plants(page: Mapping[str, Any], root: Path, dice: random.Random) -> None:
    """Write six plants, a year of months each, and the drawing of one."""
    rows = read(page["plants"])
    write(root / "plants.csv", (
        {"id": r["id"], "name_en": r["name_en"], "division": r["division"],
         "capacity_m3_d": r["capacity"], "process": r["process"], "discharge_class": r["grade"],
         "lines": r["lines"], "receiving_reach": r["reach"], **told("constructed plant")}
        for r in rows))  # fmt: skip
    for r in rows:
        months = list(_months(page, r, dice))
        write(root / "plants" / r["id"] / "operation.csv", months)
    drawn(root / "plants" / DRAWN, float(rows[0]["capacity"]) * float(rows[0]["load"]))


def _months(page: Mapping[str, Any], row: Mapping[str, str], dice: random.Random) -> Iterator[Line]:
    names = {"cod": "COD", "bod": "BOD5", "ss": "SS", "tn": "TN", "tp": "TP"}
    allowed = {k: page[row["grade"]].get(v) for k, v in names.items()}
    for month, (days, wet) in enumerate(zip(DAYS, WET, strict=True), 1):
        flow = float(row["capacity"]) * float(row["load"]) * wet * dice.uniform(0.97, 1.03)
        line: Line = {"month": f"{YEAR}-{month:02d}", "flow_m3_d": round(flow)}
        line["electricity_kwh"] = round(flow * days * float(row["kwh"]) * dice.uniform(0.95, 1.05))
        line["temperature_c"] = round(17 - 5 * math.cos(2 * math.pi * (month - 1.5) / 12), 1)
        for name, mean in INFLOW.items():
            came = mean / wet * dice.uniform(0.93, 1.07)
            left = {"nh4": 2.5, "tn": 24.0, "tp": 3.0}.get(name, 0.0)
            share = dice.uniform(0.5, 0.8)
            left = (allowed.get(name) or left or came * 0.06) * share
            line |= {f"{name}_in_mg_l": round(came, 2), f"{name}_out_mg_l": round(left, 2)}
        yield {**line, **told("drawn by scripts/example_ave.py")}


def drawn(folder: Path, flow: float) -> None:
    """Draw the trial plant by the template that comes with the package; its inflow is drawn too."""
    from renvand.plant.templates import template

    files = template("a2o", capacity=flow)
    write(folder / "influent.csv", inflow(files.pop("influent.csv"), random.Random(DRAWN)))
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def inflow(mean: str, dice: random.Random) -> Iterator[Line]:
    """Draw a fortnight in quarters of an hour about the template's constant inflow."""
    kinds = {kind: fractions.swing(kind, dice) for kind in ("flow", "soluble", "particles")}
    constant = next(csv.DictReader(mean.splitlines()))
    for step in range(fractions.STEPS * fractions.DAYS):
        row: Line = {"t_d": round(step / fractions.STEPS, 6)}
        for name, value in constant.items():
            kind = {"X": "particles", "S": "soluble", "Q": "flow"}.get(name[0], "")
            kind = "particles" if name == "TSS" else kind
            if name != "t_d":
                is_still = not kind or name in ("S_ALK", "S_I", "S_N2")
                row[name] = round(float(value) * (1.0 if is_still else kinds[kind][step]), 3)
        yield row


def reviews(root: Path) -> None:
    """Write two reviews: a dye-house scaled from the first example's page, and a dairy."""
    dyeing = tomllib.loads((PAGES / "kaizhou-dyeing.toml").read_text(encoding="utf-8"))
    dyeing["review"] |= {"enterprise": "ave-dyeing", "production": 18 * KNITS}
    dyeing["tables"] = {n: _scaled(n, text) for n, text in dyeing["tables"].items()}
    dairy = tomllib.loads((PAGES / "ave-dairy.toml").read_text(encoding="utf-8"))
    for name, page in (("ave-dyeing", dyeing), ("ave-dairy", dairy)):
        folder = root / "reviews" / name
        folder.mkdir(parents=True, exist_ok=True)
        page["review"]["product"].pop("zh", None)
        head = example_reviews.header(page["review"]).replace("example_reviews", "example_ave")
        (folder / "review.toml").write_text(head, encoding="utf-8")
        for table, rows in example_reviews.tables(page, dice=random.Random(name)).items():
            kept = [{k: v for k, v in r.items() if k != "label_zh"} for r in rows]
            example_reviews.write(folder / f"{table}.csv", kept)


def _scaled(name: str, text: str) -> str:
    """Make a page's table smaller by one factor, and its prices euros."""
    factors = {"flow": KNITS, "amount_kg_d": KNITS, "amount_kwh_d": KNITS, "goods_t_d": KNITS}
    factors |= {"price_per_kg": EURO, "price_per_kwh": 0.2}
    rows = list(example_reviews.rows(text))
    for row in rows:
        for column in factors.keys() & row.keys():
            row[column] = f"{float(row[column]) * factors[column]:.6g}"
    lines = ["  ".join(rows[0]), *("  ".join(row.values()) for row in rows)]
    return "\n".join(lines)


def european(root: Path) -> None:
    """Lay over the good practice of China that of Europe alone, as shipped."""
    with (TABLES / "good_practice.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["id"].startswith("eu-")]
    write(root / "good_practice.csv", rows)


def main(root: Path = ROOT) -> None:
    """Write what is drawn; ``case.toml`` and the small tables are written by hand."""
    page = tomllib.loads((PAGES / "ave.toml").read_text(encoding="utf-8"))
    folder, dice = root / "examples" / "ave", random.Random(page["seed"])
    folder.mkdir(parents=True, exist_ok=True)
    tail = {"source": "ave-estimates", "locator": "from memory", "confidence": "low"}
    write(folder / "divisions.csv", (
        {"id": r["id"], "code": r["id"], "name_en": r["name_en"].replace("-", " "),
         "kind": r["kind"], "within": r["id"], "longitude": r["longitude"],
         "latitude": r["latitude"], "aliases": r["aliases"], **tail}
        for r in read(page["divisions"])))  # fmt: skip
    write(folder / "limits.csv", limits(page))
    european(folder)
    register(page, folder, dice)
    river(page, folder)
    plants(page, folder, dice)
    reviews(folder)


if __name__ == "__main__":
    main()
