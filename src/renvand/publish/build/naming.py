"""How a sector is called on paper: in our words, or in those of the case's own table."""

from __future__ import annotations

from renvand.publish.build.evidence import headed, label
from renvand.publish.model import Phrase, Text
from renvand.steps.case import CaseData
from renvand.text.words import catalogue

GENERAL = "general"  # what is said of a sector that only a case has


def sector_name(case: CaseData, sector: str) -> Text:
    """Give the name of a sector as a title."""
    row = case.knowledge.by_id("sector_groups").get(sector)
    if f"sector.{sector}" in catalogue() or row is None:
        return Phrase(key=f"sector.{sector}")
    return headed(label(row))


def sector_phrase(sector: str, what: str) -> Phrase:
    """Give what the catalogue says of a sector: 'intro', 'treatment', 'first_1'."""
    own = f"sector.{sector}_{what}"
    return Phrase(key=own if own in catalogue() else f"sector.{GENERAL}_{what}")
