"""The register as files for other people: map, GeoPackage, GeoJSON, workbook."""

from __future__ import annotations

from renvand.publish.archive import fixed
from renvand.publish.register.map_page import map_page
from renvand.steps.case import CaseData
from renvand.steps.outcome import Outcome
from renvand.steps.register import export
from renvand.text import LANGUAGES


def register_documents(case: CaseData, outcome: Outcome) -> dict[str, bytes]:
    """Write the register for QGIS, for Excel, and as a map that needs no network.

    Parameters
    ----------
    case : CaseData
        For its languages, its day and its region.
    outcome : Outcome
        Of step 1.

    Returns
    -------
    dict
        Contents by file name: ``sites.gpkg``, ``sites.geojson``, ``register.xlsx`` and
        ``map.<language>.html``. The same register gives the same bytes.
    """
    settings = case.settings["case"]
    sites = outcome.tables["enterprises"]
    languages = [x for x in settings.get("languages", LANGUAGES) if x in LANGUAGES]
    return {
        "sites.gpkg": export.geopackage(sites, as_of=str(settings["as_of"])),
        "sites.geojson": export.geojson(sites),
        "register.xlsx": fixed(export.workbook(outcome.tables), is_inner=True),
        **{f"map.{x}.html": map_page(case, sites, language=x) for x in languages},
    }
