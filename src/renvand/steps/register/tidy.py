"""The clean tables of the register: sites, outlets, permit limits, observations."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from renvand import units
from renvand.errors import Fault, FileError
from renvand.steps.register.industry import industry
from renvand.steps.register.positions import position
from renvand.steps.register.records import OWN, Change, Entry, Register, substance
from renvand.steps.register.values import Reading, folded, understand, way

if TYPE_CHECKING:
    import pandas as pd

SITE_COLUMNS = ("name_zh", "name_en", "uscc", "permit", "sector_code", "division", "address_zh")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?:\d{4})?(?!\d)")  # 2025, 2025/2/27, 20250227
_NO_OUTLET = "total"  # where a list gives no outlet, all goes through one


def tidy(register: Register) -> dict[str, pd.DataFrame]:
    """Turn the linked rows into tables; what cannot be understood becomes a finding.

    Returns
    -------
    dict of str to DataFrame
        ``enterprises``, ``outlets``, ``permit_limits``, ``observations``; each row with its
        ``origin`` (file and line).
    """
    import pandas as pd

    unknown: Counter[str] = Counter()
    limits = list(_limits(register, unknown))
    observations = list(_observations(register, unknown))
    outlets = _outlets(register)
    for spelling, count in sorted(unknown.items(), key=lambda item: (-item[1], item[0])):
        register.findings.append(
            Fault(
                where=f"substance '{spelling}'",
                what=f"is not known; {count} rows are left out.",
                do="Ignore it, or give its code in inbox/mapping.toml under [substances].",
            )
        )
    made = {
        "enterprises": pd.DataFrame(_sites(register), columns=list(_SITE_COLUMNS)),
        "outlets": pd.DataFrame(outlets, columns=list(_OUTLET_COLUMNS)),
        "permit_limits": pd.DataFrame(limits, columns=list(_LIMIT_COLUMNS)),
        "observations": pd.DataFrame(observations, columns=list(_OBSERVATION_COLUMNS)),
    }
    return made


# Named here, so that a register without a single site or outlet still has its columns.
_SITE_COLUMNS = (
    *("id", *SITE_COLUMNS, "sector", "longitude", "latitude", "position_quality"),
    *("employees", "is_willing", "basis", "source", "rows", "origin"),
)
_OUTLET_COLUMNS = ("id", "site", "kind", "receiving_reach", "receiving_plant", "origin")
_LIMIT_COLUMNS = ("site", "outlet", "substance", "limit_mg_l", "basis", "source", "origin")
_OBSERVATION_COLUMNS = (
    *("site", "outlet", "substance", "year", "concentration_mg_l", "is_censored"),
    *("flow_m3_d", "days", "load_kg_a", "basis", "source", "locator", "origin"),
)


def _sites(register: Register) -> list[dict[str, Any]]:
    """One row a site: the partnership's own word first, then the lists in their order."""
    members: dict[str, list[Entry]] = defaultdict(list)
    for entry in register.entries:
        members[entry.site].append(entry)
    found: list[dict[str, Any]] = []
    for site, entries in members.items():
        entries = sorted(
            entries, key=lambda e: (e.mention.register != OWN, e.kind != "enterprises")
        )
        row: dict[str, Any] = {"id": site}
        for column in SITE_COLUMNS:
            row[column] = next(filter(None, (folded(_cell(e, column)) for e in entries)), "")
        row["uscc"] = next((e.mention.uscc.text for e in entries if e.mention.uscc.is_valid), "")
        row["permit"] = next(
            (e.mention.permit.text for e in entries if e.mention.permit.is_valid), ""
        )
        row["division"] = next((e.mention.division for e in entries if e.mention.division), "")
        row["sector"] = industry(row["sector_code"], knowledge=register.knowledge)
        place = position(
            entries,
            row["division"],
            findings=register.findings,
            knowledge=register.knowledge,
        )
        row["longitude"], row["latitude"], row["position_quality"] = place
        heads = (_cell(entry, "employees") for entry in entries)
        row["employees"] = next((int(head) for head in heads if head.isdigit()), None)
        row["is_willing"] = _cell(entries[0], "is_willing").lower() in ("true", "1", "yes")
        row["basis"], row["source"] = entries[0].basis, entries[0].source
        row["rows"] = len(entries)
        row["origin"] = entries[0].row.where
        found.append(row)
    return found


def _cell(entry: Entry, column: str) -> str:
    return entry.row.cells.get(column, "")


def _outlet(entry: Entry) -> str:
    written = folded(_cell(entry, "outlet")) or folded(_cell(entry, "outlet_number"))
    if entry.mention.register == OWN and written:
        return written
    return f"{entry.site}.{written.lower().replace(' ', '-') or _NO_OUTLET}"


def _outlets(register: Register) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for entry in sorted(register.entries, key=lambda e: e.kind != "outlets"):
        if entry.kind == "enterprises":
            continue
        row = found.setdefault(_outlet(entry), {"id": _outlet(entry), "site": entry.site})
        if entry.kind == "outlets":
            row["kind"] = row.get("kind") or way(_cell(entry, "kind"))
            for column in ("receiving_reach", "receiving_plant"):
                row[column] = row.get(column) or folded(_cell(entry, column))
        row.setdefault("origin", entry.row.where)
    return list(found.values())


def _limits(register: Register, unknown: Counter[str]) -> Iterator[dict[str, Any]]:
    """Give permit limits in mg/l; of two for one outlet and substance the stricter."""
    strictest: dict[tuple[str, str], dict[str, Any]] = {}
    for entry in register.of("permit_limits"):
        name = substance(entry, unknown, register.spellings)
        reading = _understood(entry, "limit_mg_l", register)
        if name is None or reading is None or reading.value is None:
            continue
        value = _in_mg_l(entry, reading, register)
        if value is None:
            continue
        if value <= 0:
            what = f"a limit of {_cell(entry, 'limit_mg_l')} is not plausible."
            register.findings.append(
                Fault(where=entry.row.where, what=what, do="Look it up; it is left out.")
            )
            continue
        key = (_outlet(entry), name)
        if key not in strictest or value < strictest[key]["limit_mg_l"]:
            facts = (entry.site, *key, value, entry.basis, entry.source, entry.row.where)
            strictest[key] = dict(zip(_LIMIT_COLUMNS, facts, strict=True))
    yield from strictest.values()


def _observations(register: Register, unknown: Counter[str]) -> Iterator[dict[str, Any]]:
    reporting = _reporting_limits(register)
    for entry in register.of("observations"):
        name = substance(entry, unknown, register.spellings)
        if name is None:
            continue
        load = _number(entry, "load_kg_a", register)
        reading = _understood(entry, "concentration_mg_l", register)
        value = None
        if reading is not None and reading.value is None:
            reading = _with_limit(entry, name, limits=reporting, register=register)
        if reading is not None and reading.value is not None:
            value = _in_mg_l(entry, reading, register)
        year = _year(entry, register)
        if year is None or (value is None and load is None):
            continue
        yield {
            "site": entry.site,
            "outlet": _outlet(entry),
            "substance": name,
            "year": year,
            "concentration_mg_l": value,
            "is_censored": _is_censored(entry, reading),
            "flow_m3_d": _number(entry, "flow_m3_d", register),
            "days": _number(entry, "days", register),
            "load_kg_a": load,
            "basis": entry.basis,
            "source": entry.source,
            "locator": _cell(entry, "locator"),
            "origin": entry.row.where,
        }


def _reporting_limits(register: Register) -> dict[tuple[str, str], Reading]:
    """Give the lowest reporting limit that a list names for each substance."""
    found: dict[tuple[str, str], Reading] = {}
    for entry in register.of("observations"):
        try:
            reading = understand(_cell(entry, "concentration_mg_l"))
        except ValueError:
            continue
        if reading is None or not reading.is_censored or reading.value is None:
            continue
        key = (entry.row.file, substance(entry, Counter(), register.spellings) or "")
        if key not in found or reading.value < (found[key].value or 0):
            found[key] = reading
    return found


def _with_limit(
    entry: Entry, name: str, *, limits: dict[tuple[str, str], Reading], register: Register
) -> Reading | None:
    """Read a bare 'not detected' as below the limit that the same list names for others."""
    limit = limits.get((entry.row.file, name))
    written = _cell(entry, "concentration_mg_l")
    if limit is None:
        register.findings.append(
            Fault(
                where=f"{entry.row.where}, concentration_mg_l",
                what=f"'{written}' gives no reporting limit; the row is left out.",
                do="Ask for the limit of the method.",
            )
        )
        return None
    register.changes.append(
        Change(
            where=entry.row.where,
            column="concentration_mg_l",
            rule="reporting limit of the same list",
            old=written,
            new=f"<{limit.value:g}",
        )
    )
    return limit


def _year(entry: Entry, register: Register) -> int | None:
    """Read the year out of a date in any of its spellings; two different years are a doubt."""
    written = folded(_cell(entry, "year"))
    found = set(_YEAR.findall(written))
    if len(found) == 1:
        return int(found.pop())
    what, do = f"'{written}' does not tell one year", "Write YYYY-MM-DD."
    if not written:
        what, do = "no year", "Give it under 'constants' in inbox/mapping.toml: year = 2025."
    where = f"{entry.row.where}, year"
    register.findings.append(Fault(where=where, what=f"{what}; the row is left out.", do=do))
    return None


def _is_censored(entry: Entry, reading: Reading | None) -> bool:
    declared = _cell(entry, "is_censored").lower() in ("true", "1")
    return declared or (reading is not None and reading.is_censored)


def _understood(entry: Entry, column: str, register: Register) -> Reading | None:
    text = _cell(entry, column)
    try:
        reading = _not_negative(understand(text))
    except ValueError:
        register.findings.append(
            Fault(
                where=f"{entry.row.where}, {column}",
                what=f"'{text}' is not understood; the row is left out.",
                do="Write a number, '<' and a number, or a range.",
            )
        )
        return None
    if reading is not None and reading.value is not None and text != f"{reading.value:g}":
        plain = f"{'<' if reading.is_censored else ''}{reading.value:g}"
        if plain != text and not text.replace(".", "", 1).isdigit():
            register.changes.append(
                Change(where=entry.row.where, column=column, rule="value", old=text, new=plain)
            )
    return reading


def _not_negative(reading: Reading | None) -> Reading | None:
    if reading is not None and reading.value is not None and reading.value < 0:
        raise ValueError(reading.value)
    return reading


def _in_mg_l(entry: Entry, reading: Reading, register: Register) -> float | None:
    """Convert a concentration; pH, colour and counts have no mass and pass as they are."""
    unit = reading.unit or _cell(entry, "unit") or "mg/l"
    assert reading.value is not None
    try:
        return reading.value * units.factor(unit, to="mg/l")
    except FileError:
        if units.plain(unit) in ("", "1", "倍", "-", "无量纲", "ph"):
            return reading.value
        register.findings.append(
            Fault(
                where=f"{entry.row.where}, unit",
                what=f"'{unit}' is no unit of concentration; the row is left out.",
                do="Give mg/L or µg/L.",
            )
        )
        return None


def _number(entry: Entry, column: str, register: Register) -> float | None:
    if not _cell(entry, column):
        return None
    reading = _understood(entry, column, register)
    return None if reading is None else reading.value
