"""Step 5 of the programme: what each reviewed company can save, how, and at what cost."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from renvand.errors import Fault, FileError, near
from renvand.steps.case import CaseData
from renvand.steps.outcome import Outcome
from renvand.steps.potential.catalogue import (
    Technique,
    price,
    suppliers,
    techniques,
)
from renvand.steps.potential.combine import Placed, package
from renvand.steps.potential.company import Company, company_of
from renvand.steps.potential.figures import network_figures, option_figures, total_figures
from renvand.steps.potential.network import Reuse, pipe_rows, reuse_of
from renvand.steps.potential.option import REUSE_TRIGGER, Economy, candidates
from renvand.steps.potential.tables import (
    abatement_table,
    ladder_table,
    networks_table,
    options_table,
    totals_table,
)
from renvand.trace import Figure

if TYPE_CHECKING:
    import pandas as pd

_PARK_FEES = {"textile-dyeing": "fee-park-textile", "surface-treatment": "fee-park-plating"}


def potential(case: CaseData, review: Outcome) -> Outcome:
    """Say what every reviewed company can save.

    Parameters
    ----------
    case : CaseData
        ``[potential]`` of its settings: ``discount_rate``; ``[case]``: ``seed``.
    review : Outcome
        Of step 4, with its table ``streams``.

    Returns
    -------
    Outcome
        Tables of :func:`potential_of`, each with a column ``review``.
    """
    import pandas as pd
    from joblib import Parallel, cpu_count, delayed

    frames: dict[str, list[pd.DataFrame]] = {}
    figures: list[Figure] = []
    findings: list[Fault] = []
    streams = review.tables["streams"]
    known = frozenset(figure.id for figure in review.figures)
    companies = sorted(case.reviews)
    outcomes = Parallel(n_jobs=min(len(companies), cpu_count()) or 1)(
        delayed(potential_of)(
            case, review_id, reconciled=streams[streams["review"] == review_id], known=known
        )
        for review_id in companies
    )
    for review_id, outcome in zip(companies, cast("list[Outcome]", outcomes), strict=True):
        for name, table in outcome.tables.items():
            frames.setdefault(name, []).append(table.assign(review=review_id))
        figures += outcome.figures
        findings += outcome.findings
    tables = {name: pd.concat(parts, ignore_index=True) for name, parts in frames.items()}
    return Outcome(tables=tables, figures=tuple(figures), findings=tuple(findings))


def potential_of(
    case: CaseData,
    review_id: str,
    *,
    reconciled: pd.DataFrame,
    known: frozenset[str] = frozenset(),
) -> Outcome:
    """Say what one reviewed company can save.

    Parameters
    ----------
    case : CaseData
        As in :func:`potential`.
    review_id : str
        Folder under ``reviews/``.
    reconciled : DataFrame
        Columns ``stream, quantity, value, sd`` of the review; quantity 'flow' or a substance.
    known : frozenset of str
        Figures of the review that ours may point at.

    Returns
    -------
    Outcome
        Tables ``options``, ``totals``, ``macc``, ``suppliers``, and where demands are stated
        ``networks``, ``pipes``, ``ladder``.

    Raises
    ------
    FileError
        When there is no such review.
    """
    if review_id not in case.reviews:
        do = near(review_id, case.reviews)
        raise FileError(Fault(where="reviews", what=f"no review '{review_id}'.", do=do))
    company = replace(company_of(case, review_id, reconciled=reconciled), known_figures=known)
    economy = _economy(case, company)
    catalogue = techniques(case, company.sector)
    reuse = reuse_of(company, recovery=_recovery(company, catalogue))
    placed = package(
        company,
        list(candidates(company, catalogue)),
        economy=economy,
        reusable=reuse.returned if reuse else 0.0,
    )
    figures = [
        *option_figures(case, company, placed=placed, economy=economy),
        *total_figures(case, company, placed=placed),
    ]
    if reuse is not None:
        figures += network_figures(case, company, reuse=reuse)
    return Outcome(
        tables=_tables(case, company, placed=placed, economy=economy, reuse=reuse),
        figures=tuple(figures),
        findings=reuse.findings if reuse else (),
    )


def _tables(
    case: CaseData,
    company: Company,
    *,
    placed: tuple[Placed, ...],
    economy: Economy,
    reuse: Reuse | None,
) -> dict[str, pd.DataFrame]:
    after = max(placed, key=lambda p: p.place).after if placed else company
    further = _further(after) if reuse else None
    tables = {
        "options": options_table(placed, company, economy=economy),
        "totals": totals_table(company, placed, economy=economy, after_reuse=further),
        "macc": abatement_table(placed, economy),
        "suppliers": suppliers(case, [p.placed.candidate.technique.id for p in placed]),
    }
    if reuse is not None:
        tables |= {
            "networks": networks_table(reuse),
            "pipes": pipe_rows(company, reuse),
            "ladder": ladder_table(reuse),
        }
    return tables


def _economy(case: CaseData, company: Company) -> Economy:
    fee = _PARK_FEES.get(company.sector) if company.outlet_kind == "park" else None
    return Economy(
        rate=float(case.settings["potential"]["discount_rate"]),
        water=price(case, "water-tap"),
        electricity=price(case, "electricity"),
        fee=price(case, fee) if fee else None,
        seed=int(case.settings["case"]["seed"]),
    )


def _recovery(company: Company, catalogue: tuple[Technique, ...]) -> float:
    """Give the share of treated water that the sector's membrane technique gives back."""
    fits = [t for t in catalogue if t.row["trigger"] == REUSE_TRIGGER and "treatment" in t.kinds]
    return fits[0].range("water_saving").typical if fits else 0.0


def _further(company: Company) -> float:
    """Give what direct reuse still saves once the package is built. [m³/d]"""
    left: Reuse | None = reuse_of(company, recovery=0.0, is_laddered=False)
    return left.present - left.direct.objective if left else 0.0
