"""Which rows speak of the same site: registry numbers first, exact names second."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from renvand.steps.register.identity import Code

ALIKE = 88.0  # rapidfuzz ratio of two names of one company that mean one plant of it
PLANT_SIGNS = frozenset(
    "一二三四五六七八九十东西南北新老分0123456789"
)  # tell plants of a company apart


@dataclass(frozen=True, kw_only=True)
class Mention:
    """A row that speaks of a site, with everything that may identify it."""

    place: str  # 'inbox/list.csv, line 4'
    register: str  # lists of one register share their own numbers
    number: str  # the register's own number of the site, or ''
    uscc: Code
    permit: Code
    name: str  # comparable spelling, or ''
    division: str
    address: str = ""  # comparable spelling, or ''


class _Groups:
    """Disjoint sets that know their smallest member."""

    def __init__(self, size: int) -> None:
        self.parent = list(range(size))

    def find(self, item: int) -> int:
        while self.parent[item] != item:
            self.parent[item] = self.parent[self.parent[item]]
            item = self.parent[item]
        return item

    def join(self, items: Sequence[int]) -> None:
        for other in items[1:]:
            first, second = sorted((self.find(items[0]), self.find(other)))
            self.parent[second] = first


def link(mentions: Sequence[Mention]) -> list[int]:
    """Give each mention the number of its site.

    Joined are: the same number of the same register; the same valid permit; the same valid
    credit code with the same name, or where the company has one site only; the same name in the
    same division where no registry number speaks against it. Two plants of one company, with two
    permits or two names, stay two sites.

    Parameters
    ----------
    mentions : sequence of Mention
        In the order of the lists.

    Returns
    -------
    list of int
        For each mention the position of the first mention of its site.
    """
    groups = _Groups(len(mentions))
    for key in (_own_number, _permit_number, _code_and_name):
        for members in _by(mentions, range(len(mentions)), key).values():
            groups.join(members)
    _join_companies(mentions, groups)
    _join_names(mentions, groups)
    return [groups.find(i) for i in range(len(mentions))]


def _own_number(mention: Mention) -> tuple[str, ...] | None:
    return (mention.register, mention.number) if mention.number else None


def _permit_number(mention: Mention) -> tuple[str, ...] | None:
    return (mention.permit.text,) if mention.permit.is_valid else None


def _code_and_name(mention: Mention) -> tuple[str, ...] | None:
    if not mention.uscc.is_valid or not mention.name or mention.permit.is_valid:
        return None
    return mention.uscc.text, mention.name, mention.number


def _name_and_division(mention: Mention) -> tuple[str, ...] | None:
    return (mention.name, mention.division) if mention.name else None


def _by(
    mentions: Sequence[Mention],
    items: Iterable[int],
    key: Callable[[Mention], tuple[str, ...] | None],
) -> Mapping[tuple[str, ...], list[int]]:
    found: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for i in items:
        value = key(mentions[i])
        if value is not None:
            found[value].append(i)
    return found


def _facts(
    mentions: Sequence[Mention], groups: _Groups
) -> dict[int, tuple[set[str], set[str], set[str]]]:
    """Collect valid credit codes, valid permits and names of each group."""
    found: dict[int, tuple[set[str], set[str], set[str]]] = {}
    for i, mention in enumerate(mentions):
        codes, permits, names = found.setdefault(groups.find(i), (set(), set(), set()))
        if mention.uscc.is_valid:
            codes.add(mention.uscc.text)
        if mention.permit.is_valid:
            permits.add(mention.permit.text)
            codes.add(mention.permit.text[:18])
        if mention.name:
            names.add(mention.name)
    return found


def _join_companies(mentions: Sequence[Mention], groups: _Groups) -> None:
    """Join the groups of one company that cannot be two plants of it.

    A group without permit joins the permitted one of its name, or the only permitted one when
    its name is missing or differs by other signs than those that tell plants apart.
    """
    facts = _facts(mentions, groups)
    by_code: dict[str, list[int]] = defaultdict(list)
    for group, (codes, _, _) in facts.items():
        for code in codes:
            by_code[code].append(group)
    for members in by_code.values():
        permitted = [g for g in members if facts[g][1]]
        for group in (g for g in members if not facts[g][1]):
            fitting = [g for g in permitted if facts[g][2] & facts[group][2]]
            if not fitting and len(permitted) == 1:
                fitting = [g for g in permitted if _is_one_plant(facts[g][2], facts[group][2])]
            if len(fitting) == 1:
                groups.join([fitting[0], group])


def _is_one_plant(names: set[str], others: set[str]) -> bool:
    """Say whether two sets of names of one company can mean one plant."""
    from rapidfuzz import fuzz

    if not names or not others:
        return True
    return any(
        fuzz.ratio(a, b) >= ALIKE and not PLANT_SIGNS & (set(a) ^ set(b))
        for a in names
        for b in others
    )


def _join_names(mentions: Sequence[Mention], groups: _Groups) -> None:
    """Join groups of one name and division unless their registry numbers differ."""
    by_name = _by(mentions, range(len(mentions)), _name_and_division)
    facts = _facts(mentions, groups)
    for (name, division), members in by_name.items():
        rest = by_name.get((name, ""), []) if division else []
        heads = sorted({groups.find(i) for i in (*members, *rest)})
        if len(heads) == 1:
            continue
        codes, permits, names = (set[str]().union(*(facts[g][k] for g in heads)) for k in range(3))
        numbers = {(mentions[i].register, mentions[i].number) for i in members}
        own = [register for register, number in numbers if number]
        if len(codes) <= 1 and len(permits) <= 1 and len(own) == len(set(own)):
            groups.join(heads)
            facts[heads[0]] = (codes, permits, names)
