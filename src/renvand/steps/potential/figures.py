"""The figures of the potential, each with the rows it was made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from renvand.steps.case import CaseData, records
from renvand.steps.potential.catalogue import Technique
from renvand.steps.potential.combine import Placed
from renvand.steps.potential.company import Company
from renvand.steps.potential.draws import ends_of
from renvand.steps.potential.economy import FEE_ON_LOAD, INSTALLED, Economy
from renvand.steps.potential.network import Reuse
from renvand.steps.potential.option import Option
from renvand.steps.potential.page import page_of
from renvand.trace import Figure, Origin


def origin_of(row: Mapping[str, Any], *, file: str, column: str, key: str = "id") -> Origin:
    """Point at one cell of a table."""
    basis = row.get("basis") or "published"
    return Origin(
        file=file,
        row=str(row[key]),
        column=column,
        value=str(row.get(column, "")),
        basis=basis,
        source=str(row.get("source") or ""),
        locator=str(row.get("locator") or ""),
        confidence=row.get("confidence") or "medium",
    )


def flow_sources(
    case: CaseData, company: Company, *, streams: set[str]
) -> tuple[str | Origin, ...]:
    """Point at the reconciled flows of some streams, or at the meters where they have none."""
    known = [f"review.{company.id}.{stream}.flow" for stream in sorted(streams)]
    figures = tuple(figure for figure in known if figure in company.known_figures)
    if figures:
        return figures
    rows = records(case.reviews[company.id].tables["meters"])
    chosen = [r for r in rows if r["stream"] in streams] or rows
    file = f"reviews/{company.id}/meters.csv"
    return tuple(origin_of(r, file=file, column="flow_m3_d", key="stream") for r in chosen)


def demand_origins(case: CaseData, review_id: str) -> tuple[Origin, ...]:
    """Point at the stated demands."""
    rows = records(case.reviews[review_id].tables["demands"])
    file = f"reviews/{review_id}/demands.csv"
    return tuple(
        origin_of(r | {"id": f"{r['unit']}, {r['substance']}"}, file=file, column="max_in_mg_l")
        for r in rows
    )


def option_figures(
    case: CaseData, company: Company, *, placed: tuple[Placed, ...], economy: Economy
) -> Iterator[Figure]:
    """Yield water and present value of every option."""
    for each in placed:
        option = each.placed
        technique, unit = option.candidate.technique, option.candidate.unit
        stem = f"potential.{company.id}.{option.candidate.id}"
        meters = flow_sources(case, company, streams={s.id for s in company.feeds(unit)})
        tariffs = _numbers_used(option, economy)
        water = ends_of(option.water)
        share = origin_of(technique.row, file=technique.file, column="water_saving_typical")
        if option.water[0] > 0:
            yield Figure(
                id=f"{stem}.water",
                value=water["typical"],
                unit="m3/a",
                method="share saved, times the reconciled water of the unit that is left",
                made_of=(share, *meters),
                low=water["low"],
                high=water["high"],
            )
        worth = ends_of(option.worth(economy.rate))
        yield Figure(
            id=f"{stem}.npv",
            value=worth["typical"],
            unit=case.currency,
            method=f"savings over {option.years:.0f} years at {economy.rate:.0%}, less investment",
            made_of=(*_capex(technique), share, *tariffs, *meters),
            low=worth["low"],
            high=worth["high"],
        )


def _capex(technique: Technique) -> tuple[Origin, ...]:
    """Point at the row's investment, where no page says what its parts cost."""
    page = page_of(technique.id)
    if page is not None and page.investments:
        return ()
    row = dict(technique.row) | {"confidence": technique.row["capex_confidence"]}
    return (origin_of(row, file=technique.file, column="capex_fixed_cny_typical"),)


def _numbers_used(option: Option, economy: Economy) -> tuple[Origin, ...]:
    """Point at the prices of an option's account and the numbers of its page."""
    used = {"water-tap", economy.fee, *(line.item for line in option.account)}
    prices = [economy.prices[key] for key in sorted(used & set(economy.prices))]
    page = page_of(option.candidate.technique.id)
    rows = [p.row for p in page.parameters.values()] if page else []
    known = economy.knowledge
    rows += [known.row("unit_defaults", key) for key in (INSTALLED, FEE_ON_LOAD)]
    return (
        *(origin_of(p.row, file=p.file, column="typical") for p in prices),
        *(origin_of(r, file=known.file("unit_defaults", r), column="typical") for r in rows),
    )


def total_figures(
    case: CaseData, company: Company, *, placed: tuple[Placed, ...]
) -> Iterator[Figure]:
    """Yield what the package saves."""
    chosen = [each for each in placed if each.is_in_package]
    after = chosen[-1].after if chosen else company
    meters = flow_sources(case, company, streams={company.supply.id})
    parts = tuple(
        f"potential.{company.id}.{each.placed.candidate.id}.water"
        for each in chosen
        if each.placed.water[0] > 0
    )
    yield Figure(
        id=f"potential.{company.id}.water_saved",
        value=(company.intake - after.intake) * company.days_a,
        unit="m3/a",
        method="difference of the reconciled balances before and after the package",
        made_of=(*parts, *meters),
    )
    if not chosen:
        return
    yield Figure(
        id=f"potential.{company.id}.investment",
        value=sum(float(each.placed.investment[0]) for each in chosen),
        unit=case.currency,
        method="sum over the options of the package",
        made_of=tuple(f"potential.{company.id}.{each.placed.candidate.id}.npv" for each in chosen),
    )


def network_figures(case: CaseData, company: Company, *, reuse: Reuse) -> Iterator[Figure]:
    """Yield the clean water of the best networks; the low end is the proven bound."""
    flows = flow_sources(case, company, streams={s.id for s in company.streams})
    origins = (*demand_origins(case, company.id), *flows)
    for name, network in (("direct", reuse.direct), ("polished", reuse.polished)):
        if network is not None:
            yield Figure(
                id=f"potential.{company.id}.network.{name}.clean_water",
                value=network.objective,
                unit="m3/d",
                method=f"best network, proven within {max(network.gap, 1e-9):.1e}",
                made_of=origins,
                low=network.bound,
                high=network.objective,
            )
