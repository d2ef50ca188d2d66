"""Names of Chinese companies, brought to one spelling for comparison."""

from __future__ import annotations

import re
from functools import cache
from typing import Protocol

from renvand.knowledge import SHIPPED, Knowledge
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
_PROVINCES = (
    *("北京", "天津", "河北", "山西", "内蒙古", "辽宁", "吉林", "黑龙江", "上海", "江苏", "浙江"),
    *("安徽", "福建", "江西", "山东", "河南", "湖北", "湖南", "广东", "广西", "海南", "重庆"),
    *("四川", "贵州", "云南", "西藏", "陕西", "甘肃", "青海", "宁夏", "新疆"),
)
_PLACES = re.compile(
    rf"^(中华人民共和国|中国)?({'|'.join(_PROVINCES)})(省|市|(维吾尔|壮族|回族)?自治区)?"
)
_RANKS = re.compile(r"(土家族|苗族)*(自治县|区|县|市)$")
_MARKS = re.compile(r"[\s·•\-—_,.、,。'\"“”《》<>\[\]【】]")


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


@cache
def _simplifier() -> _Converter:
    import opencc

    return opencc.OpenCC("t2s")


def _districts(knowledge: Knowledge) -> tuple[tuple[str, str], ...]:
    """Pair each full name of a district, today's or former, with its short one, longest first."""
    rows = knowledge.table("divisions").query("kind != 'zone' and kind != 'municipality'")
    rows = rows.dropna(subset=["name_zh"])  # Latin names are words of their own
    today = dict(zip(rows["id"], rows["name_zh"], strict=True))
    stems: dict[str, str] = {}
    for name, within in zip(rows["name_zh"], rows["within"], strict=True):
        short = today.get(within, name) if len(name) == 2 else name  # 开县 is 开州 today
        stem = _RANKS.sub("", short) if len(short) > 2 else short
        stems[name] = stem
        if name.endswith("自治县"):
            stems[f"{stem}县"] = stem
    return tuple(sorted(stems.items(), key=lambda item: -len(item[0])))


def _without_place(plain: str, knowledge: Knowledge) -> str:
    """Take the province off, and the district's rank: 重庆市璧山区某厂 becomes 璧山某厂."""
    plain = _PLACES.sub("", plain) or plain
    stems = knowledge.once("districts in names", lambda: _districts(knowledge))
    for name, stem in stems:
        if plain.startswith(name) and len(plain) > len(name) + 1:
            return stem + plain.removeprefix(name)
    return plain


def comparable(name: str, *, knowledge: Knowledge = SHIPPED) -> str:
    """Bring a name to the spelling that is compared.

    NFKC, simplified characters, no spaces, marks or brackets, small letters, no legal suffix,
    no province in front, districts by their short names of today. For comparison only; the name
    shown stays as written.

    Parameters
    ----------
    name : str
        Name of a company as written.
    knowledge : Knowledge
        Of the case, with its districts; by default the shipped tables.
    """
    plain = _simplifier().convert(folded(name)).lower()
    plain = _MARKS.sub("", plain).replace("(", "").replace(")", "")
    plain = _without_place(plain, knowledge)
    for suffix in _SUFFIXES:
        if plain.endswith(suffix) and len(plain) > len(suffix) + 1:
            return plain.removesuffix(suffix)
    return plain
