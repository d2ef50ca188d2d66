"""Figures know where they come from."""

import pytest

from renvand.errors import OurFault
from renvand.trace import Figure, Ledger, Origin

METER = Origin(file="meters.csv", row="m1", basis="measured", source="site", confidence="high")
NORM = Origin(file="knowledge/limits.csv", row="x", basis="published", confidence="low")


def figure(name: str, *made_of: str | Origin, value: float = 1.0) -> Figure:
    return Figure(id=name, value=value, unit="m3/d", method="sum", made_of=made_of)


def test_every_origin_behind_a_figure_is_found_once():
    ledger = Ledger()
    ledger.add([figure("a", METER), figure("b", "a", NORM), figure("c", "a", "b", METER)])
    assert list(ledger.origins("c")) == [METER, NORM]


def test_a_chain_is_as_good_as_its_weakest_link():
    ledger = Ledger()
    ledger.add([figure("a", METER), figure("b", "a", NORM)])
    assert (ledger.confidence("a"), ledger.confidence("b")) == ("high", "low")


def test_a_figure_without_origin_is_our_fault():
    with pytest.raises(OurFault, match="does not say what it was made of"):
        Ledger().add([figure("a")])


def test_one_id_means_one_figure():
    ledger = Ledger()
    ledger.add([figure("a", METER), figure("a", METER)])
    with pytest.raises(OurFault, match="made twice"):
        ledger.add([figure("a", METER, value=2.0)])
