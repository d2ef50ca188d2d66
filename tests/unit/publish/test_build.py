"""From the results of the steps to a sheet: numbers right, companies hidden, gaps explained."""

import pandas as pd
import pytest

from renvand.errors import FileError
from renvand.publish.build import (
    made_sheet,
    sector_sheet,
    seminar_documents,
    sheet_documents,
)
from renvand.publish.check import faults
from renvand.publish.codec import to_json
from renvand.publish.model import Chart, Gap, Phrase, Ref, Table, walk
from renvand.publish.voice import Voice
from renvand.steps.outcome import Outcome
from renvand.trace import Ledger
from tests.unit.publish.case_sample import NAMES, case, results
from tests.unit.publish.seminar_sample import PAGE


@pytest.fixture(scope="module")
def model():
    return sector_sheet(case(), results(), "textile-dyeing")


def section(model, name):
    found = model.section(name)
    assert found is not None
    return found


def table_of(model, name):
    return next(block for block in section(model, name).blocks if isinstance(block, Table))


def chart_of(model, name):
    return next(block for block in section(model, name).blocks if isinstance(block, Chart))


def test_a_built_sheet_is_sound(model):
    assert faults(model) == []
    assert model.issued_on.isoformat() == "2026-11-23"  # the day of the case, not of the clock


def test_key_figures_are_medians_with_the_lowest_and_highest(model):
    values = [key.value for key in model.key_figures]
    facts = [model.fact(v.fact) for v in values if isinstance(v, Ref)]
    assert [f.value for f in facts] == pytest.approx([110, 110, 110, 32])
    assert [(f.low, f.high) for f in facts][:1] == [(100, 120)]
    assert all(f.is_constructed for f in facts)


def test_nothing_of_a_sheet_names_a_company(model):
    text = to_json(model)
    assert not [name for name in NAMES if name in text]


def test_a_source_that_names_a_company_stays_inside():
    import dataclasses

    own = {"title": "Invoices of North Works", "year": 2026, "kind": "company"}
    named = dataclasses.replace(case(), sources={"made-up": own})
    text = to_json(sector_sheet(named, results(), "textile-dyeing"))
    assert "North Works" not in text
    assert "made-up" not in text


def test_every_number_of_a_sheet_leads_back_to_an_origin():
    found = results()
    model, made = made_sheet(case(), found, "textile-dyeing")
    ledger = Ledger()
    for outcome in found.values():
        ledger.add(outcome.figures)
    ledger.add(made)
    for fact in model.facts:
        assert list(ledger.origins(fact.id)), fact.id


def test_shares_of_steps_add_up(model):
    table = table_of(model, "origin")
    shares = [[model.fact(cell.fact).value for cell in row[1:]] for row in table.rows]
    assert shares[0] == pytest.approx([100 * 69 / 97, 100 * 69 * 500 / (28 * 2000 + 69 * 500)])
    assert [sum(column) for column in zip(*shares, strict=True)] == pytest.approx([100, 100])


def test_the_sankey_takes_tanks_and_treatment_together_and_turns_no_circle(model):
    chart = chart_of(model, "balance")
    flows = {(k.source, k.target): model.fact(k.fact).value for k in chart.links}
    assert flows["supply", "rinsing"] == pytest.approx(70)
    assert flows["treatment", "dyeing~"] == pytest.approx(7)  # reuse goes to an end of its own
    assert ("dyeing", "rinsing") not in flows  # 2 % carried by the goods: said, not drawn
    assert chart.note == Phrase(key="sheet.not_drawn")
    back = next(item for item in chart.items if item.id == "dyeing~")
    assert Voice("da", {}).text(back.label) == "Tilbage til Farvning"


def test_a_limit_is_drawn_with_its_product(model):
    chart = chart_of(model, "comparison")
    assert [item.id for item in chart.items] == ["A", "B", "C"]
    level = chart.levels[0]
    assert model.fact(level.fact).value == 85
    assert Voice("en", {}).text(level.label) == "Base volume, yarn and knitted fabric"


def test_an_option_stands_once_where_it_pays_back_soonest(model):
    rows = table_of(model, "options").rows
    assert len(rows) == 1
    payback = rows[0][-2]
    assert isinstance(payback, Ref)
    assert model.fact(payback.fact).value == 0.44
    assert rows[0][-1] == Phrase(key="sheet.confidence_low")  # the lower of the two


def test_what_danish_industry_supplies_stands_first_its_suppliers_by_the_alphabet(model):
    rows = table_of(model, "technology").rows
    assert [row[2] for row in rows] == ["Alfa, zeta", Phrase(key="sheet.no_supplier")]


def test_without_consent_the_average_is_withheld_and_the_others_show_theirs():
    found = case(south_works={"has_consent": False})
    model = sector_sheet(found, results(), "textile-dyeing")
    value = model.key_figures[0].value
    assert isinstance(value, tuple)
    assert len(value) == 2
    voice = Voice("en", {fact.id: fact for fact in model.facts})
    assert "No consent from 1 of 3 companies." in voice.text(model.key_figures[0].note)
    gaps = [part for part in walk(section(model, "comparison")) if isinstance(part, Gap)]
    assert voice.text(gaps[0].reason) == "No consent from 1 of 3 companies."
    silent = {f.value for f in results()["review"].figures if f.id.startswith("review.south-works")}
    published = {f.value for f in model.facts if ".specific_" in f.id}
    assert not silent & published  # not even unseen, in the model


def test_without_any_consent_every_place_says_why():
    pages = {name.replace("-", "_"): {"has_consent": False} for name in NAMES}
    model = sector_sheet(case(**pages), results(), "textile-dyeing")
    assert all(isinstance(key.value, Gap) for key in model.key_figures)
    assert isinstance(section(model, "balance").blocks[0], Gap)
    assert faults(model) == []


def test_without_potential_the_sheet_says_so():
    found = results()
    del found["potential"]
    model = sector_sheet(case(), found, "textile-dyeing")
    assert isinstance(section(model, "options").blocks[0], Gap)
    assert faults(model) == []


def test_a_sector_without_a_review_is_refused():
    with pytest.raises(FileError) as raised:
        sector_sheet(case(), results(), "metalworking")
    assert str(raised.value) == (
        "sheet 'metalworking': has no reviewed company behind it. "
        "Review one, or choose a sector with reviews."
    )


def test_all_documents_of_a_case():
    import dataclasses

    outcome, files = sheet_documents(case(), results(), languages=("da",))
    assert sorted(files) == [
        *(f"textile-dyeing.da.{form}" for form in ("docx", "html", "pdf")),
        "textile-dyeing.json",
    ]
    assert all(name not in files["textile-dyeing.da.html"].decode() for name in NAMES)
    assert outcome.figures
    full = dataclasses.replace(case(), seminars=(PAGE,))
    held, package = seminar_documents(full, results(), languages=("zh",))
    assert sorted(package) == [
        f"textile-dyeing/{name}"
        for name in (
            "badges.zh.pdf",
            "evaluation.xlsx",
            "handout.zh.pdf",
            "invitation.zh.docx",
            "invitation.zh.pdf",
            "participants.zh.xlsx",
            "programme.zh.ics",
            "programme.zh.pdf",
            "slides.zh.pptx",
        )
    ]
    assert [fault.what for fault in held.findings] == ["'Questions' has no speaker."]


def test_the_gate_looks_into_the_register_before_release():
    sites = [{"id": name, "sector": "textile-dyeing", "division": name[:4]} for name in NAMES[:2]]
    found = results() | {"register": Outcome(tables={"enterprises": pd.DataFrame(sites)})}
    outcome, _ = sheet_documents(case(), found, languages=(), formats=())
    assert {fault.what for fault in outcome.findings} == {
        "could be one of 2 companies for a reader who knows the sector."
    }
    told = outcome.tables["inferences"]
    assert len(told) == 6
    assert set(told["known"]) == {"sector", "sector × district"}
