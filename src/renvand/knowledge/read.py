"""Read tables and pages from files: all faults at once, each with its place and remedy."""

from __future__ import annotations

import csv
import io
import json
import tomllib
import zipfile
import zlib
from collections.abc import Container, Iterator, Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from renvand.errors import Fault, FileError, OurFault, near
from renvand.knowledge.schema import Column, Schema, Value, judge, schema_of

if TYPE_CHECKING:
    import pandas as pd
    from openpyxl import Workbook

LARGEST_FILE = 256 * 2**20  # bytes; larger registers come as Parquet through DuckDB
LARGEST_LINE = 2**20  # bytes
_DIGITS = 18  # of a whole number that 64 bits hold
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
# What zipfile, zlib, the XML parsers and openpyxl raise on a file that is damaged or made up.
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,  # of both XML parsers
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    NotImplementedError,
    RuntimeError,  # an encrypted part
    OSError,
    EOFError,
)
_DTYPES = {"number": "float64", "integer": "Int64", "boolean": "boolean", "date": "object"}


def open_workbook(file: Path | IO[bytes], **how: bool) -> Workbook:
    """Open a workbook of anybody's; openpyxl warns of damage that it goes on with.

    Parameters
    ----------
    file : path or file
        The .xlsx.
    **how : bool
        As openpyxl's ``load_workbook``: `read_only`, `data_only`.

    Raises
    ------
    DAMAGED
        Whichever of them the damage leads to.
    """
    import warnings

    import openpyxl

    held = file
    if isinstance(file, Path) and file.stat().st_size <= LARGEST_FILE:
        held = io.BytesIO(file.read_bytes())  # of a damaged one openpyxl leaves a handle open
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(held, **how)


def read_text(path: Path | Traversable, *, name: str) -> str:
    """Read a text file in UTF-8.

    Raises
    ------
    FileError
        When the file is missing, too large, of another encoding, or not text.
    """
    fault = _refuse(path, name)
    if fault:
        raise FileError(fault)
    data = path.read_bytes()
    if b"\0" in data and data[:2] not in UTF16_MARKS:
        raise FileError(Fault(where=name, what="is not a text file.", do="Save it as UTF-8 text."))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileError(
            Fault(
                where=name if data[:2] in UTF16_MARKS else f"{name}, line {line}",
                what=f"is {_likely_encoding(data)}, not UTF-8.",
                do="Save it as 'CSV UTF-8', or put it in inbox/ and name its encoding there.",
            )
        ) from error


def _refuse(path: Path | Traversable, name: str) -> Fault | None:
    if not path.is_file():
        return Fault(where=name, what="is not there.", do="Add the file, or check its name.")
    if isinstance(path, Path) and path.stat().st_size > LARGEST_FILE:
        size = path.stat().st_size / 2**20
        what = f"has {size:.0f} MB; a table of a case may have {LARGEST_FILE / 2**20:.0f}."
        return Fault(where=name, what=what, do="Give large registers as Parquet in inbox/.")
    return None


def _likely_encoding(data: bytes) -> str:
    if data[:2] in UTF16_MARKS:
        return "UTF-16"
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return "of an unknown encoding"
    return "GB18030 or Latin-1"


def read_toml(path: Path | Traversable, *, name: str) -> dict[str, Any]:
    """Read a TOML page; a syntax error names its line."""
    text = read_text(path, name=name)
    try:
        page = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # not TOML, thousands of digits, of brackets
        what = f"is not TOML: {error}."
        raise FileError(Fault(where=name, what=what, do="Correct that line.")) from error
    if any(abs(number) >= 10**_DIGITS for number in _integers(page)):
        what = f"holds a whole number of more than {_DIGITS} digits."
        raise FileError(Fault(where=name, what=what, do="Write it with an exponent: 1e20."))
    return page


def read_json(path: Path | Traversable, *, name: str) -> Any:
    """Read a JSON page; a whole number of very many digits is read as a decimal one."""
    text = read_text(path, name=name)
    try:
        return json.loads(text, parse_int=_whole)
    except (json.JSONDecodeError, RecursionError) as error:
        what = f"is not JSON: {error}."
        raise FileError(Fault(where=name, what=what, do="Correct it there.")) from error


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) <= _DIGITS else float(digits)


def _integers(page: object) -> Iterator[int]:
    """Give every whole number of a page, however deep it lies."""
    parts = [page]
    while parts:
        part = parts.pop()
        if isinstance(part, int):
            yield part
        elif isinstance(part, dict | list):
            parts += part.values() if isinstance(part, dict) else part


def read_table(
    path: Path | Traversable,
    schema: Schema,
    *,
    name: str,
    known: Mapping[str, Container[str]],
) -> pd.DataFrame:
    """Read a CSV by its schema.

    Parameters
    ----------
    path : path
        The file, UTF-8, comma-separated, first line the column names.
    schema : Schema
        What may stand in it.
    name : str
        How the file is called in messages, relative to the case.
    known : mapping of str to container of str
        Keys that references and sources may name; see :func:`schema.judge`.

    Returns
    -------
    DataFrame
        One row a line, all columns of the schema, typed; ``attrs["lines"]`` the line numbers.

    Raises
    ------
    FileError
        With every fault of the file.
    """
    made, faults = judge_table(path, schema, name=name, known=known)
    if faults:
        raise FileError(faults)
    return made


def judge_table(
    path: Path | Traversable,
    schema: Schema,
    *,
    name: str,
    known: Mapping[str, Container[str]],
) -> tuple[pd.DataFrame, list[Fault]]:
    """Read a CSV as far as it goes: faulty cells come out empty, each with its fault.

    Parameters are those of :func:`read_table`; so are the errors of a file that is no table.
    """
    cells = list(_cells(read_text(path, name=name), name))
    header = [h.strip() for h in cells[0][1]] if cells else []
    faults = list(_header_faults(header, schema, name))
    rows: list[dict[str, Value]] = []
    lines: list[int] = []
    seen: dict[tuple[Value, ...], int] = {}
    for line, raw in cells[1:]:
        if len(raw) != len(header):
            what = f"has {len(raw)} cells, the first line has {len(header)}."
            faults.append(Fault(where=f"{name}, line {line}", what=what, do="Check the commas."))
            continue
        row, wrong = _row(
            dict(zip(header, raw, strict=True)), schema, f"{name}, line {line}", known
        )
        faults.extend(wrong)
        key = tuple(row[k] for k in schema.key)
        if None not in key and key in seen:
            what = f"repeats {', '.join(map(str, key))} of line {seen[key]}."
            faults.append(Fault(where=f"{name}, line {line}", what=what, do="Keep one of the two."))
        seen.setdefault(key, line)
        rows.append(row)
        lines.append(line)
    return frame(rows, schema, lines=lines), faults


def frame(rows: list[dict[str, Value]], schema: Schema, *, lines: list[int]) -> pd.DataFrame:
    """Make a typed frame of judged rows."""
    import pandas as pd

    data = {
        name: pd.Series([row.get(name) for row in rows], dtype=_DTYPES.get(column.kind, "object"))
        for name, column in schema.columns.items()
    }
    made = pd.DataFrame(data, columns=list(schema.columns))
    made.attrs["lines"] = lines
    return made


def _cells(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    long = [i for i, line in enumerate(text.split("\n"), 1) if len(line) > LARGEST_LINE]
    if long:
        what = f"has more than {LARGEST_LINE} characters."
        raise FileError(
            Fault(where=f"{name}, line {long[0]}", what=what, do="Check for a missing line break.")
        )
    reader = csv.reader(io.StringIO(text), skipinitialspace=True, strict=True)
    try:
        for raw in reader:
            if any(cell.strip() for cell in raw):
                yield reader.line_num, raw
    except csv.Error as error:
        raise FileError(
            Fault(
                where=f"{name}, line {reader.line_num}",
                what=f"is not CSV: {error}.",
                do="Check the quotation marks.",
            )
        ) from error


def _header_faults(header: list[str], schema: Schema, name: str) -> Iterator[Fault]:
    for column in header:
        if column not in schema.columns:
            where = f"{name}, line 1, column '{column}'"
            yield Fault(where=where, what="is not known.", do=near(column, schema.columns))
    for column in sorted({h for h in header if header.count(h) > 1}):
        yield Fault(
            where=f"{name}, line 1, column '{column}'", what="stands twice.", do="Keep one."
        )
    for column, rule in schema.columns.items():
        if rule.is_required and column not in header:
            yield Fault(where=f"{name}, line 1", what=f"lacks column '{column}'.", do="Add it.")


def _row(
    raw: Mapping[str, str], schema: Schema, where: str, known: Mapping[str, Container[str]]
) -> tuple[dict[str, Value], list[Fault]]:
    row: dict[str, Value] = dict.fromkeys(schema.columns)
    faults: list[Fault] = []
    for name, text in raw.items():
        if name not in schema.columns:
            continue
        row[name], what, do = judge(text.strip(), schema.columns[name], known=known)
        if what:
            faults.append(Fault(where=f"{where}, {name}", what=what, do=do))
    return row, faults


def columns_of(schema: Schema, kind: str) -> list[str]:
    """Name the columns of one kind."""
    return [name for name, column in schema.columns.items() if column.kind == kind]


@cache
def sources() -> dict[str, dict[str, Any]]:
    """The bibliography that comes with the package: key to title, year, publisher, url."""
    path = resources.files("renvand.knowledge") / "sources.toml"
    return read_toml(path, name="knowledge/sources.toml")


@cache
def _shipped(name: str) -> pd.DataFrame:
    folder = resources.files("renvand.knowledge") / "tables"
    names = sorted(f.name.removesuffix(".csv") for f in folder.iterdir() if f.name.endswith(".csv"))
    if name not in names:
        raise OurFault(f"knowledge: no table '{name}'. {near(name, names)}")
    shipped = read_table(
        folder / f"{name}.csv",
        schema_of(folder / f"{name}.toml"),
        name=f"knowledge/{name}.csv",
        known={"sources": sources()},
    )
    shipped.attrs.clear()  # line numbers are for the user's own files; pandas copies them each time
    return shipped


def table(name: str) -> pd.DataFrame:
    """Give a table that comes with the package, read and checked once.

    Parameters
    ----------
    name : str
        'limits', 'sectors', 'prices', …: a file under ``knowledge/tables``.
    """
    return _shipped(name).copy()


@cache
def shipped_schema(name: str) -> Schema:
    """Give the schema of a table that comes with the package."""
    return schema_of(resources.files("renvand.knowledge") / "tables" / f"{name}.toml")


__all__ = [
    "Column",
    "columns_of",
    "frame",
    "read_table",
    "read_text",
    "read_toml",
    "shipped_schema",
    "sources",
    "table",
]
