"""What is compared: alternatives in rows, criteria in columns, both with names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from renvand.errors import Fault, FileError, near

if TYPE_CHECKING:
    import pandas as pd

Array: TypeAlias = NDArray[np.float64]
Values: TypeAlias = "pd.DataFrame | Array | Sequence[Sequence[float]]"
T = TypeVar("T")
PerCriterion: TypeAlias = "Mapping[str, T] | Sequence[T] | Array"

SAME = 12  # decimals; scores that agree so far are a tie, whatever rounding did behind


@dataclass(frozen=True, kw_only=True)
class Table:
    """Alternatives by criteria, read and checked."""

    alternatives: tuple[str, ...]
    criteria: tuple[str, ...]
    x: Array  # (alternative, criterion)


def read(values: Values) -> Table:
    """Take a table in; without labels, rows and columns are numbered from 1.

    Raises
    ------
    FileError
        When the table is empty, a label stands twice, or a cell is not a finite number.
    """
    x = np.array(values, dtype=np.float64)
    if x.ndim != 2 or 0 in x.shape:
        what = f"has the shape {x.shape}."
        raise FileError(Fault(where="values", what=what, do="Give alternatives by criteria."))
    rows, columns = _labels(values, x.shape)
    faults = [
        Fault(where="values", what=f"'{name}' stands twice.", do="Give every row its own name.")
        for names in (rows, columns)
        for name in sorted({n for n in names if names.count(n) > 1}, key=str)
    ]
    for i, j in np.argwhere(~np.isfinite(x)):
        where = f"values, {rows[i]}, {columns[j]}"
        faults.append(
            Fault(where=where, what="is not a number.", do="Fill it or leave the row out.")
        )
    if faults:
        raise FileError(faults)
    return Table(alternatives=rows, criteria=columns, x=x)


def _labels(values: Any, shape: tuple[int, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if hasattr(values, "columns"):
        return tuple(map(str, values.index)), tuple(map(str, values.columns))
    rows, columns = (tuple(str(i + 1) for i in range(n)) for n in shape)
    return rows, columns


def per_criterion(given: Any, table: Table, *, name: str, otherwise: Any = None) -> list[Any]:
    """Put what is given for each criterion in the order of the columns.

    Parameters
    ----------
    given : mapping, sequence or None
        By name or by position; None gives `otherwise` for all.
    table : Table
        The criteria.
    name : str
        What it is called in messages.
    otherwise : object
        For criteria a mapping does not name; None makes that a fault.

    Raises
    ------
    FileError
        Unknown or missing criteria, or a wrong number of them.
    """
    if given is None:
        return [otherwise] * len(table.criteria)
    if not isinstance(given, Mapping):
        listed = list(given)
        if len(listed) != len(table.criteria):
            what = f"has {len(listed)} entries for {len(table.criteria)} criteria."
            raise FileError(Fault(where=name, what=what, do="Give one for each criterion."))
        return listed
    faults = [
        Fault(where=name, what=f"no criterion '{key}'.", do=near(str(key), table.criteria))
        for key in given
        if key not in table.criteria
    ]
    faults += [
        Fault(where=name, what=f"lacks '{criterion}'.", do="Add it.")
        for criterion in table.criteria
        if criterion not in given and otherwise is None
    ]
    if faults:
        raise FileError(faults)
    return [given.get(criterion, otherwise) for criterion in table.criteria]


def read_weights(weights: PerCriterion[float] | None, table: Table) -> Array:
    """Give weights that sum to one; None weighs all criteria the same.

    Raises
    ------
    FileError
        When a weight is negative or not a number, or all are zero.
    """
    w = np.array(per_criterion(weights, table, name="weights", otherwise=None), dtype=object)
    if weights is None:
        return np.full(len(table.criteria), 1 / len(table.criteria))
    w = w.astype(np.float64)
    faults = [
        Fault(where=f"weights, {c}", what=f"{v:g} is not a weight.", do="Give zero or more.")
        for c, v in zip(table.criteria, w, strict=True)
        if not (np.isfinite(v) and v >= 0)
    ]
    if not faults and w.sum() == 0:
        faults.append(Fault(where="weights", what="are all zero.", do="Give one criterion weight."))
    if faults:
        raise FileError(faults)
    return w / w.sum()


def direction(is_cost: PerCriterion[bool] | None, table: Table) -> Array:
    """Give +1 where more is better and -1 where less is."""
    flags = per_criterion(is_cost, table, name="is_cost", otherwise=False)
    return np.where(np.array(flags, dtype=bool), -1.0, 1.0)


def ranks(score: Array, alternatives: Sequence[str]) -> NDArray[np.intp]:
    """Give the place of each alternative, 1 the best.

    Ties are broken by name, not by position: the order of a file changes nothing.
    """
    order = np.lexsort((np.array(alternatives), -np.round(score, SAME)))
    place = np.empty(len(score), dtype=np.intp)
    place[order] = np.arange(1, len(score) + 1)
    return place
