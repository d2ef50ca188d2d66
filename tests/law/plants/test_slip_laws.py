"""What must hold for any slip."""

from hypothesis import assume, given
from hypothesis import strategies as st

from renvand.steps.plants.slips import ENERGY_RANGE, LOAD_RANGE, mend

load = st.floats(0.3, 1.1)
energy = st.floats(0.16, 0.75)
power = st.integers(-2, 2)


@given(load, energy, power, power)
def test_a_slip_by_powers_of_ten_is_mended_by_no_more_than_it_took(load, energy, volume, kwh):
    """What is proposed brings both ratios into range, in the fewest powers."""
    assume(volume or kwh)
    a, b = mend(load * 10.0**volume, energy * 10.0 ** (kwh - volume))
    assert abs(a) + abs(b) <= abs(volume) + abs(kwh)
    assert LOAD_RANGE[0] <= load * 10.0 ** (volume + a) <= LOAD_RANGE[1]
    assert ENERGY_RANGE[0] <= energy * 10.0 ** (kwh - volume + b - a) <= ENERGY_RANGE[1]


@given(load, energy)
def test_sound_rows_are_left_alone(load, energy):
    """Nothing is proposed where nothing is wrong."""
    assert mend(load, energy) == (0, 0)
