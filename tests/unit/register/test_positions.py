"""Positions in any spelling, converted to WGS-84 or left out with a word."""

import pytest

from renvand.knowledge.geo import gcj02_to_wgs84
from renvand.steps.register.identity import Code
from renvand.steps.register.link import Mention
from renvand.steps.register.lists import Row
from renvand.steps.register.positions import degrees, position
from renvand.steps.register.records import Entry

BISHAN = "500120"
NONE = Code(text="", is_valid=False)


def entry(longitude, latitude, *, coordinates="WGS-84", **more):
    cells = {"longitude": longitude, "latitude": latitude, **more}
    return Entry(
        kind="outlets",
        row=Row(file="inbox/a.csv", line=2, cells=cells),
        mention=Mention(
            place="", register="", number="", uscc=NONE, permit=NONE, name="", division=BISHAN
        ),
        source="x",
        basis="published",
        coordinates=coordinates,
    )


def placed(*entries, division=BISHAN):
    findings = []
    return position(entries, division, findings=findings), findings


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("106.5532", 106.5532),
        ("106°33′11.5″", 106 + 33 / 60 + 11.5 / 3600),
        ("106度33分", 106.55),
        ("29°17'17.9''", 29 + 17 / 60 + 17.9 / 3600),
        ("-71.25", -71.25),
        ("somewhere", None),
        ("1063311", None),
    ],
)
def test_degrees_are_understood(written, meant):
    assert degrees(written) == (None if meant is None else pytest.approx(meant))


def test_positions_of_map_services_are_converted():
    (longitude, latitude, quality), findings = placed(
        entry("106.2042", "29.5328", coordinates="GCJ-02")
    )
    assert (longitude, latitude) == pytest.approx(gcj02_to_wgs84(106.2042, 29.5328), abs=1e-6)
    assert (quality, findings) == ("address", [])


def test_the_first_usable_position_counts():
    place, _ = placed(entry("", ""), entry("106.2", "29.5", position_quality="outlet"))
    assert place == (106.2, 29.5, "outlet")


@pytest.mark.parametrize("zero", ["0", "0.0"])
def test_nought_is_no_position(zero):
    place, (finding,) = placed(entry(zero, zero))
    assert place == (None, None, "")
    assert str(finding) == (
        f"inbox/a.csv, line 2, longitude: '{zero} / {zero}' is no position; it is left out. "
        "Write decimal degrees."
    )


def test_a_swapped_position_is_left_out_and_told():
    place, (finding,) = placed(entry("29.5", "106.2"))
    assert place == (None, None, "")
    assert finding.do == "Longitude and latitude look swapped."


def test_a_position_far_from_its_district_is_left_out():
    _, (finding,) = placed(entry("121.5", "31.2"))
    assert finding.what == "'121.5 / 31.2' is 1492 km from its district; it is left out."
    assert finding.do == "Look the place up."


def test_where_the_district_is_not_known_any_position_will_do():
    place, findings = placed(entry("-71.25", "42.5"), division="Middlesex")
    assert (place[:2], findings) == ((-71.25, 42.5), [])
