"""All files of a seminar, in every language it is held in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from renvand.publish.compose import compose
from renvand.publish.model import SheetModel
from renvand.publish.seminar import letter as letters
from renvand.publish.seminar.calendar import calendar
from renvand.publish.seminar.deck import deck
from renvand.publish.seminar.event import Event
from renvand.publish.seminar.participants import participant_list
from renvand.publish.sheet.qr import qr_svg
from renvand.publish.sheet.render import fitted


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
        Who is known to come.

    Returns
    -------
    dict
        Per language: invitation (PDF, DOCX), programme (PDF, ICS), slides (PPTX), handout (PDF),
        participants (XLSX); by file name, 'invitation.da.pdf'.
    """
    files: dict[str, bytes] = {}
    for language in languages:
        sheet = compose(model, language)
        sheet["qr"] = qr_svg(model.url) if model.url else ""
        page = letters.letter(
            event,
            language,
            sector=sheet["title"],
            companies=companies,
            notice=sheet["notice"],
            on=on,
        )
        title = page["title"]
        files |= {
            f"invitation.{language}.pdf": letters.invitation_pdf(page),
            f"invitation.{language}.docx": letters.invitation_docx(page),
            f"programme.{language}.pdf": letters.programme_pdf(page),
            f"programme.{language}.ics": calendar(event, language, title=title, on=on),
            f"slides.{language}.pptx": deck(model, event, language=language, on=on),
            f"handout.{language}.pdf": letters.handout_pdf(page, fitted(sheet)[0]),
            f"participants.{language}.xlsx": participant_list(
                participants, language, title=title, on=on
            ),
        }
    return files
