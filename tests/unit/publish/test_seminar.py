"""Invitation, programme, calendar, handout, participants."""

import datetime as dt
import io
import zoneinfo

import openpyxl
import pypdf
import pytest

from renvand.errors import FileError
from renvand.publish.compose import compose
from renvand.publish.seminar import letter as letters
from renvand.publish.seminar.calendar import calendar
from renvand.publish.seminar.participants import participant_list
from renvand.publish.sheet.render import fitted
from renvand.text import LANGUAGES
from tests.unit.publish.sample import sheet
from tests.unit.publish.seminar_sample import ON, event


def page(language, **changes):
    return letters.letter(
        event(**changes), language, sector="Textile dyeing", companies=2, notice="", on=ON
    )


def test_both_clocks_are_right_before_and_after_summer_time():
    """Denmark changes its clocks on 28 March 2027; China never does."""
    winter = page("en")["agenda"]["rows"]
    summer = page("en", starts="2027-03-31T14:00:00+08:00", ends="2027-03-31T17:30:00+08:00")
    assert winter[0][:2] == ["14:00", "07:00"]
    assert summer["agenda"]["rows"][0][:2] == ["14:00", "08:00"]


def test_a_missing_speaker_is_named_as_missing():
    assert page("da")["agenda"]["rows"][2][3] == "oplyses senere"
    assert [str(gap) for gap in event().gaps] == [
        "seminars.toml, seminar 'textile-dyeing': 'Questions' has no speaker. Name one."
    ]


def test_speakers_are_partners_by_name_or_people():
    assert page("zh")["agenda"]["rows"][0][3] == "丹麦环境保护署、Li Wei"
    assert page("zh")["agenda"]["heads"][0] == "重庆"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_calendar_gives_the_moment_and_folds_by_octets(language):
    made = calendar(event(), language, title="Seminar, dyeing; day 1", on=ON)
    lines = made.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    unfolded = made.decode().replace("\r\n ", "")
    assert "DTSTART:20270324T060000Z" in unfolded
    assert "DTEND:20270324T093000Z" in unfolded
    assert r"Seminar\, dyeing\; day 1" in unfolded
    zone = zoneinfo.ZoneInfo("Asia/Shanghai")
    start = dt.datetime(2027, 3, 24, 6, tzinfo=dt.UTC).astimezone(zone)
    assert start == event().starts


@pytest.mark.parametrize("language", LANGUAGES)
def test_invitation_and_programme_are_one_page_each(language):
    for made in (letters.invitation_pdf(page(language)), letters.programme_pdf(page(language))):
        reader = pypdf.PdfReader(io.BytesIO(made))
        assert len(reader.pages) == 1
        assert reader.metadata is not None
        assert reader.metadata.title is not None


def test_the_handout_holds_programme_sheet_and_room_for_notes():
    composed, _ = fitted(compose(sheet(), "da") | {"qr": ""})
    made = letters.handout_pdf(page("da"), composed)
    assert len(pypdf.PdfReader(io.BytesIO(made)).pages) == 5


def test_an_invitation_in_word_is_always_the_same():
    assert letters.invitation_docx(page("zh")) == letters.invitation_docx(page("zh"))


def test_the_list_of_participants_never_holds_a_formula():
    names = ["=cmd|'/c calc'!A1", "+1", "-1", "@SUM(A1)", "\t=1", "Wang \x07Fang"]
    made = participant_list([{"name": n} for n in names], "en", title="=1+1", on=ON)
    assert made == participant_list([{"name": n} for n in names], "en", title="=1+1", on=ON)
    book = openpyxl.load_workbook(io.BytesIO(made))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert [book.active.cell(4 + n, 1).value for n in range(6)] == [
        "=cmd|'/c calc'!A1",
        "+1",
        "-1",
        "@SUM(A1)",
        " =1",
        "Wang Fang",
    ]
    assert book.active.cell(4, 1).quotePrefix


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"time_zone": "Asia/Chonqing"},
            "seminars.toml, seminar 'textile-dyeing', time_zone: "
            "'Asia/Chonqing' is not known. Did you mean 'Asia/Chongqing'?",
        ),
        (
            {"starts": "2027-03-24T14:00:00+07:00"},
            "seminars.toml, seminar 'textile-dyeing', starts: "
            "has another offset than Asia/Shanghai. Write 2027-03-24T14:00:00+08:00.",
        ),
        (
            {"starts": "2027-03-24T14:00:00"},
            "seminars.toml, seminar 'textile-dyeing', starts: "
            "does not say its offset. Write 2027-05-11T14:00:00+08:00.",
        ),
        (
            {"ends": "2027-03-24T13:00:00+08:00"},
            "seminars.toml, seminar 'textile-dyeing': ends before it starts. Check both.",
        ),
        (
            {"venue": {"en": "Room", "da": "Lokale"}},
            "seminars.toml, seminar 'textile-dyeing', venue: lacks 'zh'. Add it.",
        ),
        (
            {"contact": "龘 ApS"},
            "seminars.toml, seminar 'textile-dyeing': the shipped fonts lack 龘 in '龘 ApS'. "
            "Write it with characters of GB 2312 or Latin.",
        ),
        ({"agenda": []}, "seminars.toml, seminar 'textile-dyeing': lacks 'agenda'. Add it."),
        (
            {"languages": ["en", "no"]},
            "seminars.toml, seminar 'textile-dyeing', languages: "
            "'no' is not spoken. Allowed: da, en, zh.",
        ),
    ],
)
def test_a_seminar_that_cannot_be_held_says_why(changes, told):
    with pytest.raises(FileError) as raised:
        event(**changes)
    assert str(raised.value) == told
