"""The seminar as a calendar file (RFC 5545)."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from renvand.publish.check import clean
from renvand.publish.seminar.event import HOME, Event
from renvand.text import Words, clock

LINE = 75  # octets, RFC 5545 section 3.1


def calendar(event: Event, language: str, *, title: str, on: dt.date) -> bytes:
    """Write the seminar as one calendar entry.

    Times are in UTC, so that every calendar shows its owner's clock rightly, whatever
    time-zone table it has; the description gives the programme in both clocks.

    Parameters
    ----------
    event : Event
        The seminar.
    language : str
        'da', 'en' or 'zh'.
    title : str
        Its name in that language.
    on : date
        The day the file is made.
    """
    say = Words(language)
    lines = [
        f"{clock(talk.starts, language)} ({clock(talk.starts.astimezone(ZoneInfo(HOME)), language)}"
        f" {say('seminar.home_short')})  {clean(getattr(talk.title, language))}"
        for talk in event.talks
    ]
    entry = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Renvand//Seminar//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{event.id}-{_utc(event.starts)}@renvand",
        f"DTSTAMP:{on:%Y%m%d}T000000Z",
        f"DTSTART:{_utc(event.starts)}",
        f"DTEND:{_utc(event.ends)}",
        f"SUMMARY;LANGUAGE={language}:{_escaped(title)}",
        f"LOCATION:{_escaped(getattr(event.venue, language))}",
        "DESCRIPTION:" + "\\n".join(_escaped(line) for line in lines),
        "STATUS:TENTATIVE",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) for line in entry)


def _utc(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    plain = clean(text)
    for character in "\\;,":
        plain = plain.replace(character, f"\\{character}")
    return plain


def _folded(line: str) -> bytes:
    """Break a line after at most 75 octets, never inside a character."""
    pieces = [b""]
    for character in line:
        octets = character.encode()
        room = LINE - (1 if len(pieces) > 1 else 0)
        if len(pieces[-1]) + len(octets) > room:
            pieces.append(b"")
        pieces[-1] += octets
    return b"\r\n ".join(pieces) + b"\r\n"
