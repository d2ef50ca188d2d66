"""Units are converted at the doors."""

import pytest

from renvand import units
from renvand.errors import FileError


@pytest.mark.parametrize(
    ("unit", "inside", "factor"),
    [
        ("mg/L", "g/m3", 1.0),
        ("μg/L", "mg/l", 1e-3),
        ("ＭＧ／Ｌ", "mg/l", 1.0),
        ("毫克/升", "mg/l", 1.0),
        ("m³/h", "m3/d", 24.0),
        ("万吨/日", "m3/d", 1e4),
        ("lb", "kg", 0.45359237),
    ],
)
def test_spellings_of_one_unit_give_one_factor(unit, inside, factor):
    assert units.factor(unit, to=inside) == pytest.approx(factor, rel=1e-12)


def test_an_unknown_unit_is_named_with_the_nearest_one():
    with pytest.raises(FileError, match=r"'mg/k' is not known\. Did you mean 'mg/l'\?"):
        units.factor("mg/k", to="mg/l")


def test_units_of_two_dimensions_are_not_mixed():
    with pytest.raises(FileError, match="'kg' measures mass, 'm3/d' measures flow"):
        units.factor("kg", to="m3/d")
