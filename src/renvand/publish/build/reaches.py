"""Rivers on a sheet: their class on a map, and what changes along one, where no company shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from renvand.publish.build.cover import rows_of
from renvand.publish.build.facts import FactBook
from renvand.publish.build.key_figures import shown
from renvand.publish.build.plant import named
from renvand.publish.gate import CROWD, Company, hidden_places
from renvand.publish.model import (
    Block,
    Chart,
    Gap,
    Item,
    Link,
    Phrase,
    Ref,
    Unit,
    Value,
)
from renvand.steps.case import CaseData, records
from renvand.steps.outcome import Outcome
from renvand.trace import Figure, Origin

SUBSTANCE = "COD"
LEAST_GAIN = 0.05  # of the first one; below it the gain is gone


def _gain(row: Mapping[str, Any]) -> float:
    return float(row["before_mg_l"] - row["after_mg_l"])


def _clearness(rows: list[dict[str, Any]]) -> tuple[bool, float]:
    """Prefer a river that is followed far enough to see where the gain ends, then a large gain."""
    return len(rows) > 2, _gain(rows[0])


def _course(items: tuple[Item, ...]) -> Chart:
    """Draw the concentrations of a course before and after."""
    return Chart(
        kind="course",
        caption=Phrase(
            key="region.caption_course",
            values={"substance": shown(SUBSTANCE), "river": items[0].label},
        ),
        unit="mg/l",
        items=items,
        axis=Phrase(key="region.axis_distance", values={"unit": Unit(unit="km")}),
        other_axis=Phrase(
            key="region.axis_concentration",
            values={"substance": shown(SUBSTANCE), "unit": Unit(unit="mg/l")},
        ),
    )


class Reaches:
    """The rivers of a case behind the gate."""

    def __init__(
        self,
        case: CaseData,
        results: Mapping[str, Outcome],
        book: FactBook,
        *,
        group: list[Company],
    ) -> None:
        self.results, self.book, self.group = results, book, group
        self.rows = {str(r["id"]): r for r in records(case.tables["reaches"])}
        told = case.standards
        self.groups = {**dict.fromkeys(told.good, "good"), **dict.fromkeys(told.fair, "fair")}
        self.least = "".join((*told.good, *told.fair)[-1:])
        plant = results["trial"].extras.get("plant") if "trial" in results else None
        plants = {str(r["id"]): r for r in records(case.tables["plants"])}
        self.plant = plants.get(str(plant))

    def origin(self, reach: str, *, column: str) -> Origin:
        """Point at a cell of ``reaches.csv``."""
        row = self.rows[reach]
        return Origin(
            file="reaches.csv",
            row=reach,
            column=column,
            value=str(row[column]),
            basis=row["basis"],
            source=str(row["source"]),
            locator=str(row.get("locator") or ""),
            confidence=row["confidence"],
        )

    def _classes(self) -> dict[str, str]:
        rows = rows_of(self.results, "effect", "classes", flow="low")
        return {str(r["reach"]): str(r["class_before"]) for r in rows}

    def poor(self) -> tuple[Ref | Gap, int]:
        """Count the reaches below class III at low flow, and all of them."""
        classes = self._classes()
        if not classes:
            return Gap(reason=Phrase(key="region.gap_worth"), is_withheld=False), 0
        low = [reach for reach, name in classes.items() if name not in self.groups]
        fact = self.book.make(
            Figure(
                id="publish.region.poor",
                value=float(len(low)),
                unit="1",
                method=f"reaches whose water is below class {self.least} at low flow, as computed",
                made_of=tuple(self.origin(r, column="flow_low_m3_s") for r in low or classes),
            )
        )
        return Ref(fact=fact, form="number"), len(classes)

    def map(self) -> Chart | Gap:
        """Draw the rivers by their class at low flow, and the plant of the trial."""
        classes = self._classes()
        placed = {
            name: row for name, row in self.rows.items() if row["longitude"] == row["longitude"]
        }
        if not classes or not placed:
            return Gap(reason=Phrase(key="region.gap_worth"), is_withheld=False)
        items = [
            Item(
                id=name,
                label=named(row),
                group=self.groups.get(classes.get(name, ""), "poor"),
                at=(float(row["longitude"]), float(row["latitude"])),
                text=Phrase(key="region.class", values={"name": classes[name]}),
            )
            for name, row in placed.items()
            if name in classes
        ]
        links = tuple(
            Link(
                source=item.id, target=str(placed[item.id]["downstream"]), fact=self._flow(item.id)
            )
            for item in items
            if placed[item.id]["downstream"] in classes and placed[item.id]["downstream"] in placed
        )
        if self.plant is not None and self.plant["longitude"] == self.plant["longitude"]:
            at = (float(self.plant["longitude"]), float(self.plant["latitude"]))
            items.append(Item(id="plant", label=named(self.plant), group="place", at=at))
        return Chart(
            kind="map",
            caption=Phrase(key="region.caption_rivers"),
            unit="",
            items=tuple(items),
            links=links,
            note=Phrase(key="region.rivers_note"),
        )

    def _flow(self, reach: str) -> str:
        return self.book.make(
            Figure(
                id=f"publish.region.{reach}.flow",
                value=float(self.rows[reach]["flow_mean_m3_s"]),
                unit="m3/s",
                method="mean flow, as in the table of reaches",
                made_of=(self.origin(reach, column="flow_mean_m3_s"),),
                basis=self.rows[reach]["basis"],
            )
        )

    def course(self) -> tuple[Block, ...]:
        """Show one substance along the river that gains most, before and after.

        A river stays out when a company behind its change has not consented, or when too few
        companies of the reviewed sectors discharge where the change begins.
        """
        rivers = self._rivers()
        hidden = self._hidden()
        open_ = {k: rows for k, rows in rivers.items() if not self._feeds(rows) & hidden}
        blocks: list[Block] = []
        if open_:
            blocks += self._line(max(open_.values(), key=_clearness))
        if len(open_) < len(rivers):
            words = {"n": str(len(rivers) - len(open_)), "least": str(CROWD)}
            blocks.append(Gap(reason=Phrase(key="region.gap_reach", values=words)))
        return tuple(blocks) or (Gap(reason=Phrase(key="region.gap_worth"), is_withheld=False),)

    def _rivers(self) -> dict[str, list[dict[str, Any]]]:
        """Give the courses that begin where a company discharges, to where the gain is gone."""
        rows = rows_of(self.results, "effect", "profile", flow="low", substance=SUBSTANCE)
        rivers: dict[str, list[dict[str, Any]]] = {}
        for row in sorted(rows, key=lambda r: (r["start"], r["distance_km"])):
            own = rivers.setdefault(str(row["start"]), [])
            if row["reach"] in self.rows and (
                not own or _gain(own[-1]) >= LEAST_GAIN * _gain(own[0])
            ):
                own.append(row)
        return {start: own for start, own in rivers.items() if own}

    def _hidden(self) -> set[str]:
        """Name the reaches where a removal would tell of a company."""
        behind: dict[str, set[str]] = {}
        for row in rows_of(self.results, "effect", "removed"):
            figure = str(row["figure"])
            reviews = self.book.reviews_behind(figure) if self.book.has(figure) else set[str]()
            behind.setdefault(str(row["reach"]), set()).update(reviews)
        register = self.results["register"].tables
        return hidden_places(
            {reach: reviews for reach, reviews in behind.items() if reviews},
            self.group,
            outlets=register["outlets"],
            enterprises=register["enterprises"],
        )

    def _feeds(self, rows: list[dict[str, Any]]) -> set[str]:
        """Name every reach whose water comes to a course: it changes what is seen there."""
        found = {str(row["reach"]) for row in rows}
        before = 0
        while len(found) > before:
            before = len(found)
            found |= {name for name, row in self.rows.items() if row["downstream"] in found}
        return found

    def _line(self, rows: list[dict[str, Any]]) -> list[Block]:
        rows = sorted(rows, key=lambda r: r["distance_km"])
        items = tuple(
            Item(
                id=str(r["reach"]),
                label=named(self.rows[str(r["reach"])]),
                fact=self._concentration(r, side="before"),
                other=self._concentration(r, side="after"),
                at=(r["distance_km"], r["distance_km"] + self.rows[str(r["reach"])]["length_km"]),
            )
            for r in rows
        )
        first = rows[0]
        fall = self.book.make(
            Figure(
                id="publish.region.fall",
                value=100 * (1 - first["after_mg_l"] / first["before_mg_l"]),
                unit="%",
                method="fall of the concentration where the saving begins, low flow, fully mixed",
                made_of=(items[0].fact, items[0].other),
            )
        )
        words: dict[str, Value] = {
            "substance": shown(SUBSTANCE),
            "river": items[0].label,
            "fall": Ref(fact=fall, digits=2),
        }
        return [_course(items), Phrase(key="region.course_text", values=words)]

    def _concentration(self, row: Mapping[str, Any], *, side: str) -> str:
        reach = str(row["reach"])
        return self.book.make(
            Figure(
                id=f"publish.region.{reach}.{SUBSTANCE}.{side}",
                value=float(row[f"{side}_mg_l"]),
                unit="mg/l",
                low=row.get(f"{side}_low_mg_l"),
                high=row.get(f"{side}_high_mg_l"),
                method=f"fully mixed concentration at low flow, {side} the savings",
                made_of=(self.origin(reach, column="flow_low_m3_s"),),
            )
        )
