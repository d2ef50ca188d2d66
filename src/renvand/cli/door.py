"""All commands under one name, and what the shell gets back from them."""

from __future__ import annotations

import errno
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
from renvand.errors import Fault, RenvandError

OK, FINDINGS, INTERRUPTED = 0, 1, 130
_ROOM = ("is full.", "Make room and run it again: what was finished is kept.")
_RIGHT = ("cannot be written.", "Copy the folder to a place of your own and take the copy.")
_DISK = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT), _ROOM),
    **dict.fromkeys((errno.EROFS, errno.EACCES, errno.EPERM), _RIGHT),
    errno.EISDIR: ("is a folder.", "Name a file in it."),
    errno.ENOTDIR: ("goes through a file.", "Name a folder before the last '/'."),
}


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
        *(record.new, record.check, record.template),
        *(record.load, record.save, record.import_workbook),
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
    except OSError as error:
        if error.errno not in _DISK:
            raise
        what, do = _DISK[error.errno]
        sys.stderr.write(f"{Fault(where=error.filename or 'The disk', what=what, do=do)}\n")
        return FINDINGS
    except KeyboardInterrupt:
        sys.stderr.write("Stopped. What was finished is kept; run it again to go on.\n")
        return INTERRUPTED
    return OK
