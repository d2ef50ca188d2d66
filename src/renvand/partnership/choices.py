"""The words of a choice, as people of three languages call them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from renvand.text.words import catalogue


def labels(word: str) -> Mapping[str, str]:
    """Say what a choice is called in each language; nothing for one that has its code alone."""
    return catalogue().get(f"choice.{word}", {})


def chosen(text: str, choices: Sequence[str]) -> str:
    """Give the choice that is called so in any language; the text itself when none is."""
    called = {name.casefold(): word for word in choices for name in labels(word).values()}
    return called.get(text.casefold(), text)
