"""All files of a seminar, in three languages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from renvand.publish.compose import compose
from renvand.publish.model import SheetModel
from renvand.publish.seminar import letter as letters
from renvand.publish.seminar.calendar import calendar
from renvand.publish.seminar.deck import deck
from renvand.publish.seminar.event import Event
from renvand.publish.seminar.form import evaluation_form
from renvand.publish.seminar.participants import badges, participant_list
from renvand.publish.sheet.qr import qr_svg
from renvand.publish.sheet.render import fitted
from renvand.text import Words


def seminar_package(
    model: SheetModel,
    event: Event,
    *,
    languages: Sequence[str],
    companies: int,
    on: dt.date,
    participants: Sequence[Mapping[str, str]] = (),
) -> dict[str, bytes]:
    """Make every file of a seminar.

    Parameters
    ----------
    model : SheetModel
        The data sheet of its sector.
    event : Event
        The seminar.
    languages : sequence of str
        In which languages.
    companies : int
        How many companies of the sector were reviewed.
    on : date
        The day the files are made.
    participants : sequence of mapping
        Who is known to come; else the speakers' organisations.

    Returns
    -------
    dict
        Per language: invitation (PDF, DOCX), programme (PDF, ICS), slides (PPTX), handout (PDF),
        participants (XLSX), badges (PDF); by file name, 'invitation.da.pdf'. And the evaluation
        form, 'evaluation.xlsx', in three languages.
    """
    files: dict[str, bytes] = {"evaluation.xlsx": evaluation_form(model, event, on=on)}
    for language in languages:
        sheet = compose(model, language)
        sheet["qr"] = qr_svg(sheet["url"]) if sheet["url"] else ""
        page = letters.letter(
            event,
            language,
            sector=sheet["title"],
            companies=companies,
            notice=f"{sheet['badge']} {sheet['notice']}".strip(),
            on=on,
        )
        title = page["title"]
        people = participants or speakers(event, language)
        files |= {
            f"invitation.{language}.pdf": letters.invitation_pdf(page),
            f"invitation.{language}.docx": letters.invitation_docx(page),
            f"programme.{language}.pdf": letters.programme_pdf(page),
            f"programme.{language}.ics": calendar(event, language, title=title, on=on),
            f"slides.{language}.pptx": deck(model, event, language=language, on=on),
            f"handout.{language}.pdf": letters.handout_pdf(page, fitted(sheet)[0]),
            f"participants.{language}.xlsx": participant_list(people, language, title=title, on=on),
            f"badges.{language}.pdf": badges(people, page),
        }
    return files


def speakers(event: Event, language: str) -> list[dict[str, str]]:
    """Give those who speak, each once: organisations, until names are known."""
    role = Words(language)("seminar.speaker")
    names = dict.fromkeys(getattr(s, language) for talk in event.talks for s in talk.speakers)
    return [{"organisation": name, "role": role} for name in names]
