"""From daily means to an inflow over the day, with the mass of every day kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from renvand.errors import Fault, FileError
from renvand.plant import Influent
from renvand.process.model import Array, Model

# Waves of 24, 12 and 8 hours through the average weekday of BSM1's dry weather, which begins at
# midnight: cosine and sine of each, relative to the mean (fitted; they leave 7 to 14 %).
# bsm1_2018, confidence medium: a sewer network of one's own has its own day.
Waves = tuple[tuple[float, float], ...]
FLOW: Waves = ((-0.1157, -0.2024), (0.2533, -0.0831), (-0.0755, 0.0255))
DISSOLVED: Waves = ((-0.0677, -0.1402), (0.2640, -0.1025), (-0.1078, 0.0848))
PARTICULATE: Waves = ((-0.0282, -0.2845), (0.2485, 0.1040), (-0.0607, -0.0451))
NITROGEN: Waves = ((0.0000, -0.0709), (0.2238, -0.0698), (-0.0896, 0.1253))
STEADY: Waves = ()
OF_COMPONENT: Mapping[str, Waves] = {
    "S_S": DISSOLVED,
    "S_NH": NITROGEN,
    "S_ND": NITROGEN,
    **dict.fromkeys(("X_I", "X_S", "X_BH", "X_ND"), PARTICULATE),
}
LATER = 24.0  # h: shifts are given within one day


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """How flow and concentrations go over the day."""

    flow: Waves = FLOW
    of_component: Mapping[str, Waves] = field(default_factory=lambda: dict(OF_COMPONENT))
    shift_h: float = 0.0  # later than in BSM1
    depth: float = 1.0  # of all waves; a large network is calmer


def wave(waves: Waves, days: Array, *, shift_h: float = 0.0, depth: float = 1.0) -> Array:
    """Give a day's factor, 1 in the mean and never below 0.

    Parameters
    ----------
    waves : sequence of (cosine, sine)
        Of one, two, three … periods a day.
    days : array (moment,)
        [d]
    shift_h : float
        How much later. [h]
    depth : float
        Factor on the waves.

    Returns
    -------
    array (moment,)
    """
    angle = 2.0 * np.pi * (days - shift_h / LATER)
    made = np.ones_like(days)
    for k, (cosine, sine) in enumerate(waves, start=1):
        made += depth * (cosine * np.cos(k * angle) + sine * np.sin(k * angle))
    return np.maximum(made, 0.0)


def dynamic(
    flow: Array,
    components: Mapping[str, Array],
    model: Model,
    *,
    temperature: Array,
    step_min: float = 15.0,
    pattern: Pattern | None = None,
) -> Influent:
    """Spread daily means over the day.

    Means run from noon to noon in straight lines, times the pattern; then every day is scaled so
    that its water and the mass of each component are exactly those given.

    Parameters
    ----------
    flow : array (day,)
        Daily means. [m³/d]
    components : mapping of str to array (day,)
        Flow-weighted daily means. [g/m³]
    model : Model
        Whose components they are; those not given are 0.
    temperature : array (day,)
        [°C]
    step_min : float
        Between two rows; must divide a day. [min]
    pattern : Pattern, optional
        BSM1's weekday when left out.

    Returns
    -------
    Influent
        To be read with 'hold'.

    Raises
    ------
    FileError
        When a series has another length, a gap, or is below 0; or a step does not divide a day.
    """
    faults = _faults(flow, components, model, temperature, step_min)
    if faults:
        raise FileError(faults)
    pattern = Pattern() if pattern is None else pattern
    each = round(1440.0 / step_min)
    times = np.arange(len(flow) * each) / each
    middle = times + 0.5 / each
    noon = np.arange(len(flow)) + 0.5
    how = {"shift_h": pattern.shift_h, "depth": pattern.depth}
    run = np.interp(middle, noon, flow) * wave(pattern.flow, middle, **how)
    Q = _scaled(run, np.ones_like(run), flow, each)
    rows = np.zeros((len(times), len(model.components) + 2))
    for i, component in enumerate(model.components):
        if component in components:
            waves = pattern.of_component.get(component, STEADY)
            shape = np.interp(middle, noon, components[component]) * wave(waves, middle, **how)
            rows[:, i] = _scaled(shape, Q, components[component] * flow, each)
    rows[:, -2] = np.interp(middle, noon, temperature)
    rows[:, -1] = Q
    return Influent(times=times, rows=rows, columns=(*model.components, "T", "Q"))


def _scaled(shape: Array, weight: Array, wanted: Array, each: int) -> Array:
    """Scale every day so that the mean of shape times weight is what is wanted."""
    carried = (shape * weight).reshape(-1, each).mean(axis=1)
    flat = np.repeat(weight.reshape(-1, each).mean(axis=1), each)
    factor = np.divide(wanted, carried, out=np.zeros_like(carried), where=carried > 0)
    level = np.divide(np.repeat(wanted, each), flat, out=np.zeros_like(flat), where=flat > 0)
    return np.where(np.repeat(carried > 0, each), shape * np.repeat(factor, each), level)


def _faults(
    flow: Array,
    components: Mapping[str, Array],
    model: Model,
    temperature: Array,
    step_min: float,
) -> list[Fault]:
    faults: list[Fault] = []
    for component in components:
        if component not in model.components:
            what = f"'{component}' is no component of '{model.page.name}'."
            faults.append(
                Fault(where="daily means", what=what, do="Characterise the inflow first.")
            )
    for name, values in {"Q": flow, "T": temperature, **components}.items():
        if len(values) != len(flow):
            what = f"has {len(values)} days, the flow has {len(flow)}."
            faults.append(Fault(where=f"daily means, {name}", what=what, do="Give every day."))
        elif not np.isfinite(values).all() or (name != "T" and values.min() < 0):
            what = "has gaps or is below 0."
            faults.append(Fault(where=f"daily means, {name}", what=what, do="Fill or mend it."))
    if len(flow) == 0:
        faults.append(Fault(where="daily means", what="has no days.", do="Add at least one."))
    if not 0 < step_min <= 720 or abs(1440.0 / step_min - round(1440.0 / step_min)) > 1e-9:
        what = f"is {step_min:g} min, which does not divide a day."
        faults.append(Fault(where="step_min", what=what, do="Take 15."))
    return faults
