"""Step 1: from lists as received to one clean, linked, ranked and mapped register."""

from __future__ import annotations

from renvand.errors import Fault, FileError
from renvand.steps.case import CaseData
from renvand.steps.outcome import Outcome

_NEEDED = {
    "register": ("water_standard", "water_class"),
    "ranking": ("weights",),
}


def register(case: CaseData) -> Outcome:
    """Make the register of a case.

    Parameters
    ----------
    case : CaseData
        Own records, the inbox with its mapping, reaches.

    Returns
    -------
    Outcome
        Tables ``enterprises``, ``outlets``, ``permit_limits``, ``observations``, ``loads``,
        ``ranking``, ``changes`` (the diary), ``doubts`` (pairs for a person to decide); the map
        in ``extras["map"]``.

    Raises
    ------
    FileError
        When a list or a setting cannot be read.
    """
    import pandas as pd

    from renvand.knowledge import sector_of
    from renvand.steps.register.figures import figures
    from renvand.steps.register.measure import measure
    from renvand.steps.register.places import as_geojson
    from renvand.steps.register.plausible import slips, strangers
    from renvand.steps.register.rank import rank
    from renvand.steps.register.records import gather
    from renvand.steps.register.tidy import tidy

    _check(case)
    made = gather(case)
    tables = tidy(made)
    is_suspect, suspects = slips(tables["observations"])
    tables["observations"]["is_suspect"] = is_suspect
    sound = tables["observations"][~is_suspect]
    loads, sites = measure({**tables, "observations": sound}, case)
    findings = [*made.findings, *suspects, *strangers(sites)]
    sites["sector"] = [sector_of(code) or "" for code in sites["sector_code"]]
    ranking = rank(sites, case.settings["ranking"], seed=case.settings["case"]["seed"])
    sites = sites.merge(ranking[["id", "rank", "probability_first"]], on="id", how="left")
    sites = sites.sort_values(["rank", "id"], ignore_index=True)
    doubts = [
        {"first": first, "second": second, "score": doubt.score, "reason": doubt.reason}
        for first, second, doubt in made.doubts
    ]
    return Outcome(
        tables={
            "enterprises": sites,
            **{name: tables[name] for name in ("outlets", "permit_limits", "observations")},
            "loads": loads,
            "ranking": ranking,
            "changes": pd.DataFrame(
                [vars(change) for change in made.changes],
                columns=["where", "column", "rule", "old", "new"],
            ),
            "doubts": pd.DataFrame(doubts, columns=["first", "second", "score", "reason"]),
        },
        figures=tuple(figures(sound, loads, ranking=ranking)),
        findings=tuple(findings),
        extras={"map": as_geojson(sites)},
    )


def _check(case: CaseData) -> None:
    faults = [
        Fault(where=f"case.toml, [{section}]", what=f"lacks '{key}'.", do="Add it.")
        for section, keys in _NEEDED.items()
        for key in keys
        if key not in case.settings.get(section, {})
    ]
    if faults:
        raise FileError(faults)
