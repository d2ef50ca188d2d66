"""Registry numbers and their check digits."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renvand.steps.register.identity import completed, credit_code, has_check_digit, permit
from tests.shared import shared

GOOD = "91500120100000000L"  # constructed; not issued


def test_a_code_with_its_check_digit_is_valid():
    assert credit_code(GOOD).is_valid


def test_spaces_and_small_letters_are_spelling():
    code = credit_code(" 91500120 100000000 l\u00a0")
    assert (code.text, code.is_valid, code.rule) == (GOOD, True, "spelling")


def test_a_letter_that_the_standard_does_not_use_is_read_as_its_look_alike():
    code = credit_code("915OO120100000000L")
    assert (code.text, code.is_valid, code.rule) == (GOOD, True, "look-alike letter")


@given(position=st.integers(0, 16), sign=st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_one_wrong_sign_is_always_found(position, sign):
    """31 is prime and no weight is a multiple of it, so a single error cannot hide."""
    wrong = GOOD[:position] + sign + GOOD[position + 1 :]
    assert has_check_digit(wrong) == (wrong == GOOD)


@pytest.mark.parametrize(("written", "is_valid"), [("00000006-X", True), ("000000062", False)])
def test_the_older_organisation_code_is_read_with_its_check_digit(written, is_valid):
    assert credit_code(written).is_valid == is_valid


def test_an_organisation_code_leads_to_the_credit_code_that_holds_it():
    """Signs 9 to 17; where two credit codes hold the same, neither is meant."""
    assert completed([GOOD, "00000006X"]) == {GOOD[8:17]: GOOD}
    assert completed([GOOD, f"92{GOOD[2:]}"]) == {}


def test_a_permit_is_a_code_three_digits_and_a_letter():
    assert permit(f"{GOOD}001P").is_valid
    assert not permit(f"{GOOD}01P").is_valid


@pytest.mark.parametrize("nothing", ["", "-", "/", "000000"])
def test_a_placeholder_is_no_code(nothing):
    assert credit_code(nothing).text == ""


def test_nearly_all_codes_of_a_real_register_are_valid():
    """1,100 of 1,101 in the Shanghai list of 2020."""
    with shared("data/registers/shanghai/enterprises_detail.csv").open(encoding="utf-8") as lines:
        codes = [credit_code(row["注册号/统一社会信用代码"]) for row in csv.DictReader(lines)]
    assert (len(codes), sum(code.is_valid for code in codes)) == (1101, 1100)
