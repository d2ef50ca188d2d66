"""``renvand potential`` and ``renvand technique``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from renvand.steps.outcome import Outcome
    from renvand.steps.potential.page import Page

AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Language = Annotated[str, typer.Option("--language", help="Language: en, da or zh.")]

OPTIONS = (
    *("place", "name", "unit", "evidence", "water_m3_a", "investment", "net_saving_a"),
    *("payback_a", "payback_a_low", "payback_a_high", "probability_pays"),
)
PARTS = {
    "options": OPTIONS,
    "networks": ("network", "present_m3_d", "clean_water_m3_d", "bound_m3_d", "gap", "status"),
    "ladder": ("new_pipes", "from", "to", "flow_m3_d", "saved_m3_d", "payback_a"),
    "portfolio": ("budget", "investment", "npv", "water_m3_a", "options"),
}


def potential(
    case: Annotated[Path, typer.Argument(metavar="CASE", help="Folder of the case.")],
    company: Annotated[str, typer.Argument(metavar="COMPANY", help="Folder under reviews/.")],
    pictures: Annotated[
        Path | None, typer.Option(help="Folder for the pictures (SVG) and the list of pipes.")
    ] = None,
    language: Language = "en",
    as_json: AsJson = False,
) -> None:
    """Say what a company can save, how, at what cost; and which pipes to build.

    Example: renvand potential examples/chongqing kaizhou-dyeing --pictures pictures
    """
    outcome, currency = _outcome(case, company)
    if pictures is not None:
        _draw(outcome, pictures, language=language)
    if as_json:
        tables = {name: json.loads(t.to_json(orient="records")) for name, t in _tables(outcome)}
        findings = [str(fault) for fault in outcome.findings]
        text = json.dumps({**tables, "findings": findings}, ensure_ascii=False, indent=1)
        sys.stdout.write(text + "\n")
        return
    _show(outcome, language=language, currency=currency)


def _outcome(case: Path, company: str) -> tuple[Outcome, str]:
    from dataclasses import replace

    from renvand.errors import Fault, FileError, near
    from renvand.partnership.folder import read_case
    from renvand.steps.potential import potential_of
    from renvand.steps.review import review

    data = read_case(case)
    if company not in data.reviews:
        what = f"no review '{company}'."
        raise FileError(Fault(where="reviews", what=what, do=near(company, data.reviews)))
    one = replace(data, reviews={company: data.reviews[company]})
    reviewed = review(one)
    return potential_of(one, company, reconciled=reviewed.tables["streams"]), data.currency


def _tables(outcome: Outcome) -> list[tuple[str, Any]]:
    return list(outcome.tables.items())


def _draw(outcome: Outcome, folder: Path, *, language: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, svg in outcome.extras["pictures"].items():
        if name.endswith(f".{language}"):
            (folder / f"{name}.svg").write_text(svg, encoding="utf-8")
    if "pipes_to_build" in outcome.tables:
        outcome.tables["pipes_to_build"].to_csv(folder / "pipes_to_build.csv", index=False)


def _show(outcome: Outcome, *, language: str, currency: str) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console()
    if not console.is_terminal:
        console.width = 200
    total = outcome.tables["totals"].iloc[0]
    water, after = (f"{total[name]:.4g}" for name in ("intake_m3_d", "intake_after_m3_d"))
    prices = f"prices of {int(total['price_year'])}."
    paid = (
        f"investment {total['investment']:,.0f} {currency}, pays back in {total['payback_a']:.1f} "
        f"({total['payback_a_low']:.1f} to {total['payback_a_high']:.1f}) years"
    )
    is_chosen = outcome.tables["portfolio"]["options"].astype(bool).any()
    console.print(
        f"Water {water} → {after} m³/d; {paid}, {prices}"
        if is_chosen
        else f"Water {water} m³/d; no option is chosen, for none pays; {prices}"
    )
    for part, columns in PARTS.items():
        frame = outcome.tables.get(part)
        if frame is None or frame.empty:
            continue
        named = [f"{c}_{language}" if f"{c}_{language}" in frame else c for c in columns]
        drawn = Table(*columns, title=part, title_justify="left", box=None, header_style="bold")
        for row in frame[named].itertuples(index=False):
            drawn.add_row(*(escape(_cell(value)) for value in row))
        console.print(drawn)
    for fault in outcome.findings:
        console.print(f"• {fault}", style="yellow", markup=False)


def _cell(value: object) -> str:
    if isinstance(value, float):
        if value != value or value == float("inf"):
            return "–"
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return str(value)


def technique(
    name: Annotated[
        str, typer.Argument(metavar="[NAME]", help="Technique or page; all without.")
    ] = "",
    language: Language = "en",
    as_json: AsJson = False,
) -> None:
    """Show the page of a technique: principle, equations, numbers with sources, limits of use.

    Example: renvand technique reverse-osmosis-plating
    """
    from renvand.errors import Fault, FileError, near
    from renvand.steps.potential.catalogue import shipped
    from renvand.steps.potential.page import page_of, pages
    from renvand.steps.potential.sheet import as_record, written

    every = pages()
    known = {*every, *(t for page in every.values() for t in page.techniques)}
    if not name:
        shown = {key: page.name[language] for key, page in every.items()}
        lines = "".join(f"{key:32} {said}\n" for key, said in shown.items())
        text = json.dumps(shown, ensure_ascii=False, indent=1) + "\n" if as_json else lines
        sys.stdout.write(text)
        return
    page: Page | None = every.get(name) or page_of(name)
    if page is None:
        has_row = name in shipped("technologies")
        do = "Its row of technologies says all." if has_row else near(name, known)
        raise FileError(Fault(where="techniques", what=f"no page '{name}'.", do=do))
    if as_json:
        sys.stdout.write(json.dumps(as_record(page), ensure_ascii=False, indent=1) + "\n")
        return
    sys.stdout.write(written(page, language=language))
