"""The catalogue of suppliers: what is shipped, with what the case lays over it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from renvand import knowledge
from renvand.knowledge.schema import Schema
from renvand.partnership.models import Addition, Correction
from renvand.partnership.save import cells
from renvand.partnership.store import rows_of
from renvand.web import desk
from renvand.web.context import case_knowledge

SHELF = "suppliers"
OWN = ("name", "country", "technologies", "offer_en", "offer_da", "offer_zh", "url", "contact")
ENTRY, SOURCE, CONFIDENCE = "own-entry", "supplier-entries", "medium"
Cells = dict[str, str]  # a row as text, by column


def schema() -> Schema:
    """Give the rules of the table."""
    return knowledge.shipped_schema(SHELF)


def catalogue() -> dict[str, Cells]:
    """Give every row by id: the case's own stand in the place of shipped ones, or of them all."""
    shipped: Any = () if SHELF in case_knowledge().replaced else rows_of(knowledge.table(SHELF))
    own = Addition.objects.filter(shelf=SHELF).order_by("position", "pk")
    return {
        **{str(row["id"]): cells(row) for row in shipped},
        **{row.cells["id"]: dict(row.cells) for row in own},
    }


def keys() -> dict[str, frozenset[str]]:
    """Give what cells may name."""
    return {"technologies": frozenset(case_knowledge().by_id("technologies"))}


class Shelf(desk.Place):
    """The case's own rows of a shipped table."""

    def texts(self) -> list[Cells]:
        """Give the rows as text, all columns of the table."""
        empty = dict.fromkeys(self.schema.columns, "")
        rows = self.model.objects.filter(shelf=SHELF).order_by("position", "pk")
        return [{**empty, **row.cells} for row in rows]

    @property
    def schema(self) -> Schema:
        """Give the rules of the shipped table."""
        return schema()


def shelf() -> Shelf:
    """Put the case's own suppliers on the desk."""
    return Shelf(model=Addition, file=f"{SHELF}.csv")


def entry(correction: Correction, *, judge: Any) -> Cells:
    """Make the row that an accepted correction leaves: it says whose word it is, and of when.

    Parameters
    ----------
    correction : Correction
        What the supplier wrote.
    judge : User
        Who accepts it.
    """
    before: Mapping[str, str] = catalogue().get(correction.supplier, {})
    told = {column: correction.cells.get(column, "") for column in OWN}
    is_same_page = bool(before.get("url")) and told["url"] == before["url"]
    return {
        **dict.fromkeys(schema().columns, ""),
        **told,
        "id": correction.supplier,
        "evidence_kind": ENTRY,
        "is_page_read": before.get("is_page_read", "false") if is_same_page else "false",
        "checked_on": timezone.localdate().isoformat(),
        "source": SOURCE,
        "locator": f"entered by {_name(correction.asked_by)}, accepted by {_name(judge)}",
        "confidence": CONFIDENCE,
    }


def _name(user: Any) -> str:
    return user.get_full_name() or user.get_username()


def keep(row: Cells, *, user: Any) -> None:
    """Lay a row over the shipped one, in the record and in the folder, under a name."""
    own = Addition.objects.filter(shelf=SHELF)
    found = next((each for each in own if each.cells.get("id") == row["id"]), None)
    kept: Any = found or Addition(shelf=SHELF, position=own.count())
    kept.cells = row
    kept._history_user = user
    kept._change_reason = "a supplier's own words, accepted on a page"
    kept.save()
    shelf().write()
