"""A process model as a page: a Gujer matrix, its rates and its parameters, read and checked."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from renvand.errors import Fault, FileError, near
from renvand.knowledge.read import read_toml
from renvand.process.expression import WORDS, FormulaFault, Term, parse, symbols_of

LONGEST_PAGE = 262_144  # characters
MOST_ROWS = 500  # of any block
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_KEYS = {
    "title",
    "source",
    "conserves",
    "temperature",
    "oxygen",
    "components",
    "matrix",
    "rates",
    "parameters",
    "observables",
    "gases",
    "sets",
    "sources",
}
_HEADS = {
    "rates": ("process", "rate"),
    "parameters": ("name", "value", "unit", "theta", "source", "meaning"),
    "observables": ("name", "unit", "formula", "meaning"),
    "gases": ("name", "speed", "saturation", "meaning"),
}


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A parameter as the page states it."""

    name: str
    value: Term
    unit: str
    theta: float  # factor per °C
    source: str
    meaning: str


@dataclass(frozen=True, kw_only=True)
class Component:
    """A substance of the model."""

    name: str
    unit: str
    meaning: str
    composition: tuple[Term, ...]  # one for each conserved quantity

    @property
    def is_particulate(self) -> bool:
        """Whether it settles: the field's own rule, its name begins with X."""
        return self.name.startswith("X")


@dataclass(frozen=True, kw_only=True)
class Process:
    """One row of the matrix with its rate; None stands for '?'."""

    name: str
    rate: Term
    cells: Mapping[str, Term | None]


@dataclass(frozen=True, kw_only=True)
class Observable:
    """Something measured that is a linear sum of components: COD, TSS, BOD5, TN."""

    name: str
    unit: str
    formula: Term
    meaning: str


@dataclass(frozen=True, kw_only=True)
class Gas:
    """A component that goes between water and air, besides oxygen.

    It arrives with ``speed * kla * (saturation - concentration)``, kla being that of oxygen.
    """

    name: str
    speed: Term  # [1]
    saturation: Term  # in the unit of the component
    meaning: str


@dataclass(frozen=True, kw_only=True)
class ParameterSet:
    """A published set of values that replaces those in the table."""

    name: str
    title: str
    source: str
    temperature: float  # °C at which the values hold
    values: Mapping[str, Term]


@dataclass(frozen=True, kw_only=True)
class Page:
    """A process model, checked for form; :class:`renvand.process.model.Model` has the numbers."""

    name: str
    title: str
    source: str
    conserves: tuple[str, ...]
    temperature: float  # °C at which the table's values hold
    oxygen: str  # the component that aeration supplies
    components: tuple[Component, ...]
    processes: tuple[Process, ...]
    parameters: tuple[Parameter, ...]
    observables: tuple[Observable, ...]
    gases: tuple[Gas, ...]
    sets: Mapping[str, ParameterSet]

    @property
    def component_names(self) -> tuple[str, ...]:
        """The names, in the order of the table."""
        return tuple(component.name for component in self.components)


def page_names() -> tuple[str, ...]:
    """Name the pages that come with the package."""
    folder = resources.files("renvand.process") / "models"
    names = [f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml")]
    return tuple(sorted(name for name in names if name != "sources"))


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
    if reader.faults or made is None:
        raise FileError(reader.faults)
    return made


class _Reader:
    """Collects the faults of one page while reading it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.faults: list[Fault] = []

    def fault(self, where: str, what: str, do: str) -> None:
        self.faults.append(
            Fault(where=f"{self.name}: {where}" if where else self.name, what=what, do=do)
        )

    def read(self, page: Mapping[str, Any]) -> Page | None:
        for key in page.keys() - _KEYS:
            self.fault(f"'{key}'", "is not known.", near(key, _KEYS))
        for key in ("title", "conserves", "components", "matrix", "rates", "parameters"):
            if key not in page:
                self.fault("", f"lacks '{key}'.", "Add it.")
        if self.faults:
            return None
        conserves = tuple(str(q) for q in page["conserves"])
        tables = self._tables(page, conserves)
        if self.faults:
            return None
        parameters = self._parameters(tables["parameters"])
        known = [parameter.name for parameter in parameters]
        components = self._components(tables["components"], conserves, known)
        names = [component.name for component in components]
        oxygen = str(page.get("oxygen", "S_O" if "S_O" in names else ""))
        if oxygen and oxygen not in names:
            self.fault("oxygen", f"'{oxygen}' is not a component.", near(oxygen, names))
        return Page(
            name=self.name.removesuffix(".toml"),
            title=str(page["title"]),
            source=str(page.get("source", "")),
            conserves=conserves,
            temperature=float(page.get("temperature", 15.0)),
            oxygen=oxygen,
            components=components,
            processes=self._processes(tables["matrix"], tables["rates"], names, known),
            parameters=parameters,
            observables=self._observables(tables.get("observables", []), names, known),
            gases=self._gases(tables.get("gases", []), names, known, oxygen=oxygen),
            sets=self._sets(page.get("sets", {}), known, float(page.get("temperature", 15.0))),
        )

    def _tables(
        self, page: Mapping[str, Any], conserves: Sequence[str]
    ) -> dict[str, list[dict[str, str]]]:
        heads = {**_HEADS, "components": ("name", "unit", *conserves, "meaning")}
        tables = {
            key: self._table(key, page[key], head) for key, head in heads.items() if key in page
        }
        tables["matrix"] = self._table("matrix", page["matrix"], None)
        return tables

    def _table(self, block: str, text: object, head: Sequence[str] | None) -> list[dict[str, str]]:
        """Split a block into rows; tabs or two or more spaces part the columns."""
        if not isinstance(text, str) or len(text) > LONGEST_PAGE:
            self.fault(block, "is not a text block of a page.", "Write it between '''.")
            return []
        lines = [line.split("#")[0].strip() for line in text.splitlines()]
        rows = [re.split(r"\t+| {2,}", line) for line in lines if line]
        if not 2 <= len(rows) <= MOST_ROWS:
            self.fault(block, f"has {max(len(rows) - 1, 0)} rows.", f"Give 1 to {MOST_ROWS - 1}.")
            return []
        columns = rows[0]
        for column in columns:
            if head is not None and column not in head:
                self.fault(f"{block}, column '{column}'", "is not known.", near(column, head))
        for column in head or ("process",):
            if column not in columns and column != "meaning":
                self.fault(block, f"lacks column '{column}'.", "Add it.")
        for row in rows[1:]:
            if len(row) != len(columns):
                what = f"has {len(row)} cells, the heading has {len(columns)}."
                self.fault(f"{block}, {row[0]}", what, "Part the cells by two spaces.")
        key = columns[0]
        made = [dict(zip(columns, row, strict=False)) for row in rows[1:]]
        first = [row[key] for row in made]
        for twice in sorted({name for name in first if first.count(name) > 1}):
            self.fault(f"{block}, {twice}", "stands twice.", "Keep one.")
        for name in first:
            if not _NAME.fullmatch(name) or keyword.iskeyword(name) or name in WORDS:
                self.fault(f"{block}, '{name}'", "is not a name.", "Use letters, digits and _.")
        return made

    def _formula(self, where: str, text: str, symbols: Sequence[str]) -> Term:
        try:
            return parse(text, symbols=symbols)
        except FormulaFault as fault:
            self.faults.append(fault.at(f"{self.name}: {where}"))
            return Term("number")

    def _parameters(self, rows: list[dict[str, str]]) -> tuple[Parameter, ...]:
        names = [row["name"] for row in rows]
        made: list[Parameter] = []
        for row in rows:
            where = f"parameters, {row['name']}"
            theta = self._formula(f"{where}, theta", row["theta"], ())
            if theta.op != "number" or not 0.5 < theta.number < 2:
                self.fault(
                    f"{where}, theta", f"'{row['theta']}' is not a factor per °C.", "1 is none."
                )
            value = self._formula(where, row["value"], names)
            if row["source"] not in shipped_sources():
                what = f"source '{row['source']}' is not known."
                self.fault(where, what, near(row["source"], shipped_sources()))
            made.append(
                Parameter(
                    name=row["name"],
                    value=value,
                    unit=row["unit"],
                    theta=theta.number,
                    source=row["source"],
                    meaning=row.get("meaning", ""),
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
        self, rows: list[dict[str, str]], conserves: Sequence[str], known: Sequence[str]
    ) -> tuple[Component, ...]:
        for row in rows:
            if row["name"] in known:
                self.fault(f"components, {row['name']}", "is a parameter too.", "Rename one.")
        return tuple(
            Component(
                name=row["name"],
                unit=row["unit"],
                meaning=row.get("meaning", ""),
                composition=tuple(
                    self._formula(f"components, {row['name']}, {q}", row[q], known)
                    for q in conserves
                ),
            )
            for row in rows
        )

    def _processes(
        self,
        matrix: list[dict[str, str]],
        rates: list[dict[str, str]],
        names: Sequence[str],
        known: Sequence[str],
    ) -> tuple[Process, ...]:
        rate_of = {row["process"]: row["rate"] for row in rates}
        rows = [row["process"] for row in matrix]
        for column in matrix[0].keys() - {"process"} if matrix else ():
            if column not in names:
                self.fault(f"matrix, column '{column}'", "is not a component.", near(column, names))
        for name in rate_of.keys() - set(rows):
            self.fault(f"rates, {name}", "is not a row of the matrix.", near(name, rows))
        made: list[Process] = []
        for row in matrix:
            name = row["process"]
            if name not in rate_of:
                self.fault(f"matrix, {name}", "has no rate.", "Add it to rates.")
            cells = {
                column: None
                if cell == "?"
                else self._formula(f"matrix, {name}, {column}", cell, known)
                for column, cell in row.items()
                if column != "process" and cell != "."
            }
            rate = self._formula(f"rates, {name}", rate_of.get(name, "0"), [*names, *known])
            made.append(Process(name=name, rate=rate, cells=cells))
        return tuple(made)

    def _observables(
        self, rows: list[dict[str, str]], names: Sequence[str], known: Sequence[str]
    ) -> tuple[Observable, ...]:
        return tuple(
            Observable(
                name=row["name"],
                unit=row["unit"],
                formula=self._formula(
                    f"observables, {row['name']}", row["formula"], [*names, *known]
                ),
                meaning=row.get("meaning", ""),
            )
            for row in rows
        )

    def _gases(
        self,
        rows: list[dict[str, str]],
        names: Sequence[str],
        known: Sequence[str],
        *,
        oxygen: str,
    ) -> tuple[Gas, ...]:
        for row in rows:
            where = f"gases, {row['name']}"
            if row["name"] == oxygen:
                self.fault(where, "is what aeration supplies already.", "Take it out.")
            elif row["name"] not in names:
                self.fault(where, "is not a component.", near(row["name"], names))
        return tuple(
            Gas(
                name=row["name"],
                speed=self._formula(f"gases, {row['name']}, speed", row["speed"], known),
                saturation=self._formula(
                    f"gases, {row['name']}, saturation", row["saturation"], known
                ),
                meaning=row.get("meaning", ""),
            )
            for row in rows
        )

    def _sets(
        self, sets: object, known: Sequence[str], temperature: float
    ) -> dict[str, ParameterSet]:
        made: dict[str, ParameterSet] = {}
        if not isinstance(sets, dict):
            self.fault("sets", "is not a table.", "Write [sets.NAME].")
            return made
        for name, entry in sets.items():
            values: dict[str, Term] = {}
            for key, value in entry.get("values", {}).items():
                if key not in known:
                    self.fault(f"sets.{name}, {key}", "is not a parameter.", near(key, known))
                values[key] = self._formula(f"sets.{name}, {key}", str(value), known)
            if entry.get("source", "") not in shipped_sources():
                what = f"source '{entry.get('source', '')}' is not known."
                self.fault(f"sets.{name}", what, near(str(entry.get("source")), shipped_sources()))
            made[name] = ParameterSet(
                name=str(name),
                title=str(entry.get("title", name)),
                source=str(entry.get("source", "")),
                temperature=float(entry.get("temperature", temperature)),
                values=values,
            )
        return made
