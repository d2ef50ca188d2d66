"""Draw the sites of the constructed register: who, where, what leaves through the outlet."""

from __future__ import annotations

import math
import random
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

PAGES = Path(__file__).with_name("example_pages")
DAYS = (260, 280, 300, 330)  # of discharge in a year; an assumption of the example
LAST_LINE = "food"  # fills the districts that are still empty
METALS = {"Cu", "Ni", "Cr", "Cr6", "Zn", "CN", "Sb"}  # and cyanide, drawn with them
SECOND_SITES = 8  # companies with a second plant, which is no duplicate

SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015
ORG_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"  # GB 11714-1997
ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714-1997
REGISTERED = "91"  # market regulator, enterprise: GB 32100-2015
NEVER_ISSUED = "XXE"  # offices issue digits or MA…; this says 'example'


@dataclass(frozen=True, kw_only=True)
class District:
    """One of the 38 districts."""

    code: str
    name: str  # 璧山区
    former: str  # 璧山县, or ''
    longitude: float  # WGS-84, of the centre
    latitude: float
    river: str
    reach: str  # id in reaches.csv, or ''
    plant: str  # id in plants.csv, or ''

    @property
    def short(self) -> str:
        """Give the name as companies carry it: 璧山, 石柱."""
        bare = re.sub(r"(土家族)?(苗族)?(土家族)?(自治县|区|县)$", "", self.name)
        return bare if len(bare) > 1 else self.name


@dataclass(frozen=True, kw_only=True)
class Site:
    """One plant of one company, as it truly is."""

    id: str  # of the partnership's own records, or ''
    name: str
    name_en: str
    uscc: str
    permit: str
    line: str  # of business
    district: District
    address: str
    longitude: float  # WGS-84
    latitude: float
    end: str  # direct, park, sewer
    flow: float  # m3/d
    days: int  # of discharge in a year
    level: Mapping[str, float]  # concentration over limit, mean of the year
    limits: Mapping[str, float]  # mg/L by substance


def draw(page: Mapping[str, Any], *, dice: random.Random) -> list[Site]:
    """Draw all sites: the reviewed companies first, then every line of business."""
    read = {r["code"]: r for r in rows(page["districts"]["table"])}
    districts = {code: district(row) for code, row in read.items()}
    taken: set[str] = set()
    sites: list[Site] = []
    for row in rows(page["reviewed"]["table"]):
        place, end, flow = districts[row["code"]], row["end"], float(row["flow"])
        made = site(
            page, row["line"], place=place, dice=dice, serial=len(sites), end=end, flow=flow
        )
        found = {s: v / made.limits[s] for s, v in effluent(row["id"]).items() if s in made.limits}
        names = {"id": row["id"], "name": row["name"], "name_en": row["name_en"]}
        sites.append(replace(made, level={**made.level, **found}, **names))
    for line, rule in page["lines"].items():
        weights = [float(row[rule["sector"]]) for row in read.values()]
        drawn = {s.district.code for s in sites}
        empty = [code for code in read if code not in drawn] if line == LAST_LINE else []
        for _ in range(rule["count"]):
            place = districts[empty.pop() if empty else dice.choices(list(read), weights)[0]]
            made = site(page, line, place=place, dice=dice, serial=len(sites))
            sites.append(
                replace(made, name=named(page, place, words=rule["words"], taken=taken, dice=dice))
            )
    return [*sites, *second_sites(sites, dice=dice)]


def effluent(company: str) -> dict[str, float]:
    """Give what the review of a company found in its treated wastewater, mg/L."""
    page = tomllib.loads((PAGES / f"{company}.toml").read_text(encoding="utf-8"))
    last = list(rows(page["tables"]["samples"]))[-1]
    return {s: float(v) for s, v in last.items() if s != "stream" and v[0].isdigit()}


def site(
    page: Mapping[str, Any],
    line: str,
    *,
    place: District,
    dice: random.Random,
    serial: int,
    end: str = "",
    flow: float = 0.0,
) -> Site:
    """Draw one site of a line of business in a district."""
    rule = page["lines"][line]
    end = end or dice.choices(("direct", "park", "sewer"), rule["ends"])[0]
    (product, product_gsd), (factor, factor_gsd) = rule["product"], rule["factor"]
    volume = lognormal(dice, product, gsd=product_gsd) * rule["volume"]
    standard = page["limits"][rule["limits"][end]]
    limits = {s: standard[s] for s in rule["substances"] if s in standard}
    level = levels(limits, page["spread"], dice=dice)
    uscc = credit_code(place.code, serial)
    return Site(
        id="",
        name="",
        name_en="",
        uscc=uscc,
        permit=f"{uscc}001{dice.choice('PPPPQQUV')}",
        line=line,
        district=place,
        address=address(place, dice),
        longitude=round(place.longitude + dice.uniform(-0.03, 0.03), 6),
        latitude=round(place.latitude + dice.uniform(-0.025, 0.025), 6),
        end=end,
        flow=flow or significant(volume * lognormal(dice, factor, gsd=factor_gsd)),
        days=dice.choice(DAYS),
        level=level,
        limits=limits,
    )


def levels(
    limits: Mapping[str, float], spread: Mapping[str, float], *, dice: random.Random
) -> dict[str, float]:
    """Draw how a company's concentrations stand to its limits; some hardly emit their metals."""
    is_clean = dice.random() < spread["clean_share"]
    return {
        substance: lognormal(dice, spread["level"], gsd=spread["between_companies"])
        * (spread["clean_level"] if is_clean and substance in METALS else 1.0)
        for substance in limits
    }


def second_sites(sites: list[Site], *, dice: random.Random) -> Iterator[Site]:
    """Give some companies a second plant elsewhere in their district: same code, own permit."""
    for first in dice.sample([s for s in sites if not s.id], SECOND_SITES):
        yield replace(
            first,
            name=first.name + "二厂",
            permit=first.permit[:18] + "002" + first.permit[21:],
            address=address(first.district, dice),
            longitude=round(first.longitude + 0.02, 6),
            latitude=round(first.latitude - 0.015, 6),
            flow=significant(first.flow * dice.uniform(0.3, 0.9)),
        )


def named(
    page: Mapping[str, Any],
    place: District,
    *,
    words: list[str],
    taken: set[str],
    dice: random.Random,
) -> str:
    """Make a name that nobody can take for a real one: an 'example A' in the district's name."""
    while True:
        trade = dice.choice(page["names"]["words"]) + dice.choice(page["names"]["stems"])
        front = dice.choice((f"重庆市{place.name}", f"重庆{place.short}", f"重庆{place.short}"))
        form = dice.choices(("有限公司", "有限责任公司", "厂"), (85, 10, 5))[0]
        core = f"{trade}{dice.choice(words)}"
        if (key := f"{place.code} {core}") not in taken:
            taken.add(key)
            return f"{front}{core}{form}"


def address(place: District, dice: random.Random) -> str:
    """Make an address in a made-up park of the district."""
    street, number = dice.choice("一二三四五六七八九"), dice.randint(1, 199)
    return f"重庆市{place.name}示例工业园区{street}支路{number}号"


def credit_code(division: str, serial: int) -> str:
    """Make a unified social credit code that fits its check digits and was never issued."""
    body = f"{NEVER_ISSUED}{serial:05d}"
    total = sum(ORG_SIGNS.index(c) * w for c, w in zip(body, ORG_WEIGHTS, strict=True))
    code = f"{REGISTERED}{division}{body}{'0123456789X0'[11 - total % 11]}"
    return code + check_digit(code)


def check_digit(code: str) -> str:
    """Give the last sign of a unified social credit code: GB 32100-2015."""
    total = sum(SIGNS.index(c) * pow(3, i, 31) for i, c in enumerate(code[:17]))
    return SIGNS[(31 - total % 31) % 31]


def district(row: Mapping[str, str]) -> District:
    """Read a district; '.' is nothing."""
    known = {k: "" if v == "." else v for k, v in row.items()}
    return District(
        code=known["code"],
        name=known["name"],
        former=known["former"],
        longitude=float(known["longitude"]),
        latitude=float(known["latitude"]),
        river=known["river"],
        reach=known["reach"],
        plant=known["plant"],
    )


def rows(text: str) -> Iterator[dict[str, str]]:
    """Read a table of a page: two or more spaces part the columns."""
    lines = [re.split(r"\s{2,}", line.strip()) for line in text.strip().splitlines()]
    for cells in lines[1:]:
        yield dict(zip(lines[0], cells, strict=True))


def lognormal(dice: random.Random, median: float, *, gsd: float) -> float:
    """Draw from a log-normal distribution by its median and geometric standard deviation."""
    return median * math.exp(math.log(gsd) * dice.gauss(0, 1))


def significant(value: float, *, digits: int = 3) -> float:
    """Round to so many significant digits."""
    return float(f"{value:.{digits}g}")
