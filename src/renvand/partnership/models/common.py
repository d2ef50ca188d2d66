"""Columns that several tables have in common, said once."""

from __future__ import annotations

from typing import Any

from django.db import models

from renvand.partnership.fields import Choice, Code, Number, Reference, Slug, Text, said


def key_column(*, unique: bool = True) -> Slug:
    """The id of a row; within a review or plant it is unique there only."""
    return Slug(
        unique=unique,
        is_required=True,
        help=said(
            "Name of the row: small letters, digits, hyphens.",
            da="Rækkens navn: små bogstaver, tal, bindestreger.",
            zh="本行的名称：小写字母、数字、连字符。",
        ),
    )


def name_column(language: str, *, is_required: bool = False) -> Text:
    """A name in one language."""
    words = {
        "en": said("Name in English.", da="Navn på engelsk.", zh="英文名称。"),
        "da": said("Name in Danish.", da="Navn på dansk.", zh="丹麦文名称。"),
        "zh": said("Name in Chinese.", da="Navn på kinesisk.", zh="中文名称。"),
    }
    return Text(is_required=is_required, help=words[language])


def longitude() -> Number:
    """Where, east."""
    return Number(
        unit="°",
        low=-180,
        high=180,
        help=said(
            "Degrees east, WGS-84. Chinese map services give GCJ-02: convert first.",
            da="Grader øst, WGS-84. Kinesiske korttjenester giver GCJ-02: omregn først.",
            zh="东经，WGS-84。国内地图服务为 GCJ-02，须先转换。",
        ),
    )


def latitude() -> Number:
    """Where, north."""
    return Number(
        unit="°",
        low=-90,
        high=90,
        help=said("Degrees north, WGS-84.", da="Grader nord, WGS-84.", zh="北纬，WGS-84。"),
    )


def position_quality() -> Choice:
    """How good a position is."""
    return Choice(
        words=("outlet", "address", "district"),
        help=said(
            "What the position points at; a district centre is no outfall.",
            da="Hvad positionen viser; en bydels midte er ikke et udløb.",
            zh="坐标所指：排口、地址或区县中心（后者并非排口）。",
        ),
    )


def division() -> Slug:
    """The administrative division."""
    return Slug(
        is_required=True,
        refers_to="divisions",
        help=said(
            "Id of the district in table divisions: as shipped its code, six digits.",
            da="Distriktets id i tabellen divisions: i pakken dets kode, seks cifre.",
            zh="区县在 divisions 表中的标识（自带为六位行政区划代码）。",
        ),
    )


def substance() -> Code:
    """What is measured."""
    return Code(
        is_required=True,
        refers_to="substances",
        help=said(
            "Code of the substance: COD, NH4-N, Cr6, …",
            da="Stoffets kode: COD, NH4-N, Cr6, …",
            zh="污染物代码：COD、NH4-N、Cr6 等。",
        ),
    )


def flow(words: dict[str, str], *, unit: str = "m3/d", **options: Any) -> Number:
    """A flow of water, never negative."""
    return Number(unit=unit, low=0, help=words, **options)


HIGHEST_CONCENTRATION = 1e6  # mg/l: a litre of water holds no more than a kilogram
HOTTEST_WATER = 100.0  # °C, boiling
COLDEST_WATER = -2.0  # °C, salt water freezes


def concentration(words: dict[str, str], **options: Any) -> Number:
    """A mass in a litre of water."""
    return Number(unit="mg/l", low=0, high=HIGHEST_CONCENTRATION, help=words, **options)


def temperature() -> Number:
    """How warm the water is."""
    return Number(
        unit="°C",
        low=COLDEST_WATER,
        high=HOTTEST_WATER,
        help=said("Temperature of the water.", da="Vandets temperatur.", zh="水温。"),
    )


def days_of_sampling() -> Number:
    """How many days stand behind a mean."""
    return Number(
        unit="d",
        low=0,
        help=said(
            "Days of measurement behind the mean.",
            da="Måledøgn bag middelværdien.",
            zh="均值所依据的监测天数。",
        ),
    )


def days_of_discharge() -> Number:
    """On how many days of the year water is discharged."""
    return Number(
        unit="d",
        low=0,
        high=366,
        help=said(
            "Days of the year with discharge.",
            da="Døgn om året med udledning.",
            zh="全年排放天数。",
        ),
    )


def reach(words: dict[str, str], **options: Any) -> Reference:
    """A reach of the river network."""
    return Reference("partnership.Reach", help=words, **options)


def one_each(*columns: str) -> models.UniqueConstraint:
    """Let a combination of columns stand once in its table."""
    return models.UniqueConstraint(fields=columns, name="%(class)s_stands_once")
