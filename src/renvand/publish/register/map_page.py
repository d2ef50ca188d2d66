"""The sites on a map in one file: to open from a disk, to move, to filter, without a network."""

from __future__ import annotations

import json
from importlib import resources
from typing import TYPE_CHECKING, Any

from renvand.knowledge import geo
from renvand.publish.charts import theme
from renvand.steps.case import CaseData
from renvand.steps.register.places import as_geojson
from renvand.text import Words

if TYPE_CHECKING:
    import pandas as pd

_WORDS = (
    *("title", "search", "sector", "division", "all", "first", "exceeding", "shown"),
    *("zoom_in", "zoom_out", "whole", "rank", "name", "load", "load_unit", "exceedance"),
    *("probability", "quality", "outlet", "address", "district", "size", "shapes"),
)
TONES = (theme.ACCENT, "#c7772b", "#6a4c93", "#2f8f6b", theme.WARN)  # told apart also when grey
MARGIN = 0.05  # of the width, around the sites of a region without an outline


def map_page(case: CaseData, sites: pd.DataFrame, *, language: str) -> bytes:
    """Lay the map out as one HTML file that asks no other host for anything.

    Parameters
    ----------
    case : CaseData
        Title, notice and region.
    sites : DataFrame
        Table ``enterprises`` of the register.
    language : str
        Of the page.
    """
    from django.template import Context, Engine

    words = Words(language)
    settings = case.settings["case"]
    features = as_geojson(sites)["features"]
    left_out = len(sites) - len(features)
    facts: dict[str, Any] = {
        "sites": [_site(feature, words) for feature in features],
        "shape": _shape(case, features),
        "rivers": _rivers(case),
        "sectors": _sectors(features, words),
        "divisions": _divisions(case, features, language=language),
        "words": {key: words(f"map.{key}", count="{count}", total="{total}") for key in _WORDS},
        "tones": {"ink": theme.INK, "land": theme.GREY["faint"], "edge": theme.GREY["soft"],
                  "river": theme.TINTS["soft"]},
    }  # fmt: skip
    folder = resources.files("renvand.publish")
    source = (folder / "register" / "map.html").read_text("utf-8")
    context = {
        "language": language,
        "title": settings["title"][language],
        "notice": settings.get("notice", {}).get(language, ""),
        "unplaced": words("map.unplaced", count=left_out) if left_out else "",
        "word": facts["words"],
        "facts": _embedded(facts),
        "library": (folder / "assets" / "echarts" / "echarts.min.js").read_text("utf-8"),
        "script": (folder / "register" / "map.js").read_text("utf-8"),
    }
    return Engine().from_string(source).render(Context(context)).encode()


def _embedded(facts: dict[str, Any]) -> str:
    """Write facts as JSON that cannot end the script it stands in."""
    text = json.dumps(facts, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _site(feature: dict[str, Any], words: Words) -> dict[str, Any]:
    shown = feature["properties"]
    names = (shown["name_zh"], shown["name_en"]) if words.language == "zh" else (
        shown["name_en"], shown["name_zh"]
    )  # fmt: skip
    kept = ("id", "division", "rank", "probability_first", "exceedance")
    return {
        "at": feature["geometry"]["coordinates"],
        "name": next(filter(None, names), shown["id"]),
        "load": shown["equal_standard_m3_a"],
        "quality": shown["position_quality"],
        "sector": _sector(feature, words),
        **{name: shown.get(name) for name in kept},
    }


def _sector(feature: dict[str, Any], words: Words) -> str:
    """Give the sector of a site where the catalogue names it; '' when no list does."""
    sector = feature["properties"]["sector"] or ""
    return sector if not sector or words.has(f"sector.{sector}") else "other"


def _sectors(features: list[dict[str, Any]], words: Words) -> list[dict[str, str]]:
    """Name the sectors that occur, each with its tone; what is not looked at comes last, grey."""
    found = {_sector(f, words) for f in features}
    rest = {"other": words("map.other"), "": words("map.unknown")}
    tones = zip(sorted(found - set(rest)), TONES, strict=False)
    named = [{"id": s, "name": words(f"sector.{s}"), "tone": tone} for s, tone in tones]
    greys = (theme.GREY["mid"], theme.GREY["dark"])
    grey = [
        {"id": s, "name": name, "tone": tone}
        for (s, name), tone in zip(rest.items(), greys, strict=True)
        if s in found
    ]
    return [*named, *grey]


def _divisions(case: CaseData, features: list[dict[str, Any]], *, language: str) -> list[list[str]]:
    names = case.table("divisions").drop_duplicates("id").set_index("id")
    column = "name_zh" if language == "zh" else "name_en"
    known = names[column].dropna().to_dict() if column in names else {}
    found = {f["properties"]["division"] or "" for f in features}
    return sorted(([d, str(known.get(d, d))] for d in found if d), key=lambda pair: pair[1])


def _shape(case: CaseData, features: list[dict[str, Any]]) -> dict[str, Any]:
    """Give the outline of the region; where neither the case nor we have one, the sites' box."""
    outline = geo.outline(_region(case), folder=case.folder)
    if outline:
        return outline
    places = [f["geometry"]["coordinates"] for f in features] or [[-180, -80], [180, 80]]
    (west, east), (south, north) = ((min(axis), max(axis)) for axis in zip(*places, strict=True))
    more = max(east - west, north - south, 0.1) * MARGIN
    west, east, south, north = west - more, east + more, south - more, north + more
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    box = {"type": "Polygon", "coordinates": [ring]}
    return {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": {"name": ""}, "geometry": box}],
    }


def _region(case: CaseData) -> str:
    return str(case.settings["case"]["region"]).lower()


def _rivers(case: CaseData) -> list[list[list[float]]]:
    found = geo.rivers(_region(case), folder=case.folder)
    made: list[list[list[float]]] = []
    for feature in found["features"] if found else ():
        shape = feature["geometry"]
        is_one = shape["type"] == "LineString"
        made += [shape["coordinates"]] if is_one else shape["coordinates"]
    return made
