"""``renvand run`` and ``renvand why``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.tree import Tree

    from renvand.programme import Link, Progress

CasePath = Annotated[Path, typer.Argument(metavar="CASE", help="Folder of the case.")]


def _known(stage: str) -> str:
    """Refuse a stage that the programme does not have."""
    from renvand.errors import near
    from renvand.programme.run import names

    if stage and stage not in names():
        raise typer.BadParameter(f"no stage '{stage}'. {near(stage, names())}")
    return stage


def run(
    case: CasePath,
    only: Annotated[
        str, typer.Option(callback=_known, help="Run this stage anew, and no other.")
    ] = "",
    start: Annotated[
        str,
        typer.Option("--from", callback=_known, help="Run this stage and all that follow anew."),
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Run the whole programme on a folder; what has not changed is kept.

    Example: renvand run examples/chongqing
    """
    from renvand import programme

    report = _Report(is_quiet=as_json)
    with report:
        results = programme.run(case, only=only, start=start, tell=report.tell)
    findings = {name: [str(f) for f in done.findings] for name, done in results.items()}
    count = sum(map(len, findings.values()))
    if as_json:
        out = {"out": str(case / "out"), "stages": report.stages, "findings": findings}
        sys.stdout.write(json.dumps(out, ensure_ascii=False, indent=1) + "\n")
    else:
        report.close(case, count)
    if count:
        raise typer.Exit(1)


class _Report:
    """Show how far a run is: a bar for people, a record for scripts."""

    def __init__(self, *, is_quiet: bool) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bar

        self.stages: dict[str, dict[str, Any]] = {}
        self.console = Console(quiet=is_quiet)
        columns = (TextColumn("{task.description:<12}"), BarColumn(), MofNCompleteColumn())
        self.bar = Bar(*columns, TimeElapsedColumn(), console=self.console, transient=True)
        self.task = self.bar.add_task("reading", total=None)

    def __enter__(self) -> _Report:
        self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.stop()

    def tell(self, progress: Progress) -> None:
        """Take one step of the run."""
        self.bar.update(
            self.task, description=progress.stage, completed=progress.done, total=progress.total
        )
        if progress.state == "starts":
            return
        found = len(progress.findings)
        self.stages[progress.stage] = {
            "state": progress.state,
            "seconds": round(progress.seconds, 3),
            "findings": found,
        }
        note = f"[yellow]{found} to look at[/]" if found else ""
        self.console.print(
            f"{progress.stage:<12} {progress.state:<10} {progress.seconds:6.1f} s  {note}"
        )

    def close(self, case: Path, count: int) -> None:
        """Say where to look."""
        out = case / "out"
        self.console.print(f"\nOpen [bold]{out / 'index.html'}[/]; tables are in {out}.")
        if count:
            self.console.print(
                f"{count} findings to look at are in {out / 'findings.csv'}; "
                "nothing was changed for them."
            )


def why(
    figure: Annotated[str, typer.Argument(help="Id of the figure, as printed beside it.")],
    case: Annotated[Path, typer.Option(help="Folder of the case.")] = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="Print the chain as JSON.")] = False,
) -> None:
    """Print the chain from a figure back to measurements and sources.

    Example: renvand why secretariat.planned --case examples/chongqing
    """
    from renvand import programme
    from renvand.programme.why import bibliography, ledger

    links = list(programme.why(figure, ledger(case), sources=bibliography(case)))
    if as_json:
        chain = [{"depth": x.depth, "citation": x.citation, **vars(x.item)} for x in links]
        text = json.dumps(chain, ensure_ascii=False, indent=1, default=vars)
        sys.stdout.write(text + "\n")
        return
    from rich.console import Console

    Console().print(_tree(links))


def _tree(links: list[Link]) -> Tree:
    """Lay the chain out as a tree."""
    from rich.markup import escape
    from rich.tree import Tree

    from renvand.trace import Figure

    branches: list[Tree] = []
    for link in links:
        item = link.item
        if isinstance(item, Figure):
            span = f" ({item.low:.4g} to {item.high:.4g})" if item.low is not None else ""
            head = f"[bold]{escape(item.id)}[/] = {item.value:.5g} {escape(item.unit)}{span}"
            label = f"{head}\n[dim]{escape(item.method)}[/]"
        else:
            value = f" = {escape(item.value)}" if item.value else ""
            place = ", ".join(filter(None, (item.file, item.row, item.column)))
            head = f"{escape(place)}{value}"
            doubt = ", [yellow]not verified[/]" if item.confidence == "low" else ""
            label = f"{head} [cyan]{item.basis}[/]{doubt}\n[dim]{escape(link.citation)}[/]"
        branch = Tree(label) if link.depth == 0 else branches[link.depth - 1].add(label)
        branches[link.depth :] = [branch]
    return branches[0]
