"""The register of a small case, from its lists to its tables."""

import dataclasses
import datetime as dt

import pandas as pd
import pytest

from renvand.errors import FileError
from renvand.steps.case import CaseData
from renvand.steps.register import register
from renvand.steps.register.decisions import Decision, decide

SETTINGS = {
    "case": {"country": "CN", "region": "Chongqing", "seed": 1, "as_of": dt.date(2026, 1, 1)},
    "register": {"water_standard": "gb-3838-2002", "water_class": "III"},
    "ranking": {"weights": {"load": 1.0}},
}
HEADER = "name,district,outlet,substance,result,unit,flow,days,date\n"
COLUMNS = {
    "name_zh": "name",
    "division": "district",
    "outlet": "outlet",
    "substance": "substance",
    "concentration_mg_l": "result",
    "unit": "unit",
    "flow_m3_d": "flow",
    "days": "days",
    "year": "date",
}


@pytest.fixture
def case(tmp_path):
    """Make a case of one list of observations."""

    def make(*lines, **inbox):
        (tmp_path / "inbox").mkdir(exist_ok=True)
        (tmp_path / "inbox" / "m.csv").write_text(HEADER + "\n".join(lines), encoding="utf-8")
        entry = {"file": "m.csv", "kind": "observations", "source": "x", "columns": COLUMNS}
        return CaseData(
            folder=tmp_path,
            settings=SETTINGS,
            sources={},
            tables={
                "enterprises": pd.DataFrame(columns=["id", "name_zh"]),
                "outlets": pd.DataFrame(columns=["id", "enterprise"]),
            },
            inbox={"list": [entry], **inbox},
        )

    return make


def line(name="璧山宏达电镀厂", *, result="10", unit="mg/L", substance="COD", date="2025-03-01"):
    return f"{name},璧山区,DW001,{substance},{result},{unit},100,300,{date}"


def observed(outcome):
    return outcome.tables["observations"]


def test_units_are_converted_and_the_year_is_read(case):
    (row,) = observed(register(case(line(result="250", unit="μg/L", date="20250301")))).to_dict(
        "records"
    )
    assert (row["concentration_mg_l"], row["year"]) == (pytest.approx(0.25), 2025)


def test_a_unit_that_is_none_is_told(case):
    (finding, *_) = register(case(line(), line(unit="furlong"))).findings
    assert str(finding) == (
        "inbox/m.csv, line 3, unit: 'furlong' is no unit of concentration; the row is left out. "
        "Give mg/L or µg/L."
    )


def test_not_detected_takes_the_limit_that_the_same_list_names(case):
    outcome = register(case(line(result="<4"), line(result="未检出"), line(result="20")))
    assert observed(outcome)["is_censored"].tolist() == [True, True, False]
    assert observed(outcome)["concentration_mg_l"].tolist() == [4.0, 4.0, 20.0]
    assert "reporting limit of the same list" in outcome.tables["changes"]["rule"].tolist()


def test_not_detected_without_any_limit_is_told_and_left_out(case):
    outcome = register(case(line(), line(result="未检出", substance="NH3-N")))
    assert len(observed(outcome)) == 1
    assert outcome.findings[0].do == "Ask for the limit of the method."


def test_a_date_that_tells_no_year_is_told(case):
    outcome = register(case(line(), line(date="soon")))
    assert "'soon' does not tell one year" in outcome.findings[0].what


def test_a_text_that_is_no_number_is_told(case):
    outcome = register(case(line(), line(result="达标")))
    assert "'达标' is not understood; the row is left out." in outcome.findings[0].what


def test_an_unknown_substance_is_counted_and_can_be_given_a_code(case):
    lines = (line(), line(substance="某物质"), line(substance="某物质"))
    (finding, *_) = register(case(*lines)).findings
    assert finding.where == "substance '某物质'"
    assert finding.what == "is not known; 2 rows are left out."
    known = register(case(*lines, substances={"某物质": "SS"}))
    assert observed(known)["substance"].tolist() == ["COD", "SS", "SS"]


def test_a_footer_is_left_out_and_written_down(case):
    outcome = register(case(line(), "合计,,,,,,,,"))
    assert len(outcome.tables["enterprises"]) == 1
    assert "footer left out" in outcome.tables["changes"]["rule"].tolist()


NEAR = ("璧山宏达金属表面处理加工厂", "璧山宏达金属表面处理加工")


def test_a_pair_that_was_kept_apart_is_not_asked_for_again(case):
    lines = tuple(map(line, NEAR))
    (doubt,) = register(case(*lines)).tables["doubts"].to_dict("records")
    assert (doubt["first_name"], doubt["second_name"]) == NEAR  # to compare, ids say nothing
    decide(
        case(*lines).folder,
        Decision(first=doubt["first"], second=doubt["second"], verdict="different", by="Li"),
    )
    again = register(case(*lines))
    assert again.tables["doubts"].empty
    assert len(again.tables["enterprises"]) == 2


def test_a_pair_that_was_joined_is_one_site_from_then_on(case):
    lines = tuple(map(line, NEAR))
    (doubt,) = register(case(*lines)).tables["doubts"].to_dict("records")
    decide(
        case(*lines).folder,
        Decision(first=doubt["first"], second=doubt["second"], verdict="same", by="Li"),
    )
    joined = register(case(*lines))
    assert joined.tables["doubts"].empty
    assert joined.tables["enterprises"]["id"].tolist() == [doubt["first"]]
    assert set(observed(joined)["site"]) == {doubt["first"]}
    assert "decided" in joined.tables["changes"]["rule"].tolist()


def test_a_decision_on_a_site_that_is_gone_is_told(case):
    decided = [{"first": "site-gone", "second": "site-lost", "verdict": "same", "by": "Li"}]
    found = [f for f in register(case(line(), decisions=decided)).findings if "gone" in f.what]
    assert [str(f) for f in found] == [
        "inbox/decisions.csv: 'site-gone' is not in the register. "
        "Take the decision out, or correct the id."
    ]


def test_outlets_without_flow_are_told(case):
    lines = (line(), line("璧山万利厂").replace(",100,300,", ",,300,"))
    (finding,) = [f for f in register(case(*lines)).findings if "cannot be told" in f.what]
    assert finding.what == "have no flow: 1 loads cannot be told."


def test_every_figure_leads_back_to_a_line_of_a_list(case):
    outcome = register(case(line()))
    (figure,) = [f for f in outcome.figures if ".load." in f.id]
    (origin,) = figure.made_of
    assert (origin.file, origin.row, origin.value) == ("inbox/m.csv", "line 2", "10 mg/l")
    assert figure.value == pytest.approx(10e-3 * 100 * 300)


def test_an_equal_standard_load_leads_back_to_the_water_standard_too(case):
    (figure,) = [f for f in register(case(line())).figures if "equal_standard" in f.id]
    part, standard = figure.made_of
    assert part.endswith(".load.COD")
    assert (standard.file, standard.value) == ("knowledge/limits.csv", "20.0")
    assert standard.row.startswith("gb-3838-2002")


def test_settings_that_are_missing_are_told_at_once(case):
    bare = CaseData(folder=case().folder, settings={"case": {}}, sources={}, tables={})
    with pytest.raises(FileError) as told:
        register(bare)
    assert [str(fault) for fault in told.value.faults] == [
        "case.toml, [register]: lacks 'water_standard'. Add it.",
        "case.toml, [register]: lacks 'water_class'. Add it.",
        "case.toml, [ranking]: lacks 'weights'. Add it.",
    ]


LOADS = {"name_zh": "name", "substance": "substance", "load_kg_a": "kg", "year": "year"}


def test_a_list_is_held_against_its_own_sum(case):
    """700 323 for 70 033: one sign, and the sum comes out."""
    made = case()
    rows = ["甲厂,COD,700323,2025", "乙厂,COD,356049,2025", "丙厂,COD,5328820,2025"]
    text = "\n".join(["name,substance,kg,year", *rows, "合计,,5754902,"])
    (made.folder / "inbox" / "m.csv").write_text(text, encoding="utf-8")
    made.inbox["list"][0]["columns"] = LOADS
    found = [f for f in register(made).findings if "sum to" in f.what]
    assert [str(f) for f in found] == [
        "inbox/m.csv, line 5, load_kg_a: the loads above sum to 6.38519e+06, not to 5.7549e+06. "
        "Perhaps 70033 for 700323 in inbox/m.csv, line 2 is meant; all count as written."
    ]


def test_places_are_told_with_names(case):
    """A sheet of ids says nothing to who opens it in Excel."""
    ranking = register(case(line(), line("璧山隆昌印染厂", result="80"))).tables["ranking"]
    told = ranking[["rank", "name_zh", "division"]].to_numpy().tolist()
    assert told == [[1, "璧山隆昌印染厂", "500120"], [2, "璧山宏达电镀厂", "500120"]]
    assert list(ranking.columns[:6]) == ["rank", "id", "name_zh", "name_en", "division", "sector"]


def test_names_held_back_are_no_names(case):
    """In the European register farms are called CONFIDENTIAL: they are not one, nor alike."""
    lines = (line("CONFIDENTIAL"), line("企业未公示"), line())
    outcome = register(case(*lines))
    assert len(outcome.tables["enterprises"]) == 3
    assert outcome.tables["doubts"].empty


def test_an_older_organisation_code_leads_to_the_same_company(case):
    """One list has the credit code, another the nine signs of it only, under a shorter name."""
    made = case(line())
    (made.folder / "inbox" / "s.csv").write_text(
        "name,code,district\n璧山宏达电镀厂,91500120100000008D,璧山区\n宏达电镀,10000000-8,璧山区\n",
        encoding="utf-8",
    )
    columns = {"name_zh": "name", "uscc": "code", "division": "district"}
    entry = {"file": "s.csv", "kind": "enterprises", "source": "x", "columns": columns}
    sites = register(dataclasses.replace(made, inbox={"list": [*made.inbox["list"], entry]}))
    codes = sites.tables["enterprises"]["uscc"].tolist()
    assert set(codes) == {"91500120100000008D"}


def test_rows_of_sites_that_are_not_kept_are_left_out_of_all_lists_of_a_register(case):
    made = case()
    (made.folder / "inbox" / "sites.csv").write_text("no,name,state\n1,A plating,NC\n2,B,SC\n")
    (made.folder / "inbox" / "flows.csv").write_text(
        "no,substance,result,unit,flow,days,date\n"
        "1,COD,10,mg/L,100,300,2025-03-01\n2,COD,10,mg/L,100,300,2025-03-01\n"
    )
    sites = {"file": "sites.csv", "kind": "enterprises", "source": "x", "register": "r"}
    sites |= {"columns": {"number": "no", "name_en": "name"}, "keep": {"state": ["NC"]}}
    flows = {"file": "flows.csv", "kind": "observations", "source": "x", "register": "r"}
    columns = {c: COLUMNS[c] for c in COLUMNS if c not in ("name_zh", "division", "outlet")}
    flows |= {"columns": {"number": "no", **columns}, "constants": {}}
    outcome = register(dataclasses.replace(made, inbox={"list": [sites, flows]}))
    assert list(outcome.tables["enterprises"]["name_en"]) == ["A plating"]
    assert len(observed(outcome)) == 1
    assert (
        "inbox/flows.csv: 1 rows are of sites that 'keep' leaves out; they are left out, too. "
        "Nothing, where that is meant."
    ) in [str(finding) for finding in outcome.findings]
