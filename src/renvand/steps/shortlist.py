"""Step 3: the companies to review, chosen together under constraints by integer programming."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from renvand.errors import Fault, SolveError
from renvand.steps.case import CaseData, records
from renvand.steps.outcome import Outcome
from renvand.trace import Figure

if TYPE_CHECKING:
    import pandas as pd

LARGEST_SHARE_OF_ONE_SIZE = 0.6  # small, medium and large companies shall all be seen
UNKNOWN = "unknown"  # size of a site that no list gives a discharge of
WILLING_BONUS = 0.25  # value of a company that has agreed; a quarter of the best possible value


def shortlist(case: CaseData, register: Outcome, *, sectors: Outcome) -> Outcome:
    """Choose the companies that together represent the chosen sectors.

    Parameters
    ----------
    case : CaseData
        ``[shortlist]`` of its settings: ``size``, ``reserves``, ``per_division``.
    register, sectors : Outcome
        Of steps 1 and 2.

    Returns
    -------
    Outcome
        Table ``companies``: the chosen and, of each sector, the reserves in order; ``reasons``
        names what speaks for a company: *best-of-sector*, *willing*, *exceeding* a limit.

    Raises
    ------
    SolveError
        When no choice meets all constraints.
    """
    settings = case.settings["shortlist"]
    comparison = sectors.tables["comparison"]
    chosen = list(comparison.loc[comparison["is_chosen"], "sector"])
    pool = _pool(register, chosen)
    picked = _choose(pool, settings, chosen)
    pool["state"] = np.where(picked, "chosen", "")
    for sector in chosen:
        rest = pool[(pool["sector"] == sector) & (pool["state"] == "")].sort_values(
            ["worth", "id"], ascending=[False, True]
        )
        for place, i in enumerate(rest.index[: settings.get("reserves", 0)], start=1):
            pool.loc[i, "state"] = f"reserve {place}"
    pool["reasons"] = _reasons(pool)
    made = pool[pool["state"] != ""].sort_values(["sector", "state", "rank"], ignore_index=True)
    return Outcome(tables={"companies": made}, figures=tuple(_figures(made)))


def _pool(register: Outcome, chosen: list[str]) -> pd.DataFrame:
    """Give the ranked sites of the chosen sectors, with worth and size class."""
    import pandas as pd

    ranking = register.tables["ranking"][["id", "value"]]
    sites = register.tables["enterprises"]
    pool = sites[sites["sector"].isin(chosen)].merge(ranking, on="id")
    columns = ["id", "name_zh", "name_en", "sector", "division", "rank", "value", "is_willing"]
    pool = pool[[*columns, "discharge_m3_d", "exceedance"]].reset_index(drop=True)
    pool["worth"] = pool["value"] + WILLING_BONUS * pool["is_willing"].astype(float)
    places = pool.groupby("sector")["discharge_m3_d"].rank(pct=True)
    pool["size"] = pd.cut(places, [0, 1 / 3, 2 / 3, 1], labels=["small", "medium", "large"])
    pool["size"] = pool["size"].astype("object").fillna(UNKNOWN)
    return pool


def _reasons(pool: pd.DataFrame) -> list[str]:
    best = set(pool.groupby("sector")["value"].idxmax())
    return [
        " ".join(
            word
            for word, is_so in (
                ("best-of-sector", at in best),
                ("willing", row["is_willing"]),
                ("exceeding", row["exceedance"] > 1),
            )
            if is_so
        )
        for at, row in zip(pool.index, records(pool), strict=True)
    ]


def _choose(
    pool: pd.DataFrame, settings: Mapping[str, Any], chosen: list[str]
) -> NDArray[np.bool_]:
    """Solve: most worth, so many, at most so many a district, both sectors, sizes spread."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    size = settings["size"]
    if pool.empty:
        raise _unmet(size, chosen)
    rows: list[NDArray[np.float64]] = [np.ones(len(pool))]
    low, high = [float(size)], [float(size)]
    for sector in chosen:
        rows.append(np.asarray(pool["sector"] == sector, dtype=np.float64))
        low.append(size // len(chosen))
        high.append(size)
    per_division = settings.get("per_division", size)  # left out: as many as there are
    for name, most in (("division", per_division), ("size", _most(settings))):
        for value in sorted(set(pool[name]) - {UNKNOWN}):  # not known is no size that all share
            rows.append(np.asarray(pool[name] == value, dtype=np.float64))
            low.append(0)
            high.append(most)
    found = milp(
        -pool["worth"].to_numpy(),
        constraints=LinearConstraint(np.array(rows), low, high),
        bounds=Bounds(0, 1),
        integrality=np.ones(len(pool), dtype=np.int8),
    )
    if found.x is None:
        raise _unmet(size, chosen)
    return np.asarray(found.x > 0.5)


def _unmet(size: int, chosen: list[str]) -> SolveError:
    return SolveError(
        Fault(
            where="case.toml, [shortlist]",
            what=f"no {size} companies of {', '.join(chosen)} meet all constraints.",
            do="Allow more per division or size, fewer per sector, or a smaller size.",
        )
    )


def _most(settings: Mapping[str, Any]) -> float:
    return float(np.ceil(settings["size"] * LARGEST_SHARE_OF_ONE_SIZE))


def _figures(companies: pd.DataFrame) -> list[Figure]:
    return [
        Figure(
            id=f"shortlist.{row['id']}.worth",
            value=row["worth"],
            unit="1",
            method="value in the ranking of the register, plus a bonus for a company that agreed",
            made_of=(f"register.{row['id']}.probability_first",),
        )
        for row in records(companies)
    ]
