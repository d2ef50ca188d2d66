"""The sheet of the demonstration plant: why this plant, what a lever does, how it is proven."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from renvand.publish.build.cover import book_of, cover, region_of, rows_of, sector_number
from renvand.publish.build.facts import FactBook
from renvand.publish.build.proof import proof_sections
from renvand.publish.model import (
    Block,
    Cell,
    Chart,
    Column,
    Gap,
    Item,
    KeyFigure,
    Label,
    Listing,
    Phrase,
    Ref,
    Section,
    SheetModel,
    Table,
    Text,
    Unit,
    Value,
)
from renvand.steps.case import CaseData, records
from renvand.steps.outcome import Outcome
from renvand.text.words import catalogue
from renvand.trace import Figure, Origin

MOST_REASONS = 5
MOST_PLANTS = 10  # bars
STEPS = 5
TODAY = "today"
UNKNOWN = Gap(reason=Phrase(key="sheet.gap_no_trial"), is_withheld=False)
MONEY = "money"
# Columns of the table of levers: last part of the figure's id, head, unit shown, digits behind.
# MONEY stands for the currency of the case.
LEVERS = (
    ("energy_kwh_m3", "energy_use", "kWh/m3", 3),
    ("TN_g_m3", "total_nitrogen", "mg/l", 1),
    ("S_NH_g_m3", "ammonium", "mg/l", 1),
    ("cost_d", "operation_cost", f"{MONEY}/d", 0),
)


def plant_sheet(
    case: CaseData, results: Mapping[str, Outcome]
) -> tuple[SheetModel, tuple[Figure, ...]] | None:
    """Make the sheet of the plant that the trial is planned on; None when there is none."""
    found = results["trial"].extras.get("plant") if "trial" in results else None
    own = {row["id"]: row for row in records(case.tables["plants"])} if found else {}
    if found not in own:
        return None
    return _Sheet(case, results, row=own[found]).made()


class _Sheet:
    def __init__(
        self, case: CaseData, results: Mapping[str, Outcome], *, row: Mapping[str, Any]
    ) -> None:
        self.case, self.results, self.row = case, results, row
        self.id = str(row["id"])
        self.book: FactBook = book_of(case, results)
        self.best = str(results["trial"].extras.get("best") or "")

    def made(self) -> tuple[SheetModel, tuple[Figure, ...]]:
        figures = self._key_figures()
        sections = (
            self._section("plant", *self._plant()),
            self._section("reasons", *self._reasons()),
            self._section("energy", self._energy()),
            self._section("levers", self._levers()),
            self._section("effluent", *self._effluent()),
            self._section("proof", *self._proof()),
            *proof_sections(self.book, self.results, currency=self.case.currency),
            self._section(
                "next",
                Listing(items=tuple(Phrase(key=f"plant.next_{n}") for n in range(1, STEPS + 1))),
            ),
        )
        name = named(self.row)
        model = cover(
            self.case,
            self.book,
            id=f"plant-{self.id}",
            kind="plant",
            number=sector_number(self.case, "") + 1,
            title=name,
            subtitle=Phrase(key="plant.subtitle", values={"region": region_of(self.case)}),
            lead=Phrase(key="plant.lead"),
            codes=(),
            key_figures=figures,
            sections=sections,
            method=(
                Phrase(key="plant.method_model"),
                Phrase(key="plant.method_proof"),
                Phrase(key="sheet.method_trace"),
            ),
        )
        return model, self.book.made

    def _section(self, name: str, *blocks: Block) -> Section:
        return Section(id=name, title=Phrase(key=f"plant.{name}"), blocks=blocks)

    def _key_figures(self) -> tuple[KeyFigure, ...]:
        return (
            self._key("energy_today", f"plants.{self.id}.kwh_m3", note="energy_note"),
            self._key(
                "saving", "trial.plan.saving_share", note="saving_note", unit="%", factor=100
            ),
            self._key("nitrogen_out", f"trial.{self.best}.TN_g_m3", note="nitrogen_note",
                      unit="mg/l"),
            self._key("weeks", "trial.plan.weeks", note="weeks_note", digits=2),
        )  # fmt: skip

    def _key(
        self, name: str, figure: str, *, note: str, unit: str = "", factor: float = 1.0,
        digits: int = 3,
    ) -> KeyFigure:  # fmt: skip
        label = Phrase(key=f"plant.{name}")
        if not self.book.has(figure):
            return KeyFigure(label=label, value=UNKNOWN, note="")
        fact = self._again(figure, unit=unit, factor=factor)
        return KeyFigure(
            label=label,
            value=Ref(fact=fact, digits=digits),
            note=Phrase(key=f"plant.{note}", values=self._note(note)),
        )

    def _note(self, note: str) -> dict[str, Value]:
        if note == "saving_note":
            return {"lever": self._lever(self.best)}
        if note == "weeks_note":
            return {"power": self._ref("trial.plan.power", unit="%", factor=100, digits=2)}
        return {}

    def _again(self, figure: str, *, unit: str = "", factor: float = 1.0) -> str:
        """Take a figure in; under a name of the sheet where its unit changes."""
        if not unit:
            return self.book.take(figure)
        return self.book.again(figure, name=f"publish.plant.{figure}", unit=unit, factor=factor)

    def _ref(
        self, figure: str, *, unit: str = "", factor: float = 1.0, digits: int = 3
    ) -> Ref | Gap:
        if not self.book.has(figure):
            return UNKNOWN
        return Ref(fact=self._again(figure, unit=unit, factor=factor), digits=digits)

    def _plant(self) -> tuple[Block, ...]:
        """Say what plant it is, where its water goes, and how sure the choice is."""
        row = self.row
        reaches = {r["id"]: r for r in records(self.case.tables["reaches"])}
        river = reaches.get(row.get("receiving_reach") or "", {})
        origin = Origin(
            file="plants.csv",
            row=self.id,
            column="capacity_m3_d",
            value=str(row["capacity_m3_d"]),
            basis=row["basis"],
            source=str(row["source"]),
            locator=str(row.get("locator") or ""),
            confidence=row["confidence"],
        )
        capacity = self.book.make(
            Figure(
                id=f"publish.plant.{self.id}.capacity",
                value=float(row["capacity_m3_d"]),
                unit="m3/d",
                method="design capacity, as published",
                made_of=(origin,),
                basis=row["basis"],
            )
        )
        values: dict[str, Value] = {
            "capacity": Ref(fact=capacity),
            "process": _word("plant.process", str(row.get("process") or "")),
            "discharge": _word("plant.discharge", str(row.get("discharge_class") or "")),
            "river": named(river) if river else Phrase(key="plant.river_unknown"),
        }
        blocks: list[Block] = [Phrase(key="plant.lead"), Phrase(key="plant.text", values=values)]
        load = f"plants.{self.id}.load"
        if self.book.has(load):
            share = self._ref(load, unit="%", factor=100, digits=2)
            blocks.append(Phrase(key="plant.load_text", values={"load": share}))
        return tuple(blocks)

    def _reasons(self) -> tuple[Block, ...]:
        rows = rows_of(self.results, "plants", "reasons", plant=self.id)
        rows.sort(key=lambda r: r["order"])
        items = tuple(self._reason(r) for r in rows[:MOST_REASONS] if r["key"] in catalogue())
        chance = f"plants.{self.id}.probability"
        blocks: list[Block] = []
        if self.book.has(chance):
            share = self._ref(chance, unit="%", factor=100)
            count = str(len(rows_of(self.results, "plants", "shortlist")))
            words: dict[str, Value] = {"chance": share, "n": count}
            blocks.append(Phrase(key="plant.chosen", values=words))
        return (*blocks, Listing(items=items)) if items else (*blocks, UNKNOWN)

    def _reason(self, row: Mapping[str, Any]) -> Phrase:
        """Give one reason of the choice, its number as a fact."""
        key = str(row["key"])
        if "{value}" not in catalogue()[key]["en"]:
            return Phrase(key=key)
        fact = self.book.make(
            Figure(
                id=f"publish.plant.{self.id}.{key}",
                value=float(row["value"]),
                unit=str(row["unit"]),
                method="indicator behind the choice of the plant",
                made_of=(f"plants.{self.id}.value",),
            )
        )
        return Phrase(key=key, values={"value": Ref(fact=fact, digits=2)})

    def _energy(self) -> Block:
        """Compare the electricity of the public plants that have sound data."""
        names = {str(r["id"]): named(r) for r in records(self.case.tables["plants"])}
        facts = [(p, self.book.fact(f"plants.{p}.kwh_m3")) for p in names
                 if self.book.has(f"plants.{p}.kwh_m3")]  # fmt: skip
        if not facts:
            return UNKNOWN
        facts.sort(key=lambda pair: -pair[1].value)
        kept = [pair for pair in facts if pair[0] == self.id or pair in facts[-MOST_PLANTS + 1 :]]
        items = tuple(
            Item(
                id=plant,
                label=names[plant],
                fact=self.book.take(fact.id),
                group="company" if plant == self.id else "quiet",
            )
            for plant, fact in kept
        )
        return Chart(
            kind="bar",
            caption=Phrase(key="plant.caption_energy", values={"unit": Unit(unit="kWh/m3")}),
            unit="kWh/m3",
            items=items,
        )

    def _effluent(self) -> tuple[Block, ...]:
        """Show what the best lever does to nitrogen: less energy may not cost water quality."""
        pairs = [
            (name, head, f"trial.{TODAY}.{name}", f"trial.{self.best}.{name}")
            for name, head, unit, _ in LEVERS
            if unit == "mg/l"
        ]
        known = [p for p in pairs if self.book.has(p[2]) and self.book.has(p[3])]
        if not known:
            return (UNKNOWN,)
        items = tuple(
            Item(
                id=name,
                label=Phrase(key=f"plant.{head}"),
                fact=self._again(before, unit="mg/l"),
                other=self._again(after, unit="mg/l"),
            )
            for name, head, before, after in known
        )
        words: dict[str, Value] = {"lever": self._lever(self.best)}
        chart = Chart(
            kind="profile",
            caption=Phrase(key="plant.caption_effluent", values={"unit": Unit(unit="mg/l")}),
            unit="mg/l",
            items=items,
        )
        return (chart, Phrase(key="plant.effluent_text", values=words))

    def _lever(self, scenario: str) -> Text:
        """Name a setting of a lever: 'aeration at 80 %'."""
        rows = rows_of(self.results, "trial", "scenarios", scenario=scenario)
        if not rows or not rows[0]["lever"]:
            return Phrase(key="plant.today")
        name = _word("plant.lever", str(rows[0]["lever"]))
        unit = str(rows[0].get("unit", "share"))
        if unit == "none":
            return name
        share = unit == "share"
        fact = self.book.make(
            Figure(
                id=f"publish.plant.{self.id}.{scenario}.share",
                value=float(rows[0]["share"]) * (100 if share else 1),
                unit="%" if share else unit,
                method="setting of the lever, of today's" if share else "setting of the lever",
                made_of=(f"trial.{scenario}.energy_kwh_m3",),
            )
        )
        if share:
            return Phrase(key="plant.lever", values={"lever": name, "share": Ref(fact=fact)})
        return Phrase(key="plant.lever_at", values={"lever": name, "value": Ref(fact=fact)})

    def _levers(self) -> Block:
        rows = rows_of(self.results, "trial", "scenarios")
        if not rows:
            return UNKNOWN
        body: list[tuple[Cell, ...]] = []
        for row in rows:
            scenario = str(row["scenario"])
            cells = [self._number(f"trial.{scenario}.{name}", unit=self._unit(unit), places=places)
                     for name, _, unit, places in LEVERS]  # fmt: skip
            keeps = Phrase(key="plant.yes" if row["keeps_limits"] else "plant.no")
            body.append((self._lever(scenario), *cells, keeps))
        return Table(
            caption=Phrase(key="plant.caption_levers"),
            columns=(
                Column(title=Phrase(key="plant.setting"), weight=2.2),
                *(
                    Column(title=Phrase(key=f"plant.{head}"), unit=self._unit(unit), is_number=True)
                    for _, head, unit, _ in LEVERS
                ),
                Column(title=Phrase(key="plant.keeps")),
            ),
            rows=tuple(body),
            note=Phrase(key="plant.levers_note"),
        )

    def _unit(self, unit: str) -> str:
        return unit.replace(MONEY, self.case.currency)

    def _number(self, figure: str, *, unit: str, places: int) -> Cell:
        if not self.book.has(figure):
            return UNKNOWN
        is_same = self.book.fact(figure).unit == unit
        fact = self._again(figure, unit="" if is_same else unit)
        return Ref(fact=fact, form="number", places=places)

    def _proof(self) -> tuple[Block, ...]:
        """Tell the plan: blocks with and without the lever, how long, how sure."""
        rows = rows_of(self.results, "trial", "plan")
        if not rows or not self.book.has("trial.plan.weeks"):
            return (UNKNOWN,)
        plan = rows[0]
        words: dict[str, Value] = {"lever": self._lever(self.best)}
        numbers: list[tuple[Cell, ...]] = [
            (Phrase(key="plant.plan_weeks"), self._ref("trial.plan.weeks", digits=2)),
            (Phrase(key="plant.plan_saving"),
             self._ref("trial.plan.saving_share", unit="%", factor=100, digits=2)),
            (Phrase(key="plant.plan_power"),
             self._ref("trial.plan.power", unit="%", factor=100, digits=2)),
        ]  # fmt: skip
        for name, unit in (("block_days", "d"), ("pairs", "1"), ("significance", "1")):
            if name in plan:
                fact = self.book.make(
                    Figure(
                        id=f"publish.plant.{self.id}.plan.{name}",
                        value=float(plan[name]) * (100 if name == "significance" else 1),
                        unit="%" if name == "significance" else unit,
                        method="design of the trial",
                        made_of=("trial.plan.weeks",),
                    )
                )
                numbers.append((Phrase(key=f"plant.plan_{name}"), Ref(fact=fact, digits=2)))
        columns = (
            Column(title=Phrase(key="plant.plan_what"), weight=1.6),
            Column(title=Phrase(key="plant.plan_value"), is_number=True),
        )
        design = Table(
            caption=Phrase(key="plant.caption_plan"), columns=columns, rows=tuple(numbers)
        )
        text = "plant.proof_lines_text" if plan.get("way") == "lines" else "plant.proof_text"
        return (Phrase(key=text, values=words), design)


def named(row: Mapping[str, Any]) -> Label:
    """Name a plant or a reach: Chinese readers get the Chinese name where there is one."""
    texts = {k: row.get(f"name_{k}") for k in ("en", "zh")}
    shown = {k: v if isinstance(v, str) else "" for k, v in texts.items()}
    shown = {k: re.sub(r"\s*\([^()]*\d{4}\)$", "", text) for k, text in shown.items()}  # a citation
    first = shown["en"] or shown["zh"] or str(row["id"])
    return Label(en=first, da=first, zh=shown["zh"] or first)


def _word(stem: str, code: str) -> Text:
    """Name a code of the record; one without words stands for itself."""
    key = f"{stem}_{code.lower()}"
    return Phrase(key=key) if key in catalogue() else code


__all__ = ["named", "plant_sheet"]
