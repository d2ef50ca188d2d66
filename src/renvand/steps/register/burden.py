"""What a load means, as Ibis expressions: against limits, the water, the tax, toxicity."""

from __future__ import annotations

from typing import Any, TypeAlias

Table: TypeAlias = Any  # an Ibis table: its columns have no static types

MG_L_TO_KG_M3 = 1e-3  # kg/m³ per mg/L; an equal-standard load is kg / (kg/m³) = m³ of water
EFFECTS = ("toxicity_ef31", "toxicity_traci")  # two factor sets that disagree: both are shown


def against_limits(loads: Table, outlets: Table, *, permits: Table, standards: Table) -> Table:
    """Compare each mean concentration with the outlet's own permit, else with the standard.

    Parameters
    ----------
    loads : table
        From :func:`renvand.steps.register.load.by_outlet`.
    outlets : table
        ``outlet, sector, discharge`` (*direct* or *indirect*).
    permits : table
        ``outlet, substance, limit_mg_l``.
    standards : table
        ``sector, discharge, substance, standard, standard_limit_mg_l``.

    Returns
    -------
    table
        `loads` with ``sector, discharge, limit_mg_l, limit_basis`` (*permit*, the key of the
        standard, or '' when no limit is known) and ``exceedance`` (mean over limit).
    """
    import ibis

    own = permits.select("outlet", "substance", permit_mg_l=permits.limit_mg_l)
    joined = _joined(loads, own, ["outlet", "substance"])
    joined = _joined(joined, outlets.select("outlet", "sector", "discharge"), ["outlet"])
    joined = _joined(joined, standards, ["sector", "discharge", "substance"])
    basis = ibis.cases(
        (joined.permit_mg_l.notnull(), "permit"),
        (joined.standard_limit_mg_l.notnull(), joined.standard),
        else_="",
    )
    limit = ibis.coalesce(joined.permit_mg_l, joined.standard_limit_mg_l)
    joined = joined.mutate(
        limit_mg_l=limit, limit_basis=basis, exceedance=joined.concentration_mg_l / limit
    )
    return joined.drop("permit_mg_l", "standard", "standard_limit_mg_l")


def weighted(loads: Table, factors: Table) -> Table:
    """Weigh each load by the water standard, the tax table and two toxicity methods.

    Parameters
    ----------
    loads : table
        From :func:`against_limits`.
    factors : table
        ``substance, standard_mg_l, equivalent_kg, category, is_oxygen_demand`` and
        :data:`EFFECTS` [CTUe/kg]; empty cells where none is known.

    Returns
    -------
    table
        `loads` with ``equal_standard_m3_a`` (the water that would dilute the load to the
        standard), its range, ``equivalents``, and each of :data:`EFFECTS` [CTUe/a].
    """
    joined = _joined(loads, factors, ["substance"])
    volume = joined.standard_mg_l * MG_L_TO_KG_M3
    return joined.mutate(
        equal_standard_m3_a=joined.load_kg_a / volume,
        equal_standard_high_m3_a=joined.load_high_kg_a / volume,
        equivalents=joined.load_kg_a / joined.equivalent_kg,
        **{effect: joined.load_kg_a * joined[effect] for effect in EFFECTS},
    )


def taxed(loads: Table, *, first_class: int, others: int, reductions: tuple[float, float]) -> Table:
    """Count the pollutant equivalents that are taxed at each outlet.

    Only what goes directly to water is taxed; of COD, BOD5 and TOC the largest; of the first
    class so many substances, of the others so many, by their equivalents; less where the mean
    lies well below the limit. An estimate: the tax office counts by month and by the standard.

    Parameters
    ----------
    loads : table
        From :func:`weighted`.
    first_class, others : int
        How many substances count at one outlet.
    reductions : tuple of float
        Shares taxed at 30 % and at 50 % below the limit.

    Returns
    -------
    table
        `loads` with ``taxed_equivalents``: zero for what is not taxed, empty where nobody knows
        whether an outlet discharges to water.

    References
    ----------
    ept-law-2018
    """
    import ibis

    counted = loads.mutate(
        amount=ibis.coalesce(loads.equivalents, 0.0),
        is_oxygen=ibis.coalesce(loads.is_oxygen_demand, False),
        is_first=ibis.coalesce(loads.category == "1", False),
    )
    largest = [ibis.desc("amount"), "substance"]
    place = ibis.row_number().over(group_by=["outlet", "is_oxygen"], order_by=largest)
    counted = counted.mutate(is_counted=~counted.is_oxygen | (place == 0))
    kept = [ibis.desc("is_counted"), *largest]
    place = ibis.row_number().over(group_by=["outlet", "is_first"], order_by=kept)
    counted = counted.mutate(place=place)
    most = counted.is_first.ifelse(first_class, others)
    share = ibis.cases(
        (counted.exceedance <= 0.5, reductions[1]),
        (counted.exceedance <= 0.7, reductions[0]),
        else_=1.0,
    )
    is_taxed = counted.is_counted & (counted.place < most) & (counted.discharge == "direct")
    amount = ibis.cases(
        (is_taxed, counted.amount * share),
        (counted.discharge != "", 0.0),
        else_=ibis.null("float64"),
    )
    made = counted.mutate(taxed_equivalents=amount)
    return made.drop("amount", "is_oxygen", "is_first", "is_counted", "place")


def by_site(loads: Table) -> Table:
    """Sum over the outlets and substances of each site.

    Returns
    -------
    table
        ``site, equal_standard_m3_a`` and its ``_high`` end, ``equivalents, taxed_equivalents``,
        :data:`EFFECTS`, ``exceedance`` (the worst) and ``exceedance_basis``, ``exceeding`` (how
        many substances), ``suspects, gaps, discharge_m3_d, top_substance`` (of the equal-standard
        load).
    """
    flows = (
        loads.group_by("site", "outlet")
        .aggregate(flow_m3_d=loads.flow_m3_d.max())
        .group_by("site")
        .aggregate(discharge_m3_d=lambda t: t.flow_m3_d.sum())
    )
    sums = loads.group_by("site").aggregate(
        equal_standard_m3_a=loads.equal_standard_m3_a.sum(),
        equal_standard_high_m3_a=loads.equal_standard_high_m3_a.sum(),
        equivalents=loads.equivalents.sum(),
        taxed_equivalents=loads.taxed_equivalents.sum(),
        **{effect: loads[effect].sum() for effect in EFFECTS},
        exceedance=loads.exceedance.max(),
        exceedance_basis=loads.limit_basis.argmax(loads.exceedance),
        exceeding=(loads.exceedance > 1).sum(),
        suspects=loads.suspects.sum(),
        gaps=(loads.gap != "").sum(),
        top_substance=loads.substance.argmax(loads.equal_standard_m3_a),
    )
    return _joined(sums, flows, ["site"])


def _joined(left: Table, right: Table, keys: list[str]) -> Table:
    """Join and keep one copy of the keys."""
    joined = left.left_join(right, keys, rname="{name}_theirs")
    return joined.drop([f"{key}_theirs" for key in keys])
