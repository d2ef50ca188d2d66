"""All commands under one name, and what the shell gets back from them."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer

from renvand.cli import (
    model,
    plants,
    publish,
    reconcile,
    record,
    river,
    serve,
    simulate,
    waternet,
    work,
)
from renvand.cli import potential as saving
from renvand.cli import register as registering
from renvand.cli import review as reviewing
from renvand.cli import run as running
from renvand.errors import RenvandError

OK, FINDINGS, INTERRUPTED = 0, 1, 130


def door() -> typer.Typer:
    """Build the command line from the modules of this folder."""
    app = typer.Typer(
        name="renvand",
        help="From raw lists to signed-off data sheets: a workbench for water partnerships.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    for command in (
        *(running.run, running.why),
        *(record.check, record.template, record.load, record.save, record.import_workbook),
        *(serve.serve, work.work),
        reconcile.reconcile,
        *(saving.potential, saving.technique),
        *(publish.sheet, publish.seminar),
    ):
        app.command()(command)
    for name, group in (
        ("register", registering.app),
        ("review", reviewing.app),
        ("plants", plants.app),
        ("plant", plants.plant),
        ("river", river.app),
        ("waternet", waternet.app),
        ("model", model.app),
    ):
        app.add_typer(group, name=name)
    simulate.register(app)
    return app


def enter(arguments: Sequence[str]) -> int:
    """Run one command.

    Returns
    -------
    int
        0 when all is well, 1 with findings or faults of the input, 2 for wrong usage.
    """
    try:
        door()(args=list(arguments), prog_name="renvand")
    except SystemExit as end:  # how typer ends: 0, the command's own code, or 2 for wrong usage
        return end.code if isinstance(end.code, int) else OK
    except RenvandError as error:
        for fault in error.faults:
            sys.stderr.write(f"{fault}\n")
        return FINDINGS
    except KeyboardInterrupt:
        sys.stderr.write("Stopped. What was finished is kept; run it again to go on.\n")
        return INTERRUPTED
    return OK
