"""A list is taken for what it is, or said to be something else."""

import pytest

from renvand.errors import FileError
from renvand.partnership.folder import read_case
from renvand.partnership.new import new
from renvand.steps.register import register
from renvand.steps.register.guess import as_toml, guess
from renvand.steps.register.received import receive
from renvand.steps.register.values import way
from tests.shared import shared


@pytest.fixture
def listed(tmp_path):
    """Write a list."""

    def write(text, name="list.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def mapped(proposal):
    return {column.ours: column.theirs for column in proposal.columns}


PLANTS = "名称,污水处理厂名称,处理能力（万m³/d）,进水COD\n甲公司,璧山污水处理厂,4,210\n"


def test_a_list_of_public_plants_is_said_to_be_one(listed):
    proposal = guess(listed(PLANTS))
    assert proposal.certainty < 0.3
    (doubt,) = proposal.doubts
    assert str(doubt) == (
        "list.csv: looks like a list of public treatment plants by headers such as "
        "'污水处理厂名称' and '处理能力（万m³/d）' and 100% of its names. "
        "Plants belong into plants.csv. If these are companies, say --kind enterprises."
    )
    assert as_toml(proposal).startswith("# look: list.csv: looks like")


def test_it_is_not_taken_in_until_somebody_says_so(listed, tmp_path):
    (tmp_path / "case.toml").touch()
    path = listed(PLANTS)
    with pytest.raises(FileError, match="looks like a list of public treatment plants"):
        receive(tmp_path, path, source="a")
    assert not (tmp_path / "inbox").exists()
    assert receive(tmp_path, path, source="a", kind="enterprises").entry["kind"] == "enterprises"


@pytest.mark.parametrize(
    "file",
    ["yrd93/wwtp_data_simplified.csv", "yrd93/2022-wwt-data.xlsx", "zhou2024_cn_wwtp.csv"],
)
def test_real_lists_of_plants_are_known(file):
    assert "public treatment plants" in str(guess(shared("data/plants", file)).doubts[0])


def test_companies_with_a_plant_of_their_own_are_companies(listed):
    text = (
        "单位名称,废水处理工艺,废水处理能力(t/d),受纳污水处理厂\n甲电镀厂,混凝,30,璧山污水处理厂\n"
    )
    proposal = guess(listed(text))
    assert (proposal.doubts, mapped(proposal)["name_zh"]) == ((), "单位名称")


def test_a_list_that_names_nobody_is_refused(listed, tmp_path):
    (tmp_path / "case.toml").touch()
    with pytest.raises(FileError) as told:
        receive(tmp_path, listed("first_name,surname\nRobert,Alan\n"), source="a")
    assert str(told.value) == (
        "list.csv: has no column that surely names a company or a site, so it cannot be linked. "
        "Ask for names or registry numbers, or name the column in inbox/mapping.toml."
    )


def test_numbers_of_rows_are_no_numbers_of_sites(listed):
    rows = "".join(f"{n},甲{n}厂,璧山区\n" for n in range(1, 20))
    assert "number" not in mapped(guess(listed("id,name,area\n" + rows)))


def test_the_name_of_a_chemical_is_no_company(listed):
    rows = "氢氧化钠,0.1,913101187639622406\n氯酸钾,0.2,91310118792761819L\n"
    assert mapped(guess(listed("名称,数量(t),crop_id\n" + rows))) == {"uscc": "crop_id"}


def test_a_year_in_the_name_of_a_file_is_proposed(listed):
    text = "FacilityID,FlowName,FlowAmount,Unit\n60473MCWHR192W1,Nickel,2.5,kg\n"
    proposal = guess(listed(text, "flows_TRI_2011_v1.csv"))
    assert proposal.entry["constants"] == {"year": 2011}
    assert any("the year is that of the file's name" in line for line in proposal.ask)


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("直接进入江河、湖、库等水环境", "direct"),
        ("直接排放", "direct"),
        ("进入城市污水处理厂", "sewer"),
        ("间接排放", "sewer"),
        ("处理后纳管", "sewer"),
        ("进入工业废水集中处理厂", "park"),
        ("direct", "direct"),
        ("indirect", "sewer"),
        ("连续排放，流量稳定", ""),
        ("", ""),
    ],
)
def test_the_way_of_discharge_is_understood(written, kind):
    assert way(written) == kind


PLATFORM = {  # tables of the national permit platform, as copied from its pages
    "basic": (
        "单位名称,统一社会信用代码,许可证编号,生产经营场所地址,行业类别,所在地区,中心经度,中心纬度,发证日期\n"
        "重庆甲电镀有限公司,,,重庆市璧山区青杠街道1号,金属表面处理及热处理加工,璧山区,106.19,29.53,2024-01-02\n",
        "enterprises",
        {
            "name_zh": "单位名称",
            "uscc": "统一社会信用代码",
            "permit": "许可证编号",
            "address_zh": "生产经营场所地址",
            "sector_code": "行业类别",
            "division": "所在地区",
            "longitude": "中心经度",
            "latitude": "中心纬度",
        },
    ),
    "outlets": (
        "许可证编号,排放口编号,排放口名称,排放口地理坐标,,排放去向,排放规律,间歇排放时段\n"
        ",,,经度,纬度,,,\n"
        "91500120XXE000006P001U,DW001,废水总排口,106.19,29.53,进入城市污水处理厂,连续排放,/\n",
        "outlets",
        {
            "permit": "许可证编号",
            "outlet": "排放口编号",
            "longitude": "排放口地理坐标 / 经度",
            "latitude": "排放口地理坐标 / 纬度",
            "kind": "排放去向",
        },
    ),
    "limits": (
        "许可证编号,排放口编号,污染物种类,许可排放浓度限值,许可年排放量限值（t/a）,,\n"
        ",,,,第一年,第二年,第三年\n"
        "91500120XXE000006P001U,DW001,化学需氧量,80mg/L,12,12,12\n",
        "permit_limits",
        {
            "permit": "许可证编号",
            "outlet": "排放口编号",
            "substance": "污染物种类",
            "limit_mg_l": "许可排放浓度限值",
        },
    ),
}


@pytest.mark.parametrize("name", PLATFORM)
def test_tables_of_the_permit_platform_are_understood(name, listed):
    text, kind, columns = PLATFORM[name]
    proposal = guess(listed(text))
    assert (proposal.entry["kind"], proposal.doubts) == (kind, ())
    assert mapped(proposal) == columns


def test_ticks_under_water_say_which_key_units_are_kept(listed):
    """Since 2023 the lists have a column a medium, with a tick in it."""
    text = (
        "重庆市2025年环境监管重点单位名录,,,,,\n"
        "序号,区县,单位名称,统一社会信用代码,水环境,大气环境\n"
        "1,璧山区,重庆甲电镀有限公司,,√,\n2,大足区,重庆乙五金厂,,,√\n"
    )
    proposal = guess(listed(text))
    assert proposal.entry["keep"] == {"水环境": ["√"]}
    assert mapped(proposal)["division"] == "区县"


EEA = (
    "countryName,EPRTRSectorCode,eprtrSectorName,EPRTRAnnexIMainActivityCode,"
    "EPRTRAnnexIMainActivityLabel,FacilityInspireID,facilityName,facilityNameConfidentialityReason,"
    "Longitude,Latitude,addressConfidentialityReason,City,targetRelease,pollutant,emissions,"
    "reportingYear,releasesConfidentialityReason\n"
    "Finland,2,Production and processing of metals,2(f),Installations for surface treatment,"
    "FI.EEA/1.FACILITY,Plating Oy,,21.4,61.6,,Pori,WATER,Zinc and compounds (as Zn),42.5,2022,\n"
)


def test_the_european_agencys_table_of_releases_is_understood(listed):
    proposal = guess(listed(EEA, "F2_4_water_releases.csv"))
    assert proposal.entry["kind"] == "observations"
    assert mapped(proposal) == {
        "number": "FacilityInspireID",
        "name_zh": "facilityName",
        "sector_code": "EPRTRAnnexIMainActivityCode",
        "division": "City",
        "longitude": "Longitude",
        "latitude": "Latitude",
        "substance": "pollutant",
        "load_kg_a": "emissions",
        "year": "reportingYear",
    }


def test_it_goes_from_file_to_ranking_without_a_hand(listed, tmp_path):
    """Rows of two facilities and years: the latest year counts, and the sector is known."""
    plating = EEA.splitlines()[1]
    dyeing = plating.replace("Plating Oy", "Farveri ApS").replace("FI.EEA/1", "DK.EEA/2")
    dyeing = dyeing.replace("2(f)", "9(a)").replace("42.5", "75")
    older = plating.replace("42.5", "900").replace("2022", "2019")
    path = listed(EEA + "\n".join((dyeing, older)), "releases.csv")
    new(tmp_path / "case")
    receive(tmp_path / "case", path, source="received-lists")
    made = register(read_case(tmp_path / "case"))
    told = made.tables["ranking"][["rank", "name_zh", "sector"]].to_numpy().tolist()
    assert told == [[1, "Farveri ApS", "textile-dyeing"], [2, "Plating Oy", "surface-treatment"]]
    assert made.tables["loads"]["load_kg_a"].sum() == 42.5 + 75
    assert not [finding for finding in made.findings if finding.where.startswith("substance")]
