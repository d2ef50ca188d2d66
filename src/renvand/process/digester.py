"""An anaerobic digester: ADM1 in a mixed tank with a headspace, as in BSM2."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import resources
from types import ModuleType
from typing import NamedTuple

import numpy as np

from renvand.errors import Fault, PlantError, SolveError
from renvand.process.compiled import load_kernels, marked
from renvand.process.generate import kernel_numbers, kernel_text
from renvand.process.model import Array, Model, load_model
from renvand.process.names import LANES

FILES = ("digester", "interfaces")
GASES = ("S_h2", "S_ch4", "S_CO2")  # what leaves the water, in the order of the headspace's states
R = 0.083145  # bar·m³/kmol/K, lund_matlab
ZERO_CELSIUS = 273.15  # K
COD_OF_GAS = np.array([16.0, 64.0, 1.0])  # kgCOD/kmol of H2, CH4; CO2 counts in kmol, rosen2006
ACIDS = {"S_va": 208.0, "S_bu": 160.0, "S_pro": 112.0, "S_ac": 64.0}  # kgCOD/kmol, rosen2006
STILL = 1e-9  # 1/d: largest relative change of a state that counts as steady; rounding leaves 1e-10
SMALL = 1e-9  # kg/m³ below which a state's change no longer counts as relative
MOST_ITERATIONS = 200
FIRST_STEP = 1.0  # d of pseudo-time
# What the kernels find in D: the digester's own, the page's, ASM1's contents of nitrogen
OWN = ("D_VOLUME", "D_HEADSPACE", "D_KLA", "P_ATM", "K_P", "WARM")
OF_PAGE = (
    "p_H2O", "K_w", "K_a_co2", "K_a_IN", "K_a_va", "K_a_bu", "K_a_pro", "K_a_ac",
    "K_H_h2", "K_H_ch4", "K_H_co2", "N_aa", "N_I", "N_xc", "N_bac",
)  # fmt: skip
CONTENTS = ("i_XB", "i_XP")
COD_PER_NITRATE = 40 / 14  # gCOD/gN that nitrate takes on its way to N2, nopens2009
DEGRADED = 0.68  # share of ASM biomass that a digester degrades, lund_matlab
LIPIDS_XS = 0.7  # share of lipids in X_S without nitrogen, lund_matlab
LIPIDS_BIOMASS = 0.4  # share of lipids in biomass without nitrogen, lund_matlab
DEGRADED_BACK = 0.79  # share of ADM biomass that is degraded with oxygen, lund_matlab
# Where a digester begins that has no state of its own: the initial one of BSM2, lund_matlab
BEGIN = {
    "S_su": 0.0124, "S_aa": 0.0055, "S_fa": 0.1074, "S_va": 0.0123, "S_bu": 0.0140,
    "S_pro": 0.0176, "S_ac": 0.0893, "S_h2": 2.5055e-7, "S_ch4": 0.0555, "S_IC": 0.0951,
    "S_IN": 0.0945, "S_I": 0.1309, "X_xc": 0.1079, "X_ch": 0.0205, "X_pr": 0.0842, "X_li": 0.0436,
    "X_su": 0.3122, "X_aa": 0.9317, "X_fa": 0.3384, "X_c4": 0.3258, "X_pro": 0.1011,
    "X_ac": 0.6772, "X_h2": 0.2848, "X_I": 17.2162, "S_cat": 0.0, "S_an": 0.0052,
}  # fmt: skip
BEGIN_GAS = (1.1032e-5, 1.6535, 0.0135)  # kgCOD/m³, kgCOD/m³, kmol/m³, lund_matlab


class Digesting(NamedTuple):
    """A digester's numbers and room to work in; the kernels call it Z."""

    D: Array
    s: Array
    p: Array
    h: Array
    still: Array  # nothing is aerated
    L: Array
    k1: Array
    k2: Array
    new: Array
    X: Array  # the state
    feed: Array  # what comes, in ADM1
    sludge: Array  # and in ASM1, with its temperature


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
    """The headspace at one moment, or at many."""

    p: Array  # (..., gas) partial pressures of H2, CH4, CO2 [bar]
    pressure: Array  # (...,) of all with water vapour [bar]
    flow: Array  # (...,) at the digester's temperature and atmospheric pressure [m³/d]
    temperature: float  # °C
    P_atm: float  # bar

    @property
    def methane(self) -> Array:
        """How much methane leaves. [kgCH4/d]"""
        return self._leaves(1, 16.0)

    @property
    def hydrogen(self) -> Array:
        """How much hydrogen leaves. [kgH2/d]"""
        return self._leaves(0, 2.0)

    @property
    def carbon_dioxide(self) -> Array:
        """How much carbon dioxide leaves. [kgCO2/d]"""
        return self._leaves(2, 44.0)

    def _leaves(self, gas: int, molar: float) -> Array:
        share = self.p[..., gas] / self.pressure
        kmol = self.flow * self.P_atm / (R * (self.temperature + ZERO_CELSIUS))
        return share * kmol * molar


@dataclass(frozen=True, kw_only=True)
class Digester:
    """A mixed tank with a headspace at the temperature of the page, 35 °C.

    A state is an array: ADM1's components but S_H, then H2, CH4 and CO2 of the headspace. The pH
    follows from the charges at every moment. Hydrogen is a state like the others: the solvers are
    implicit, so that its speed does no harm, and at rest both ways are the same. What is computed
    stands in :mod:`renvand.process.kernels`.

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

    @cached_property
    def kernels(self) -> ModuleType:
        """The compiled functions of the digester and of what joins it to ASM1."""
        return digester_kernels(tuple(load_model("asm1").components))

    def room(self, contents: Mapping[str, float]) -> Digesting:
        """Give the kernels' numbers; `contents` are ASM1's i_XB and i_XP. [gN/gCOD]"""
        values, numbers = self.model.values, kernel_numbers(self.model)
        warm = R * (self.model.temperature + ZERO_CELSIUS)
        own = (self.volume, self.headspace, self.kla, self.P_atm, self.k_P, warm)
        D = [*own, *(values[name] for name in OF_PAGE), *(contents[name] for name in CONTENTS)]
        size = LANES * (len(self.model.components) + 1 + len(GASES))
        return Digesting(
            D=np.array(D), s=numbers.s, p=numbers.p, h=np.repeat(numbers.h, LANES),
            still=np.zeros(LANES), L=np.zeros(LANES * self.kernels.ADM_N_FACTORS),
            k1=np.zeros(size), k2=np.zeros(size), new=np.zeros(size), X=np.zeros(size),
            feed=np.zeros(len(self.model.components)),
            sludge=np.zeros(len(load_model("asm1").components) + 1),
        )  # fmt: skip

    def lanes(self, state: Array, *, S_H: float = 1e-7) -> Array:
        """Put a state as the kernels want it."""
        n = len(self.components)
        return spread(np.concatenate([state[:n], [S_H, 0.0], state[n:]]))

    def state(self, lanes: Array) -> Array:
        """Take a state out of what :meth:`lanes` gives."""
        rows, n = lanes[::LANES], len(self.components)
        return np.concatenate([rows[:n], rows[n + 2 :]])

    def ions(self, state: Array) -> Ions:
        """Find the pH at which all charges cancel, and what is dissociated there."""
        S_H = self.kernels.find_S_H(self.lanes(state), 1e-7, self._room.D)
        return ions_at(self.named(state), self.model, pH=-float(np.log10(S_H)))

    @cached_property
    def _room(self) -> Digesting:
        return self.room(dict.fromkeys(CONTENTS, 0.0))

    def gas(self, state: Array) -> Gas:
        """Give pressures and flow of the gas of states, array (..., component + gas)."""
        warm = R * (self.model.temperature + ZERO_CELSIUS)
        p = state[..., -3:] * warm / COD_OF_GAS
        pressure = np.asarray(p.sum(axis=-1) + self.model.values["p_H2O"])
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
        X = self.lanes(state)
        dX = np.zeros_like(X)
        self.kernels.digester_slopes(X, dX, np.append(feed, 0.0), flow, self._room)
        return self.state(dX)

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
        columns: list[Array] = []
        for i, small in enumerate(1e-7 * np.maximum(x, SMALL)):
            moved = x.copy()
            moved[i] += small
            columns.append((self.slopes(moved, feed, flow=flow) - f) / (moved[i] - x[i]))
        return np.array(columns).T


def spread(rows: Array | Sequence[float]) -> Array:
    """Put rows eight lanes apart, the first of which is used."""
    lanes = np.zeros((len(rows), LANES))
    lanes[:, 0] = rows
    return lanes.ravel()


@cache
def digester_kernels(asm: tuple[str, ...]) -> ModuleType:
    """Compile, or find compiled, :func:`digester_text`."""
    return load_kernels(marked(digester_text(asm)), title="the digester")


def digester_text(asm: tuple[str, ...]) -> str:
    """Write the kernels of ADM1's page with the digester and what joins it to ASM1.

    Parameters
    ----------
    asm : tuple of str
        ASM1's components in the order of the plant's page.
    """
    page = load_model("adm1").page
    names = [*OWN, *(n.upper() if n[0] in "pK" else f"D_{n.upper()}" for n in OF_PAGE)]
    names += [name.upper() for name in CONTENTS]
    constants: dict[str, float] = {name: i for i, name in enumerate(names)}
    constants |= {f"ADM_{name}": i for i, name in enumerate(page.component_names)}
    constants |= {f"ROW_{name}": i for i, name in enumerate(asm)}
    n = len(page.component_names)
    constants |= {"N_ADM": n, "GAS_H2": n + 1, "GAS_CH4": n + 2, "GAS_CO2": n + 3}
    constants |= {
        "COD_PER_NITRATE": COD_PER_NITRATE, "DEGRADED": DEGRADED, "LIPIDS_XS": LIPIDS_XS,
        "LIPIDS_BIOMASS": LIPIDS_BIOMASS, "DEGRADED_BACK": DEGRADED_BACK,
    }  # fmt: skip
    folder = resources.files("renvand.process.kernels")
    texts = [(folder / f"{name}.py").read_text(encoding="utf-8") for name in FILES]
    text = "".join(f"{name} = {value!r}\n" for name, value in constants.items())
    text += f"\n\n{kernel_text(page, prefix='adm_')}"
    for one in texts:
        text += "\n\n" + one.partition("# kernels\n")[2].strip("\n") + "\n"
    return text


def ions_at(held: Mapping[str, float], model: Model, *, pH: float) -> Ions:
    """Give what is dissociated at a pH.

    Parameters
    ----------
    held : mapping of str to float
        ADM1's components. [kgCOD/m³, kmol/m³]
    model : Model
        ADM1, for its constants.
    pH : float
        The pH.
    """
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
