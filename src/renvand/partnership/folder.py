"""Read a case folder: everything, or every fault of it in one go."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from renvand import knowledge
from renvand.errors import Fault, FileError, near
from renvand.knowledge import SHIPPED, Knowledge
from renvand.knowledge.read import LARGEST_LINE, judge_table
from renvand.knowledge.schema import Column, Schema
from renvand.partnership.inbox import KINDS, check_mapping, check_workbook
from renvand.partnership.page import Known, key_of, nest, read_page
from renvand.partnership.review_faults import review_faults
from renvand.partnership.rules import RULES, Written
from renvand.partnership.schema import (
    ADDITIONS,
    asked,
    columns_of,
    page_schemas,
    pages,
    plant_schemas,
    review_schemas,
    schemas,
    tables,
)
from renvand.partnership.seminars import read_seminars
from renvand.partnership.walk import Layout, walk
from renvand.steps.case import CaseData, PlantFolder, ReviewData
from renvand.text import LANGUAGES

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")
Frames = dict[str, "pd.DataFrame"]
DEEPEST_PAGE = 20  # tables within tables; ours have four
_UNNEST = "Check the brackets and points."
KNOWLEDGE_FILES = ("case.toml", *(f"{name}.csv" for name in ADDITIONS))
NAMED = ("substances", "sector_groups", "process_kinds", "divisions")  # tables cells may name


def read_case(path: Path | str) -> CaseData:
    """Read a case.

    Parameters
    ----------
    path : path
        The folder. Nothing in it is changed.

    Returns
    -------
    CaseData
        Settings, sources, typed tables (empty where the file is not there), reviews, plants.

    Raises
    ------
    FileError
        With every fault of the folder.
    """
    reading = _Reading(folder=Path(path))
    case = reading.case()
    if reading.faults:
        raise FileError([*reading.faults, *review_faults(case.reviews, reading.faults)])
    return case


def check_case(path: Path | str) -> tuple[Fault, ...]:
    """Name every fault of a case folder, in the order of its files."""
    reading = _Reading(folder=Path(path))
    case = reading.case()
    reviewed = review_faults(case.reviews, reading.faults)
    return (*reading.faults, *reviewed, *_plant_faults(case, reading.faults))


def _plant_faults(case: CaseData, found: Sequence[Fault]) -> Iterator[Fault]:
    """Judge what lies beside the tables of each plant, once a file."""
    from renvand.steps.calibration.judge import plant_faults

    told = {fault.where.partition(",")[0] for fault in found}
    for plant in case.plant_folders:
        if f"plants/{plant}/plant.toml" not in told:
            judged = plant_faults(case, plant)
            yield from (f for f in judged if f.where.partition(",")[0] not in told)


def page_keys(table: str, *, first: str = "") -> dict[str, str]:
    """Say how the columns of a page are written: {'title_en': 'case.title.en'}."""
    sections = getattr(pages()[table], "sections", ())
    start = "case" if table == "case" else first
    hidden = () if table == "case" else ("id",)
    columns = (c for c in page_schemas()[table].columns if c not in hidden)
    return {column: key_of(column, sections, first=start) for column in columns}


@dataclass
class _Reading:
    """One pass through a folder, gathering faults as it goes."""

    folder: Path
    faults: list[Fault] = field(default_factory=list[Fault])
    languages: tuple[str, ...] = LANGUAGES

    def _try(self, read: Callable[[], T]) -> T | None:
        try:
            return read()
        except FileError as error:
            self.faults.extend(error.faults)
            return None

    def case(self) -> CaseData:
        """Read all; what is faulty comes out empty."""
        if not self.folder.is_dir():
            what, do = "is not a folder.", "Name the folder of a case."
            self.faults.append(Fault(where=str(self.folder), what=what, do=do))
            return CaseData(folder=self.folder, settings={}, sources={}, tables={})
        layout = walk(self.folder)
        self.faults.extend(layout.faults)
        self.languages = spoken(self.folder) if "case.toml" in layout.files else LANGUAGES
        sources = self._sources(layout)
        known: dict[str, Any] = dict(keys_of(SHIPPED))
        if sources is not None:
            known["sources"] = sources
        inbox = self._inbox(layout, known)
        known |= self._own_keys(layout.files, known)
        written = self._written(layout.files, "", tables())
        known |= {name: table.keys("id") for name, table in written.items() if table.keys("id")}
        if inbox:  # the register step makes these tables, so their keys are not known yet
            known = {name: keys for name, keys in known.items() if name not in KINDS}
        settings = self._page(layout.files, "case.toml", "case", known=known)
        frames = self._tables(layout.files, "", schemas=schemas(), known=known)
        self._missing(frames, written, made_later=KINDS if inbox else ())
        frames |= self._additions(layout.files, known)
        return CaseData(
            folder=self.folder,
            settings=settings,
            sources=sources or {},
            tables=frames,
            reviews={name: self._review(layout, name, known) for name in layout.reviews},
            plant_folders={name: self._plant(layout, name, known) for name in layout.plants},
            seminars=self._seminars(layout, known),
            inbox=inbox,
        )

    def knowledge(self, files: frozenset[str]) -> Knowledge:
        """Read what the case lays over the shipped tables; what is faulty comes out empty."""
        page = self._toml(files, "case.toml") or {}
        return CaseData(
            folder=self.folder,
            settings={name: part for name, part in page.items() if name in ("case", "knowledge")},
            sources={},
            tables=self._additions(files, {}),
        ).knowledge

    def _own_keys(self, files: frozenset[str], known: Known) -> dict[str, Any]:
        """Keys of shipped tables that cells may name, with those of the case laid over."""
        replaced = replaced_tables(self.folder) if "case.toml" in files else frozenset()
        own: dict[str, Any] = {}
        for name in (n for n in NAMED if n in ADDITIONS):
            file = f"{name}.csv"
            read = read_written(self.folder / file, name=file) if file in files else None
            kept: Any = () if name in replaced else known[name]
            own[name] = frozenset(kept) | (read.keys("id") if read else frozenset())
        return own

    def _toml(self, files: frozenset[str], name: str) -> dict[str, Any] | None:
        if name not in files:
            return None
        return self._try(lambda: read_shallow_page(self.folder / name, name=name))

    def _page(
        self, files: frozenset[str], name: str, table: str, *, known: Known
    ) -> dict[str, Any]:
        page = self._toml(files, name)
        if page is None:
            return {}
        keys = page_keys(table)
        schema = asked(_only(page_schemas()[table], keys), self.languages)
        row, faults = read_page(page, schema, name=name, known=known, keys=keys)
        self.faults.extend(faults)
        return nest(row, keys)

    def _sources(self, layout: Layout) -> dict[str, dict[str, Any]] | None:
        shipped = knowledge.sources()
        if "sources.toml" not in layout.files:
            return dict(shipped)
        page = self._toml(layout.files, "sources.toml")
        if page is None:
            return None
        own: dict[str, dict[str, Any]] = {}
        for key, entry in page.items():
            keys = page_keys("sources", first=key)
            schema = _only(page_schemas()["sources"], keys)
            row, faults = read_page({key: entry}, schema, name="sources.toml", known={}, keys=keys)
            self.faults.extend(faults)
            own[key] = {column: value for column, value in row.items() if value is not None}
        return {**shipped, **own}

    def _inbox(self, layout: Layout, known: Known) -> dict[str, Any]:
        for name in sorted(layout.files):
            if name.startswith("inbox/") and name.endswith((".xlsx", ".xlsm")):
                self.faults.extend(check_workbook(self.folder / name, name=name, allow_macros=True))
        page = self._toml(layout.files, "inbox/mapping.toml") or {}
        self.faults.extend(check_mapping(page, layout.files, known=known))
        return page

    def _written(
        self, files: frozenset[str], at: str, names: Mapping[str, Any]
    ) -> dict[str, Written]:
        """Read cells without judging them, for keys and for rules between rows."""
        found: dict[str, Written] = {}
        for table in names:
            name = f"{at}{table}.csv"
            written = read_written(self.folder / name, name=name) if name in files else None
            if written:
                found[table] = written
                for rule in RULES.get(table, ()):
                    self.faults.extend(rule(written))
        return found

    def _tables(
        self,
        files: frozenset[str],
        at: str,
        *,
        schemas: Mapping[str, Schema],
        known: Known,
        as_far: bool = False,
    ) -> Frames:
        """Read tables; a faulty one comes out empty, or, if wanted, as far as it goes."""
        frames: Frames = {}
        for table, schema in schemas.items():
            name = f"{at}{table}.csv"
            read = self._table(name, schema, known, as_far=as_far) if name in files else None
            frames[table] = knowledge.frame([], schema, lines=[]) if read is None else read
        return frames

    def _table(
        self, name: str, schema: Schema, known: Known, *, as_far: bool = False
    ) -> pd.DataFrame | None:
        path, schema = self.folder / name, asked(schema, self.languages)
        if is_endless(path):
            what = f"has no line break in its first {LARGEST_LINE} bytes."
            self.faults.append(Fault(where=name, what=what, do="Check how it was exported."))
            return None
        judged = self._try(lambda: judge_table(path, schema, name=name, known=known))
        if judged is None:
            return None
        made, faults = judged
        self.faults.extend(faults)
        return None if faults and not as_far else made

    def _missing(
        self, frames: Frames, written: Mapping[str, Written], *, made_later: tuple[str, ...]
    ) -> None:
        """One fault for a table that others name, rather than one for each row."""
        gone = {name: "is not there." for name in schemas() if not self._has(name)}
        bare = {name: "has no rows." for name, table in written.items() if not table.rows}
        for table, schema in schemas().items():
            for column, rule in schema.columns.items():
                what = "" if rule.refers_to in made_later else (gone | bare).get(rule.refers_to)
                if what and frames[table][column].notna().any():
                    where = f"{rule.refers_to}.csv"
                    do = f"Add what {table}.csv names in column {column}."
                    self.faults.append(Fault(where=where, what=what, do=do))

    def _has(self, table: str) -> bool:
        return os.path.lexists(self.folder / f"{table}.csv")

    def _additions(self, files: frozenset[str], known: Known) -> Frames:
        shipped = {name: knowledge.shipped_schema(name) for name in ADDITIONS}
        return self._tables(files, "", schemas=shipped, known=known)

    def _review(self, layout: Layout, review: str, known: Known) -> ReviewData:
        at = f"reviews/{review}/"
        written = self._written(layout.files, at, review_schemas())
        own: dict[str, Any] = {name: table.keys("id") for name, table in written.items()}
        within = {**known, **own, **either(own)}
        return ReviewData(
            settings=self._page(layout.files, f"{at}review.toml", "review", known=known),
            tables=self._tables(
                layout.files, at, schemas=review_schemas(), known=within, as_far=True
            ),
        )

    def _plant(self, layout: Layout, plant: str, known: Known) -> PlantFolder:
        at = f"plants/{plant}/"
        if plant not in known.get("plants", ()):
            listed: Any = known.get("plants", ("",))
            what = "is not in plants.csv."
            self.faults.append(Fault(where=at.rstrip("/"), what=what, do=near(plant, listed)))
        self._written(layout.files, at, plant_schemas())
        frames = self._tables(layout.files, at, schemas=plant_schemas(), known=known)
        name = f"{at}influent.csv"
        if name in layout.files:
            schema = influent_schema(self.folder / name)
            influent = self._table(name, schema, known)
            frames["influent"] = (
                knowledge.frame([], schema, lines=[]) if influent is None else influent
            )
        return PlantFolder(drawing=self._toml(layout.files, f"{at}plant.toml"), tables=frames)

    def _seminars(self, layout: Layout, known: Known) -> tuple[dict[str, Any], ...]:
        page = self._toml(layout.files, "seminars.toml")
        if page is None:
            return ()
        seminars, faults = read_seminars(page, known=known, languages=self.languages)
        self.faults.extend(faults)
        return seminars


def spoken(folder: Path) -> tuple[str, ...]:
    """Name the languages of a case; all where its page does not say."""
    try:
        told: Any = read_shallow_page(folder / "case.toml", name="case.toml").get("case")
    except FileError:
        return LANGUAGES
    named = told.get("languages") if isinstance(told, dict) else None
    return tuple(x for x in LANGUAGES if isinstance(named, list) and x in named) or LANGUAGES


def replaced_tables(folder: Path) -> frozenset[str]:
    """Name the shipped tables that a case does without; faults are told where the page is read."""
    try:
        page = read_shallow_page(folder / "case.toml", name="case.toml")
    except FileError:
        return frozenset()
    told = page.get("knowledge")
    names = told.get("replaces") if isinstance(told, dict) else ()
    return (
        frozenset(n for n in names if isinstance(n, str))
        if isinstance(names, list)
        else frozenset()
    )


def read_shallow_page(path: Path, *, name: str) -> dict[str, Any]:
    """Read a TOML page that people wrote: one nested without end, or a number of thousands of
    digits, is refused rather than followed.
    """
    try:
        page = knowledge.read_toml(path, name=name)
    except RecursionError as error:
        raise FileError(Fault(where=name, what="is nested too deeply.", do=_UNNEST)) from error
    except ValueError as error:  # Python reads no number of more than 4300 digits
        what, do = "holds a number that is too long.", "Write fewer digits."
        raise FileError(Fault(where=name, what=what, do=do)) from error
    level: list[Any] = [page]
    for _ in range(DEEPEST_PAGE):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
    if level:
        raise FileError(Fault(where=name, what="is nested too deeply.", do=_UNNEST))
    return page


def is_endless(path: Path) -> bool:
    """Say whether a file begins with a line too long for any table, reading no more of it."""
    with path.open("rb") as file:
        head = file.read(LARGEST_LINE + 1)
    return len(head) > LARGEST_LINE and b"\n" not in head


def read_written(path: Path, *, name: str) -> Written | None:
    """Read the cells of a table as they stand; None when it is no table at all."""
    if is_endless(path):
        return None
    try:
        reader = csv.reader(
            io.StringIO(knowledge.read_text(path, name=name)), skipinitialspace=True
        )
        header = [cell.strip() for cell in next(reader, [])]
        lines: list[int] = []
        rows: list[dict[str, str]] = []
        for cells in reader:
            if any(cell.strip() for cell in cells):
                lines.append(reader.line_num)
                rows.append(dict(zip(header, map(str.strip, cells), strict=False)))
    except (FileError, csv.Error):
        return None  # the judging reader tells what is wrong
    return Written(name=name, lines=tuple(lines), rows=tuple(rows))


def influent_schema(path: Path) -> Schema:
    """Rules of a driving series: time, flow, temperature, and components of the model."""
    rules = {
        "t_d": Column(kind="number", is_required=True, unit="d", low=0),
        "Q": Column(kind="number", is_required=True, unit="m3/d", low=0),
        "T": Column(kind="number", unit="°C", low=-2, high=100),
    }
    component = Column(kind="number", is_required=True, unit="g/m3", low=0)
    header: list[str] = []
    if not is_endless(path):
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            header = [cell.strip() for cell in file.readline().split(",")]
    named = {word: component for word in header if word.isidentifier() and word not in rules}
    columns = {word: (rules | named)[word] for word in header if word in rules | named}
    return Schema(name="influent", columns={**columns, **rules}, key=("t_d",))


def _only(schema: Schema, columns: Mapping[str, str]) -> Schema:
    return replace(schema, columns={c: schema.columns[c] for c in columns})


def either(own: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Keys for columns that name a row or one of a few words."""
    from renvand.partnership.fields import Either

    fields = [f for model in tables("review").values() for f in columns_of(model).values()]
    return {
        f.refers_to: own[f.table] | frozenset(f.allowed)
        for f in fields
        if isinstance(f, Either) and f.table in own
    }


def keys_of(known: Knowledge) -> dict[str, frozenset[str]]:
    """Give the keys of tables of knowledge that cells may name."""
    return known.once("keys that cells may name", lambda: _keys_of(known)).copy()


def _keys_of(known: Knowledge) -> dict[str, frozenset[str]]:
    keys: dict[str, frozenset[str]] = {}
    for name in NAMED:
        key = knowledge.shipped_schema(name).key[0]
        keys[name] = frozenset(known.table(name)[key].astype(str))
    return keys


def read_knowledge(path: Path | str) -> Knowledge:
    """Read the tables of knowledge as a case sees them, and nothing else of it.

    Parameters
    ----------
    path : path
        The folder. A table with faults comes out without own rows: :func:`check_case` tells why.
    """
    folder = Path(path)
    files = frozenset(n for n in KNOWLEDGE_FILES if (folder / n).is_file())
    languages = spoken(folder) if "case.toml" in files else LANGUAGES
    return _Reading(folder=folder, languages=languages).knowledge(files)
