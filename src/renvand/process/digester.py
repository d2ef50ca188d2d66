"""An anaerobic digester: ADM1 in a mixed tank with a headspace, as in BSM2."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from renvand.errors import Fault, PlantError, SolveError
from renvand.process.model import Array, Model, load_model

GASES = ("S_h2", "S_ch4", "S_CO2")  # what leaves the water, in the order of the headspace's states
R = 0.083145  # bar·m³/kmol/K, lund_matlab
ZERO_CELSIUS = 273.15  # K
COD_OF_GAS = np.array([16.0, 64.0, 1.0])  # kgCOD/kmol of H2, CH4; CO2 counts in kmol, rosen2006
ACIDS = {"S_va": 208.0, "S_bu": 160.0, "S_pro": 112.0, "S_ac": 64.0}  # kgCOD/kmol, rosen2006
STILL = 1e-9  # 1/d: largest relative change of a state that counts as steady; rounding leaves 1e-10
SMALL = 1e-9  # kg/m³ below which a state's change no longer counts as relative
MOST_ITERATIONS = 200
FIRST_STEP = 1.0  # d of pseudo-time
# Where a digester begins that has no state of its own: the initial one of BSM2, lund_matlab
BEGIN = {
    "S_su": 0.0124, "S_aa": 0.0055, "S_fa": 0.1074, "S_va": 0.0123, "S_bu": 0.0140,
    "S_pro": 0.0176, "S_ac": 0.0893, "S_h2": 2.5055e-7, "S_ch4": 0.0555, "S_IC": 0.0951,
    "S_IN": 0.0945, "S_I": 0.1309, "X_xc": 0.1079, "X_ch": 0.0205, "X_pr": 0.0842, "X_li": 0.0436,
    "X_su": 0.3122, "X_aa": 0.9317, "X_fa": 0.3384, "X_c4": 0.3258, "X_pro": 0.1011,
    "X_ac": 0.6772, "X_h2": 0.2848, "X_I": 17.2162, "S_cat": 0.0, "S_an": 0.0052,
}  # fmt: skip
BEGIN_GAS = (1.1032e-5, 1.6535, 0.0135)  # kgCOD/m³, kgCOD/m³, kmol/m³, lund_matlab


@dataclass(frozen=True, kw_only=True)
class Ions:
    """What is dissociated at one pH. [kmol/m³]"""

    S_H: float
    S_HCO3: float
    S_CO2: float
    S_NH3: float
    S_NH4: float
    acids: float  # charge of the four acids

    @property
    def pH(self) -> float:
        """The pH."""
        return -float(np.log10(self.S_H))

    @property
    def charge(self) -> float:
        """Of ammonium, bicarbonate and the acids."""
        return self.S_NH4 - self.S_HCO3 - self.acids


@dataclass(frozen=True, kw_only=True)
class Gas:
    """The headspace at one moment."""

    p: Array  # (H2, CH4, CO2) partial pressures [bar]
    pressure: float  # of all with water vapour [bar]
    flow: float  # at the digester's temperature and atmospheric pressure [m³/d]
    temperature: float  # °C
    P_atm: float  # bar

    @property
    def methane(self) -> float:
        """How much methane leaves. [kgCH4/d]"""
        return self._leaves(1, 16.0)

    @property
    def hydrogen(self) -> float:
        """How much hydrogen leaves. [kgH2/d]"""
        return self._leaves(0, 2.0)

    @property
    def carbon_dioxide(self) -> float:
        """How much carbon dioxide leaves. [kgCO2/d]"""
        return self._leaves(2, 44.0)

    def _leaves(self, gas: int, molar: float) -> float:
        share = self.p[gas] / self.pressure
        kmol = self.flow * self.P_atm / (R * (self.temperature + ZERO_CELSIUS))
        return float(share * kmol * molar)


@dataclass(frozen=True, kw_only=True)
class Digester:
    """A mixed tank with a headspace at the temperature of the page, 35 °C.

    A state is an array: ADM1's components but S_H, then H2, CH4 and CO2 of the headspace. The pH
    follows from the charges at every moment. Hydrogen is a state like the others: the solver is
    implicit, so that its speed does no harm, and at rest both ways are the same.

    References
    ----------
    rosen2006
    """

    volume: float = 3400.0  # m³, lund_matlab
    headspace: float = 300.0  # m³, lund_matlab
    kla: float = 200.0  # 1/d, of all gases, lund_matlab
    P_atm: float = 1.013  # bar, lund_matlab
    k_P: float = 5e4  # m³/d/bar, resistance of the gas pipe, lund_matlab
    model: Model = field(default_factory=lambda: load_model("adm1"))

    @cached_property
    def components(self) -> tuple[str, ...]:
        """What the water brings and holds, in the order of the state."""
        return self.model.components[:-1]

    @property
    def start(self) -> Array:
        """Give the state to begin from: that of BSM2."""
        return np.array([*(BEGIN[name] for name in self.components), *BEGIN_GAS])

    def named(self, state: Array) -> dict[str, float]:
        """Give the components of a state by name."""
        return dict(zip(self.components, map(float, state), strict=False))

    def ions(self, state: Array) -> Ions:
        """Find the pH at which all charges cancel, and what is dissociated there."""
        return ions_of(self.named(state), self.model)

    def gas(self, state: Array) -> Gas:
        """Give pressures and flow of the gas."""
        warm = R * (self.model.temperature + ZERO_CELSIUS)
        p = state[-3:] * warm / COD_OF_GAS
        pressure = float(p.sum()) + self.model.values["p_H2O"]
        flow = self.k_P * (pressure - self.P_atm) * pressure / self.P_atm
        return Gas(
            p=p, pressure=pressure, flow=flow, temperature=self.model.temperature, P_atm=self.P_atm
        )

    def slopes(self, state: Array, feed: Array, *, flow: float) -> Array:
        """How fast a state changes.

        Parameters
        ----------
        state : array (component + gas,)
            Now. [kg/m³, kmol/m³]
        feed : array (component,)
            What comes. [kg/m³, kmol/m³]
        flow : float
            How much of it. [m³/d]

        Returns
        -------
        array (component + gas,)
            Its change. [per day]
        """
        ions = self.ions(state)
        made = self.model.conversion(np.append(state[: len(self.components)], ions.S_H))[:-1]
        return self._change(state, made, ions=ions, feed=feed, flow=flow)

    def _change(self, state: Array, made: Array, *, ions: Ions, feed: Array, flow: float) -> Array:
        """Add flow and gas to what reactions make."""
        n, gas = len(self.components), self.gas(state)
        water = (feed - state[:n]) * flow / self.volume + made
        values = self.model.values
        dissolves = np.array([values["K_H_h2"], values["K_H_ch4"], values["K_H_co2"]])
        places = [self.components.index(name) for name in ("S_h2", "S_ch4", "S_IC")]
        held = np.array([state[places[0]], state[places[1]], ions.S_CO2])
        strips = self.kla * (held - COD_OF_GAS * dissolves * gas.p)
        water[places] -= strips
        leaves = self.k_P * (gas.pressure - self.P_atm) / self.headspace
        return np.append(water, strips * self.volume / self.headspace - state[n:] * leaves)

    def steady(self, feed: Array, *, flow: float, start: Array | None = None) -> Array:
        """Find the state at rest by Newton's method in pseudo-time.

        Parameters
        ----------
        feed : array (component,)
            What comes. [kg/m³, kmol/m³]
        flow : float
            How much of it. [m³/d]
        start : array (component + gas,), optional
            Where to begin; :attr:`start` when left out.

        Returns
        -------
        array (component + gas,)
            The state. [kg/m³, kmol/m³]

        Raises
        ------
        PlantError
            When nothing comes.
        SolveError
            With the residual and the component that moves most.
        """
        if not flow > 0:
            fault = Fault(where="digester", what="gets no sludge.", do="Let sludge flow to it.")
            raise PlantError(fault)
        x = self.start if start is None else start
        best, kept, step, mover = np.inf, x, FIRST_STEP, 0
        for _ in range(MOST_ITERATIONS):
            f = self.slopes(x, feed, flow=flow)
            change = np.abs(f) / (np.abs(x) + SMALL)
            now = float(change.max())
            if now < best:
                step *= min(max(best / now, 1.5), 10.0) if np.isfinite(best) else 1.0
                best, kept, mover = now, x, int(change.argmax())
                if best < STILL:
                    return x
            elif not now < 1e3 * best:
                x, step = kept, 0.1 * step
                continue
            J = self._jacobian(x, f, feed=feed, flow=flow)
            moved = x + np.linalg.solve(np.eye(len(x)) / step - J, f)
            x = np.maximum(moved, 0.1 * x)  # nothing becomes negative on the way
        name = (*self.components, *GASES)[mover]
        what = f"no steady state: {name} still changes by {best:.2g} of its size a day."
        raise SolveError(Fault(where="digester", what=what, do="Check what comes, and the volume."))

    def _jacobian(self, x: Array, f: Array, *, feed: Array, flow: float) -> Array:
        small = 1e-7 * np.maximum(x, SMALL)
        moved = x + np.diag(small)
        ions = [self.ions(state) for state in moved]
        water = np.column_stack([moved[:, : len(self.components)], [one.S_H for one in ions]])
        made = self.model.conversion(water)[:, :-1]  # of all at once: far quicker than one by one
        columns = [
            (self._change(state, row, ions=one, feed=feed, flow=flow) - f) / step
            for state, row, one, step in zip(moved, made, ions, np.diag(moved) - x, strict=True)
        ]
        return np.array(columns).T


def ions_of(held: dict[str, float], model: Model) -> Ions:
    """Find the pH at which all charges cancel, and what is dissociated there.

    Newton's method on the logarithm of S_H inside a bracket: the sum of charges only rises with it.

    Parameters
    ----------
    held : dict of str to float
        ADM1's components. [kgCOD/m³, kmol/m³]
    model : Model
        ADM1, for its constants.
    """
    low, high = -18.0, 2.0
    exponent = -7.0
    for _ in range(200):
        found = ions_at(held, model, pH=-exponent)
        left = _excess(found, held, model)
        low, high = (low, exponent) if left > 0 else (exponent, high)
        beside = ions_at(held, model, pH=-exponent - 1e-6)
        slope = (_excess(beside, held, model) - left) / 1e-6
        following = exponent - left / slope if slope > 0 else 0.5 * (low + high)
        if not low < following < high:
            following = 0.5 * (low + high)
        if abs(following - exponent) < 1e-13:
            break
        exponent = following
    return ions_at(held, model, pH=-exponent)


def ions_at(held: dict[str, float], model: Model, *, pH: float) -> Ions:
    """Give what is dissociated at a pH."""
    K, S_H = model.values, 10.0**-pH
    S_NH3 = held["S_IN"] * K["K_a_IN"] / (K["K_a_IN"] + S_H)
    S_HCO3 = held["S_IC"] * K["K_a_co2"] / (K["K_a_co2"] + S_H)
    acids = 0.0
    for name, weight in ACIDS.items():
        K_a = K[f"K_a_{name.removeprefix('S_')}"]
        acids += held[name] / weight * K_a / (K_a + S_H)
    return Ions(
        S_H=S_H,
        S_HCO3=S_HCO3,
        S_CO2=held["S_IC"] - S_HCO3,
        S_NH3=S_NH3,
        S_NH4=held["S_IN"] - S_NH3,
        acids=acids,
    )


def _excess(ions: Ions, held: dict[str, float], model: Model) -> float:
    water = ions.S_H - model.values["K_w"] / ions.S_H
    return ions.charge + water + held["S_cat"] - held["S_an"]
