"""The sheet model: JSON there and back, and every fault at once."""

import dataclasses
import math

import pytest

from renvand.errors import FileError
from renvand.publish.check import faults, missing_glyphs
from renvand.publish.codec import from_json, to_json
from renvand.publish.model import Phrase, Ref, Table
from tests.unit.publish.sample import sheet


def test_a_sheet_survives_the_way_through_json():
    model = sheet()
    assert from_json(to_json(model)) == model


def test_json_of_another_version_is_refused():
    with pytest.raises(FileError, match=r"sheet.json: has version 7; this is version 2\. Run"):
        from_json('{"version": 7}')


def test_an_unknown_part_is_refused_with_the_near_word():
    text = to_json(sheet()).replace('"is": "Ref"', '"is": "Reff"')
    with pytest.raises(FileError, match=r"'Reff' is no part of a sheet\. Did you mean 'Ref'\?"):
        from_json(text)


def test_a_sound_sheet_has_no_fault():
    assert faults(sheet()) == []


def test_every_fault_is_told_at_once():
    model = sheet()
    first = dataclasses.replace(model.facts[0], value=math.nan)
    broken = dataclasses.replace(
        model,
        facts=(first, *model.facts[1:]),
        title=Phrase(key="sector.textile"),
        method=(Phrase(key="sheet.method_reviews", values={"m": "5"}),),
        lead="\U0001f600 Hello",
        key_figures=model.key_figures * 2,
    )
    told = [str(fault) for fault in faults(broken)]
    assert told == [
        "sheet 'textile-dyeing': 'sheet.method_reviews' is given m. It takes n.",
        f"sheet 'textile-dyeing': fact '{first.id}' is not a number. Leave a gap with its reason.",
        "sheet 'textile-dyeing': has 8 key figures. Keep the 4 that matter most.",
        "sheet 'textile-dyeing': no words 'sector.textile'. Did you mean 'sector.textile-dyeing'?",
        "sheet 'textile-dyeing': the shipped fonts lack 😀 (U+1F600) in '😀 Hello'. "
        "Write it with characters of GB 2312 or Latin.",
    ]


def test_a_place_without_its_fact_is_named():
    model = sheet()
    section = dataclasses.replace(
        model.sections[0],
        blocks=(
            Phrase(
                key="sheet.closure",
                values={
                    "closure": Ref(fact="publish.watr"),
                    "unit": "x",
                    "measured": "1",
                    "streams": "2",
                },
            ),
        ),
    )
    broken = dataclasses.replace(model, sections=(section,))
    assert [f.do for f in faults(broken)] == ["Did you mean 'publish.water'?"]


def test_a_table_beyond_a_page_is_refused():
    table = next(b for s in sheet().sections for b in s.blocks if isinstance(b, Table))
    long = dataclasses.replace(table, rows=table.rows * 30)
    section = dataclasses.replace(sheet().sections[1], blocks=(long,))
    broken = dataclasses.replace(sheet(), sections=(section,))
    assert "Show at most 40; give the rest as CSV." in {f.do for f in faults(broken)}


def test_the_shipped_fonts_hold_three_languages():
    assert (
        missing_glyphs("ÆØÅæøå é ü ² ³ ₂ ₄ µ · – ≤ ≥ ‰ € ¥ → † ‡ 重庆市污水处理厂（示例）“引号”")
        == ""
    )
    assert missing_glyphs("龘 \u202e\u0007") == "龘"  # direction and control characters are dropped
