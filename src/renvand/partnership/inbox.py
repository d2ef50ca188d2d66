"""The lists as received: how ``inbox/mapping.toml`` says to read them, and what is unsafe."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from renvand.errors import Fault, near
from renvand.knowledge.read import DAMAGED
from renvand.knowledge.schema import Column, Schema
from renvand.partnership.page import Known, read_page

KINDS = ("enterprises", "outlets", "observations", "permit_limits")
LARGEST_UNPACKED = 512 * 2**20  # bytes of all parts of a workbook
LARGEST_RATIO = 200  # unpacked to packed; real workbooks stay below 60
SMALL = 16 * 2**20  # bytes: below this no ratio harms
MOST_PARTS = 10_000
SECTIONS = ("list", "substances")  # their spelling = our code, where the tables do not know it
MACROS = "vbaProject.bin"

MAPPING = Schema(
    name="list",
    key=("file",),
    columns={
        "file": Column(kind="text", is_required=True),
        "format": Column(kind="choice", choices=("csv", "xlsx", "parquet")),
        "encoding": Column(kind="text"),
        "sheet": Column(kind="text"),
        "delimiter": Column(kind="text"),
        "skip_rows": Column(kind="integer", low=0, high=1000),
        "header_rows": Column(kind="integer", low=1, high=20),
        "register": Column(kind="text"),  # lists of one register share their own site numbers
        "keep": Column(kind="mapping"),
        "kind": Column(kind="choice", choices=KINDS, is_required=True),
        "columns": Column(kind="mapping", is_required=True),
        "constants": Column(kind="mapping"),
        "coordinates": Column(kind="choice", choices=("WGS-84", "GCJ-02")),
        "source": Column(kind="source", is_required=True),
    },
)


def check_mapping(
    page: Mapping[str, Any], files: frozenset[str], *, known: Known
) -> tuple[Fault, ...]:
    """Judge ``inbox/mapping.toml``.

    Parameters
    ----------
    page : mapping
        The page.
    files : frozenset of str
        The files of the case; each list must be one of them.
    known : mapping
        For the sources.
    """
    name = "inbox/mapping.toml"
    faults = [
        Fault(where=f"{name}, {key}", what="is not known.", do=near(key, SECTIONS))
        for key in page
        if key not in SECTIONS
    ]
    lists = page.get("list", [])
    if not isinstance(lists, list) or not all(isinstance(entry, dict) for entry in lists):
        return (*faults, Fault(where=name, what="holds no lists.", do="Begin each with [[list]]."))
    present = {f.removeprefix("inbox/") for f in files if f.startswith("inbox/")}
    for number, entry in enumerate(lists, 1):
        where = f"{name}, list {number}"
        keys = {column: column for column in MAPPING.columns}
        row, wrong = read_page(entry, MAPPING, name=where, known=known, keys=keys)
        faults.extend(wrong)
        if row["file"] and row["file"] not in present:
            what = f"'{row['file']}' is not in inbox/."
            do = near(row["file"], present - {"mapping.toml"}) if len(present) > 1 else "Add it."
            faults.append(Fault(where=f"{where}, file", what=what, do=do))
    return tuple(faults)


def check_workbook(path: Path, *, name: str, allow_macros: bool) -> tuple[Fault, ...]:
    """Judge a workbook by its table of contents; nothing is unpacked.

    Parameters
    ----------
    path : path
        The .xlsx file.
    name : str
        How it is called in messages.
    allow_macros : bool
        Lists as received may hold macros, which nobody runs; what is to be filled in may not.
    """
    try:
        with zipfile.ZipFile(path) as book:
            parts = book.infolist()
    except DAMAGED:
        return (Fault(where=name, what="is not a workbook.", do="Save it as .xlsx."),)
    unpacked, packed = sum(p.file_size for p in parts), path.stat().st_size
    if unpacked > LARGEST_UNPACKED or len(parts) > MOST_PARTS:
        what = f"unpacks to {unpacked / 2**20:.0f} MB in {len(parts)} parts."
        return (Fault(where=name, what=what, do="Give large lists as CSV or Parquet."),)
    if unpacked > SMALL and unpacked > LARGEST_RATIO * packed:
        what = f"unpacks to {unpacked / packed:.0f} times its size."
        return (Fault(where=name, what=what, do="Save it anew, or give it as CSV."),)
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        return (Fault(where=name, what="is not a workbook.", do="Save it as .xlsx."),)
    if not allow_macros and any(part.endswith(MACROS) for part in names):
        return (Fault(where=name, what="holds macros.", do="Save it as .xlsx without them."),)
    return ()
