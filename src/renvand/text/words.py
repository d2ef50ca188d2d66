"""The catalogue of words: one CSV a subject, one row a key, one column a language."""

from __future__ import annotations

import csv
import io
import string
from functools import cache
from importlib import resources

from renvand.errors import OurFault, near

LANGUAGES = ("da", "en", "zh")


def placeholders(sentence: str) -> frozenset[str]:
    """Name the ``{places}`` of a sentence."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(sentence) if name)


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Read all tables under ``text/words``: key 'sheet.balance' is row 'balance' of sheet.csv.

    Raises
    ------
    OurFault
        When a language is missing or its placeholders differ.
    """
    found: dict[str, dict[str, str]] = {}
    folder = resources.files("renvand.text") / "words"
    for path in sorted((f for f in folder.iterdir() if f.name.endswith(".csv")), key=str):
        for row in csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))):
            key = f"{path.name.removesuffix('.csv')}.{row['key']}"
            if key in found:
                raise OurFault(f"text/words: '{key}' stands twice")
            if None in row:
                raise OurFault(f"text/words: '{key}' has a comma too many; put it in quotes")
            if len({placeholders(row[language]) for language in LANGUAGES}) != 1 or not all(
                row[language] for language in LANGUAGES
            ):
                raise OurFault(f"text/words: '{key}' differs between languages")
            found[key] = {language: row[language] for language in LANGUAGES}
    return found


class Words:
    """The words of one language: ``Words("zh")("sheet.balance", closure="1.2 %")``."""

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            raise OurFault(f"language '{language}'. {near(language, LANGUAGES)}")
        self.language = language

    def __call__(self, key: str, **values: object) -> str:
        """Give the sentence of a key with its places filled; of 'key_one' where {n} is one."""
        if str(values.get("n")) == "1" and f"{key}_one" in catalogue():
            key = f"{key}_one"
        if key not in catalogue():
            raise OurFault(f"text/words: no '{key}'. {near(key, catalogue())}")
        return catalogue()[key][self.language].format(**values)

    def has(self, key: str) -> bool:
        """Say whether the catalogue holds a key."""
        return key in catalogue()
