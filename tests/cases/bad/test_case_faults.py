"""Mistakes in a case folder, each with its exact words, and nothing changed by looking."""

import hashlib
import os
import shutil
import tomllib
import zipfile
from pathlib import Path

import pytest

from renvand.knowledge.read import LARGEST_LINE
from renvand.partnership.folder import check_case, read_case

HERE = Path(__file__).parent
SMALL = HERE.parents[1] / "unit" / "partnership" / "small"
FAULTS = tomllib.loads((HERE / "case" / "faults.toml").read_text(encoding="utf-8"))["fault"]


def mistake(folder: Path, fault: dict) -> None:
    path = folder / fault["file"]
    path.parent.mkdir(parents=True, exist_ok=True)
    if "swap" in fault:
        old, new = fault["swap"]
        text = path.read_text(encoding="utf-8")
        assert old in text, "the small case has changed: this mistake can no longer be made"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    elif "encode" in fault:
        path.write_bytes(path.read_text(encoding="utf-8").encode(fault["encode"]))
    elif "gone" in fault:
        path.unlink()
    elif "link" in fault:
        path.unlink()
        path.symlink_to(fault["link"])
    elif "bytes" in fault:
        path.write_bytes(bytes.fromhex(fault["bytes"]))
    else:
        path.write_text(fault["text"], encoding="utf-8")


def contents(folder: Path) -> dict[str, str]:
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.stat().st_size < 2**24
    }


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL, tmp_path / "small"))


def test_the_small_case_has_no_fault():
    assert check_case(SMALL) == ()


@pytest.mark.parametrize("fault", FAULTS, ids=[fault["name"] for fault in FAULTS])
def test_a_mistake_is_named_with_its_place_and_remedy(fault: dict, small: Path):
    mistake(small, fault)
    before = contents(small)
    assert [str(found) for found in check_case(small)] == fault["says"]
    assert contents(small) == before


def test_all_mistakes_of_a_folder_are_named_in_one_go(small: Path):
    """Twenty files' faults together: one cannot hide another."""
    said: list[str] = []
    taken: set[str] = {"reaches.csv"}  # its rows are named by faults of others
    for fault in FAULTS:
        alone = len(fault["says"]) == 1 and "gone" not in fault and "link" not in fault
        if fault["file"] not in taken and alone and fault["name"] != "TOML that is not TOML":
            taken.add(fault["file"])
            mistake(small, fault)
            said.extend(fault["says"])
    assert len(said) >= 15
    found = {str(fault) for fault in check_case(small)}
    assert found >= set(said)


def test_a_line_of_two_gigabytes_is_refused_without_being_read(small: Path):
    with (small / "observations.csv").open("wb") as file:
        file.write(b"id,outlet")
        file.truncate(2 * 2**30)  # sparse: takes no room on the disk
    (fault,) = check_case(small)
    assert str(fault) == (
        f"observations.csv: has no line break in its first {LARGEST_LINE} bytes. "
        "Check how it was exported."
    )


def test_a_table_of_two_gigabytes_is_refused_without_being_read(small: Path):
    with (small / "observations.csv").open("r+b") as file:
        file.truncate(2 * 2**30)
    (fault,) = check_case(small)
    assert str(fault) == (
        "observations.csv: has 2048 MB; a table of a case may have 256. "
        "Give large registers as Parquet in inbox/."
    )


def bomb(path: Path, *, megabytes: int) -> None:
    path.parent.mkdir(exist_ok=True)
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book,
        book.open("xl/workbook.xml", "w") as part,
    ):
        for _ in range(megabytes):
            part.write(bytes(2**20))


def test_a_zip_bomb_is_refused_without_being_unpacked(small: Path):
    bomb(small / "inbox" / "list.xlsx", megabytes=520)
    (fault,) = check_case(small)
    assert str(fault) == (
        "inbox/list.xlsx: unpacks to 520 MB in 1 parts. Give large lists as CSV or Parquet."
    )


def test_a_small_zip_bomb_is_known_by_its_ratio(small: Path):
    bomb(small / "inbox" / "list.xlsx", megabytes=20)
    (fault,) = check_case(small)
    assert str(fault).startswith("inbox/list.xlsx: unpacks to 1")
    assert str(fault).endswith("times its size. Save it anew, or give it as CSV.")


def test_a_pipe_in_place_of_a_file_does_not_hang(small: Path):
    (small / "partners.csv").unlink()
    os.mkfifo(small / "partners.csv")
    assert "partners.csv: is not a file. Put a file in its place." in map(str, check_case(small))


def test_links_in_a_circle_are_named(small: Path):
    for one, other in (("partners", "budget"), ("budget", "partners")):
        (small / f"{one}.csv").unlink()
        (small / f"{one}.csv").symlink_to(small / f"{other}.csv")
    said = [str(fault) for fault in check_case(small)]
    assert "budget.csv: leads nowhere. Put a file in its place." in said


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_named(small: Path):
    (small / "partners.csv").chmod(0)
    said = [str(fault) for fault in check_case(small)]
    assert "partners.csv: may not be read. Ask for the right to read it." in said


def test_a_folder_that_is_none_is_named(tmp_path: Path):
    (fault,) = check_case(tmp_path / "nowhere")
    assert str(fault) == f"{tmp_path / 'nowhere'}: is not a folder. Name the folder of a case."


def test_the_small_case_is_read_as_written():
    case = read_case(SMALL)
    assert case.settings["case"]["title"]["da"] == "En lille sag"
    assert case.settings["ranking"]["weights"] == {"load": 2.0, "willingness": 1}
    assert case.tables["observations"]["concentration_mg_l"].tolist() == [78.25, 4.1, 0.05]
    assert case.reviews["dye-a"].tables["streams"]["to_unit"].tolist()[-1] == "sewer"
    assert case.plant_folders["north"].drawing["tanks"]["first"]["volume"] == 1000
    assert case.plant_folders["north"].tables["influent"]["S_NH"].tolist() == [30, 31]
    assert case.seminars[0]["starts"] == "2027-05-11T14:00:00+08:00"
    assert case.tables["technologies"].empty
