"""Sites that may be one: names alike, nothing in a registry against it; for a person to decide."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from renvand.steps.register.link import Mention

# Jaro-Winkler similarity from which a pair is shown. The threshold learnt for two lists that are
# known to overlap is 0.35 to 0.37; within one register nearly all sites differ, so it lies higher:
# on the labelled Chinese names precision stays 1.00 and recall is 0.95 to 0.96.
# tests/reference/register/test_linkage_quality.py
ASK = 0.85
MOST = 4_000  # sites compared all with all; of more, those whose names begin with the same sign


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """Two sites that may be one: for a person to decide."""

    first: int
    second: int
    score: float
    reason: str


@dataclass
class _Site:
    """What all rows of a site say together."""

    names: list[str] = field(default_factory=list[str])
    codes: set[str] = field(default_factory=set[str])
    permits: set[str] = field(default_factory=set[str])
    divisions: set[str] = field(default_factory=set[str])


def doubts(
    mentions: Sequence[Mention],
    sites: Sequence[int],
    *,
    apart: Set[frozenset[int]],
    likely: Sequence[tuple[int, int, float]] = (),
) -> list[Doubt]:
    """Find pairs of sites of one district of which each is the other's most similar.

    Then, for sites not in such a pair, those that are alike in name and address together.

    Nothing is joined by similarity. Two registry numbers that differ beat it: such pairs are not
    shown, nor are two permits of one company.

    Parameters
    ----------
    mentions, sites
        As in :func:`renvand.steps.register.link.link` and from it.
    apart : set of frozenset of int
        Pairs of sites that a person has kept apart; the next similar is shown instead.
    likely : sequence of tuple
        Two sites and a probability, from :func:`renvand.steps.register.likely.likely`.

    Returns
    -------
    list of Doubt
        Most similar first.
    """
    found = _together(mentions, sites)
    made = {
        (doubt.first, doubt.second): doubt
        for heads in _blocks(found)
        for doubt in _within(heads, found, apart)
    }
    asked = {site for pair in made for site in pair}
    for first, second, probability in likely:
        a, b = found[first], found[second]
        is_apart = frozenset((first, second)) in apart or _differ(a, b)
        if not is_apart and not asked & {first, second}:
            asked |= {first, second}
            made[first, second] = Doubt(
                first=first,
                second=second,
                score=round(100 * probability, 1),
                reason="similar name and address",
            )
    return sorted(made.values(), key=lambda d: (-d.score, d.first, d.second))


def _together(mentions: Sequence[Mention], sites: Sequence[int]) -> dict[int, _Site]:
    found: dict[int, _Site] = defaultdict(_Site)
    for mention, head in zip(mentions, sites, strict=True):
        site = found[head]
        if mention.name and mention.name not in site.names:
            site.names.append(mention.name)
        if mention.uscc.is_valid:
            site.codes.add(mention.uscc.text)
        if mention.permit.is_valid:
            site.permits.add(mention.permit.text)
        if mention.division:
            site.divisions.add(mention.division)
    return {head: site for head, site in found.items() if site.names}


def _blocks(found: dict[int, _Site]) -> Iterator[list[int]]:
    """Part the sites by district, and where that is not enough by how their names begin."""
    by_division: dict[str, list[int]] = defaultdict(list)
    for head, site in found.items():
        for division in site.divisions or {""}:
            by_division[division].append(head)
    for heads in by_division.values():
        if len(heads) <= MOST:
            yield heads
            continue
        by_sign: dict[str, list[int]] = defaultdict(list)
        for head in heads:
            for sign in {name[0] for name in found[head].names}:
                by_sign[sign].append(head)
        yield from by_sign.values()


def _differ(a: _Site, b: _Site) -> bool:
    """Say whether registry numbers speak against it."""
    other_company = bool(a.codes and b.codes and not a.codes & b.codes)
    return other_company or bool(a.permits and b.permits)


def _within(
    heads: Sequence[int], found: dict[int, _Site], apart: Set[frozenset[int]]
) -> Iterator[Doubt]:
    named = [(head, name) for head in heads for name in found[head].names]
    owner = [head for head, _ in named]
    scores = similarity([name for _, name in named])
    scores[np.equal.outer(owner, owner)] = 0.0
    for i, j in np.argwhere(np.triu(scores >= ASK)).tolist():
        a, b = found[owner[i]], found[owner[j]]
        if _differ(a, b) or frozenset((owner[i], owner[j])) in apart:
            scores[i, j] = scores[j, i] = 0.0
    for i, j, score in mutual(scores):
        first, second = sorted((owner[i], owner[j]))
        is_same = bool(found[first].codes & found[second].codes)
        reason = "same company, similar names" if is_same else "similar names"
        if score >= ASK:
            yield Doubt(first=first, second=second, score=round(100 * score, 1), reason=reason)


def similarity(names: Sequence[str], others: Sequence[str] | None = None) -> Any:
    """Compare all names with all others (or with each other) by Jaro and Winkler.

    Parameters
    ----------
    names, others : sequence of str
        In their comparable spelling.

    Returns
    -------
    array (name, other)
        0 to 1.

    References
    ----------
    winkler1990
    """
    from rapidfuzz import process
    from rapidfuzz.distance import JaroWinkler

    given = names if others is None else others
    return process.cdist(names, given, scorer=JaroWinkler.similarity, dtype=np.float32)


def mutual(scores: npt.NDArray[np.float32]) -> Iterator[tuple[int, int, float]]:
    """Yield the pairs of which each is the other's most similar; one of several as similar."""
    if not scores.size:
        return
    best, back = scores.argmax(axis=1), scores.argmax(axis=0)
    for i, j in enumerate(best):
        if back[j] == i and scores[i, j] > 0:
            yield i, int(j), float(scores[i, j])
