"""Spoil the constructed register into lists as they are received: the mess is deliberate.

Four lists: a workbook with a title, merged two-row headers and merged districts; an export of
permits in GB18030 with units in the values; monitoring results in several date styles; outlets in
UTF-16 with GCJ-02 coordinates. Every slip that a cleaner should find is returned for the tests.
"""

from __future__ import annotations

import codecs
import csv
import io
import math
import random
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from example_sites import SIGNS, Site, credit_code

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

KEY_UNITS, PERMITS = "key-units-2025.xlsx", "permits-2025.csv"
MONITORING, OUTLETS = "monitoring-2025.csv", "outlets-2025.csv"
ENDS = {
    "direct": "直接进入江河、湖、库等水环境",
    "park": "进入工业废水集中处理厂",
    "sewer": "进入城市污水处理厂",
}
YEAR = 2025  # of the lists
AT_WORKSHOP = ("Cr", "Cr6", "Ni")  # GB 21900-2008: limits hold at the outlet of the workshop
WORKSHOP_SHARE = 0.3  # of the site's wastewater; an assumption of the example
OLD_DATE = (1980, 1, 1, 0, 0, 0)  # of files within the workbook, so that bytes repeat
WIDE = str.maketrans("0123456789.", "０１２３４５６７８９．")


@dataclass(frozen=True, kw_only=True)
class Slip:
    """One thing spoilt on purpose."""

    kind: str
    file: str
    name: str
    written: str
    truth: str


@dataclass
class Diary:
    """What has been spoilt so far."""

    slips: list[Slip] = field(default_factory=list)

    def note(self, kind: str, file: str, *, one: Site, written: str, truth: str) -> str:
        """Write a slip down and give what is written in the list."""
        self.slips.append(Slip(kind=kind, file=file, name=one.name, written=written, truth=truth))
        return written


def write(
    folder: Path, sites: Sequence[Site], *, page: Mapping[str, Any], dice: random.Random
) -> list[dict[str, Any]]:
    """Write the four lists; give the slips in them."""
    diary = Diary()
    for one in sites:
        if one.permit[18:21] == "002":
            diary.note("second-site", PERMITS, one=one, written=one.permit, truth=one.uscc)
    stranger = far_away(next(s for s in sites if s.line == "food"))
    key = [s for s in sites if s.id or dice.random() < 0.78] + [stranger]
    permitted = [s for s in sites if s.id or s not in key or dice.random() < 0.86]
    (folder / KEY_UNITS).write_bytes(key_units(key, permitted, page=page, dice=dice, diary=diary))
    diary.note("other-province", KEY_UNITS, one=stranger, written=stranger.address, truth="511623")
    text = as_csv(permits([*permitted, stranger], page=page, dice=dice, diary=diary))
    (folder / PERMITS).write_bytes(text.encode("gb18030"))
    watched = [s for s in sites if s.id or dice.random() < 0.8]
    text = as_csv(monitoring(watched, page=page, dice=dice, diary=diary))
    (folder / MONITORING).write_bytes(text.encode("utf-8-sig"))
    text = as_csv(outlets(sites, page=page, dice=dice, diary=diary))
    (folder / OUTLETS).write_bytes(codecs.BOM_UTF16_LE + text.encode("utf-16-le"))
    return [vars(slip) for slip in diary.slips]


# ---- names -----------------------------------------------------------------------------------


def variant(kind: str, one: Site, *, traditional: Mapping[str, str]) -> str:
    """Write the name of a company in another way."""
    place, name = one.district, one.name
    if kind == "traditional":
        return name.translate(str.maketrans(dict(traditional)))
    if kind == "suffix":
        long, short = "有限责任公司", "有限公司"
        return name.replace(long, short) if long in name else name.replace(short, long)
    if kind == "former-county":
        tail = re.sub(rf"^重庆市?({place.name}|{place.short})", "", name)
        return f"重庆市{place.former}{tail}"
    return re.sub(rf"^重庆市?({place.name}|{place.short})", f"重庆({place.short})", name)


def name_variants(
    both: Sequence[Site], *, page: Mapping[str, Any], dice: random.Random
) -> dict[str, tuple[str, str]]:
    """Choose who stands in the key list under another name: permit number to kind and name."""
    wanted = {"traditional": 6, "suffix": 6, "former-county": 6, "brackets": 6}
    signs = page["names"]["traditional"]
    chosen: dict[str, tuple[str, str]] = {}
    for kind, count in wanted.items():
        fitting = [
            s
            for s in both
            if s.permit not in chosen
            and not s.id
            and s.permit[18:21] == "001"
            and (kind != "former-county" or s.district.former)
            and (kind != "suffix" or "公司" in s.name)
            and variant(kind, s, traditional=signs) != s.name
        ]
        for one in dice.sample(fitting, count):
            chosen[one.permit] = (kind, variant(kind, one, traditional=signs))
    return chosen


def far_away(model: Site) -> Site:
    """Make a company of another province that has strayed into the lists."""
    place = replace(
        model.district, code="511623", name="邻水县", former="", reach="", plant="", river="大洪河"
    )
    uscc = credit_code("511623", 99_999)
    return replace(
        model,
        name="四川邻水试例癸食品有限公司",
        uscc=uscc,
        permit=f"{uscc}001P",
        district=place,
        address="四川省广安市邻水县示例工业园区一支路1号",
        longitude=106.93,
        latitude=30.33,
    )


def is_far(one: Site) -> bool:
    """Say whether a company is of another province."""
    return not one.district.code.startswith("50")


# ---- the workbook ----------------------------------------------------------------------------


def key_units(
    key: Sequence[Site],
    permitted: Sequence[Site],
    *,
    page: Mapping[str, Any],
    dice: random.Random,
    diary: Diary,
) -> bytes:
    """Make the annual list: title, two header rows with merged cells, districts merged."""
    import openpyxl

    book = openpyxl.Workbook()
    about = book.active
    assert about is not None
    about.title = "说明"
    about["A1"] = "本名录为构造示例，不含任何真实企业。Constructed example: no real company."
    in_permits = {s.permit for s in permitted}
    both = [s for s in key if s.permit in in_permits]
    variants = name_variants(both, page=page, dice=dice)
    lines = [key_line(s, page, variants=variants, dice=dice, diary=diary) for s in by_district(key)]
    spoil_codes(lines, dice=dice, diary=diary)
    for title, count in (("水环境", len(lines)), ("大气环境", 70), ("土壤污染监管", 45)):
        chosen = lines if count == len(lines) else sorted_sample(lines, count, dice=dice)
        fill(book.create_sheet(title), title, lines=chosen)
    return repeatable(book)


Line = dict[str, Any]


def key_line(
    one: Site,
    page: Mapping[str, Any],
    *,
    variants: Mapping[str, tuple[str, str]],
    dice: random.Random,
    diary: Diary,
) -> Line:
    """Make a row of the annual list."""
    name, code = one.name, page["lines"][one.line]["code"]
    if one.permit in variants:
        kind, other = variants[one.permit]
        name = diary.note(f"name-{kind}", KEY_UNITS, one=one, written=other, truth=one.name)
    if not one.id and not is_far(one) and dice.random() < 0.12:
        code = diary.note("no-sector", KEY_UNITS, one=one, written="", truth=code)
    return {"site": one, "name": name, "uscc": one.uscc, "code": code, "address": one.address}


def spoil_codes(lines: list[Line], *, dice: random.Random, diary: Diary) -> None:
    """Give three companies a wrong check digit, four a second row under a variant name."""
    plain = [
        x
        for x in lines
        if not x["site"].id and not is_far(x["site"]) and x["name"] == x["site"].name
    ]
    for line in dice.sample(plain, 3):
        wrong = line["uscc"][:17] + dice.choice([c for c in SIGNS if c != line["uscc"][17]])
        line["uscc"] = diary.note(
            "wrong-check-digit", KEY_UNITS, one=line["site"], written=wrong, truth=line["uscc"]
        )
    for line in dice.sample([x for x in plain if "有限" in x["name"]], 4):
        other = variant("suffix", line["site"], traditional={})
        diary.note("twice", KEY_UNITS, one=line["site"], written=other, truth=line["name"])
        lines.insert(lines.index(line) + 1, {**line, "name": other})


def fill(sheet: Worksheet, title: str, *, lines: Sequence[Line]) -> None:
    """Write one sheet of the annual list."""
    sheet.append([f"重庆市2025年{title}重点排污单位名录（构造示例，非真实名录）"])
    sheet.merge_cells("A1:G1")
    sheet.append(["序号", "区县", "单位信息", None, None, None, "备注"])
    sheet.append([None, None, "单位名称", "统一社会信用代码", "行业代码", "生产经营场所地址", None])
    for merged in ("A2:A3", "B2:B3", "C2:F2", "G2:G3"):
        sheet.merge_cells(merged)
    first, before = 4, ""
    for number, line in enumerate(lines, 1):
        row, place = number + 3, line["site"].district.name
        if place != before:
            close_block(sheet, first, last=row - 1)
            first = row
        shown = place if place != before else None
        before = place
        sheet.append([number, shown, line["name"], line["uscc"], line["code"], line["address"]])
    close_block(sheet, first, last=len(lines) + 3)
    sheet.append(["合计", None, f"{len(lines)}家"])
    sheet.append(["注：构造数据，仅供软件示例。"])


def close_block(sheet: Worksheet, first: int, *, last: int) -> None:
    """Merge the district cells of one district."""
    if last > first:
        sheet.merge_cells(start_row=first, end_row=last, start_column=2, end_column=2)


def repeatable(book: Any) -> bytes:
    """Save a workbook without the time of saving: the same content gives the same bytes."""
    saved, plain = io.BytesIO(), io.BytesIO()
    book.save(saved)
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(plain, "w") as new:
        for name in sorted(old.namelist()):
            data = old.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2026-01-01T00:00:00Z", data)
            new.writestr(zipfile.ZipInfo(name, OLD_DATE), data)
    return plain.getvalue()


def by_district(sites: Iterable[Site]) -> list[Site]:
    """Sort as the annual list does."""
    return sorted(sites, key=lambda s: (s.district.code, s.permit))


def sorted_sample(lines: Sequence[Line], count: int, *, dice: random.Random) -> list[Line]:
    """Draw some lines without changing their order."""
    chosen = set(dice.sample(range(len(lines)), count))
    return [line for i, line in enumerate(lines) if i in chosen]


# ---- the permits -----------------------------------------------------------------------------


def permits(
    sites: Sequence[Site], *, page: Mapping[str, Any], dice: random.Random, diary: Diary
) -> Iterator[list[str]]:
    """Make the export of permits: a row for each outlet and pollutant, units in the values."""
    yield [
        *("许可证编号", "单位名称", "省/直辖市", "行政区划", "行业类别", "行业代码"),
        *("生产经营场所地址", "有效期限", "排放口编号", "排放口名称", "污染物种类"),
        *("许可排放浓度限值", "年排放天数"),
    ]
    plain = [s for s in sites if not s.id and "0" in s.permit[8:18] and s.permit[18:21] == "001"]
    odd = {s.permit for s in dice.sample(plain, 3)}
    for one in sites:
        rule = page["lines"][one.line]
        number = one.permit
        if number in odd:
            at = number.index("0", 8)
            number = diary.note(
                *("letter-o", PERMITS),
                one=one,
                written=f"{number[:at]}O{number[at + 1 :]}",
                truth=number,
            )
        province = "四川省" if is_far(one) else "重庆市"
        front = [number, one.name, province, one.district.name, rule["branch"], rule["code"]]
        front += [one.address, f"2023-0{dice.randint(1, 9)}-15至2028-0{dice.randint(1, 9)}-14"]
        for substance, limit in {**one.limits, "pH": 0.0}.items():
            outlet = outlet_of(one, substance)
            label = "废水总排口" if outlet == "DW001" else "车间废水排放口"
            spelled = dice.choice(page["spellings"][substance])
            value = limit_as_written(substance, limit, dice=dice)
            yield [*front, outlet, label, spelled, value, str(one.days)]


def outlet_of(one: Site, substance: str) -> str:
    """Say where a substance is limited: some metals at the workshop."""
    return "DW002" if substance in AT_WORKSHOP and has_workshop(one) else "DW001"


def has_workshop(one: Site) -> bool:
    """Say whether a site has an outlet of its own for class-one metals."""
    return (
        not one.id and int(one.uscc[11:16]) % 3 != 0 and any(s in one.limits for s in AT_WORKSHOP)
    )


def limit_as_written(substance: str, limit: float, *, dice: random.Random) -> str:
    """Write a limit as permits do."""
    if substance == "pH":
        return dice.choice(("6-9", "6～9", "6-9"))
    if substance == "colour":
        return dice.choice((f"{limit:g}", f"{limit:g}倍"))
    if dice.random() < 0.02:
        return "／"
    return f"{limit:g}" + dice.choice(("mg/L", "mg/L", " mg/L", "mg／L", ""))


# ---- the monitoring --------------------------------------------------------------------------


def monitoring(
    sites: Sequence[Site], *, page: Mapping[str, Any], dice: random.Random, diary: Diary
) -> Iterator[list[str]]:
    """Make the monitoring results of the year: four days for plating and dyeing, else two."""
    yield [
        *("监测日期", "企业名称", "行政区划", "排放口编号", "监测项目", "监测结果", "单位"),
        *("废水流量(m³/d)", "年排放天数"),
    ]
    slips = {s.permit for s in dice.sample([s for s in sites if "Zn" in s.limits and not s.id], 2)}
    spaced = {s.permit for s in dice.sample([s for s in sites if not s.id], 5)}
    for one in sites:
        name = one.name
        if one.permit in spaced:
            name = diary.note(
                *("nbsp", MONITORING), one=one, written=f"{name[:2]}\u00a0{name[2:]}", truth=name
            )
        is_frequent = page["lines"][one.line]["sector"] in ("surface-treatment", "textile-dyeing")
        for month in (2, 5, 8, 11) if is_frequent else (4, 10):
            day = day_as_written(YEAR, month, day=dice.randint(1, 28), dice=dice)
            total = one.flow * dice.uniform(0.9, 1.1)
            for substance in one.limits:
                value, unit = result(one, substance, page=page, dice=dice)
                if one.permit in slips and substance == "Zn" and month in (5, 4):
                    value = diary.note(
                        *("times-1000", MONITORING),
                        one=one,
                        written=f"{1000 * float(value):g}",
                        truth=value,
                    )
                elif dice.random() < 0.02:
                    value = value.translate(WIDE)
                outlet = outlet_of(one, substance)
                share = WORKSHOP_SHARE if outlet == "DW002" else 1.0
                spelled = dice.choice(page["spellings"][substance])
                shown = "" if dice.random() < 0.01 else plain(total * share)
                facts = [spelled, value, unit, shown, str(one.days)]
                yield [day, name, one.district.name, outlet, *facts]


def result(
    one: Site, substance: str, *, page: Mapping[str, Any], dice: random.Random
) -> tuple[str, str]:
    """Draw a result as the laboratory writes it, with its unit."""
    spread = math.log(page["spread"]["between_samples"]) * dice.gauss(0, 1)
    value = one.limits[substance] * one.level[substance] * math.exp(spread)
    low = page["reporting"].get(substance, 0.0)
    if value < low:
        written = dice.choices((f"<{low:g}", f"{low:g}L", "未检出"), (50, 35, 15))[0]
        return written, "mg/L"
    if substance == "colour":
        return f"{value:.0f}", "倍"
    if substance == "Cr6" and dice.random() < 0.1:
        return plain(1000 * value), "μg/L"
    return plain(value), "mg/L"


def plain(value: float) -> str:
    """Write a number with three significant digits and no exponent."""
    rounded = float(f"{value:.3g}")
    return f"{rounded:.0f}" if rounded >= 100 else f"{rounded:g}"


def day_as_written(year: int, month: int, *, day: int, dice: random.Random) -> str:
    """Write a day in one of the ways in use."""
    return dice.choice(
        (
            f"{year}-{month:02d}-{day:02d}",
            f"{year}/{month}/{day}",
            f"{year}年{month}月{day}日",
            f"{year}.{month:02d}.{day:02d}",
            f"{year}{month:02d}{day:02d}",
            f"{year}-{month:02d}-{day:02d}".translate(WIDE),
        )
    )


# ---- the outlets -----------------------------------------------------------------------------


def outlets(
    sites: Sequence[Site], *, page: Mapping[str, Any], dice: random.Random, diary: Diary
) -> Iterator[list[str]]:
    """Make the list of outlets, positions in GCJ-02 as Chinese map services give them."""
    yield [
        *("企业名称", "统一社会信用代码", "许可证编号", "排放口编号", "排放口名称", "排放去向"),
        *("受纳水体", "受纳河段代码", "受纳污水厂代码", "经度", "纬度"),
    ]
    listed = [s for s in sites if s.id or dice.random() < 0.92]
    others = [s.permit for s in listed if not s.id]
    marked = dice.sample(others, 12)
    degrees, empty, swapped = set(marked[:4]), set(marked[4:10]), set(marked[10:])
    for one in listed:
        longitude, latitude = gcj02(one.longitude, one.latitude)
        truth = f"{longitude:.6f} {latitude:.6f}"
        written = tuple(truth.split())
        if one.permit in degrees:
            written = (sexagesimal(longitude), sexagesimal(latitude))
            diary.note("degrees-minutes", OUTLETS, one=one, written=" ".join(written), truth=truth)
        if one.permit in empty:
            written = (diary.note("no-position", OUTLETS, one=one, written="", truth=truth), "")
        if one.permit in swapped:
            written = written[::-1]
            diary.note("swapped", OUTLETS, one=one, written=" ".join(written), truth=truth)
        to = [ENDS[one.end], one.district.river]
        to += ["", one.district.plant] if one.end == "sewer" else [one.district.reach, ""]
        front = [one.name, one.uscc, one.permit]
        yield [*front, "DW001", "废水总排口", *to, *written]
        if has_workshop(one):
            yield [*front, "DW002", "车间废水排放口", *to, *written]


def sexagesimal(degrees: float) -> str:
    """Write degrees, minutes and seconds."""
    minutes, seconds = divmod(round(degrees * 36_000), 600)
    whole, minutes = divmod(minutes, 60)
    return f"{whole}°{minutes:02d}′{seconds / 10:04.1f}″"


def gcj02(longitude: float, latitude: float) -> tuple[float, float]:
    """Shift a position as Chinese map services do (the formula in general use)."""
    x, y, pi = longitude - 105.0, latitude - 35.0, math.pi
    radius, flattening = 6_378_245.0, 0.006_693_421_622_965_943  # Krasovsky 1940: m, e²
    wave = 20 * math.sin(6 * pi * x) + 20 * math.sin(2 * pi * x)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    north += (wave + 20 * math.sin(pi * y) + 40 * math.sin(pi / 3 * y)) * 2 / 3
    north += (160 * math.sin(pi / 12 * y) + 320 * math.sin(pi / 30 * y)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    east += (wave + 20 * math.sin(pi * x) + 40 * math.sin(pi / 3 * x)) * 2 / 3
    east += (150 * math.sin(pi / 12 * x) + 300 * math.sin(pi / 30 * x)) * 2 / 3
    latitude_radians = latitude / 180 * pi
    magic = 1 - flattening * math.sin(latitude_radians) ** 2
    north = north * 180 / (radius * (1 - flattening) / (magic * math.sqrt(magic)) * pi)
    east = east * 180 / (radius / math.sqrt(magic) * math.cos(latitude_radians) * pi)
    return round(longitude + east, 6), round(latitude + north, 6)


def as_csv(lines: Iterable[Sequence[str]]) -> str:
    """Join lines as Excel does."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(lines)
    return text.getvalue()
