"""``out/index.html``: the page that leads to everything a run made; and the whole ledger."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from renvand.programme import store
from renvand.programme.stage import Results
from renvand.steps.case import CaseData
from renvand.text import LANGUAGES, Words

SHELVES = ("sheets", "seminars")  # what the programme is for: shown above its steps
PICTURE = ".svg"
PLANT = "plant-"  # begins the name of the sheet of the trial plant
_NO_DOCUMENT = (".csv", ".json")  # tables, linked beside, and what the stages tell each other
_LEDGER_COLUMNS = ("id", "value", "unit", "low", "high", "basis", "method", "made_of")


def write(case: CaseData, results: Results, out: Path) -> None:
    """Write ``index.html``, ``ledger.csv`` and ``findings.csv``.

    Parameters
    ----------
    case : CaseData
        For its title and notice.
    results : mapping
        Outcome of each stage.
    out : Path
        Where the stages' folders are.
    """
    _write_rows(out / "ledger.csv", _LEDGER_COLUMNS, _ledger_rows(results))
    findings = (
        [stage, fault.where, fault.what, fault.do]
        for stage, outcome in results.items()
        for fault in outcome.findings
    )
    _write_rows(out / "findings.csv", ("stage", "where", "what", "do"), findings)
    (out / "index.html").write_text(page(case, results, out), encoding="utf-8")


def page(case: CaseData, results: Results, out: Path) -> str:
    """Lay out the index page in the languages of the case, one below the other."""
    from django.template import Context, Engine

    source = resources.files("renvand.programme") / "index.html"
    template = Engine().from_string(source.read_text(encoding="utf-8"))
    languages = [x for x in case.settings["case"].get("languages", LANGUAGES) if x in LANGUAGES]
    context = {
        "parts": [_part(case, results, out, language=language) for language in languages],
        "language": languages[0],
        "title": case.settings["case"]["title"][languages[0]],
    }
    return template.render(Context(context))


def _part(case: CaseData, results: Results, out: Path, *, language: str) -> Mapping[str, Any]:
    words, sectors = Words(language), case.knowledge.names("sector_groups", language)
    settings = case.settings["case"]
    stages: list[Mapping[str, Any]] = []
    shelves: list[Mapping[str, Any]] = []
    for name, outcome in results.items():
        found = sorted(_documents(out / name, language))
        if name in SHELVES:
            shelves.append(
                {"name": words(f"programme.{name}"), "books": _books(found, words, sectors)}
            )
            found = []
        stages.append(
            {
                "name": words(f"programme.{name}"),
                "findings": outcome.findings,
                "tables": [(table, f"{name}/{table}.csv") for table in sorted(outcome.tables)],
                "books": _books([d for d in found if not d.endswith(PICTURE)], words, sectors),
                "pictures": [(Path(d).stem, d) for d in found if d.endswith(PICTURE)],
            }
        )
    return {
        "language": language,
        "title": settings["title"][language],
        "notice": settings.get("notice", {}).get(language, ""),
        "shelves": shelves,
        "stages": stages,
        "word": {key: words(f"programme.{key}") for key in _WORDS},
    }


_WORDS = ("step", "tables", "documents", "findings", "look", "pictures", "ledger", "manifest")


def _books(
    paths: list[str], words: Words, sectors: Mapping[str, str]
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Put the forms of one document together: its name, then each form with its path."""
    books: dict[str, list[tuple[str, str]]] = {}
    for path in paths:
        stem, *_, form = Path(path).name.split(".")
        title = " · ".join(_name(part, words, sectors) for part in (*Path(path).parts[1:-1], stem))
        key = f"programme.form_{form}"
        books.setdefault(title, []).append((words(key) if words.has(key) else form, path))
    return list(books.items())


def _name(part: str, words: Words, sectors: Mapping[str, str]) -> str:
    """Say what a folder or a document is called: after a sector, or by a word of our own."""
    sector = sectors.get(part)
    if sector:
        return sector[0].upper() + sector[1:]
    if part.startswith(PLANT):
        return f"{words('programme.trial')} ({part.removeprefix(PLANT)})"
    key = f"programme.doc_{part}"
    return words(key) if words.has(key) else part


def _documents(folder: Path, language: str) -> Iterator[str]:
    """Give the documents of a stage in one language, `<name>.<language>.<kind>`, or in none."""
    for path in folder.rglob("*"):
        spoken = set(path.name.split(".")[1:-1]) & set(LANGUAGES)
        is_document = path.is_file() and path.suffix not in _NO_DOCUMENT
        if is_document and store.TYPED not in path.parts and spoken <= {language}:
            yield path.relative_to(folder.parent).as_posix()


def _ledger_rows(results: Results) -> Iterator[list[object]]:
    for outcome in results.values():
        for figure in outcome.figures:
            item = store.as_json(figure)
            item["made_of"] = json.dumps(item["made_of"], ensure_ascii=False)
            yield ["" if item[name] is None else item[name] for name in _LEDGER_COLUMNS]


def _write_rows(path: Path, header: tuple[str, ...], rows: Iterator[list[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
