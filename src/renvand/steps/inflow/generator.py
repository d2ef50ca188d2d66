"""An inflow made up from its causes: households, industry, infiltration, rain, sewers, seasons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np

from renvand.errors import Fault, FileError
from renvand.plant import Influent
from renvand.process.model import Array, Model
from renvand.steps.inflow.daily import DISSOLVED, FLOW, NITROGEN, PARTICULATE, Waves, wave

YEAR = 364.0  # d, 52 weeks, so that a year begins on a Monday: gernaey2011
LITRES = 1000.0  # L/m³
GRAMS_PER_KG = 1000.0
# Shares of particulate COD (X_I, X_S, X_BH) and of organic nitrogen (S_ND) in the raw sewage of
# BSM2's year, which the generator of gernaey2011 made (bsm2_2014)
X_I_SHARE, X_BH_SHARE = 0.182, 0.100
S_ND_SHARE = 0.261


@dataclass(frozen=True, kw_only=True)
class Catchment:
    """Who and what sends water to a plant.

    Values of gernaey2011 for a catchment of 80,000 people, taken from programs that use its model;
    the article was not read, confidence medium. Those marked low were chosen by us so that flow
    and loads of BSM2's year come out.
    """

    people: float = 80_000.0
    water_l: float = 150.0  # L per person and day
    weekend: float = 0.88  # of a weekday's household flow and load; low
    cod_dissolved_g: float = 19.31  # g per person and day
    cod_particulate_g: float = 115.08
    ammonium_g: float = 5.8565
    kjeldahl_g: float = 12.104  # but what inert particles and biomass hold
    inert_share: float = 0.325  # S_I of dissolved COD; low
    industry_m3_d: float = 2_500.0  # on a working day; low
    industry_cod_kg: float = 2_500.0  # per working day; low
    industry_dissolved: float = 0.16  # share of that; low
    industry_nitrogen_kg: float = 30.0  # low
    industry_friday: float = 0.8  # of a working day; low
    industry_weekend: float = 0.2  # low
    infiltration_m3_d: float = 5_400.0  # mean of the year; low
    infiltration_swing_m3_d: float = 1_200.0  # half the difference of wettest and driest season
    wettest_day: float = 60.0  # of the year; low
    rain_mm_a: float = 550.0  # low
    wet_days: float = 0.35  # share of days with rain; low
    storm_shape: float = 0.6  # of the gamma distribution of a wet day's rain; low
    rain_m3_mm: float = 1_500.0  # that reaches sewer or soil per millimetre
    sealed: float = 0.75  # share that runs off at once
    soil_d: float = 12.0  # in which the rest seeps to the sewer; low
    sewer_tanks: float = 4.0  # in a row; low
    sewer_h: float = 2.5  # mean time in the sewer; low
    sewer_m3_d: float = 77_000.0  # more overflows: the largest flow of BSM2's year, bsm2_2014
    flush_g_m3: float = 500.0  # most that a storm stirs up, per m³ of water
    flush_flow: float = 3.4  # of the dry-weather flow at which deposits move; 70,000 m³/d
    deposit_d: float = 20.0  # in which deposits reach their most; low
    deposited: float = 0.02  # share of particles that settle in dry weather; low
    temperature: float = 15.0  # °C, mean of the year
    temperature_swing: float = 5.0  # °C, half of summer less winter
    temperature_day: float = 0.5  # °C, half of the day's difference
    coldest_day: float = 35.0  # of the year; low
    noise: float = 0.05  # relative, of flows and loads; low
    depth: float = 1.9  # of the day's waves: sewers and infiltration flatten them; low


def generate(
    catchment: Catchment,
    model: Model,
    *,
    days: int,
    seed: int,
    step_min: float = 15.0,
    first_day: float = 0.0,
) -> Influent:
    """Make up an inflow.

    Not for the design of sewers: their storage, pumps and overflows are three numbers here.

    Parameters
    ----------
    catchment : Catchment
        Who and what.
    model : Model
        asm1, or one with the same components.
    days : int
        How long.
    seed : int
        Of rain and noise; the same seed gives the same inflow.
    step_min : float
        Between two rows. [min]
    first_day : float
        Of the year; day 0 is a Monday. [d]

    Returns
    -------
    Influent
        To be read with 'hold'.

    Raises
    ------
    FileError
        When a number of the catchment is below 0, or a share above 1.

    References
    ----------
    gernaey2011
    """
    _check(catchment, days=days, step_min=step_min)
    rng = np.random.default_rng(seed)
    each = round(1440.0 / step_min)
    t = first_day + np.arange(days * each) / each
    rain = _rain(catchment, rng, days=days, each=each)
    sources = [
        _households(catchment, t, rng),
        _industry(catchment, t, rng),
        _groundwater(catchment, t, rain, each=each),
        {"Q": rain * catchment.rain_m3_mm * catchment.sealed},
    ]
    names = ("Q", "S_I", "S_S", "X", "S_NH", "N_org")
    sent = {n: sum((s.get(n, np.zeros_like(t)) for s in sources), np.zeros_like(t)) for n in names}
    carried = _sewer(catchment, sent, each=each)
    carried["X"] = _flushed(catchment, carried["Q"], carried["X"], each=each)
    return _influent(catchment, carried, model, t=t, start=first_day)


def _check(catchment: Catchment, *, days: int, step_min: float) -> None:
    faults = [
        Fault(where=f"catchment, {f.name}", what=f"is {value:g}.", do="Give 0 or more.")
        for f in fields(catchment)
        if not (value := getattr(catchment, f.name)) >= 0
    ]
    for name in ("sealed", "wet_days", "deposited", "inert_share", "industry_dissolved"):
        value = getattr(catchment, name)
        if value > 1:
            what = f"is {value:g}."
            faults.append(Fault(where=f"catchment, {name}", what=what, do="Give 0 to 1."))
    for name in ("sewer_tanks", "sewer_h", "sewer_m3_d", "soil_d", "deposit_d", "storm_shape"):
        if getattr(catchment, name) == 0:
            where = f"catchment, {name}"
            faults.append(Fault(where=where, what="is 0.", do="Give more than 0."))
    if catchment.people + catchment.industry_m3_d + catchment.infiltration_m3_d == 0:
        faults.append(Fault(where="catchment", what="sends no water.", do="Give people."))
    if days < 1:
        faults.append(Fault(where="days", what=f"is {days}.", do="Give 1 or more."))
    if not 1 <= step_min <= 60 or 1440.0 % step_min:
        what = f"is {step_min:g} min, which does not divide a day."
        faults.append(Fault(where="step_min", what=what, do="Take 15."))
    if faults:
        raise FileError(faults)


def _noisy(c: Catchment, rng: np.random.Generator, size: int) -> Array:
    """Give noise around 1 that remembers some hours: no inflow jumps every quarter of an hour."""
    memory = 0.9
    from scipy.signal import lfilter

    fresh = rng.standard_normal(size) * np.sqrt(1.0 - memory**2)
    return np.maximum(1.0 + c.noise * np.asarray(lfilter([1.0], [1.0, -memory], fresh)), 0.0)


def _households(c: Catchment, t: Array, rng: np.random.Generator) -> dict[str, Array]:
    """Give flow [m³/d] and loads [g/d] of people; loads follow flow and strength of the day."""
    week = np.where(np.floor(t) % 7 < 5, 1.0, c.weekend)

    def over(waves: Waves) -> Array:
        strength = wave(FLOW, t, depth=c.depth) * wave(waves, t, depth=c.depth)
        return week * strength / _mean_of(waves, c.depth) * _noisy(c, rng, len(t))

    flow = c.people * c.water_l / LITRES * over(())
    nitrogen, organic = over(NITROGEN), c.kjeldahl_g - c.ammonium_g
    dissolved = c.people * c.cod_dissolved_g * over(DISSOLVED)
    return {
        "Q": flow,
        "S_I": c.inert_share * dissolved,
        "S_S": (1.0 - c.inert_share) * dissolved,
        "X": c.people * c.cod_particulate_g * over(PARTICULATE),
        "S_NH": c.people * c.ammonium_g * nitrogen,
        "N_org": c.people * organic * nitrogen,
    }


def _mean_of(waves: Waves, depth: float) -> float:
    day = np.arange(96) / 96
    return float((wave(FLOW, day, depth=depth) * wave(waves, day, depth=depth)).mean())


def _industry(c: Catchment, t: Array, rng: np.random.Generator) -> dict[str, Array]:
    """Works from six to twenty-two o'clock, less on Fridays and at the weekend."""
    day = np.floor(t) % 7
    week = np.where(day < 4, 1.0, np.where(day < 5, c.industry_friday, c.industry_weekend))
    hour = 24.0 * (t % 1.0)
    shift = np.where((hour >= 6) & (hour < 22), 24.0 / 16.0, 0.0)
    work = week * shift * _noisy(c, rng, len(t))
    cod, nitrogen = (GRAMS_PER_KG * x for x in (c.industry_cod_kg, c.industry_nitrogen_kg))
    return {
        "Q": c.industry_m3_d * work,
        "S_I": c.inert_share * c.industry_dissolved * cod * work,
        "S_S": (1.0 - c.inert_share) * c.industry_dissolved * cod * work,
        "X": (1.0 - c.industry_dissolved) * cod * work,
        "S_NH": 0.5 * nitrogen * work,
        "N_org": 0.5 * nitrogen * work,
    }


def _rain(c: Catchment, rng: np.random.Generator, *, days: int, each: int) -> Array:
    """Give rain in every step. [mm/d]"""
    is_wet = rng.random(days) < c.wet_days
    usual = c.rain_mm_a / YEAR / c.wet_days if c.wet_days > 0 else 0.0
    depth = np.where(is_wet, rng.gamma(c.storm_shape, usual / c.storm_shape, days), 0.0)
    begin = rng.integers(0, each, days)
    length = np.maximum(1, np.round(each * rng.uniform(1 / 12, 1 / 2, days)).astype(int))
    rain = np.zeros((days + 1) * each)
    for day in np.flatnonzero(depth > 0):
        first = day * each + begin[day]
        last = min(first + length[day], len(rain))
        rain[first:last] += depth[day] * each / (last - first)
    return rain[: days * each]


def _groundwater(c: Catchment, t: Array, rain: Array, *, each: int) -> dict[str, Array]:
    """Seeps into the sewer: a season, and what rain has left in the soil."""
    from scipy.signal import lfilter

    keep = np.exp(-1.0 / (each * c.soil_d))
    soil = rain * c.rain_m3_mm * (1.0 - c.sealed)
    season = np.cos(2.0 * np.pi * (t - c.wettest_day) / YEAR)
    base = c.infiltration_m3_d + c.infiltration_swing_m3_d * season
    return {"Q": np.maximum(base, 0.0) + np.asarray(lfilter([1.0 - keep], [1.0, -keep], soil))}


def _sewer(c: Catchment, sent: dict[str, Array], *, each: int) -> dict[str, Array]:
    """Let water and loads run through equal tanks in a row; what is too much overflows."""
    from scipy.signal import lfilter

    n = max(1, round(c.sewer_tanks))
    keep = np.exp(-24.0 * n / (each * c.sewer_h))

    def through(values: Array) -> Array:
        for _ in range(n):
            begun = [keep * values[:each].mean()]  # as if the day before had been the same
            values = np.asarray(lfilter([1.0 - keep], [1.0, -keep], values, zi=begun)[0])
        return values

    run = {name: through(values) for name, values in sent.items()}
    stays = np.minimum(1.0, c.sewer_m3_d / run["Q"])
    return {name: stays * values for name, values in run.items()}


def _flushed(c: Catchment, flow: Array, load: Array, *, each: int) -> Array:
    """Let particles settle in dry weather and come again with a storm; what settles is limited."""
    dry = np.median(flow)
    power = 15  # how sharply deposits begin to move, gernaey2011
    ratio = flow / (c.flush_flow * dry)
    moves = ratio**power / (1.0 + ratio**power)
    most = c.deposited * load.mean() * c.deposit_d
    held, out = 0.5 * most, np.empty_like(load)
    for i in range(len(load)):
        settles = c.deposited * load[i] * (1.0 - held / most) if most > 0 else 0.0
        stirred = min(moves[i] * c.flush_g_m3 * flow[i], held * each)
        held += (settles - stirred) / each
        out[i] = load[i] - settles + stirred
    return out


def _influent(
    c: Catchment, carried: dict[str, Array], model: Model, *, t: Array, start: float
) -> Influent:
    flow = carried["Q"]
    per: Callable[[str], Array] = lambda name: carried[name] / flow  # noqa: E731
    X = per("X")
    found = {
        "S_I": per("S_I"),
        "S_S": per("S_S"),
        "X_I": X_I_SHARE * X,
        "X_BH": X_BH_SHARE * X,
        "X_S": (1.0 - X_I_SHARE - X_BH_SHARE) * X,
        "S_NH": per("S_NH"),
    }
    organic = per("N_org")
    found |= {"S_ND": S_ND_SHARE * organic, "X_ND": (1.0 - S_ND_SHARE) * organic}
    found["S_ALK"] = np.full_like(flow, 7.0)  # mol/m³, bsm1_2018
    warm = c.temperature - c.temperature_swing * np.cos(2.0 * np.pi * (t - c.coldest_day) / YEAR)
    warm = warm - c.temperature_day * np.cos(2.0 * np.pi * (t % 1.0 - 0.125))
    empty = np.zeros_like(flow)
    rows = np.stack([*(found.get(name, empty) for name in model.components), warm, flow], axis=1)
    return Influent(times=t - start, rows=rows, columns=(*model.components, "T", "Q"))
