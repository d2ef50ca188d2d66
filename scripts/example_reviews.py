"""Write the five constructed company reviews of the example case.

Every company has a page in ``example_pages``: its units, the true flow of every stream, the error
of every meter, what the laboratory would find. This script tests that the truth balances, adds
seeded reading errors, and writes the tables a reviewer would have handed in. Nothing is measured;
every row says so.

    python scripts/example_reviews.py
"""

from __future__ import annotations

import csv
import datetime as dt
import math
import random
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGES = Path(__file__).with_name("example_pages")
COMPANIES = (
    "bishan-plating",
    "dazu-plating",
    "tongliang-plating",
    "kaizhou-dyeing",
    "wanzhou-dyeing",
)
SEED = 20_260_317  # the first day of the reviews
OUTSIDE = {"supply", "drain", "sewer", "air", "product", "sludge"}
SAMPLE_ERROR = 0.08  # of the value: sampling and laboratory together; an assumption of the example
THERMOMETER = 0.5  # °C; an assumption of the example
DAILY_ERROR = 0.01  # of the value: a meter of one day; an assumption of the example
METERED_DAYS = 10  # working days of reading; an assumption of the example
TAIL = ("basis", "source", "locator", "confidence")

Row = dict[str, str]
Line = dict[str, Any]


def main(root: Path = ROOT) -> None:
    """Write all reviews."""
    for name in COMPANIES:
        page = tomllib.loads((PAGES / f"{name}.toml").read_text(encoding="utf-8"))
        folder = root / "examples" / "chongqing" / "reviews" / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "review.toml").write_text(header(page["review"]), encoding="utf-8")
        for table, rows in tables(page, dice=random.Random(f"{SEED} {name}")).items():
            write(folder / f"{table}.csv", rows)


def tables(page: Mapping[str, Any], *, dice: random.Random) -> dict[str, list[Line]]:
    """Make the tables of one review from its page."""
    read = {name: list(rows(text)) for name, text in page["tables"].items()}
    balanced(read["streams"])
    facts = {"confidence": "low", "locator": "assumption of the constructed company"}
    return {
        "units": [
            {f"label_{k}" if k in ("en", "da", "zh") else k: v for k, v in row.items()}
            for row in read["units"]
        ],
        "streams": [
            {"id": r["id"], "from_unit": r["from"], "to_unit": r["to"], "kind": r["kind"]}
            for r in read["streams"]
        ],
        "meters": list(meters(read["streams"], gross=page.get("gross", {}), dice=dice)),
        "samples": [
            *samples(read, day=page["review"]["reviewed_on"], dice=dice),
            *warmth(read.get("warmth", []), day=page["review"]["reviewed_on"], dice=dice),
        ],
        "demands": [
            {"unit": row["unit"], "substance": substance, "max_in_mg_l": value, **told(**facts)}
            for row in read["demands"]
            for substance, value in row.items()
            if substance != "unit"
        ],
        "chemicals": [{**row, **priced()} for row in read["chemicals"]],
        "energy": [{**row, **priced()} for row in read["energy"]],
        **{
            name: [{k: v for k, v in row.items() if v != "."} | told(**facts) for row in read[name]]
            for name in ("rinses", "dyeings", "fluids")
            if name in read
        },
        **(
            {"readings": list(readings(read["streams"], page, dice=dice))} if "days" in page else {}
        ),
    }


def rows(text: str) -> Iterator[Row]:
    """Read a table of a page: two or more spaces part the columns."""
    lines = [re.split(r"\s{2,}", line.strip()) for line in text.strip().splitlines()]
    for cells in lines[1:]:
        yield dict(zip(lines[0], cells, strict=True))


def balanced(streams: Iterable[Row]) -> None:
    """Stop when the truth makes or loses water in a unit."""
    left: dict[str, float] = defaultdict(float)
    for row in streams:
        left[row["to"]] += float(row["flow"])
        left[row["from"]] -= float(row["flow"])
    wrong = {u: round(v, 6) for u, v in left.items() if u not in OUTSIDE and abs(v) > 1e-9}
    assert not wrong, f"water is not balanced: {wrong}"


def meters(
    streams: Iterable[Row], *, gross: Mapping[str, float], dice: random.Random
) -> Iterator[Line]:
    """Read every meter once: truth plus noise; a gross error counts in standard deviations."""
    for row in streams:
        noise = dice.gauss(0, 1)
        if row["error"] == ".":
            continue
        flow, share = float(row["flow"]), float(row["error"])
        read = flow * (1 + share * gross.get(row["id"], noise))
        how = "estimate" if share >= 0.2 else "reading of a meter"
        yield {
            "stream": row["id"],
            "flow_m3_d": figures(read),
            "std_m3_d": figures(flow * share, digits=3),
            "days": METERED_DAYS,
            **told(locator=f"simulated {how}, ±{100 * share:g} % (one standard deviation)"),
        }


def samples(read: Mapping[str, list[Row]], *, day: str, dice: random.Random) -> Iterator[Line]:
    """Take the laboratory's values: truth plus noise, '<' where nothing was found."""
    truth = {row["stream"]: row for row in read["samples"]}
    for stream, row in truth.items():
        for substance in (name for name in row if name != "stream"):
            noise = dice.gauss(0, 1)
            text = row[substance]
            if text == ".":
                continue
            is_censored = text.startswith("<")
            value = mixed(read["streams"], truth, stream=stream, substance=substance)
            found = value if is_censored else value * max(0.1, 1 + SAMPLE_ERROR * noise)
            yield {
                "stream": stream,
                "substance": substance,
                "concentration_mg_l": figures(found),
                "std_mg_l": figures(value * SAMPLE_ERROR, digits=2),
                "is_censored": "true" if is_censored else "false",
                "sampled_on": day,
                **told(locator=f"simulated analysis, ±{100 * SAMPLE_ERROR:g} %"),
            }


def warmth(rows: Iterable[Row], *, day: str, dice: random.Random) -> Iterator[Line]:
    """Read thermometers: truth plus noise."""
    for row in rows:
        yield {
            "stream": row["stream"],
            "substance": "temperature",
            "concentration_mg_l": figures(float(row["celsius"]) + dice.gauss(0, THERMOMETER)),
            "std_mg_l": figures(THERMOMETER),
            "is_censored": "false",
            "sampled_on": day,
            **told(locator=f"simulated thermometer, ±{THERMOMETER:g} °C"),
        }


def readings(
    streams: Iterable[Row], page: Mapping[str, Any], *, dice: random.Random
) -> Iterator[Line]:
    """Read some meters day by day: truth of a working or an idle day, plus noise."""
    flows = {row["id"]: float(row["flow"]) for row in streams}
    start = dt.date.fromisoformat(page["days"]["first"])
    for number in range(page["days"]["count"]):
        day = start + dt.timedelta(days=number)
        works = day.weekday() not in page["days"]["idle_weekdays"]
        for stream, rest in page["days"]["idle_flow"].items():
            flow = flows[stream] if works else rest
            yield {
                "stream": stream,
                "read_on": day.isoformat(),
                "flow_m3_d": figures(flow * (1 + DAILY_ERROR * dice.gauss(0, 1))),
                "is_production": "true" if works else "false",
                **told(locator=f"simulated daily reading, ±{100 * DAILY_ERROR:g} %"),
            }


def mixed(
    streams: Iterable[Row], truth: Mapping[str, Row], *, stream: str, substance: str
) -> float:
    """Give a true concentration; '=' is the mean of the unit's inflows, those without one clean."""
    text = truth.get(stream, {}).get(substance, ".")
    if text != "=":
        return 0.0 if text == "." else float(text.removeprefix("<"))
    listed = list(streams)
    unit = next(row["from"] for row in listed if row["id"] == stream)
    flows = {row["id"]: float(row["flow"]) for row in listed if row["to"] == unit}
    load = math.fsum(
        flow * mixed(listed, truth, stream=name, substance=substance)
        for name, flow in flows.items()
    )
    return load / math.fsum(flows.values())


def told(*, locator: str, confidence: str = "medium") -> Line:
    """Say of a row that it is constructed, and by which rule."""
    return dict(zip(TAIL, ("constructed", "constructed-reviews", locator, confidence), strict=True))


def priced() -> Line:
    """Say where amounts and prices come from."""
    return told(
        locator="amount assumed; price a planning value, constructed-prices", confidence="low"
    )


def figures(value: float, *, digits: int = 4) -> str:
    """Write a number with so many significant digits, never with an exponent."""
    rounded = float(f"{value:.{digits}g}")
    return str(int(rounded)) if rounded == int(rounded) else f"{rounded:.10f}".rstrip("0")


def header(review: Mapping[str, Any]) -> str:
    """Write ``review.toml``."""
    lines = ["# Written by scripts/example_reviews.py: a constructed company, nothing is measured."]
    for key, value in review.items():
        if isinstance(value, dict):
            value = "{" + ", ".join(f'{k} = "{v}"' for k, v in value.items()) + "}"
        elif isinstance(value, bool):
            value = str(value).lower()
        elif isinstance(value, str):
            value = f'"{value}"'
        lines.append(f"{key} = {value}")
    return "\n".join(lines) + "\n"


def write(path: Path, lines: list[Line]) -> None:
    """Write a table as UTF-8 CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        names = list(dict.fromkeys(name for line in lines for name in line))
        names.sort(key=lambda name: name in TAIL)
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)


if __name__ == "__main__":
    main()
