"""What a sheet is built from: case, results, and the companies of one sector behind the gate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from renvand.errors import Fault, FileError
from renvand.publish.build.cover import book_of, rows_of
from renvand.publish.build.facts import FactBook
from renvand.publish.gate import Company, companies
from renvand.publish.model import Fact, Label, Phrase, Text
from renvand.steps.case import CaseData, records
from renvand.steps.outcome import Outcome

Row = dict[str, Any]

# Per square metre a company uses a fraction of a cubic metre; readers think in litres.
READABLE: Mapping[str, tuple[str, float]] = {"m3/m2": ("l/m2", 1000.0), "kg/m2": ("g/m2", 1000.0)}


@dataclass(frozen=True)
class Evidence:
    """Everything behind the sheet of one sector."""

    case: CaseData
    results: Mapping[str, Outcome]
    sector: str

    @cached_property
    def book(self) -> FactBook:
        """Give the figures of the run."""
        return book_of(self.case, self.results)

    @cached_property
    def group(self) -> list[Company]:
        """Give the reviewed companies of the sector, by letter.

        Raises
        ------
        FileError
            When there is none: a sheet without a review has nothing to say.
        """
        pages = {name: review.settings for name, review in self.case.reviews.items()}
        found = companies(pages, self.sector, seed=int(self.case.settings["case"]["seed"]))
        if not found:
            raise FileError(
                Fault(
                    where=f"sheet '{self.sector}'",
                    what="has no reviewed company behind it.",
                    do="Review one, or choose a sector with reviews.",
                )
            )
        return found

    @property
    def open(self) -> list[Company]:
        """Give the companies that have consented."""
        return [company for company in self.group if company.has_consent]

    @property
    def shown(self) -> Company | None:
        """Give the company whose balance is shown: the first that has consented."""
        return next(iter(self.open), None)

    def rows(self, step: str, name: str, **wanted: str) -> list[Row]:
        """Give the rows of a step's table, all or those with some values."""
        return rows_of(self.results, step, name, **wanted)

    def numbers(self, what: str) -> list[tuple[Company, Fact]]:
        """Give one key figure of every company that has it, in the unit most of them share.

        Parameters
        ----------
        what : str
            Last part of the id: 'specific_water', 'load_generated.COD'.
        """
        found: list[tuple[Company, Fact]] = []
        for company in self.group:
            name = f"review.{company.review}.{what}"
            if self.book.has(name):
                unit, factor = READABLE.get(self.book.fact(name).unit, ("", 1.0))
                found.append((company, self.book.fact(name, unit=unit, factor=factor)))
        units = Counter(fact.unit for _, fact in found)
        usual = units.most_common(1)[0][0] if units else ""
        return [(company, fact) for company, fact in found if fact.unit == usual]

    def publish(self, company: Company, figure_id: str, *, what: str) -> str:
        """Take a company's figure into the sheet under its letter, in a readable unit."""
        unit, factor = READABLE.get(self.book.fact(figure_id).unit, ("", 1.0))
        name = f"publish.{self.sector}.{company.letter}.{what}"
        return self.book.again(figure_id, name=name, unit=unit, factor=factor)

    def units_of(self, company: Company) -> dict[str, Row]:
        """Give the process units of a company by id."""
        return {
            row["id"]: row for row in records(self.case.reviews[company.review].tables["units"])
        }


def label(row: Mapping[str, Any], stem: str = "name") -> Label:
    """Make a label of the columns ``name_en``, ``name_da``, ``name_zh`` of a row."""
    texts = {language: row.get(f"{stem}_{language}") for language in ("en", "da", "zh")}
    shown = {k: str(v) if isinstance(v, str) and v else "" for k, v in texts.items()}
    return Label(**{k: v or shown["en"] or shown["zh"] for k, v in shown.items()})


def headed(text: Label) -> Label:
    """Begin a label with a capital letter, where the language has them."""
    return Label(**{k: v[:1].upper() + v[1:] for k, v in vars(text).items()})


def letters(group: list[Company]) -> Text:
    """Name a company by its letter."""
    return Phrase(key="sheet.company", values={"letter": ", ".join(c.letter for c in group)})
