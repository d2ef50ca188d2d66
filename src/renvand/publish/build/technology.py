"""From need to technology and supplier by an open rule; techniques as a BREF describes them."""

from __future__ import annotations

from renvand.publish.build.evidence import Evidence, Row, headed, label
from renvand.publish.model import Cell, Column, Gap, Phrase, Ref, Section, Table, Technique, Text

MOST_NEEDS = 5
DENMARK = "DK"
DETAILED = 1  # with every heading; a second one would not fit


def catalogue(evidence: Evidence) -> dict[str, Row]:
    """Give the techniques by id: the shipped ones, and the case's own over them."""
    return dict(evidence.case.knowledge.by_id("technologies"))


def technology(evidence: Evidence, chosen: list[str]) -> Section:
    """Make the table of needs found, the technology that meets each, and who offers it.

    What Danish industry supplies comes first, in a company's package or not.

    Parameters
    ----------
    evidence : Evidence
        The sector.
    chosen : list of str
        Techniques of the packages, by how soon they pay back.
    """
    known = catalogue(evidence)
    offered = _offered(evidence)
    reviews = [company.review for company in evidence.open]
    others = [
        str(row["technology"])
        for review in reviews
        for row in evidence.rows("potential", "options", review=review)
    ]
    found = [name for name in dict.fromkeys((*chosen, *others)) if name in known]
    found.sort(key=lambda name: name not in offered)
    rows: list[tuple[Cell, ...]] = []
    for name in found[:MOST_NEEDS]:
        suppliers: Cell = ", ".join(offered.get(name, ())) or Phrase(key="sheet.no_supplier")
        rows.append((label(known[name], "trigger"), headed(label(known[name])), suppliers))
    heads = ("need", "technology_type", "suppliers")
    shown = Table(
        caption=Phrase(key="sheet.caption_technology"),
        columns=tuple(
            Column(title=Phrase(key=f"sheet.{head}"), weight=weight)
            for head, weight in zip(heads, (1.3, 1.0, 0.9), strict=True)
        ),
        rows=tuple(rows),
        note=Phrase(key="sheet.supplier_rule"),
    )
    gap = Gap(reason=Phrase(key="sheet.gap_no_option"), is_withheld=False)
    title = Phrase(key="sheet.technology")
    return Section(id="technology", title=title, blocks=(shown if rows else gap,))


def _offered(evidence: Evidence) -> dict[str, list[str]]:
    """Give the Danish suppliers of each technique, alphabetically."""
    names: dict[str, set[str]] = {}
    for offer in evidence.rows("potential", "suppliers", country=DENMARK):
        names.setdefault(str(offer["technology"]), set()).add(str(offer["name"]))
    return {technique: sorted(known, key=str.lower) for technique, known in names.items()}


def technique(row: Row, numbers: dict[str, Ref], *, letter: str, source: str = "") -> Technique:
    """Describe a technique under the headings of a BREF.

    Parameters
    ----------
    row : dict
        Of the table of options: name, description and limits in three languages.
    numbers : dict
        ``water_saving``, ``money_saving``, ``energy``, ``investment``, ``payback``: those that
        are known. Energy is what is saved; below zero the technique uses more.
    letter : str
        The company that the numbers are of.
    source : str
        Titles of what was published on it.
    """
    rows: list[tuple[Text, Text]] = [
        (Phrase(key="sheet.description"), label(row, "description")),
    ]
    if "water_saving" in numbers:
        words = {"saving": numbers["water_saving"], "letter": letter}
        rows.append((Phrase(key="sheet.benefit"), Phrase(key="sheet.benefit_water", values=words)))
    if "money_saving" in numbers:
        words = {"saving": numbers["money_saving"], "letter": letter}
        rows.append(
            (Phrase(key="sheet.performance"), Phrase(key="sheet.performance_money", values=words))
        )
    rows.append((Phrase(key="sheet.cross_media"), _cross_media(numbers)))
    rows.append((Phrase(key="sheet.applicability"), label(row, "limits")))
    if {"investment", "payback"} <= numbers.keys():
        words = {name: numbers[name] for name in ("investment", "payback")}
        economics = Phrase(key="sheet.economics_payback", values=words)
        rows.append((Phrase(key="sheet.economics"), economics))
    rows.append(
        (Phrase(key="sheet.example"), Phrase(key="sheet.example_text", values={"letter": letter}))
    )
    if source:
        rows.append((Phrase(key="sheet.reference"), source))
    return Technique(title=headed(label(row)), rows=tuple(rows))


def _cross_media(numbers: dict[str, Ref]) -> Phrase:
    """Say what the technique does to the use of energy."""
    for name in ("energy_saved", "energy_used"):
        if name in numbers:
            return Phrase(key=f"sheet.{name}", values={"energy": numbers[name]})
    return Phrase(key="sheet.energy_same")
