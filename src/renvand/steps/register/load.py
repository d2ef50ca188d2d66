"""Annual loads as Ibis expressions: DuckDB on a laptop, Spark on a cluster."""

from __future__ import annotations

from typing import Any, TypeAlias

from renvand.steps.register.censored import FEWEST_DETECTED, by_regression

Table: TypeAlias = Any  # an Ibis table: its columns have no static types

G_PER_KG = 1000.0
CENSORED_SHARE = 0.5  # of the reporting limit, where too few values are detected for a regression
KEYS = ["outlet", "substance"]


def by_outlet(observations: Table, *, is_one_year: bool = False) -> Table:
    """Give the annual load of each outlet and substance in its latest year.

    Parameters
    ----------
    observations : table
        ``outlet, substance, year, concentration_mg_l, is_censored, flow_m3_d, days, load_kg_a,
        suspect``; a load that the source gives counts before concentration times flow.
        ``suspect`` names the column that looks a power of ten off ('' for none); what it holds
        there counts in no mean.
    is_one_year : bool
        True where all observations are of one year, as in a census: saves looking for the latest.

    Returns
    -------
    table
        ``outlet, substance, year, samples, censored, suspects, concentration_mg_l, method,
        flow_m3_d, days, load_kg_a, load_low_kg_a, load_high_kg_a, gap``. ``method`` is *given*,
        *detected*, *regression* or *substitution*; the range is that of the censored samples, from
        nothing to their reporting limits; ``gap`` says what a load lacks.
    """
    import ibis

    latest = observations if is_one_year else _latest(observations)
    samples = latest.mutate(
        concentration_mg_l=_unless(latest, "concentration_mg_l"),
        flow_m3_d=_unless(latest, "flow_m3_d"),
    )
    means = _means(samples)
    some = means.filter(means.censored > 0, means.detected >= FEWEST_DETECTED)
    # begun anew from the observations: what two branches share, DuckDB writes out in between
    known = latest.filter(
        latest.suspect != "concentration_mg_l", latest.concentration_mg_l.notnull()
    )
    partly = known.select(*KEYS, "concentration_mg_l", "is_censored").semi_join(some, KEYS)
    made = means.left_join(by_regression(partly, KEYS), KEYS, rname="{name}_line")
    made = made.drop([f"{key}_line" for key in KEYS])
    method = ibis.cases(
        (made.given_kg_a.notnull(), "given"),
        (made.censored == 0, "detected"),
        (made.regression_mg_l.notnull(), "regression"),
        else_="substitution",
    )
    best = ibis.coalesce(made.regression_mg_l, made.half_mg_l)
    made = made.mutate(method=method, concentration_mg_l=best)
    volume = made.flow_m3_d * made.days / G_PER_KG  # 1000 m³/a
    made = made.mutate(
        load_kg_a=ibis.coalesce(made.given_kg_a, made.concentration_mg_l * volume),
        load_low_kg_a=ibis.coalesce(made.given_kg_a, made.low_mg_l * volume),
        load_high_kg_a=ibis.coalesce(
            made.given_kg_a,
            # the line may put a sample above its own reporting limit: the range holds it still
            ibis.greatest(made.high_mg_l, made.concentration_mg_l) * volume,
        ),
        gap=_gap(made),
    )
    spent = ("detected", "given_kg_a", "half_mg_l", "low_mg_l", "high_mg_l", "regression_mg_l")
    return made.drop(*spent)


def _latest(observations: Table) -> Table:
    """Keep each outlet's and substance's latest year."""
    import ibis

    window = ibis.window(group_by=["outlet", "substance"])
    dated = observations.mutate(last=observations.year.max().over(window))
    return dated.filter(dated.year == dated["last"]).drop("last")


def _unless(observations: Table, column: str) -> Any:
    """Give a column without what is suspected of a slip."""
    import ibis

    return (observations.suspect == column).ifelse(ibis.null("float64"), observations[column])


def _means(samples: Table) -> Table:
    import ibis

    value = samples.concentration_mg_l
    none = ibis.null("float64")
    share = samples.is_censored.ifelse(CENSORED_SHARE, 1.0)
    low = samples.is_censored.ifelse(0.0, 1.0)
    return samples.group_by(KEYS).aggregate(
        year=samples.year.arbitrary(),  # all are of the latest
        samples=samples.count(),
        censored=samples.is_censored.ifelse(value, none).count(),
        detected=samples.is_censored.ifelse(none, value).count(),
        suspects=(samples.suspect != "").sum(),
        half_mg_l=(value * share).mean(),
        low_mg_l=(value * low).mean(),
        high_mg_l=value.mean(),
        flow_m3_d=samples.flow_m3_d.mean(),
        days=samples.days.max(),
        given_kg_a=samples.load_kg_a.sum(),
    )


def _gap(loads: Table) -> Any:
    import ibis

    return ibis.cases(
        (loads.given_kg_a.notnull(), ""),
        (loads.half_mg_l.isnull(), "concentration"),
        (loads.flow_m3_d.isnull() & loads.days.isnull(), "flow and days"),
        (loads.flow_m3_d.isnull(), "flow"),
        (loads.days.isnull(), "days"),
        else_="",
    )
