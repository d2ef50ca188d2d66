"""The tables of the potential: options, abatement costs, the ladder of pipes, totals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from renvand.steps.case import records
from renvand.steps.potential.combine import Placed
from renvand.steps.potential.company import Company
from renvand.steps.potential.draws import DRAWS, ends_of
from renvand.steps.potential.economics import Array, annuity, payback
from renvand.steps.potential.economy import INSTALLED, Economy
from renvand.steps.potential.network import Reuse, labels_of
from renvand.steps.potential.option import Line, Option
from renvand.text import Words
from renvand.waternet import Rung

if TYPE_CHECKING:
    import pandas as pd

_TRIFLE = 1e-9
PIPE, PUMPING = "reuse-pipe.price", "reuse-pipe.pumping"  # rows of unit_defaults
_MEASURES = (("water", "water"), ("COD", "cod"), ("TN", "tn"), ("metal", "metal"))
_TEXTS = ("name", "trigger", "description", "limits")


def options_table(placed: Iterable[Placed], company: Company, *, economy: Economy) -> pd.DataFrame:
    """Write one row an option.

    Returns
    -------
    DataFrame
        ``option, technology, unit``, names and reasons in three languages, ``evidence``,
        ``place`` (0: not in the package), water in m³/a with its ends and counted alone,
        COD and metal in kg/a, energy in kWh/a, money of the case, payback, rates and the
        chance to pay.
    """
    import pandas as pd

    rows: list[dict[str, Any]] = []
    for each in placed:
        option, technique = each.placed, each.placed.candidate.technique
        unit = option.candidate.unit
        texts = {
            f"{text}_{language}": technique.row.get(f"{text}_{language}", "")
            for text in _TEXTS
            for language in ("en", "da", "zh")
        }
        labels = {f"unit_{lang}": label for lang, label in company.labels[unit].items()}
        rows.append(
            {
                "option": option.candidate.id,
                "technology": technique.id,
                "technique_type": technique.row["technique_type"],
                "unit": unit,
                **labels,
                **texts,
                "trigger": technique.row["trigger"],
                "evidence": option.candidate.evidence,
                "place": each.place,
                "is_in_package": each.is_in_package,
                "water_alone_m3_a": float(each.alone.water[0]),
                **_numbers(option, economy),
                "years": option.years,
                "outside": "; ".join(option.outside),
                "beyond": "; ".join(option.beyond),
                "source": technique.row["source"],
                "locator": technique.row["locator"] or "",
                "confidence": technique.row["confidence"],
                "capex_confidence": technique.row["capex_confidence"],
            }
        )
    return pd.DataFrame(rows)


def _ranged(name: str, values: Array) -> dict[str, float]:
    range_ = ends_of(values)
    made = {f"{name}_{end}": range_[end] for end in ("low", "high")}
    return {name: range_["typical"], **made}


def _numbers(option: Option, economy: Economy) -> dict[str, float]:
    made: dict[str, float] = {}
    for name, values in (
        ("water_m3_a", option.water),
        ("cod_kg_a", option.cod),
        ("tn_kg_a", option.tn),
        ("metal_kg_a", option.metal),
        ("energy_kwh_a", option.energy),
        ("investment", option.investment),
        ("net_saving_a", option.net),
        ("npv", option.worth(economy.rate)),
        ("irr", option.internal_rate()),
        ("payback_a", option.payback()),
    ):
        made |= _ranged(name, values)
    made["sludge_kg_a"] = float(option.sludge[0])
    made["chemicals_a"] = float(option.chemicals[0])
    made["operation_a"] = float(option.operation[0])
    made["probability_pays"] = float((option.worth(economy.rate)[1:] > 0).mean())
    return made


def abatement_table(placed: Iterable[Placed], economy: Economy) -> pd.DataFrame:
    """Write the marginal abatement cost curves: per m³ of water, per kg of COD, TN, metal.

    Returns
    -------
    DataFrame
        ``measure`` ('water', 'COD', 'TN', 'metal'), ``option``, ``start`` and ``end`` of the bar on
        the axis of what is avoided a year, ``cost_per_unit`` with its ends; negative earns. Every
        option of the package counts on what the ones before it left.
    """
    import pandas as pd

    rows: list[dict[str, Any]] = []
    chosen = [each.placed for each in placed if each.is_in_package]
    for measure, field in _MEASURES:
        avoided_by = [(o, cast("Array", getattr(o, field))) for o in chosen]
        bars = [(o, avoided) for o, avoided in avoided_by if avoided[0] > _TRIFLE]
        priced = sorted(bars, key=lambda bar: bar[0].cost(economy.rate)[0] / bar[1][0])
        start = 0.0
        for option, avoided in priced:
            cost = option.cost(economy.rate) / np.maximum(avoided, _TRIFLE)
            range_ = ends_of(cost)
            rows.append(
                {
                    "measure": measure,
                    "option": option.candidate.id,
                    "start": start,
                    "end": start + float(avoided[0]),
                    "cost_per_unit": range_["typical"],
                    "cost_per_unit_low": range_["low"],
                    "cost_per_unit_high": range_["high"],
                }
            )
            start += float(avoided[0])
    columns = ["measure", "option", "start", "end", "cost_per_unit"]
    columns += ["cost_per_unit_low", "cost_per_unit_high"]
    return pd.DataFrame(rows, columns=pd.Index(columns))


def ladder_table(reuse: Reuse, company: Company, *, economy: Economy) -> pd.DataFrame:
    """Write what each new pipe brings, and what it costs with pump and tank.

    Returns
    -------
    DataFrame
        One row a pipe of each rung: ``new_pipes, clean_water_m3_d, saved_m3_d, bound_m3_d, gap,
        from, to, from_en … to_zh, flow_m3_d``, and of the rung ``investment, net_saving_a,
        payback_a`` with its ends.
    """
    import pandas as pd

    rows: list[dict[str, Any]] = []
    for rung in reuse.rungs:
        network = rung.network
        money = _pipes_money(reuse, rung, company, economy=economy)
        for pipe in records(rung.to_build):
            rows.append(
                {
                    "new_pipes": rung.pipes,
                    "clean_water_m3_d": network.objective,
                    "saved_m3_d": reuse.present - network.objective,
                    "bound_m3_d": network.bound,
                    "gap": network.gap,
                    "from": pipe["from"],
                    "to": pipe["to"],
                    **labels_of(company, pipe),
                    "flow_m3_d": pipe["flow"],
                    **money,
                }
            )
    return pd.DataFrame(rows)


def _pipes_money(
    reuse: Reuse, rung: Rung, company: Company, *, economy: Economy
) -> dict[str, float]:
    pipes = len(rung.to_build)
    flow = float(rung.to_build["flow"].sum()) * company.days_a
    saved = (reuse.present - rung.network.objective) * company.days_a
    investment = pipes * economy.default(PIPE) * economy.default(INSTALLED)
    pumping = flow * economy.default(PUMPING) * economy.drawn("electricity")
    net = saved * economy.per_m3(treated_share=1.0) - pumping
    years = ends_of(payback(investment, net))
    return {
        "investment": float(investment[0]),
        "net_saving_a": float(net[0]),
        "payback_a": years["typical"],
        "payback_a_low": years["low"],
        "payback_a_high": years["high"],
    }


def account_table(placed: Iterable[Placed], economy: Economy) -> pd.DataFrame:
    """Write every line of every option's account, so that it shows what is counted.

    Returns
    -------
    DataFrame
        ``option, kind`` (investment, running, saving), ``item`` and its name in three languages,
        ``amount, unit, money`` (a year, but for investments), ``source, confidence``.
    """
    import pandas as pd

    rows: list[dict[str, Any]] = []
    for each in placed:
        for line in each.placed.account:
            price = economy.prices.get(line.item)
            row = price.row if price else {}
            rows.append(
                {
                    "option": each.placed.candidate.id,
                    "kind": line.kind,
                    "item": line.item,
                    **{f"item_{lang}": _item(line, row, lang) for lang in ("en", "da", "zh")},
                    "amount": line.amount,
                    "unit": line.unit,
                    "money": line.money,
                    "source": row.get("source", each.placed.candidate.technique.row["source"]),
                    "confidence": row.get("confidence", "low"),
                }
            )
    return pd.DataFrame(rows)


def _item(line: Line, row: Mapping[str, Any], language: str) -> str:
    if row:
        return str(row[f"name_{language}"])
    words = Words(language)
    key = f"potential.item_{line.item.replace('-', '_')}"
    return words(key) if words.has(key) else line.item


def networks_table(reuse: Reuse) -> pd.DataFrame:
    """Write the optimum of each network with its proof."""
    import pandas as pd

    rows: list[dict[str, Any]] = []
    for name, network in (("direct", reuse.direct), ("polished", reuse.polished)):
        if network is not None:
            rows.append(
                {
                    "network": name,
                    "present_m3_d": reuse.present,
                    "clean_water_m3_d": network.objective,
                    "saved_m3_d": reuse.present - network.objective,
                    "bound_m3_d": network.bound,
                    "gap": network.gap,
                    "status": network.status,
                }
            )
    return pd.DataFrame(rows)


def totals_table(
    company: Company, placed: tuple[Placed, ...], *, economy: Economy, after_reuse: float | None
) -> pd.DataFrame:
    """Add the package up; water is the difference of two balances.

    Parameters
    ----------
    company : Company
        As reviewed.
    placed : tuple of Placed
        All options.
    economy : Economy
        Prices and interest.
    after_reuse : float, optional
        Further clean water that direct reuse saves once the package is built. [m³/d]

    Returns
    -------
    DataFrame
        One row: intake before and after in m³/d, water saved in m³/a, share, money.
    """
    import pandas as pd

    chosen = [each for each in placed if each.is_in_package]
    after = chosen[-1].after if chosen else company
    options = [each.placed for each in chosen]
    saved = (company.intake - after.intake) * company.days_a
    nothing = np.zeros(DRAWS)
    yearly = sum(float(o.cost(economy.rate)[0]) for o in options)
    investment = sum((o.investment for o in options), nothing)
    net = sum((o.net for o in options), nothing)
    worth = sum((o.worth(economy.rate) for o in options), nothing)
    row = {
        "intake_m3_d": company.intake,
        "intake_after_m3_d": after.intake,
        "water_saved_m3_a": saved,
        "water_saved_share": saved / (company.intake * company.days_a) if company.intake else 0.0,
        "counted_alone_m3_a": sum(float(each.alone.water[0]) for each in chosen),
        "further_reuse_m3_d": after_reuse or 0.0,
        "cod_saved_kg_a": sum(float(o.cod[0]) for o in options),
        "tn_saved_kg_a": sum(float(o.tn[0]) for o in options),
        "metal_saved_kg_a": sum(float(o.metal[0]) for o in options),
        "energy_saved_kwh_a": sum(float(o.energy[0]) for o in options),
        **_ranged("investment", investment),
        **_ranged("net_saving_a", net),
        **_ranged("npv", worth),
        **_ranged("payback_a", payback(investment, net) if options else nothing),
        "cost_a": yearly,
        "tax_m3": economy.tax,
        "price_year": economy.price_year,
        "annuity": annuity(economy.rate, max((o.years for o in options), default=1.0)),
    }
    return pd.DataFrame([row])
