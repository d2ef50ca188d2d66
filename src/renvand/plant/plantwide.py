"""The steady state of a plant with its sludge line: clarifier, thickener, digester, dewatering.

The water line is a plant like any other and is solved whole; what the sludge line sends back is
found by repeating both until nothing changes. At rest this gives what one system of all equations
gives. It is no dynamic simulation.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from renvand.errors import Fault, PlantError, SolveError
from renvand.plant.influent import Influent
from renvand.plant.result import State
from renvand.process.digester import Digester
from renvand.process.interfaces import to_digester, to_sludge
from renvand.process.model import Array
from renvand.process.separation import Stream, clarify, mix, thicken

if TYPE_CHECKING:
    from renvand.plant.plant import Plant

MOST_ROUNDS = 60
CLOSED = 1e-9  # largest change of what is sent back, in one round, relative to itself
SMALL = 1e-3  # g/m³ below which it no longer counts as relative
DAYS_MORE = 1.0  # d of simulation before Newton's method, from the second round on
LONG_STEP = 1e3  # d of pseudo-time, likewise: the state is nearly right
NEUTRAL = 7.0  # pH that the first round assumes in the digester, lund_matlab
ASM1 = ("S_I", "S_S", "X_I", "X_S", "X_BH", "X_BA", "X_P", "S_O", "S_NO", "S_N2", "S_NH", "S_ND",
        "X_ND", "S_ALK")  # fmt: skip


@dataclass(frozen=True, kw_only=True, eq=False)
class _Round:
    """One turn through the plant."""

    back: Stream  # to the primary clarifier
    water: State
    held: Array  # of the digester
    streams: Mapping[str, Stream]
    further: Mapping[str, Mapping[str, float]] = field(default_factory=dict[str, dict[str, float]])


def steady(plant: Plant, influent: Influent, *, start: State | None = None) -> State:
    """Find the steady state of water and sludge line under a constant influent.

    Parameters
    ----------
    plant : Plant
        With a sludge line.
    influent : Influent
        What comes; its flow-weighted mean is used.
    start : State, optional
        Where the water line begins.

    Returns
    -------
    State
        Of the water line; its values also name the streams of the sludge line and the digester.

    Raises
    ------
    PlantError
        When the model is not ASM1, or the sludge cannot be digested.
    SolveError
        When what is sent back does not come to rest.
    """
    if set(plant.model.components) != set(ASM1):
        fault = Fault(
            where=f"plant '{plant.name}', sludge",
            what=f"'{plant.model.page.name}' has no interface to a digester.",
            do="Choose model = 'asm1'.",
        )
        raise PlantError(fault)
    begun = time.perf_counter()
    line = _Line(plant)
    raw = _stream(influent.mean.rows[0])
    now = line.turn(raw, _nothing(raw), water=start, held=line.digester.start, is_first=True)
    gap = np.inf
    for _ in range(MOST_ROUNDS):
        new = line.turn(raw, now.back, water=now.water, held=now.held)
        gap = _gap(now.back, new.back)
        now = new
        if gap < CLOSED:
            further = line.named(now, raw)
            seconds = time.perf_counter() - begun
            return replace(now.water, further=further, gap=gap, seconds=seconds)
    what = f"what the sludge line sends back still changes by {gap:.2g} of its size a round."
    do = "Check the digester's volume and the sludge that is wasted."
    raise SolveError(Fault(where=f"plant '{plant.name}'", what=what, do=do))


class _Line:
    """The sludge line of one plant."""

    def __init__(self, plant: Plant) -> None:
        self.plant, self.units = plant, plant.drawing.sludge
        size = self.units["digester"]
        self.digester = Digester(volume=size.volume, headspace=size.headspace)
        self.contents = {name: plant.model.values[name] for name in ("i_XB", "i_XP")}
        self.weights = plant.model.observables["TSS"]
        self.is_particle = np.array([c.is_particulate for c in plant.model.page.components])

    def turn(
        self, raw: Stream, back: Stream, *, water: State | None, held: Array, is_first: bool = False
    ) -> _Round:
        """Go once through water and sludge line."""
        from renvand.plant.steady import DAYS_FIRST, FIRST_STEP
        from renvand.plant.steady import steady as rest

        feed = mix(raw, back)
        primary, raw_sludge = clarify(feed, self.units["primary"], is_particle=self.is_particle)
        row = np.array([[*primary.C, primary.T, primary.Q]])
        columns = (*self.plant.model.components, "T", "Q")
        comes = Influent(times=np.zeros(1), rows=row, columns=columns)
        days, step = (DAYS_FIRST, FIRST_STEP) if is_first else (DAYS_MORE, LONG_STEP)
        state = rest(self.plant, comes, start=water, days=days, first_step=step)
        waste = self._outlet(state, "waste")
        thin, thick = self._thicken(waste, "thickener")
        sludge = mix(raw_sludge, thick)
        pH = NEUTRAL if is_first else self.digester.ions(held).pH
        held = self._digest(sludge, held, pH=pH)
        digested = self._leaves(sludge, held)
        reject, cake = self._thicken(digested, "dewatering")
        streams = {
            "primary": primary, "primary.sludge": raw_sludge, "thickener": thin,
            "thickener.sludge": thick, "to_digester": sludge, "digested": digested,
            "dewatering": reject, "dewatering.sludge": cake,
        }  # fmt: skip
        return _Round(back=mix(thin, reject), water=state, held=held, streams=streams)

    def _thicken(self, comes: Stream, unit: str) -> tuple[Stream, Stream]:
        return thicken(comes, self.units[unit], weights=self.weights, is_particle=self.is_particle)

    def _outlet(self, state: State, name: str) -> Stream:
        found = state.values[name]
        C = np.array([found[component] for component in self.plant.model.components])
        return Stream(C=C, T=found["T"], Q=found["Q"])

    def _digest(self, sludge: Stream, held: Array, *, pH: float) -> Array:
        asm = dict(zip(self.plant.model.components, map(float, sludge.C), strict=True))
        adm = to_digester(asm, self.digester, pH=pH, contents=self.contents)
        feed = np.array([adm[name] for name in self.digester.components])
        return self.digester.steady(feed, flow=sludge.Q, start=held)

    def _leaves(self, sludge: Stream, held: Array) -> Stream:
        """What leaves the digester; as warm as it came, as the benchmark has it."""
        pH = self.digester.ions(held).pH
        asm = to_sludge(self.digester.named(held), self.digester, pH=pH, contents=self.contents)
        C = np.array([asm[name] for name in self.plant.model.components])
        return Stream(C=C, T=sludge.T, Q=sludge.Q)

    def named(self, found: _Round, raw: Stream) -> dict[str, dict[str, float]]:
        """Give place → quantity → value of everything beside the water line."""
        components = self.plant.model.components
        named = {
            place: {
                **dict(zip(components, map(float, s.C), strict=True)),
                "T": s.T,
                "TSS": float(self.weights @ s.C),
                "Q": s.Q,
            }
            for place, s in ({"influent": raw} | dict(found.streams)).items()
        }
        gas, ions = self.digester.gas(found.held), self.digester.ions(found.held)
        named["digester"] = {**self.digester.named(found.held), "pH": ions.pH, "S_H": ions.S_H}
        named["gas"] = {
            "p_H2": float(gas.p[0]), "p_CH4": float(gas.p[1]), "p_CO2": float(gas.p[2]),
            "P": gas.pressure, "Q": gas.flow, "CH4_kg_d": gas.methane,
            "H2_kg_d": gas.hydrogen, "CO2_kg_d": gas.carbon_dioxide,
        }  # fmt: skip
        return named


def _stream(row: Array) -> Stream:
    return Stream(C=row[:-2], T=float(row[-2]), Q=float(row[-1]))


def _nothing(like: Stream) -> Stream:
    return Stream(C=like.C, T=like.T, Q=0.0)


def _gap(one: Stream, other: Stream) -> float:
    change = np.abs(other.C - one.C) / (np.abs(other.C) + SMALL)
    return max(float(change.max()), abs(other.Q - one.Q) / max(other.Q, SMALL))
