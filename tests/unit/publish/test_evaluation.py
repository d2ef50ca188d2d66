"""The evaluation form is an XLSForm, its answers come back; lists and badges too."""

import io

import openpyxl
import pypdf
import pytest

from renvand.errors import FileError
from renvand.publish.model import Label
from renvand.publish.seminar.answers import read_answers, summarise, summary_pdf
from renvand.publish.seminar.form import evaluation_form
from renvand.publish.seminar.letter import letter
from renvand.publish.seminar.participants import badges, participant_list, read_participants
from renvand.text import LANGUAGES
from tests.unit.publish.sample import sheet
from tests.unit.publish.seminar_sample import ON, PAGE, event

HEAD = "role,overall,talks/talk_1,talks/talk_2,talks/talk_3,options,missing,contact_me,email\n"
EVIL = "=cmd|' /C calc'!A1"


def page(language="da"):
    return letter(event(), language, sector="Farvning", companies=5, notice="", on=ON)


def answers(tmp_path, *lines):
    path = tmp_path / "answers.csv"
    path.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    return read_answers(path)


def test_the_form_is_an_xform_in_three_languages(tmp_path):
    pyxform = pytest.importorskip("pyxform", reason="pyxform is not installed")
    path = tmp_path / "evaluation.xlsx"
    path.write_bytes(evaluation_form(sheet(), event(), on=ON))
    survey = pyxform.create_survey_from_xls(str(path))
    xml = survey.to_xml(validate=False)
    for language in ("English (en)", "Dansk (da)", "中文 (zh)"):
        assert f'<translation lang="{language}"' in xml
    assert "三号会议室" not in xml  # the venue is no question
    assert "Velkomst" in xml and "开幕致辞" in xml  # noqa: PT018
    assert "20261123" in xml


def test_text_of_a_talk_becomes_neither_a_formula_nor_a_reference():
    talk = dict.fromkeys(LANGUAGES, EVIL)
    other = dict.fromkeys(LANGUAGES, "${email}")
    agenda = [{"at": "14:00", "title": talk}, {"at": "15:00", "title": other}]
    book = openpyxl.load_workbook(io.BytesIO(evaluation_form(sheet(), event(agenda=agenda), on=ON)))
    cells = [cell for tab in book for row in tab.iter_rows() for cell in row]
    assert EVIL in {cell.value for cell in cells}
    assert "f" not in {cell.data_type for cell in cells}
    assert not [c for c in cells if c.value == "${email}"]


def test_answers_are_counted_and_means_need_three(tmp_path):
    rows = answers(
        tmp_path,
        "company,5,4,5,,option_1 option_2,More on salt,yes,a@b.c",
        "authority,4,3,,,option_1,,no,",
        "supplier,3,5,,,,#panic(),no,",
    )
    summary = summarise(rows, sheet(), event())
    assert (summary.answers, summary.wants_contact) == (3, 1)
    assert summary.scores[0].mean == 4.0
    assert {s.name: s.mean for s in summary.scores} == {
        "overall": 4.0, "talk_1": 4.0, "talk_2": None, "talk_3": None,
    }  # fmt: skip
    assert summary.options == (("option_1", 2), ("option_2", 1))
    assert "a@b.c" not in repr(summary)
    made = summary_pdf(summary, page(), model=sheet(), event=event())
    text = pypdf.PdfReader(io.BytesIO(made)).pages[0].extract_text()
    assert "#panic()" in text
    assert "4,0" in text
    assert "tilbageholdt" in text


def test_answers_of_another_form_are_named_all_at_once(tmp_path):
    rows = answers(tmp_path, "company,7,4,5,,option_99,,yes,", "king,5,,,,,,no,")
    with pytest.raises(FileError) as raised:
        summarise(rows, sheet(), event())
    assert str(raised.value).split("\n")[0] == (
        "answers, line 2, overall: '7' is not one of 1, 2, 3, 4, 5. "
        "Use the form that belongs to this seminar."
    )
    assert len(raised.value.faults) == 3


def test_a_table_without_answers_is_refused(tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(FileError, match=r"other.csv: has no column 'overall'"):
        read_answers(path)
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"no workbook")
    with pytest.raises(FileError, match=r"broken.xlsx: cannot be opened. Save it anew as xlsx"):
        read_answers(broken)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_filled_list_comes_back_and_makes_badges(tmp_path, language):
    people = [{"name": EVIL, "organisation": "Øresund A/S"}, {"name": "李伟", "role": "工程师"}]
    path = tmp_path / "list.xlsx"
    path.write_bytes(participant_list(people, language, title="Seminar", on=ON))
    back = read_participants(path)
    assert [(p["name"], p["organisation"]) for p in back] == [(EVIL, "Øresund A/S"), ("李伟", "")]
    reader = pypdf.PdfReader(io.BytesIO(badges(back, page(language))))
    text = reader.pages[0].extract_text()
    assert len(reader.pages) == 1
    assert EVIL.replace(" ", "") in text.replace("\n", "").replace(" ", "")
    assert "李伟" in text


def test_a_list_with_other_heads_is_refused(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Who"])
    book.save(tmp_path / "list.xlsx")
    with pytest.raises(
        FileError, match=r"list.xlsx: has no row of heads that begins with the name"
    ):
        read_participants(tmp_path / "list.xlsx")


def test_the_invitation_names_the_languages_of_the_day():
    assert PAGE["languages"] == ["en", "zh"]
    assert ["Sprog", "engelsk, kinesisk"] in page()["facts"]


def test_a_label_of_an_option_is_asked_for_in_every_language():
    book = openpyxl.load_workbook(io.BytesIO(evaluation_form(sheet(), event(), on=ON)))
    rows = [row for row in book["choices"].values if row[0] == "option"]
    table = next(b for b in sheet().section("options").blocks if hasattr(b, "rows"))
    labels = [next(cell for cell in row if isinstance(cell, Label)) for row in table.rows]
    assert [row[2:5] for row in rows] == [(x.da, x.en, x.zh) for x in labels]


def test_a_name_that_no_font_writes_is_told_before_a_badge_is_made():
    with pytest.raises(FileError) as raised:
        badges([{"name": "Li 😀"}], page())
    assert str(raised.value) == (
        "badge of 'Li □': the shipped fonts lack 😀. Write it with characters of GB 2312 or Latin."
    )


def test_signs_that_no_font_writes_become_boxes_in_answers(tmp_path):
    rows = answers(tmp_path, "company,5,4,5,,,More 😀 \u202eplease,yes,")
    assert summarise(rows, sheet(), event()).wishes == ("More □ please",)
