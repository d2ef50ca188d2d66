"""What a person may see of a run: the rules of the record, carried to the files made from it.

Rows of the record are judged by :meth:`RecordSet.visible_to`. A table of a run is made from them,
so each names the level of what it was made from and the column that says whose a row is. A table
without a rule is seen by those who see everything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any, Literal

from renvand.partnership.models import Release, Review
from renvand.partnership.models.base import COMPANY, OFFICE, PUBLIC, REGISTER, Sight
from renvand.trace import Figure, Origin
from renvand.web.shown import Listing

Whose = Literal["", "enterprise", "review"]
SECRET = "secret"  # a level nobody holds but those who see all levels
LEVELS = (REGISTER, COMPANY, OFFICE)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Who sees a table of a run."""

    level: str
    whose: Whose = ""  # whose a row is, for those who see only their own
    column: str = ""  # that says so


_REVIEWS = Rule(level=COMPANY, whose="review", column="review")
_SITES = Rule(level=REGISTER, whose="enterprise", column="site")
_COMPANIES = Rule(level=REGISTER, whose="enterprise", column="id")
_TOGETHER = Rule(level=REGISTER)
RULES: Mapping[tuple[str, str], Rule] = {
    ("register", "enterprises"): _COMPANIES,
    ("register", "ranking"): _COMPANIES,
    **{
        ("register", name): _SITES for name in ("loads", "observations", "outlets", "permit_limits")
    },
    **{("register", name): _TOGETHER for name in ("changes", "doubts", "map", "register", "sites")},
    ("sectors", "comparison"): _TOGETHER,
    ("shortlist", "companies"): _COMPANIES,
    ("review", ""): _REVIEWS,
    ("potential", ""): _REVIEWS,
    ("plants", ""): Rule(level=PUBLIC),
    ("trial", ""): Rule(level=PUBLIC),
    ("effect", "removed"): Rule(level=COMPANY),
    ("effect", "intakes"): Rule(level=COMPANY),
    ("effect", "measures"): Rule(level=COMPANY, whose="review", column="measure"),
    ("effect", ""): _TOGETHER,
    ("sheets", ""): _TOGETHER,
    ("seminars", ""): _TOGETHER,
    ("secretariat", ""): Rule(level=OFFICE),
}
DRAFTS = ("secretariat", "agency", "reviewer")  # see documents before they are released


def rule(stage: str, table: str) -> Rule:
    """Give the rule of a table of a run."""
    return RULES.get((stage, table)) or RULES.get((stage, "")) or Rule(level=SECRET)


@dataclass(frozen=True, kw_only=True)
class Eyes:
    """One person's sight of one run."""

    seen: Sight
    reviews: frozenset[str]  # that the person may see
    every_review: frozenset[str]

    def is_all(self, level: str) -> bool:
        """Say whether every row of a level is open."""
        if level == PUBLIC:
            return True
        if level == SECRET:
            return all(self.seen.covers(each) for each in LEVELS)
        return self.seen.covers(level)

    def owns(self, whose: Whose, name: str) -> bool:
        """Say whether a row is one of those the person sees for another reason than a level."""
        if whose == "review":
            return name in self.reviews
        return whose == "enterprise" and name in self.seen.companies

    def may_see(self, stage: str, table: str) -> bool:
        """Say whether anything of a table can be seen."""
        found = rule(stage, table)
        if self.is_all(found.level):
            return True
        return bool({"review": self.reviews, "enterprise": self.seen.companies}.get(found.whose))

    def sees_findings(self, stage: str) -> bool:
        """Say whether what a step found can be seen: it names any row of the step."""
        rules = [found for (name, _), found in RULES.items() if name == stage]
        return bool(rules) and all(self.is_all(found.level) for found in rules)

    def rows(self, stage: str, table: str, *, listing: Listing) -> Listing:
        """Keep the rows of a table that the person may see."""
        found = rule(stage, table)
        if self.is_all(found.level):
            return listing
        if found.column not in listing.columns:
            return replace(listing, rows=())
        at = listing.columns.index(found.column)
        return replace(
            listing, rows=tuple(row for row in listing.rows if self.owns(found.whose, row[at]))
        )

    def figure(self, id: str) -> bool:
        """Say whether a figure can be seen: '<step>.<object>.<what>'."""
        stage, _, rest = id.partition(".")
        found = FIGURES.get(stage, Rule(level=SECRET))
        if self.is_all(found.level):
            return True
        known = {"review": self.every_review, "enterprise": self.seen.companies}.get(found.whose)
        return bool(known) and self.owns(found.whose, owner(rest, known))

    def origin(self, origin: Origin) -> bool:
        """Say whether the cell that a figure came from can be seen."""
        parts = PurePosixPath(origin.file).parts
        if parts[0] == "reviews":
            return len(parts) > 1 and (self.is_all(COMPANY) or parts[1] in self.reviews)
        if parts[0] in ("enterprises.csv", "outlets.csv", "observations.csv", "inbox") or (
            parts[0] == "permit_limits.csv"
        ):
            return self.is_all(REGISTER)
        if parts[0] in ("partners.csv", "budget.csv", "actions.csv"):
            return self.is_all(OFFICE)
        return parts[0] in OPEN_FILES or self.is_all(SECRET)

    def link(self, item: Figure | Origin) -> bool:
        """Say whether a link of a chain can be seen."""
        return self.figure(item.id) if isinstance(item, Figure) else self.origin(item)


OPEN_FILES = (
    "knowledge", "case.toml", "sources.toml", "reaches.csv", "splits.csv", "background.csv",
    "river_rates.csv", "plants.csv",
    "plants", "technologies.csv", "suppliers.csv", "prices.csv",
)  # fmt: skip


FIGURES: Mapping[str, Rule] = {
    "register": _COMPANIES,
    "sectors": _TOGETHER,
    "shortlist": _COMPANIES,
    "review": _REVIEWS,
    "potential": _REVIEWS,
    "removed": _REVIEWS,
    "plants": Rule(level=PUBLIC),
    "trial": Rule(level=PUBLIC),
    "effect": _TOGETHER,
    "publish": Rule(level=COMPANY),
    "secretariat": Rule(level=OFFICE),
}  # by the first word of a figure's id


def owner(rest: str, names: Iterable[str], *, end: str = ".") -> str:
    """Give the longest name that a figure's id goes on with: a name may hold points itself."""
    return max((name for name in names if rest.startswith(f"{name}{end}")), key=len, default="")


def eyes(user: Any, seen: Sight) -> Eyes:
    """Give a person's sight of the run."""
    reviews: Any = Review.objects
    every = frozenset[str](reviews.values_list("slug", flat=True))
    if seen.covers(COMPANY):
        return Eyes(seen=seen, reviews=every, every_review=every)
    own = frozenset[str](reviews.visible_to(user).values_list("slug", flat=True))
    return Eyes(seen=seen, reviews=own, every_review=every)


def document(path: str, *, by: Eyes, digest: Callable[[], str]) -> bool:
    """Say whether a document of a run can be seen: a draft, one's own, or once it is let out.

    Parameters
    ----------
    path : str
        Within ``out/``; what shows one review begins with its name.
    by : Eyes
        Of the person.
    digest : callable
        Gives the SHA-256 of the file; a release holds for the bytes that were released.
    """
    stage, name = PurePosixPath(path).parts[0], PurePosixPath(path).name.partition(".")[0]
    found = rule(stage, name)
    is_partner = by.seen.is_all or bool(by.seen.roles & set(DRAFTS))
    if is_partner and by.is_all(found.level):
        return True
    if found.whose == "review" and owner(name, by.every_review, end="-") in by.reviews:
        return True
    released = Release.objects.filter(path=path).first()
    return released is not None and released.sha256 == digest()
