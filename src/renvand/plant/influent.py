"""What comes to a plant: rows of time, concentrations, flow and temperature, read and checked."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from renvand.errors import Fault, FileError, near
from renvand.knowledge.read import LARGEST_FILE, read_text
from renvand.process.model import Array, Model

if TYPE_CHECKING:
    import pandas as pd

TIME, FLOW, TEMPERATURE = "t_d", "Q", "T"
WEAKEST = 5.0  # gCOD/m³: below it the numbers are most likely kg/m³ or g/L
RANGES = {  # what can be: denser than rock, more than the Amazon or boiling is a slip
    TIME: (-1e6, 1e6),  # d
    FLOW: (0.0, 2e10),  # m³/d
    TEMPERATURE: (-5.0, 100.0),  # °C
    "component": (0.0, 3e6),  # g/m³
}
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, kw_only=True)
class Influent:
    """Rows of what comes, each holding until the next (or running to it in a straight line)."""

    times: Array  # (row,)  [d]
    rows: Array  # (row, component + temperature + flow)  [g/m³, °C, m³/d]
    columns: tuple[str, ...]

    def __repr__(self) -> str:
        days = f"day {self.times[0]:g} to {self.times[-1]:g}"
        return f"<Influent: {len(self.times)} rows, {days}, mean {self.mean.rows[0, -1]:.6g} m³/d>"

    @property
    def frame(self) -> pd.DataFrame:
        """What comes: rows are days, columns components [g/m³], T [°C] and Q [m³/d]."""
        import pandas as pd

        return pd.DataFrame(self.rows, pd.Index(self.times, name=TIME), [*self.columns])

    def column(self, name: str) -> Array:
        """Give one column, array (row,)."""
        return self.rows[:, self.columns.index(name)]

    @property
    def mean(self) -> Influent:
        """The flow-weighted mean as one row; the last row counts as long as the one before."""
        length = np.diff(self.times)
        length = np.append(length, length[-1] if length.size else 1.0)
        weight = length * self.rows[:, -1]
        total = weight.sum()
        row = (self.rows * weight[:, None]).sum(axis=0) / total if total > 0 else self.rows[0]
        row[-1] = total / length.sum()
        return Influent(times=self.times[:1], rows=row[None, :], columns=self.columns)


def read_influent(path: str | Path, model: Model) -> Influent:
    """Read an influent file: CSV, also packed with gzip.

    Parameters
    ----------
    path : str or path
        Columns t_d [d], the model's components [g/m³], Q [m³/d] and T [°C]. TSS may stand there
        and is not used. Components that are missing are 0 when the model only keeps a ledger of
        them (S_N2), else they are faults.
    model : Model
        Whose components are meant.

    Raises
    ------
    FileError
        With all faults: gaps, repeated or unsorted times, wrong columns, slips of units.
    """
    path = Path(path)
    text = _packed(path) if path.suffix == ".gz" else read_text(path, name=path.name)
    head, _, rows = text.partition("\n")
    names = [cell.strip() for cell in head.split(",")] if head.strip() else []
    return make_influent(_cells(rows, names, path.name), model, name=path.name)


def _cells(text: str, names: list[str], name: str) -> dict[str, Any]:
    """Split rows into columns; numbers at once where every cell is one."""
    twice = sorted({column for column in names if names.count(column) > 1})
    if twice:
        where = f"{name}, line 1, column '{twice[0]}'"
        raise FileError(Fault(where=where, what="stands twice.", do="Keep one."))
    try:
        numbers = np.loadtxt(_lines(text), delimiter=",", ndmin=2) if text.strip() else None
    except ValueError:
        numbers = None
    if numbers is not None and numbers.shape[1] == len(names):
        return dict(zip(names, numbers.T, strict=True))
    rows = [line.split(",") for line in text.splitlines() if line.strip()]
    for i, row in enumerate(rows):
        if len(row) != len(names):
            what = f"has {len(row)} cells, the first line has {len(names)}."
            raise FileError(Fault(where=f"{name}, line {i + 2}", what=what, do="Check the commas."))
    return {column: [row[j] for row in rows] for j, column in enumerate(names)}


def _lines(text: str) -> Iterator[str]:
    """Give lines one by one: a year of them at once would take more room than its numbers."""
    begin = 0
    while begin < len(text):
        end = text.find("\n", begin)
        end = len(text) if end < 0 else end
        yield text[begin:end]
        begin = end + 1


def _packed(path: Path) -> str:
    if not path.is_file():
        raise FileError(Fault(where=path.name, what="is not there.", do="Check its name."))
    with path.open("rb") as file:
        if file.read(2) != _GZIP:
            raise FileError(Fault(where=path.name, what="is not gzip.", do="Take off '.gz'."))
    try:
        with gzip.open(path, "rb") as file:
            data = file.read(LARGEST_FILE + 1)
        if len(data) > LARGEST_FILE:
            raise FileError(Fault(where=path.name, what="is too large unpacked.", do="Split it."))
        return data.decode("utf-8-sig")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise FileError(
            Fault(where=path.name, what=f"cannot be unpacked: {error}.", do="Pack it again.")
        ) from error


def make_influent(frame: pd.DataFrame | Mapping[str, Any], model: Model, *, name: str) -> Influent:
    """Check a frame, or a mapping of columns, and make it an influent; see `read_influent`."""
    columns = [str(column).strip() for column, _ in frame.items()]
    length = max((len(cells) for _, cells in frame.items()), default=0)
    known = (TIME, *model.components, "TSS", FLOW, TEMPERATURE)
    faults = _column_faults(columns, model, name, known)
    numbers: dict[str, Array] = {}
    for column, (_, cells) in zip(columns, frame.items(), strict=True):
        if column not in known:
            continue
        given = list(cells)
        values = _numbers(given)
        for i in np.flatnonzero(~np.isfinite(values))[:5]:
            where = f"{name}, line {i + 2}, {column}"
            what = f"'{given[i]}' is not a number."
            faults.append(Fault(where=where, what=what, do="Write digits with a point."))
        low, high = RANGES.get(column, RANGES["component"])
        for i in np.flatnonzero((values < low) | (values > high))[:5]:
            where = f"{name}, line {i + 2}, {column}"
            do = f"Give {low:g} or more." if values[i] < low else f"Give {high:g} at most."
            faults.append(Fault(where=where, what=f"is {values[i]:g}.", do=do))
        numbers[column] = values
    if not faults and length == 0:
        faults.append(Fault(where=name, what="has no rows.", do="Add at least one."))
    if not faults:
        faults.extend(_time_faults(numbers[TIME], name))
        faults.extend(_strength_faults(numbers, model, name))
    if faults:
        raise FileError(faults)
    order = (*model.components, TEMPERATURE, FLOW)
    empty = np.zeros(length)
    rows = np.stack([numbers.get(column, empty) for column in order], axis=1)
    if TEMPERATURE not in numbers:
        rows[:, -2] = model.page.temperature
    return Influent(times=numbers[TIME], rows=rows, columns=order)


def _numbers(cells: Sequence[Any]) -> Array:
    """Read cells as numbers, NaN where they are none."""
    try:
        return np.array(cells, dtype=float)
    except (TypeError, ValueError):
        return np.array([_number(cell) for cell in cells])


def _number(cell: Any) -> float:
    try:
        return float(cell)
    except (TypeError, ValueError):
        return float("nan")


def _column_faults(
    columns: Sequence[str], model: Model, name: str, known: Sequence[str]
) -> list[Fault]:
    faults: list[Fault] = []
    for column in columns:
        if column not in known:
            where = f"{name}, line 1, column '{column}'"
            faults.append(Fault(where=where, what="is not known.", do=near(column, known)))
    for column in sorted({c for c in columns if columns.count(c) > 1}):
        where = f"{name}, line 1, column '{column}'"
        faults.append(Fault(where=where, what="stands twice.", do="Keep one."))
    ledgers = ledger_components(model)
    for column in (TIME, *model.components, FLOW):
        if column not in columns and column not in ledgers:
            faults.append(
                Fault(where=f"{name}, line 1", what=f"lacks column '{column}'.", do="Add it.")
            )
    return faults


def ledger_components(model: Model) -> frozenset[str]:
    """Name the components on which no rate and no observable depends: they only keep the books."""
    from renvand.process.expression import symbols_of

    used = frozenset[str]().union(*(symbols_of(p.rate) for p in model.page.processes))
    seen = {
        name
        for weights in model.observables.values()
        for name, weight in zip(model.components, weights, strict=True)
        if weight != 0
    }
    return frozenset(model.components) - used - seen


def _time_faults(times: Array, name: str) -> list[Fault]:
    faults: list[Fault] = []
    steps = np.diff(times)
    for i in np.flatnonzero(steps <= 0)[:5]:
        what = f"{times[i + 1]:g} d comes after {times[i]:g} d."
        faults.append(
            Fault(where=f"{name}, line {i + 3}, t_d", what=what, do="Sort by time, each once.")
        )
    if steps.size > 2 and not faults:
        usual = float(np.median(steps))
        for i in np.flatnonzero(steps > 5.0 * usual)[:5]:
            what = f"a gap of {steps[i]:g} d, while rows are {usual:g} d apart."
            do = "Fill it, or say so with a row at its end."
            faults.append(Fault(where=f"{name}, line {i + 3}, t_d", what=what, do=do))
    return faults


def _strength_faults(numbers: Mapping[str, Array], model: Model, name: str) -> list[Fault]:
    weights = model.observables.get("COD")
    if weights is None:
        return []
    cod = sum(
        w * numbers[c] for c, w in zip(model.components, weights, strict=True) if c in numbers
    )
    strongest = float(np.max(cod))
    if 0 < strongest < WEAKEST:
        what = f"has at most {strongest:.3g} gCOD/m³."
        do = "That looks like g/L: multiply concentrations by 1000."
        return [Fault(where=name, what=what, do=do)]
    return []
