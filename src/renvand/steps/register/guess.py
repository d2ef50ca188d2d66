"""A proposal how a list is to be read: format, header, columns, each with how sure it is."""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from renvand.errors import Fault, FileError, near
from renvand.steps.register import about
from renvand.steps.register.lists import SEPARATOR, lines, split
from renvand.steps.register.patterns import FILLED, MEDIUM, PARTED, PATTERNS, TICKS, WATER, Pattern
from renvand.steps.register.values import folded

WHOLE, LESSER, PART = 0.8, 0.75, 0.5  # certainty from a header that is the word, or holds it
REPEATED = 0.3  # against a header whose words stand in the next row again: merged downwards
DEEPEST, MOST_SKIPPED = 3, 5  # header rows, rows above them
SAMPLE = 500  # rows looked at one by one, from the first
DEEP, SPARSE = 50_000, 100  # of so many rows behind them every hundredth: some columns begin late
LEAST = 0.35  # certainty below which nothing is proposed
UNBORNE = 0.6  # of the certainty of a header that only may mean it, where no value fits
UNFIT = 0.25  # share of fitting values below which a header is not believed
DELIMITERS = ",;\t|"
PACKED = ("gz", "zip", "rar", "7z")
NAMES = frozenset({"name_zh", "uscc", "permit", "number"})  # one of them, and a list says who
TOLD_BY = {
    "permit_limits": frozenset({"limit_mg_l"}),
    "observations": frozenset({"concentration_mg_l", "load_kg_a"}),
}  # what makes it a list of that kind
_IN_NAME = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")  # a year in the name of a file
Sample: TypeAlias = list[tuple[int, list[str]]]  # lines with their cells


@dataclass(frozen=True, kw_only=True)
class Column:
    """One proposed column."""

    ours: str
    theirs: str
    certainty: float  # 0 to 1
    examples: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Other:
    """One more list of the same file, to be taken in by itself."""

    sheet: str  # '' where the file has none
    kind: str
    columns: int  # of ours that it fills

    @property
    def options(self) -> str:
        """Say it as options of the command line."""
        return (f'--sheet "{self.sheet}" ' if self.sheet else "") + f"--kind {self.kind}"


@dataclass(frozen=True, kw_only=True)
class Guess:
    """A proposal for one entry of ``inbox/mapping.toml``."""

    entry: Mapping[str, Any]
    columns: tuple[Column, ...]  # surest first
    unused: tuple[str, ...]  # their columns that nothing is proposed for
    ask: tuple[str, ...]  # what no file tells: to be filled in by a person
    others: tuple[Other, ...] = ()  # more lists in the same file
    certainty: float = 1.0  # 0 to 1, that it is a list of that kind
    doubts: tuple[Fault, ...] = ()  # what speaks against it: not taken in unless its kind is told


def guess(path: Path, *, sheet: str = "", kind: str = "") -> Guess:
    """Propose how a list is to be read. Never used without a person's look.

    Parameters
    ----------
    path : Path
        A list as received: .csv, .xlsx or .parquet.
    sheet : str
        Sheet of a workbook; '' for the one whose header says most.
    kind : str
        What to read it as: enterprises, outlets, permit_limits or observations; '' for what its
        columns speak for. A table of results that names the limits too is two lists.

    Raises
    ------
    FileError
        When the file cannot be opened at all, or has no such sheet.
    """
    if kind and kind not in FILLED:
        raise FileError(Fault(where=f"kind '{kind}'", what="is not known.", do=near(kind, FILLED)))
    sheets = _shapes(path, sheet)
    shape, sample = sheets[0]
    found = _found(shape, sample)
    ours = {column.ours: column.certainty for column in found}
    kind = kind or _kind(ours)
    header, body = split(iter(sample), shape)
    columns = tuple(column for column in found if column.ours in FILLED[kind])
    mapped = {column.ours: column.theirs for column in columns}
    keep = _water(path, shape, sample)
    entry = {"file": path.name, **shape, "kind": kind, "source": "?"}
    entry |= {"keep": keep} if keep else {}
    entry["columns"] = mapped
    used = {*mapped.values(), *keep}
    ask = ["source: the key in sources.toml"]
    if "longitude" in mapped:
        ask.append("coordinates: WGS-84, or GCJ-02 for positions from a Chinese map service")
    if kind == "observations" and "year" not in mapped:
        years = set(_IN_NAME.findall(path.stem))
        if len(years) == 1:
            entry["constants"] = {"year": int(years.pop())}
            ask.append("constants: the year is that of the file's name; correct it if it is not")
        else:
            ask.append("constants: no column tells the year; write constants = {year = 2025}")
    if kind == "observations" and not mapped.keys() & {"days", "load_kg_a"}:
        ask.append("constants: no column tells the days of discharge; without, there is no load")
    if "limit_mg_l" in mapped or "concentration_mg_l" in mapped:
        ask += [] if "unit" in mapped else ["unit: without a column of units, mg/L is meant"]
    unused = tuple(name for name in header if name and name not in used)
    at = header.index(mapped["name_zh"]) if "name_zh" in mapped else len(header)
    names = [row[at] for _, row in body if at < len(row)]
    doubts = tuple(about.doubts(path.name, header, ours=ours, names=names))
    return Guess(
        entry=entry,
        columns=columns,
        unused=unused,
        ask=tuple(ask),
        others=tuple(_others(sheets, kind)),
        certainty=about.certainty(kind, ours) * (about.DOUBTED if doubts else 1.0),
        doubts=doubts,
    )


def _found(shape: Mapping[str, Any], sample: Sample) -> list[Column]:
    header, body = split(iter(sample), shape)
    found = _columns(header, [row for _, row in body])
    return sorted(found, key=lambda c: (-c.certainty, c.ours))


def _others(sheets: Sequence[tuple[dict[str, Any], Sample]], kind: str) -> Iterator[Other]:
    """Name the other lists of a file: limits beside results, and sheets that name companies."""
    for at, (shape, sample) in enumerate(sheets):
        ours = {column.ours: column.certainty for column in _found(shape, sample)}
        sheet = shape.get("sheet", "")
        first = kind if at == 0 else _kind(ours)
        if at and (ours.keys() & NAMES or first == "permit_limits"):
            yield Other(sheet=sheet, kind=first, columns=len(ours.keys() & set(FILLED[first])))
        second = {"observations": "permit_limits", "permit_limits": "observations"}.get(first)
        if second and "substance" in ours and ours.keys() & TOLD_BY[second]:
            yield Other(sheet=sheet, kind=second, columns=len(ours.keys() & set(FILLED[second])))


def _shapes(path: Path, sheet: str) -> list[tuple[dict[str, Any], Sample]]:
    """Find format, encoding, delimiter, sheet and header, with the first rows; the best first."""
    if not path.is_file():
        raise FileError(Fault(where=str(path), what="is not there.", do="Check the path."))
    kind = path.suffix.removeprefix(".").lower()
    if kind == "parquet":
        found: list[dict[str, Any]] = [{"format": kind}]
    elif kind == "xlsx":
        found = [{"format": kind, "sheet": name} for name in _sheets(path, sheet)]
    elif kind in PACKED:
        what = f"is packed ('.{kind}')."
        raise FileError(Fault(where=path.name, what=what, do="Unpack it first."))
    elif kind == "xls":
        what = "is a workbook of before 2007."
        raise FileError(Fault(where=path.name, what=what, do="Save it as .xlsx."))
    else:
        found = [_text(path)]
    samples = [_sample(path, shape) for shape in found]
    scored = [_header(rows, shape) for rows, shape in zip(samples, found, strict=True)]
    best = sorted(range(len(found)), key=lambda i: -scored[i][0])
    return [(scored[i][1], samples[i]) for i in best]


def _sample(path: Path, shape: Mapping[str, Any]) -> Sample:
    listed = lines(path, shape, name=path.name)
    first = list(itertools.islice(listed, SAMPLE))
    return first + list(itertools.islice(listed, 0, DEEP, SPARSE))


def _sheets(path: Path, wanted: str) -> list[str]:
    import zipfile

    from renvand.knowledge.read import DAMAGED, open_workbook

    if not zipfile.is_zipfile(path):
        raise FileError(
            Fault(where=path.name, what="is not an Excel workbook.", do="Save it as .xlsx.")
        )
    try:
        book = open_workbook(path, read_only=True)
    except DAMAGED as error:
        what = "is a damaged workbook."
        raise FileError(Fault(where=path.name, what=what, do="Save it anew in Excel.")) from error
    names = list(book.sheetnames)
    book.close()
    if wanted and wanted not in names:
        do = near(wanted, names)
        raise FileError(Fault(where=path.name, what=f"has no sheet '{wanted}'.", do=do))
    return [wanted] if wanted else names


def _text(path: Path) -> dict[str, Any]:
    """Find the encoding and the delimiter of a text file."""
    raw = path.read_bytes()
    encodings = ["utf-16"] if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        lines = text.splitlines()[:20]
        width = {d: _regular(lines, d) for d in DELIMITERS}
        delimiter = max(DELIMITERS, key=lambda d: width[d])
        shape: dict[str, Any] = {"format": "csv", "encoding": encoding}
        return shape if delimiter == "," else {**shape, "delimiter": delimiter}
    raise FileError(Fault(where=path.name, what="is in no known encoding.", do="Save it as UTF-8."))


def _regular(lines: Sequence[str], delimiter: str) -> int:
    """Say into how many parts a delimiter cuts most lines."""
    try:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
    except csv.Error:
        return 0
    return max(set(widths), key=widths.count) if widths else 0


def _header(sample: Sample, shape: Mapping[str, Any]) -> tuple[float, dict[str, Any]]:
    """Find the header: the rows whose words speak most for our columns, and the fewest of them."""
    best: tuple[float, dict[str, Any]] = (-1.0, dict(shape))
    for skip, depth in itertools.product(range(MOST_SKIPPED + 1), range(1, DEEPEST + 1)):
        tried: dict[str, Any] = {**shape}
        tried |= {"skip_rows": skip} if skip else {}
        tried |= {"header_rows": depth} if depth > 1 else {}
        header, body = split(iter(sample), tried)
        again = sum(map(_is_again, header, next(body, (0, []))[1]))
        spoken = [max((_word(p, name) for p in PATTERNS.values()), default=0.0) for name in header]
        score = sum(spoken) - 0.1 * skip - 0.15 * depth - REPEATED * again  # a title is no header
        if score > best[0] + 1e-9:
            best = (score, tried)
    return best


def _is_again(head: str, cell: str) -> bool:
    return bool(head) and head.split(SEPARATOR)[-1] == cell.strip()


def _word(pattern: Pattern, name: str) -> float:
    """Say how much a header speaks for a column; of a joined header its last part counts most."""
    plain = folded(name).lower()
    last = plain.split(SEPARATOR)[-1]
    bare = re.sub(r"\s*[(（\[].*[)）\]]$", "", last)
    for text in (plain, last, bare, last.replace("_", " ")):
        if re.fullmatch(pattern.words, text):
            return WHOLE
        if pattern.lesser and re.fullmatch(pattern.lesser, text):
            return LESSER
    return PART if re.search(pattern.hints, last) else 0.0


def _columns(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[Column]:
    """Give each of our columns the best of theirs; each of theirs is used once."""
    cells = {
        name: [row[i] for row in rows if i < len(row) and row[i].strip()]
        for i, name in enumerate(header)
        if name
    }
    scored = sorted(
        (
            (-_certainty(pattern, name, values), ours, name)
            for ours, pattern in PATTERNS.items()
            for name, values in cells.items()
        ),
    )
    taken: set[str] = set()
    for negative, ours, name in scored:
        if -negative < LEAST or ours in taken or name in taken:
            continue
        taken |= {ours, name}
        examples = tuple(dict.fromkeys(cells[name]))[:3]
        yield Column(ours=ours, theirs=name, certainty=round(-negative, 2), examples=examples)


def _certainty(pattern: Pattern, name: str, values: Sequence[str]) -> float:
    """Put together what the header and the values say; values that do not fit speak against."""
    word = _word(pattern, name)
    if not values:
        return 0.5 * word
    if pattern.refuses and pattern.refuses(values):
        return 0.0
    share = sum(map(pattern.fits, values)) / len(values)
    both = 1 - (1 - word) * (1 - pattern.tells * share)
    if word == PART and not share and pattern.can_be:
        both *= UNBORNE
    if pattern.can_be:
        share = sum(map(pattern.can_be, values)) / len(values)
    return both * (1.0 if share >= UNFIT else 0.5 + share)


def _kind(ours: Mapping[str, float]) -> str:
    """Tell what a list is about; of limits and results what is surer."""
    measured = max(ours.get("concentration_mg_l", 0.0), ours.get("load_kg_a", 0.0))
    if "substance" in ours and ours.get("limit_mg_l", 0.0) > measured:
        return "permit_limits"
    if "substance" in ours and measured:
        return "observations"
    return "outlets" if "outlet" in ours else "enterprises"


def _water(path: Path, shape: Mapping[str, Any], sample: Sample) -> dict[str, list[str]]:
    """Find the column that parts water from air, and all its values that mean water."""
    header, body = split(lines(path, shape, name=path.name), shape)
    media = [at for at, name in enumerate(header) if MEDIUM.search(folded(name))]
    rows = [row for _, row in itertools.islice(body, DEEP)] if media else []
    for at in media:
        values = {row[at] for row in rows if at < len(row) and row[at].strip()}
        water = sorted(v for v in values if any(map(WATER.fullmatch, PARTED.split(folded(v)))))
        if water and len(values) > len(water):
            return {header[at]: water}
    return _ticked(header, sample)


def _ticked(header: Sequence[str], sample: Sample) -> dict[str, list[str]]:
    """Find the column of water where a list has one a medium, with a tick in it."""
    for at, name in enumerate(header):
        if WATER.fullmatch(folded(name).split(SEPARATOR)[-1]):
            values = {row[at].strip() for _, row in sample if at < len(row) and row[at].strip()}
            ticks = sorted(value for value in values if TICKS.fullmatch(value))
            if ticks:
                return {name: ticks}
    return {}


def as_toml(proposal: Guess) -> str:
    """Write a proposal as an entry of ``inbox/mapping.toml``, with doubts as comments."""
    import tomli_w

    columns = {column.ours: column for column in proposal.columns}
    text = tomli_w.dumps({"list": [dict(proposal.entry)]})
    lines = [f"# look: {doubt}" for doubt in proposal.doubts]
    lines += [f"# ask: {line}" for line in proposal.ask]
    part = ""
    for line in text.splitlines():
        part = line if line.startswith("[") else part
        column = columns.get(line.split(" = ")[0]) if part == "[list.columns]" else None
        sure = f"  # {column.certainty:.0%}" if column and column.certainty < WHOLE else ""
        lines.append(line + sure)
    return "\n".join(lines) + "\n"
