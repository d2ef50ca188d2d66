"""The sheet of the region: who discharges, how the rivers are, what the reviews spare them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from renvand.publish.build.comparison import named_substance
from renvand.publish.build.cover import book_of, cover, region_of, rows_of, sector_number
from renvand.publish.build.facts import FactBook
from renvand.publish.build.naming import sector_name
from renvand.publish.build.plant import named
from renvand.publish.build.reaches import Reaches
from renvand.publish.gate import Company, companies_of, statistic
from renvand.publish.model import (
    Block,
    Cell,
    Column,
    Gap,
    KeyFigure,
    Listing,
    Phrase,
    Ref,
    Section,
    SheetModel,
    Table,
    Value,
)
from renvand.steps.case import CaseData, records
from renvand.steps.outcome import Outcome
from renvand.trace import Figure, Origin

STEPS = 4
MOST_PLACES = 8
REMOVED = ("COD", "NH4-N", "TN", "TP", "SS", "oil", "Ni", "Cr", "Cu", "Zn")


def region_sheet(
    case: CaseData, results: Mapping[str, Outcome]
) -> tuple[SheetModel, tuple[Figure, ...]] | None:
    """Make the sheet of the region; None without a register and the effect on its rivers."""
    if not {"register", "effect"} <= results.keys():
        return None
    return _Sheet(case, results).made()


class _Sheet:
    def __init__(self, case: CaseData, results: Mapping[str, Outcome]) -> None:
        self.case, self.results = case, results
        self.book: FactBook = book_of(case, results)
        pages = {name: review.settings for name, review in case.reviews.items()}
        self.group = companies_of(pages, seed=int(case.settings["case"]["seed"]))
        self.open = [company for company in self.group if company.has_consent]
        self.reaches = Reaches(case, results, self.book, group=self.group)

    def made(self) -> tuple[SheetModel, tuple[Figure, ...]]:
        name = region_of(self.case)
        figures = self._key_figures()
        sections = (
            self._section("region", *self._region()),
            self._section("sectors", self._sectors()),
            self._section("rivers", self.reaches.map()),
            self._section("course", *self.reaches.course()),
            self._section("worth", self._worth()),
            self._section("removed", *self._removed()),
            self._section(
                "next",
                Listing(items=tuple(Phrase(key=f"region.next_{n}") for n in range(1, STEPS + 1))),
            ),
        )
        model = cover(
            self.case,
            self.book,
            id="region",
            kind="region",
            number=sector_number(self.case, ""),
            title=Phrase(key="region.title", values={"region": name}),
            subtitle=Phrase(key="region.subtitle"),
            lead=Phrase(key="region.lead", values={"region": name}),
            codes=(),
            key_figures=figures,
            sections=sections,
            method=(
                Phrase(key="region.method_register"),
                Phrase(key="region.method_river"),
                Phrase(key="sheet.method_trace"),
            ),
        )
        return model, self.book.made

    def _section(self, name: str, *blocks: Block) -> Section:
        return Section(id=name, title=Phrase(key=f"region.{name}"), blocks=blocks)

    def _key_figures(self) -> tuple[KeyFigure, ...]:
        sites = Ref(fact=self._sites(), form="number")
        poor, reaches = self.reaches.poor()
        words: dict[str, Value] = {"all": str(reaches)}
        return (
            KeyFigure(label=Phrase(key="region.sites"), value=sites,
                      note=Phrase(key="region.sites_note")),
            KeyFigure(label=Phrase(key="region.poor"), value=poor,
                      note=Phrase(key="region.poor_note", values=words)),
            self._sum("water", [("potential.{}.water_saved", 1.0)], unit="m3/a"),
            self._sum("cod", [("removed.{}.COD", 1.0)], unit="kg/d"),
        )  # fmt: skip

    def _sites(self) -> str:
        """Count the companies of the register."""
        rows = records(self.results["register"].tables["enterprises"])
        first = rows[0] if rows else {}
        origin = Origin(
            file="out/register/enterprises.csv",
            row="all rows",
            column="id",
            basis=first.get("basis") or "estimated",
            source=str(first.get("source") or ""),
        )
        return self.book.make(
            Figure(
                id="publish.region.sites",
                value=float(len(rows)),
                unit="1",
                method="companies in the register after duplicates were joined",
                made_of=(origin,),
            )
        )

    def _sum(self, name: str, parts: list[tuple[str, float]], *, unit: str) -> KeyFigure:
        """Sum a figure over the companies that consent; three at least."""
        label = Phrase(key=f"region.{name}")
        value = self._total(f"publish.region.{name}", parts[0][0], unit=unit)
        if isinstance(value, Gap):
            return KeyFigure(label=label, value=value, note="")
        words: dict[str, Value] = {"n": str(len(self._with(parts[0][0]))),
                                   "all": str(len(self.group))}  # fmt: skip
        return KeyFigure(
            label=label,
            value=Ref(fact=value, digits=2),
            note=Phrase(key="region.sum_note", values=words),
        )

    def _with(self, pattern: str) -> list[Company]:
        return [c for c in self.open if self.book.has(pattern.format(c.review))]

    def _total(self, id: str, pattern: str, *, unit: str) -> str | Gap:
        """Give the sum of a figure over the companies that consent, or why there is none."""
        group = self._with(pattern)
        facts = [self.book.fact(pattern.format(c.review)) for c in group]
        if any(fact.unit != unit for fact in facts):
            return Gap(reason=Phrase(key="sheet.gap_not_measured"), is_withheld=False)
        made = statistic(
            facts, group, id=id, how="sum", method="sum over the companies that consent"
        )
        return made if isinstance(made, Gap) else self.book.make(made)

    def _region(self) -> tuple[Block, ...]:
        chosen = rows_of(self.results, "sectors", "comparison", is_chosen=True)
        blocks: list[Block] = [Phrase(key="region.lead", values={"region": region_of(self.case)})]
        if len(chosen) == 2:
            blocks.append(Phrase(key="region.chosen", values={"n": str(len(self.group))}))
        return tuple(blocks)

    def _sectors(self) -> Block:
        rows = rows_of(self.results, "sectors", "comparison")
        body: list[tuple[Cell, ...]] = []
        for row in rows:
            name = str(row["sector"])
            ids = [f"sectors.{name}.{part}" for part in ("sites", "load", "probability_chosen")]
            if all(self.book.has(one) for one in ids):
                sites, load = (self.book.take(one) for one in ids[:2])
                sure = self.book.again(
                    ids[2], name=f"publish.region.{name}.chosen", unit="%", factor=100
                )
                load = self.book.again(
                    load, name=f"publish.region.{name}.load", unit="Mm3/a", factor=1e-6
                )
                body.append((
                    sector_name(self.case, name),
                    Ref(fact=sites, form="number"),
                    Ref(fact=load, form="number", places=0),
                    Ref(fact=sure, form="number", places=0),
                    Phrase(key="plant.yes" if row["is_chosen"] else "plant.no"),
                ))  # fmt: skip
        if not body:
            return Gap(reason=Phrase(key="region.gap_sectors"), is_withheld=False)
        return Table(
            caption=Phrase(key="region.caption_sectors"),
            columns=(
                Column(title=Phrase(key="region.sector"), weight=2.0),
                Column(title=Phrase(key="region.sites"), is_number=True),
                Column(title=Phrase(key="region.dilution"), unit="Mm3/a", is_number=True),
                Column(title=Phrase(key="region.sure"), unit="%", is_number=True),
                Column(title=Phrase(key="region.is_chosen")),
            ),
            rows=tuple(body),
            note=Phrase(key="region.sectors_note"),
        )

    def _worth(self) -> Block:
        """Rank the public plants by what a kilogram less is worth to the rivers below."""
        names = {str(r["id"]): named(r) for r in records(self.case.tables["plants"])}
        rivers = {str(r["id"]): named(r) for r in records(self.case.tables["reaches"])}
        rows = [r for r in self._benefits() if r["place"] in names and r["reach"] in rivers]
        if not rows:
            known = rows_of(self.results, "effect", "benefit", kind="plant", substance="COD")
            key = "region.gap_limit" if known else "region.gap_worth"
            return Gap(reason=Phrase(key=key), is_withheld=False)
        body = tuple(
            (
                names[r["place"]],
                rivers[r["reach"]],
                Ref(fact=self._benefit(r), form="number", digits=2),
            )
            for r in rows[:MOST_PLACES]
        )
        return Table(
            caption=Phrase(key="region.caption_worth"),
            columns=(
                Column(title=Phrase(key="region.place"), weight=1.6),
                Column(title=Phrase(key="region.reach"), weight=1.4),
                Column(title=Phrase(key="region.benefit"), unit="g/m3 km d/kg", is_number=True),
            ),
            rows=body,
            note=Phrase(key="region.worth_note"),
        )

    def _benefits(self) -> list[dict[str, Any]]:
        """Give the benefit at public plants, best first; their names are public anyway.

        None where the standard of the case has no limit of COD in rivers.
        """
        rows = rows_of(self.results, "effect", "benefit", kind="plant", substance="COD")
        rows = [row for row in rows if math.isfinite(row["river_km_per_kg_d"])]
        return sorted(rows, key=lambda r: (-r["river_km_per_kg_d"], r["place"]))

    def _benefit(self, row: Mapping[str, Any]) -> str:
        return self.book.make(
            Figure(
                id=f"publish.region.{row['place']}.benefit",
                value=1000 * float(row["river_km_per_kg_d"]),
                unit="g/m3 km d/kg",
                method="fall of COD summed over the river below, per kilogram a day, at low flow",
                made_of=(self.reaches.origin(str(row["reach"]), column="flow_low_m3_s"),),
            )
        )

    def _removed(self) -> tuple[Block, ...]:
        rows = tuple(self._removals())
        silent = len(self.group) - len(self.open)
        blocks: list[Block] = []
        if rows:
            blocks.append(
                Table(
                    caption=Phrase(key="region.caption_removed", values={"n": str(len(self.open))}),
                    columns=(
                        Column(title=Phrase(key="sheet.substance")),
                        Column(title=Phrase(key="region.kept"), unit="kg/d", is_number=True),
                    ),
                    rows=rows,
                )
            )
        if silent:
            words = {"n": str(silent), "all": str(len(self.group))}
            blocks.append(Gap(reason=Phrase(key="sheet.gap_consent", values=words)))
        return tuple(blocks) or (Gap(reason=Phrase(key="region.gap_worth"), is_withheld=False),)

    def _removals(self) -> Iterator[tuple[Cell, ...]]:
        for substance in REMOVED:
            pattern = "removed.{}." + substance
            if self._with(pattern):
                value = self._total(f"publish.region.removed.{substance}", pattern, unit="kg/d")
                cell = value if isinstance(value, Gap) else Ref(fact=value, form="number", digits=2)
                yield (named_substance(substance), cell)
