"""Find what cannot be built: wrong names, wrong signs, loose ends."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import fields

from renvand.errors import Fault, near
from renvand.plant.drawing.cycles import check_cycles
from renvand.plant.drawing.units import INFLUENT, LAYERED, SETTLERS, Drawing

MOST_CELLS = 100
_SLUG = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


def check(drawing: Drawing) -> list[Fault]:
    """Find what cannot be built: wrong names, wrong signs, loose ends."""
    where = f"plant '{drawing.name}'"
    faults: list[Fault] = []
    sizes = {
        **{f"{n}, volume": tank.volume for n, tank in drawing.tanks.items()},
        **{f"{n}, saturation": tank.saturation for n, tank in drawing.tanks.items()},
        **{f"{n}, {k}": getattr(s, k) for n, s in drawing.settlers.items() if s.kind in LAYERED
           for k in ("area", "height", "v0", "X_t", "beta", "X_c", "rho", "excess")},
        **{f"{n}, volume": delay.volume for n, delay in drawing.delays.items()},
        **{f"{n}, {k}": getattr(s, k) for n, s in drawing.settlers.items() if s.kind == "primary"
           for k in ("volume", "f_corr", "f_X", "lag_d")},
        **{f"{n}, {f.name}": getattr(d, f.name)
           for n, d in drawing.digesters.items() for f in fields(d)},
        **{f"pump '{p.path}', solids": p.solids for p in drawing.pipes if p.solids is not None},
        "sample_min": drawing.sample_min,
        "tolerance": drawing.tolerance,
    }  # fmt: skip
    for name, value in sizes.items():
        if not 0 < value < 1e12:
            faults.append(
                Fault(where=f"{where}, {name}", what=f"is {value:g}.", do="Give a size above 0.")
            )
    signs = {
        f"{n}, {k}": getattr(tank, k)
        for n, tank in drawing.tanks.items()
        for k in ("kla", "lowest")
    } | {
        f"pump '{p.path}', {what}": value
        for p in drawing.pipes
        for what, value in (("flow", p.flow), ("share", p.share), ("above", p.above))
        if value is not None
    }
    for name, value in signs.items():
        if not 0 <= value < 1e12:
            faults.append(
                Fault(where=f"{where}, {name}", what=f"is {value:g}.", do="Give 0 or more.")
            )
    faults.extend(_check_names(drawing, where))
    faults.extend(_check_settlers(drawing, where))
    faults.extend(_check_sludge(drawing, where))
    return faults or check_cycles(drawing, where)


def _check_sludge(drawing: Drawing, where: str) -> list[Fault]:
    """What a pump may say about solids, and digesters."""
    faults: list[Fault] = []
    for pipe in drawing.pipes:
        at = f"{where}, pump '{pipe.path}'"
        settler = drawing.settlers.get(pipe.source)
        if pipe.solids is not None and (pipe.outlet != "sludge" or settler is None):
            what, do = (
                "thickens no sludge.",
                "Use solids for the sludge of a settler of kind ideal.",
            )
            faults.append(Fault(where=at, what=what, do=do))
        elif pipe.solids is not None and settler is not None and settler.kind != "ideal":
            do = "Give its kind as ideal, or the pump a flow or share."
            faults.append(Fault(where=at, what=f"'{pipe.source}' is no thickener.", do=do))
        if pipe.above is not None and pipe.source != INFLUENT:
            do = "Let only the influent overflow."
            faults.append(Fault(where=at, what=f"begins at '{pipe.source}'.", do=do))
    if len(drawing.digesters) > 1:
        what = f"has {len(drawing.digesters)} digesters."
        do = "Draw one with the volume of all."
        faults.append(Fault(where=f"{where}, digesters", what=what, do=do))
    return faults


def _check_names(drawing: Drawing, where: str) -> list[Fault]:
    faults: list[Fault] = []
    units = drawing.units
    for name in (*units, *drawing.doses):
        if not _SLUG.fullmatch(name) or name == INFLUENT:
            faults.append(
                Fault(
                    where=f"{where}, '{name}'",
                    what="is not a name.",
                    do="Use letters, digits, _ and -.",
                )
            )
    for name, dose in drawing.doses.items():
        if dose.to not in units:
            what = f"no unit '{dose.to}'." if dose.to else "goes nowhere."
            do = near(dose.to, units) if dose.to else "Write to = 'UNIT'."
            faults.append(Fault(where=f"{where}, {name}, to", what=what, do=do))
    for twice in sorted({n for n in units if units.count(n) > 1}):
        faults.append(Fault(where=f"{where}, '{twice}'", what="stands twice.", do="Keep one."))
    sources = {*units, INFLUENT, *drawing.doses}
    for pipe in drawing.pipes:
        if pipe.source not in sources:
            do = near(pipe.source, sources)
            do = "Write > between two places." if " " in pipe.source else do
            faults.append(Fault(where=where, what=f"no unit '{pipe.source}'.", do=do))
        parts = pipe.source in drawing.settlers or pipe.source in drawing.cycles
        outlets = ("overflow", "sludge") if parts else ("overflow",)
        if pipe.outlet not in outlets:
            what = f"'{pipe.source}' has no outlet '{pipe.outlet}'."
            faults.append(Fault(where=where, what=what, do=near(pipe.outlet, outlets)))
        if "." in pipe.target or pipe.target in {INFLUENT, *drawing.doses}:
            what = f"'{pipe.path}' ends at '{pipe.target}'."
            faults.append(Fault(where=where, what=what, do="Let it end at a unit or an outlet."))
    return [*faults, *_check_ends(drawing, where, units)]


def _check_ends(drawing: Drawing, where: str, units: Sequence[str]) -> list[Fault]:
    faults: list[Fault] = []
    # a name that is no unit ends the line; a near miss of a unit is a slip of the pen
    for end in drawing.outlets:
        hint = near(end, units)
        if hint.startswith("Did") and end not in ("effluent", "waste"):
            faults.append(Fault(where=where, what=f"no unit '{end}'.", do=hint))
    gravity = [p.source for p in drawing.pipes if p.is_gravity]
    for name in (INFLUENT, *units):
        count = gravity.count(name)
        if count != 1:
            what = (
                f"'{name}' has {count} gravity outlets." if count else f"'{name}' has no way out."
            )
            faults.append(Fault(where=where, what=what, do="Draw exactly one in a line."))
        if name != INFLUENT and all(p.target != name for p in drawing.pipes):
            faults.append(
                Fault(where=where, what=f"nothing flows to '{name}'.", do="Put it in a line.")
            )
    return faults


def _check_settlers(drawing: Drawing, where: str) -> list[Fault]:
    faults: list[Fault] = []
    for name, delay in drawing.delays.items():
        if not 1 <= delay.cells <= MOST_CELLS:
            do = f"Give 1 to {MOST_CELLS}."
            faults.append(Fault(where=f"{where}, {name}, cells", what=f"is {delay.cells}.", do=do))
    for name, settler in drawing.settlers.items():
        at = f"{where}, {name}"
        if settler.kind not in SETTLERS:
            faults.append(
                Fault(
                    where=f"{at}, kind",
                    what=f"'{settler.kind}' is not known.",
                    do=near(settler.kind, SETTLERS),
                )
            )
        if not 3 <= settler.layers <= 60 or not 1 < settler.feed_layer < settler.layers:
            what = f"{settler.layers} layers fed at {settler.feed_layer} cannot be."
            faults.append(Fault(where=at, what=what, do="Feed an inner layer of 3 to 60."))
        if not 0 <= settler.removal <= 1:
            faults.append(
                Fault(where=f"{at}, removal", what=f"is {settler.removal:g}.", do="Give 0 to 1.")
            )
        if all(p.outlet != "sludge" for p in drawing.pipes if p.source == name):
            faults.append(
                Fault(
                    where=at,
                    what="no pump takes its sludge.",
                    do=f"Add a pump '{name}.sludge > …'.",
                )
            )
    return faults
