"""A process model as a page: a Gujer matrix, its rates and its parameters, read and checked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from renvand.errors import Fault, FileError, near
from renvand.knowledge.read import read_toml
from renvand.process.block import NAME, Row, name_of, split
from renvand.process.dimension import unit_faults
from renvand.process.expression import FormulaFault, Term, parse, symbols_of
from renvand.process.parts import (
    Component,
    Gas,
    Observable,
    Page,
    Parameter,
    ParameterSet,
    Process,
)

CONFIDENCE = ("high", "medium", "low")
_TITLE = re.compile(r"[\w .+-]{1,60}")  # of a page; it is written into comments of generated text
_TAKEN = ("T", "Q", "t_d", "TSS")  # columns that every influent has
_NEEDED = ("title", "conserves", "components", "matrix", "rates", "parameters")
_HEADS = {
    "rates": ("process", "rate"),
    "parameters": ("name", "value", "unit", "theta", "source", "meaning"),
    "observables": ("name", "unit", "formula", "meaning"),
    "gases": ("name", "speed", "saturation", "meaning"),
}
_KEYS = {
    *_NEEDED, *_HEADS, "source", "note", "temperature", "oxygen", "sets", "sources",
}  # fmt: skip
_SET_KEYS = ("title", "source", "confidence", "temperature", "values")
_COLDEST, _WARMEST = 0.0, 70.0  # °C, of a page or a set


def page_names() -> tuple[str, ...]:
    """Name the pages that come with the package."""
    folder = resources.files("renvand.process") / "models"
    names = [f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml")]
    return tuple(sorted(name for name in names if name != "sources"))


def own_pages(folder: Path) -> tuple[Path, ...]:
    """Find the pages in a folder: its .toml files that have a matrix."""
    found = [path for path in sorted(folder.glob("*.toml")) if path.is_file()]
    return tuple(path for path in found if "matrix" in read_toml(path, name=path.name))


@cache
def shipped_sources() -> dict[str, dict[str, Any]]:
    """The bibliography of the pages: key to title, authors, year, publisher."""
    path = resources.files("renvand.process") / "models" / "sources.toml"
    return read_toml(path, name="process/models/sources.toml")


def read_page(where: str | Path | Traversable) -> Page:
    """Read a page by the name of a shipped one, or from a file.

    Raises
    ------
    FileError
        With all faults of form. Faults of continuity come from ``Model``.
    """
    if isinstance(where, str) and not where.endswith(".toml"):
        if where not in page_names():
            what = "is not a page that comes with renvand."
            fault = Fault(where=f"model '{where}'", what=what, do=near(where, page_names()))
            raise FileError(fault)
        path: Path | Traversable = resources.files("renvand.process") / "models" / f"{where}.toml"
    else:
        path = Path(where) if isinstance(where, str) else where
    return make_page(read_toml(path, name=path.name), name=path.name)


def make_page(page: Mapping[str, Any], *, name: str) -> Page:
    """Make a page of its TOML, with every fault of form at once."""
    reader = _Reader(name)
    made = reader.read(page)
    faults = reader.faults
    if made is not None and not faults:
        faults = list(unit_faults(made))
    if made is None or faults:
        raise FileError(faults)
    return made


class _Reader:
    """Collects the faults of one page while reading it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.faults: list[Fault] = []
        self.sources: dict[str, Mapping[str, Any]] = dict(shipped_sources())

    def fault(self, where: str, what: str, do: str) -> None:
        self.faults.append(
            Fault(where=f"{self.name}: {where}" if where else self.name, what=what, do=do)
        )

    def read(self, page: Mapping[str, Any]) -> Page | None:
        name = self.name.removesuffix(".toml")
        if not _TITLE.fullmatch(name):
            self.name = "page"
            self.fault(
                "", f"{name[:60]!r} is not a name.", "Name the file with letters and digits."
            )
        for key in sorted(page.keys() - _KEYS):
            self.fault(f"'{key}'", "is not known.", near(key, _KEYS))
        for key in _NEEDED:
            if key not in page:
                self.fault("", f"lacks '{key}'.", "Add it.")
        conserves = self._conserves(page.get("conserves", []))
        self._own_sources(page.get("sources", {}))
        tables = self._tables(page, conserves)
        if not {"components", "matrix", "rates", "parameters"} <= tables.keys():
            return None
        parameters = self._parameters(tables["parameters"])
        known = [parameter.name for parameter in parameters]
        components = self._components(tables["components"], conserves, known)
        names = [component.name for component in components]
        oxygen = str(page.get("oxygen", "S_O" if "S_O" in names else ""))
        if oxygen and oxygen not in names:
            self.fault("oxygen", f"'{oxygen}' is not a component.", near(oxygen, names))
        source = str(page.get("source", ""))
        if source:
            self._cited("source", source)
        temperature = self._temperature("temperature", page.get("temperature", 15.0))
        return Page(
            name=name,
            title=str(page.get("title", name)),
            source=source,
            note=str(page.get("note", "")),
            conserves=conserves,
            temperature=temperature,
            oxygen=oxygen,
            components=components,
            processes=self._processes(tables["matrix"], tables["rates"], names, known),
            parameters=parameters,
            observables=self._observables(tables.get("observables", []), names, known),
            gases=self._gases(tables.get("gases", []), names, known, oxygen=oxygen),
            sets=self._sets(page.get("sets", {}), known, temperature),
            sources=self.sources,
        )

    def _conserves(self, quantities: object) -> tuple[str, ...]:
        if not isinstance(quantities, list) or not quantities:
            self.fault("conserves", f"'{quantities}' is not a list.", 'Write ["COD", "N"].')
            return ()
        made = tuple(str(quantity) for quantity in quantities)
        for quantity in made:
            if not NAME.fullmatch(quantity) or made.count(quantity) > 1:
                self.fault("conserves", f"'{quantity}' is no name, or twice.", "Use letters, once.")
        return made

    def _own_sources(self, own: object) -> None:
        for key, entry in own.items() if isinstance(own, dict) else ():
            where = f"sources.{key}"
            if key in self.sources:
                self.fault(where, "is in the bibliography already.", "Take it out, or rename it.")
            elif not isinstance(entry, dict) or not entry.get("title") or "year" not in entry:
                self.fault(where, "lacks title or year.", "Give both.")
            else:
                self.sources[str(key)] = entry
        if not isinstance(own, dict):
            self.fault("sources", "is not a table.", "Write [sources.KEY].")

    def _cited(self, where: str, source: str) -> None:
        if source not in self.sources:
            what = f"source '{source}' is not known."
            do = f"{near(source, self.sources)} Or add [sources.{source or 'KEY'}] to the page."
            self.fault(where, what, do)

    def _temperature(self, where: str, value: object) -> float:
        match value:
            case int() | float() if _COLDEST <= value <= _WARMEST and value is not True:
                return float(value)
            case _:
                pass
        self.fault(where, f"'{value}' is not a temperature.", "Give °C, 0 to 70.")
        return 15.0

    def _tables(self, page: Mapping[str, Any], conserves: Sequence[str]) -> dict[str, list[Row]]:
        """Split the blocks that are there; a block that cannot be split is left out."""
        heads = {**_HEADS, "components": ("name", "unit", *conserves, "meaning"), "matrix": None}
        found: dict[str, list[Row]] = {}
        for key in [key for key in heads if key in page]:
            rows, faults = split(page[key], head=heads[key])
            for fault in faults:
                self.fault(f"{key}{fault.where}", fault.what, fault.do)
            if rows:
                found[key] = rows
        return found

    def _formula(self, where: str, text: str | None, symbols: Sequence[str]) -> Term:
        """Read a formula; one that cannot be read, or stands in a broken row, is 0."""
        if text is None:
            return Term("number")
        try:
            return parse(text, symbols=symbols)
        except FormulaFault as fault:
            self.faults.append(fault.at(f"{self.name}: {where}"))
            return Term("number")

    def _parameters(self, rows: list[Row]) -> tuple[Parameter, ...]:
        names = [name_of(row) for row in rows]
        made: list[Parameter] = []
        for name, row in zip(names, rows, strict=True):
            where = f"parameters, {name}"
            theta = self._formula(f"{where}, theta", row["theta"], ())
            if row["theta"] is not None and not (theta.op == "number" and 0.5 < theta.number < 2):
                what = f"'{row['theta']}' is not a factor per °C."
                self.fault(f"{where}, theta", what, "1 is none.")
            value = self._formula(where, row["value"], names)
            if row["source"] is not None:
                self._cited(where, row["source"])
            made.append(
                Parameter(
                    name=name,
                    value=value,
                    unit=row["unit"] or "1",
                    theta=theta.number,
                    source=row["source"] or "",
                    meaning=row.get("meaning") or "",
                )
            )
        self._circles({parameter.name: parameter.value for parameter in made})
        return tuple(made)

    def _circles(self, formulas: Mapping[str, Term]) -> None:
        """Find parameters that need each other."""
        done: set[str] = set()
        left = dict(formulas)
        while ready := [n for n, term in left.items() if symbols_of(term) <= done]:
            done.update(ready)
            left = {n: term for n, term in left.items() if n not in done}
        if left:
            what = f"{', '.join(sorted(left))} need each other."
            self.fault("parameters", what, "Give one of them as a number.")

    def _components(
        self, rows: list[Row], conserves: Sequence[str], known: Sequence[str]
    ) -> tuple[Component, ...]:
        for name in map(name_of, rows):
            if name in known:
                self.fault(f"components, {name}", "is a parameter too.", "Rename one.")
            if name in _TAKEN:
                self.fault(f"components, {name}", "is a column of every influent.", "Rename it.")
        return tuple(
            Component(
                name=name_of(row),
                unit=row["unit"] or "g/m3",
                meaning=row.get("meaning") or "",
                composition=tuple(
                    self._formula(f"components, {name_of(row)}, {q}", row[q], known)
                    for q in conserves
                ),
            )
            for row in rows
        )

    def _processes(
        self, matrix: list[Row], rates: list[Row], names: Sequence[str], known: Sequence[str]
    ) -> tuple[Process, ...]:
        rate_of = {name_of(row): row["rate"] for row in rates}
        rows = [name_of(row) for row in matrix]
        for column in [column for column in matrix[0] if column not in ("process", *names)]:
            self.fault(f"matrix, column '{column}'", "is not a component.", near(column, names))
        for name in sorted(rate_of.keys() - set(rows)):
            self.fault(f"rates, {name}", "is not a row of the matrix.", near(name, rows))
        made: list[Process] = []
        for name, row in zip(rows, matrix, strict=True):
            if name not in rate_of:
                self.fault(f"matrix, {name}", "has no rate.", "Add it to rates.")
            cells = {
                column: None
                if cell == "?"
                else self._formula(f"matrix, {name}, {column}", cell, known)
                for column, cell in row.items()
                if column in names and cell != "."
            }
            rate = self._formula(f"rates, {name}", rate_of.get(name), [*names, *known])
            made.append(Process(name=name, rate=rate, cells=cells))
        return tuple(made)

    def _observables(
        self, rows: list[Row], names: Sequence[str], known: Sequence[str]
    ) -> tuple[Observable, ...]:
        return tuple(
            Observable(
                name=name_of(row),
                unit=row["unit"] or "1",
                formula=self._formula(
                    f"observables, {name_of(row)}", row["formula"], [*names, *known]
                ),
                meaning=row.get("meaning") or "",
            )
            for row in rows
        )

    def _gases(
        self, rows: list[Row], names: Sequence[str], known: Sequence[str], *, oxygen: str
    ) -> tuple[Gas, ...]:
        made: list[Gas] = []
        for row in rows:
            name = name_of(row)
            where = f"gases, {name}"
            if name == oxygen:
                self.fault(where, "is what aeration supplies already.", "Take it out.")
            elif name not in names:
                self.fault(where, "is not a component.", near(name, names))
            made.append(
                Gas(
                    name=name,
                    speed=self._formula(f"{where}, speed", row["speed"], known),
                    saturation=self._formula(f"{where}, saturation", row["saturation"], known),
                    meaning=row.get("meaning") or "",
                )
            )
        return tuple(made)

    def _sets(
        self, sets: object, known: Sequence[str], temperature: float
    ) -> dict[str, ParameterSet]:
        made: dict[str, ParameterSet] = {}
        if not isinstance(sets, dict):
            self.fault("sets", "is not a table.", "Write [sets.NAME].")
            return made
        for name, entry in sets.items():
            where = f"sets.{name}"
            if not isinstance(entry, dict) or not isinstance(entry.get("values", {}), dict):
                self.fault(where, "is not a table with values.", "Write values = { mu_H = 4 }.")
                continue
            for key in sorted(entry.keys() - set(_SET_KEYS)):
                self.fault(f"{where}, '{key}'", "is not known.", near(key, _SET_KEYS))
            confidence = str(entry.get("confidence", "high"))
            if confidence not in CONFIDENCE:
                what = f"'{confidence}' is not a confidence."
                self.fault(where, what, near(confidence, CONFIDENCE))
            values: dict[str, Term] = {}
            for key, value in entry.get("values", {}).items():
                if key not in known:
                    self.fault(f"{where}, {key}", "is not a parameter.", near(key, known))
                values[key] = self._formula(f"{where}, {key}", str(value), ())
            self._cited(where, str(entry.get("source", "")))
            made[str(name)] = ParameterSet(
                name=str(name),
                title=str(entry.get("title", name)),
                source=str(entry.get("source", "")),
                confidence=confidence,
                temperature=self._temperature(
                    f"{where}, temperature", entry.get("temperature", temperature)
                ),
                values=values,
            )
        return made
