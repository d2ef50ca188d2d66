"""Step 2: candidate sectors compared; two selected, with how sure the choice is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from renvand.errors import Fault, FileError
from renvand.ranking import additive, smaa
from renvand.steps.case import CaseData, records
from renvand.steps.outcome import Outcome
from renvand.trace import Figure, Origin

if TYPE_CHECKING:
    import pandas as pd

CONCENTRATION = 20.0  # of the weights: a weight of 0.3 has the standard deviation 0.1
RELATIVE_ERROR = 0.3  # of what a sector is measured by
DRAWS = 10_000
CRITERIA = ("load", "sites", "potential", "supply")


def sectors(case: CaseData, register: Outcome) -> Outcome:
    """Compare the candidate sectors on load, number of sites, potential and Danish supply.

    Parameters
    ----------
    case : CaseData
        ``[sectors]`` of its settings: ``candidates``, ``choose``, ``weights``.
    register : Outcome
        Of step 1.

    Returns
    -------
    Outcome
        Table ``comparison``, best first: the four criteria, value, ``probability_chosen``,
        ``is_chosen``; in ``extras["probability_of_choice"]`` how often random weights and data
        choose exactly these sectors.

    Raises
    ------
    FileError
        When no candidate has a site.
    """
    settings = case.settings["sectors"]
    comparison = _criteria(case, register, settings["candidates"])
    if (comparison["sites"] == 0).all():
        raise FileError(
            Fault(
                where="case.toml, sectors.candidates",
                what="name no sector that has a site in the register.",
                do="Check the sector codes of the lists.",
            )
        )
    values = comparison.set_index("sector")[list(CRITERIA)].astype("float64")
    values["load"] = np.log10(values["load"].clip(lower=1.0))
    weights: Mapping[str, float] = settings["weights"]
    ranking = additive(values, weights)
    errors = values * 0.0 + values.abs() * RELATIVE_ERROR
    errors["load"] = RELATIVE_ERROR / np.log(10)
    places = smaa(
        values,
        weights,
        concentration=CONCENTRATION,
        sd=errors,
        draws=DRAWS,
        first=settings["choose"],
        seed=case.settings["case"]["seed"],
    )
    sure = _of_choice(values, weights, errors=errors, case=case)
    comparison["value"] = ranking.score
    comparison["rank"] = ranking.rank
    comparison["probability_chosen"] = places.probability_first(settings["choose"])
    comparison["is_chosen"] = comparison["rank"] <= settings["choose"]
    comparison = comparison.sort_values("rank", ignore_index=True)
    chosen = tuple(
        f"sectors.{name}.probability_chosen"
        for name in comparison.loc[comparison["is_chosen"], "sector"]
    )
    choice = Figure(
        id="sectors.probability_of_choice",
        value=sure,
        unit="1",
        method="share of random draws of weights and data that choose exactly these sectors",
        made_of=chosen,
    )
    return Outcome(
        tables={"comparison": comparison},
        figures=(*_figures(comparison, register), choice),
        extras={"probability_of_choice": sure},
    )


def _of_choice(
    values: pd.DataFrame, weights: Mapping[str, float], *, errors: pd.DataFrame, case: CaseData
) -> float:
    """Give the probability that draws choose the very set that the best estimates choose.

    The draws are those of SMAA: weights around those given, normal errors, scales of the best
    estimates.
    """
    rng = np.random.default_rng(case.settings["case"]["seed"])
    first = case.settings["sectors"]["choose"]
    x, sd = values.to_numpy(), errors.to_numpy()
    w = np.array([weights.get(str(name), 0.0) for name in values])
    span = np.where(np.ptp(x, axis=0) > 0, np.ptp(x, axis=0), np.inf)
    drawn = x + sd * rng.standard_normal((DRAWS, *x.shape))
    mixed = rng.dirichlet(CONCENTRATION * w[w > 0] / w.sum(), DRAWS)
    scores = np.einsum("dsc,dc->ds", (drawn / span)[:, :, w > 0], mixed)
    best = np.argsort(-((x / span) @ w), kind="stable")[:first]
    last = np.delete(np.arange(len(x)), best)
    if not len(last):
        return 1.0
    return float((scores[:, best].min(axis=1) > scores[:, last].max(axis=1)).mean())


def _criteria(case: CaseData, register: Outcome, candidates: list[str]) -> pd.DataFrame:
    """Measure the candidates: load and sites from the register, the rest from the tables."""
    import pandas as pd

    sites = register.tables["enterprises"]
    technologies = case.table("technologies")
    suppliers = case.table("suppliers")
    rows: list[dict[str, Any]] = []
    for sector in candidates:
        own = sites[sites["sector"] == sector]
        fitting = technologies[
            technologies["sector"].fillna("").str.split("|").map(lambda s, t=sector: t in s)
        ]
        supplied = _supplied(fitting, suppliers)
        rows.append(
            {
                "sector": sector,
                "load": float(own["equal_standard_m3_a"].sum()),
                "sites": len(own),
                "exceeding": int((own["exceedance"] > 1).sum()),
                "potential": float(fitting["water_saving_typical"].max()) if len(fitting) else 0.0,
                "supply": len(supplied),
            }
        )
    return pd.DataFrame(rows)


def _supplied(technologies: pd.DataFrame, suppliers: pd.DataFrame) -> set[str]:
    """Name the technologies that at least one listed supplier offers."""
    offered = {
        name for names in suppliers["technologies"].dropna() for name in str(names).split("|")
    }
    return offered & set(technologies["id"])


def _figures(comparison: pd.DataFrame, register: Outcome) -> list[Figure]:
    known = {figure.id for figure in register.figures}
    sites = register.tables["enterprises"]
    made: list[Figure] = []
    for row in records(comparison):
        own = sites.loc[sites["sector"] == row["sector"], "id"]
        parts = tuple(
            name for site in own if (name := f"register.{site}.equal_standard_load") in known
        )
        registered = Origin(
            file="out/register/enterprises.csv",
            row=f"sector {row['sector']}",
            column="sector",
            value=f"{row['sites']} sites",
            basis="calculated",
        )
        load = f"sectors.{row['sector']}.load"
        method = "equal-standard loads of the sites of the sector, summed"
        made.append(
            Figure(
                id=load,
                value=row["load"],
                unit="m3/a",
                method=method,
                made_of=parts or (registered,),
            )
        )
        made.append(
            Figure(
                id=f"sectors.{row['sector']}.sites",
                value=float(row["sites"]),
                unit="1",
                method="sites of the sector in the register",
                made_of=(registered,),
            )
        )
        made.append(
            Figure(
                id=f"sectors.{row['sector']}.probability_chosen",
                value=row["probability_chosen"],
                unit="1",
                method="share of random draws of weights and data in which the sector is chosen",
                made_of=(load, registered),
            )
        )
    return made
