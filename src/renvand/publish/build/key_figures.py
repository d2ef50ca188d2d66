"""The four numbers under the title: statistics where the gate allows, else one per company."""

from __future__ import annotations

from collections.abc import Callable

from renvand.publish.build.evidence import Evidence
from renvand.publish.gate import Company, statistic
from renvand.publish.model import Fact, Gap, KeyFigure, Phrase, Ref, Text
from renvand.trace import Figure

# What a sector's wastewater is judged by, first to be tried first.
MAIN = {
    "textile-dyeing": ("COD",),
    "surface-treatment": ("Ni", "Cr", "Zn", "Cu", "COD"),
    "metalworking": ("oil", "COD"),
}


def key_figures(evidence: Evidence) -> tuple[KeyFigure, ...]:
    """Make the key figures of a sector."""
    substance = main_substance(evidence)
    return (
        _key_figure(evidence, "specific_water", label=Phrase(key="sheet.specific_water")),
        _key_figure(evidence, "specific_wastewater", label=Phrase(key="sheet.specific_wastewater")),
        _key_figure(evidence, load_of(substance), label=_pollutant(substance)),
        _saving(evidence),
    )


def load_of(substance: str) -> str:
    """Name the figure of what is generated of a substance per product."""
    return "specific_cod" if substance == "COD" else f"load_generated.{substance}"


def _pollutant(substance: str) -> Phrase:
    return Phrase(key="sheet.main_pollutant", values={"substance": shown(substance)})


def shown(substance: str) -> str:
    """Write a substance as chemists do."""
    return {"NH4-N": "NH₄-N", "NO3-N": "NO₃-N", "Cr6": "Cr(VI)", "BOD5": "BOD₅"}.get(
        substance, substance
    )


def main_substance(evidence: Evidence) -> str:
    """Choose the first substance of the sector's list that half of its companies measured."""
    choices = MAIN.get(evidence.sector, ("COD",))
    counts = {s: len(evidence.numbers(load_of(s))) for s in choices}
    usual = [s for s in choices if 2 * counts[s] >= len(evidence.group)]
    return usual[0] if usual else max(choices, key=lambda s: counts[s])


def _key_figure(evidence: Evidence, what: str, *, label: Text) -> KeyFigure:
    def show(company: Company, fact: Fact) -> str:
        return evidence.publish(company, fact.id, what=what)

    return _gated(evidence, what, label=label, pairs=evidence.numbers(what), show=show)


def _saving(evidence: Evidence) -> KeyFigure:
    """Make the key figure of what can be saved: a share of each company's water."""
    pairs: list[tuple[Company, Fact]] = []
    for company in evidence.group:
        origin = f"potential.{company.review}.water_saved"
        rows = evidence.rows("potential", "totals", review=company.review)
        if rows and evidence.book.has(origin):
            figure = Figure(
                id=f"publish.{evidence.sector}.{company.letter}.saving",
                value=100 * float(rows[0]["water_saved_share"]),
                unit="%",
                method="water saved by the package of options, of the fresh water",
                made_of=(origin,),
            )
            pairs.append((company, evidence.book.add(figure)))

    def show(_: Company, fact: Fact) -> str:
        return evidence.book.take(fact.id)

    label = Phrase(key="sheet.saving_potential")
    return _gated(evidence, "saving", label=label, pairs=pairs, show=show)


def _gated(
    evidence: Evidence,
    what: str,
    *,
    label: Text,
    pairs: list[tuple[Company, Fact]],
    show: Callable[[Company, Fact], str],
) -> KeyFigure:
    """Give the median; where the gate withholds it, the value of each company that consents.

    A company's own value enters the sheet only here, through ``show``, and only with consent.
    """
    if not pairs:
        reason = Phrase(key="sheet.gap_not_measured")
        return KeyFigure(label=label, value=Gap(reason=reason, is_withheld=False), note="")
    made = statistic(
        [fact for _, fact in pairs],
        [company for company, _ in pairs],
        id=f"publish.{evidence.sector}.{what}",
        how="median",
        method="median of the reviewed companies, with the lowest and the highest",
    )
    if isinstance(made, Figure):
        spread = Ref(fact=evidence.book.make(made), form="span")
        note = Phrase(key="sheet.note_range", values={"n": str(len(pairs)), "span": spread})
        return KeyFigure(label=label, value=Ref(fact=made.id), note=note)
    own = [(company, fact) for company, fact in pairs if company.has_consent]
    if not own:
        return KeyFigure(label=label, value=made, note="")
    letters = " / ".join(company.letter for company, _ in own)
    refs = tuple(Ref(fact=show(company, fact)) for company, fact in own)
    note = Phrase(key="sheet.note_each", values={"letters": letters, "reason": made.reason})
    return KeyFigure(label=label, value=refs, note=note)
