"""Words for what stands in addresses and tables: constraints, measures, columns."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from renvand.knowledge import table
from renvand.text import Words
from renvand.web.context import case_knowledge

CONSTRAINTS = {
    "size": _("Companies to choose"),
    "per_division": _("At most of one district"),
    "reserves": _("Reserves of each sector"),
}
MEASURES = {"water": _("Water"), "cod": _("COD"), "metal": _("Metal"), "energy": _("Energy")}
NETWORKS = {
    "direct": _("Reuse as it is"),
    "polished": _("Reuse after treatment"),
}
RIVER = {"start": _("From"), "substance": _("Substance"), "flow": _("Flow"), "when": _("When")}
RIVER_CHOICES = {
    "low": _("low flow"),
    "mean": _("mean flow"),
    "before": _("today"),
    "after": _("with what is saved"),
}

GATE = {"sector": _("Sector"), "size": _("Size"), "district": _("District")}
PARTNERS = {
    "secretariat": _("Secretariat"),
    "agency": _("Agency"),
    "consultancy": _("Consultancy"),
    "consulate": _("Consulate"),
    "company": _("Company"),
    "supplier": _("Supplier"),
    "university": _("University"),
}
EVIDENCE = {
    "page-read": _("the supplier's page was read"),
    "quoted": _("quoted by others; its page was not read"),
    "recalled": _("from memory; no page was read"),
    "own-entry": _("the supplier's own entry"),
}  # what a row of the catalogue rests on
LOGGED = {
    "review.see": _("A review, read"),
    "review.change": _("A review, changed"),
    "potential.see": _("What a company can save, read"),
    "secretariat.see": _("Partners and budget, read"),
    "history.see": _("Earlier versions, read"),
    "exchange.upload": _("A file, brought in"),
    "exchange.download": _("A table, taken out"),
}  # rights whose use is logged
CELLS = {
    "True": _("yes"),
    "False": _("no"),
    "true": _("yes"),
    "false": _("no"),
    "chosen": _("chosen"),
    "small": _("small"),
    "medium": _("medium"),
    "large": _("large"),
    "willing": _("has said yes"),
    "exceeding": _("exceeds a limit"),
    "best-of-sector": _("best of its sector"),
    "today": _("today"),
}  # words that steps leave in cells


SUBSTANCES = ("substance", "top_substance")
NAMED = {"sector": "sector_groups", "division": "divisions"}  # whose cells are ids of a table
PREFIXES = {
    "basis": "basis.",
    "confidence": "sheet.confidence_",
    "veto": "",
    "class_before": "cell.class_",
    "class_after": "cell.class_",
    **{
        column: f"cell.{column}_"
        for column in (
            *("method", "kind", "discharge", "limit_basis", "exceedance_basis"),
            *("position_quality", "flow", "status", "rule"),
        )
    },
}  # columns whose cells are keys of the catalogue, and how the keys begin


def said(cell: str) -> str:
    """Say the words of a cell in the language of the page; what is no such word stays."""
    parts = cell.split(" ")
    if parts[0] == "reserve" and len(parts) == 2:
        return gettext("reserve %(place)s") % {"place": parts[1]}
    if all(part in CELLS for part in parts):
        return ", ".join(str(CELLS[part]) for part in parts)
    return cell


def result_name(table: str, language: str) -> str:
    """Name a table that a step has made; one without a word keeps its name."""
    words = Words(language)
    return words(f"table.{table}") if words.has(f"table.{table}") else table


def heading(column: str, language: str) -> str:
    """Name a column of a result; one without a word keeps its name."""
    if column in COLUMNS:
        return str(COLUMNS[column])
    words = Words(language)
    return words(f"column.{column}") if words.has(f"column.{column}") else column


def cell(column: str, text: str, language: str) -> str:
    """Say the words of a cell in the language of the page."""
    if column in SUBSTANCES:
        return substances(language).get(text, text)
    if column in NAMED:
        return case_knowledge().names(NAMED[column], language).get(text, text)
    words, key = Words(language), f"{PREFIXES.get(column, '')}{text.replace(' ', '-')}"
    return words(key) if column in PREFIXES and words.has(key) else said(text)


@cache
def substances(language: str) -> dict[str, str]:
    """Give the names of substances; in Latin script their signs are what people know."""
    if language != "zh":
        return {}
    frame = table("substances")
    return dict(zip(frame["id"], frame["name_zh"], strict=True))


def plant_name(row: Any, language: str) -> str:
    """Name a plant of the record."""
    return str(row.name_zh if language == "zh" and row.name_zh else row.name_en)


RESULTS = {
    "energy": _("Electricity of treatment [kWh/m³]"),
    "AE": _("Aeration [kWh/d]"),
    "PE": _("Pumping [kWh/d]"),
    "ME": _("Mixing [kWh/d]"),
    "SP": _("Sludge to dispose of [kg/d]"),
    "EC": _("Carbon dose [kg COD/d]"),
    "OCI": _("Index of operating cost"),
    "EQI": _("Index of effluent quality [kg/d]"),
    "IQI": _("Index of influent quality [kg/d]"),
    "COD": _("COD [g/m³]"),
    "BOD5": _("BOD5 [g/m³]"),
    "NH4": _("NH4-N [g/m³]"),
    "NOx": _("NOx-N [g/m³]"),
    "TN": _("TN [g/m³]"),
    "TKN": _("TKN [g/m³]"),
    "TSS": _("TSS [g/m³]"),
    "Q": _("Flow [m³/d]"),
    "T": _("Temperature [°C]"),
    "performance": _("Performance"),
    "effluent": _("Effluent, mean"),
    "violations": _("Limits exceeded"),
    "balance": _("What the balance leaves over"),
    "series": _("Effluent over time"),
    "stages": _("Steps"),
    "stage": _("Step"),
    "seconds": _("Seconds"),
    "findings": _("Findings"),
    "state": _("State"),
    "value": _("Value"),
    "t_d": _("Time [d]"),
}  # names that runs give their results; others keep theirs

FRONT = {
    "energy_kwh_m3": _("Energy [kWh/m³]"),
    "TN_g_m3": _("TN out [g/m³]"),
    "S_NH_g_m3": _("NH4-N out [g/m³]"),
    "TP_g_m3": _("TP out [g/m³]"),
    "n2o_kg_d": _("Nitrous oxide [kg/d]"),
    "cost_d": _("Cost [money/d]"),
}  # what a search makes small, and what its points are told by

COLUMNS = {
    "aeration_kwh_d": _("Aeration [kWh/d]"),
    "capacity_m3_d": _("Capacity [m³/d]"),
    "carbon_kg_d": _("Carbon dose [kg COD/d]"),
    "company": _("Company"),
    "concentration_mg_l": _("Concentration [mg/l]"),
    "confidence": _("Confidence"),
    "cost_d": _("Cost [money/d]"),
    "cost_saving_d": _("Cost saved [money/d]"),
    "days": _("Days"),
    "division": _("District"),
    "energy_kwh_m3": _("Energy [kWh/m³]"),
    "energy_saving": _("Energy saved"),
    "exceedance": _("Times the limit"),
    "exceeding": _("Sites above a limit"),
    "flow_m3_d": _("Flow [m³/d]"),
    "high": _("to"),
    "id": _("Id"),
    "is_censored": _("Below the reporting limit"),
    "is_chosen": _("Chosen"),
    "is_shortlisted": _("On the shortlist"),
    "is_willing": _("Has said yes"),
    "keeps_limits": _("Keeps the limits"),
    "kwh_kg_tn": _("kWh per kg TN removed"),
    "kwh_m3": _("Energy [kWh/m³]"),
    "lever": _("Lever"),
    "limit_mg_l": _("Limit [mg/l]"),
    "load": _("Load"),
    "load_kg_a": _("Load [kg/a]"),
    "locator": _("Place in the source"),
    "low": _("from"),
    "mean_rank": _("Mean rank"),
    "method": _("Method"),
    "months": _("Months"),
    "name": _("Company"),
    "name_en": _("Name in English"),
    "name_zh": _("Name in Chinese"),
    "outlet": _("Outlet"),
    "part_dilution": _("Part: dilution"),
    "part_equivalents": _("Part: equivalents"),
    "part_exceedance": _("Part: exceedance"),
    "part_load": _("Part: load"),
    "plant": _("Plant"),
    "potential": _("Potential"),
    "probability_chosen": _("Probability of being chosen"),
    "probability_first": _("Probability of being first"),
    "probability_first_three": _("Probability of the first three"),
    "rank": _("Rank"),
    "rank_high": _("Rank, at worst"),
    "rank_low": _("Rank, at best"),
    "reasons": _("Reasons"),
    "saving_best_practice": _("Saving at best practice"),
    "scenario": _("Scenario"),
    "sector": _("Sector"),
    "share": _("Share"),
    "site": _("Site"),
    "sites": _("Sites"),
    "size": _("Size"),
    "source": _("Source"),
    "state": _("State"),
    "stream": _("Stream"),
    "substance": _("Substance"),
    "supply": _("Danish supply"),
    "unit": _("Unit"),
    "value": _("Value"),
    "veto": _("Veto"),
    "worth": _("Worth"),
    "year": _("Year"),
    "S_NH_g_m3": _("NH4-N out [g/m³]"),
    "TN_g_m3": _("TN out [g/m³]"),
    "equal_standard_m3_a": _("Water to dilute to the standard [m³/a]"),
    "top_substance": _("Worst substance"),
    "receiving_reach": _("Receiving reach"),
}  # headings of columns of results; a column that is not here keeps its name
