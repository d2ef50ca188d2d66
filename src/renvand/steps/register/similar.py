"""Records without registry numbers: how likely two speak of one site, by a model learnt from them.

Fellegi and Sunter's model as splink fits it: in DuckDB, or on a Spark cluster.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from renvand.errors import Fault, FileError
from renvand.steps.register.engine import DUCKDB, spark

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["name", "text", "code", "word"]
FEWEST_PAIRS = 1_000_000  # random pairs that tell how often two strangers agree
LEAST = 1e-4  # probability below which a pair is not worth telling
RECALL = 0.8  # share of true pairs that the certain rules are taken to find; a start, not a result


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is compared, and which pairs are looked at."""

    fields: Mapping[str, Kind]  # column: how its values are compared
    blocks: Sequence[Sequence[str]]  # pairs that agree on all columns of one block are looked at
    certain: Sequence[Sequence[str]] = ()  # agreement that hardly errs: tells how many pairs match
    training: Sequence[Sequence[str]] = ()  # blocks within which agreement is learnt, each in turn
    label: str = ""  # column of what is known to be the same: agreement is learnt from it instead


def pairs(
    left: pd.DataFrame,
    right: pd.DataFrame | None = None,
    *,
    plan: Plan,
    seed: int = 0,
    engine: str = DUCKDB,
) -> pd.DataFrame:
    """Find pairs of records that may be the same.

    Not to be used before registry numbers and exact names have been: they beat similarity. The
    probabilities are not calibrated where fields depend on each other (address and district do);
    learn the threshold from labelled pairs, see :mod:`renvand.steps.register.threshold`.

    Parameters
    ----------
    left : DataFrame
        With ``id`` and the columns of the plan, as text; empty cells tell nothing.
    right : DataFrame, optional
        Another list; left out, pairs within `left` are looked for.
    plan : Plan
        What is compared.
    seed : int
        Of the random pairs.
    engine : str
        See :func:`renvand.steps.register.engine.connected`. Probabilities of two engines differ a
        little: their random pairs do.

    Returns
    -------
    DataFrame
        ``first, second`` (ids) and ``probability``, best first.

    References
    ----------
    fellegi_sunter1969
    """
    lists = [table for table in (left, right) if table is not None]
    if engine == DUCKDB:
        import duckdb
        from splink import DuckDBAPI

        connection = duckdb.connect()
        connection.execute("SET threads = 1")
        try:
            return _fitted(DuckDBAPI(connection=connection), lists, plan=plan, seed=seed)
        finally:
            connection.close()
    with spark(engine, jars=_jar()) as session:
        from splink import SparkAPI

        backend = SparkAPI(spark_session=session, break_lineage_method="persist")
        return _fitted(backend, lists, plan=plan, seed=seed)


def _jar() -> str:
    """Name the archive with the comparisons of texts that splink brings to Spark."""
    from splink.backends.spark import similarity_jar_location

    return similarity_jar_location()


def _fitted(engine: Any, given: Sequence[pd.DataFrame], *, plan: Plan, seed: int) -> pd.DataFrame:
    from splink import Linker, SettingsCreator, block_on

    frames = [
        engine.register(_plain(table, plan), dataset_display_name=f"list_{n}")
        for n, table in enumerate(given)
    ]
    settings = SettingsCreator(
        link_type="dedupe_only" if len(given) == 1 else "link_only",
        unique_id_column_name="id",
        comparisons=[_comparison(name, kind) for name, kind in plan.fields.items()],
        blocking_rules_to_generate_predictions=[block_on(*block) for block in plan.blocks],
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
    )
    linker = Linker(frames if len(frames) > 1 else frames[0], settings)
    logging.getLogger("splink").setLevel(logging.ERROR)  # it tells every step of its way
    certain = [[plan.label]] if plan.label else plan.certain
    linker.training.estimate_probability_two_random_records_match(
        [block_on(*rule) for rule in certain], recall=1.0 if plan.label else RECALL
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=FEWEST_PAIRS, seed=seed)
    if plan.label:
        linker.training.estimate_m_from_label_column(plan.label)
    for block in plan.training:
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*block))
    found = linker.inference.predict(threshold_match_probability=LEAST).as_pandas_dataframe()
    found = found.rename(
        columns={"id_l": "first", "id_r": "second", "match_probability": "probability"}
    )[["first", "second", "probability", "match_weight"]]
    order = ["match_weight", "first", "second"]
    found = found.sort_values(order, ascending=[False, True, True], ignore_index=True)
    return found.drop(columns="match_weight")


def _plain(table: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Keep the columns of the plan; empty texts become missing."""
    rules = (*plan.blocks, *plan.certain, *plan.training, *([[plan.label]] if plan.label else []))
    columns = list(dict.fromkeys(["id", *plan.fields, *(name for rule in rules for name in rule)]))
    lost = [name for name in columns if name not in table]
    if lost:
        raise FileError(
            Fault(where="list", what=f"has no column '{name}'.", do="Map it, or leave it out.")
            for name in lost
        )
    kept = table[columns].astype("object")
    return kept.where((kept != "") & kept.notna(), None)


def _comparison(column: str, kind: Kind) -> Any:
    from splink import comparison_library as library

    if kind == "name":
        return library.JaroWinklerAtThresholds(column, [0.95, 0.88, 0.8])
    if kind == "text":
        return library.JaroWinklerAtThresholds(column, [0.95, 0.88])
    if kind == "code":
        return library.LevenshteinAtThresholds(column, [1, 2])
    return library.ExactMatch(column).configure(term_frequency_adjustments=True)


def grouped(found: pd.DataFrame, threshold: float) -> dict[str, str]:
    """Give every record of a pair above the threshold the smallest id of its group.

    What is alike to the same is taken as the same: pairs that were not looked at join their
    group.

    Parameters
    ----------
    found : DataFrame
        From :func:`pairs`.
    threshold : float
        Learnt from labelled pairs.
    """
    kept = found[found["probability"] >= threshold]
    head: dict[str, str] = {}

    def find(item: str) -> str:
        while head.setdefault(item, item) != item:
            head[item] = head[head[item]]
            item = head[item]
        return item

    for first, second in zip(kept["first"], kept["second"], strict=True):
        a, b = sorted((find(first), find(second)))
        head[b] = a
    return {item: find(item) for item in head}


def mutual(found: pd.DataFrame) -> pd.DataFrame:
    """Keep pairs of which each is the other's best: one record of a list has one partner."""
    best_first = found.drop_duplicates("first")
    best_second = found.drop_duplicates("second")
    return found.loc[best_first.index.intersection(best_second.index)].reset_index(drop=True)
