"""``renvand model``: process models as pages, shipped or one's own."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from renvand.process.parts import Page

app = typer.Typer(
    help="Process models: pages with a matrix, rates and parameters.", no_args_is_help=True
)
Name = Annotated[
    str, typer.Argument(metavar="NAME", help="A shipped page such as asm1, or a .toml file.")
]
SetName = Annotated[str, typer.Option("--set", help="A parameter set of the page.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


@app.command("list")
def list_models(
    folder: Annotated[
        Path | None, typer.Argument(help="A folder with pages of your own, to list them too.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the pages that come with renvand, and those of a folder.

    Example: renvand model list
    """
    from renvand.process.page import own_pages, page_names

    names = [*page_names(), *(map(str, own_pages(folder)) if folder is not None else ())]
    rows = [_summary(name) for name in names]
    if as_json:
        sys.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
        return
    for row in rows:
        sys.stdout.write(
            f"{row['name']:<9} {row['title']} ({row['components']} components, "
            f"{row['processes']} processes)\n"
        )
        for name, chosen in row["sets"].items():
            sys.stdout.write(f"{'':<9} --set {name}: {chosen['title']}\n")


def _summary(name: str) -> dict[str, Any]:
    from renvand.process.page import read_page

    page = read_page(name)
    return {
        "name": name if name.endswith(".toml") else page.name,
        "title": page.title,
        "components": len(page.components),
        "processes": len(page.processes),
        "conserves": list(page.conserves),
        "temperature": page.temperature,
        "source": page.source,
        "note": page.note,
        "sets": _sets(page),
    }


def _sets(page: Page) -> dict[str, dict[str, Any]]:
    return {
        name: {
            "title": chosen.title,
            "source": chosen.source,
            "confidence": chosen.confidence,
            "temperature": chosen.temperature,
        }
        for name, chosen in page.sets.items()
    }


@app.command("show")
def show_model(name: Name, set_name: SetName = "", as_json: AsJson = False) -> None:
    """Show a page with its matrix closed, its rates, parameters and sources.

    Example: renvand model show asm1 --set benchmark
    """
    from renvand.process.export import as_data, markdown
    from renvand.process.model import load_model

    model = load_model(name, set_name=set_name)
    if as_json:
        sys.stdout.write(json.dumps(as_data(model), ensure_ascii=False, indent=1) + "\n")
    else:
        sys.stdout.write(markdown(model))


@app.command("check")
def check_model(name: Name, as_json: AsJson = False) -> None:
    """Check a page: form, units, closure and conservation, with every parameter set.

    Example: renvand model check my-model.toml
    """
    from renvand.process.model import check

    page = check(name)
    found = {
        "name": page.name,
        "conserves": list(page.conserves),
        "components": len(page.components),
        "processes": len(page.processes),
        "sets": list(page.sets),
    }
    if as_json:
        sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
        return
    sets = f" Sets: {', '.join(page.sets)}." if page.sets else ""
    kept = f"{len(page.processes)} processes conserve {', '.join(page.conserves)}."
    sys.stdout.write(f"{page.name}: {kept}{sets}\n")


@app.command("export")
def export_model(
    name: Name,
    path: Annotated[Path, typer.Argument(metavar="FILE", help="Ends in .xlsx, .tex or .md.")],
    set_name: SetName = "",
) -> None:
    """Write a page with its matrix closed to Excel, LaTeX or Markdown.

    Example: renvand model export asm1 asm1.xlsx
    """
    from renvand.errors import Fault, FileError, near
    from renvand.process.export import FORMS, markdown, workbook
    from renvand.process.model import load_model
    from renvand.process.tex import latex

    form = path.suffix.removeprefix(".")
    if form not in FORMS:
        raise FileError(
            Fault(where=path.name, what="is no form to export to.", do=near(form, FORMS))
        )
    if not path.parent.is_dir():
        what = "cannot be written: its folder is not there."
        raise FileError(Fault(where=str(path), what=what, do="Make the folder first."))
    loaded = load_model(name, set_name=set_name)
    if form == "xlsx":
        workbook(loaded, path)
    else:
        path.write_text(markdown(loaded) if form == "md" else latex(loaded), encoding="utf-8")
