"""Write the reference pages that are derived from code: commands, functions, tables."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import typer
from typer.main import get_command

import renvand
from renvand.cli.door import door
from renvand.partnership.reference import reference_page
from renvand.steps.potential.sheet import catalogue_page
from renvand.web.rights import page as rights_page

DOCS = Path(__file__).resolve().parents[1] / "docs" / "reference"


def commands() -> str:
    """Describe every command with its arguments and options."""
    lines = ["# Commands", "", "Exit code: 0 all is well, 1 findings or faults, 2 wrong usage.", ""]
    root = get_command(door())
    assert isinstance(root, typer.core.TyperGroup)
    for name, command in sorted(_leaves(root, "renvand")):
        lines += [f"## {name}", "", (command.help or "").strip(), ""]
        rows = [_row(parameter) for parameter in command.params if parameter.name != "help"]
        if rows:
            lines += ["| argument | meaning | default |", "|---|---|---|", *rows, ""]
    return "\n".join(lines)


def _leaves(
    group: typer.core.TyperGroup, path: str
) -> Iterator[tuple[str, typer.core.TyperCommand]]:
    for name, command in group.commands.items():
        if isinstance(command, typer.core.TyperGroup):
            yield from _leaves(command, f"{path} {name}")
        else:
            yield f"{path} {name}", cast("typer.core.TyperCommand", command)


def _row(parameter: Any) -> str:
    names = ", ".join(f"`{opt}`" for opt in parameter.opts)
    if parameter.param_type_name == "argument":
        names = f"`{parameter.metavar or parameter.name.upper()}`"
    default = parameter.default
    shown = "" if default in (None, "", False, ...) or callable(default) else f"`{default}`"
    return f"| {names} | {getattr(parameter, 'help', '') or ''} | {shown} |"


def functions() -> str:
    """List the public functions; their pages come from the docstrings."""
    lines = ["# Functions", "", "What `import renvand as rv` offers; all else is private.", ""]
    for subject, names in renvand.SUBJECTS.items():
        lines += [f"## {subject}", ""]
        for name, module in names.items():
            lines += [f"::: {module}.{name}", ""]
    return "\n".join(lines)


def main() -> None:
    """Write the pages."""
    DOCS.mkdir(parents=True, exist_ok=True)
    (DOCS / "commands.md").write_text(commands(), encoding="utf-8")
    (DOCS / "functions.md").write_text(functions(), encoding="utf-8")
    (DOCS / "tables.md").write_text(reference_page(), encoding="utf-8")
    (DOCS / "rights.md").write_text(rights_page(), encoding="utf-8")
    (DOCS / "techniques.md").write_text(catalogue_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
