"""The tables that one partnership counts with: the shipped ones, and what its case lays over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, TypeVar, cast

from renvand.errors import Fault, FileError, near
from renvand.knowledge import read
from renvand.knowledge.read import shipped_schema
from renvand.trace import Basis, Origin

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")
DOLLAR = "USD"  # in which exchange rates are told
Row = dict[str, Any]
# Words that steps and documents are written in, and plants to compare with: alike everywhere.
UNIVERSAL = ("glossary", "indicators", "reference_plants", "stage_energies", "substances")
_BASES: Mapping[str, Basis] = {
    "derived": "calculated",
    "planning": "estimated",
    "constructed": "constructed",
}


@cache
def laid_over() -> tuple[str, ...]:
    """Name the shipped tables that a case may add rows to, or replace."""
    folder = resources.files("renvand.knowledge") / "tables"
    names = (f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml"))
    return tuple(sorted(name for name in names if name not in UNIVERSAL))


@dataclass(frozen=True, kw_only=True, eq=False)
class Knowledge:
    """Tables of knowledge, as one case sees them.

    Attributes
    ----------
    own : mapping of str to DataFrame
        Rows of the case by table; a row with the key of a shipped one stands in its place.
    replaced : frozenset of str
        Tables whose shipped rows do not count at all.
    currency : str
        Money of the case; what is shipped in another is brought to it.
    country : str
        Where the case lies: a sector's national limits hold only in their own country.
        '' asks for none.
    sources : mapping
        The bibliography; the shipped one by itself.
    """

    own: Mapping[str, pd.DataFrame] = field(default_factory=dict[str, "pd.DataFrame"])
    replaced: frozenset[str] = frozenset()
    currency: str = "CNY"  # of the shipped prices
    country: str = ""
    sources: Mapping[str, Mapping[str, Any]] = field(default_factory=read.sources)
    _made: dict[str, Any] = field(default_factory=dict[str, Any], init=False, repr=False)

    def __getstate__(self) -> dict[str, Any]:
        """Travel to another process without what was worked out here."""
        return {**self.__dict__, "_made": {}}

    def once(self, name: str, make: Callable[[], T]) -> T:
        """Keep what was made of these tables; they never change."""
        if name not in self._made:
            self._made[name] = make()
        return cast("T", self._made[name])

    def table(self, name: str) -> pd.DataFrame:
        """Give a table, the case's own rows last.

        Parameters
        ----------
        name : str
            'limits', 'prices', …
        """
        return self.once(f"table {name}", lambda: self._laid(name)).copy()

    def rows(self, name: str) -> list[Row]:
        """Give a table as plain rows, which nobody changes."""
        return self.once(
            f"rows {name}",
            lambda: cast("list[Row]", self.table(name).to_dict("records")),
        )

    def by_id(self, name: str) -> Mapping[str, Row]:
        """Give the rows of a table by their id."""
        return self.once(f"ids {name}", lambda: {row["id"]: row for row in self.rows(name)})

    def row(self, name: str, key: str) -> Row:
        """Give one row by its id.

        Raises
        ------
        FileError
            When the table does not have it: a case that replaces a table must bring the rows
            that the steps ask for.
        """
        rows = self.by_id(name)
        if key not in rows:
            do = f"Add the row to {name}.csv of the case. {near(key, rows)}"
            raise FileError(Fault(where=name, what=f"has no row '{key}'.", do=do))
        return rows[key]

    def names(self, name: str, language: str) -> Mapping[str, str]:
        """Say what the rows of a table are called, by key; in English where a name is missing.

        Parameters
        ----------
        name : str
            'sector_groups', 'divisions', …
        language : str
            'da', 'en' or 'zh'.
        """
        return self.once(f"names {name} {language}", lambda: self._named(name, language))

    def _named(self, name: str, language: str) -> Mapping[str, str]:
        key = shipped_schema(name).key[0]
        tried = [f"name_{told}" for told in dict.fromkeys((language, "en", "da", "zh"))]
        found: dict[str, str] = {}
        for row in self.rows(name):
            told = (row.get(column) for column in tried)
            words = next((text for text in told if isinstance(text, str) and text), None)
            found[str(row[key])] = words or str(row[key])
        return found

    def bought(self, currency: str, *, year: int) -> float:
        """Give what one unit of a currency bought in the case's money, in the last year known.

        Parameters
        ----------
        currency : str
            Of the price.
        year : int
            No later rate is taken.

        Raises
        ------
        FileError
            When the table of exchange rates has none of the two.
        """
        if currency == self.currency:
            return 1.0
        return self._per_usd(self.currency, year) / self._per_usd(currency, year)

    def _per_usd(self, currency: str, year: int) -> float:
        if currency == DOLLAR:
            return 1.0
        known = [
            row
            for row in self.rows("exchange_rates")
            if row["currency"] == currency and row["year"] <= year
        ]
        if not known:
            what = f"no rate of {currency} for {year}."
            do = f"Add a row to exchange_rates.csv of the case, or give prices in {self.currency}."
            raise FileError(Fault(where="exchange_rates", what=what, do=do))
        return float(max(known, key=lambda row: row["year"])["per_usd"])

    @property
    def latest_rate(self) -> int:
        """The last year of which an exchange rate is known."""
        return max(int(row["year"]) for row in self.rows("exchange_rates"))

    def money(self, row: Mapping[str, Any], value: float) -> float:
        """Bring a number of a row with ``currency`` and ``price_year`` to the case's money."""
        return value * self.bought(row["currency"], year=int(row["price_year"]))

    def is_here(self, row: Mapping[str, Any]) -> bool:
        """Say whether a row with a ``country`` holds where the case lies."""
        return not self.country or row["country"] == self.country

    def file(self, name: str, row: Mapping[str, Any]) -> str:
        """Say which file a row stands in: the case's 'limits.csv' or 'knowledge/limits.csv'."""
        own = self.once(f"keys {name}", lambda: _keys(name, self.own.get(name)))
        return f"{name}.csv" if _key(name, row) in own else f"knowledge/{name}.csv"

    def origin(self, name: str, row: Mapping[str, Any], *, column: str) -> Origin:
        """Say where one cell comes from, for the ledger behind ``renvand why``.

        Parameters
        ----------
        name : str
            The table: 'limits'.
        row : mapping
            The row, as a dict or a pandas Series.
        column : str
            The cell's column; a column ``capex_…`` has its own source.
        """
        part = "capex_" if column.startswith("capex_") and "capex_source" in row else ""
        source = str(row[f"{part}source"])
        kind = str(self.sources.get(source, {}).get("kind", ""))
        return Origin(
            file=self.file(name, row),
            row=",".join(_key(name, row)),
            column=column,
            value=str(row[column]),
            basis=_BASES.get(kind, "published"),
            source=source,
            locator="" if part else str(row["locator"] or ""),
            confidence=row[f"{part}confidence"],
        )

    def _laid(self, name: str) -> pd.DataFrame:
        import pandas as pd

        shipped, own = read.table(name), self.own.get(name)
        if name in self.replaced:
            shipped = shipped.iloc[:0]
        if own is None or own.empty:
            return shipped
        kept = [key not in _keys(name, own) for key in _all_keys(name, shipped)]
        below = shipped[kept]
        own = own.reindex(columns=list(shipped)).astype(shipped.dtypes.to_dict())
        own.attrs.clear()
        return pd.concat([below, own], ignore_index=True) if len(below) else own


def _key(name: str, row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(row[key]) for key in shipped_schema(name).key)


def _all_keys(name: str, frame: pd.DataFrame) -> list[tuple[str, ...]]:
    columns = [frame[key].astype(str) for key in shipped_schema(name).key]
    return list(zip(*columns, strict=True))


def _keys(name: str, frame: pd.DataFrame | None) -> frozenset[tuple[str, ...]]:
    return frozenset() if frame is None else frozenset(_all_keys(name, frame))


SHIPPED = Knowledge()
