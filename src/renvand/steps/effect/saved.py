"""What the reviewed companies would no longer discharge: from water saved to kilograms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from renvand.knowledge import SHIPPED
from renvand.steps.case import CaseData, records
from renvand.steps.outcome import Outcome
from renvand.trace import Figure

if TYPE_CHECKING:
    import pandas as pd

DAYS_PER_YEAR = 365.0  # d/a
G_PER_KG = 1000.0


def removals(
    case: CaseData, *, review: Outcome, potential: Outcome
) -> tuple[pd.DataFrame, tuple[Figure, ...]]:
    """Give the load that each reviewed outlet loses when its package of options is built.

    A limit is a concentration, and a treatment plant is run to it: with less water the effluent
    keeps its concentrations and carries less. Where saved water takes its pollutants out with
    sludge or product, more is removed than said here.

    Parameters
    ----------
    case : CaseData
        Reviews and outlets.
    review, potential : Outcome
        Of steps 4 and 5.

    Returns
    -------
    DataFrame
        ``outlet, substance, kg_d, figure``: mean over the year. [kg/d] ``measure`` is the review,
        ``capital_a`` the yearly share of its investment and ``net_cost_a`` what the package costs
        a year, negative where it pays. [currency of the case]
    tuple of Figure
        One for each row.
    """
    import pandas as pd

    kinds = SHIPPED.table("substances").set_index("id")["kind"]
    outlets = case.tables["outlets"]
    totals = potential.tables["totals"].set_index("review")
    rows: list[dict[str, Any]] = []
    figures: list[Figure] = []
    for at in records(review.tables["compliance"]):
        company = at["review"]
        own = outlets[outlets["enterprise"] == case.reviews[company].settings["enterprise"]]
        has_mass = at["unit"] == "mg/l" and kinds.get(at["substance"]) != "physical"
        if at["is_workshop"] or not has_mass or own.empty or company not in totals.index:
            continue
        package = totals.loc[company]
        saved = float(package["water_saved_m3_a"]) / DAYS_PER_YEAR
        figure = Figure(
            id=f"removed.{company}.{at['substance']}",
            value=saved * at["value"] / G_PER_KG,
            unit="kg/d",
            method="water saved a day times the concentration of the effluent, which stays",
            made_of=(
                f"potential.{company}.water_saved",
                f"review.{company}.{at['stream']}.{at['substance']}",
            ),
        )
        figures.append(figure)
        rows.append(
            {
                "outlet": str(own["id"].iloc[0]),
                "substance": at["substance"],
                "kg_d": figure.value,
                "figure": figure.id,
                "measure": company,
                "capital_a": float(package["investment"] * package["annuity"]),
                "net_cost_a": float(package["cost_a"]),
            }
        )
    columns = ["outlet", "substance", "kg_d", "figure", "measure", "capital_a", "net_cost_a"]
    return pd.DataFrame(rows, columns=columns), tuple(figures)
