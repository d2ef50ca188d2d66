"""The rivers in pictures, in every language: a map by class, and profiles with their range."""

from __future__ import annotations

from renvand.steps.case import CaseData, records
from renvand.steps.effect.rivermap import river_map
from renvand.steps.effect.riverprofile import river_profile
from renvand.steps.outcome import Outcome


def pictures(case: CaseData, outcome: Outcome) -> dict[str, bytes]:
    """Draw what the effect shows, in every language.

    Parameters
    ----------
    case : CaseData
        Names and positions of the reaches.
    outcome : Outcome
        Of :func:`renvand.steps.effect.effect`.

    Returns
    -------
    dict
        SVG by file name: ``pictures/map-before.en.svg``, ``pictures/map-after.en.svg``, and
        ``pictures/profile-<reach>-<substance>.en.svg`` for each place where something is removed.
    """
    drawn: dict[str, str] = {}
    profiles = outcome.tables["profile"]
    known = profiles[profiles["before_mg_l"].notna()]
    for language in case.languages:
        for when in ("before", "after"):
            drawn[f"map-{when}.{language}"] = river_map(outcome, when=when, language=language)
        for (start, substance), rows in known.groupby(["start", "substance"], sort=True):
            name = f"profile-{start}-{substance}.{language}"
            drawn[name] = river_profile(case, records(rows), language=language)
    return {f"pictures/{name}.svg": svg.encode() for name, svg in drawn.items()}
