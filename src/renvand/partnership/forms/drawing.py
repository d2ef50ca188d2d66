"""The usual units and streams of each sector, and the tables that its reviews fill in."""

from __future__ import annotations

import re
from importlib import resources
from typing import TYPE_CHECKING

from renvand import knowledge
from renvand.errors import Fault, FileError, near
from renvand.knowledge.schema import Schema
from renvand.partnership.exchange import review_form

if TYPE_CHECKING:
    import pandas as pd

# Tables about processes that only one sector has.
SPECIAL = {"surface-treatment": "rinses", "textile-dyeing": "dyeings", "metalworking": "fluids"}


def sectors() -> tuple[str, ...]:
    """Name the sectors that have a form."""
    return tuple(SPECIAL)


def require_sector(sector: str) -> None:
    """Stop for a sector without a form.

    Raises
    ------
    FileError
        With the nearest one.
    """
    if sector not in sectors():
        what = f"'{sector}' is not known."
        raise FileError(Fault(where="sector", what=what, do=near(sector, sectors())))


def form_of_sector(sector: str) -> dict[str, Schema]:
    """Give the sheets of a sector's review: those of other sectors' processes are left out."""
    others = {table for name, table in SPECIAL.items() if name != sector}
    return {name: schema for name, schema in review_form().items() if name not in others}


def drawn_review(sector: str) -> dict[str, pd.DataFrame]:
    """Draw the usual units and streams of a sector.

    Parameters
    ----------
    sector : str
        'textile-dyeing', 'surface-treatment' or 'metalworking'.

    Returns
    -------
    dict of str to DataFrame
        'units' and 'streams', with the columns of their tables.
    """
    import pandas as pd

    require_sector(sector)
    path = resources.files("renvand.partnership.forms") / "drawings" / f"{sector}.toml"
    page = knowledge.read_toml(path, name=path.name)
    forms = form_of_sector(sector)
    renamed = {"en": "label_en", "da": "label_da", "zh": "label_zh"}
    renamed |= {"from": "from_unit", "to": "to_unit"}
    drawn: dict[str, pd.DataFrame] = {}
    for table in ("units", "streams"):
        lines = [re.split(r"\s{2,}", line) for line in page[table].strip().splitlines()]
        heads = [renamed.get(head, head) for head in lines[0]]
        frame = pd.DataFrame(lines[1:], columns=heads)
        drawn[table] = frame.reindex(columns=list(forms[table].columns)).astype(object)
        drawn[table] = drawn[table].where(drawn[table].notna(), None)
    return drawn
