"""Rules between cells of a row or rows of a table, on the cells as written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from renvand.errors import Fault

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_SECTOR = re.compile(r"\d{4}|\d{2}\.\d{1,3}|\d{5,6}")


@dataclass(frozen=True, kw_only=True)
class Written:
    """A table as written: cells by column, before anything is judged."""

    name: str  # 'reviews/x/streams.csv'
    lines: tuple[int, ...]
    rows: tuple[Mapping[str, str], ...]
    letters: Mapping[str, str] = field(default_factory=dict[str, str])  # in a workbook: 'C'

    def keys(self, column: str) -> frozenset[str]:
        """Give what stands in a column."""
        return frozenset(row.get(column, "") for row in self.rows) - {""}

    def fault(self, line: int, column: str, *, what: str, do: str) -> Fault:
        """Point at a cell, as a CSV file or a workbook names it."""
        at = f"{self.name}, line {line}, {column}"
        if self.letters:
            at = f"{self.name}!{self.letters.get(column, '')}{line}"
        return Fault(where=at, what=what, do=do)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _pattern(column: str, pattern: re.Pattern[str], *, what: str, do: str) -> Rule:
    def rule(table: Written) -> Iterator[Fault]:
        for line, row in zip(table.lines, table.rows, strict=True):
            text = row.get(column, "")
            if text and not pattern.fullmatch(text):
                yield table.fault(line, column, what=f"'{text}' {what}", do=do)

    return rule


def _low_flow_is_low(table: Written) -> Iterator[Fault]:
    for line, row in zip(table.lines, table.rows, strict=True):
        low, mean = (_number(row.get(f"flow_{k}_m3_s", "")) for k in ("low", "mean"))
        if low is not None and mean is not None and low > mean:
            what = f"{low:g} m3/s is more than the mean flow, {mean:g} m3/s."
            yield table.fault(line, "flow_low_m3_s", what=what, do="Check the two.")


def _water_runs_down(table: Written) -> Iterator[Fault]:
    below = {row.get("id", ""): row.get("downstream", "") for row in table.rows}
    safe: set[str] = {""}
    for line, row in zip(table.lines, table.rows, strict=True):
        path: list[str] = []
        at = row.get("id", "")
        while at not in safe and at not in path and at in below:
            path.append(at)
            at = below[at]
        if at in path:
            circle = " > ".join((*path[path.index(at) :], at))
            what = f"water runs in a circle: {circle}."
            yield table.fault(line, "downstream", what=what, do="Point one of them downstream.")
        safe.update(path)


def _streams_go_somewhere(table: Written) -> Iterator[Fault]:
    for line, row in zip(table.lines, table.rows, strict=True):
        if row.get("from_unit") and row.get("from_unit") == row.get("to_unit"):
            what = f"leads from '{row['to_unit']}' to itself."
            yield table.fault(line, "to_unit", what=what, do="Leave it out, or split the unit.")


def _censored_has_limit(table: Written) -> Iterator[Fault]:
    for line, row in zip(table.lines, table.rows, strict=True):
        is_censored = row.get("is_censored", "").lower() in ("true", "yes", "1")
        if is_censored and not row.get("concentration_mg_l"):
            what = "is empty, and the value is below the reporting limit."
            do = "Give the reporting limit."
            yield table.fault(line, "concentration_mg_l", what=what, do=do)


Rule = Callable[[Written], Iterator[Fault]]
RULES: Mapping[str, tuple[Rule, ...]] = {
    "enterprises": (
        _pattern(
            "sector_code",
            _SECTOR,
            what="is not a code of an industry.",
            do="Write it whole: 1752 in GB/T 4754, 13.30 in NACE, 313310 in NAICS.",
        ),
    ),
    "observations": (_censored_has_limit,),
    "reaches": (_low_flow_is_low, _water_runs_down),
    "streams": (_streams_go_somewhere,),
    "operation": (_pattern("month", _MONTH, what="is not a month.", do="Write YYYY-MM."),),
}
