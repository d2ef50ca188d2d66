"""Invitation, programme and handout of a seminar."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from renvand.publish import paper
from renvand.publish.check import clean
from renvand.publish.compose import Composed
from renvand.publish.office import Paper
from renvand.publish.seminar.event import HOME, Event
from renvand.text import LOCALES, Words, clock, day

QUESTIONS = 3


def letter(
    event: Event, language: str, *, sector: str, companies: int, notice: str, on: dt.date
) -> Composed:
    """Write what invitation, programme and handout have in common.

    Parameters
    ----------
    event : Event
        The seminar.
    language : str
        'da', 'en' or 'zh'.
    sector : str
        Name of the sector in that language.
    companies : int
        How many were reviewed.
    notice : str
        What is constructed, in that language.
    on : date
        The day the documents are made.
    """
    say = Words(language)
    contact = clean(getattr(event.contact, language))
    words = ("invitation", "programme", "handout", "notes", "badges")
    return {
        "language": language,
        "locale": LOCALES[language].replace("_Hans", "").replace("_", "-"),
        "series": say("sheet.series"),
        "title": say("seminar.title", sector=sector),
        "issued_on": on.isoformat(),
        "contact": contact,
        "notice": clean(notice),
        "facts": [
            [say("seminar.date"), day(event.starts.date(), language, has_weekday=True)],
            [say("seminar.time"), when(event, language)],
            [say("seminar.venue"), clean(getattr(event.venue, language))],
            [say("seminar.language"), spoken(event.languages, language)],
            *([[say("seminar.contact"), contact]] if contact else []),
        ],
        "dear": say("seminar.dear"),
        "letter": [
            say("seminar.invite", sector=_inside(sector, language), n=str(companies)),
            say("seminar.invite_who"),
        ],
        "agenda": agenda(event, language),
        "reply": say("seminar.reply", contact=contact) if contact else "",
        "sincerely": say("seminar.sincerely"),
        "questions": [say(f"seminar.question_{n}") for n in range(1, QUESTIONS + 1)],
        "words": {word: say(f"seminar.{word}") for word in words}
        | {"questions": say("seminar.question_title")},
    }


def spoken(languages: tuple[str, ...], language: str) -> str:
    """Name the languages that a seminar is held in."""
    say = Words(language)
    return ("、" if language == "zh" else ", ").join(
        say(f"seminar.in_{name}") for name in languages
    )


def _inside(sector: str, language: str) -> str:
    """Write a sector's name inside a sentence: only Chinese has no small letters."""
    return sector if language == "zh" else sector[:1].lower() + sector[1:]


def when(event: Event, language: str) -> str:
    """Say when it is, by the clock of the venue and of Copenhagen."""
    home = ZoneInfo(HOME)
    return Words(language)(
        "seminar.zones",
        city=clean(getattr(event.city, language)),
        venue_start=clock(event.starts, language),
        venue_end=clock(event.ends, language),
        home_start=clock(event.starts.astimezone(home), language),
        home_end=clock(event.ends.astimezone(home), language),
    )


def agenda(event: Event, language: str) -> Composed:
    """Write the programme: both clocks, title, speakers; a missing speaker is named as missing."""
    say = Words(language)
    comma = "、" if language == "zh" else ", "
    return {
        "heads": [
            clean(getattr(event.city, language)),
            say("seminar.time_home"),
            say("seminar.subject"),
            say("seminar.speaker"),
        ],
        "rows": [
            [
                clock(talk.starts, language),
                clock(talk.starts.astimezone(ZoneInfo(HOME)), language),
                clean(getattr(talk.title, language)),
                clean(comma.join(getattr(name, language) for name in talk.speakers))
                or say("seminar.to_be_named"),
            ]
            for talk in event.talks
        ],
    }


def invitation_pdf(d: Composed) -> bytes:
    """Set the invitation."""
    return paper.pdf("seminar/invitation.typ", d)


def programme_pdf(d: Composed) -> bytes:
    """Set the programme."""
    return paper.pdf("seminar/programme.typ", d)


def handout_pdf(d: Composed, sheet: Composed) -> bytes:
    """Set programme, data sheet and room for notes as one file; the sheet comes fitted."""
    return paper.pdf("seminar/handout.typ", {"event": d, "sheet": sheet})


def invitation_docx(d: Composed) -> bytes:
    """Write the invitation as a Word document that the sender can change."""
    sheet = Paper(d)
    sheet.line(f"{d['series']}  ·  {d['words']['invitation']}", style="small")
    sheet.heading(d["title"], level=0)
    for head, text in d["facts"]:
        sheet.line(text, lead=head)
    for line in (d["dear"], *d["letter"]):
        sheet.line(line)
    sheet.heading(d["words"]["programme"], level=1)
    rows = [[(cell, "") for cell in row] for row in (d["agenda"]["heads"], *d["agenda"]["rows"])]
    sheet.rows(rows, title=d["words"]["programme"])
    for line in (d["reply"], d["sincerely"], d["contact"]):
        if line:
            sheet.line(line)
    if d["notice"]:
        sheet.line(d["notice"], style="small")
    return sheet.data()
