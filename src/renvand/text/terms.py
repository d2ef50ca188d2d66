"""Are the agreed terms used? Every sentence is held against the glossary."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

SHORTEST = 5  # letters of an English term that is looked for; shorter ones mean too many things
STEM = 3  # letters that Danish inflection may change at the end of a word


@dataclass(frozen=True, kw_only=True)
class Departure:
    """A sentence whose translation does not hold the agreed term."""

    key: str
    language: str
    term: str  # in English
    agreed: str  # in the language
    sentence: str


def departures(
    sentences: Mapping[str, Mapping[str, str]],
    glossary: Iterable[Mapping[str, str]],
    *,
    columns: Mapping[str, str],
) -> Iterator[Departure]:
    """Yield every use of a term that departs from the glossary.

    Parameters
    ----------
    sentences : mapping
        Key to sentence by language, 'en' among them.
    glossary : iterable of mapping
        Rows with ``en`` and the columns below.
    columns : mapping
        Language to column of the glossary: ``{"da": "da", "zh": "zh_hans"}``.

    Yields
    ------
    Departure
        To look at: an inflection that is longer than expected is no fault.
    """
    terms = [(_plain(row["en"]), row) for row in glossary]
    kept = [(term, row) for term, row in terms if len(term) >= SHORTEST]
    for key, spoken in sentences.items():
        for term, row in kept:
            if not re.search(rf"\b{re.escape(term)}(s|es)?\b", spoken["en"], re.IGNORECASE):
                continue
            if _is_inside_longer(term, spoken["en"], others=(other for other, _ in kept)):
                continue
            for language, column in columns.items():
                agreed = _plain(row[column])
                if not _holds(spoken[language], agreed, language=language):
                    yield Departure(
                        key=key,
                        language=language,
                        term=term,
                        agreed=agreed,
                        sentence=spoken[language],
                    )


def _plain(term: str) -> str:
    """Leave out what stands in brackets."""
    return re.sub(r"\s*[(（].*?[)）]", "", term).strip().lower()


def _is_inside_longer(term: str, sentence: str, *, others: Iterable[str]) -> bool:
    """Say whether the sentence holds a longer term instead: 'wastewater treatment plant'."""
    return any(term != o and term in o and o in sentence.lower() for o in others)


def _holds(sentence: str, agreed: str, *, language: str) -> bool:
    """Say whether a sentence holds a term, in Danish also inflected or in a compound."""
    if language == "zh":
        return agreed in sentence.lower()
    stems = [word[: max(4, len(word) - STEM)] for word in agreed.split()]
    return all(stem in sentence.lower() for stem in stems)
