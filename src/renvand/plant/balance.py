"""Mass balances of COD, nitrogen and phosphorus around every unit and the plant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from renvand.plant.digesting import digester_of
from renvand.plant.drawing import INFLUENT
from renvand.plant.layout import Record
from renvand.plant.result import Result, State, source_series, tank_series, volume_series
from renvand.process.digester import GASES, Digester
from renvand.process.interfaces import N_WEIGHT, adm_nitrogen, cod_of
from renvand.process.model import Array

if TYPE_CHECKING:
    from renvand.plant.plant import Plant

LEDGER = ("COD", "N", "P")  # balances that are reported, of those the page conserves
PLANT = "plant"  # what all units together are called
GRAMS = 1000.0  # g/kg
WARMER = 1.024  # aeration more per °C, lund_matlab
COD_OF_METHANE, COD_OF_HYDROGEN = 64 / 16, 16 / 2  # g/g


def balance(result: Result) -> dict[str, float]:
    """Close the balances of the whole run around the water line.

    Returns
    -------
    dict
        For COD, N (and P): what is missing, as share of what the influent brought. Transport and
        reactions close to rounding; a layered settler adds what its feed's composition changed
        meanwhile, see :func:`held`.
    """
    plant = result.plant
    gap = stored(result.state) - stored(result.before) - result.net[:-1]
    weights, rows = ledger(plant), result.course.rows
    sizes = np.abs([*weights.values()]).reshape(len(weights), -1)
    comes = result.course.at(np.column_stack([rows[:, :-2] @ sizes.T, rows[:, -1]]))[:-1]
    brought = (np.diff(result.times) * comes[:, -1]) @ comes[:, :-1]
    found: dict[str, float] = {}
    for (quantity, weight), size in zip(weights.items(), brought, strict=True):
        found[quantity] = float(weight @ gap / size) if size > 0 else float("nan")
    return found


def ledger(plant: Plant) -> dict[str, Array]:
    """Give what each component holds of COD, N, P, as far as the page conserves them."""
    rows = zip(plant.model.page.conserves, plant.model.composition, strict=True)
    return {quantity: weights for quantity, weights in rows if quantity in LEDGER}


def balances(result: Result) -> dict[str, dict[str, dict[str, float]]]:
    """Balance every unit and the plant over the whole run.

    What crosses a unit's border is summed up from the records, so a unit closes as well as they
    show what happened between them: with ``output_min`` of 15 to about 1e-3, shorter ones do
    better. The plant's own closure is kept by the solver, see :func:`balance`; a digester adds its
    part.

    Returns
    -------
    dict
        Unit, and 'plant', to quantity ('COD', 'N', 'P') to in, out, air (what aeration brings less
        what goes to the air; oxygen is negative COD), stored [kg/d] and closure: what is missing,
        as share of what came in.
    """
    plant, days = result.plant, float(result.times[-1] - result.times[0])
    weights = ledger(plant)
    W = np.array([*weights.values()]).reshape(len(weights), -1)
    carried = _carried(result, W)
    before, after = result.before.held, result.state.held
    found: dict[str, dict[str, dict[str, float]]] = {}
    for unit in (*plant.plan.tanks, *plant.plan.settlers):
        comes, goes = _through(plant, carried, unit)
        air = _aired(result, unit) @ W.T if unit in plant.plan.tanks else 0.0 * comes
        found[unit] = _rows(weights, comes, goes, air=air, stored=W @ (after[unit] - before[unit]))
    for unit in plant.drawing.digesters:
        comes, goes = _through(plant, carried, unit)
        found[unit] = _rows(weights, comes, goes, **_digested(result, carried, unit))
    found[PLANT] = _whole(result, carried, found, weights)
    for unit in found.values():
        for row in unit.values():
            for name in ("in", "out", "air", "stored"):
                row[name] /= GRAMS * days
    return found


def _rows(
    weights: dict[str, Array], comes: Array, goes: Array, *, air: Array, stored: Array
) -> dict[str, dict[str, float]]:
    """Give one unit's rows. [g]"""
    found: dict[str, dict[str, float]] = {}
    for quantity, *row in zip(weights, comes, goes, air, stored, strict=True):
        into, out, aired, kept = map(float, row)
        closure = (into + aired - out - kept) / abs(into) if into else float("nan")
        found[quantity] = {
            "in": into, "out": out, "air": aired, "stored": kept, "closure": closure,
        }  # fmt: skip
    return found


def _whole(
    result: Result,
    carried: Array,
    units: dict[str, dict[str, dict[str, float]]],
    weights: dict[str, Array],
) -> dict[str, dict[str, float]]:
    """Give the plant's rows: borders from the records, closure from the solver's own meter."""
    drawing = result.plant.drawing
    comes = np.zeros(len(weights))
    goes = np.zeros(len(weights))
    for pipe, amount in zip(drawing.pipes, carried, strict=True):
        comes += amount if pipe.source == INFLUENT or pipe.source in drawing.doses else 0.0
        goes += amount if pipe.target in drawing.outlets else 0.0
    sums = {
        name: np.array([sum(unit[q][name] for unit in units.values()) for q in weights])
        for name in ("air", "stored")
    }
    found = _rows(weights, comes, goes, **sums)
    kept = balance(result)
    for quantity, row in found.items():
        digested = sum(
            units[name][quantity]["closure"] * units[name][quantity]["in"]
            for name in drawing.digesters
        )
        row["closure"] = digested / abs(row["in"]) - kept[quantity] if row["in"] else float("nan")
    return found


def _through(plant: Plant, carried: Array, unit: str) -> tuple[Array, Array]:
    """Sum what comes to a unit and what leaves it, arrays (quantity,). [g]"""
    pipes = plant.drawing.pipes
    comes = [a for pipe, a in zip(pipes, carried, strict=True) if pipe.target == unit]
    goes = [a for pipe, a in zip(pipes, carried, strict=True) if pipe.source == unit]
    return np.sum(comes, axis=0), np.sum(goes, axis=0)


def _carried(result: Result, W: Array) -> Array:
    """Sum up what each pipe carries over the run, array (pipe, quantity). [g]"""
    plant, record = result.plant, result.record
    found = np.zeros((len(plant.drawing.pipes), len(W)))
    for i, pipe in enumerate(plant.drawing.pipes):
        rows = source_series(plant, record, pipe.source, pipe.outlet)
        steps = pipe.source == INFLUENT and result.course.interpolate == "hold"
        flow = record[:, plant.plan.n_active + i].astype(float)
        found[i] = _sum(result, flow, rows[:, :-1] @ W.T, steps=steps)
    return found


def _sum(result: Result, flow: Array, content: Array, *, steps: bool) -> Array:
    """Integrate flow times content: both in straight lines, or flow (and content) in steps."""
    length = np.diff(result.times)[:, None]
    q0, q1 = flow[:-1, None], flow[1:, None]
    c0, c1 = content[:-1], content[1:]
    if result.course.interpolate == "linear":
        return (length * (q0 * (2 * c0 + c1) + q1 * (c0 + 2 * c1)) / 6.0).sum(axis=0)
    return (length * q0 * (c0 if steps else 0.5 * (c0 + c1))).sum(axis=0)


def _aired(result: Result, tank: str) -> Array:
    """Sum up what aeration gives a tank of each component over the run, array (component,). [g]"""
    plant, record, model = result.plant, result.record, result.plant.model
    drawn = plant.drawing.tanks[tank]
    held = tank_series(plant, record, tank)
    kla = record[:, plant.plan.columns.index((tank, "kla"))].astype(float)
    kept = np.full(len(record), drawn.saturation)
    if drawn.follows_temperature:
        warm = 0.01 * (held[:, -1] + 273.15)
        share = 0.9997743214 * 56.12 * 6791.5 / 10.5  # lund_matlab, as the kernels have it
        kept *= share * np.exp(-66.7354 + 87.4755 / warm + 24.4526 * np.log(warm))
        kla = kla * WARMER ** (held[:, -1] - 15.0)
    volume = volume_series(plant, record)[:, plant.plan.tanks.index(tank)]
    gaps = np.zeros((len(record), len(model.components)))
    for r, name in enumerate(model.components):
        if name == model.page.oxygen:
            gaps[:, r] = kept - held[:, r]
        elif model.gas_speed[r] > 0:
            gaps[:, r] = model.gas_speed[r] * (model.gas_saturation[r] - held[:, r])
    return _sum(result, kla, volume[:, None] * gaps, steps=False)


def _digested(result: Result, carried: Array, unit: str) -> dict[str, Array]:
    """Give what a digester's gas takes along and what it has stored, arrays (quantity,). [g]

    Nitrate comes to N2 before it enters and escapes as such; dissolved hydrogen and methane escape
    where the sludge leaves.
    """
    plant, weights, length = result.plant, ledger(result.plant), np.diff(result.times)
    digester = next(one for one in (digester_of(plant.drawing),) if one is not None)
    at = {column: i for i, column in enumerate(plant.plan.columns)}
    names = (*digester.components, *(f"gas {gas}" for gas in GASES))
    inside = result.record[:, [at[f"{unit}, inside", name] for name in names]].astype(float)
    gas = digester.gas(inside)
    blown = GRAMS * (COD_OF_METHANE * gas.methane + COD_OF_HYDROGEN * gas.hydrogen)
    wet = GRAMS * inside[:, [names.index("S_h2"), names.index("S_ch4")]].sum(axis=1)
    pipes = enumerate(plant.drawing.pipes)
    leaves = [plant.plan.n_active + i for i, pipe in pipes if pipe.source == unit]
    wet *= result.record[:, leaves].sum(axis=1)
    gone = float(length @ (0.5 * (blown[1:] + blown[:-1] + wet[1:] + wet[:-1])))
    free = np.isin(plant.model.components, ("S_NO", "S_N2")).astype(float)
    escapes, _ = _through(plant, _carried(result, free[None, :]), unit)
    n2 = float(weights["COD"][plant.model.components.index("S_N2")])
    air = {"COD": -gone - n2 * float(escapes[0]), "N": -float(escapes[0])}
    ends = [_digesting(digester, dict(zip(names, row, strict=True))) for row in inside[[0, -1]]]
    return {
        "air": np.array([air.get(quantity, 0.0) for quantity in weights]),
        "stored": np.array([ends[1].get(q, 0.0) - ends[0].get(q, 0.0) for q in weights]),
    }


def _digesting(digester: Digester, inside: dict[str, float]) -> dict[str, float]:
    """What a digester holds of COD and nitrogen, with its headspace. [g]"""
    grams = {name: GRAMS * float(value) for name, value in inside.items()}
    nitrogen = adm_nitrogen(
        {name: grams[name] for name in digester.components} | {"S_IN": N_WEIGHT * grams["S_IN"]},
        digester,
    )
    gases = digester.headspace * (grams["gas S_h2"] + grams["gas S_ch4"])
    cod = cod_of(grams) + grams["S_h2"] + grams["S_ch4"]
    return {"COD": digester.volume * cod + gases, "N": digester.volume * nitrogen}


def stored(state: State) -> Array:
    """What all tanks and settlers hold of every component, array (component,). [g]"""
    return np.sum([*state.held.values()], axis=0)


def held(state: State) -> dict[str, Array]:
    """What each tank and settler holds of every component, arrays (component,). [g]

    A layered settler knows only how much solids it holds: their composition is taken as that of
    its feed, the assumption with which solids leave it (takacs1991).
    """
    plant, row = state.plant, state.record[None, :]
    found = {name: np.zeros(len(plant.model.components)) for name in plant.plan.settlers}
    volumes = volume_series(plant, row)[0]
    for name, volume in zip(plant.plan.tanks, volumes, strict=True):
        found[name] = volume * tank_series(plant, row, name)[0, :-1]
    for name, settler in plant.drawing.settlers.items():
        if settler.kind == "primary":
            found[name] = held_in_primary(plant, row, name)[0]
        elif settler.kind != "ideal":
            found[name] = _held_in_layers(plant, row, name)
    for name, delay in plant.drawing.delays.items():
        first = int(np.searchsorted(plant.plan.active, plant.plan.layers[name]))
        cells = row[0, first : first + delay.cells * len(plant.plan.rows)]
        found[name] = delay.volume * cells.reshape(delay.cells, -1)[:, :-1].mean(axis=0)
    return found


def _held_in_layers(plant: Plant, row: Record, name: str) -> Array:
    settler, feed = plant.drawing.settlers[name], _feed(plant, row, name)
    water, thick = layers_of(plant, row, name)
    strength = float(plant.model.observables["TSS"] @ feed)
    whole = feed * (thick.sum() / strength if strength > 0 else 0.0)
    whole[[not c.is_particulate for c in plant.model.page.components]] = water[0].sum(axis=0)
    return settler.area * settler.height / settler.layers * whole


def layers_of(plant: Plant, record: Record, name: str) -> tuple[Array, Array]:
    """Give a settler's layers: arrays (row, layer, dissolved component), (row, layer) of solids."""
    n = plant.drawing.settlers[name].layers
    across = 1 + sum(not c.is_particulate for c in plant.model.page.components)  # temperature
    first = int(np.searchsorted(plant.plan.active, plant.plan.layers[name]))
    last = first + n * across
    water = record[:, first:last].reshape(len(record), n, across)[:, :, :-1]
    return water.astype(float), record[:, last : last + n].astype(float)


def held_in_primary(plant: Plant, record: Record, name: str) -> Array:
    """What a primary clarifier holds of every component, array (row, component). [g]"""
    first = int(np.searchsorted(plant.plan.active, plant.plan.layers[name]))
    rows = record[:, first : first + len(plant.model.components)]
    return plant.drawing.settlers[name].volume * rows.astype(float)


def _feed(plant: Plant, row: Record, settler: str) -> Array:
    """What flows to a settler at a moment, array (component,)."""
    mass, whole = np.zeros(len(plant.model.components)), 0.0
    for i, pipe in enumerate(plant.drawing.pipes):
        if pipe.target == settler:
            flow = float(row[0, plant.plan.n_active + i])
            mass += flow * source_series(plant, row, pipe.source, pipe.outlet)[0, :-1]
            whole += flow
    return mass / whole if whole > 0 else mass
