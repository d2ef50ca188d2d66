"""Whatever is wrong in a review is said in one go: cells, drawing, bounds, what is missing."""

import shutil

import pytest

from renvand.errors import FileError
from renvand.partnership.folder import check_case, read_case
from tests.shared import ROOT

REVIEW = "reviews/dazu-plating"


@pytest.fixture
def broken(tmp_path):
    """The example with one of each mistake in one review."""
    case = tmp_path / "case"
    shutil.copytree(
        ROOT / "examples" / "chongqing", case, ignore=shutil.ignore_patterns("out", "confidential")
    )
    at = case / REVIEW
    rows = (at / "streams.csv").read_text().splitlines()
    bounds = {"s01": ",,100", "s02": ",300,"}
    rows = [rows[0] + ",low_m3_d,high_m3_d"] + [r + bounds.get(r[:3], ",,") for r in rows[1:]]
    rows += ["r1,ringa,ringb,process,,", "r2,ringb,ringa,process,,"]
    (at / "streams.csv").write_text("\n".join(rows) + "\n")
    edit(at / "units.csv", "", "", "ringa,storage,A,A,A\nringb,storage,B,B,B\n")
    more = "none,5,1,10,measured,constructed-reviews,,medium\n"
    edit(at / "meters.csv", "s02,96.27", 's02,"96,27"', more)
    edit(at / "samples.csv", "0.2003,0.016,false,2026-03-19", "0.2003,0,false,")
    edit(at / "review.toml", '"m2"', '"1000pcs"')
    edit(at / "demands.csv", "", "", "degreasing,Hg,1,constructed,constructed-reviews,,low\n")
    return case


def edit(path, old, new, more=""):
    path.write_text(path.read_text().replace(old, new, 1).rstrip("\n") + "\n" + more)


EXPECTED = (
    "meters.csv, line 3, flow_m3_d: '96,27' is not a number. Write 96.27 with a point.",
    "meters.csv, line 22, stream: 'none' is not in streams.",
    "review.toml: production is in pieces; limits and levels of the sector count on m2.",
    "samples.csv, s01: std_mg_l is 0. Say how far the value may be off;",
    "samples.csv, s01, NH4-N: has no date. Give the day it was taken.",
    "demands.csv: asks for Hg, which nobody measured.",
    ", units ringa, ringb: no stream enters or leaves this ring.",
    ", bounds of streams: 's02' at least 300, 's01' at most 100 m3/d cannot hold together:",
)


def test_all_faults_of_a_review_are_said_at_once(broken):
    faults = check_case(broken)
    assert len(faults) == len(EXPECTED)
    for fault, start in zip(faults, EXPECTED, strict=True):
        assert str(fault).removeprefix(f"{REVIEW}").removeprefix("/").startswith(start)
        assert fault.do
    with pytest.raises(FileError) as error:
        read_case(broken)
    assert error.value.faults == tuple(faults)


def test_what_only_follows_from_a_fault_is_not_said(broken):
    """No meter can be read: that nothing was measured is not said as well."""
    at = broken / REVIEW / "meters.csv"
    at.write_text(at.read_text().replace("flow_m3_d", "flow"))
    faults = [str(fault) for fault in check_case(broken)]
    assert any("meters.csv, line 1" in fault for fault in faults)
    assert not any("holds no flow" in fault for fault in faults)
