"""From rows of lists to one clean register, every change written down."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from renvand.errors import Fault
from renvand.knowledge import SHIPPED, Knowledge, division, substance_id
from renvand.steps.case import CaseData, records
from renvand.steps.register import identity
from renvand.steps.register.decisions import DIFFERENT, FILE, SAME, Decisions
from renvand.steps.register.doubts import Doubt, doubts
from renvand.steps.register.likely import Likely, likely
from renvand.steps.register.link import Mention, link
from renvand.steps.register.lists import Row, rows
from renvand.steps.register.names import comparable
from renvand.steps.register.totals import against_footer
from renvand.steps.register.values import folded
from renvand.trace import BASES

OWN = "own"  # the partnership's own records form a register of their own
_FOOTER = re.compile(
    r"(合\s*计|总\s*计|小\s*计|备?注|说明|填表|制表|total|note)\s*([:：\d]|$)", re.I
)
_NO_DISTRICT = re.compile(r"^(市辖区|县|省直辖县级行政区划)$")  # headings of a code list
_NAMELESS = re.compile(r"confidential|withheld|unknown|保密|(企业)?未公示|不详|[-/—]*", re.I)
KINDS = ("enterprises", "outlets", "permit_limits", "observations")
Listed = tuple[str, Row, Mapping[str, Any]]  # kind, row, and the list it is of


@dataclass(frozen=True, kw_only=True)
class Change:
    """One entry of the diary."""

    where: str
    column: str
    rule: str
    old: str
    new: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A row of any list together with the site it speaks of."""

    kind: str
    row: Row
    mention: Mention
    source: str
    basis: str
    coordinates: str
    site: str = ""


@dataclass
class Register:
    """The register while it is being made."""

    entries: list[Entry] = field(default_factory=list[Entry])
    changes: list[Change] = field(default_factory=list[Change])
    doubts: list[tuple[str, str, Doubt]] = field(default_factory=list[tuple[str, str, Doubt]])
    findings: list[Fault] = field(default_factory=list[Fault])
    districts: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    spellings: Mapping[str, str] = field(default_factory=dict[str, str])
    likely: Likely = field(default_factory=Likely)
    knowledge: Knowledge = SHIPPED

    def of(self, kind: str) -> Iterator[Entry]:
        """Give the entries of one kind."""
        return (entry for entry in self.entries if entry.kind == kind)


def gather(case: CaseData, decisions: Decisions) -> Register:
    """Read the partnership's own records and every list of the inbox, and link them.

    Parameters
    ----------
    case : CaseData
        Own tables and ``inbox/mapping.toml``.
    decisions : Decisions
        Pairs of sites that a person has joined or kept apart; they are no doubts any more.

    Returns
    -------
    Register
        Every row with its site, the diary of changes, pairs for a person to decide.
    """
    register = Register(spellings=case.inbox.get("substances", {}), knowledge=case.knowledge)
    unlinked: list[Listed] = [*_own(case)]
    for listed in case.inbox.get("list", []):
        for row in _without_footers(rows(case.folder, listed), register):
            unlinked.append((listed["kind"], row, listed))
    unlinked = _of_kept_sites(unlinked, register)
    mentions = _completed([_mention(row, listed, register) for _, row, listed in unlinked])
    sites = link(mentions)
    names = _site_names(mentions, sites, unlinked)
    joined = _decided(names, decisions, register)
    for (kind, row, listed), mention, site in zip(unlinked, mentions, sites, strict=True):
        basis = row.cells.get("basis") or listed.get("basis", "published")
        register.entries.append(
            Entry(
                kind=kind,
                row=row,
                mention=mention,
                source=row.cells.get("source") or listed["source"],
                basis=basis if basis in BASES else "published",
                coordinates=listed.get("coordinates", "WGS-84"),
                site=joined[names[site]],
            )
        )
    heads = {name: head for head, name in names.items()}
    apart = {
        frozenset((heads[first], heads[second]))
        for first, second in decisions.pairs(DIFFERENT)
        if first in heads and second in heads
    }
    merged = [heads[joined[names[site]]] for site in sites]
    register.likely = likely(mentions, merged)
    for doubt in doubts(mentions, merged, apart=apart, likely=register.likely.pairs):
        register.doubts.append((names[doubt.first], names[doubt.second], doubt))
    return register


def _of_kept_sites(unlinked: Sequence[Listed], register: Register) -> list[Listed]:
    """Leave out rows of sites that the list of a register's sites was told not to keep.

    They would stay as sites without a name.
    """
    numbers: dict[str, set[str]] = {}
    partly: set[str] = set()
    for kind, row, listed in unlinked:
        if kind == "enterprises" and row.cells.get("number"):
            name = _register(row, listed)
            numbers.setdefault(name, set()).add(folded(row.cells["number"]))
            partly |= {name} if listed.get("keep") else set()
    kept: list[Listed] = []
    lost: Counter[str] = Counter()
    for kind, row, listed in unlinked:
        name, number = _register(row, listed), folded(row.cells.get("number", ""))
        if name in partly and number and number not in numbers[name]:
            lost[row.file] += 1
        else:
            kept.append((kind, row, listed))
    register.findings.extend(
        Fault(
            where=file,
            what=f"{count} rows are of sites that 'keep' leaves out; they are left out, too.",
            do="Nothing, where that is meant.",
        )
        for file, count in lost.items()
    )
    return kept


def _register(row: Row, listed: Mapping[str, Any]) -> str:
    """Name the register whose site numbers a row uses."""
    return listed.get("register", row.file) if listed.get("source") else OWN


def _decided(
    names: Mapping[int, str], decisions: Decisions, register: Register
) -> Mapping[str, str]:
    """Give each site the id it has after a person's decisions; the first of a pair keeps its own.

    A decision on a site that is no longer there is told, not obeyed.
    """
    joined = {name: name for name in names.values()}
    for first, second in decisions.pairs(SAME):
        lost = [name for name in (first, second) if name not in joined]
        for name in lost:
            register.findings.append(
                Fault(
                    where=FILE,
                    what=f"'{name}' is not in the register.",
                    do="Take the decision out, or correct the id.",
                )
            )
        if not lost and joined[first] != joined[second]:
            old, new = joined[second], joined[first]
            joined = {name: new if now == old else now for name, now in joined.items()}
            register.changes.append(
                Change(where=FILE, column="site", rule="decided", old=old, new=new)
            )
    return joined


def _without_footers(listed: Sequence[Row], register: Register) -> list[Row]:
    """Leave sums and notes out; where a sum does not come out, say so."""
    kept = [row for row in listed if not _is_footer(row)]
    for row in filter(_is_footer, listed):
        register.changes.append(
            Change(where=row.where, column="", rule="footer left out", old=row.first, new="")
        )
        register.findings.extend(against_footer(kept, row))
    return kept


def _is_footer(row: Row) -> bool:
    """Say whether a row is a sum or a note below the list rather than a record."""
    identified = any(folded(row.cells.get(c, "")) for c in ("uscc", "permit", "number"))
    return not identified and _FOOTER.match(folded(row.first)) is not None


def _own(case: CaseData) -> Iterator[Listed]:
    """Give the partnership's own records in the form of list rows."""
    import pandas as pd

    known = case.tables["enterprises"].set_index("id")
    outlets = case.tables["outlets"].set_index("id")
    for kind in KINDS:
        table = case.tables.get(kind)
        for line, record in enumerate(records(table) if table is not None else [], 2):
            cells = {str(k): "" if pd.isna(v) else str(v) for k, v in record.items()}
            if kind == "enterprises":
                cells["number"] = cells["id"]
            else:
                outlet = cells["id"] if kind == "outlets" else cells["outlet"]
                cells["number"] = str(outlets.loc[outlet, "enterprise"])
                cells["outlet"] = outlet
                cells["name_zh"] = str(known["name_zh"].fillna("")[cells["number"]])
            yield kind, Row(file=f"{kind}.csv", line=line, cells=cells), {"source": ""}


def _mention(row: Row, listed: Mapping[str, Any], register: Register) -> Mention:
    """Read what identifies a row; a repaired registry number goes to the diary."""
    cells = row.cells
    permit = identity.permit(cells.get("permit", ""))
    uscc = identity.credit_code(cells.get("uscc", ""))
    for column, code in (("permit", permit), ("uscc", uscc)):
        if code.rule:
            register.changes.append(
                Change(
                    where=row.where, column=column, rule=code.rule, old=cells[column], new=code.text
                )
            )
        elif code.text and not code.is_valid:
            register.findings.append(
                Fault(
                    where=f"{row.where}, {column}",
                    what=f"'{cells[column]}' fails its check digit.",
                    do="Compare it with the business licence; the row is linked by name only.",
                )
            )
    if permit.is_valid and not uscc.is_valid:
        uscc = identity.Code(text=permit.text[:18], is_valid=True)
    return Mention(
        place=row.where,
        register=_register(row, listed),
        number=folded(cells.get("number", "")),
        uscc=uscc,
        permit=permit,
        name=comparable(_name(cells), knowledge=register.knowledge),
        division=_division(row, register),
        address=comparable(cells.get("address_zh", ""), knowledge=register.knowledge),
    )


def _completed(mentions: Sequence[Mention]) -> list[Mention]:
    """Give rows that have an organisation code only the credit code that another row has."""
    known = identity.completed(m.uscc.text for m in mentions if m.uscc.is_valid)
    return [
        replace(m, uscc=replace(m.uscc, text=known[m.uscc.text])) if m.uscc.text in known else m
        for m in mentions
    ]


def _name(cells: Mapping[str, str]) -> str:
    """Give the name as registered; '' where it is held back."""
    written = cells.get("name_zh", "") or cells.get("name_en", "")
    return "" if _NAMELESS.fullmatch(folded(written)) else written


def _division(row: Row, register: Register) -> str:
    """Resolve the district: by its code or name, else by the address; else keep it as written.

    The diary has one entry for each spelling of a list.
    """
    written = _NO_DISTRICT.sub("", folded(row.cells.get("division", "")))
    address = folded(row.cells.get("address_zh", ""))
    known = register.knowledge
    found = division(written, knowledge=known)
    if not found and address:
        found = division(address, knowledge=known)
    if found and found != written and written and (row.file, written) not in register.districts:
        register.districts.add((row.file, written))
        register.changes.append(
            Change(where=row.where, column="division", rule="district name", old=written, new=found)
        )
    return found or written


def _site_names(
    mentions: Sequence[Mention],
    sites: Sequence[int],
    unlinked: Sequence[Listed],
) -> dict[int, str]:
    """Give every site an id: the partnership's own, else from its registry number, else a hash."""
    names: dict[int, str] = {}
    for mention, site in zip(mentions, sites, strict=True):
        if mention.register == OWN and mention.number:
            names[site] = mention.number
    for rule in ("permit", "uscc", "number", "name"):
        taken = set(names.values())
        for mention, site in zip(mentions, sites, strict=True):
            name = _slug(mention, rule)
            if site not in names and name and name not in taken:
                names[site] = name
                taken.add(name)
    for site in sites:
        names.setdefault(site, f"site-{_digest(mentions[site].place)}")
    return names


def _slug(mention: Mention, rule: str) -> str:
    if rule == "permit":
        return mention.permit.text.lower() if mention.permit.is_valid else ""
    if rule == "uscc":
        return mention.uscc.text.lower() if mention.uscc.is_valid else ""
    if rule == "number" and mention.number.isalnum() and mention.number.isascii():
        return mention.number.lower()
    return f"site-{_digest(mention.name)}" if rule == "name" and mention.name else ""


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def substance(entry: Entry, unknown: Counter[str], spellings: Mapping[str, str]) -> str | None:
    """Resolve the substance of a row; count the spellings that no table knows.

    Parameters
    ----------
    entry : Entry
        The row.
    unknown : Counter
        Of spellings; one is added to it.
    spellings : mapping
        ``[substances]`` of the mapping: the lists' own spelling to our code.
    """
    written = folded(entry.row.cells.get("substance", ""))
    found = spellings.get(written) or substance_id(written)
    if found is None:
        unknown[written] += 1
    return found
