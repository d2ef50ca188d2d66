"""What a list says of a site's industry: a code, or, as most Chinese lists do, its name."""

from __future__ import annotations

import re
from collections.abc import Mapping

from renvand.knowledge import SHIPPED, Knowledge, sector_of
from renvand.steps.register.values import folded

_CODE = re.compile(r"(?<![0-9A-Za-z.])[A-T]?\d{4}(?![0-9A-Za-z.])")  # beside a name
_FOREIGN = re.compile(
    r"(?<![0-9A-Za-z.])(?:"
    r"[A-U]?(?P<nace>\d\d\.\d{1,2})"  # 25.61; 13.3 where a workbook ate the zero
    r"|(?P<naics>\d{5,6})"  # 332813
    r"|(?P<eprtr>\d\.?\s?\([a-z]\)(?:\s?\([ivx]+\))?)"  # 2(f), 2.(c)(iii)
    r")(?![0-9A-Za-z.(])"
)


def industry(written: str, *, knowledge: Knowledge = SHIPPED) -> str:
    """Say which of our sectors an industry belongs to, however it is written.

    Parameters
    ----------
    written : str
        Code of GB/T 4754 ('3360'), its name in Chinese or English ('金属表面处理及热处理加工'),
        a code of NACE with its point ('25.61'), of NAICS ('332813'), an activity of the European
        register ('2(f)'), or a name with one code beside it ('电镀(C3360)').
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
    own = sector_of(code, knowledge=knowledge) or named.get(plain.lower(), "")
    return own or _foreign(plain, knowledge)


def _sectors(knowledge: Knowledge) -> dict[str, str]:
    """Give the sector of each name and NACE code; one that stands for two sectors means neither."""
    found: dict[str, set[str]] = {}
    rows = knowledge.table("sectors")
    for column in ("name_zh", "name_en", "nace"):
        for name, sector in zip(rows[column], rows["sector"], strict=True):
            if name and not str(name).isdigit():  # '25' alone may be a code of GB/T 4754
                found.setdefault(folded(str(name)).lower(), set()).add(sector)
    return {name: sectors.pop() for name, sectors in found.items() if len(sectors) == 1}


def _foreign(plain: str, knowledge: Knowledge) -> str:
    """Look one code of another country's register up, or the nearest above it."""
    written = {(str(m.lastgroup), _key(m[m.lastgroup or 0])) for m in _FOREIGN.finditer(plain)}
    if len(written) != 1:
        return ""
    system, code = written.pop()
    known = knowledge.once("foreign codes", lambda: _codes(knowledge))[system]
    found = next((known[code[:n]] for n in range(len(code), 0, -1) if code[:n] in known), "other")
    return found if found in knowledge.by_id("sector_groups") else "other"


def _codes(knowledge: Knowledge) -> Mapping[str, Mapping[str, str]]:
    """Part the table by system, which the form of a code tells."""
    found: dict[str, dict[str, str]] = {"nace": {}, "naics": {}, "eprtr": {}}
    for row in knowledge.rows("sector_codes"):
        code = str(row["code"])
        is_nace = re.fullmatch(r"\d\d(\.\d{1,2})?", code)
        system = "eprtr" if "(" in code else "nace" if is_nace else "naics"
        found[system][_key(code)] = row["sector"]
    return found


def _key(code: str) -> str:
    """Write a code without signs between; a class of NACE that ends in 0 is its whole group."""
    is_class = re.fullmatch(r"\d\d\.\d0", code)
    return re.sub(r"[\s.]", "", code[:-1] if is_class else code)
