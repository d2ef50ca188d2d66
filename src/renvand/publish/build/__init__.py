"""From the results of the steps to sheets and seminar packages."""

from renvand.publish.build.plant import plant_sheet
from renvand.publish.build.publication import (
    seminar_documents,
    sheet_documents,
    summary_documents,
)
from renvand.publish.build.region import region_sheet
from renvand.publish.build.sector import made_sheet, sector_sheet

__all__ = [
    "made_sheet",
    "plant_sheet",
    "region_sheet",
    "sector_sheet",
    "seminar_documents",
    "sheet_documents",
    "summary_documents",
]
