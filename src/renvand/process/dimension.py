"""Whether the units of a page fit each other: a slip of 1000 or of 24 shows before it computes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from renvand.errors import Fault
from renvand.process.expression import ONE, FormulaFault, Term
from renvand.process.parts import Page, Process

Unit = Mapping[str, int]  # part of a unit to its power; empty: a plain number

PLAIN: Unit = {}
FREE: Unit = {"any": 1}  # of a number written out, which takes the unit that fits
_PART = re.compile(r"1|m3|m6|d|K|bar|k?(g|mol)[A-Za-z0-9]*")
_INSTEAD = {
    "mg": "g/m3", "L": "g/m3", "l": "g/m3", "h": "d", "s": "d", "day": "d", "M": "kmol/m3",
}  # fmt: skip


class UnitFault(ValueError):
    """Two units that do not fit."""


def parse_unit(text: str) -> Unit:
    """Read a unit such as m3/gCOD/d.

    Raises
    ------
    FormulaFault
        When a part of it is not one of g, kg, mol, kmol (of something), m3, d, K, bar.
    """
    powers: Counter[str] = Counter()
    for i, part in enumerate(text.replace(" ", "").split("/")):
        for factor in part.split("*"):
            if not _PART.fullmatch(factor):
                instead = _INSTEAD.get(factor, "g, kg, mol, kmol of something, m3, d, K, bar")
                raise FormulaFault(f"'{text}' has '{factor}'.", f"Write {instead}.")
            if factor != "1":
                powers[factor] += 1 if i == 0 else -1
    return _tidy(powers)


def written(unit: Unit) -> str:
    """Write a unit."""
    up = "*".join(part for part, power in unit.items() for _ in range(power))
    down = "".join(f"/{part}" for part, power in unit.items() for _ in range(-power))
    return (up or "1") + down


def unit_of(term: Term, units: Mapping[str, Unit]) -> Unit:
    """Find the unit of a formula.

    Raises
    ------
    UnitFault
        Where unlike things are added, or a saturation compares them.
    """
    if term.op == "number":
        return FREE
    if term.op == "symbol":
        return units[term.name]
    a, b = (unit_of(part, units) for part in term.parts)
    if term.op in "*/":
        return _product(a, b, 1 if term.op == "*" else -1)
    if FREE not in (a, b) and a != b:
        raise UnitFault(f"puts {written(a)} beside {written(b)}.")
    if term.op in ("sat", "inh"):
        return PLAIN
    return b if a == FREE else a


def _product(a: Unit, b: Unit, sign: int) -> Unit:
    if a == b == FREE:
        return FREE
    powers = Counter({} if a == FREE else a)
    for part, power in ({} if b == FREE else b).items():
        powers[part] += sign * power
    return _tidy(powers)


def _tidy(powers: Counter[str]) -> Unit:
    return {
        part: powers[part] for part in sorted(powers, key=lambda p: (p == "d", p)) if powers[part]
    }


def unit_faults(page: Page) -> Iterator[Fault]:
    """Find the units of a page that cannot be read or do not fit.

    Every rate must have the unit of what its coefficients turn it into: that of the component, per
    day. Numbers written out fit everything, but for a coefficient of 1 or -1.
    """
    units: dict[str, Unit] = {}
    faults: list[Fault] = []
    for kind, rows in (("components", page.components), ("parameters", page.parameters)):
        for row in rows:
            try:
                units[row.name] = parse_unit(row.unit)
            except FormulaFault as fault:
                faults.append(fault.at(f"{page.name}.toml: {kind}, {row.name}, unit"))
    yield from faults
    if not faults:
        for process in page.processes:
            yield from _process_faults(process, units, f"{page.name}.toml: ")
        yield from _gas_faults(page, units)


def _process_faults(process: Process, units: Mapping[str, Unit], page: str) -> Iterator[Fault]:
    where = f"{page}rates, {process.name}"
    try:
        rate = unit_of(process.rate, units)
    except UnitFault as fault:
        yield Fault(where=where, what=str(fault), do="Correct a unit, or the formula.")
        return
    for name, cell in process.cells.items():
        if cell is None:
            continue
        try:
            found = PLAIN if _is_one(cell) else unit_of(cell, units)
        except UnitFault as fault:
            where = f"{page}matrix, {process.name}, {name}"
            yield Fault(where=where, what=str(fault), do="Correct a unit, or the coefficient.")
            continue
        due = _product(units[name], {"d": 1}, -1)
        made = due if found == FREE or rate == FREE else _product(rate, found, 1)
        if made != due:
            what = f"makes {name} in {written(made)}, not in {written(due)}."
            yield Fault(where=where, what=what, do="Correct the unit of a parameter in it.")
            return


def _is_one(cell: Term) -> bool:
    return cell == ONE or (cell.op == "number" and cell.number == -1.0)


def _gas_faults(page: Page, units: Mapping[str, Unit]) -> Iterator[Fault]:
    for gas in page.gases:
        for what, term, due in (
            ("speed", gas.speed, PLAIN),
            ("saturation", gas.saturation, units[gas.name]),
        ):
            try:
                found = unit_of(term, units)
            except UnitFault as fault:
                found, said = due, str(fault)
            else:
                said = f"is in {written(found)}, not in {written(due)}."
                if found in (FREE, due):
                    continue
            where = f"{page.name}.toml: gases, {gas.name}, {what}"
            yield Fault(where=where, what=said, do="Correct the unit of a parameter in it.")
