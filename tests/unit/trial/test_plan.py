"""The trial plan keeps what it promises."""

import numpy as np
import pytest
from scipy import stats

from renvand.errors import SolveError
from renvand.steps.trial.plan import Noise, design, difference_sd, noise_of, power
from renvand.steps.trial.proof import LINES, LINES_ALIKE, ways

NOISE = Noise(sd=0.03, autocorrelation=0.6)


def autoregressive(rng, noise, days, runs):
    start = rng.standard_normal(runs)
    values = [start]
    for _ in range(days - 1):
        fresh = rng.standard_normal(runs) * np.sqrt(1 - noise.autocorrelation**2)
        values.append(noise.autocorrelation * values[-1] + fresh)
    return noise.sd * np.array(values).T


def found(plan, noise, saving, *, runs, seed):
    """Share of simulated trials in which the paired test finds a difference."""
    rng = np.random.default_rng(seed)
    y = autoregressive(rng, noise, plan.days, runs)
    blocks = y.reshape(runs, plan.pairs, 2, plan.block_days)[..., plan.washout_days :].mean(-1)
    is_first_on = rng.random((runs, plan.pairs)) < 0.5
    sign = np.where(is_first_on, 1.0, -1.0)
    difference = sign * (blocks[..., 0] - blocks[..., 1]) - saving
    return float((stats.ttest_1samp(difference, 0.0, axis=1).pvalue < plan.significance).mean())


@pytest.mark.parametrize(
    ("saving", "noise"), [(0.03, NOISE), (0.02, Noise(sd=0.03, autocorrelation=0.0))]
)
def test_power_and_false_alarms_hold_in_simulated_trials(saving, noise):
    """Within three points over 6,000 trials: the standard error is half a point."""
    plan = design(saving, noise, washout_days=2)
    assert found(plan, noise, saving, runs=6_000, seed=1) == pytest.approx(plan.power, abs=0.03)
    assert found(plan, noise, 0.0, runs=6_000, seed=2) == pytest.approx(0.05, abs=0.03)


def found_by_lines(plan, noise, saving, *, runs, seed, apart):
    """The same with two lines: the lever on at one, then at the other, and the first by lot."""
    rng = np.random.default_rng(seed)
    both, first, second = (autoregressive(rng, noise, plan.days, runs) for _ in range(3))
    share, own = np.sqrt(LINES_ALIKE), np.sqrt(1 - LINES_ALIKE)
    is_first_on = np.where(rng.random((runs, plan.pairs)) < 0.5, 1.0, -1.0)
    turn = np.repeat(np.array([1.0, -1.0]), plan.block_days)  # changed over within each pair
    on = (is_first_on[:, :, None] * turn).reshape(runs, plan.days)
    lines = share * both + own * first + apart, share * both + own * second
    seen = lines[0] - saving * (on > 0), lines[1] - saving * (on < 0)
    half = ((seen[0] - seen[1]) / 2).reshape(runs, plan.pairs, 2, plan.block_days)
    blocks = half[..., plan.washout_days :].mean(-1)
    difference = is_first_on * (blocks[..., 0] - blocks[..., 1])
    return float((stats.ttest_1samp(difference, 0.0, axis=1).pvalue < plan.significance).mean())


@pytest.mark.parametrize(
    ("saving", "noise"), [(0.008, NOISE), (0.006, Noise(sd=0.03, autocorrelation=0.0))]
)
def test_power_and_false_alarms_hold_in_simulated_trials_of_two_lines(saving, noise):
    """Within three points, also where one line always takes more than the other."""
    plan = ways(saving, noise, washout_days=2)[LINES]
    told = {"runs": 6_000, "apart": 0.05}
    assert found_by_lines(plan, noise, saving, seed=1, **told) == pytest.approx(
        plan.power, abs=0.03
    )
    assert found_by_lines(plan, noise, 0.0, seed=2, **told) == pytest.approx(0.05, abs=0.03)


def test_without_autocorrelation_a_pair_scatters_as_two_means():
    noise = Noise(sd=1.0, autocorrelation=0.0)
    sd = difference_sd(noise, block_days=9, washout_days=2)
    assert sd == pytest.approx(np.sqrt(2 / 7), rel=1e-12)


def test_power_of_a_textbook_paired_test():
    """Effect 0.5 sd, 34 pairs, two-sided 5 %: 80.8 %, as the usual power tables give."""
    assert power(0.5, 1.0, pairs=34, significance=0.05) == pytest.approx(0.808, abs=0.001)


def test_noise_is_estimated_from_daily_values():
    series = autoregressive(np.random.default_rng(3), NOISE, 4_000, 1)[0]
    noise = noise_of(series)
    assert noise.sd == pytest.approx(0.03, rel=0.1)
    assert noise.autocorrelation == pytest.approx(0.6, abs=0.05)


def test_a_saving_that_drowns_in_noise_is_said_so():
    with pytest.raises(SolveError, match="drowns in a daily scatter"):
        design(1e-4, NOISE, washout_days=2)
