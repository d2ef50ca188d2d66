"""A seminar as ``seminars.toml`` tells it, checked."""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from renvand.errors import Fault, FileError, near
from renvand.publish.check import clean, missing_glyphs
from renvand.publish.model import Label, spoken, strings
from renvand.text import LANGUAGES
from renvand.text.words import catalogue

HOME = "Europe/Copenhagen"  # the Danish partners follow from here


@dataclass(frozen=True, kw_only=True)
class Talk:
    """One line of the programme."""

    starts: dt.datetime  # with zone
    ends: dt.datetime
    title: Label
    speakers: tuple[Label, ...]


@dataclass(frozen=True, kw_only=True)
class Event:
    """One seminar."""

    id: str
    sector: str
    starts: dt.datetime  # in the zone of the venue
    ends: dt.datetime
    zone: zoneinfo.ZoneInfo
    venue: Label
    city: Label
    contact: Label
    languages: tuple[str, ...]
    talks: tuple[Talk, ...]
    gaps: tuple[Fault, ...]  # what still has to be found out


def event_of(page: Mapping[str, Any], partners: Mapping[str, Label]) -> Event:
    """Read one seminar.

    Parameters
    ----------
    page : mapping
        A ``[[seminar]]`` of ``seminars.toml``.
    partners : mapping
        Names of the partners by id; speakers and contact may be ids.

    Returns
    -------
    Event
        With its times in the zone of the venue; ``gaps`` names speakers still missing.

    Raises
    ------
    FileError
        When dates, zone, venue or agenda cannot be used.
    """
    where = f"seminars.toml, seminar '{page.get('id', '?')}'"
    wrong = list(_faults(page, where))
    if wrong:
        raise FileError(wrong)
    zone = zoneinfo.ZoneInfo(str(page["time_zone"]))
    starts, ends = (_moment(page[name]).astimezone(zone) for name in ("starts", "ends"))
    talks = _talks(page["agenda"], partners, starts=starts, ends=ends)
    silent = [talk for talk in talks if not talk.speakers]
    made = Event(
        id=str(page["id"]),
        sector=str(page["sector"]),
        starts=starts,
        ends=ends,
        zone=zone,
        venue=spoken(page["venue"]),
        city=place(str(page.get("city", ""))),
        contact=_named(str(page.get("contact", "")), partners),
        languages=tuple(page.get("languages", LANGUAGES)),
        talks=talks,
        gaps=tuple(
            Fault(where=where, what=f"'{t.title.en}' has no speaker.", do="Name one.")
            for t in silent
        ),
    )
    unwritable = list(_glyph_faults(made, where))
    if unwritable:
        raise FileError(unwritable)
    return made


def _glyph_faults(event: Event, where: str) -> Iterator[Fault]:
    """Name the texts that the shipped fonts cannot write."""
    for text in dict.fromkeys(strings(event)):
        lacking = missing_glyphs(text)
        if lacking:
            what = f"the shipped fonts lack {', '.join(lacking[:5])} in '{clean(text)[:40]}'."
            yield Fault(where=where, what=what, do="Write it with characters of GB 2312 or Latin.")


def _moment(value: Any) -> dt.datetime:
    return value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(str(value))


def _faults(page: Mapping[str, Any], where: str) -> Iterator[Fault]:
    needed = ("id", "sector", "starts", "ends", "time_zone", "venue", "agenda")
    missing = [name for name in needed if not page.get(name)]
    for name in missing:
        yield Fault(where=where, what=f"lacks '{name}'.", do="Add it.")
    zone = str(page.get("time_zone", "UTC"))
    if zone not in zoneinfo.available_timezones():
        yield Fault(
            where=f"{where}, time_zone",
            what=f"'{zone}' is not known.",
            do=near(zone, zoneinfo.available_timezones()),
        )
    for language in _spoken(page):
        if page.get("venue") and not page["venue"].get(language):
            yield Fault(where=f"{where}, venue", what=f"lacks '{language}'.", do="Add it.")
    for language in page.get("languages", ()):
        if language not in LANGUAGES:
            what = f"'{language}' is not spoken."
            yield Fault(where=f"{where}, languages", what=what, do=near(language, LANGUAGES))
    if not missing and zone in zoneinfo.available_timezones():
        yield from _time_faults(page, where)


def _spoken(page: Mapping[str, Any]) -> list[str]:
    return [language for language in page.get("languages", LANGUAGES) if language in LANGUAGES]


def _time_faults(page: Mapping[str, Any], where: str) -> Iterator[Fault]:
    moments: dict[str, dt.datetime] = {}
    for name in ("starts", "ends"):
        try:
            moments[name] = _moment(page[name])
        except ValueError:
            what = f"'{page[name]}' is not a moment."
            yield Fault(where=f"{where}, {name}", what=what, do="Write 2027-05-11T14:00:00+08:00.")
            return
        if moments[name].tzinfo is None:
            what = "does not say its offset."
            yield Fault(where=f"{where}, {name}", what=what, do="Write 2027-05-11T14:00:00+08:00.")
            return
    zone = zoneinfo.ZoneInfo(str(page["time_zone"]))
    for name, moment in moments.items():
        right = moment.replace(tzinfo=zone).utcoffset()
        if moment.utcoffset() != right:
            clock = moment.replace(tzinfo=zone).isoformat()
            what = f"has another offset than {page['time_zone']}."
            yield Fault(where=f"{where}, {name}", what=what, do=f"Write {clock}.")
    if moments["ends"] <= moments["starts"]:
        yield Fault(where=where, what="ends before it starts.", do="Check both.")
    last = dt.time.min
    for row in page["agenda"]:
        at = str(row.get("at", ""))
        if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", at):
            yield Fault(where=f"{where}, agenda", what=f"'{at}' is no time.", do="Write 14:20.")
            continue
        if dt.time.fromisoformat(at) < last:
            yield Fault(where=f"{where}, agenda", what=f"{at} is out of order.", do="Sort by time.")
        last = dt.time.fromisoformat(at)
        for language in _spoken(page):
            if not row.get("title", {}).get(language):
                what = f"the title at {at} lacks '{language}'."
                yield Fault(where=f"{where}, agenda", what=what, do="Add it.")


def _talks(
    agenda: list[Mapping[str, Any]],
    partners: Mapping[str, Label],
    *,
    starts: dt.datetime,
    ends: dt.datetime,
) -> tuple[Talk, ...]:
    begins = [
        dt.datetime.combine(starts.date(), dt.time.fromisoformat(row["at"]), starts.tzinfo)
        for row in agenda
    ]
    return tuple(
        Talk(
            starts=begin,
            ends=end,
            title=spoken(row["title"]),
            speakers=tuple(
                _named(name.strip(), partners)
                for name in str(row.get("speaker", "")).split(",")
                if name.strip()
            ),
        )
        for row, begin, end in zip(agenda, begins, [*begins[1:], ends], strict=True)
    )


def _named(name: str, partners: Mapping[str, Label]) -> Label:
    """Give the name of a partner; any other name stays as it is in every language."""
    return partners.get(name, Label(**dict.fromkeys(LANGUAGES, name)))


def place(name: str) -> Label:
    """Give the name of a place in every language; an unknown place keeps its name."""
    words = catalogue().get(f"place.{name.lower()}", {})
    return Label(**{language: words.get(language, name) for language in LANGUAGES})
