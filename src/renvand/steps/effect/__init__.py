"""Step 8: what the rivers gain from what is removed, and where a kilogram helps most."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from renvand.errors import Fault
from renvand.river import network as make_network
from renvand.steps.case import CaseData
from renvand.steps.effect.figures import figures
from renvand.steps.effect.intakes import beyond, intakes
from renvand.steps.effect.layer import read_layer
from renvand.steps.effect.loads import of_outlets, of_plants, of_register
from renvand.steps.effect.pictures import pictures
from renvand.steps.effect.places import homeless, snapped
from renvand.steps.effect.plumes import banks
from renvand.steps.effect.reaches import ENDS, PROFILE, before_after, classes, profile
from renvand.steps.effect.removals import to_river
from renvand.steps.effect.water import Water, limits, waters
from renvand.steps.effect.worth import benefit_of, measures, ranking, sections_of
from renvand.steps.outcome import Outcome

if TYPE_CHECKING:
    import pandas as pd

HOURS = 24.0  # h/d
ALWAYS = ("COD", "BOD5", "NH4-N", "TP")  # what classes of rivers are decided by


def effect(case: CaseData, removals: pd.DataFrame, *, loads: pd.DataFrame | None = None) -> Outcome:
    """Follow what is removed down the rivers.

    Parameters
    ----------
    case : CaseData
        ``reaches.csv``, ``background.csv``, outlets and plants.
    removals : DataFrame
        ``substance``, ``kg_d``, ``figure`` and one of ``outlet``, ``plant``, ``reach``; see
        :func:`removals.to_river`.
    loads : DataFrame, optional
        Today's loads by :func:`of_register`: ``place``, ``kind``, ``reach``, ``substance``,
        ``kg_d``, ``basis``. Left out, those of the case's own outlets. Public plants are added.

    Returns
    -------
    Outcome
        Tables ``removed``, ``measures`` (ranked by river for money), ``reaches_before_after``,
        ``classes``, ``benefit`` (every place), ``sections`` (every place and control section),
        ``profile`` (from each place down to where the water leaves, low flow), ``banks``,
        ``intakes``, ``snapped``; a map in ``extras``.

    Raises
    ------
    FileError
        Faults of the reaches, unknown places.
    """
    rivers = waters(case)
    removed, notes = to_river(case, removals)
    today, assumed = _today(case, loads)
    substances = tuple(dict.fromkeys([*ALWAYS, *map(str, removed["substance"])]))
    table = before_after(case, rivers, loads=today, removed=removed, substances=substances)
    low = rivers["low"]
    benefit = benefit_of(case, low, substances=substances)
    worth = measures(benefit, removed)
    own = classes(case, table, lakes=_lakes(low))
    tables = {
        "removed": worth,
        "measures": ranking(worth),
        "reaches_before_after": table,
        "classes": own,
        "benefit": benefit,
        "sections": sections_of(case, low, substances=substances),
        "profile": _profiles(low, table, removed),
        **_near(case, rivers, today=today, removed=removed),
        "snapped": snapped(case)[0],
    }
    bare = [s for s in substances if _is_bare(table, s)]
    return Outcome(
        tables=tables,
        figures=figures(case, removed=removed, table=table),
        findings=(*notes, *assumed, *_no_background(case, bare), *beyond(case)),
        extras={"map": _map(case, low, own), "classes": list(case.standards.classes)},
    )


def network(case: CaseData) -> Outcome:
    """Check the reaches and list them from the sources to where the water leaves.

    Returns
    -------
    Outcome
        Tables ``network`` (order, flows with effluent, travel time, mixing length) and
        ``snapped``: outlets and plants joined to a reach by their position. Findings name those
        that are doubtful, too far, or have no position.
    """
    import pandas as pd

    rivers = waters(case)
    low, net = rivers["low"], rivers["low"].net
    table = pd.DataFrame(
        {
            "reach": [str(name) for name in net.ids],
            "downstream": ["" if d < 0 else str(net.ids[d]) for d in net.down],
            "length_km": low.length_km,
            "flow_mean_m3_s": rivers["mean"].flow,
            "flow_low_m3_s": low.flow,
            "low_travel_h": HOURS * low.time,
            "low_mixing_km": low.mixing_km,
        }
    )
    joined, doubts = snapped(case)
    tables = {"network": table, "snapped": joined}
    return Outcome(tables=tables, findings=(*doubts, *homeless(case), *beyond(case)))


def network_of_file(path: Path, *, layer: str = "") -> Outcome:
    """Check the reaches of a file of maps and list them from the sources down.

    Parameters
    ----------
    path : Path
        GeoPackage, shapefile, GeoJSON or CSV; see :func:`layer.read_layer`.
    layer : str
        Which one, where the file has several.

    Returns
    -------
    Outcome
        Table ``network``: the columns of ``reaches.csv`` that the file has, upstream first.
    """
    read = read_layer(path, layer=layer)
    net = make_network(read.reaches, read.splits)
    return Outcome(tables={"network": read.reaches.iloc[net.order].reset_index(drop=True)})


def run(case: CaseData, *, loads: pd.DataFrame | None = None) -> Outcome:
    """Compute the rivers as they are: concentrations and classes at mean and at low flow."""
    rivers = waters(case)
    today, assumed = _today(case, loads)
    nothing = to_river(case, _nothing())[0]
    table = before_after(case, rivers, loads=today, removed=nothing, substances=ALWAYS)
    renamed = {f"before{end}_mg_l": f"concentration{end}_mg_l" for end in ENDS}
    kept = ["reach", "flow", "substance", *renamed, "is_mixed"]
    own = classes(case, table, lakes=_lakes(rivers["low"]))
    own = own[["reach", "flow", "class_before", "decides_before", "is_mixed"]]
    own = own.rename(columns={"class_before": "class", "decides_before": "decides"})
    tables = {"reaches": table[kept].rename(columns=renamed), "classes": own, "loads": today}
    return Outcome(tables=tables, findings=assumed)


def benefit(case: CaseData, *, substances: tuple[str, ...] = ALWAYS) -> Outcome:
    """Rank every outlet and plant by what a kilogram less is worth at low flow.

    Returns
    -------
    Outcome
        Tables ``benefit`` (whole river) and ``sections`` (every control section).
    """
    low = waters(case)["low"]
    tables = {
        "benefit": benefit_of(case, low, substances=substances),
        "sections": sections_of(case, low, substances=substances),
    }
    return Outcome(tables=tables)


def _lakes(water: Water) -> frozenset[str]:
    return frozenset(
        str(n) for n, is_lake in zip(water.net.ids, water.is_lake, strict=True) if is_lake
    )


def _nothing() -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(columns=["outlet", "substance", "kg_d", "figure"])


def _today(case: CaseData, loads: pd.DataFrame | None) -> tuple[pd.DataFrame, tuple[Fault, ...]]:
    """Join loads of outlets and plants; those whose reach is not in the table are named."""
    import pandas as pd

    plants, findings = of_plants(case)
    outlets = of_outlets(case) if loads is None else loads
    parts = [part for part in (outlets, plants) if len(part)]
    table = pd.concat(parts, ignore_index=True) if parts else plants
    is_known = table["reach"].isin(list(case.tables["reaches"]["id"]))
    unknown = sorted(set(table.loc[~is_known, "reach"]))
    if unknown:
        what = f"lacks {', '.join(unknown)}, to which outlets discharge."
        do = "Add the reaches; the loads there are left out."
        findings = (*findings, Fault(where="reaches.csv", what=what, do=do))
    return table[is_known], (*snapped(case)[1], *homeless(case), *findings)


def _profiles(water: Water, table: pd.DataFrame, removed: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    starts = removed[["reach", "substance"]].drop_duplicates()
    parts = [
        profile(water, table, reach=str(reach), substance=str(substance))
        for reach, substance in zip(starts["reach"], starts["substance"], strict=True)
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(PROFILE))


def _near(
    case: CaseData, rivers: dict[str, Water], *, today: pd.DataFrame, removed: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """Look at banks and intakes, at every flow."""
    import pandas as pd

    both = {
        "banks": [banks(case, w, loads=today, removed=removed) for w in rivers.values()],
        "intakes": [intakes(case, w, removed=removed) for w in rivers.values()],
    }
    return {name: pd.concat(parts, ignore_index=True) for name, parts in both.items()}


def _is_bare(table: pd.DataFrame, substance: str) -> bool:
    return bool(table.loc[table["substance"] == substance, "before_mg_l"].isna().all())


def _no_background(case: CaseData, substances: list[str]) -> tuple[Fault, ...]:
    """Name what is shown as a change only: no background, or no limit in river water."""
    judged = [s for s in substances if s in limits(case)]
    others = [s for s in substances if s not in limits(case)]
    do = "The change is shown without before, after and class."
    faults: list[Fault] = []
    if judged:
        what = f"does not give {', '.join(judged)}."
        faults.append(Fault(where="background.csv", what=what, do=do))
    if others:
        what = f"river water has no limit for {', '.join(others)}, and background.csv no value."
        faults.append(Fault(where="effect", what=what, do=do))
    return tuple(faults)


def _map(case: CaseData, water: Water, table: pd.DataFrame) -> list[dict[str, object]]:
    """Reaches with position, the reach below, flow and classes, for a map."""
    columns = ["downstream", "longitude", "latitude", "name_zh", "name_en"]
    places = case.tables["reaches"].set_index("id")[columns]
    low = table[table["flow"] == water.name].join(places, on="reach")
    flows = dict(zip(map(str, water.net.ids), water.flow, strict=True))
    low = low.assign(flow_m3_s=low["reach"].map(flows))
    return [
        {str(k): (None if v != v else v) for k, v in row.items()} for row in low.to_dict("records")
    ]


__all__ = [
    "benefit",
    "effect",
    "network",
    "network_of_file",
    "of_register",
    "pictures",
    "read_layer",
    "run",
    "waters",
]
