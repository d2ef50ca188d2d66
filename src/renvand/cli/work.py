"""``renvand work``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

LEASE = 60.0  # s
MOST_LOST = 3


def work(
    case: Annotated[Path, typer.Argument(metavar="CASE", help="Folder of the case.")],
    until_empty: Annotated[
        bool, typer.Option("--until-empty", help="End when nothing is left to do.")
    ] = False,
    lease: Annotated[
        float,
        typer.Option(min=0.5, help="Seconds of silence after which a worker counts as gone."),
    ] = LEASE,
    most_lost: Annotated[
        int, typer.Option(min=1, help="A run that lost so many workers is given up.")
    ] = MOST_LOST,
    beside: Annotated[int, typer.Option(hidden=True, help="End with this parent process.")] = 0,
) -> None:
    """Do the long work that people ask for on the pages, until stopped with Ctrl-C.

    Any number may work on one record; one that is killed loses nothing.

    Example: renvand work examples/chongqing
    """
    from renvand.errors import Fault, FileError
    from renvand.partnership.database import record_of
    from renvand.partnership.setup import open_record

    if not case.is_dir():
        what, do = "is not a folder.", "Name the folder of a case."
        raise FileError(Fault(where=str(case), what=what, do=do))
    open_record(record_of(case))
    from renvand.web.runs.queue import Terms
    from renvand.web.runs.worker import Worker

    terms = Terms(lease=lease, most_lost=most_lost)
    Worker(case, record_of(case), terms=terms, beside=beside).work(until_empty=until_empty)
