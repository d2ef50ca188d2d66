"""The sheets of the trial plant and of the region."""

import pytest

from renvand.errors import FileError
from renvand.publish.build import plant_sheet, region_sheet, sheet_documents
from renvand.publish.check import faults
from renvand.publish.compose import compose
from renvand.publish.model import Chart, Gap, Table
from renvand.text import LANGUAGES
from tests.unit.publish.case_sample import NAMES
from tests.unit.publish.region_sample import case, register, results, trial


def block(model, section, kind):
    return next((b for b in model.section(section).blocks if isinstance(b, kind)), None)


def test_the_plant_tells_what_its_lever_saves_and_how_long_the_proof_takes():
    model, made = plant_sheet(case(), results())
    assert faults(model) == []
    assert made
    written = compose(model, "en")
    assert written["title"] == "North WWTP"  # without the citation
    numbers = [f"{k['number']} {k['unit']}" for k in written["key_figures"]]
    assert numbers == ["0.500 kWh/m³", "20 %", "9.60 mg/l", "3.4 weeks"]
    table = block(model, "levers", Table)
    assert len(table.rows) == 2
    reasons = written["sections"][1]["blocks"][1]["items"]
    assert reasons[0].startswith("51% of its electricity")


def test_a_plant_where_no_lever_keeps_the_limits_says_so():
    model, _ = plant_sheet(case(), results(trial=trial(best="")))
    assert faults(model) == []
    assert isinstance(model.key_figures[1].value, Gap)
    assert isinstance(model.section("proof").blocks[0], Gap)


def test_the_region_sums_what_three_consenting_companies_spare_the_rivers():
    model, _ = region_sheet(case(), results())
    assert faults(model) == []
    written = compose(model, "da")
    figures = {k["label"]: f"{k['number']} {k['unit']}" for k in written["key_figures"]}
    assert figures["COD, der ikke når floderne"] == "3 kg/døgn"
    chart = block(model, "course", Chart)
    assert [item.id for item in chart.items] == ["brook", "river"]
    assert "falder COD med 10\u00a0%" in written["sections"][3]["blocks"][1]["text"]


@pytest.mark.parametrize(
    ("held", "found"),
    [
        (case(), results(register=register(sites=2))),
        (case(north_works={"has_consent": False}), results()),
    ],
    ids=["a reach with two dye-houses", "a company without consent"],
)
def test_a_river_that_would_tell_of_a_company_is_withheld_and_the_gap_is_explained(held, found):
    model, _ = region_sheet(held, found)
    assert block(model, "course", Chart) is None
    assert block(model, "course", Gap).reason.key == "region.gap_reach"
    assert "publish.region.fall" not in {fact.id for fact in model.facts}


def test_two_consenting_companies_make_no_sum():
    model, _ = region_sheet(case(north_works={"has_consent": False}), results())
    assert isinstance(model.key_figures[3].value, Gap)
    assert model.key_figures[3].value.reason.key == "sheet.gap_few"


def test_no_company_is_named_and_all_sheets_of_a_case_are_made():
    _, files = sheet_documents(case(), results(), languages=("zh",), formats=("html", "json"))
    assert {name.split(".")[0] for name in files} == {"textile-dyeing", "plant-north", "region"}
    for data in files.values():
        assert not [name for name in NAMES if name in data.decode()]


def test_a_plant_without_a_trial_is_refused_with_the_reason():
    found = results()
    del found["trial"]
    with pytest.raises(FileError) as raised:
        sheet_documents(case(), found, sheets=("plant",))
    assert str(raised.value) == (
        "sheet 'plant': has no trial behind it. Name a plant under [trial] and run the programme."
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_part_of_the_sheet_has_its_place_on_paper(language):
    for model, _ in (plant_sheet(case(), results()), region_sheet(case(), results())):
        written = compose(model, language)
        placed = [
            (part["section"], n) for row in written["rows"] for part in row for n in part["blocks"]
        ]
        wanted = [
            (n, m) for n, s in enumerate(written["sections"]) for m in range(len(s["blocks"]))
        ]
        assert sorted(placed) == wanted
