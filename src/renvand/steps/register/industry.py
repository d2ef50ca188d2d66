"""What a list says of a site's industry: a code, or, as most Chinese lists do, its name."""

from __future__ import annotations

import re

from renvand.knowledge import SHIPPED, Knowledge, sector_of
from renvand.steps.register.values import folded

_CODE = re.compile(r"(?<![0-9A-Za-z.])[A-T]?\d{4}(?![0-9A-Za-z.])")  # beside a name


def industry(written: str, *, knowledge: Knowledge = SHIPPED) -> str:
    """Say which of our sectors an industry belongs to, however it is written.

    Parameters
    ----------
    written : str
        Code of GB/T 4754 ('3360'), its name in Chinese or English ('金属表面处理及热处理加工'),
        a NACE code with its point ('25.61'), or a name with one code beside it ('电镀(C3360)').
    knowledge : Knowledge
        Of the case; by default the shipped tables.

    Returns
    -------
    str
        Sector; 'other' for a code of another industry, '' where nothing is written or a name is
        not in the table of sectors.
    """
    plain = folded(written)
    named = knowledge.once("names of sectors", lambda: _sectors(knowledge))
    codes = set(_CODE.findall(plain))
    code = plain if sector_of(plain, knowledge=knowledge) or len(codes) != 1 else codes.pop()
    return sector_of(code, knowledge=knowledge) or named.get(plain.lower(), "")


def _sectors(knowledge: Knowledge) -> dict[str, str]:
    """Give the sector of each name and NACE code; one that stands for two sectors means neither."""
    found: dict[str, set[str]] = {}
    rows = knowledge.table("sectors")
    for column in ("name_zh", "name_en", "nace"):
        for name, sector in zip(rows[column], rows["sector"], strict=True):
            if name and not str(name).isdigit():  # '25' alone may be a code of GB/T 4754
                found.setdefault(folded(str(name)).lower(), set()).add(sector)
    return {name: sectors.pop() for name, sectors in found.items() if len(sectors) == 1}
