"""What a case lays over the shipped tables."""

from dataclasses import replace

import pytest

from renvand.errors import FileError
from renvand.knowledge import (
    SHIPPED,
    Knowledge,
    division,
    laid_over,
    limit_for,
    sector_of,
    shipped_schema,
    table,
)
from renvand.knowledge.read import frame


def own(name, *rows):
    """Rows of a case, typed as its reader types them."""
    return frame([dict(row) for row in rows], shipped_schema(name), lines=[])


DAIRY = {"code": "10.51", "name_en": "milk", "nace": "10.51", "sector": "dairy", "source": "x"}


def test_an_own_row_stands_in_the_place_of_the_shipped_one():
    """By its key, and the origin says whose it is."""
    row = {**SHIPPED.row("prices", "electricity"), "typical": 0.11, "currency": "EUR"}
    case = Knowledge(own={"prices": own("prices", row)}, currency="EUR")
    assert len(case.table("prices")) == len(table("prices"))
    assert case.row("prices", "electricity")["typical"] == 0.11
    assert case.origin("prices", row, column="typical").file == "prices.csv"
    other = case.row("prices", "water-tap")
    assert case.origin("prices", other, column="typical").file == "knowledge/prices.csv"


def test_a_table_may_be_replaced_whole():
    """Then nothing that is shipped counts, and a row that is asked for is missed with a remedy."""
    case = Knowledge(own={"sectors": own("sectors", DAIRY)}, replaced=frozenset({"sectors"}))
    assert [row["code"] for row in case.rows("sectors")] == ["10.51"]
    assert sector_of("10.51", knowledge=case) == "dairy"
    assert sector_of("10.51.2", knowledge=case) == "dairy"  # below it
    assert sector_of("3360", knowledge=case) == "other"
    assert sector_of("10.51") is None
    bare = Knowledge(replaced=frozenset({"prices"}))
    with pytest.raises(FileError) as caught:
        bare.row("prices", "electricity")
    assert "Add the row to prices.csv of the case." in str(caught.value)


def test_limits_of_another_country_say_nothing():
    """A sector's standard holds where it was made."""
    china, portugal = Knowledge(country="CN"), Knowledge(country="PT")
    asked = {"discharge": "direct"}
    assert limit_for("surface-treatment", "Cr6", knowledge=china, **asked).high == 0.2
    assert limit_for("surface-treatment", "Cr6", knowledge=portugal, **asked) is None


def test_places_are_those_of_the_case():
    """Latin names are found as words, not as parts of words."""
    row = {"id": "0308", "code": "0308", "name_zh": "", "name_en": "Guimaraes", "within": "0308"}
    rows = own("divisions", {**row, "kind": "district", "source": "x", "confidence": "low"})
    case = Knowledge(own={"divisions": rows}, replaced=frozenset({"divisions"}))
    assert division("Rua A 5, Guimaraes", knowledge=case) == "0308"
    assert division("重庆市璧山区", knowledge=case) is None


def test_money_is_brought_to_that_of_the_case():
    """By the yearly means against the dollar."""
    euro = Knowledge(currency="EUR")
    assert SHIPPED.bought("CNY", year=2023) == 1.0
    assert euro.bought("CNY", year=2023) == pytest.approx(0.925 / 7.08)
    assert euro.money({"currency": "DKK", "price_year": 2023}, 6.89) == pytest.approx(0.925)


def test_words_of_all_cases_are_laid_over_by_none():
    assert not {"substances", "glossary"} & set(laid_over())
    assert {"limits", "prices", "tax_rates", "sectors", "divisions"} <= set(laid_over())
    assert replace(SHIPPED, country="CN").table("limits").equals(table("limits"))
