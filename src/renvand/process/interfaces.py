"""From ASM1 to ADM1 and back, as in BSM2: the same matter under the other model's names.

ASM1 counts in g/m³ and mol/m³, ADM1 in kg/m³ and kmol/m³. Both ways COD and nitrogen are compared
before the result is given; what legitimately differs is named by the function.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from renvand.errors import Fault, OurFault, PlantError
from renvand.process.digester import COD_PER_NITRATE, Digester
from renvand.process.model import load_model
from renvand.process.names import LANES

KILO = 1000.0
N_WEIGHT = 14.0  # g/mol
CLOSES = 1e-9  # of what comes
BIOMASS = ("X_su", "X_aa", "X_fa", "X_c4", "X_pro", "X_ac", "X_h2")
_PARTICLES = ("X_I", "X_S", "X_BH", "X_BA", "X_P")
_ADM_COD = (
    "S_su", "S_aa", "S_fa", "S_va", "S_bu", "S_pro", "S_ac", "S_I",
    "X_xc", "X_ch", "X_pr", "X_li", *BIOMASS, "X_I",
)  # fmt: skip


def to_digester(
    sludge: Mapping[str, float], digester: Digester, *, pH: float, contents: Mapping[str, float]
) -> dict[str, float]:
    """Say in ADM1's components what sludge in ASM1's components brings.

    Oxygen and nitrate take their COD first, from S_S, X_S and biomass. Organic nitrogen then makes
    amino acids and proteins of as much as it can; the rest becomes lipids, carbohydrates, sugars.
    S_I takes nitrogen, for it holds some in ADM1 and none in ASM1.

    Parameters
    ----------
    sludge : mapping of str to float
        ASM1's components. [g/m³, mol/m³]
    digester : Digester
        With ADM1's contents and constants.
    pH : float
        In the digester.
    contents : mapping of str to float
        ASM1's 'i_XB' and 'i_XP'. [gN/gCOD]

    Returns
    -------
    dict of str to float
        ADM1's components but S_H. [kg/m³, kmol/m³]

    Raises
    ------
    PlantError
        When oxygen and nitrate would take more COD than there is, or nitrogen is short.

    References
    ----------
    nopens2009
    """
    asm = load_model("asm1").components
    whole = {"S_N2": 0.0, **sludge}  # dinitrogen takes no part
    C, X = np.array([float(whole[name]) for name in asm]), digester.lanes(digester.start)
    X[LANES * len(digester.components)] = 10.0**-pH
    feed = np.zeros(len(digester.components) + 1)
    lack(digester.kernels.to_adm(C, 0, feed, X, digester.room(contents)))
    made = dict(zip(digester.components, map(float, feed), strict=False))
    grams = {name: KILO * value for name, value in made.items()}
    taken = float(sludge["S_O"] + COD_PER_NITRATE * sludge["S_NO"])
    _compare("COD into the digester", cod_of(grams), asm_cod(sludge) - taken)
    before = asm_nitrogen(sludge, contents) - float(sludge["S_NO"])
    grams["S_IN"] *= N_WEIGHT
    _compare("nitrogen into the digester", adm_nitrogen(grams, digester), before)
    return made


LACKING = {
    1: ("brings oxygen and nitrate for more COD than there is.", "Thicken it more."),
    2: ("lacks nitrogen for the inert matter of the other model.", "Check S_NH, S_I and i_XP."),
    3: ("has less alkalinity than its ammonium needs.", "Check S_ALK."),
}


def lack(code: int, *, where: str = "sludge to the digester") -> None:
    """Say what the kernels found lacking.

    Raises
    ------
    PlantError
        When the code is not 0.
    """
    if code:
        what, do = LACKING[code]
        raise PlantError(Fault(where=where, what=what, do=do))


def to_sludge(
    digested: Mapping[str, float], digester: Digester, *, pH: float, contents: Mapping[str, float]
) -> dict[str, float]:
    """Say in ASM1's components what leaves a digester.

    Dissolved hydrogen and methane escape. Biomass becomes X_S, with the nitrogen of composites,
    and X_P; its other nitrogen is released as ammonium, and so is that of S_I.

    Parameters
    ----------
    digested : mapping of str to float
        ADM1's components. [kg/m³, kmol/m³]
    digester, pH, contents
        As for :func:`to_digester`.

    Returns
    -------
    dict of str to float
        ASM1's components. [g/m³, mol/m³]

    Raises
    ------
    PlantError
        When there is not the nitrogen that the parameters ask for.

    References
    ----------
    nopens2009
    """
    asm = load_model("asm1").components
    state = np.array([*(float(digested[name]) for name in digester.components), 0.0, 0.0, 0.0])
    X, C = digester.lanes(state, S_H=10.0**-pH), np.zeros(len(asm))
    lack(digester.kernels.to_asm(X, C, 0, digester.room(contents)), where="digested sludge")
    made = dict(zip(asm, map(float, C), strict=True))
    have = {name: KILO * float(digested[name]) for name in _ADM_COD}
    have["S_IN"] = KILO * N_WEIGHT * digested["S_IN"]
    _compare("COD out of the digester", asm_cod(made), cod_of(have))
    before = adm_nitrogen(have, digester)
    _compare("nitrogen out of the digester", asm_nitrogen(made, contents), before)
    return made


def asm_cod(sludge: Mapping[str, float]) -> float:
    """Sum the COD of ASM1's organic components. [g/m³]"""
    return sum(float(sludge[name]) for name in ("S_I", "S_S", *_PARTICLES))


def asm_nitrogen(sludge: Mapping[str, float], contents: Mapping[str, float]) -> float:
    """Sum the nitrogen of ASM1's components but N2. [g/m³]"""
    free = sum(float(sludge[name]) for name in ("S_NO", "S_NH", "S_ND", "X_ND"))
    living = contents["i_XB"] * (sludge["X_BH"] + sludge["X_BA"])
    return free + living + contents["i_XP"] * (sludge["X_I"] + sludge["X_P"])


def cod_of(held: Mapping[str, float]) -> float:
    """Sum the COD of ADM1's components but hydrogen and methane. [as given]"""
    return sum(float(held[name]) for name in _ADM_COD)


def adm_nitrogen(held: Mapping[str, float], digester: Digester) -> float:
    """Sum the nitrogen of ADM1's components given in g/m³. [g/m³]"""
    page, weights = digester.model.page, digester.model.composition
    row = N_WEIGHT * weights[page.conserves.index("N")]
    content = dict(zip(digester.model.components, row, strict=True)) | {"S_IN": 1.0}
    return sum(float(value) * content[name] for name, value in held.items())


def _compare(what: str, found: float, due: float) -> None:
    if abs(found - due) > CLOSES * max(abs(due), 1.0):
        raise OurFault(f"{what}: is {found:.9g}, was {due:.9g}.")
