"""The industry of a site is understood however a list writes it."""

import pytest

from renvand.knowledge import SHIPPED
from renvand.knowledge.layers import Knowledge
from renvand.steps.register.industry import industry


@pytest.mark.parametrize(
    ("written", "sector"),
    [
        ("3360", "surface-treatment"),
        ("棉印染精加工1713", "textile-dyeing"),
        ("1752 化纤织物染整精加工", "textile-dyeing"),
        ("金属表面处理及热处理加工（C3360）", "surface-treatment"),
        ("金属表面处理及热处理加工", "surface-treatment"),
        ("其他2614", "other"),
        ("1713 或 3360", ""),  # two codes are none
        ("水泥", ""),
        ("", ""),
    ],
)
def test_a_code_a_name_or_both(written, sector):
    assert industry(written) == sector


@pytest.mark.parametrize(
    ("written", "sector"),
    [
        ("13.30", "textile-dyeing"),  # NACE Rev. 2
        ("13.3", "textile-dyeing"),  # the same, from a workbook that took it for a number
        ("13.96", "textile-other"),
        ("C25.61", "surface-treatment"),
        ("25.61 Treatment and coating of metals", "surface-treatment"),
        ("25.62", "metalworking"),
        ("37.00", "public-plant"),
        ("10.51", "other"),
        ("313310", "textile-dyeing"),  # NAICS of 2017, and of 2007
        ("313312", "textile-dyeing"),
        ("332813", "surface-treatment"),
        ("332812", "surface-treatment"),
        ("332710", "metalworking"),
        ("325510", "other"),
        ("2(f)", "surface-treatment"),  # annex I of the European register
        ("2.(c)(iii)", "surface-treatment"),
        ("9(a)", "textile-dyeing"),
        ("7(a)(i)", "other"),
        ("25.61; 13.30", ""),  # two codes are none
    ],
)
def test_codes_of_other_countries_need_no_hand(written, sector):
    assert industry(written) == sector


def test_a_sector_that_the_case_does_not_compare_is_another():
    """The shipped codes name sectors that a case with groups of its own may not have."""
    groups = SHIPPED.table("sector_groups")
    kept = groups[groups["id"] != "metalworking"]
    case = Knowledge(own={"sector_groups": kept}, replaced=frozenset({"sector_groups"}))
    assert industry("332710", knowledge=case) == "other"
    assert industry("332813", knowledge=case) == "surface-treatment"
