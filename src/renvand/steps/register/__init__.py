"""Step 1: from lists as received to one clean, linked, ranked and mapped register."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from renvand.errors import Fault, FileError
from renvand.steps.case import CaseData
from renvand.steps.outcome import Outcome

if TYPE_CHECKING:
    import pandas as pd

    from renvand.steps.register.doubts import Doubt
    from renvand.steps.register.likely import Likely

_CHANGE = ("where", "column", "rule", "old", "new")
_DOUBT = ("first", "first_name", "second", "second_name", "score", "reason")
_NAMES = ("name_zh", "name_en", "division", "sector")  # beside the id, where places are told
_NEEDED = {
    "register": ("water_standard", "water_class"),
    "ranking": ("weights",),
}


def register(case: CaseData, *, engine: str = "duckdb") -> Outcome:
    """Make the register of a case.

    Parameters
    ----------
    case : CaseData
        Own records, the inbox with its mapping, reaches.
    engine : str
        Where loads and places are worked out: 'duckdb', or the master of a Spark cluster such as
        'spark://host:7077'; see :func:`renvand.steps.register.engine.connected`.

    Returns
    -------
    Outcome
        Tables ``enterprises``, ``outlets``, ``permit_limits``, ``observations``, ``loads``,
        ``ranking``, ``changes`` (the diary), ``doubts`` (pairs for a person to decide); the map
        in ``extras["map"]``, how the queue's threshold was learnt in ``extras["linkage"]``.

    Raises
    ------
    FileError
        When a list or a setting cannot be read.
    """
    from renvand.steps.register.decisions import decisions
    from renvand.steps.register.factors import standard_origins
    from renvand.steps.register.figures import figures
    from renvand.steps.register.gathered import gathered
    from renvand.steps.register.measure import gaps, measure
    from renvand.steps.register.places import as_geojson
    from renvand.steps.register.plausible import beyond, judged, sectorless, strangers
    from renvand.steps.register.rank import rank
    from renvand.steps.register.records import gather
    from renvand.steps.register.tidy import tidy

    _check(case)
    decided = decisions(case)
    made = gather(case, decided)
    tables = tidy(made)
    tables["observations"], slips, changes = judged(tables["observations"], decided)
    loads, sites = measure(tables, case, engine=engine)
    findings = [
        *made.findings,
        *slips,
        *beyond(loads),
        *strangers(sites, case.knowledge),
        *sectorless(sites),
        *gaps(loads),
    ]
    ranking = rank(sites, case.settings["ranking"], seed=case.settings["case"]["seed"])
    sites = sites.merge(ranking[["id", "rank", "probability_first"]], on="id", how="left")
    sites = sites.sort_values(["rank", "id"], ignore_index=True)
    named = ranking[["rank", "id"]].merge(sites[["id", *_NAMES]], on="id")
    return Outcome(
        tables={
            "enterprises": sites,
            **{name: tables[name] for name in ("outlets", "permit_limits", "observations")},
            "loads": loads,
            "ranking": named.merge(ranking, on=["rank", "id"]),
            "changes": _table([vars(c) for c in (*made.changes, *changes)], _CHANGE),
            "doubts": _table(_doubts(made.doubts, sites), _DOUBT),
        },
        figures=tuple(
            figures(
                tables["observations"],
                loads,
                ranking=ranking,
                standards=standard_origins(case.settings["register"], knowledge=case.knowledge),
            )
        ),
        findings=tuple(gathered(findings)),
        extras={"map": as_geojson(sites), "linkage": _linkage(made.likely)},
    )


def _linkage(likely: Likely) -> dict[str, float | int | None]:
    """Tell how the threshold of the review queue was learnt, and how good it proved."""
    quality = likely.quality
    return {
        "labelled_pairs": likely.labelled,
        "threshold": quality.threshold if quality else None,
        "precision": quality.precision if quality else None,
        "recall": quality.recall if quality else None,
    }


def _doubts(found: Iterable[tuple[str, str, Doubt]], sites: pd.DataFrame) -> list[dict[str, Any]]:
    """Tell the pairs with the names that a person compares."""
    shown = sites["name_zh"].where(sites["name_zh"] != "", sites["name_en"])
    names = dict(zip(sites["id"], shown, strict=True))
    return [
        {
            "first": first,
            "first_name": names.get(first, ""),
            "second": second,
            "second_name": names.get(second, ""),
            "score": doubt.score,
            "reason": doubt.reason,
        }
        for first, second, doubt in found
    ]


def _table(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows, columns=list(columns))


def _check(case: CaseData) -> None:
    faults = [
        Fault(where=f"case.toml, [{section}]", what=f"lacks '{key}'.", do="Add it.")
        for section, keys in _NEEDED.items()
        for key in keys
        if key not in case.settings.get(section, {})
    ]
    if faults:
        raise FileError(faults)
