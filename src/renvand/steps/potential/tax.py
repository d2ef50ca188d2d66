"""The tax on pollution that a direct discharger pays, by the rule of the law.

Of each outlet the first five first-class substances and the first three others count, by
equivalents; of COD, BOD5 and TOC one. What lies 30 or 50 % below its limit is taxed less. Who
discharges to a public or park plant pays no tax.

References
----------
ept-law-2018
"""

from __future__ import annotations

from collections.abc import Mapping

from renvand.knowledge import Knowledge, equivalent_kg
from renvand.steps.potential.company import Company

_OXYGEN_DEMAND = ("COD", "BOD5", "TOC")


def taxed_equivalents(
    loads: Mapping[str, float],
    *,
    knowledge: Knowledge,
    below_limit: Mapping[str, float] | None = None,
) -> float:
    """Count the equivalents that are taxed at one outlet.

    Parameters
    ----------
    loads : mapping of str to float
        Load of each substance. [kg]
    knowledge : Knowledge
        Of the case, with the rules of its tax.
    below_limit : mapping of str to float, optional
        How far each lies below its limit, as a share of it; nothing is reduced without.

    Returns
    -------
    float
        Equivalents, in the period of the loads.
    """
    rules = {row["id"]: row["value"] for row in knowledge.rows("tax_rules")}
    rows = knowledge.rows("equivalents")
    first_class = {row["substance"] for row in rows if str(row["category"]) == "1"}
    counted: dict[str, float] = {}
    for substance, load in loads.items():
        one = equivalent_kg(substance, knowledge=knowledge)
        if one:
            counted[substance] = load / one
    demand = [k for k in _OXYGEN_DEMAND if k in counted]
    for other in sorted(demand, key=lambda k: -counted[k])[int(rules["one-of-oxygen-demand"]) :]:
        del counted[other]
    total = 0.0
    for is_first, most in ((True, "first-class-counted"), (False, "other-counted")):
        group = [k for k in counted if (k in first_class) is is_first]
        for substance in sorted(group, key=lambda k: (-counted[k], k))[: int(rules[most])]:
            below = (below_limit or {}).get(substance, 0.0)
            share = 1.0
            if below >= 0.5:
                share = rules["reduced-50-below"]
            elif below >= 0.3:
                share = rules["reduced-30-below"]
            total += share * counted[substance]
    return total


def water_rate(region: str, *, knowledge: Knowledge) -> float:
    """Give the rate of a region [money/equivalent]; the least of its country where it has none.

    Zero where the table has no tax for the country of the case.
    """
    rows = [row for row in knowledge.rows("tax_rates") if row["medium"] == "water"]
    country = [row for row in rows if row["division"] == knowledge.country]
    if knowledge.country and not country:
        return 0.0
    own = [row for row in rows if row["region"] == region.lower() and row["rate"] == row["rate"]]
    if own:
        return float(max(own, key=lambda row: str(row["valid_from"]))["rate"])
    return float((country or rows)[0]["low"])


def tax_per_m3(company: Company, *, rate: float, knowledge: Knowledge) -> float:
    """Give the tax on one cubic metre that the company's treatment discharges.

    Parameters
    ----------
    company : Company
        With its outlet and limits.
    rate : float
        Of the region. [money/equivalent]
    knowledge : Knowledge
        Of the case, with the rules of its tax.

    Returns
    -------
    float
        Zero for who discharges to a sewer or a park. [money/m³]
    """
    if company.outlet_kind != "direct" or not rate:
        return 0.0
    ends = [
        s
        for s in company.streams
        if company.kinds.get(s.start) == "treatment" and s.end in ("drain", "sewer")
    ]
    flow = sum(s.flow for s in ends)
    if flow <= 0:
        return 0.0
    substances = {k for s in ends for k in s.quality}
    mixed = {k: sum(s.flow * s.quality.get(k, 0.0) for s in ends) / flow for k in substances}
    below = {k: 1 - mixed[k] / limit for k, limit in company.limits.items() if k in mixed and limit}
    loads = {k: value / 1000 for k, value in mixed.items()}
    return rate * taxed_equivalents(loads, below_limit=below, knowledge=knowledge)
