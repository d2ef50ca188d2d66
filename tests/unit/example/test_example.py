"""The example case is what its README says: constructed, repeatable, messy only on purpose."""

from __future__ import annotations

import csv
import sys
import tomllib
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from renvand.partnership.folder import read_case
from renvand.reconcile import Reconciled, reconcile

ROOT = Path(__file__).resolve().parents[3]
CASE = ROOT / "examples" / "chongqing"
INBOX = CASE / "inbox"
MESS = Path(__file__).with_name("mess.csv")
SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # gb32100-2015
BUDGET_DKK = 490_000
COMPANIES = sorted(p.name for p in (CASE / "reviews").iterdir())
NEW_WRITERS = ("example_register", "example_reviews", "example_influent")


@pytest.fixture(scope="module")
def anew(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything that the scripts write, written once more elsewhere."""
    root = tmp_path_factory.mktemp("anew")
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        for name in NEW_WRITERS:
            __import__(name).main(root)
    finally:
        sys.path.pop(0)
    return root


def rows(path: Path, encoding: str = "utf-8") -> list[dict[str, str]]:
    with path.open(encoding=encoding, newline="") as lines:
        return list(csv.DictReader(lines))


def slips(*kinds: str) -> set[str]:
    return {row["written"] for row in rows(MESS) if row["kind"] in kinds}


def key_units() -> list[tuple[object, ...]]:
    book = openpyxl.load_workbook(INBOX / "key-units-2025.xlsx")
    body = list(book["水环境"].iter_rows(min_row=4, values_only=True))
    return [row for row in body if row[3]]


def permits() -> list[dict[str, str]]:
    return rows(INBOX / "permits-2025.csv", "gb18030")


def outlets() -> list[dict[str, str]]:
    return rows(INBOX / "outlets-2025.csv", "utf-16")


def has_check_digit(code: str) -> bool:
    if len(code) != 18 or not set(code) <= set(SIGNS):
        return False
    total = sum(SIGNS.index(c) * pow(3, i, 31) for i, c in enumerate(code[:17]))
    return SIGNS[-total % 31] == code[17]


def test_the_case_has_no_fault():
    case = read_case(CASE)
    assert len(case.reviews) == 5
    assert case.settings["trial"]["plant"] in case.plant_folders


def test_the_scripts_write_every_file_again_byte_for_byte(anew: Path):
    made = sorted(p.relative_to(anew) for p in anew.rglob("*") if p.is_file())
    # lists, own tables, mess, reviews with what is known of their lines, daily meters, inflow
    assert len(made) == 4 + 4 + 1 + 5 * 9 + 1 + 1
    assert [str(p) for p in made if (anew / p).read_bytes() != (ROOT / p).read_bytes()] == []


def test_every_list_is_mapped_and_every_mapped_file_is_there():
    mapping = tomllib.loads((INBOX / "mapping.toml").read_text(encoding="utf-8"))
    mapped = {entry["file"] for entry in mapping["list"]}
    assert mapped == {p.name for p in INBOX.iterdir()} - {"mapping.toml"}


def test_credit_codes_are_wrong_only_where_meant():
    wrong = {str(row[3]) for row in key_units() if not has_check_digit(str(row[3]))}
    assert wrong == slips("wrong-check-digit")
    assert len(wrong) == 3
    numbers = {row["许可证编号"] for row in permits()}
    assert {p for p in numbers if not has_check_digit(p[:18])} == slips("letter-o")
    assert all(has_check_digit(row["统一社会信用代码"]) for row in outlets())


def test_no_credit_code_can_have_been_issued():
    codes = {str(row[3]) for row in key_units()}
    codes |= {row["统一社会信用代码"] for row in outlets()}
    assert {code[8:11] for code in codes} == {"XXE"}


def test_every_name_says_that_it_is_an_example():
    names = {str(row[2]) for row in key_units()}
    names |= {row["单位名称"] for row in permits()}
    assert all("例" in name for name in names)


def test_the_lists_hold_the_mess_of_real_ones():
    kinds = {row["kind"] for row in rows(MESS)}
    assert kinds >= {"name-traditional", "name-former-county", "second-site", "twice", "nbsp"}
    results = {row["监测结果"] for row in rows(INBOX / "monitoring-2025.csv", "utf-8-sig")}
    assert "未检出" in results
    assert any(r.startswith("<") for r in results)
    assert any(r.endswith("L") for r in results)
    assert any("０" <= r[0] <= "９" for r in results)


def test_every_district_has_a_company_and_plating_gathers_where_its_parks_are():
    codes = {row["许可证编号"][:18]: row["行业代码"] for row in permits()}
    codes |= {row["统一社会信用代码"]: "" for row in outlets() if row["许可证编号"] not in codes}
    codes |= {str(row[3]): str(row[4] or "") for row in key_units()}
    assert len({code[2:8] for code in codes if code.startswith("9150")}) == 38
    plating = [code[2:8] for code, sector in codes.items() if sector == "3360"]
    parks = [d for d in plating if d in ("500120", "500111", "500151", "500116")]
    assert len(parks) > len(plating) / 3


def test_the_budget_is_what_was_granted():
    assert sum(float(row["planned_dkk"]) for row in rows(CASE / "budget.csv")) == BUDGET_DKK


@pytest.mark.parametrize("company", COMPANIES)
def test_meters_differ_from_a_closed_balance_by_noise_or_the_error_meant(company: str):
    folder = CASE / "reviews" / company
    meters = {row["stream"]: row for row in rows(folder / "meters.csv")}
    page = tomllib.loads((ROOT / "scripts/example_pages" / f"{company}.toml").read_text("utf-8"))
    lines = [line.split() for line in page["tables"]["streams"].strip().splitlines()[1:]]
    gross = page.get("gross", {})
    for stream, _, _, _, flow, error in lines:
        if error == ".":
            assert stream not in meters
            continue
        off = (float(meters[stream]["flow_m3_d"]) - float(flow)) / float(meters[stream]["std_m3_d"])
        assert abs(off) < 4 or abs(off - gross[stream]) < 0.05


@pytest.mark.parametrize("company", COMPANIES)
def test_fresh_water_is_good_enough_for_every_unit(company: str):
    folder = CASE / "reviews" / company
    samples = rows(folder / "samples.csv")
    fresh = {
        row["substance"]: float(row["concentration_mg_l"])
        for row in samples
        if row["stream"] == "s01"
    }
    for row in rows(folder / "demands.csv"):
        assert fresh.get(row["substance"], 0.0) <= float(row["max_in_mg_l"]), row["unit"]


def reconciled(company: str) -> Reconciled:
    folder = CASE / "reviews" / company
    meters = pd.read_csv(folder / "meters.csv")
    names = {"flow_m3_d": "value", "std_m3_d": "sd"}
    read = meters.rename(columns=names).assign(quantity="flow")
    return reconcile(pd.read_csv(folder / "streams.csv"), read)


@pytest.mark.parametrize("company", COMPANIES)
def test_the_one_gross_error_is_found_and_no_other(company: str):
    found = reconciled(company)
    wrong = [found.name(error.at) for error in found.errors]
    assert wrong == ([("s10", "flow")] if company == "dazu-plating" else [])


def test_the_leak_shows_though_no_meter_sees_it():
    value, sd = reconciled("tongliang-plating").value("s02")
    assert value > 2 * sd
    assert abs(value - 34) < 2 * sd


def test_the_readme_says_what_every_page_says():
    notice = tomllib.loads((CASE / "case.toml").read_text(encoding="utf-8"))["case"]["notice"]
    readme = (CASE / "README.md").read_text(encoding="utf-8")
    for sentence in notice.values():
        said = sentence.removeprefix("Example. ").removeprefix("Eksempel. ")
        assert said.removeprefix("示例数据。") in readme
