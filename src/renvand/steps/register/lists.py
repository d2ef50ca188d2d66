"""Lists as received: opened as they are, every row with its place, nothing changed."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from renvand.errors import Fault, FileError, near
from renvand.knowledge.read import DAMAGED, open_workbook

LARGEST_SHEET = 512 * 2**20  # bytes unpacked; a workbook that unpacks to more is refused
SEPARATOR = " / "  # between the rows of a header that spans several
Lines = Iterator[tuple[int, list[str]]]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row of a list: its place, and its cells by the column names we use."""

    file: str  # 'inbox/permits.csv'
    line: int
    cells: Mapping[str, str]
    first: str = ""  # the first cell of the row that holds anything, mapped or not

    @property
    def where(self) -> str:
        """Say where the row stands."""
        return f"{self.file}, line {self.line}"


def rows(folder: Path, entry: Mapping[str, Any]) -> list[Row]:
    """Read one list by its entry in ``inbox/mapping.toml``.

    Parameters
    ----------
    folder : Path
        The case.
    entry : mapping
        ``file``, ``format``, ``encoding``, ``sheet``, ``header_rows``, ``skip_rows``,
        ``columns`` (ours = theirs), ``constants`` and ``keep`` (their column = allowed values).

    Raises
    ------
    FileError
        When the file cannot be read, or a mapped column is not in it.
    """
    name = f"inbox/{entry['file']}"
    path = folder / name
    if not path.is_file():
        raise FileError(Fault(where=name, what="is not there.", do="Check inbox/mapping.toml."))
    header, body = split(lines(path, entry, name=name), entry)
    columns: Mapping[str, str | list[str]] = entry["columns"]
    wanted = {theirs for given in columns.values() for theirs in _as_list(given)}
    wanted |= set(entry.get("keep", {}))
    lost = sorted(wanted - set(header))
    if lost:
        raise FileError(
            Fault(where=name, what=f"has no column '{column}'.", do=near(column, header))
            for column in lost
        )
    constants = {key: str(value) for key, value in entry.get("constants", {}).items()}
    found: list[Row] = []
    for line, raw in body:
        cells = dict(zip(header, raw, strict=False))
        if all(cells[c] in allowed for c, allowed in entry.get("keep", {}).items()):
            ours = {our: _first(cells, _as_list(theirs)) for our, theirs in columns.items()}
            first = next(filter(str.strip, raw), "")
            found.append(Row(file=name, line=line, cells={**constants, **ours}, first=first))
    return found


def lines(path: Path, entry: Mapping[str, Any], *, name: str) -> Lines:
    """Open a list and give its lines as they are, the header among them.

    Parameters
    ----------
    path : Path
        The file.
    entry : mapping
        As for :func:`rows`; ``columns`` are not looked at.
    name : str
        How the file is called in messages.
    """
    kind = _kind(path, entry)
    if kind not in _READERS:
        raise FileError(
            Fault(where=name, what=f"format '{kind}' is not known.", do=near(kind, _READERS))
        )
    return _READERS[kind](path, entry, name)


def _kind(path: Path, entry: Mapping[str, Any]) -> str:
    return entry.get("format") or path.suffix.removeprefix(".").lower()


def _as_list(given: str | list[str]) -> list[str]:
    return [given] if isinstance(given, str) else given


def _first(cells: Mapping[str, str], columns: Sequence[str]) -> str:
    """Take the first of several columns that holds something."""
    return next((cells[c] for c in columns if cells.get(c, "").strip()), "")


def split(found: Lines, entry: Mapping[str, Any]) -> tuple[list[str], Lines]:
    """Part header and body; a header of several rows is joined, merged cells carried right.

    Parameters
    ----------
    found : iterator of (line, cells)
        From :func:`lines`.
    entry : mapping
        ``skip_rows`` and ``header_rows``.
    """
    skip, depth = entry.get("skip_rows", 0), entry.get("header_rows", 1)
    for _ in range(skip):
        next(found, None)
    heads = [row for _, row in (next(found, (0, [])) for _ in range(depth))]
    width = max(map(len, heads), default=0)
    carried: list[list[str]] = []
    for level, head in enumerate(heads):
        cells = [c.strip() for c in head] + [""] * (width - len(head))
        for i in range(1, width):
            if not cells[i] and level < depth - 1:
                cells[i] = cells[i - 1]
        carried.append(cells)
    columns = zip(*carried, strict=True)
    header = [SEPARATOR.join(dict.fromkeys(filter(None, column))) for column in columns]
    return header, found


def _csv(path: Path, entry: Mapping[str, Any], name: str) -> Lines:
    encoding = entry.get("encoding", "utf-8-sig")
    try:
        text = path.read_bytes().decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise FileError(
            Fault(
                where=name,
                what=f"is not {encoding}: {error}.",
                do="Correct 'encoding' in inbox/mapping.toml: utf-8-sig, gb18030 or utf-16.",
            )
        ) from error
    lines = io.StringIO(text, newline=None)  # any sign that ends a line
    reader = csv.reader(lines, delimiter=entry.get("delimiter", ","))
    try:
        for raw in reader:
            yield reader.line_num, raw
    except csv.Error as error:
        where, what = f"{name}, line {reader.line_num}", f"is no CSV: {error}."
        raise FileError(Fault(where=where, what=what, do="Look for a quote too many.")) from error


def _xlsx(path: Path, entry: Mapping[str, Any], name: str) -> Lines:
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(item.file_size for item in archive.infolist())
    except DAMAGED as error:
        raise FileError(
            Fault(where=name, what="is not an Excel workbook.", do="Save it as .xlsx.")
        ) from error
    if size > LARGEST_SHEET:
        what = f"unpacks to {size / 2**20:.0f} MB."
        raise FileError(Fault(where=name, what=what, do="Ask the sender for a plain list."))
    try:
        book = open_workbook(path, data_only=True)
    except DAMAGED as error:
        raise FileError(
            Fault(where=name, what="is not a readable workbook.", do="Save it anew as .xlsx.")
        ) from error
    names = _as_list(entry.get("sheet") or book.sheetnames[0])
    for sheet in names:
        if sheet not in book.sheetnames:
            do = near(sheet, book.sheetnames)
            raise FileError(Fault(where=name, what=f"has no sheet '{sheet}'.", do=do))
        skip = 0 if sheet == names[0] else entry.get("skip_rows", 0) + entry.get("header_rows", 1)
        for line, cells in enumerate(_unmerged(book[sheet]), start=1):
            if line > skip and any(cells):
                yield line, cells


def _unmerged(sheet: Any) -> Iterator[list[str]]:
    """Give the rows of a sheet; every cell of a merged block holds what the block shows."""
    shown: dict[tuple[int, int], object] = {}
    for block in sheet.merged_cells.ranges:
        value = sheet.cell(block.min_row, block.min_col).value
        for row, column in block.cells:
            shown[row, column] = value
    for row, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        filled = (shown.get((row, column), cell) for column, cell in enumerate(cells, start=1))
        yield ["" if cell is None else str(cell) for cell in filled]


def _parquet(path: Path, _: Mapping[str, Any], name: str) -> Lines:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
    except pa.ArrowInvalid as error:
        raise FileError(Fault(where=name, what="is not Parquet.", do="Ask for it anew.")) from error
    yield 0, table.column_names
    for batch in table.to_batches():
        columns = [column.to_pylist() for column in batch.columns]
        for line, raw in enumerate(zip(*columns, strict=True), start=1):
            yield line, ["" if cell is None else str(cell) for cell in raw]


_READERS = {"csv": _csv, "xlsx": _xlsx, "parquet": _parquet}
