"""A mapping is proposed with how sure each column is; what no file tells is asked for."""

import gzip
import tomllib
from pathlib import Path

import pytest
from openpyxl import Workbook

from renvand.errors import FileError
from renvand.steps.register.guess import as_toml, guess
from renvand.steps.register.received import receive
from tests.shared import shared

INBOX = Path(__file__).resolve().parents[3] / "examples" / "chongqing" / "inbox"
MAPPING = tomllib.loads((INBOX / "mapping.toml").read_text("utf-8"))


@pytest.fixture
def case(tmp_path):
    """A case with no list yet."""
    folder = tmp_path / "case"
    folder.mkdir()
    (folder / "case.toml").touch()
    return folder


def mapped(proposal):
    return {column.ours: column.theirs for column in proposal.columns}


@pytest.mark.parametrize(
    ("file", "known_otherwise"),
    [
        ("key-units-2025.xlsx", {}),
        ("permits-2025.csv", {"days"}),
        ("monitoring-2025.csv", set()),
        ("outlets-2025.csv", {"kind"}),
    ],
)
def test_the_examples_lists_are_read_as_their_mapping_says(file, known_otherwise):
    meant = next(entry for entry in MAPPING["list"] if entry["file"] == file)
    proposal = guess(INBOX / file)
    assert proposal.entry["kind"] == meant["kind"]
    assert proposal.entry.get("encoding", "utf-8-sig") == meant.get("encoding", "utf-8-sig")
    last = {ours: theirs.split(" / ")[-1] for ours, theirs in meant["columns"].items()}
    found = {ours: theirs.split(" / ")[-1] for ours, theirs in mapped(proposal).items()}
    known = {o: t for o, t in found.items() if o not in known_otherwise}
    assert known == {o: t for o, t in last.items() if o not in known_otherwise}
    assert all(column.certainty >= 0.8 for column in proposal.columns)


def test_the_sheet_on_water_and_the_header_below_a_title_are_found():
    entry = guess(INBOX / "key-units-2025.xlsx").entry
    assert entry["sheet"] == "水环境"
    assert entry["skip_rows"] + entry.get("header_rows", 1) == 3


def test_shanghais_detailed_list_is_understood():
    path = shared("data/registers/shanghai/enterprises_detail.csv")
    found = mapped(guess(path))
    assert found == {
        "name_zh": "单位名称",
        "uscc": "注册号/统一社会信用代码",
        "number": "污染源编码",
        "sector_code": "所属小类",
        "division": "行政区划",
        "address_zh": "生产地址",
        "longitude": "地理坐标(经度)",
        "latitude": "地理坐标(纬度)",
    }


def test_shanghais_limits_are_limits(tmp_path):
    path = tmp_path / "discharge_limits.csv"
    path.write_bytes(
        gzip.decompress(shared("data/registers/shanghai/discharge_limits.csv.gz").read_bytes())
    )
    proposal = guess(path)
    assert proposal.entry["kind"] == "permit_limits"
    found = mapped(proposal)
    assert (found["number"], found["outlet"]) == ("stWryCode", "stSitecode")
    assert (found["substance"], found["limit_mg_l"]) == ("stProject", "stPfxz")


def test_english_parquet_is_understood():
    folder = shared("data/registers/us_tri_2011")
    (flows,) = folder.glob("flow*.parquet")
    proposal = guess(flows)
    assert proposal.entry["kind"] == "observations"
    assert mapped(proposal) == {
        "number": "FacilityID",
        "substance": "FlowName",
        "load_kg_a": "FlowAmount",
    }


def test_values_that_do_not_fit_make_a_header_less_sure(tmp_path):
    path = tmp_path / "a.csv"
    rows = "\n".join(f"甲{n}厂,abc,1" for n in range(9))
    path.write_text(f"企业名称,统一社会信用代码,备注\n{rows}\n", encoding="utf-8")
    (name, code) = guess(path).columns
    assert (name.ours, code.ours) == ("name_zh", "uscc")
    assert code.certainty < 0.5 < name.certainty


def test_what_no_file_tells_is_asked_for():
    assert guess(INBOX / "outlets-2025.csv").ask == (
        "source: the key in sources.toml",
        "coordinates: WGS-84, or GCJ-02 for positions from a Chinese map service",
    )


def test_the_proposal_is_an_entry_of_the_mapping():
    proposal = guess(INBOX / "monitoring-2025.csv")
    (entry,) = tomllib.loads(as_toml(proposal))["list"]
    assert entry["columns"] == mapped(proposal)


def combined(path):
    """Write a workbook as offices send them: companies, results and limits in two sheets."""
    book = Workbook()
    companies = book.active
    companies.title = "名录"
    for row in (("单位名称", "统一社会信用代码"), ("甲厂", "91500120MA5000001E")):
        companies.append(row)
    results = book.create_sheet("监测")
    results.append(("企业名称", "监测年份", "污染因子", "排放浓度", "许可排放浓度限值"))
    results.append(("甲厂", "2024年", "化学需氧量", "58mg/L", "80 mg/L"))
    book.create_sheet("说明").append(("单位：mg/L",))
    book.save(path)
    return path


def test_the_other_lists_of_a_workbook_are_named(tmp_path):
    found = guess(combined(tmp_path / "all.xlsx"))
    assert (found.entry["sheet"], found.entry["kind"]) == ("监测", "observations")
    assert mapped(found)["year"] == "监测年份"
    assert [other.options for other in found.others] == [
        '--sheet "监测" --kind permit_limits',
        '--sheet "名录" --kind enterprises',
    ]


def test_each_list_of_a_workbook_is_received_by_itself(case, tmp_path):
    path = combined(tmp_path / "all.xlsx")
    receive(case, path, source="a")
    with pytest.raises(FileError) as told:
        receive(case, path, source="a")
    assert str(told.value) == (
        "inbox/all.xlsx: is there already. Name another list of it: "
        '--sheet "监测" --kind permit_limits or --sheet "名录" --kind enterprises.'
    )
    limits = receive(case, path, source="a", sheet="监测", kind="permit_limits")
    assert mapped(limits)["limit_mg_l"] == "许可排放浓度限值"
    assert limits.others == ()  # the others lie in a sheet that was not asked for, or are there


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("list.csv.gz", "list.csv.gz: is packed ('.gz'). Unpack it first."),
        ("list.xls", "list.xls: is a workbook of before 2007. Save it as .xlsx."),
    ],
)
def test_what_cannot_be_opened_as_it_is_says_how(tmp_path, name, words):
    (tmp_path / name).write_bytes(b"\x1f\x8b")
    with pytest.raises(FileError) as told:
        guess(tmp_path / name)
    assert str(told.value) == words


def test_a_folder_without_a_case_says_how_to_start_one(tmp_path):
    with pytest.raises(FileError) as told:
        receive(tmp_path, INBOX / "permits-2025.csv", source="permits")
    assert str(told.value) == f"{tmp_path}: is no case yet. Start it with: renvand new {tmp_path}"


def test_a_list_is_received_once(case):
    list_file = INBOX / "permits-2025.csv"
    receive(case, list_file, source="permits")
    receive(case, INBOX / "outlets-2025.csv", source="outlets", coordinates="GCJ-02")
    entries = tomllib.loads((case / "inbox/mapping.toml").read_text("utf-8"))["list"]
    assert [(e["file"], e["source"]) for e in entries] == [
        ("permits-2025.csv", "permits"),
        ("outlets-2025.csv", "outlets"),
    ]
    assert entries[1]["coordinates"] == "GCJ-02"
    assert (case / "inbox/permits-2025.csv").read_bytes() == list_file.read_bytes()
    with pytest.raises(FileError) as told:
        receive(case, list_file, source="permits")
    assert str(told.value) == (
        "inbox/permits-2025.csv: is there already. "
        "Give the new list a name of its own, with its year."
    )


def test_a_list_with_the_numbers_of_another_joins_its_register(case, tmp_path):
    """Shanghai's outlets name the sites of the detailed list; a row's own count says nothing."""
    sites = tmp_path / "sites.csv"
    sites.write_text("污染源编码,单位名称\n607202776001,甲厂\n745604650001,乙厂\n")
    outlets = tmp_path / "outlets.csv"
    outlets.write_text("stWryCode,stPortCode\n607202776001,WS001\n")
    counted = tmp_path / "counted.csv"
    counted.write_text("id,name\n1,甲厂\n2,乙厂\n")
    for path in (sites, counted, outlets):
        receive(case, path, source="shanghai")
    entries = tomllib.loads((case / "inbox/mapping.toml").read_text("utf-8"))["list"]
    assert [entry.get("register") for entry in entries] == [None, None, "inbox/sites.csv"]
    assert entries[2]["columns"] == {"number": "stWryCode", "outlet": "stPortCode"}


def test_columns_that_begin_late_and_short_headers_are_known(tmp_path):
    """Positions stand in 264 of 11,145 rows of Shanghai's outlets, none of the first 500."""
    path = shared("data/registers/shanghai/outlets.csv.gz")
    plain = tmp_path / "outlets.csv"
    plain.write_bytes(gzip.decompress(path.read_bytes()))
    proposal = guess(plain)
    found = mapped(proposal)
    assert (found["longitude"], found["latitude"]) == ("stJd", "stWd")
    assert (found["number"], found["outlet"], found["name_zh"]) == ("stWrybh", "stPfkbh", "stQymc")
    assert proposal.entry["keep"] == {"stPfkType": ["WATER"]}


def test_water_in_the_name_of_an_industry_is_no_medium():
    """行业类别 holds 水果和坚果加工 and 防水建筑材料制造 besides what is no water at all."""
    proposal = guess(shared("data/registers/shanghai/national_permits.csv"))
    assert "keep" not in proposal.entry


def test_all_combinations_of_media_that_a_list_names_are_kept(tmp_path):
    path = tmp_path / "a.csv"
    late = [f"甲{i}厂,废气" for i in range(600)] + ["乙厂,废水", '丙厂,"废水,土壤"']
    path.write_text("\n".join(["单位名称,污染源类别", *late]))
    assert guess(path).entry["keep"] == {"污染源类别": ["废水", "废水,土壤"]}


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(FileError, match=r"is not there\. Check the path"):
        guess(tmp_path / "a.csv")


EEA = (
    "Facility_INSPIRE_ID;facilityName;reportingYear;NACEMainEconomicActivityCode;pollutantName;"
    "medium;totalPollutantQuantityKg;pointGeometryLon;pointGeometryLat\n"
    "DK.1;Farveriet;2022;13.30;Total nitrogen;WATER;75000;9.1;56.2\n"
    "DK.2;Plating ApS;2022;25.61;Nickel and compounds (as Ni);WATER;42.5;9.3;56.4\n"
    "DK.2;Plating ApS;2022;25.61;Nickel and compounds (as Ni);AIR;60;9.3;56.4\n"
)


def test_releases_of_the_european_register_are_understood(tmp_path):
    path = tmp_path / "releases.csv"
    path.write_text(EEA, encoding="utf-8")
    proposal = guess(path)
    assert proposal.entry["kind"] == "observations"
    assert proposal.entry["keep"] == {"medium": ["WATER"]}
    assert mapped(proposal) == {
        "number": "Facility_INSPIRE_ID",
        "name_zh": "facilityName",
        "year": "reportingYear",
        "sector_code": "NACEMainEconomicActivityCode",
        "substance": "pollutantName",
        "load_kg_a": "totalPollutantQuantityKg",
        "longitude": "pointGeometryLon",
        "latitude": "pointGeometryLat",
    }


def test_an_export_of_the_permit_platform_is_understood():
    proposal = guess(shared("data/registers/shanghai/national_permits.csv"))
    assert mapped(proposal) == {
        "permit": "许可证编号",
        "name_zh": "单位名称",
        "sector_code": "行业类别",
        "division": "地市",
    }


def test_limits_of_a_permit_are_limits_though_yearly_amounts_stand_beside(tmp_path):
    path = tmp_path / "limits.csv"
    path.write_text(
        "排污许可证编号,排放口编号,污染物种类,许可排放浓度限值(mg/L),许可年排放量限值（t/a）\n"
        "91500120MA5U0ABC1X001P,DW001,化学需氧量,80,12\n",
        encoding="utf-8",
    )
    proposal = guess(path)
    assert proposal.entry["kind"] == "permit_limits"
    assert mapped(proposal)["limit_mg_l"] == "许可排放浓度限值(mg/L)"
    assert "load_kg_a" not in mapped(proposal)


def test_the_annual_list_of_key_units_keeps_those_of_water(tmp_path):
    path = tmp_path / "units.csv"
    rows = ["1,璧山区,重庆甲电镀有限公司,水环境", "2,大足区,重庆乙五金厂,大气环境"]
    path.write_text("\n".join(["序号,区县,企业详细名称,名录类别", *rows]), encoding="utf-8")
    proposal = guess(path)
    assert mapped(proposal) == {"name_zh": "企业详细名称", "division": "区县"}
    assert proposal.entry["keep"] == {"名录类别": ["水环境"]}
