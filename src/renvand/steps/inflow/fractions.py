"""From routine analyses of an inflow to the components of an activated sludge model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from renvand.errors import Fault, FileError, near
from renvand.process.model import Array, Model

if TYPE_CHECKING:
    import pandas as pd

Mask = NDArray[np.bool_]
# roeleveld2002 (STOWA), quoted from notes and not read: confidence low
INERT_OF_EFFLUENT = 0.9  # of dissolved COD in the effluent of a low-loaded plant is inert
BOD_YIELD = 0.15  # of the biodegradable COD becomes inert while the BOD is measured
BOD_DAYS = 5.0  # d
BOD_RATE, BOD_RATE_RANGE = 0.23, (0.15, 0.35)  # 1/d, usual for domestic sewage
SOLUBLE_SHARE = 132.0 / 300.0  # of COD, where not measured: one published sewage (metcalf2014), low
# Shares of COD in BSM1's inflow (bsm1_2018), for rows whose BOD cannot be: confidence low
TYPICAL = {"S_I": 30.0, "S_S": 69.5, "X_I": 51.2, "X_S": 202.32 + 28.17}
ALKALINITY = 7.0  # mol/m³, where not measured: bsm1_2018
COLUMNS = {
    "cod": "COD [g/m³]",
    "cod_soluble": "dissolved COD [g/m³]",
    "bod5": "BOD5 [g/m³]",
    "nh4": "ammonium nitrogen [g/m³]",
    "tkn": "Kjeldahl nitrogen [g/m³]",
    "cod_effluent_soluble": "dissolved COD of the effluent [g/m³]",
    "alkalinity": "alkalinity [mol/m³]",
}
NEEDED = ("cod", "nh4", "tkn", "cod_effluent_soluble")


@dataclass(frozen=True, kw_only=True)
class Fractions:
    """Components of the inflow, row by row, and how sure they are."""

    components: Mapping[str, Array]  # (row,)  [g/m³, S_ALK mol/m³]
    confidence: tuple[str, ...]  # of each row: medium, or low where a share was assumed
    findings: tuple[Fault, ...]

    def frame(self) -> pd.DataFrame:
        """Give a table with a column for each component, and 'confidence'."""
        import pandas as pd

        return pd.DataFrame({**self.components, "confidence": self.confidence})


def characterise(
    routine: pd.DataFrame, model: Model, *, bod_rate: float = BOD_RATE, name: str = "routine"
) -> Fractions:
    """Part COD and nitrogen of an inflow after the Dutch guideline (STOWA).

    For domestic sewage at plants that nitrify. Not for inflows with much industry, whose BOD needs
    its own rate. Dissolved: S_I = 0.9 COD_effluent, S_S = COD_soluble - S_I. Biodegradable:
    BCOD = BOD5 / (1 - exp(-5 k)) / (1 - 0.15), X_S = BCOD - S_S. The rest: X_I = COD - S_I - BCOD.
    Organic nitrogen that is not in X_I is spread over S_ND and X_ND as S_S and X_S are.

    Parameters
    ----------
    routine : DataFrame
        Columns of :data:`COLUMNS`; cod_soluble, bod5 and alkalinity may lack or have gaps.
    model : Model
        asm1, or one with the same components; its nitrogen contents close the balance.
    bod_rate : float
        k above. [1/d]
    name : str
        Of the table, for what is said of it.

    Returns
    -------
    Fractions
        A row whose X_I or X_S would be negative gets typical shares of COD, and a finding.

    Raises
    ------
    FileError
        With all faults: columns that lack, gaps where a number is needed, TKN below NH4.

    References
    ----------
    roeleveld2002
    """
    _check(routine, bod_rate=bod_rate, name=name)
    cod = routine["cod"].to_numpy(float)
    S_I = np.minimum(INERT_OF_EFFLUENT * _column(routine, "cod_effluent_soluble"), cod)
    soluble = _column(routine, "cod_soluble")
    assumed = np.isnan(soluble)
    soluble = np.where(assumed, SOLUBLE_SHARE * cod, soluble)
    S_S = soluble - S_I
    ultimate = _column(routine, "bod5") / (1.0 - np.exp(-BOD_DAYS * bod_rate))
    degradable = ultimate / (1.0 - BOD_YIELD)
    X_S, X_I = degradable - S_S, cod - S_I - degradable
    parts = {"S_I": S_I, "S_S": S_S, "X_I": X_I, "X_S": X_S}
    odd = ~np.all([part >= 0 for part in parts.values()], axis=0)  # also where BOD5 lacks
    findings = _findings(routine, odd, parts, name=name)
    whole = sum(TYPICAL.values())
    parts = {n: np.where(odd, TYPICAL[n] / whole * cod, part) for n, part in parts.items()}
    nitrogen, more = _nitrogen(routine, parts, model, name=name)
    alkalinity = _column(routine, "alkalinity")
    charge = {"S_ALK": np.where(np.isnan(alkalinity), ALKALINITY, alkalinity)}
    found = {**parts, **nitrogen, **charge}
    empty = np.zeros(len(cod))
    return Fractions(
        components={c: found.get(c, empty) for c in model.components},
        confidence=tuple("low" if o or a else "medium" for o, a in zip(odd, assumed, strict=True)),
        findings=(*findings, *more),
    )


def _column(routine: pd.DataFrame, name: str) -> Array:
    if name in routine:
        return routine[name].to_numpy(float)
    return np.full(len(routine), np.nan)


def _nitrogen(
    routine: pd.DataFrame, parts: Mapping[str, Array], model: Model, *, name: str
) -> tuple[dict[str, Array], list[Fault]]:
    """Spread organic nitrogen; what inert particles hold is taken off first."""
    S_NH, total = routine["nh4"].to_numpy(float), routine["tkn"].to_numpy(float)
    held = model.values["i_XP"] * parts["X_I"]
    free = total - S_NH - held
    degradable = parts["S_S"] + parts["X_S"]
    dissolved = np.divide(
        parts["S_S"], degradable, out=np.zeros_like(degradable), where=degradable > 0
    )
    findings = [
        Fault(
            where=f"{name}, row {i + 1}, tkn",
            what=f"leaves {free[i]:.3g} gN/m³ of organic nitrogen beside inert particles.",
            do="Check TKN and NH4; the balance of nitrogen is kept by taking it from ammonium.",
        )
        for i in np.flatnonzero(free < 0)
    ]
    spread = np.maximum(free, 0.0)
    return {
        "S_NH": S_NH + np.minimum(free, 0.0),
        "S_ND": dissolved * spread,
        "X_ND": (1.0 - dissolved) * spread,
    }, findings


def _findings(
    routine: pd.DataFrame, odd: Mask, parts: Mapping[str, Array], *, name: str
) -> list[Fault]:
    """Say of the odd rows in one breath which BOD lacks and which cannot be."""
    lacks = odd & np.isnan(_column(routine, "bod5"))
    wrong = odd & ~lacks
    do = "Typical shares of COD are taken, confidence low. Measure it on some days."
    found: list[Fault] = []
    if lacks.any():
        what = f"is not given in {_rows(lacks)}."
        found.append(Fault(where=f"{name}, bod5", what=what, do=do))
    if wrong.any():
        lowest = {part: float(values[wrong].min()) for part, values in parts.items()}
        worst = min(lowest, key=lambda part: lowest[part])
        what = f"does not fit COD in {_rows(wrong)}: {worst} would be {lowest[worst]:.3g} g/m³."
        do = "Check BOD5 and COD. Typical shares of COD are taken, confidence low."
        found.append(Fault(where=f"{name}, bod5", what=what, do=do))
    return found


def _rows(here: Mask) -> str:
    """Name rows, counted from 1, at most five."""
    numbers = [str(i + 1) for i in np.flatnonzero(here)]
    more = f" and {len(numbers) - 5} more" if len(numbers) > 5 else ""
    return f"row {', '.join(numbers[:5])}{more}"


def _check(routine: pd.DataFrame, *, bod_rate: float, name: str) -> None:
    faults: list[Fault] = []
    for column in routine.columns:
        if column not in COLUMNS:
            do = near(str(column), COLUMNS)
            faults.append(Fault(where=f"{name}, column '{column}'", what="is not known.", do=do))
    for column in NEEDED:
        if column not in routine:
            do = f"Add {COLUMNS[column]}."
            faults.append(Fault(where=name, what=f"lacks column '{column}'.", do=do))
        else:
            faults.extend(_needed_faults(routine[column], f"{name}, {column}"))
    low, high = BOD_RATE_RANGE
    if not low <= bod_rate <= high:
        do = f"Take one from {low:g} to {high:g} 1/d, or check the BOD."
        faults.append(Fault(where="bod_rate", what=f"is {bod_rate:g} 1/d.", do=do))
    if not faults:
        below = routine["tkn"] < routine["nh4"]
        for i in np.flatnonzero(below)[:5]:
            what = f"{routine['tkn'].iloc[i]:g} is below the ammonium."
            where = f"{name}, row {i + 1}, tkn"
            faults.append(Fault(where=where, what=what, do="Check both."))
    if faults:
        raise FileError(faults)


def _needed_faults(cells: Any, where: str) -> list[Fault]:
    values = cells.to_numpy(float)
    wrong = np.flatnonzero(~(values >= 0))[:5]
    return [
        Fault(where=f"{where}, row {i + 1}", what=f"is {values[i]:g}.", do="Give 0 or more.")
        for i in wrong
    ]
