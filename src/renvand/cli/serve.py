"""``renvand serve``."""

from __future__ import annotations

import errno
import sys
from pathlib import Path
from typing import Annotated

import typer

DEFAULT_PORT = 8000


def serve(
    case: Annotated[Path, typer.Argument(metavar="CASE", help="Folder of the case.")],
    port: Annotated[
        int, typer.Option(min=0, max=65_535, help="Port on this machine; 0 takes a free one.")
    ] = DEFAULT_PORT,
) -> None:
    """Show a case in the browser, on this machine only, until stopped with Ctrl-C.

    Example: renvand serve examples/chongqing
    """
    from renvand.errors import Fault, FileError
    from renvand.web.site import serve as run

    if not case.is_dir():
        what, do = "is not a folder.", "Name the folder of a case."
        raise FileError(Fault(where=str(case), what=what, do=do))

    def ready(address: str) -> None:
        sys.stdout.write(f"Open {address} – stop with Ctrl-C.\n")
        sys.stdout.flush()

    try:
        run(case, port=port, ready=ready)
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        what, do = "cannot be had on this machine.", "Give another with --port."
        raise FileError(Fault(where=f"port {port}", what=what, do=do)) from error
