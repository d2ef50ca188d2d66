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
        ``outlet, site, sector, discharge`` (*direct* or *indirect*).
    permits : table
        ``outlet, substance, limit_mg_l``.
    standards : table
        ``sector, discharge, substance, standard, standard_limit_mg_l``.

    Returns
    -------
    table
        `loads` with ``site, sector, discharge, limit_mg_l, limit_basis`` (*permit*, the key of the
        standard, or '' when no limit is known) and ``exceedance`` (mean over limit).
    """
    import ibis

    own = permits.select("outlet", "substance", permit_mg_l=permits.limit_mg_l)
    joined = _joined(loads, own, ["outlet", "substance"])
    joined = _joined(joined, outlets.select("outlet", "site", "sector", "discharge"), ["outlet"])
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
    sums = ("equal_standard_m3_a", "equal_standard_high_m3_a", "equivalents", *EFFECTS)
    sums = (*sums, "taxed_equivalents", "suspects")
    outlets = loads.group_by("outlet").aggregate(
        site=loads.site.arbitrary(),
        discharge_m3_d=loads.flow_m3_d.max(),
        largest=loads.equal_standard_m3_a.max(),
        top_substance=loads.substance.argmax(loads.equal_standard_m3_a),
        exceedance=loads.exceedance.max(),
        exceedance_basis=loads.limit_basis.argmax(loads.exceedance),
        exceeding=(loads.exceedance > 1).sum(),
        gaps=(loads.gap != "").sum(),
        **{name: loads[name].sum() for name in sums},
    )
    # of nothing, engines choose differently
    outlets = outlets.mutate(
        top_substance=outlets.largest.notnull().ifelse(outlets.top_substance, ""),
        exceedance_basis=outlets.exceedance.notnull().ifelse(outlets.exceedance_basis, ""),
    )
    summed = (*sums, "exceeding", "gaps", "discharge_m3_d")
    made = outlets.group_by("site").aggregate(
        exceedance=outlets.exceedance.max(),
        exceedance_basis=outlets.exceedance_basis.argmax(outlets.exceedance),
        top_substance=outlets.top_substance.argmax(outlets.largest),
        **{name: outlets[name].sum() for name in summed},
    )
    return made.mutate(
        top_substance=made.top_substance.coalesce(""),
        exceedance_basis=made.exceedance_basis.coalesce(""),
    )


def placed(sums: Table, sites: Table) -> Table:
    """Give every site its place in the country and its district, by equal-standard load.

    Loads are rounded to whole cubic metres first and ties go by id: sums differ in their last
    digits between engines, places must not.

    Parameters
    ----------
    sums : table
        From :func:`by_site`.
    sites : table
        ``id, division, sector``.

    Returns
    -------
    table
        `sums` with ``division, sector, place, place_in_division`` (1 is the largest) and
        ``cumulative_share`` of the load.
    """
    import ibis

    where = sites.select("division", "sector", site=sites.id)
    known = _joined(sums.filter(sums.equal_standard_m3_a > 0), where, ["site"])
    known = known.mutate(rounded=known.equal_standard_m3_a.round(0))
    largest = [ibis.desc("rounded"), "site"]
    upto = ibis.cumulative_window(order_by=largest)
    ranked = known.mutate(
        place=ibis.row_number().over(order_by=largest) + 1,
        so_far=known.rounded.sum().over(upto),
        in_all=known.rounded.sum().over(ibis.window()),
    )
    here = ibis.row_number().over(group_by="division", order_by="place")
    ranked = ranked.mutate(place_in_division=here + 1)
    made = ranked.mutate(cumulative_share=ranked.so_far / ranked.in_all)
    return made.drop("rounded", "so_far", "in_all")


def _joined(left: Table, right: Table, keys: list[str]) -> Table:
    """Join and keep one copy of the keys."""
    joined = left.left_join(right, keys, rname="{name}_theirs")
    return joined.drop([f"{key}_theirs" for key in keys])
