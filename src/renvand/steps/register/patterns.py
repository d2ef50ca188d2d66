"""What our columns look like in other people's lists: words of the header, shapes of the values."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from renvand import units
from renvand.errors import FileError
from renvand.knowledge import division, substance_id
from renvand.steps.register import identity
from renvand.steps.register.positions import degrees
from renvand.steps.register.values import folded, understand, way

COUNTED, RUNNING = 2, 0.8  # values, share of steps by one, from which they number the rows
_COMPANY = re.compile(
    r"(公司|厂|店|社|院|所|中心|场|集团)$"
    r"|\b(inc|ltd|llc|corp|co|plc|gmbh|kg|ag|a/s|aps|as|asa|ab|oyj?|ky|s\.?a\.?s?|s\.?r\.?l|s\.?p\.?a"
    r"|b\.?v|n\.?v|lda|sarl|kft|zrt|s\.r\.o)\.?$",
    re.I,
)
_DAY = re.compile(r"^(19|20)\d{2}([-/.年]?\d{1,2}([-/.月]?\d{1,2}日?)?|年度?)?(\s+[\d:]+)?$")


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """One of our columns."""

    words: str  # a header that matches it whole means this column
    hints: str  # a header that holds it may
    fits: Callable[[str], bool]  # whether a cell can be a value of this column
    tells: float  # 0 to 1: how much fitting values alone tell; numbers tell nothing
    can_be: Callable[[str], bool] | None = None  # weaker than `fits`: what speaks against fails it
    lesser: str = ""  # a header that is this word means it where there is no better one
    refuses: Callable[[Sequence[str]], bool] | None = None  # all values together cannot be of it


def _counts(values: Sequence[str]) -> bool:
    """Say whether values only number the rows: 1, 2, 3 and on."""
    whole = [int(v) for v in values if v.isdecimal()]
    steps = sum(b - a == 1 for a, b in itertools.pairwise(whole))
    return len(whole) == len(values) > COUNTED and steps >= RUNNING * (len(whole) - 1)


def _is_number(text: str) -> bool:
    try:
        return understand(text) is not None
    except ValueError:
        return False


def _between(low: float, high: float) -> Callable[[str], bool]:
    def fits(text: str) -> bool:
        value = degrees(folded(text))
        return value is not None and low <= abs(value) <= high

    return fits


def _is_unit(text: str) -> bool:
    try:
        units.factor(text.replace("m³", "l").replace("m3", "l"), to="mg/l")  # of air, too
    except FileError:
        return False
    return True


def _is_days(text: str) -> bool:
    return _is_number(text) and 1 <= (understand(text).value or 0) <= 366  # type: ignore[union-attr]


PATTERNS: Mapping[str, Pattern] = {
    "name_zh": Pattern(
        words="(排污)?单位名称|企业(详细)?名称|公司名称|排污单位|污染源名称"
        "|name|facility ?names?|name ?of ?feature|site ?name|wwtp ?name|company"
        "|(污水处理厂|排水单位|持证单位)名称",
        hints="企业名|单位名|企业$|qymc|公司名|^名称$|company ?name|crop_name|enterprise",
        fits=lambda text: _COMPANY.search(folded(text)) is not None,
        tells=0.3,
        can_be=lambda text: re.search(r"[^\W\d_]", text) is not None,
    ),
    "uscc": Pattern(
        words="统一社会信用代码|社会信用代码|信用代码|组织机构代码|uscc",
        hints="信用代码|社会信用|机构代码|crop_id|zzjgdm",
        fits=lambda text: identity.credit_code(text).is_valid,
        tells=0.95,
    ),
    "permit": Pattern(
        words="许可证编号|排污许可证编号|许可证号|permit( number)?",
        hints="许可证|permit",
        fits=lambda text: identity.permit(text).is_valid,
        tells=0.97,
    ),
    "number": Pattern(
        words="污染源编码|facility ?id|企业编号|site ?id|id|wry(bh|code)|stwry(bh|code)"
        "|facility_?inspire_?id|facilityreportid|nationalid",
        hints="污染源编|企业编|facilityid|inspire_?id|wry",
        fits=lambda text: re.fullmatch(r"[0-9A-Za-z\-_./:]{3,}", folded(text)) is not None,
        tells=0.0,
        refuses=_counts,
    ),
    "sector_code": Pattern(
        words="行业代码|行业类别|(所属)?行业|所属小类|naics( code)?|nace|sector( code)?"
        "|nacemaineconomicactivitycode|(eprtr ?annexi ?)?main ?activity ?code",
        hints="行业|小类|naics|nace|sector",
        fits=lambda text: (
            re.fullmatch(
                r"[A-T]?\d{2,6}|\d\d\.\d{1,2}|\d\.?\([a-z]\).*|.*(业|制造|加工|处理).*",
                folded(text),
            )
            is not None
        ),
        tells=0.0,
    ),
    "division": Pattern(
        words="行政区划|区县|所属区县|地区|地市|区域|所在(区县|地区?|市)"
        "|district|county( ?name)?|area|municipality",
        hints="区划|区县|地市|county|district",
        lesser="city|town",
        fits=lambda text: bool(division(text)) or folded(text).endswith(("区", "县", "市")),
        tells=0.5,
    ),
    "address_zh": Pattern(
        words="(企业)?地址|生产地址|详细地址|(生产)?经营场所(详细)?地址|注册地址"
        "|address|street( ?(name|address))?",
        hints="地址|address",
        fits=lambda text: len(folded(text)) > 5 and bool(re.search(r"\d|路|街|村|镇", text)),
        tells=0.2,
    ),
    "longitude": Pattern(
        words="经度|中心经度|longitude|lon|lng|long|x|(st)?jd|pointgeometrylon|地理坐标[(]经度[)]",
        hints="经度|longitude|lng|lon$",
        fits=_between(60.0, 180.0),
        tells=0.2,
        can_be=_between(0.0, 180.0),
    ),
    "latitude": Pattern(
        words="纬度|维度|中心纬度|latitude|lat|y|(st)?wd|pointgeometrylat|地理坐标[(]纬度[)]",
        hints="纬度|latitude|lat$",
        fits=_between(1.0, 72.0),
        tells=0.0,
    ),
    "outlet": Pattern(
        words="排放口编号|排口编号|outlet( id)?|st(site|pfkbh|port)(code)?",
        hints="排放口编|排口编|(site|port)code|outlet|pfkbh",
        fits=lambda text: re.fullmatch(r"[A-Za-z]{1,4}\W?\d{1,5}|\w{3,}", folded(text)) is not None,
        tells=0.0,
    ),
    "kind": Pattern(
        words="(废水)?排放(方式|去向|类型)|排水去向|st(pffs|pfqx)|discharge ?(type|mode|way)",
        hints="排放方式|排放去向",
        fits=lambda text: way(text) != "",
        tells=0.6,
    ),
    "substance": Pattern(
        words="污染物|污染物种类|污染物名称|监测项目|监测因子|项目"
        "|pollutant( ?(name|code))?|substance|flow ?name",
        hints="污染物|项目|因子|pollutant|substance|project",
        fits=lambda text: substance_id(folded(text)) is not None,
        tells=0.9,
    ),
    "limit_mg_l": Pattern(
        words="许可排放浓度限值|排放限值|标准限值|浓度限值|限值|limit",
        hints="(?<!排放量)限值|limit|pfxz",
        fits=_is_number,
        tells=0.0,
    ),
    "concentration_mg_l": Pattern(
        words="监测结果|监测浓度|排放浓度|监测值|浓度|concentration|result",
        hints="结果|浓度|concentration|监测值",
        fits=_is_number,
        tells=0.0,
    ),
    "load_kg_a": Pattern(
        words="排放量|年排放量|排放总量|flow ?amount|load|releases?"
        "|emissions?|total(pollutant)?quantity(kg)?",
        hints="(?<!许可)(排放总量|年排放量)(?!限值)|amount|releases?$|quantity",
        fits=_is_number,
        tells=0.0,
    ),
    "unit": Pattern(words="单位|计量单位|unit", hints="jcxm_dw|unit", fits=_is_unit, tells=0.8),
    "flow_m3_d": Pattern(
        words="流量|废水流量|(日均?)?(废水|污水)排放量|日排放量|flow",
        hints="流量|flow rate|m³/d|m3/d",
        fits=_is_number,
        tells=0.0,
    ),
    "days": Pattern(
        words="年排放天数|生产天数|排放天数|days", hints="天数|days", fits=_is_days, tells=0.0
    ),
    "year": Pattern(
        words="(监测|统计|报告)?年[份度]|监测日期|监测时间|采样日期|采样时间|日期"
        "|(reporting ?)?year|date",
        hints="年份|日期|时间|date|year",
        fits=lambda text: _DAY.match(folded(text)) is not None,
        tells=0.4,
    ),
    "receiving_reach": Pattern(
        words="受纳河段代码|受纳水体代码|receiving_reach", hints="受纳河段", fits=bool, tells=0.0
    ),
    "receiving_plant": Pattern(
        words="受纳污水厂代码|受纳污水处理厂|receiving_plant",
        hints="受纳污水",
        fits=bool,
        tells=0.0,
    ),
}

# A list of several media says in a column which a row is about; of them only water is kept.
MEDIUM = re.compile(
    r"medium|compartment|target ?release|^type$|st(pfk)?type|介质|类别|类型|环境要素", re.I
)
PARTED = re.compile(r"[\s,，、;；|/]+")  # between the media that one cell names
TICKS = re.compile(r"[√✓✔●○☑是有vy1]|yes|x", re.I)  # what marks the media of a unit
WATER = re.compile(
    r"(waste|surface)?water|w|(废|污|地表|雨)?水(环境|污染物?|体)?(重点(监管|排污)单位)?", re.I
)

_SITE = (
    *("name_zh", "uscc", "permit", "number", "sector_code", "division", "address_zh"),
    *("longitude", "latitude"),
)
_OUTLET = (*_SITE, "outlet", "receiving_reach", "receiving_plant")
# Our columns that a list of each kind can fill: a day in a list of companies is no day of sampling.
FILLED: Mapping[str, tuple[str, ...]] = {
    "enterprises": _SITE,
    "outlets": (*_OUTLET, "kind"),
    "permit_limits": (*_OUTLET, "substance", "limit_mg_l", "unit"),
    "observations": (
        *_OUTLET,
        *("substance", "concentration_mg_l", "unit", "flow_m3_d", "days", "year", "load_kg_a"),
    ),
}
