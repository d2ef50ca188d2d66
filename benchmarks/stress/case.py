"""The example made larger: lists drawn anew with more companies, reviews and plants copied."""

from __future__ import annotations

import csv
import random
import shutil
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "chongqing"
sys.path.insert(0, str(ROOT / "scripts"))  # the example's own rules of drawing

import example_lists  # noqa: E402
import example_register  # noqa: E402
import example_sites  # noqa: E402

Row = dict[str, str]
SHARED = ("outlets", "permit_limits", "observations")  # rows that name a company or its outlet


def make(folder: Path, *, times: int) -> Path:
    """Write the case; nothing outside `folder` is touched."""
    case = Path(shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("out")))
    _lists(case, times)
    _companies(case, times)
    _plants(case, times)
    return case


def _lists(case: Path, times: int) -> None:
    page = tomllib.loads((example_sites.PAGES / "register.toml").read_text(encoding="utf-8"))
    for line in page["lines"].values():
        line["count"] *= times
    seed = example_register.SEED
    sites = example_sites.draw(page, dice=random.Random(seed))
    example_lists.write(case / "inbox", sites, page=page, dice=random.Random(seed + 1))


def _companies(case: Path, times: int) -> None:
    """Copy the reviewed companies, all of them under names and numbers of their own."""
    companies = _read(case / "enterprises.csv")
    copies = [_copied(row, k) for k in range(1, times) for row in companies]
    _write(case / "enterprises.csv", [*companies, *copies])
    for name in SHARED:
        rows = _read(case / f"{name}.csv")
        again = [_again(row, k) for k in range(1, times) for row in rows]
        _write(case / f"{name}.csv", [*rows, *again])
    for review in sorted((case / "reviews").iterdir()):
        for k in range(1, times):
            copy = Path(shutil.copytree(review, review.with_name(f"{review.name}-{k}")))
            page = (copy / "review.toml").read_text(encoding="utf-8")
            own = f'"{review.name}"'
            (copy / "review.toml").write_text(page.replace(own, f'"{copy.name}"'), encoding="utf-8")


def _copied(row: Row, k: int) -> Row:
    serial = 80_000 + 100 * k + int(row["uscc"][11:16])
    uscc = example_sites.credit_code(row["division"], serial)
    return row | {
        "id": f"{row['id']}-{k}",
        "name_zh": f"{row['name_zh']}{k}厂",
        "uscc": uscc,
        "permit": f"{uscc}{row['permit'][18:]}",
    }


def _again(row: Row, k: int) -> Row:
    """Copy a row that belongs to a company."""
    return {c: _renamed(v, k) if c in ("id", "outlet", "enterprise") else v for c, v in row.items()}


def _renamed(value: str, k: int) -> str:
    """Copy k of 'bishan-plating.dw001' is 'bishan-plating-k.dw001'."""
    company, dot, rest = value.partition(".")
    return f"{company}-{k}{dot}{rest}"


def _plants(case: Path, times: int) -> None:
    plants = _read(case / "plants.csv")
    copies = [row | {"id": f"{row['id']}-{k}"} for k in range(1, times) for row in plants]
    _write(case / "plants.csv", [*plants, *copies])
    for folder in sorted((case / "plants").iterdir()):
        for k in range(1, times):
            copy = folder.with_name(f"{folder.name}-{k}")
            copy.mkdir()
            shutil.copy(folder / "operation.csv", copy)


def _read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, rows: Iterable[Row]) -> None:
    rows = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def sizes(case: Path) -> Iterator[tuple[str, int]]:
    """Count what the case holds."""
    yield (
        "rows of lists",
        sum(len(p.read_bytes().splitlines()) for p in (case / "inbox").glob("*.csv")),
    )
    for name in ("reviews", "plants"):
        yield name, sum(1 for p in (case / name).iterdir() if p.is_dir())
