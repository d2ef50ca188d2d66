"""Key figures beside good practice: EU levels, Chinese grades and norms."""

from __future__ import annotations

import re
from typing import Any

from scipy.stats import norm

from renvand.steps.review.key_figures import KeyFigure
from renvand.steps.review.network import Reviewed, Row
from renvand.trace import Figure, Origin

SURE = 0.975  # of a level being met or missed
_TIMES = {("m3", "l"): 1000.0, ("l", "m3"): 0.001}


def comparison(reviewed: Reviewed, figures: list[KeyFigure]) -> tuple[list[Row], list[Figure]]:
    """Compare with every level of the same sector, key figure, kind of unit and unit.

    Parameters
    ----------
    reviewed : Reviewed
        A company.
    figures : list of KeyFigure
        Its key figures.

    Returns
    -------
    tuple
        Rows and traced figures. A level in another unit (per 100 m of cloth, where the review
        counts tonnes) is not compared. Levels for several products are all given; `is_nearest`
        marks the one whose name shares most words with the product, if there is one such.
    """
    better = {r["id"]: r["better"] for r in reviewed.knowledge.rows("indicators")}
    levels = [
        level
        for level in reviewed.knowledge.rows("good_practice")
        if level["sector"] == reviewed.data.settings["sector"]
        and (_said(level["low"]) or _said(level["high"]))
    ]
    rows: list[Row] = []
    traced: list[Figure] = []
    for k in figures:
        fitting = [x for x in levels if x["indicator"] == k.indicator and _fits(reviewed, k, x)]
        nearest = _nearest(reviewed, k, fitting)
        for level in fitting:
            times = _times(k.unit, str(level["unit"]))
            if times:
                row = _row(k, level, times, is_lower=better[k.indicator] == "lower")
                rows.append({**row, "is_nearest": nearest.get(_family(level)) == level["process"]})
                traced.append(_figure(k, level, row))
    return rows, traced


def _fits(reviewed: Reviewed, k: KeyFigure, level: Row) -> bool:
    """Whether a level speaks of the unit, or of the site; a grade for rinses holds for each."""
    if _said(level["substance"]) and level["substance"] != k.substance:
        return False
    if _said(level["unit_kinds"]):
        return reviewed.kinds.get(k.place) in str(level["unit_kinds"]).split("|")
    return not k.place or _each(k)


def _each(k: KeyFigure) -> bool:
    return k.indicator == "rinse-water"


def _said(value: Any) -> bool:
    return value is not None and value == value and value != ""


def _times(own: str, other: str) -> float:
    """Factor from our unit to that of the level; zero where they cannot be compared."""
    if own == other:
        return 1.0
    (a, _, per), (b, _, per_other) = own.partition("/"), other.partition("/")
    return _TIMES.get((a, b), 0.0) if per == per_other else 0.0


def _row(k: KeyFigure, level: Row, times: float, *, is_lower: bool) -> Row:
    value, sd = k.value * times, k.sd * times
    bound = float(level["high"] if is_lower and _said(level["high"]) else level["low"])
    miss = (bound - value) if is_lower else (value - bound)
    met = float(norm.cdf(miss / sd)) if sd > 0 else float(miss >= 0)
    return {
        "review": k.review,
        "indicator": k.indicator,
        "place": k.place,
        "value": value,
        "low": k.low * times,
        "high": k.high * times,
        "unit": level["unit"],
        "process": level["process"],
        "level": level["level"],
        "level_low": level["low"],
        "level_high": level["high"],
        "ratio": value / bound if bound else float("nan"),
        "probability_met": met,
        "position": "met" if met >= SURE else "missed" if met <= 1 - SURE else "unsure",
        "good_practice": level["id"],
        "source": level["source"],
        "locator": level["locator"],
        "confidence": level["confidence"],
        "figure": f"{k.id}.{level['id']}",
    }


def _figure(k: KeyFigure, level: Row, row: Row) -> Figure:
    return Figure(
        id=row["figure"],
        value=row["probability_met"],
        unit="1",
        method=f"probability that {k.indicator} meets the level, from its standard deviation",
        made_of=(
            k.id,
            Origin(
                file="knowledge/good_practice.csv",
                row=level["id"],
                column="high" if _said(level["high"]) else "low",
                value=str(level["high"] if _said(level["high"]) else level["low"]),
                source=level["source"],
                locator=level["locator"] or "",
                confidence=level["confidence"],
            ),
        ),
    )


def _family(level: Row) -> tuple[str, str]:
    """Levels of one key figure that differ by product or process only."""
    return level["source"], level["level"]


def _nearest(reviewed: Reviewed, k: KeyFigure, levels: list[Row]) -> dict[tuple[str, str], str]:
    """Choose in each family the process named most like ours; none when two are as like.

    Levels in units that cannot be compared take part: where ours is among them, another product's
    level does not step in for it.
    """
    mine = _words(str(reviewed.data.settings["product"]["en"])) | _layers(reviewed)
    if k.place:
        mine |= _words(str(reviewed.labels[k.place]["en"]))
    families: dict[tuple[str, str], dict[str, float]] = {}
    for level in levels:
        theirs = _words(str(level["process_en"]))
        score = sum(any(_akin(a, b) for b in mine) for a in theirs) / max(len(theirs), 1)
        families.setdefault(_family(level), {})[level["process"]] = score
    found: dict[tuple[str, str], str] = {}
    for family, scores in families.items():
        best = max(scores.values())
        names = [name for name, score in scores.items() if score == best]
        alone = len(scores) == 1
        site_wide = all(not _said(x["unit_kinds"]) for x in levels if _family(x) == family)
        # Names of units do not tell batch from continuous: of several, none is chosen.
        if (alone and (site_wide or best > 0)) or (site_wide and best > 0 and len(names) == 1):
            found[family] = names[0]
    return found


def _layers(reviewed: Reviewed) -> set[str]:
    """Say how many layers a plating line lays: as many as it has baths."""
    baths = sum(kind == "plating-bath" for kind in reviewed.kinds.values())
    return {"multi"} if baths > 1 else {"single"} if baths == 1 else set()


def _words(text: str) -> set[str]:
    return {w for w in re.findall(r"[a-z]+", text.lower()) if w not in ("and", "of", "with", "for")}


def _akin(a: str, b: str) -> bool:
    """The same word in another form: knit and knitted, rinse and rinsing."""
    return a == b or (min(len(a), len(b)) >= 4 and a[:4] == b[:4])


def base_volume(rows: list[Row]) -> Row | None:
    """Find the drainage per product that limits are counted on, for new sites."""
    fitting = [r for r in rows if r["level"] == "base-new" and r["is_nearest"]]
    return fitting[0] if len(fitting) == 1 else None
