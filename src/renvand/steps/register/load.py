"""Annual loads and exceedance as Ibis expressions: DuckDB on a laptop, Spark on a cluster."""

from __future__ import annotations

from typing import Any, TypeAlias

Table: TypeAlias = Any  # an Ibis table: its columns have no static types

G_PER_KG = 1000.0
MG_L_TO_KG_M3 = 1e-3  # kg/m³ per mg/L; an equal-standard load is kg / (kg/m³) = m³ of water
CENSORED_SHARE = 0.5  # of the reporting limit, for the best estimate; the range is 0 to all of it


def by_outlet(observations: Table) -> Table:
    """Give the annual load of each outlet and substance in its latest year.

    Parameters
    ----------
    observations : table
        ``site, outlet, substance, year, concentration_mg_l, is_censored, flow_m3_d, days,
        load_kg_a``; a load that the source gives counts before concentration times flow.

    Returns
    -------
    table
        ``site, outlet, substance, year, samples, censored, concentration_mg_l, flow_m3_d,
        load_kg_a, load_low_kg_a, load_high_kg_a``. The range is that of the censored samples.
    """
    import ibis

    share = observations.is_censored.ifelse(CENSORED_SHARE, 1.0)
    low = observations.is_censored.ifelse(0.0, 1.0)
    grouped = observations.group_by("site", "outlet", "substance", "year").aggregate(
        samples=observations.count(),
        censored=observations.is_censored.sum(),
        concentration_mg_l=(observations.concentration_mg_l * share).mean(),
        low_mg_l=(observations.concentration_mg_l * low).mean(),
        high_mg_l=observations.concentration_mg_l.mean(),
        flow_m3_d=observations.flow_m3_d.mean(),
        days=observations.days.max(),
        given_kg_a=observations.load_kg_a.sum(),
    )
    latest = ibis.window(group_by=["outlet", "substance"])
    kept = grouped.mutate(last=grouped.year.max().over(latest))
    kept = kept.filter(kept.year == kept.last)
    volume = kept.flow_m3_d * kept.days / G_PER_KG  # 1000 m³/a
    return kept.mutate(
        load_kg_a=ibis.coalesce(kept.given_kg_a, kept.concentration_mg_l * volume),
        load_low_kg_a=ibis.coalesce(kept.given_kg_a, kept.low_mg_l * volume),
        load_high_kg_a=ibis.coalesce(kept.given_kg_a, kept.high_mg_l * volume),
    ).drop("last", "given_kg_a", "low_mg_l", "high_mg_l")


def measured_against(loads: Table, limits: Table, factors: Table) -> Table:
    """Compare each load with its permit limit, the water standard and the tax table.

    Parameters
    ----------
    loads : table
        From :func:`by_outlet`.
    limits : table
        ``outlet, substance, limit_mg_l``.
    factors : table
        ``substance, standard_mg_l, equivalent_kg``; empty cells where none is known.

    Returns
    -------
    table
        `loads` with ``limit_mg_l``, ``exceedance`` (mean over limit), ``equal_standard_m3_a``
        (the water that would dilute the load to the standard) and ``equivalents``.
    """
    permitted = limits.select("outlet", "substance", "limit_mg_l")
    joined = loads.left_join(permitted, ["outlet", "substance"]).drop(
        "outlet_right", "substance_right"
    )
    joined = joined.left_join(factors, "substance").drop("substance_right")
    return joined.mutate(
        exceedance=joined.concentration_mg_l / joined.limit_mg_l,
        equal_standard_m3_a=joined.load_kg_a / (joined.standard_mg_l * MG_L_TO_KG_M3),
        equivalents=joined.load_kg_a / joined.equivalent_kg,
    )


def by_site(loads: Table) -> Table:
    """Sum over the outlets and substances of each site.

    Returns
    -------
    table
        ``site, equal_standard_m3_a, equivalents, exceedance`` (the worst), ``exceeding`` (how
        many substances), ``discharge_m3_d``, ``top_substance`` (of the equal-standard load).
    """
    flows = (
        loads.group_by("site", "outlet")
        .aggregate(flow_m3_d=loads.flow_m3_d.max())
        .group_by("site")
        .aggregate(discharge_m3_d=lambda t: t.flow_m3_d.sum())
    )
    sums = loads.group_by("site").aggregate(
        equal_standard_m3_a=loads.equal_standard_m3_a.sum(),
        equivalents=loads.equivalents.sum(),
        exceedance=loads.exceedance.max(),
        exceeding=(loads.exceedance > 1).sum(),
        top_substance=loads.substance.argmax(loads.equal_standard_m3_a),
    )
    return sums.left_join(flows, "site").drop("site_right")
