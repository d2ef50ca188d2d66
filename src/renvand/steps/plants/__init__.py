"""Step 6: public plants. Slips found, energy compared, a shortlist for the trial with reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from renvand.errors import Fault
from renvand.steps.case import CaseData
from renvand.steps.outcome import Outcome
from renvand.steps.plants.choose import Choice, shortlist
from renvand.steps.plants.climate import emissions
from renvand.steps.plants.energy import delta, envelopment, kpis
from renvand.steps.plants.figures import figures
from renvand.steps.plants.performance import monthly, yearly
from renvand.steps.plants.reasons import reasons
from renvand.steps.plants.slips import Slip, check, findings, is_sound
from renvand.steps.plants.stages import saving, stages

if TYPE_CHECKING:
    import pandas as pd

ENOUGH_FOR_ENVELOPMENT = 12  # three times inputs and outputs, cooper2007


def plants(case: CaseData) -> Outcome:
    """Find slips, compare energy, and choose plants for a demonstration.

    Parameters
    ----------
    case : CaseData
        ``plants.csv``, ``plants/<id>/operation.csv``, ``reaches.csv``.

    Returns
    -------
    Outcome
        Tables ``slips`` (rows left out, with the power of ten that would mend them), ``kpis``,
        ``indicators``, ``shortlist`` (rank, value, probabilities, vetoes) and ``reasons``
        (keys in text/words with numbers). A finding for each slip.
    """
    months = monthly(case)
    if months.empty:
        return Outcome(findings=(_no_data(),))
    slips = check(months)
    sound = months[is_sound(months, slips)]
    tables = {"slips": _slip_table(slips)}
    if sound.empty:
        return Outcome(tables=tables, findings=findings(slips))
    figures_of = benchmark(case, sound)
    tables["kpis"] = figures_of.reset_index()
    reported = months.groupby("plant").size()
    choice = shortlist(case, sound, reported=reported, seed=int(case.settings["case"]["seed"]))
    if choice is None:
        return Outcome(tables=tables, findings=findings(slips))
    rows = case.tables["plants"].set_index("id")
    tables["indicators"] = choice.values.rename_axis("plant").reset_index()
    tables["shortlist"] = _places(choice, rows)
    tables["reasons"] = reasons(
        choice, kpis=figures_of.loc[choice.values.index], plants=rows.loc[choice.values.index]
    )
    return Outcome(
        tables=tables,
        figures=figures(case, figures_of, choice=choice),
        findings=findings(slips),
    )


def benchmark(case: CaseData, months: pd.DataFrame) -> pd.DataFrame:
    """Compute key figures, the frontier, envelopment and greenhouse gases of each plant.

    Parameters
    ----------
    case : CaseData
        For the river each plant discharges to.
    months : DataFrame
        Sound months.

    Returns
    -------
    DataFrame
        Index ``plant``. Envelopment only where a dozen plants can be compared.
    """
    year = yearly(months)
    table = kpis(year)
    table["months"] = year["months"]
    table["tn_out"] = year["tn_out"]
    table["coldest_c"] = year["coldest_c"]
    table["kwh_m3_average"] = delta().expected(table)
    table["kwh_m3_best_tenth"] = delta().reference(table)
    rows = case.tables["plants"].set_index("id")
    table["saving_best_practice"] = rows["process"].reindex(table.index).map(saving)
    reach = rows["receiving_reach"].reindex(table.index)
    flows = case.tables["reaches"].set_index("id")["flow_low_m3_s"]
    table["river_low_m3_s"] = reach.map(flows).astype("float64")
    complete = year.dropna(subset=["energy_kwh", "cod_in", "tn_in", "tp_in"])
    if len(complete) >= ENOUGH_FOR_ENVELOPMENT:
        table = table.join(envelopment(complete).add_prefix("envelopment_"))
    return table.join(emissions(year, knowledge=case.knowledge, region=_region(case)))


def _region(case: CaseData) -> str:
    """Give the code of the whole region, as emission factors name it; '' where none is listed."""
    whole = [r for r in case.knowledge.rows("divisions") if r["kind"] == "municipality"]
    return str(whole[0]["id"]) if whole else ""


def _no_data() -> Fault:
    return Fault(
        where="plants/",
        what="holds no operation.csv, so no plant can be compared.",
        do="Add monthly data of the plants; the columns are in the template.",
    )


def _slip_table(slips: list[Slip]) -> pd.DataFrame:
    import pandas as pd

    columns = ["plant", "period", "rule", "value", "volume_power", "energy_power", "evidence"]
    frame = pd.DataFrame([vars(slip) for slip in slips], columns=columns)
    return frame.astype({"volume_power": "Int64", "energy_power": "Int64"})


def _places(choice: Choice, plants: pd.DataFrame) -> pd.DataFrame:
    """List candidates best first, then the vetoed with their reason."""
    import pandas as pd

    places = choice.places
    first = min(3, len(places.alternatives))
    frame = pd.DataFrame(
        {
            "plant": places.alternatives,
            "rank": choice.ranking.rank,
            "value": choice.ranking.score,
            "probability_first": places.probability_first(1),
            "probability_first_three": places.probability_first(first),
            "mean_rank": places.mean_rank,
            "is_shortlisted": [p in choice.shortlisted for p in places.alternatives],
            "veto": "",
        }
    ).sort_values("rank", ignore_index=True)
    banned = pd.DataFrame(
        [(plant, f"plants.veto.{why}", False) for plant, why in choice.vetoes.items()],
        columns=["plant", "veto", "is_shortlisted"],
    )
    whole = pd.concat([frame, banned], ignore_index=True)
    whole["rank"] = whole["rank"].astype("Int64")
    for name in ("name_en", "name_zh"):
        whole[name] = whole["plant"].map(plants[name])
    return whole


__all__ = [
    "benchmark",
    "check",
    "is_sound",
    "kpis",
    "monthly",
    "plants",
    "shortlist",
    "stages",
    "yearly",
]
