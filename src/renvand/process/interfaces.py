"""From ASM1 to ADM1 and back, as in BSM2: the same matter under the other model's names.

ASM1 counts in g/m³ and mol/m³, ADM1 in kg/m³ and kmol/m³. Both ways COD and nitrogen are compared
before the result is given; what legitimately differs is named by the function.
"""

from __future__ import annotations

from collections.abc import Mapping

from renvand.errors import Fault, OurFault, PlantError
from renvand.process.digester import Digester, ions_at

COD_PER_NITRATE = 40 / 14  # gCOD/gN that nitrate takes on its way to N2, nopens2009
DEGRADED = 0.68  # share of ASM biomass that a digester degrades, lund_matlab
LIPIDS_XS = 0.7  # share of lipids in X_S without nitrogen, lund_matlab
LIPIDS_BIOMASS = 0.4  # share of lipids in biomass without nitrogen, lund_matlab
DEGRADED_BACK = 0.79  # share of ADM biomass that is degraded with oxygen, lund_matlab
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
    have = {name: float(sludge[name]) for name in ("S_I", "S_S", *_PARTICLES, "S_NH")}
    taken = _breathe(have, sludge, contents["i_XB"])
    nitrogen = {name: float(sludge[name]) for name in ("S_ND", "X_ND")}
    made = {
        **dict.fromkeys(digester.components, 0.0),
        **_organics(have, nitrogen, digester=digester, contents=contents),
    }
    N_I = digester.model.values["N_I"] * N_WEIGHT
    inert = contents["i_XP"] * made["X_I"] - N_I * (made["X_I"] + made["S_I"])
    made["S_IN"] = have["S_NH"] + sum(nitrogen.values()) + inert
    if made["S_IN"] < 0:
        what = f"lacks {-made['S_IN']:.3g} gN/m³ for its soluble inert matter."
        raise PlantError(Fault(where="sludge to the digester", what=what, do="Check S_NH and S_I."))
    _compare("COD into the digester", cod_of(made), asm_cod(sludge) - taken)
    before = asm_nitrogen(sludge, contents) - float(sludge["S_NO"])
    _compare("nitrogen into the digester", adm_nitrogen(made, digester), before)
    made["S_IN"] /= N_WEIGHT
    adm = {name: value / KILO for name, value in made.items()}
    return _charged(adm, sludge, digester, pH=pH)


def _organics(
    have: Mapping[str, float],
    nitrogen: dict[str, float],
    *,
    digester: Digester,
    contents: Mapping[str, float],
) -> dict[str, float]:
    """Part biomass, X_S and S_S into what ADM1 knows; takes the nitrogen for it. [g/m³]"""
    N_aa = digester.model.values["N_aa"] * N_WEIGHT
    biomass = have["X_BH"] + have["X_BA"]
    left = (1.0 - DEGRADED) * biomass
    freed = biomass * contents["i_XB"] - left * contents["i_XP"]
    living, rest = _split(biomass - left, freed, N_aa)
    stored, nitrogen["X_ND"] = _split(have["X_S"], nitrogen["X_ND"] + rest, N_aa)
    S_aa, nitrogen["S_ND"] = _split(have["S_S"], nitrogen["S_ND"], N_aa)
    bare_living, bare_stored = biomass - left - living, have["X_S"] - stored
    return {
        "S_su": have["S_S"] - S_aa,
        "S_aa": S_aa,
        "S_I": have["S_I"],
        "X_pr": living + stored,
        "X_li": LIPIDS_BIOMASS * bare_living + LIPIDS_XS * bare_stored,
        "X_ch": (1.0 - LIPIDS_BIOMASS) * bare_living + (1.0 - LIPIDS_XS) * bare_stored,
        "X_I": have["X_I"] + have["X_P"] + left,
    }


def _breathe(have: dict[str, float], sludge: Mapping[str, float], i_XB: float) -> float:
    """Let oxygen and nitrate take their COD; give how much."""
    demand = float(sludge["S_O"] + COD_PER_NITRATE * sludge["S_NO"])
    left = demand
    for name in ("S_S", "X_S", "X_BH", "X_BA"):
        taken = min(left, have[name])
        have[name] -= taken
        left -= taken
        if name in ("X_BH", "X_BA"):
            have["S_NH"] += i_XB * taken
    if left > 0:
        what = f"brings oxygen and nitrate for {left:.3g} gCOD/m³ more than there is."
        raise PlantError(Fault(where="sludge to the digester", what=what, do="Thicken it more."))
    return demand


def _split(cod: float, nitrogen: float, content: float) -> tuple[float, float]:
    """Give what COD can become with the nitrogen there is, and the nitrogen left."""
    made = min(cod, nitrogen / content)
    return made, nitrogen - made * content


def _charged(
    adm: dict[str, float], sludge: Mapping[str, float], digester: Digester, *, pH: float
) -> dict[str, float]:
    """Choose inorganic carbon so that ions carry ASM1's charge at the digester's pH.

    The benchmark puts that charge, with its sign, into anions or cations that take no part, and not
    what would balance it; so does this, or the published digester does not come out.
    """
    charge = (sludge["S_NH"] - sludge["S_NO"]) / N_WEIGHT - sludge["S_ALK"]
    bare = ions_at(adm, digester.model, pH=pH)
    K_a = digester.model.values["K_a_co2"]
    made = dict(adm)
    made["S_IC"] = (bare.charge - charge / KILO) * (K_a + bare.S_H) / K_a
    if made["S_IC"] < 0:
        what = f"has an alkalinity of {sludge['S_ALK']:.3g} mol/m³, less than its ammonium needs."
        raise PlantError(Fault(where="sludge to the digester", what=what, do="Check S_ALK."))
    found = ions_at(made, digester.model, pH=pH)
    unmatched = found.charge + digester.model.values["K_w"] / found.S_H - found.S_H
    made["S_cat"], made["S_an"] = max(unmatched, 0.0), max(-unmatched, 0.0)
    return made


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
    digester : Digester
        With ADM1's contents and constants.
    pH : float
        In the digester.
    contents : mapping of str to float
        ASM1's 'i_XB' and 'i_XP'. [gN/gCOD]

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
    have = {name: KILO * digested[name] for name in _ADM_COD}
    have["S_IN"] = KILO * N_WEIGHT * digested["S_IN"]
    biomass = sum(have[name] for name in BIOMASS)
    kept = (1.0 - DEGRADED_BACK) * biomass
    made = {
        "S_I": have["S_I"],
        "S_S": sum(have[n] for n in ("S_su", "S_aa", "S_fa", "S_va", "S_bu", "S_pro", "S_ac")),
        "X_I": have["X_I"],
        "X_S": sum(have[n] for n in ("X_xc", "X_ch", "X_pr", "X_li")) + biomass - kept,
        "X_BH": 0.0,
        "X_BA": 0.0,
        "X_P": kept,
        "S_O": 0.0,
        "S_NO": 0.0,
        "S_N2": 0.0,
        **_freed(have, biomass - kept, kept=kept, digester=digester, contents=contents),
    }
    charge = ions_at(dict(digested), digester.model, pH=pH).charge
    made["S_ALK"] = made["S_NH"] / N_WEIGHT - KILO * charge
    _compare("COD out of the digester", asm_cod(made), cod_of(have))
    before = adm_nitrogen(have, digester)
    _compare("nitrogen out of the digester", asm_nitrogen(made, contents), before)
    return made


def _freed(
    have: Mapping[str, float],
    degraded: float,
    *,
    kept: float,
    digester: Digester,
    contents: Mapping[str, float],
) -> dict[str, float]:
    """Say where the nitrogen goes. [gN/m³]"""
    values = digester.model.values
    N_aa, N_I, N_xc, N_bac = (values[n] * N_WEIGHT for n in ("N_aa", "N_I", "N_xc", "N_bac"))
    freed = N_bac * (kept + degraded) - contents["i_XP"] * kept - N_xc * degraded
    inert = (N_I - contents["i_XP"]) * have["X_I"] + N_I * have["S_I"]
    S_NH = have["S_IN"] + freed + inert
    if S_NH < 0:
        what = f"lacks {-S_NH:.3g} gN/m³ for what biomass becomes."
        do = "Check N_bac, N_xc, i_XP."
        raise PlantError(Fault(where="digested sludge", what=what, do=do))
    X_ND = N_aa * have["X_pr"] + N_xc * (have["X_xc"] + degraded)
    return {"S_NH": S_NH, "S_ND": N_aa * have["S_aa"], "X_ND": X_ND}


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
