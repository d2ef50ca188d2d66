"""Units are converted at the doors; inside it is g, m³, d, kW, °C as plain floats."""

from __future__ import annotations

import unicodedata

from renvand.errors import Fault, FileError, near

# name: (dimension, factor to the unit used inside). Mass concentration g/m³, flow m³/d, mass kg.
_FACTORS: dict[str, tuple[str, float]] = {
    "g/m3": ("concentration", 1.0),
    "mg/l": ("concentration", 1.0),
    "ug/l": ("concentration", 1e-3),
    "ng/l": ("concentration", 1e-6),
    "g/l": ("concentration", 1e3),
    "kg/m3": ("concentration", 1e3),
    "ppm": ("concentration", 1.0),
    "m3/d": ("flow", 1.0),
    "m3/h": ("flow", 24.0),
    "m3/s": ("flow", 86_400.0),
    "m3/a": ("flow", 1 / 365),
    "m3/y": ("flow", 1 / 365),
    "l/s": ("flow", 86.4),
    "l/h": ("flow", 0.024),
    "l/min": ("flow", 1.44),
    "1e4m3/d": ("flow", 1e4),
    "1e4m3/a": ("flow", 1e4 / 365),
    "万吨/日": ("flow", 1e4),
    "万m3/d": ("flow", 1e4),
    "万吨/年": ("flow", 1e4 / 365),
    "吨/日": ("flow", 1.0),
    "吨/天": ("flow", 1.0),
    "t/d": ("flow", 1.0),
    "吨/年": ("flow", 1 / 365),
    "mgd": ("flow", 3785.411784),
    "kg": ("mass", 1.0),
    "g": ("mass", 1e-3),
    "mg": ("mass", 1e-6),
    "t": ("mass", 1e3),
    "lb": ("mass", 0.45359237),
    "kw": ("power", 1.0),
    "w": ("power", 1e-3),
    "mw": ("power", 1e3),
    "hp": ("power", 0.745699872),
    "kwh": ("energy", 1.0),
    "mwh": ("energy", 1e3),
    "mj": ("energy", 1 / 3.6),
    "gj": ("energy", 1e3 / 3.6),
}


def plain(unit: str) -> str:
    """Write a unit in the one spelling the table knows: 'mg／L' and 'mg/ℓ' become 'mg/l'."""
    folded = unicodedata.normalize("NFKC", unit).strip().lower().replace(" ", "")
    for old, new in (("³", "3"), ("μ", "u"), ("µ", "u"), ("毫克/升", "mg/l"), ("立方米", "m3")):
        folded = folded.replace(old, new)
    return folded.replace("m^3", "m3").replace("/day", "/d").replace("/天", "/d")


def factor(unit: str, *, to: str) -> float:
    """What to multiply with to come from one unit to another.

    Parameters
    ----------
    unit, to : str
        Units of the same dimension, in any spelling of :func:`plain`.

    Returns
    -------
    float
        The factor.

    Raises
    ------
    FileError
        When a unit is unknown or the two measure different things.
    """
    faults: list[Fault] = []
    for name in (unit, to):
        if plain(name) not in _FACTORS:
            faults.append(
                Fault(where="unit", what=f"'{name}' is not known.", do=near(plain(name), _FACTORS))
            )
    if faults:
        raise FileError(faults)
    (is_a, scale), (should_be, target) = _FACTORS[plain(unit)], _FACTORS[plain(to)]
    if is_a != should_be:
        raise FileError(
            Fault(
                where="unit",
                what=f"'{unit}' measures {is_a}, '{to}' measures {should_be}.",
                do=f"Give a unit of {should_be}.",
            )
        )
    return scale / target
