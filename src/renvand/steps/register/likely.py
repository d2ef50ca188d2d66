"""Rows that speak of one site by name and address together, judged by rows whose number is known.

A row with a registry number is a labelled row: two of a company with one plant are a true pair,
two of different companies a false one. From them splink's model learns how names and addresses of
one site differ, and the threshold is learnt on one half of the companies and measured on the other.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from renvand.steps.register.link import Mention
from renvand.steps.register.similar import Plan, pairs
from renvand.steps.register.threshold import Quality, learnt, measured

if TYPE_CHECKING:
    import pandas as pd

FEWEST = 50  # true pairs in each half; with fewer neither model nor threshold can be learnt
SEED = 1  # of the random pairs that tell how often strangers agree
PLAN = Plan(
    fields={"name": "name", "address": "text"},
    blocks=[["division"], ["name"], ["address"]],
    label="label",
)


@dataclass(frozen=True, kw_only=True)
class Likely:
    """Pairs of sites above the threshold, best first, and how good the threshold is."""

    pairs: tuple[tuple[int, int, float], ...] = ()  # two sites and the probability
    quality: Quality | None = None  # on the half that was not learnt from; None: nothing learnt
    labelled: int = 0  # true pairs that were there to learn from


def likely(mentions: Sequence[Mention], sites: Sequence[int]) -> Likely:
    """Find pairs of sites that are alike in name and address.

    Not used where too few rows of different lists share a registry number, or where all rows
    have one: then nothing can be learnt, or nothing is left.

    Parameters
    ----------
    mentions : sequence of Mention
        All rows.
    sites : sequence of int
        Their sites, from :func:`renvand.steps.register.link.link`.
    """
    rows = _rows(mentions, sites)
    known = rows[rows["label"] != ""]
    is_first = known["label"].map(_is_first)
    totals = [_true_pairs(known[is_first == side]) for side in (True, False)]
    if min(totals) < FEWEST or len(known) == len(rows):
        return Likely(labelled=sum(totals))
    found = pairs(rows, plan=PLAN, seed=SEED)
    site: dict[str, int] = dict(zip(rows["id"], rows["site"], strict=True))
    label: dict[str, str] = dict(zip(rows["id"], rows["label"], strict=True))
    quality = _quality(found, label, totals=totals)
    told: dict[tuple[int, int], float] = {}
    for a, b, p in zip(found["first"], found["second"], found["probability"], strict=True):
        first, second = sorted((site[a], site[b]))
        if first != second and p >= quality.threshold:
            told.setdefault((first, second), float(p))  # the best comes first
    return Likely(
        pairs=tuple((first, second, p) for (first, second), p in told.items()),
        quality=quality,
        labelled=sum(totals),
    )


def _rows(mentions: Sequence[Mention], sites: Sequence[int]) -> pd.DataFrame:
    """Give each list's different spellings of a site once; the label is empty without a number."""
    import pandas as pd

    permits: dict[str, set[str]] = defaultdict(set)
    for mention in mentions:
        if mention.permit.is_valid:
            permits[mention.uscc.text].add(mention.permit.text)
    seen: dict[tuple[Any, ...], dict[str, Any]] = {}
    for mention, site in zip(mentions, sites, strict=True):
        if not mention.name:
            continue
        code = mention.uscc.text
        is_known = mention.uscc.is_valid and len(permits[code]) <= 1  # else: several plants
        file = mention.place.rsplit(", line ", 1)[0]
        row = {
            "name": mention.name,
            "address": mention.address,
            "division": mention.division,
            "label": code if is_known else "",
        }
        seen.setdefault((file, *row.values()), {"site": site, **row})
    made = pd.DataFrame(list(seen.values()), columns=["site", *PLAN.fields, "division", "label"])
    return made.assign(id=[f"{n:09d}" for n in range(len(made))])


def _is_first(label: str) -> bool:
    """Part the companies into two halves, the same each time."""
    return hashlib.sha256(label.encode()).digest()[0] % 2 == 0


def _true_pairs(known: pd.DataFrame) -> int:
    sizes = known["label"].value_counts()
    return int((sizes * (sizes - 1) // 2).sum())


def _quality(found: pd.DataFrame, label: Mapping[str, str], *, totals: Sequence[int]) -> Quality:
    """Learn the threshold on the first half of the companies, measure it on the second."""
    first, second = found["first"].map(label), found["second"].map(label)
    truth = first == second
    sides = [
        (first != "") & (second != "") & (first.map(_is_first) == side)
        & (second.map(_is_first) == side)
        for side in (True, False)
    ]  # fmt: skip
    scores = [found.loc[side, "probability"] for side in sides]
    threshold = learnt(scores[0], truth[sides[0]], total=totals[0]).threshold
    return measured(scores[1], truth[sides[1]], total=totals[1], threshold=threshold)
