"""An empty record to begin a test with: made once, then copied, for making one takes a second."""

import shutil
import tempfile
from functools import cache
from pathlib import Path


@cache
def _made() -> tuple[tempfile.TemporaryDirectory, Path]:
    from django.db import connection

    from renvand.partnership.setup import open_record

    folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    path = Path(folder.name) / "record.sqlite3"
    open_record(path)
    connection.close()  # the write-ahead log goes into the file
    return folder, path


def blank(path: Path) -> Path:
    """Put an empty record at a path."""
    from renvand.partnership.setup import setup

    setup()
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(_made()[1], path)
    return path
