"""Step 5 of the programme: what each reviewed company can save, how, and at what cost."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from renvand.errors import Fault, FileError, near
from renvand.steps.case import CaseData
from renvand.steps.outcome import Outcome
from renvand.steps.potential.catalogue import (
    Technique,
    suppliers,
    techniques,
)
from renvand.steps.potential.combine import Placed, package, with_others
from renvand.steps.potential.company import Company, company_of
from renvand.steps.potential.drawing import pictures
from renvand.steps.potential.economy import Economy, economy_of
from renvand.steps.potential.figures import network_figures, option_figures, total_figures
from renvand.steps.potential.network import Reuse, pipe_rows, reuse_of
from renvand.steps.potential.option import REUSE_TRIGGER, candidates
from renvand.steps.potential.portfolio import best_within, field_of, front, portfolios, ranks
from renvand.steps.potential.tables import (
    abatement_table,
    account_table,
    ladder_table,
    networks_table,
    options_table,
    totals_table,
)
from renvand.trace import Figure

if TYPE_CHECKING:
    import pandas as pd


def potential(case: CaseData, review: Outcome) -> Outcome:
    """Say what every reviewed company can save.

    Parameters
    ----------
    case : CaseData
        ``[potential]`` of its settings: ``discount_rate, lifetime_a, location_factor, budget``;
        ``[case]``: ``seed, region``.
    review : Outcome
        Of step 4, with its table ``streams``.

    Returns
    -------
    Outcome
        Tables of :func:`potential_of`, each with a column ``review``; ``pictures`` by
        ``<review>-<name>.<language>``.
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
    drawn: dict[str, str] = {}
    for review_id, outcome in zip(companies, cast("list[Outcome]", outcomes), strict=True):
        drawn |= {f"{review_id}-{name}": svg for name, svg in outcome.extras["pictures"].items()}
        for name, table in outcome.tables.items():
            frames.setdefault(name, []).append(table.assign(review=review_id))
        figures += outcome.figures
        findings += outcome.findings
    tables = {name: pd.concat(parts, ignore_index=True) for name, parts in frames.items()}
    return Outcome(
        tables=tables,
        figures=tuple(figures),
        findings=tuple(findings),
        extras={"pictures": drawn},
    )


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
        Tables ``options, account, totals, macc, portfolio, pareto, ranks, suppliers``, and where
        demands are stated ``networks, pipes, pipes_to_build, ladder``; extra ``pictures``, SVG
        by ``<name>.<language>``.

    Raises
    ------
    FileError
        When there is no such review.
    """
    if review_id not in case.reviews:
        do = near(review_id, case.reviews)
        raise FileError(Fault(where="reviews", what=f"no review '{review_id}'.", do=do))
    company = replace(company_of(case, review_id, reconciled=reconciled), known_figures=known)
    economy = economy_of(case, company)
    catalogue = techniques(case, company.sector, industry=company.industry)
    reuse = reuse_of(company, recovery=_recovery(company, catalogue))
    if reuse is not None:
        company = replace(company, reusable_share=reuse.returned / company.intake)
    greedy = package(company, list(candidates(company, catalogue)), economy=economy)
    options = [each.alone for each in greedy]
    field = field_of(company, options, economy=economy)
    best = best_within(field, math.inf, known=greedy)
    placed = with_others(best.placed, options, company=company)
    after = best.placed[-1].after if best.placed else company
    figures = [
        *option_figures(case, company, placed=placed, economy=economy),
        *total_figures(case, company, placed=placed),
    ]
    if reuse is not None:
        figures += network_figures(case, company, reuse=reuse)
    budget = case.settings["potential"].get("budget")
    tables = {
        **_option_tables(case, company, placed=placed, economy=economy, reuse=reuse),
        "portfolio": portfolios(field, whole=best, budget=budget),
        "pareto": front(field, seed=economy.seed),
        "ranks": ranks(options, economy),
    }
    if reuse is not None:
        tables |= _network_tables(company, reuse, economy=economy)
    return Outcome(
        tables=tables,
        figures=tuple(figures),
        findings=reuse.findings if reuse else (),
        extras={"pictures": pictures(company, after, reuse=reuse)},
    )


def _option_tables(
    case: CaseData,
    company: Company,
    *,
    placed: tuple[Placed, ...],
    economy: Economy,
    reuse: Reuse | None,
) -> dict[str, pd.DataFrame]:
    after = max(placed, key=lambda p: p.place).after if placed else company
    further = _further(after) if reuse else None
    chosen = [p.placed.candidate.technique.id for p in placed]
    return {
        "options": options_table(placed, company, economy=economy),
        "account": account_table(placed, economy),
        "totals": totals_table(company, placed, economy=economy, after_reuse=further),
        "macc": abatement_table(placed, economy),
        "suppliers": suppliers(case, chosen),
    }


def _network_tables(company: Company, reuse: Reuse, *, economy: Economy) -> dict[str, pd.DataFrame]:
    pipes = pipe_rows(company, reuse)
    return {
        "networks": networks_table(reuse),
        "pipes": pipes,
        "pipes_to_build": pipes[pipes["is_new"]].drop(columns="is_new"),
        "ladder": ladder_table(reuse, company, economy=economy),
    }


def _recovery(company: Company, catalogue: tuple[Technique, ...]) -> float:
    """Give the share of treated water that the sector's membrane technique gives back."""
    fits = [t for t in catalogue if t.row["trigger"] == REUSE_TRIGGER and "treatment" in t.kinds]
    return fits[0].range("water_saving").typical if fits else 0.0


def _further(company: Company) -> float:
    """Give what direct reuse still saves once the package is built. [m³/d]"""
    left: Reuse | None = reuse_of(company, recovery=0.0, is_laddered=False)
    return left.present - left.direct.objective if left else 0.0
