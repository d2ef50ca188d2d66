"""The figures of the plants that reach a reader, each with its origins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from renvand.steps.case import CaseData, records
from renvand.steps.plants.choose import Choice
from renvand.trace import Figure, Origin

if TYPE_CHECKING:
    import pandas as pd

# column of the key figures: unit, how it was made, columns of operation.csv it was made of
SHOWN = {
    "kwh_m3": (
        "kWh/m3",
        "Electricity of the sound months over their volume.",
        "electricity_kwh, flow_m3_d",
    ),
    "kwh_pe_cod": (
        "kWh/(PE a)",
        "Electricity over persons by COD, 120 g a day.",
        "electricity_kwh, cod_in_mg_l",
    ),
    "kwh_pe_bod": (
        "kWh/(PE a)",
        "Electricity over persons by BOD, 60 g a day.",
        "electricity_kwh, bod_in_mg_l",
    ),
    "kwh_kg_tpe": (
        "kWh/kg",
        "Electricity over COD + 20 nitrogen + 100 phosphorus removed.",
        "electricity_kwh, cod, tn, tp in and out",
    ),
    "load": ("1", "Mean flow of the sound months over capacity.", "flow_m3_d"),
    "bod_tn": (
        "g/g",
        "Mean BOD over mean total nitrogen of the inflow.",
        "bod_in_mg_l, tn_in_mg_l",
    ),
    "tn_out": ("mg/l", "Total nitrogen of the outflow, weighted by volume.", "tn_out_mg_l"),
}


def figures(case: CaseData, kpis: pd.DataFrame, *, choice: Choice) -> tuple[Figure, ...]:
    """Make the figures: key figures of every plant, then places of those compared.

    Parameters
    ----------
    case : CaseData
        For the source of each plant's data.
    kpis : DataFrame
        Of :func:`benchmark`.
    choice : Choice
        Of :func:`choose.shortlist`.
    """
    made: list[Figure] = []
    for row in records(kpis.reset_index()):
        plant = str(row["plant"])
        for column, (unit, method, columns) in SHOWN.items():
            value = float(row[column])
            if value == value:
                made.append(
                    Figure(
                        id=f"plants.{plant}.{column}",
                        value=value,
                        unit=unit,
                        method=method,
                        made_of=(operation(case, plant, columns=columns),),
                    )
                )
    known = {figure.id for figure in made}
    likely = choice.places.probability_first(min(3, len(choice.places.alternatives)))
    for i, plant in enumerate(choice.places.alternatives):
        parts = tuple(name for c in SHOWN if (name := f"plants.{plant}.{c}") in known)
        for what, value, method in (
            ("value", choice.ranking.score[i], "Weighted sum of the indicators, 0 to 1."),
            ("probability", likely[i], "Share of draws of weights and months with a place 1 to 3."),
        ):
            made.append(
                Figure(
                    id=f"plants.{plant}.{what}",
                    value=float(value),
                    unit="1",
                    method=method,
                    made_of=(*parts, _row(case, plant)),
                )
            )
    return tuple(made)


def operation(case: CaseData, plant: str, *, columns: str) -> Origin:
    """Point at the months of a plant; they share source and basis."""
    table = case.plant_folders[plant].tables["operation"]
    months = table["month"].astype(str)
    row = records(table)[0]
    return Origin(
        file=f"plants/{plant}/operation.csv",
        row=f"{months.min()} to {months.max()}",
        column=columns,
        basis=row["basis"],
        source=str(row["source"]),
        confidence=row["confidence"] or "low",
    )


def _row(case: CaseData, plant: str) -> Origin:
    row = next(r for r in records(case.tables["plants"]) if r["id"] == plant)
    return Origin(
        file="plants.csv",
        row=plant,
        basis=row["basis"],
        source=str(row["source"]),
        locator=str(row["locator"] or ""),
        confidence=row["confidence"] or "low",
    )
