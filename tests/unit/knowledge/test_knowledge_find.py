"""Do the finders do their sentence?"""

import datetime as dt

import pytest

from renvand.errors import OurFault
from renvand.knowledge import (
    SHIPPED,
    division,
    divisions_of,
    equivalent_kg,
    limit_for,
    sector_of,
    substance_id,
    table,
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("化学需氧量", "COD"),
        ("ｃｏｄcr", "COD"),
        ("生化需氧量（BOD5）", "BOD5"),
        ("Cr（VI）", "Cr6"),
        ("六价铬", "Cr6"),
        ("总铬", "Cr"),
        ("NH3-N", "NH4-N"),
        (" 'PH值' ", "pH"),
        ("颗粒物（炭黑尘、燃料尘、水泥粉尘）", "PM"),
        ("Lead compounds", "Pb"),
        ("Nickel and compounds (as Ni)", "Ni"),  # as the European register writes
        ("Halogenated organic compounds (as AOX)", "AOX"),
        ("Total organic carbon (TOC) (as total C or COD/3)", "TOC"),
        ("Di-(2-ethyl hexyl) phthalate (DEHP)", "DEHP"),
        ("tetraklor", None),
        ("", None),
    ],
)
def test_a_spelling_leads_to_its_substance(text, code):
    assert substance_id(text) == code


def test_carbon_monoxide_is_not_cobalt():
    """Two substances differ only in case: as written they resolve, folded they do not."""
    assert (substance_id("CO"), substance_id("Co"), substance_id("co")) == (
        "carbon-monoxide",
        "Co",
        None,
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("璧山区", "500120"),
        ("璧山县", "500120"),
        ("500227", "500120"),
        ("开县", "500154"),
        ("重庆市开县赵家", "500154"),
        ("重庆市大足龙水镇", "500111"),
        ("重庆市渝北区两江新区金开大道", "500112"),
        ("重庆市江北区渝北路", "500105"),
        ("彭水县", "500243"),
        ("万盛经开区", "500110"),
        ("Kaizhou", "500154"),
        ("两江新区", None),
        ("上海市浦东新区", None),
    ],
)
def test_a_place_leads_to_the_division_of_today(text, code):
    assert division(text) == code


def test_a_zone_over_several_districts_names_them_all():
    assert divisions_of("重庆两江新区") == ("500105", "500109", "500112")


@pytest.mark.parametrize(
    ("code", "sector"),
    [
        ("3360", "surface-treatment"),
        ("C3360", "surface-treatment"),
        ("1713", "textile-dyeing"),
        ("1711", "textile-other"),
        ("3499", "metalworking"),
        ("3751", "metalworking"),
        ("4620", "public-plant"),
        ("0111", "other"),
        ("电镀", None),
    ],
)
def test_a_code_leads_to_its_sector(code, sector):
    assert sector_of(code) == sector


def test_what_is_not_taxed_by_mass_has_no_equivalent():
    """Total nitrogen is not in annex 2, pH is taxed by another measure."""
    assert equivalent_kg("COD") == 1.0
    assert equivalent_kg("TN") is None
    assert equivalent_kg("pH") is None


@pytest.mark.parametrize(
    ("where", "substance", "more", "high"),
    [
        ("textile-dyeing", "COD", {"discharge": "direct"}, 80),
        ("textile-dyeing", "COD", {"discharge": "indirect"}, 200),
        (
            "textile-dyeing",
            "COD",
            {"discharge": "indirect", "condition": "dedicated-park"},
            500,
        ),
        ("textile-dyeing", "Cr6", {"discharge": "direct"}, 0.5),
        ("surface-treatment", "Ni", {"discharge": "indirect"}, 0.5),
        ("metalworking", "COD", {"discharge": "indirect"}, 500),
        ("metalworking", "Ni", {"discharge": "direct"}, 1.0),
        ("public-plant", "NH4-N", {"discharge": "direct"}, 5),
        ("public-plant", "NH4-N", {"discharge": "direct", "condition": "cold"}, 8),
        ("public-plant", "TN", {"discharge": "direct", "grade": "1B"}, 20),
        ("gb-3838-2002", "TP", {"discharge": "direct", "grade": "III", "condition": "river"}, 0.2),
        (
            "surface-treatment",
            "Cr6",
            {"discharge": "direct", "grade": "existing", "on": dt.date(2010, 1, 1)},
            0.5,
        ),
    ],
)
def test_the_limit_that_binds(where, substance, more, high):
    assert limit_for(where, substance, **more).high == high


def test_where_the_standard_is_silent_there_is_no_limit():
    """COD to a sewer is for the plating shop and the treatment plant to agree on."""
    assert limit_for("surface-treatment", "COD", discharge="indirect") is None
    assert limit_for("gb-3838-2002", "TN", discharge="direct", grade="I", condition="river") is None
    assert limit_for("surface-treatment", "Cr6", discharge="direct", grade="existing") is None


def test_a_limit_tells_its_condition_and_its_row():
    limit = limit_for("public-plant", "NH4-N", discharge="direct")
    assert limit.condition == "warm"
    assert limit.origin().row == "gb-18918-2002,1,NH4-N,1A,direct,warm"
    assert (limit.origin().value, limit.origin().source) == ("5", "gb-18918-2002")


def test_a_range_a_minimum_and_nothing_at_all():
    ph = limit_for("surface-treatment", "pH", discharge="direct")
    assert [ph.allows(value) for value in (5.9, 6, 9, 9.1)] == [False, True, True, False]
    oxygen = limit_for("gb-3838-2002", "DO", discharge="direct", grade="III")
    assert [oxygen.allows(value) for value in (4.9, 5)] == [False, True]
    mercury = limit_for("gb-18918-2002", "alkyl-Hg", discharge="direct")
    assert [mercury.allows(value) for value in (0, 1e-9)] == [True, False]


@pytest.mark.parametrize(
    ("where", "substance", "discharge", "says"),
    [
        ("textiles", "COD", "direct", "limit_for: no 'textiles'. Did you mean 'textile-other'?"),
        ("metalworking", "CODD", "direct", "limit_for: no 'CODD'. Did you mean 'COD'?"),
        ("metalworking", "COD", "river", "limit_for: no 'river'. Allowed: direct, indirect."),
        ("gb-3838-2002", "COD", "direct", "limit_for('gb-3838-2002'): say which grade"),
    ],
)
def test_a_wrong_word_is_not_taken_for_no_limit(where, substance, discharge, says):
    with pytest.raises(OurFault) as caught:
        limit_for(where, substance, discharge=discharge)
    assert str(caught.value) == says


def test_an_origin_tells_judgement_from_publication():
    row = table("technologies").set_index("id", drop=False).loc["third-rinse-stage"]
    saving = SHIPPED.origin("technologies", row, column="water_saving_typical")
    assert (saving.basis, saving.source, saving.confidence) == (
        "calculated",
        "renvand-derived",
        "medium",
    )
    price = SHIPPED.origin("technologies", row, column="capex_fixed_cny_typical")
    assert (price.basis, price.source, price.confidence) == ("estimated", "renvand-planning", "low")
    assert price.file == "knowledge/technologies.csv"
    assert price.row == "third-rinse-stage"
