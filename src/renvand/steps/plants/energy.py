"""How much energy a plant uses, against its work and against others of its size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from renvand.ranking import efficiency
from renvand.steps.plants.performance import DAYS_PER_YEAR

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]

PE_COD, PE_BOD, PE_N = 120.0, 60.0, 11.0  # g/(PE d), dwa-a131
TPE = {"cod": 1.0, "tn": 20.0, "tp": 100.0}  # kg COD equivalents a kg, longo2019
BEST_TENTH = 0.10  # quantile of the residuals that makes the frontier
OUTPUTS = ("cod", "tn", "tp")  # what the plants are there to remove


@dataclass(frozen=True, kw_only=True)
class Frontier:
    """Specific energy of plants under the same conditions, log-linear."""

    intercept: float
    slopes: Mapping[str, float]  # by column of the KPI table, on its logarithm
    shift: float  # residual of the best tenth

    def expected(self, kpis: pd.DataFrame) -> pd.Series:
        """What an average plant of these conditions uses. [kWh/m³]"""
        import pandas as pd

        logs = (b * np.log(kpis[name]) for name, b in self.slopes.items())
        expected = np.exp(self.intercept + sum(logs, start=np.zeros(len(kpis))))
        return pd.Series(expected, index=kpis.index)

    def reference(self, kpis: pd.DataFrame) -> pd.Series:
        """What the best tenth uses. [kWh/m³]"""
        return self.expected(kpis) * np.exp(self.shift)


@cache
def delta() -> Frontier:
    """Fit the frontier to the real plants that come with the package, less those with slips.

    References
    ----------
    yrd93
    """
    from renvand.knowledge import SHIPPED
    from renvand.steps.plants.slips import check, is_sound

    rows = SHIPPED.table("reference_plants").rename(columns=lambda name: name.removesuffix("_mg_l"))
    rows = rows.rename(columns={"id": "plant", "volume_m3_a": "volume_m3"})
    rows = rows.rename(columns={"electricity_kwh_a": "energy_kwh"})
    rows = rows.assign(period="2022", days=DAYS_PER_YEAR)
    slips = [slip for slip in check(rows) if not slip.rule.startswith("order")]
    return fit(kpis(rows[is_sound(rows, slips)].set_index("plant")))


def removed(year: pd.DataFrame, substance: str) -> pd.Series:
    """Mass removed in the period. [kg]"""
    return year["volume_m3"] * (year[f"{substance}_in"] - year[f"{substance}_out"]) / 1e3


def kpis(year: pd.DataFrame) -> pd.DataFrame:
    """Compute the key figures of each plant.

    Parameters
    ----------
    year : DataFrame
        Index ``plant``; of :func:`performance.yearly`.

    Returns
    -------
    DataFrame
        ``kwh_m3``; per person and year by COD, BOD and nitrogen (``kwh_pe_cod`` …): dilute
        sewage makes these look bad and the first good, so none is shown alone; per kg COD,
        total nitrogen and total pollution equivalent removed; ``load``; ratios of the influent.

    References
    ----------
    longo2019
    """
    import pandas as pd

    energy, volume, days = year["energy_kwh"], year["volume_m3"], year["days"]
    annual = DAYS_PER_YEAR / days

    def per_person(name: str, grams: float) -> pd.Series:
        return energy * annual / (volume * year[name] / days / grams)

    pollution = sum(weight * removed(year, s) for s, weight in TPE.items())
    return pd.DataFrame(
        {
            "flow_m3_d": volume / days,
            "load": volume / days / year["capacity_m3_d"],
            "energy_kwh_a": energy * annual,
            "kwh_m3": energy / volume,
            "kwh_pe_cod": per_person("cod_in", PE_COD),
            "kwh_pe_bod": per_person("bod_in", PE_BOD),
            "kwh_pe_n": per_person("tn_in", PE_N),
            "kwh_kg_cod": energy / removed(year, "cod"),
            "kwh_kg_tn": energy / removed(year, "tn"),
            "kwh_kg_tpe": energy / pollution,
            "cod_tn": year["cod_in"] / year["tn_in"],
            "bod_tn": year["bod_in"] / year["tn_in"],
            "bod_tp": year["bod_in"] / year["tp_in"],
        }
    )


def fit(figures: pd.DataFrame, conditions: tuple[str, ...] = ("flow_m3_d",)) -> Frontier:
    """Fit a frontier to a population of sound plants.

    Parameters
    ----------
    figures : DataFrame
        ``kwh_m3`` and the conditions, all above 0.
    conditions : tuple of str
        What a plant cannot help: size, load, strength of influent, demanded effluent.

    Returns
    -------
    Frontier
        Least squares of the logarithms, shifted to the best tenth.
    """
    logs = [np.log(figures[name].to_numpy(dtype=np.float64)) for name in conditions]
    matrix = np.column_stack([np.ones(len(figures)), *logs])
    target = np.log(figures["kwh_m3"].to_numpy(dtype=np.float64))
    solution = np.linalg.lstsq(matrix, target, rcond=None)[0]
    return Frontier(
        intercept=float(solution[0]),
        slopes=dict(zip(conditions, map(float, solution[1:]), strict=True)),
        shift=float(np.quantile(target - matrix @ solution, BEST_TENTH)),
    )


def envelopment(year: pd.DataFrame) -> pd.DataFrame:
    """Compare energy used for COD, nitrogen and phosphorus removed (data envelopment).

    Parameters
    ----------
    year : DataFrame
        At least a dozen sound plants, or nearly all look efficient.

    Returns
    -------
    DataFrame
        ``constant`` and ``variable`` returns to scale: the share of its energy that would do, an
        upper bound on saving; ``constant_low``, ``constant_high``: the same when any one of the
        efficient plants is left out. One wrong meter among them moves everybody.
    """
    import pandas as pd

    inputs = year[["energy_kwh"]]
    outputs = pd.DataFrame({s: removed(year, s).clip(lower=0.0) for s in OUTPUTS})
    whole = efficiency(inputs, outputs)
    others: list[Floats] = [whole.theta]
    for leader in np.flatnonzero(whole.is_efficient):
        rest = np.arange(len(year)) != leader
        theta = np.full(len(year), np.nan)
        theta[rest] = efficiency(inputs[rest], outputs[rest]).theta
        others.append(theta)
    return pd.DataFrame(
        {
            "constant": whole.theta,
            "constant_low": np.nanmin(others, axis=0),
            "constant_high": np.nanmax(others, axis=0),
            "variable": efficiency(inputs, outputs, returns="variable").theta,
        },
        index=year.index,
    )
