"""Water of one company: where it goes, where the pollution arises. In shares, not in volumes.

A volume would let a reader find the company in the public register; a share does not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from renvand.publish.build.evidence import Evidence, Row, label
from renvand.publish.build.key_figures import main_substance, shown
from renvand.publish.gate import Company
from renvand.publish.model import (
    Block,
    Chart,
    Column,
    Gap,
    Item,
    Label,
    Link,
    Phrase,
    Ref,
    Section,
    Table,
    Text,
    Value,
)
from renvand.trace import Figure

TREATING = ("equalisation", "neutralisation", "precipitation", "oil-separation", "treatment")
OUTSIDE = {"supply": "supply", "sewer": "wastewater", "drain": "wastewater", "air": "loss",
           "product": "product", "sludge": "loss"}  # fmt: skip
SUPPLYING = ("storage", "make-up")
ASIDE = (*TREATING, *SUPPLYING, "boiler", "cooling", "sanitary")  # not a step of the process
BATHS = ("plating-bath", "dye-bath")  # a step even where nothing leaves it but on the goods
SMALLEST = 0.005  # of the intake: a thinner flow cannot be seen
CARRIED = 0.05  # of the intake: liquor that goods carry from step to step, below this not drawn
LARGEST_TABLE = 8  # steps drawn
MOST_STEPS = 6  # rows


def balance(evidence: Evidence) -> Section:
    """Make the section with the Sankey diagram of one company."""
    blocks: tuple[Block, ...]
    company = evidence.shown
    if company is None:
        words = {"n": str(len(evidence.group)), "all": str(len(evidence.group))}
        blocks = (Gap(reason=Phrase(key="sheet.gap_consent", values=words)),)
    else:
        blocks = (_sankey(evidence, company), _closure(evidence, company))
    return Section(id="balance", title=Phrase(key="sheet.balance"), blocks=blocks)


def _flows(evidence: Evidence, company: Company) -> list[Row]:
    rows = evidence.rows("review", "streams", review=company.review, quantity="flow")
    return [row for row in rows if evidence.book.has(_id(company, row["stream"], quantity="flow"))]


def _id(company: Company, stream: str, *, quantity: str) -> str:
    return f"review.{company.review}.{stream}.{quantity}"


def _intake(rows: Iterable[Row]) -> float:
    return sum(row["value"] for row in rows if row["from_unit"] == "supply")


def _share(
    evidence: Evidence, name: str, *, part: float, whole: float, made_of: Iterable[str]
) -> str:
    """Make a share in per cent of figures of a review."""
    figure = Figure(
        id=f"publish.{evidence.sector}.{name}",
        value=100 * part / whole,
        unit="%",
        method="share of the sum of its kind",
        made_of=tuple(dict.fromkeys(made_of)),
    )
    return evidence.book.make(figure)


def _sankey(evidence: Evidence, company: Company) -> Chart:
    rows = _flows(evidence, company)
    kinds = {unit: row["kind"] for unit, row in evidence.units_of(company).items()}
    intake = _intake(rows)
    between: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        start, end = (_place(row[side], kinds) for side in ("from_unit", "to_unit"))
        if start != end:
            between[start, end].append(row)
    sums = {pair: sum(r["value"] for r in group) for pair, group in between.items()}
    least = {pair: CARRIED if _is_carried(between[pair], kinds) else SMALLEST for pair in sums}
    seen = {pair: flow for pair, flow in sums.items() if flow >= least[pair] * intake}
    back = _closing(list(seen))
    names = _names(evidence, company)
    links: list[Link] = []
    items: dict[str, Item] = {}
    for (start, end), flow in seen.items():
        target = f"{end}~" if (start, end) in back else end
        ids = [_id(company, row["stream"], quantity="flow") for row in between[start, end]]
        fact = _share(evidence, f"flow.{start}.{end}", part=flow, whole=intake, made_of=ids)
        for node in (start, target):
            items.setdefault(node, _item(node, names))
        is_waste = end == "treatment" or OUTSIDE.get(end) == "wastewater"
        group = "reuse" if target != end else "wastewater" if is_waste else ""
        links.append(Link(source=start, target=target, fact=fact, group=group))
    return Chart(
        kind="sankey",
        caption=Phrase(key="sheet.caption_balance", values={"letter": company.letter}),
        unit="%",
        items=tuple(items.values()),
        links=tuple(links),
        note=Phrase(key="sheet.not_drawn") if len(seen) < len(sums) else None,
    )


def _place(place: str, kinds: dict[str, str]) -> str:
    """Take tanks and make-up together with the supply, and all treatment as one."""
    if kinds.get(place) in SUPPLYING:
        return "supply"
    return "treatment" if kinds.get(place) in TREATING else place


def _is_carried(rows: list[Row], kinds: dict[str, str]) -> bool:
    """Say whether this is liquor from one process in the next, not water led there."""
    return all(
        row["kind"] == "process"
        and row["to_unit"] in kinds
        and kinds.get(row["from_unit"], "") not in ("", *SUPPLYING)
        for row in rows
    )


def _names(evidence: Evidence, company: Company) -> dict[str, Text]:
    names: dict[str, Text] = {name: Phrase(key=f"sheet.{name}") for name in OUTSIDE}
    own = {k: label(row, "label") for k, row in evidence.units_of(company).items()}
    return names | own | {"treatment": Phrase(key="sheet.treatment_plant")}


def _item(node: str, names: dict[str, Text]) -> Item:
    place = node.removesuffix("~")
    name = names.get(place, place)
    if node != place:
        name = Phrase(key="sheet.back_to", values={"unit": name})
    group = "reuse" if node != place else OUTSIDE.get(place, "process")
    return Item(id=node, label=name, group=group)


def _closing(pairs: list[tuple[str, str]]) -> set[tuple[str, str]]:
    """Find the flows that lead back to where the water came from: a Sankey cannot turn round."""
    after: dict[str, list[str]] = defaultdict(list)
    for start, end in pairs:
        after[start].append(end)
    back: set[tuple[str, str]] = set()
    done: set[str] = set()

    def visit(node: str, path: tuple[str, ...]) -> None:
        for end in after[node]:
            if end in (*path, node):
                back.add((node, end))
            elif end not in done:
                visit(end, (*path, node))
        done.add(node)

    for start in sorted(after, key=lambda node: node != "supply"):
        if start not in done:
            visit(start, ())
    return back


def _closure(evidence: Evidence, company: Company) -> Phrase:
    """Say how well the meters agreed before the balance was reconciled."""
    rows = evidence.rows("review", "balances", review=company.review, quantity="flow")
    named = {f"review.{company.review}.{row['unit']}.raw_closure": row["unit"] for row in rows}
    known = [name for name in named if evidence.book.has(name)]
    streams = _flows(evidence, company)
    measured = sum(row["raw"] == row["raw"] for row in streams)
    counts: dict[str, str] = {"measured": str(measured), "streams": str(len(streams))}
    if not known:
        return Phrase(key="sheet.closure_unknown", values=counts)
    worst = max(known, key=lambda name: abs(evidence.book.fact(name).value))
    fact = evidence.book.make(
        Figure(
            id=f"publish.{evidence.sector}.closure",
            value=100 * abs(evidence.book.fact(worst).value),
            unit="%",
            method="largest disagreement of the readings at a unit, in per cent of its inflow",
            made_of=(worst,),
        )
    )
    place = str(named[worst])
    unit = _names(evidence, company).get(place, place)
    values: dict[str, Value] = {"closure": Ref(fact=fact, digits=2), "unit": unit, **counts}
    return Phrase(key="sheet.closure", values=values)


def origin_section(evidence: Evidence) -> Section:
    """Make the table of process steps with their share of wastewater and load."""
    company, substance = evidence.shown, main_substance(evidence)
    blocks: tuple[Block, ...]
    if company is None:
        blocks = (Gap(reason=Phrase(key="sheet.gap_consent", values=_all(evidence))),)
    else:
        steps = _steps(evidence, company, substance=substance)
        blocks = (steps, *_process(evidence, company, table=steps, substance=substance))
    return Section(id="origin", title=Phrase(key="sheet.origin"), blocks=blocks)


def _all(evidence: Evidence) -> dict[str, str]:
    return {"n": str(len(evidence.group)), "all": str(len(evidence.group))}


def _steps(evidence: Evidence, company: Company, *, substance: str) -> Table:
    units = evidence.units_of(company)
    flows = [r for r in _flows(evidence, company) if _is_waste(r, units)]
    loads = {r["stream"]: _load(evidence, company, row=r, substance=substance) for r in flows}
    water, load = sum(r["value"] for r in flows), sum(v or 0.0 for v in loads.values())
    rows: list[tuple[Label, Ref | Gap, Ref | Gap, float]] = []
    for unit in dict.fromkeys(r["from_unit"] for r in flows):
        own = [r for r in flows if r["from_unit"] == unit]
        part = sum(r["value"] for r in own)
        ids = [_id(company, r["stream"], quantity="flow") for r in own]
        fact = _share(evidence, f"wastewater.{unit}", part=part, whole=water, made_of=ids)
        known = [r for r in own if loads[r["stream"]] is not None]
        second: Ref | Gap = Gap(reason=Phrase(key="sheet.gap_not_measured"), is_withheld=False)
        if known and load > 0:
            dirt = sum(loads[r["stream"]] or 0.0 for r in known)
            ids += [_id(company, r["stream"], quantity=substance) for r in known]
            name = f"load.{unit}.{substance}"
            second = _percent(_share(evidence, name, part=dirt, whole=load, made_of=ids))
        rows.append((label(units[unit], "label"), _percent(fact), second, part))
    rows.sort(key=lambda row: -row[3])
    words = {"letter": company.letter}
    return Table(
        caption=Phrase(key="sheet.caption_origin", values=words),
        columns=(
            Column(title=Phrase(key="sheet.step"), weight=1.8),
            Column(title=Phrase(key="sheet.share_wastewater"), unit="%", is_number=True),
            Column(
                title=Phrase(key="sheet.share_load", values={"substance": shown(substance)}),
                unit="%",
                is_number=True,
            ),
        ),
        rows=tuple(row[:3] for row in rows[:MOST_STEPS]),
    )


def _process(
    evidence: Evidence, company: Company, *, table: Table, substance: str
) -> tuple[Block, ...]:
    """Draw the steps in the order in which the review lists them, with what each sends off."""
    numbers = {row[0]: row[1:] for row in table.rows if isinstance(row[0], Label)}
    items: list[Item] = []
    for unit, row in evidence.units_of(company).items():
        shares = [
            part.fact for part in numbers.get(label(row, "label"), ()) if isinstance(part, Ref)
        ]
        if row["kind"] not in ASIDE and (shares or row["kind"] in BATHS):
            water, load = [*shares, "", ""][:2]
            items.append(Item(id=unit, label=label(row, "label"), fact=water, other=load))
    if len(items) < 2:
        return ()
    return (
        Chart(
            kind="process",
            caption=Phrase(
                key="sheet.caption_process",
                values={"letter": company.letter, "substance": shown(substance)},
            ),
            unit="%",
            items=tuple(items[:LARGEST_TABLE]),
            axis=Phrase(key="sheet.of_water"),
            other_axis=shown(substance),
        ),
    )


def _percent(fact: str) -> Ref:
    return Ref(fact=fact, form="number", places=0)


def _is_waste(row: Row, units: dict[str, Row]) -> bool:
    """Say whether a stream carries wastewater from a process to treatment or out."""
    start, end = units.get(row["from_unit"]), units.get(row["to_unit"])
    if start is None or start["kind"] in TREATING:
        return False
    treated = end is not None and end["kind"] in TREATING
    return treated or OUTSIDE.get(row["to_unit"]) == "wastewater"


def _load(evidence: Evidence, company: Company, *, row: Row, substance: str) -> float | None:
    name = _id(company, row["stream"], quantity=substance)
    return row["value"] * evidence.book.fact(name).value if evidence.book.has(name) else None
