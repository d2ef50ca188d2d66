"""Forms go out drawn, come back filled in, and name each fault by cell or question."""

import shutil
from pathlib import Path

import openpyxl
import pytest

from renvand.errors import FileError
from renvand.partnership.folder import read_case
from renvand.partnership.forms import import_review, review_template, survey_workbook
from renvand.partnership.forms.drawing import sectors
from renvand.partnership.forms.survey import NAMED
from renvand.steps.review import check, review
from tests.shared import ROOT

PAGE = {
    "enterprise": "kaizhou-dyeing",
    "sector": "textile-dyeing",
    "reviewed_on": "2026-11-02",
    "reviewer": "secretariat",
    "days_a": 300,
    "product_en": "Cloth",
    "product_da": "Stof",
    "product_zh": "布",
    "production": 10,
    "production_unit": "t",
    "has_consent": "true",
}
TAIL = {"basis": "measured", "source": "constructed-reviews"}


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """The example's page and sources with one company: a form needs no register."""
    example, folder = ROOT / "examples" / "chongqing", tmp_path / "case"
    shutil.copytree(example / "reviews" / "kaizhou-dyeing", folder / "reviews" / "kaizhou-dyeing")
    for name in ("case.toml", "sources.toml"):
        shutil.copy(example / name, folder / name)
    columns = "id,name_zh,sector_code,division,basis,source"
    row = "kaizhou-dyeing,开州染厂,1752,500154,constructed,constructed-reviews"
    (folder / "enterprises.csv").write_text(f"{columns}\n{row}\n", encoding="utf-8")
    return folder


def fill(path: Path, sheet: str, *rows: dict[str, object]) -> None:
    book = openpyxl.load_workbook(path)
    names = [cell.value for cell in book[sheet][2]]
    for line, row in enumerate(rows, 3):
        for name, value in row.items():
            book[sheet].cell(line, names.index(name) + 1, value)
    book.save(path)


@pytest.mark.parametrize(
    ("sector", "language"),
    [("metalworking", "da"), ("surface-treatment", "en"), ("textile-dyeing", "zh")],
)
def test_a_workbook_comes_drawn_and_is_read_back(case, tmp_path, sector, language):
    path = tmp_path / "visit.xlsx"
    review_template(case, "new", path, sector=sector, language=language)
    fill(path, "review", {**PAGE, "sector": sector, "production_unit": "m2"})
    fill(path, "meters", {"stream": "s01", "flow_m3_d": 100, "std_m3_d": 2, **TAIL})
    import_review(case, "new", [path])
    data = read_case(case)
    assert len(data.reviews["new"].tables["units"]) >= 10
    assert check("new", data.reviews["new"]) == []
    assert len(data.reviews["new"].tables["streams"]) >= 24


def test_a_review_that_is_there_is_written_with_its_rows_and_read_back_the_same(case, tmp_path):
    path = tmp_path / "again.xlsx"
    before = read_case(case).reviews["kaizhou-dyeing"]
    review_template(case, "kaizhou-dyeing", path, language="en")
    import_review(case, "kaizhou-dyeing", [path])
    after = read_case(case).reviews["kaizhou-dyeing"]
    assert {k: str(v) for k, v in after.settings.items()} == {
        k: str(v) for k, v in before.settings.items()
    }
    for name in ("units", "streams", "meters", "samples", "dyeings"):
        assert after.tables[name].equals(before.tables[name]), name


def test_the_day_of_a_sample_is_asked_for_with_a_star(case, tmp_path):
    path = tmp_path / "visit.xlsx"
    review_template(case, "new", path, sector="textile-dyeing", language="da")
    labels = {
        b.value: a.value for a, b in openpyxl.load_workbook(path)["samples"].iter_cols(1, 6, 1, 2)
    }
    assert labels["sampled_on"] == "Prøvedato *"


def test_faults_of_a_workbook_are_named_by_cell_and_nothing_is_written(case, tmp_path):
    path = tmp_path / "visit.xlsx"
    review_template(case, "new", path, sector="textile-dyeing", language="en")
    fill(path, "review", PAGE)
    wrong = {"stream": "s99", "flow_m3_d": "12 m3/h", "std_m3_d": 2, **TAIL}
    fill(path, "meters", wrong, {"stream": "s01", "flow_m3_d": -1, "std_m3_d": 2, **TAIL})
    with pytest.raises(FileError) as caught:
        import_review(case, "new", [path])
    assert [str(f) for f in caught.value.faults] == [
        "meters!A3: 's99' is not in streams. Did you mean 's19'?",
        "meters!B3: '12 m3/h' is not a number. Write digits with a point; units go elsewhere.",
        "meters!B4: -1 is outside 0 to inf m3/d. Check the value and its unit.",
    ]
    assert not (case / "reviews" / "new").exists()


def test_tables_as_files_are_written_drawn(case, tmp_path):
    folder = tmp_path / "tables"
    named = review_template(case, "new", folder, sector="metalworking", form="csv", language="en")
    assert {Path(name).stem for name in named} >= {"units", "streams", "fluids", "readings"}
    assert "dyeings.csv" not in {Path(name).name for name in named}
    assert (folder / "units.csv").read_text("utf-8").count("\n") == 11


@pytest.mark.parametrize("sector", sectors())
def test_a_survey_is_read_by_pyxform_without_a_word(tmp_path, sector):
    """pyxform is the reference reader of XLSForm; every question speaks three languages."""
    from pyxform.xls2xform import convert

    path = tmp_path / "survey.xlsx"
    survey_workbook(sector, path, language="zh")
    made = convert(str(path), validate=False)
    assert made.warnings == []
    for name in NAMED.values():
        assert f'lang="{name}"' in made.xform


def xml(*groups: str) -> str:
    """A submission as ODK Collect writes it."""
    page = "".join(f"<review_{k}>{v}</review_{k}>" for k, v in PAGE.items())
    return f"<data id='x'><review>{page}</review>{''.join(groups)}</data>"


def repeat(table: str, **answers: object) -> str:
    body = "".join(f"<{table}_{k}>{v}</{table}_{k}>" for k, v in {**answers, **TAIL}.items())
    return f"<{table}>{body}</{table}>"


def test_submissions_of_two_days_become_one_review(case, tmp_path):
    first, second = tmp_path / "a.xml", tmp_path / "b.xml"
    meter = repeat("meters", stream="s01", flow_m3_d=1000, std_m3_d=20)
    first.write_text(xml(meter), encoding="utf-8")
    added = (
        "<streams><streams_id>s40</streams_id><streams_from_unit>dyeing</streams_from_unit>"
        "<streams_to_unit>new</streams_to_unit><streams_to_unit_new>tower</streams_to_unit_new>"
        "<streams_kind>wastewater</streams_kind></streams>"
        "<units><units_id>tower</units_id><units_kind>cooling</units_kind>"
        "<units_label_en>Tower</units_label_en><units_label_da>Tårn</units_label_da>"
        "<units_label_zh>塔</units_label_zh></units>"
        "<streams><streams_id>s41</streams_id><streams_from_unit>tower</streams_from_unit>"
        "<streams_to_unit>drain</streams_to_unit><streams_kind>wastewater</streams_kind></streams>"
    )
    sample = repeat(
        *("samples",), stream="s28", substance="COD", concentration_mg_l=90, std_mg_l=9,
        sampled_on="2026-11-03",
    )  # fmt: skip
    recipe = repeat("dyeings", unit="dyeing", goods_t_d=10, machine="jigger")
    second.write_text(xml(added, sample, recipe), encoding="utf-8")
    import_review(case, "new", [first, second])
    made = read_case(case).reviews["new"]
    assert len(made.tables["meters"]) == 1
    assert made.tables["samples"]["concentration_mg_l"].tolist() == [90]
    assert made.tables["dyeings"]["machine"].tolist() == ["jigger"]
    assert {"s28", "s40", "s41"} <= set(made.tables["streams"]["id"])
    assert "tower" in set(made.tables["units"]["id"])
    assert made.settings["product"]["zh"] == "布"


def test_faults_of_a_submission_are_named_by_question(case, tmp_path):
    path = tmp_path / "sent.xml"
    path.write_text(
        xml(
            repeat("meters", stream="s01", flow_m3_d="much", std_m3_d=20),
            repeat("meters", stream="s77", flow_m3_d=10, std_m3_d=1),
            repeat("meters", stream="s01", flow_m3_d=10, std_m3_d=1),
            repeat("samples", stream="s01", substance="COX", concentration_mg_l=1, std_mg_l=1),
        ),
        encoding="utf-8",
    )
    with pytest.raises(FileError) as caught:
        import_review(case, "new", [path])
    assert [str(f) for f in caught.value.faults] == [
        "sent.xml, meters[1], flow_m3_d: 'much' is not a number."
        " Write digits with a point; units go elsewhere.",
        "sent.xml, meters[2], stream: 's77' is not in streams. Did you mean 's27'?",
        "sent.xml, meters[3]: repeats s01 of sent.xml, meters[1]. Keep one.",
        "sent.xml, samples[1], substance: 'COX' is not in substances. Did you mean 'VOX'?",
        "sent.xml, samples[1], sampled_on: is empty. Give a value.",
    ]
    assert not (case / "reviews" / "new").exists()


def page(mark: str) -> dict[str, object]:
    return {f"review{mark}review_{column}": value for column, value in PAGE.items()}


METER = {"meters_stream": "s01", "meters_flow_m3_d": 1000, "meters_std_m3_d": 20.5}
DRAIN = {
    "streams/streams_id": "s40", "streams/streams_from_unit": "dyeing",
    "streams/streams_to_unit": "drain", "streams/streams_to_unit_new": "",
    "streams/streams_kind": "wastewater",
}  # fmt: skip


def test_what_odk_central_exports_is_read(case, tmp_path):
    """One file for the page, one for each table; groups stand before questions with a hyphen."""
    main, meters = tmp_path / "renvand-review.csv", tmp_path / "renvand-review-meters.csv"
    tail = {f"meters_{k}": v for k, v in TAIL.items()}
    for path, row in (
        (main, {"SubmissionDate": "2026-11-02T08:00:00Z", **page("-"), "KEY": "uuid:1"}),
        (meters, {**METER, **tail, "PARENT_KEY": "uuid:1", "KEY": "uuid:1/meters[1]"}),
    ):
        path.write_text(
            f"{','.join(row)}\n{','.join(map(str, row.values()))}\n", encoding="utf-8-sig"
        )
    import_review(case, "new", [meters, main])
    made = read_case(case).reviews["new"]
    assert made.tables["meters"]["std_m3_d"].tolist() == [20.5]
    assert made.settings["product"]["zh"] == "布"


def test_what_kobo_exports_is_read(case, tmp_path):
    """One workbook, a sheet for each table; groups stand before questions with a stroke."""
    path = tmp_path / "export.xlsx"
    book = openpyxl.Workbook()
    tail = {f"meters/meters_{k}": v for k, v in TAIL.items()}
    meter = {f"meters/{k}": v for k, v in METER.items()}
    for name, row in (
        ("renvand review, textile-dyeing", {"start": "2026-11-02", **page("/"), "_index": 1}),
        ("meters", {**meter, **tail, "_parent_index": 1}),
        ("streams", {**DRAIN, "_parent_index": 1}),
    ):
        sheet = book.create_sheet(name)
        sheet.append(list(row))
        sheet.append(list(row.values()))
    book.save(path)
    import_review(case, "new", [path])
    made = read_case(case).reviews["new"]
    assert made.tables["meters"]["flow_m3_d"].tolist() == [1000]
    assert "s40" in set(made.tables["streams"]["id"])


def test_faults_of_an_export_are_named_by_row_and_question(case, tmp_path):
    path, other = tmp_path / "sent.csv", tmp_path / "other.csv"
    row = page("/") | {"meters_stream": "s77", "meters_flow_m3_d": "12 m3/h"}
    path.write_text(f"{';'.join(row)}\n{';'.join(map(str, row.values()))}\n", encoding="utf-8")
    with pytest.raises(FileError) as caught:
        import_review(case, "new", [path])
    assert "sent.csv, meters[1], stream: 's77' is not in streams." in str(caught.value)
    assert "sent.csv, meters[1], flow_m3_d: '12 m3/h' is not a number." in str(caught.value)
    other.write_text("Firma;Strøm\nA;s01\n", encoding="utf-8")
    with pytest.raises(FileError) as caught:
        import_review(case, "new", [other])
    assert str(caught.value.faults[0]) == (
        "other.csv: answers no question of the survey."
        " Export it with values and names, not labels, and with its repeats."
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("<!DOCTYPE a [<!ENTITY b 'c'>]><a/>", "sent.xml: declares a document type."),
        ("<a>", "sent.xml: is not XML: no element found: line 1, column 3."),
        ("<a/>", "sent.xml, review[1], sector: sector '' is not known."),
    ],
)
def test_what_is_no_submission_is_refused(case, tmp_path, text, told):
    path = tmp_path / "sent.xml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileError) as caught:
        import_review(case, "new", [path])
    assert str(caught.value.faults[0]).startswith(told)


def test_a_form_filled_in_by_hand_gives_a_review_that_can_be_reconciled(case, tmp_path):
    path = tmp_path / "visit.xlsx"
    review_template(case, "new", path, sector="textile-dyeing", language="en")
    fill(path, "review", PAGE)
    flows = {"s01": 1000, "s02": 900, "s09": 50, "s12": 40, "s28": 890}
    rows = [{"stream": s, "flow_m3_d": v, "std_m3_d": 0.02 * v, **TAIL} for s, v in flows.items()]
    fill(path, "meters", *rows)
    import_review(case, "new", [path])
    from dataclasses import replace

    data = read_case(case)
    made = review(replace(data, reviews={"new": data.reviews["new"]}))
    assert set(made.tables["cheapest_meters"]["review"]) == {"new"}


@pytest.mark.parametrize("word", ["实测", "målt", "Measured"])
def test_a_choice_may_be_written_as_it_is_called(case, tmp_path, word):
    path = tmp_path / "visit.xlsx"
    review_template(case, "new", path, sector="surface-treatment", language="zh")
    fill(path, "review", PAGE | {"sector": "surface-treatment", "has_consent": "否"})
    meter = {"stream": "s01", "flow_m3_d": 60, "std_m3_d": 2}
    fill(path, "meters", meter | TAIL | {"basis": word, "confidence": "高"})
    import_review(case, "new", [path])
    assert "60,2,,measured,constructed-reviews,,high" in (
        case / "reviews" / "new" / "meters.csv"
    ).read_text(encoding="utf-8")


def test_cells_as_people_write_them_are_told_how(case, tmp_path):
    path = tmp_path / "visit.xlsx"
    review_template(case, "new", path, sector="surface-treatment", language="en")
    fill(path, "review", PAGE | {"sector": "surface-treatment", "production": "1 200"})
    sample = {"stream": "s04", "concentration_mg_l": "<0.05", "std_mg_l": 1} | TAIL
    fill(path, "samples", sample | {"substance": "六价铬"})
    with pytest.raises(FileError) as caught:
        import_review(case, "new", [path])
    assert [str(fault) for fault in caught.value.faults if fault.where != "meters"] == [
        "review!I3: '1 200' is not a number. Write 1200 without gaps.",
        "samples!B3: '六价铬' is not a code. Did you mean 'Cr6'?",
        "samples!C3: '<0.05' is not a number. Write 0.05, and that it is below the reporting "
        "limit, in its own column.",
        "samples!F3: is empty. Give a value.",
    ]


def test_a_form_never_lands_inside_the_case_that_it_would_spoil(case, monkeypatch):
    from typer.testing import CliRunner

    from renvand.cli.review import app

    monkeypatch.chdir(case)
    ask = ["template", ".", "new", "--sector", "textile-dyeing"]
    assert CliRunner().invoke(app, ask).exit_code == 0
    assert (case.parent / "new.xlsx").is_file()
    assert not list(case.glob("*.xlsx"))
    told = CliRunner().invoke(app, [*ask, "--to", "reviews/new.xlsx"])
    assert told.exit_code == 2
    assert "lies inside the case" in told.output
