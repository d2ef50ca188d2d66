"""What may come in: files of a kind, of a size, that hold what they say and do nothing."""

from __future__ import annotations

import re
import secrets
import shutil
import time
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler

from renvand.errors import Fault, FileError
from renvand.knowledge.read import DAMAGED
from renvand.partnership.inbox import check_workbook

LARGEST = 50 * 2**20  # bytes of an upload
DAY = 86_400  # s, that an upload is kept for its next step
LISTS = (".csv", ".xlsx", ".parquet")
FILLED = (".xlsx", ".xml")  # workbooks, and submissions of a survey
LONGEST_NAME = 100  # characters
_PIECE = 2**20  # bytes read at a time
_UNFIT = re.compile(r"[^\w.() -]|^[.~$ ]+")
_UNSAFE_PARTS = (
    ("vbaProject.bin", "holds macros."),
    ("/externalLinks/", "takes values from other workbooks."),
    ("/embeddings/", "holds other files."),
    ("/activeX/", "holds controls that run."),
    ("connections.xml", "takes values from a database."),
)


class Limited(TemporaryFileUploadHandler):
    """Takes an upload in, and lets go of it once it is too large."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin to count."""
        super().new_file(*args, **kwargs)
        self._taken = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Take some bytes."""
        self._taken += len(raw_data)
        if self._taken > LARGEST:
            self.file.close()
            raise StopUpload(connection_reset=True)
        super().receive_data_chunk(raw_data, start)


def keep(upload: UploadedFile, *, kinds: tuple[str, ...]) -> Path:
    """Put an upload aside under its own name, once it is sure that it does no harm.

    Parameters
    ----------
    upload : UploadedFile
        As received.
    kinds : tuple of str
        Endings that are taken: '.xlsx', …

    Raises
    ------
    FileError
        With what is wrong: size, kind, content.
    """
    name = named(upload.name or "")
    if not name.lower().endswith(kinds):
        do = f"Send a file that ends in {', '.join(kinds)}."
        raise FileError(Fault(where=name or "file", what="is of another kind.", do=do))
    if not upload.size or upload.size > LARGEST:
        what = f"has {(upload.size or 0) / 2**20:.1f} MB; from 0 to {LARGEST >> 20} MB is taken."
        raise FileError(Fault(where=name, what=what, do="Split it."))
    sweep()
    folder = _place() / secrets.token_urlsafe(16)
    folder.mkdir(parents=True)
    path = folder / name
    with path.open("wb") as file:
        for chunk in upload.chunks():
            file.write(chunk)
    faults = check(path)
    if faults:
        shutil.rmtree(folder)
        raise FileError(faults)
    return path


def named(name: str) -> str:
    """Give a file name that is one, in whatever script."""
    plain = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    stem, dot, ending = _UNFIT.sub("", plain).strip().rpartition(".")
    return f"{stem[: LONGEST_NAME - len(ending)]}{dot}{ending.lower()}" if stem else ""


def check(path: Path) -> tuple[Fault, ...]:
    """Say what is unsafe about a file, or whether it is not what it is called."""
    if path.suffix == ".xlsx":
        return check_workbook(path, name=path.name, allow_macros=False) or _parts(path)
    with path.open("rb") as file:
        head = file.read(_PIECE)
    if path.suffix == ".parquet":
        is_one = head[:4] == b"PAR1" and path.read_bytes()[-4:] == b"PAR1"
        what, do = "is not a Parquet file.", "Write it anew."
        return () if is_one else (Fault(where=path.name, what=what, do=do),)
    if path.suffix == ".xml":
        is_one = head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<")
        what, do = "is not XML.", "Export it anew from the form server."
        return () if is_one else (Fault(where=path.name, what=what, do=do),)
    is_wide = head[:2] in (b"\xff\xfe", b"\xfe\xff")
    if not is_wide and (b"\0" in head or head[:2] == b"PK"):
        return (Fault(where=path.name, what="is not text.", do="Save it as CSV."),)
    return ()


def _parts(path: Path) -> tuple[Fault, ...]:
    """Look into every part of a workbook: entities could unfold without end, others would run."""
    try:
        with zipfile.ZipFile(path) as book:
            for part in book.infolist():
                for unsafe, what in _UNSAFE_PARTS:
                    if unsafe in f"/{part.filename}":
                        do = "Copy the values into a new workbook."
                        return (Fault(where=path.name, what=what, do=do),)
                if part.filename.endswith((".xml", ".rels")) and _has_doctype(book, part):
                    what = f"declares a document type in {part.filename}."
                    return (Fault(where=path.name, what=what, do="Save it anew in Excel."),)
    except DAMAGED:
        return (Fault(where=path.name, what="is damaged.", do="Save it anew in Excel."),)
    return ()


def _has_doctype(book: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    with book.open(part) as file:
        tail = b""
        while piece := file.read(_PIECE):
            if b"<!DOCTYPE" in (tail + piece).upper() or b"<!ENTITY" in (tail + piece).upper():
                return True
            tail = piece[-9:]
    return False


def find(key: str) -> Path | None:
    """Find an upload that was put aside, by the name of its folder."""
    if not re.fullmatch(r"[\w-]{22}", key):
        return None
    found = [path for path in (_place() / key).glob("*") if path.is_file()]
    return found[0] if len(found) == 1 else None


def drop(path: Path) -> None:
    """Throw an upload away."""
    shutil.rmtree(path.parent)


def sweep() -> None:
    """Throw away what nobody came back for."""
    for folder in _place().glob("*"):
        if time.time() - folder.stat().st_mtime > DAY:
            shutil.rmtree(folder, ignore_errors=True)


def _place() -> Path:
    return settings.RENVAND_CASE / ".renvand" / "uploads"
