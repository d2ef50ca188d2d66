"""The catalogue of techniques, suppliers and prices: what is shipped, with what the case adds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from renvand.errors import Fault, FileError, near
from renvand.knowledge import SHIPPED
from renvand.steps.case import CaseData

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True)
class Range:
    """A published or planned value with its ends."""

    low: float
    typical: float
    high: float

    @property
    def is_known(self) -> bool:
        """Say whether there is a value at all."""
        return math.isfinite(self.typical)


NONE = Range(low=0.0, typical=0.0, high=0.0)


@dataclass(frozen=True, kw_only=True)
class Technique:
    """One row of ``technologies``."""

    row: Mapping[str, Any]
    file: str  # 'knowledge/technologies.csv' or 'technologies.csv' of the case

    @property
    def id(self) -> str:
        """Give the key."""
        return self.row["id"]

    @property
    def kinds(self) -> tuple[str, ...]:
        """Give the kinds of unit it is applied to."""
        return tuple(self.row["unit_kinds"].split("|"))

    @property
    def sectors(self) -> tuple[str, ...]:
        """Give the sectors it is for."""
        return tuple(self.row["sector"].split("|"))

    def fits(self, industry: str) -> bool:
        """Say whether it fits an industry, a code of GB/T 4754; one not known excludes nothing."""
        only = str(self.row.get("industries") or "")
        return not only or not industry or industry in only.split("|")

    def range(self, what: str) -> Range:
        """Give low, typical and high of a quantity; zero when it is not stated."""
        return range_of(self.row, f"{what}_")


def range_of(row: Mapping[str, Any], prefix: str = "") -> Range:
    """Read low, typical and high; an end that is not stated is the typical value."""
    values = [row.get(f"{prefix}{end}") for end in ("low", "typical", "high")]
    low, typical, high = (math.nan if v is None else float(v) for v in values)
    if math.isnan(typical):
        return NONE
    return Range(
        low=typical if math.isnan(low) else low,
        typical=typical,
        high=typical if math.isnan(high) else high,
    )


def shipped(name: str) -> Mapping[str, Mapping[str, Any]]:
    """Give the rows of a shipped table by their key."""
    return SHIPPED.by_id(name)


def rows_of(case: CaseData, name: str) -> list[tuple[dict[str, Any], str]]:
    """Give shipped rows and the case's own, each with its file."""
    known = case.knowledge
    return [(row, known.file(name, row)) for row in known.rows(name)]


def techniques(case: CaseData, sector: str, *, industry: str = "") -> tuple[Technique, ...]:
    """Give all techniques for a sector, and of them those that fit an industry where it is known.

    Cold pad-batch, say, is for woven cloth: a dyer of knits is in the sector, not in the industry.
    """
    found = (Technique(row=row, file=file) for row, file in rows_of(case, "technologies"))
    return tuple(t for t in found if sector in t.sectors and t.fits(industry))


@dataclass(frozen=True, kw_only=True)
class Price:
    """A price with its range and row."""

    value: Range
    row: Mapping[str, Any]
    file: str


def price(case: CaseData, key: str) -> Price:
    """Give a price by its key.

    Raises
    ------
    FileError
        When no such price is known.
    """
    found = rows_of(case, "prices")
    for row, file in found:
        if row["id"] == key:
            return Price(value=range_of(row), row=row, file=file)
    keys = [row["id"] for row, _ in found]
    raise FileError(Fault(where="prices", what=f"have no '{key}'.", do=near(key, keys)))


def suppliers(case: CaseData, chosen: list[str]) -> pd.DataFrame:
    """Match suppliers to techniques, alphabetic within each; the evidence stands beside.

    Parameters
    ----------
    case : CaseData
        May add suppliers of its own.
    chosen : list of str
        Techniques that are proposed.

    Returns
    -------
    DataFrame
        Columns technology, supplier, name, country, offer in three languages, evidence_kind,
        is_page_read, url, checked_on, source, confidence.
    """
    import pandas as pd

    columns = ["name", "country", "offer_en", "offer_da", "offer_zh", "evidence_kind"]
    columns += ["is_page_read", "url", "checked_on", "source", "confidence"]
    rows = [
        {"technology": technique, "supplier": row["id"], **{c: row[c] for c in columns}}
        for row, _ in rows_of(case, "suppliers")
        for technique in str(row["technologies"] or "").split("|")
        if technique in chosen
    ]
    made = pd.DataFrame(rows, columns=pd.Index(["technology", "supplier", *columns]))
    lowered = made["name"].str.lower() if len(made) else made["name"]
    return (
        made.assign(_order=lowered)
        .sort_values(["technology", "_order"], ignore_index=True)
        .drop(columns="_order")
    )
