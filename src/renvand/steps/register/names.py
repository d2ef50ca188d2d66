"""Names of Chinese companies, brought to one spelling for comparison."""

from __future__ import annotations

import re
from functools import cache
from typing import Protocol

from renvand.steps.register.values import folded

_SUFFIXES = (
    "股份有限责任公司",
    "有限责任公司",
    "股份有限公司",
    "集团有限公司",
    "有限公司",
    "有限责任",
    "责任公司",
    "公司",
)
_PLACES = re.compile(r"^(中华人民共和国|中国)?(重庆市|重庆|上海市|上海)")
_MARKS = re.compile(r"[\s·•\-—_,.、,。'\"“”《》<>\[\]【】]")


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


@cache
def _simplifier() -> _Converter:
    import opencc

    return opencc.OpenCC("t2s")


def comparable(name: str) -> str:
    """Bring a name to the spelling that is compared.

    NFKC, simplified characters, no spaces, marks or brackets, small letters, no legal suffix,
    no place in front. For comparison only; the name shown stays as written.

    Parameters
    ----------
    name : str
        Name of a company as written.
    """
    plain = _simplifier().convert(folded(name)).lower()
    plain = _MARKS.sub("", plain).replace("(", "").replace(")", "")
    plain = _PLACES.sub("", plain) or plain
    for suffix in _SUFFIXES:
        if plain.endswith(suffix) and len(plain) > len(suffix) + 1:
            return plain.removesuffix(suffix)
    return plain
