"""What is wrong with what shall be published, in the words of the person who must mend it."""

import dataclasses
import math

import pytest

from renvand.errors import FileError
from renvand.publish.build import sector_sheet, seminar_documents
from renvand.publish.check import faults
from renvand.publish.sheet import render_sheet
from tests.unit.publish.case_sample import case, results
from tests.unit.publish.sample import sheet
from tests.unit.publish.seminar_sample import PAGE


def told(work):
    with pytest.raises(FileError) as raised:
        work()
    return str(raised.value)


def test_an_unknown_format():
    assert told(lambda: render_sheet(sheet(), "da", format="pptx")) == (
        "format: 'pptx' is not known. Allowed: docx, html, json, pdf."
    )


def test_an_unknown_seminar():
    held = dataclasses.replace(case(), seminars=(PAGE,))
    assert told(lambda: seminar_documents(held, results(), seminars=("textile-dying",))) == (
        "seminar 'textile-dying': is not known. Did you mean 'textile-dyeing'?"
    )


def test_a_sector_without_review():
    assert told(lambda: sector_sheet(case(), results(), "metalworking")) == (
        "sheet 'metalworking': has no reviewed company behind it. "
        "Review one, or choose a sector with reviews."
    )


def test_a_name_that_the_fonts_cannot_write():
    model = dataclasses.replace(sheet(), contact="龘龘 ApS")
    assert told(lambda: render_sheet(model, "zh", format="pdf")) == (
        "sheet 'textile-dyeing': the shipped fonts lack 龘 (U+9F98) in '龘龘 ApS'. "
        "Write it with characters of GB 2312 or Latin."
    )


def test_a_number_that_is_none():
    model = sheet()
    first = dataclasses.replace(model.facts[0], low=math.nan)
    broken = dataclasses.replace(model, facts=(first, *model.facts[1:]))
    assert [str(fault) for fault in faults(broken)] == [
        f"sheet 'textile-dyeing': fact '{first.id}' is not a number. Leave a gap with its reason."
    ]


def test_an_address_that_would_run_something():
    model = dataclasses.replace(sheet(), url="javascript:alert(1)")
    assert told(lambda: render_sheet(model, "da", format="html")) == (
        "sheet 'textile-dyeing', url: 'javascript:alert(1)' is not the address of a web page. "
        "Write https://…"
    )


def test_control_and_direction_characters_are_taken_out_not_printed():
    model = dataclasses.replace(sheet(), contact="Secre\u202etar\u0007iat\tof\nit")
    page = render_sheet(model, "en", format="html").decode()
    assert "Contact: Secretariat of it" in page
