"""The pictures of a company: water before and after, and the pipes of its networks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from renvand.steps.potential.catalogue import shipped
from renvand.steps.potential.company import TREATMENT_KINDS, Company
from renvand.steps.potential.network import PLANT, Reuse
from renvand.text import Words
from renvand.waternet import (
    DISCHARGE,
    Network,
    WaterCase,
    composite_curves,
    is_targetable,
    target,
)
from renvand.waternet.drawing import CurveWords, Flow, Tone, composite_svg, flow_diagram

if TYPE_CHECKING:
    import pandas as pd

LANGUAGES = ("en", "da", "zh")
_ENDS = ("drain", "sewer", "air", "product", "sludge")
_TONES: Mapping[str, Tone] = {
    "fresh": "fresh",
    "process": "fresh",
    "wastewater": "waste",
    "reuse": "reuse",
}


def pictures(company: Company, after: Company, *, reuse: Reuse | None) -> dict[str, str]:
    """Draw all pictures of a company.

    Parameters
    ----------
    company, after : Company
        As reviewed, and with the package.
    reuse : Reuse, optional
        Its networks.

    Returns
    -------
    dict of str to str
        SVG by ``<name>.<language>``; names ``water_now, water_after, pipes_now, pipes_direct,
        pipes_polished, pinch-<substance>``.
    """
    made: dict[str, str] = {}
    for language in LANGUAGES:
        words = Words(language)
        names = place_names(company, language=language)
        for name, state in (("water_now", company), ("water_after", after)):
            made[f"{name}.{language}"] = sankey_svg(
                state, names=names, title=words(f"potential.{name}")
            )
        if reuse is None:
            continue
        for name, flows in _networks(reuse):
            title = words(f"potential.{name}")
            made[f"{name}.{language}"] = pipes_svg(flows, names=names, title=title)
        for contaminant in reuse.case.contaminants:
            known = shipped("substances").get(contaminant, {})
            name = str(known.get(f"name_{language}") or contaminant)
            drawn = pinch_svg(single(reuse.case, contaminant), words=words, name=name)
            if drawn:
                made[f"pinch-{contaminant}.{language}"] = drawn
    return made


def place_names(company: Company, *, language: str) -> dict[str, str]:
    """Give what each place is called in a language."""
    words = Words(language)
    known = (*_ENDS, "supply", "fresh", "discharge", "membrane", "treatment")
    names = {place: words(f"potential.{place}") for place in known}
    names |= {unit: labels[language] for unit, labels in company.labels.items()}
    starts = {s.id: s.start for s in company.streams}
    return names | {s: names[unit] for s, unit in starts.items() if unit in names}


def sankey_svg(company: Company, *, names: Mapping[str, str], title: str) -> str:
    """Draw all water of a company, from the supply to where it leaves."""
    streams = [s for s in company.streams if s.flow > 0]
    flows = [
        Flow(
            start=s.start,
            end=s.end,
            amount=s.flow,
            tone=_TONES.get(s.kind, "other"),
            note=f"{s.id}: {s.flow:.3g} m³/d",
        )
        for s in streams
    ]
    return flow_diagram(flows, _columns(company), names=names, title=f"{title}, m³/d")


def _columns(company: Company) -> dict[str, int]:
    """Place supply, what makes water up, processes, treatment and the ends in five columns."""

    def column(place: str) -> int:
        kind = company.kinds.get(place)
        if place == "supply":
            return 0
        if kind == "storage":
            return 1
        if kind == "make-up":
            return 2
        if kind in ("equalisation", "neutralisation", "oil-separation"):
            return 5
        if kind in TREATMENT_KINDS:
            return 6 if kind == "treatment" else 4
        return 7 if kind is None else 3

    places = dict.fromkeys([p for s in company.streams for p in (s.start, s.end)])
    wanted = {place: column(place) for place in places}
    order = {c: i for i, c in enumerate(sorted(set(wanted.values())))}
    return {place: order[c] for place, c in wanted.items()}


def _networks(reuse: Reuse) -> Iterable[tuple[str, list[dict[str, Any]]]]:
    yield "pipes_now", present_flows(reuse.case)
    yield "pipes_direct", _rows(reuse.direct)
    if reuse.polished is not None:
        yield "pipes_polished", _rows(reuse.polished)


def _rows(network: Network) -> list[dict[str, Any]]:
    return network.flows.to_dict("records")  # pyright: ignore[reportReturnType]


def present_flows(case: WaterCase) -> list[dict[str, Any]]:
    """Write the plant without reuse: fresh water to all, and from all to the discharge."""
    fresh = case.fresh[0].name
    takes = [(o.name, o.flow or 0.0) for o in case.operations] + [
        (s.name, s.flow) for s in case.sinks
    ]
    gives = [(o.name, (o.flow or 0.0) - o.loss) for o in case.operations] + [
        (s.name, s.flow) for s in case.sources
    ]
    rows: list[dict[str, Any]] = [
        {"from": fresh, "from_role": "fresh", "to": name, "to_role": "operation", "flow": flow}
        for name, flow in takes
    ]
    return rows + [
        {
            "from": name,
            "from_role": "operation",
            "to": DISCHARGE.name,
            "to_role": "discharge",
            "flow": flow,
        }
        for name, flow in gives
        if flow > 0
    ]


def is_new(pipe: Mapping[str, Any]) -> bool:
    """Say whether a pipe is not there in a plant without reuse."""
    if pipe["from_role"] == "fresh":
        return False
    return pipe["to_role"] != "discharge" and pipe["to"] != PLANT


def pipes_svg(pipes: Sequence[Mapping[str, Any]], *, names: Mapping[str, str], title: str) -> str:
    """Draw who gives water to whom: left what leaves, right what takes it; new pipes stand out."""
    flows: list[Flow] = []
    labels: dict[str, str] = {}
    columns: dict[str, int] = {}
    for pipe in pipes:
        start, end = f"out {pipe['from']}", f"in {pipe['to']}"
        columns |= {start: 0, end: 1}
        labels |= {start: names.get(pipe["from"], pipe["from"])}
        labels |= {end: names.get(pipe["to"], pipe["to"])}
        is_waste = pipe["to_role"] == "discharge" or pipe["to"] == PLANT
        tone: Tone = "waste" if is_waste else "fresh"
        flows.append(
            Flow(
                start=start,
                end=end,
                amount=pipe["flow"],
                tone="new" if is_new(pipe) else tone,
                note=f"{labels[start]} → {labels[end]}: {pipe['flow']:.3g} m³/d",
            )
        )
    return flow_diagram(flows, columns, names=labels, title=title, width=760.0)


def single(case: WaterCase, contaminant: str) -> WaterCase:
    """Give the problem for one contaminant alone: fixed loads, worst inlets and outlets."""

    def only(amounts: Mapping[str, float]) -> dict[str, float]:
        return {contaminant: amounts.get(contaminant, 0.0)}

    return replace(
        case,
        contaminants=(contaminant,),
        fresh=tuple(replace(f, quality=only(f.quality)) for f in case.fresh),
        operations=(),
        sources=tuple(replace(s, quality=only(s.quality)) for s in case.sources)
        + tuple(_gives(case, contaminant)),
        sinks=tuple(replace(s, worst=only(s.worst)) for s in case.sinks)
        + tuple(_takes(case, contaminant)),
        treatments=(),
        limit=None,
        limit_load=None,
    )


def _gives(case: WaterCase, contaminant: str) -> Iterable[Any]:
    from renvand.waternet import Source

    for o in case.operations:
        flow = (o.flow or 0.0) - o.loss
        if flow > 0:
            carried = (o.flow or 0.0) * o.inlet[contaminant]
            added = o.load[contaminant] * case.load_factor
            worst = {contaminant: (carried + added) / flow}
            yield Source(name=o.name, flow=flow, quality=worst)


def _takes(case: WaterCase, contaminant: str) -> Iterable[Any]:
    from renvand.waternet import Sink

    for o in case.operations:
        yield Sink(
            name=o.name,
            flow=o.flow or 0.0,
            worst={contaminant: o.inlet[contaminant]},
        )


def pinch_svg(case: WaterCase, *, words: Words, name: str = "") -> str:
    """Draw the composite curves of a case with one contaminant; '' where there is no target.

    The contaminant is called `name`, or as the case calls it.
    """
    if not is_targetable(case):
        return ""
    found = target(case)
    curves = composite_curves(case, found)
    (contaminant,) = case.contaminants
    load = {"t/h": "kg/h", "m3/h": "kg/h", "kg/s": "kg/s"}.get(case.unit, "kg/d")
    level = f"{found.pinch[0]:.4g}" if found.pinch else ""
    return composite_svg(
        {
            str(name): list(zip(part["flow"], part["load"], strict=True))
            for name, part in curves.groupby("curve")
        },
        _touches(curves, found.pinch),
        fresh=found.fresh,
        words=CurveWords(
            title=words("potential.pinch_title", case=case.id, contaminant=name or contaminant),
            flow=words("potential.pinch_flow", unit=case.unit.replace("m3", "m³")),
            load=words("potential.pinch_load", unit=load),
            sinks=words("potential.pinch_sinks"),
            sources=words("potential.pinch_sources"),
            pinch=words("potential.pinch_point", value=level),
            fresh=words("potential.pinch_fresh", value=f"{found.fresh:.4g}"),
            waste=words("potential.pinch_waste", value=f"{found.waste:.4g}"),
        ),
    )


def _touches(curves: pd.DataFrame, pinch: Sequence[float]) -> list[tuple[float, float]]:
    """Find where the sources' curve touches that of the sinks: the end of the cleaner sinks."""
    sinks = curves[curves["curve"] == "sinks"]
    points: list[tuple[float, float]] = []
    for level in pinch[:1]:
        below = sinks[~(sinks["concentration_ppm"] >= level)]
        last = below.iloc[-1]
        points.append((float(last["flow"]), float(last["load"])))
    return points
