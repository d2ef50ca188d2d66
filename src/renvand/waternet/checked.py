"""Whether a case that was written in Python is one: files are checked where they are read."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from numbers import Real

from renvand.errors import Fault, FileError, near
from renvand.waternet.case import LOAD_FACTORS, OBJECTIVES, Amounts, WaterCase


def require(case: WaterCase) -> None:
    """Refuse a case that makes no sense.

    Raises
    ------
    FileError
        With all its faults.
    """
    faults = [*_words(case), *_amounts(case), *_flows(case)]
    if faults:
        raise FileError(faults)


def _words(case: WaterCase) -> Iterator[Fault]:
    where = f"case '{case.id}'"
    if isinstance(case.contaminants, str) or not case.contaminants:
        do = f"Write them as ('{case.contaminants or 'COD'}',)."
        yield Fault(where=where, what="contaminants are not a tuple of names.", do=do)
    for key, word, words in (
        ("unit", case.unit, LOAD_FACTORS),
        ("objective", case.objective, OBJECTIVES),
    ):
        if word not in words:
            yield Fault(where=where, what=f"{key} '{word}' is not known.", do=near(word, words))
    places = (*case.fresh, *case.operations, *case.sources, *case.sinks, *case.treatments)
    names = Counter((type(place).__name__.lower(), place.name) for place in places)
    for (kind, name), times in names.items():
        if times > 1:
            yield Fault(where=f"{where}, {kind} '{name}'", what="stands twice.", do="Rename one.")


def _amounts(case: WaterCase) -> Iterator[Fault]:
    given: list[tuple[str, str, Amounts, bool]] = [
        *((f"fresh '{f.name}'", "quality", f.quality, True) for f in case.fresh),
        *((f"source '{s.name}'", "quality", s.quality, True) for s in case.sources),
        *((f"sink '{s.name}'", "worst", s.worst, False) for s in case.sinks),
        *((f"operation '{o.name}'", "load", o.load, True) for o in case.operations),
        *((f"operation '{o.name}'", "inlet", o.inlet, True) for o in case.operations),
        *((f"operation '{o.name}'", "outlet", o.outlet, True) for o in case.operations if o.outlet),
        *((f"treatment '{t.name}'", "removal", t.removal, False) for t in case.treatments),
        *((f"treatment '{t.name}'", "outlet", t.outlet, False) for t in case.treatments),
    ]
    for place, key, amounts, is_whole in given:
        where = f"case '{case.id}', {place}, {key}"
        for name in () if place.startswith("treatment") else amounts:  # it may do more than asked
            if name not in case.contaminants:
                do = near(name, case.contaminants)
                yield Fault(where=where, what=f"'{name}' is no contaminant.", do=do)
        for name in case.contaminants if is_whole else ():
            if name not in amounts:
                do = "Add it; 0 when there is none."
                yield Fault(where=where, what=f"lacks contaminant '{name}'.", do=do)
        for name, amount in amounts.items():
            yield from _size(where, name, amount=amount)


def _flows(case: WaterCase) -> Iterator[Fault]:
    for kind, places in (("source", case.sources), ("sink", case.sinks)):
        for place in places:
            yield from _size(f"case '{case.id}', {kind} '{place.name}'", "flow", amount=place.flow)


def _size(where: str, name: str, *, amount: object) -> Iterator[Fault]:
    if not isinstance(amount, Real) or not 0 <= float(amount) < math.inf:
        yield Fault(where=where, what=f"'{name}' is {amount!r}.", do="Give 0 or more.")
