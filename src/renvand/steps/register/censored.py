"""The mean of samples of which some lie below a reporting limit, as Ibis expressions."""

from __future__ import annotations

from typing import Any, TypeAlias

Table: TypeAlias = Any  # an Ibis table: its columns have no static types

FEWEST_DETECTED = 3  # a line through two points always fits; helsel2012 asks for more
# Rational approximation of the normal quantile, wichura1988 (AS 241, seven digits): numerator and
# denominator, lowest power first. Its third branch, beyond 1.4e-11, no list of samples reaches.
_MIDDLE = (
    (3.3871327179, 50.434271938, 159.29113202, 59.109374720),
    (1.0, 17.895169469, 78.757757664, 67.187563600),
)
_TAIL = (
    (1.4234372777, 2.7568153900, 1.3067284816, 0.17023821103),
    (1.0, 0.73700164250, 0.12021132975),
)


def by_regression(samples: Table, keys: list[str]) -> Table:
    """Estimate means by robust regression on order statistics, lognormal.

    Detected values keep their value. What was not detected is filled in from the line through
    the detected ones on lognormal paper, at plotting positions that respect every reporting
    limit. A reporting limit above all detected values tells nothing and is left out.

    Parameters
    ----------
    samples : table
        The `keys`, ``concentration_mg_l`` (the reporting limit when censored), ``is_censored``.
    keys : list of str
        What makes a group.

    Returns
    -------
    table
        The `keys` and ``regression_mg_l``, of groups with at least :data:`FEWEST_DETECTED`
        detected values above zero; other groups are left out.

    References
    ----------
    helsel_cohn1988
    """
    import ibis

    placed = with_quantile(_placed(samples, keys))
    group = ibis.window(group_by=keys)
    is_detected = ~placed.is_censored
    placed = placed.mutate(
        lnx=is_detected.ifelse(placed.x.log(), ibis.null("float64")),
        zd=is_detected.ifelse(placed.z, ibis.null("float64")),
    )
    placed = placed.mutate(
        mean_z=placed.zd.mean().over(group),
        mean_x=placed.lnx.mean().over(group),
        mean_zx=(placed.zd * placed.lnx).mean().over(group),
        mean_zz=(placed.zd * placed.zd).mean().over(group),
    )
    slope = (placed.mean_zx - placed.mean_z * placed.mean_x) / (
        placed.mean_zz - placed.mean_z * placed.mean_z
    )
    filled = (placed.mean_x + slope * (placed.z - placed.mean_z)).exp()
    placed = placed.mutate(filled=placed.is_censored.ifelse(filled, placed.x))
    return placed.group_by(keys).aggregate(regression_mg_l=placed.filled.mean())


def _placed(samples: Table, keys: list[str]) -> Table:
    """Give every sample its plotting position ``p``.

    The reporting limits cut the axis into levels; ``q`` is the share of all samples that lies
    below a level, counted down from the highest like a survival curve.
    """
    import ibis

    group = ibis.window(group_by=keys)
    t = samples.select(*keys, "is_censored", x=samples.concentration_mg_l)
    t = t.filter(t.x > 0)
    t = t.mutate(
        detected=(~t.is_censored).sum().over(group),
        highest=t.is_censored.ifelse(0.0, t.x).max().over(group),
    )
    t = t.filter(t.detected >= FEWEST_DETECTED, ~t.is_censored | (t.x <= t.highest))
    upto = ibis.range_window(preceding=None, following=0, group_by=keys, order_by="x")
    t = t.mutate(level=t.is_censored.ifelse(t.x, 0.0).max().over(upto))
    rank = ibis.row_number().over(group_by=[*keys, "level", "is_censored"], order_by="x") + 1
    t = t.mutate(rank=rank)
    counts = t.group_by(*keys, "level").aggregate(
        above=(~t.is_censored).sum(), censored=t.is_censored.sum()
    )
    upwards = ibis.cumulative_window(group_by=keys, order_by="level")
    downwards = ibis.cumulative_window(group_by=keys, order_by=ibis.desc("level"))
    here = (counts.above + counts.censored).sum().over(upwards)
    counts = counts.mutate(share=(here - counts.above) / here)
    below = (counts.level > 0).ifelse(counts.share, 1.0).log().sum().over(downwards).exp()
    counts = counts.mutate(q=(counts.level > 0).ifelse(below, 0.0))
    above = counts.q.lead().over(group_by=keys, order_by="level")
    counts = counts.mutate(q_above=ibis.coalesce(above, 1.0))
    t = t.inner_join(counts, [*keys, "level"], rname="{name}_level")
    p_detected = t.q + (t.q_above - t.q) * t["rank"] / (t.above + 1)
    p_censored = t.q * t["rank"] / (t.censored + 1)
    return t.mutate(p=t.is_censored.ifelse(p_censored, p_detected))


def with_quantile(table: Table) -> Table:
    """Add the quantile of the standard normal distribution, to seven digits.

    Each step is a column: written into the next, the query would grow tenfold, and be parsed anew
    for every part of a census.

    Parameters
    ----------
    table : table
        With ``p``, a probability between 1.4e-11 and 1 - 1.4e-11.

    Returns
    -------
    table
        `table` with ``z``.

    References
    ----------
    wichura1988
    """
    p = table.p
    tail = (p < 0.5).ifelse(p, 1 - p)
    made = table.mutate(off=p - 0.5, far=(-tail.log()).sqrt() - 1.6)
    made = made.mutate(near=0.180625 - made.off * made.off)
    inside = made.off * _polynomial(_MIDDLE[0], made.near) / _polynomial(_MIDDLE[1], made.near)
    outside = _polynomial(_TAIL[0], made.far) / _polynomial(_TAIL[1], made.far)
    outside = (made.off < 0).ifelse(-outside, outside)
    made = made.mutate(z=(made.off.abs() <= 0.425).ifelse(inside, outside))
    return made.drop("off", "far", "near")


def _polynomial(powers: tuple[float, ...], r: Any) -> Any:
    total = powers[-1]
    for factor in reversed(powers[:-1]):
        total = total * r + factor
    return total
