"""The water network of a company: who could give water to whom, at a proven optimum.

Each unit with a stated demand becomes an operation of fixed flow and load; what it gives out grows
dirtier with what it takes in, so a network found here closes its mass balance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from renvand.errors import Fault, SolveError
from renvand.steps.case import records
from renvand.steps.potential.company import TREATMENT_KINDS, Company, Stream
from renvand.waternet import (
    Fresh,
    Network,
    Operation,
    Rung,
    Sink,
    Source,
    Treatment,
    WaterCase,
    ladder,
    solve,
)

if TYPE_CHECKING:
    import pandas as pd

FRESH = "fresh"
PLANT = "treatment"
MEMBRANE = "membrane"
CONSERVATIVE = ("TDS", "salt", "conductivity")  # treatment plants let dissolved salts pass
REJECTION = 0.97  # share held back, low end for plating reuse; unit_defaults.csv, leakage 3 %
SECONDS = 20.0  # for each network
GAP = 1e-3  # the flows themselves are known to a few per cent
RUNGS = (1, 2, 3, 4)
_LEAST_SOURCE = 0.5  # m³/d; smaller drains are not worth a pipe


@dataclass(frozen=True, kw_only=True)
class Reuse:
    """The networks of a company.

    Attributes
    ----------
    case : WaterCase
        The problem without new treatment.
    direct : Network
        Best reuse without new treatment.
    polished : Network or None
        Best reuse with a membrane behind the treatment plant.
    rungs : tuple of Rung
        Best networks with 1, 2, 3, … new pipes.
    findings : tuple of Fault
        Streams that could not take part, and why.
    """

    case: WaterCase
    direct: Network
    polished: Network | None
    rungs: tuple[Rung, ...]
    findings: tuple[Fault, ...]

    @property
    def present(self) -> float:
        """Give the clean water of all units that take part. [m³/d]"""
        return _wanted(self.case)

    @property
    def returned(self) -> float:
        """Give the membrane's water that the units take. [m³/d]"""
        if self.polished is None:
            return 0.0
        flows = self.polished.flows
        is_used = (flows["from"] == MEMBRANE) & (flows["to_role"] != "discharge")
        return float(flows.loc[is_used, "flow"].sum())


def _wanted(case: WaterCase) -> float:
    units = sum(o.flow or 0.0 for o in case.operations)
    return units + sum(s.flow for s in case.sinks)


def reuse_of(company: Company, *, recovery: float, is_laddered: bool = True) -> Reuse | None:
    """Solve the networks of a company.

    Parameters
    ----------
    company : Company
        With demands; without any there is no network.
    recovery : float
        Share of treated water that a membrane gives back; 0 leaves the membrane out.
    is_laddered : bool
        Solve the ladder too.

    Returns
    -------
    Reuse or None
        None when the review states no demands that streams can be judged by.
    """
    case, findings = water_case(company)
    if case is None:
        return None
    direct = solve(case, seconds=SECONDS, gap=GAP)
    polished = None
    with_membrane = polishing(company, case, recovery=recovery) if recovery else None
    if with_membrane is not None:
        try:
            polished = solve(with_membrane, seconds=SECONDS, gap=GAP)
        except SolveError as error:
            findings += tuple(error.faults)
    rungs = ladder(case, rungs=RUNGS, seconds=SECONDS, gap=GAP) if is_laddered else ()
    return Reuse(case=case, direct=direct, polished=polished, rungs=rungs, findings=findings)


def water_case(company: Company) -> tuple[WaterCase | None, tuple[Fault, ...]]:
    """Write a company as a network problem.

    Parameters
    ----------
    company : Company
        With reconciled flows and qualities.

    Returns
    -------
    tuple
        The case, None when nothing can be judged; and what was left out.
    """
    judged = tuple(sorted({k for demand in company.demands.values() for k in demand}))
    fresh = {k: company.supply.quality.get(k, 0.0) for k in judged}
    where = f"reviews/{company.id}/samples.csv"
    unknown = [k for k in judged if k not in company.supply.quality]
    findings = (
        [
            Fault(
                where=where,
                what=f"the supply was not sampled for {', '.join(unknown)}; 0 mg/l is taken.",
                do="Take a sample of the supply.",
            )
        ]
        if unknown
        else []
    )
    operations, sinks = _takers(company, fresh)
    sources = _givers(company, judged, taken={o.name for o in operations})
    silent = [s for s in _drains(company) if not all(k in s.quality for k in judged)]
    findings += [
        Fault(
            where=where,
            what=f"stream {s.id} lacks {', '.join(k for k in judged if k not in s.quality)}; "
            "it is not offered for reuse.",
            do="Take a sample of it.",
        )
        for s in silent
    ]
    if not judged or not operations:
        return None, tuple(findings)
    case = WaterCase(
        id=company.id,
        contaminants=judged,
        kind="company",
        unit="m3/d",
        fresh=(Fresh(name=FRESH, quality=fresh),),
        operations=operations,
        sources=sources,
        sinks=sinks,
    )
    return case, tuple(findings)


def _drains(company: Company) -> list[Stream]:
    """List the drained streams of processes: not of the treatment, not of washrooms."""
    return [
        s
        for s in company.streams
        if s.kind == "wastewater"
        and s.flow >= _LEAST_SOURCE
        and company.kinds.get(s.start, "sanitary") not in (*TREATMENT_KINDS, "sanitary")
    ]


def _mixed(streams: list[Stream], judged: tuple[str, ...]) -> dict[str, float] | None:
    """Give the mean quality of streams; None when one is not known."""
    flow = sum(s.flow for s in streams)
    if flow < _LEAST_SOURCE or not all(k in s.quality for s in streams for k in judged):
        return None
    return {k: sum(s.flow * s.quality[k] for s in streams) / flow for k in judged}


def _takers(
    company: Company, fresh: dict[str, float]
) -> tuple[tuple[Operation, ...], tuple[Sink, ...]]:
    judged = tuple(fresh)
    operations: list[Operation] = []
    sinks: list[Sink] = []
    for unit, demand in company.demands.items():
        flow = company.water(unit)
        if flow < _LEAST_SOURCE:
            continue
        # what no demand was stated for stays as clean as the supply
        inlet = {k: max(demand.get(k, 0.0), fresh[k]) for k in judged}
        drains = company.out_of(unit, ("wastewater", "reuse"))
        quality = _mixed(drains, judged)
        if quality is None:
            sinks.append(Sink(name=unit, flow=flow, worst=inlet))
            continue
        drained = sum(s.flow for s in drains)
        load = {k: max(drained * quality[k] - flow * fresh[k], 0.0) / 1000 for k in judged}
        operations.append(
            Operation(name=unit, load=load, inlet=inlet, flow=flow, loss=flow - drained)
        )
    return tuple(operations), tuple(sinks)


def _givers(company: Company, judged: tuple[str, ...], *, taken: set[str]) -> tuple[Source, ...]:
    made: list[Source] = []
    for s in _drains(company):
        quality = _mixed([s], judged)
        if s.start not in taken and quality is not None:
            made.append(Source(name=s.id, flow=s.flow, quality=quality))
    return tuple(made)


def polishing(company: Company, case: WaterCase, *, recovery: float) -> WaterCase | None:
    """Add the treatment plant as it works now, and a membrane behind it.

    Parameters
    ----------
    company : Company
        Its plant's effluent must be sampled.
    case : WaterCase
        The case without treatment.
    recovery : float
        Share of the membrane's feed that comes back as permeate.

    Returns
    -------
    WaterCase or None
        None when the effluent's quality is not known. The plant keeps its present outlet, but
        lets salts pass; the membrane holds back :data:`REJECTION` of everything.
    """
    effluents = [
        s
        for s in company.streams
        if company.kinds.get(s.start) == "treatment" and s.kind == "wastewater"
    ]
    quality = _mixed(effluents, tuple(k for k in case.contaminants if k not in CONSERVATIVE))
    if quality is None:
        return None
    plant = Treatment(name=PLANT, outlet=quality, removal=dict.fromkeys(CONSERVATIVE, 0.0))
    held = dict.fromkeys(case.contaminants, REJECTION)
    membrane = Treatment(name=MEMBRANE, removal=held, recovery=recovery)
    starts = [o.name for o in case.operations] + [s.name for s in case.sources]
    takers = [o.name for o in case.operations] + [s.name for s in case.sinks]
    forbidden = {(start, MEMBRANE) for start in starts}
    forbidden |= {(PLANT, taker) for taker in takers} | {(MEMBRANE, PLANT)}
    return replace(case, treatments=(plant, membrane), forbidden=frozenset(forbidden))


def pipe_rows(company: Company, reuse: Reuse) -> pd.DataFrame:
    """List the pipes of both networks for people: labels, flow, quality, whether to build.

    Returns
    -------
    DataFrame
        Columns network ('direct', 'polished'), from, to, from_en … to_zh, flow_m3_d, is_new and
        one column ``<substance>_mg_l`` each.
    """
    import pandas as pd

    rows: list[dict[str, Any]] = []
    for name, network in (("direct", reuse.direct), ("polished", reuse.polished)):
        if network is None:
            continue
        for pipe in records(network.flows):
            ends = labels_of(company, pipe)
            is_new = pipe["from_role"] != "fresh" and pipe["to_role"] != "discharge"
            is_new &= pipe["to"] != PLANT
            quality = {f"{k}_mg_l": pipe[k] for k in reuse.case.contaminants}
            rows.append(
                {
                    "network": name,
                    "from": pipe["from"],
                    "to": pipe["to"],
                    **ends,
                    "flow_m3_d": pipe["flow"],
                    "is_new": is_new,
                    **quality,
                }
            )
    return pd.DataFrame(rows)


def labels_of(company: Company, pipe: Mapping[str, Any]) -> dict[str, str]:
    """Name both ends of a pipe for people: 'from_en' … 'to_zh'."""
    return {
        f"{end}_{language}": _label(company, str(pipe[end]), language=language)
        for end in ("from", "to")
        for language in ("en", "da", "zh")
    }


def _label(company: Company, place: str, *, language: str) -> str:
    stream = next((s for s in company.streams if s.id == place), None)
    unit = stream.start if stream is not None else place
    return company.labels.get(unit, {}).get(language, place)
