"""Filled evaluation forms read back: what participants said of a seminar, in numbers."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from renvand.errors import Fault, FileError, near
from renvand.publish import paper
from renvand.publish.check import clean, drawable
from renvand.publish.compose import Composed
from renvand.publish.gate import LEAST
from renvand.publish.model import Label, SheetModel
from renvand.publish.seminar.event import Event
from renvand.publish.seminar.form import OPTIONS, ROLES, SCALE, options_of, talks_of
from renvand.publish.seminar.participants import rows_of
from renvand.text import Words, number

Row = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Score:
    """How a question on the scale from 1 to 5 was answered."""

    name: str  # 'overall', 'talk_1'
    answers: int
    mean: float | None  # None: fewer than three answers


@dataclass(frozen=True, kw_only=True)
class Summary:
    """The answers of a seminar, without a name or an address."""

    answers: int
    roles: tuple[tuple[str, int], ...]
    scores: tuple[Score, ...]
    options: tuple[tuple[str, int], ...]  # most wanted first
    wishes: tuple[str, ...]
    wants_contact: int


def read_answers(path: Path) -> list[dict[str, str]]:
    """Read what a field tool exports: CSV or xlsx, one row an answer.

    Parameters
    ----------
    path : Path
        The file. A group before a name ('talks/talk_1', 'talks-talk_1') is left out.

    Raises
    ------
    FileError
        When it is neither, or holds none of the questions.
    """
    name = path.name
    if path.suffix.lower() == ".xlsx":
        rows = rows_of(path)
    elif path.suffix.lower() == ".csv":
        text = path.read_bytes().decode("utf-8-sig", errors="replace")
        rows = list(csv.reader(io.StringIO(text), delimiter=";" if ";" in text[:200] else ","))
    else:
        what = f"'{path.suffix}' is no table of answers."
        raise FileError(Fault(where=name, what=what, do="Export the answers as CSV or xlsx."))
    heads = [head.replace("-", "/").split("/")[-1].strip() for head in (rows[0] if rows else [])]
    if "overall" not in heads:
        raise FileError(
            Fault(
                where=name,
                what="has no column 'overall'.",
                do=near("overall", heads) if heads else "Export the answers of the form.",
            )
        )
    return [dict(zip(heads, row, strict=False)) for row in rows[1:] if any(row)]


def summarise(rows: Sequence[Row], model: SheetModel, event: Event) -> Summary:
    """Count the answers.

    Parameters
    ----------
    rows : sequence of mapping
        Of :func:`read_answers`.
    model, event
        The sheet and the seminar that the form was made of.

    Raises
    ------
    FileError
        When answers stand outside the choices of the form, all of them named.
    """
    options = options_of(model)
    scales = ("overall", *talks_of(event))
    wrong = [
        fault for line, row in enumerate(rows, 2) for fault in _faults(row, line, scales, options)
    ]
    if wrong:
        raise FileError(wrong)
    chosen = Counter(name for row in rows for name in row.get(OPTIONS, "").split())
    roles = Counter(row.get("role", "") for row in rows)
    return Summary(
        answers=len(rows),
        roles=tuple((role, roles[role]) for role in ROLES if roles[role]),
        scores=tuple(_score(name, rows) for name in scales),
        options=tuple(sorted(chosen.items(), key=lambda pair: (-pair[1], pair[0]))),
        wishes=tuple(drawable(text) for row in rows if (text := row.get("missing", "").strip())),
        wants_contact=sum(row.get("contact_me") == "yes" for row in rows),
    )


def _faults(
    row: Row, line: int, scales: Iterable[str], options: Mapping[str, Label]
) -> Iterable[Fault]:
    allowed = [(name, tuple(map(str, SCALE))) for name in scales]
    allowed += [("role", ROLES), ("contact_me", ("yes", "no"))]
    for name, choices in allowed:
        value = row.get(name, "")
        if value and value.removesuffix(".0") not in choices:
            yield Fault(
                where=f"answers, line {line}, {name}",
                what=f"'{clean(value)[:40]}' is not one of {', '.join(choices)}.",
                do="Use the form that belongs to this seminar.",
            )
    for value in row.get(OPTIONS, "").split():
        if value not in options:
            where = f"answers, line {line}, {OPTIONS}"
            what = f"'{clean(value)[:40]}' is no option."
            yield Fault(where=where, what=what, do=near(value, options))


def _score(name: str, rows: Sequence[Row]) -> Score:
    values = [float(row[name]) for row in rows if row.get(name)]
    mean = sum(values) / len(values) if len(values) >= LEAST else None
    return Score(name=name, answers=len(values), mean=mean)


def summary_pdf(summary: Summary, page: Composed, *, model: SheetModel, event: Event) -> bytes:
    """Set a summary on one page; ``page`` is that of :func:`letter.letter`."""
    language = page["language"]
    say = Words(language)
    names = {k: getattr(label, language) for k, label in talks_of(event).items()}
    names["overall"] = say("seminar.evaluation_all")
    options = {k: getattr(label, language) for k, label in options_of(model).items()}
    scores = [
        {
            "name": clean(names[score.name]),
            "answers": str(score.answers),
            "mean": number(score.mean, language, places=1) if score.mean else say("sheet.gap"),
            "share": (score.mean or 0.0) / SCALE[-1],
        }
        for score in summary.scores
    ]
    words = ("evaluation", "answers", "mean", "evaluation_talks", "evaluation_options", "wishes")
    data = page | {
        "count": say("seminar.evaluation_count", n=str(summary.answers),
                     contact=str(summary.wants_contact)),
        "roles": [[say(f"seminar.role_{role}"), str(n)] for role, n in summary.roles],
        "scores": scores,
        "few": say("sheet.gap_few", least=str(LEAST)) if any(
            score.mean is None for score in summary.scores) else "",
        "options": [[clean(options[name]), str(n)] for name, n in summary.options],
        "wishes": list(summary.wishes),
        "label": {word: say(f"seminar.{word}") for word in words},
    }  # fmt: skip
    return paper.pdf("seminar/evaluation.typ", data)
