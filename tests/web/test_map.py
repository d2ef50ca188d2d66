"""A map of thousands gathers what would lie upon each other, and its table follows it."""

import re

import pytest

from renvand.web.gather import MOST
from renvand.web.shown import Listing

pytestmark = pytest.mark.usefixtures("case")  # the pages are set up


def listing(count: int) -> Listing:
    """Companies in rows of a hundred, a fifth of a degree apart."""
    rows = tuple(
        (f"c{n}", f"厂{n}", ("textile-dyeing", "metalworking")[n % 2],
         str(106 + n % 100 * 0.02), str(29 + n // 100 * 0.02), str(1 + n))
        for n in range(count)
    )  # fmt: skip
    columns = ("id", "name_zh", "sector", "longitude", "latitude", "equal_standard_m3_a")
    return Listing(columns=columns, rows=rows)


def drawn(listing: Listing, **how):
    from renvand.web import chart

    how = {"lit": None, "near": None, "told": "{count} companies", **how}
    return chart.drawing(listing, "", **how)


def test_a_few_companies_stand_each_for_itself():
    assert drawn(listing(MOST))["circles"].count("<circle") == MOST


def test_many_companies_are_gathered_and_none_is_lost():
    held = drawn(listing(5000))
    told = re.findall(r"<title>(\d+) companies", held["circles"])
    assert sum(map(int, told)) == 5000
    assert len(told) <= MOST * 1.5
    assert held["placed"] == 5000


def test_a_gathered_circle_leads_to_its_companies():
    from renvand.web.chart import Near

    every = listing(5000)
    links = re.findall(r'near=([-\d.,]+)"[^>]*><title>(\d+) ', drawn(every)["circles"])
    parts = [(Near.read(text), int(count)) for text, count in links]
    assert sum(len(part.only(every).rows) for part, _ in parts) == pytest.approx(5000, rel=0.01)
    part, count = max(parts, key=lambda each: each[1])
    closer = drawn(every, near=part)
    assert closer["circles"].count("<circle") == pytest.approx(count, rel=0.1)
    assert float(closer["box"].split()[2]) < 100


def test_what_is_not_looked_for_is_away_where_companies_are_many():
    lit = frozenset({"c7"})
    assert drawn(listing(5000), lit=lit)["circles"].count("<circle") == 1
    assert drawn(listing(100), lit=lit)["circles"].count(" faint") == 99


@pytest.mark.parametrize(
    "text", ["", "1,2,3", "a,b,c,d", "10,10,5,20", "0,0,400,1", "nan,0,1,1", "1,2,3,4,5"]
)
def test_what_is_no_part_of_a_map_is_none(text):
    from renvand.web.chart import Near

    assert Near.read(text) is None
