"""Findings that say the same of many rows of a list, told once."""

from __future__ import annotations

import re
from collections.abc import Iterable

from renvand.errors import Fault

_ROW = re.compile(r"(?P<file>inbox/.+), line (?P<line>\d+)(?P<column>, \w+)?")
SHOWN = 3  # lines named of those that are alike


def gathered(findings: Iterable[Fault]) -> list[Fault]:
    """Put findings with the same words on the same column of a list together, in their order.

    Parameters
    ----------
    findings : iterable of Fault
        Each on a row ('inbox/limits.csv, line 184, unit'), or on anything else.

    Returns
    -------
    list of Fault
        'inbox/limits.csv, lines 184, 185, 190 and 103 more, unit' for those that are alike.
    """
    alike: dict[tuple[str, ...], list[Fault]] = {}
    for finding in findings:
        row = _ROW.fullmatch(finding.where)
        place = (row["file"], row["column"] or "") if row else (finding.where,)
        alike.setdefault((*place, finding.what, finding.do), []).append(finding)
    return [_one(same) for same in alike.values()]


def _one(same: list[Fault]) -> Fault:
    rows = [row for finding in same if (row := _ROW.fullmatch(finding.where))]
    lines = list(dict.fromkeys(row["line"] for row in rows))
    if len(lines) < 2:
        return same[0]
    more = f" and {len(lines) - SHOWN} more" if len(lines) > SHOWN else ""
    where = f"{rows[0]['file']}, lines {', '.join(lines[:SHOWN])}{more}{rows[0]['column'] or ''}"
    return Fault(where=where, what=same[0].what, do=same[0].do)
