"""Who discharges what, where, and what is allowed."""

# Django reads each Meta by itself.
# pyright: reportIncompatibleVariableOverride=false

from __future__ import annotations

from typing import ClassVar

from renvand.partnership.fields import (
    Choice,
    Flag,
    Number,
    Reference,
    Slug,
    Text,
    Whole,
    said,
)
from renvand.partnership.models.base import REGISTER, Sourced
from renvand.partnership.models.common import (
    concentration,
    days_of_discharge,
    division,
    flow,
    key_column,
    latitude,
    longitude,
    name_column,
    one_each,
    position_quality,
    reach,
    substance,
)

FIRST_YEAR, LAST_YEAR = 1949, 2100  # no record of ours is older; a later year is a slip


def year(*, is_required: bool = False) -> Whole:
    """The year of a row."""
    return Whole(
        low=FIRST_YEAR,
        high=LAST_YEAR,
        is_required=is_required,
        help=said("Year of the numbers.", da="Tallenes år.", zh="数据年份。"),
    )


class Enterprise(Sourced):
    """A company that discharges wastewater."""

    table = "enterprises"
    confidentiality = REGISTER
    company = "slug"
    words = said("Companies that discharge.", da="Virksomheder, der udleder.", zh="排污企业。")

    slug = key_column()
    name_zh = name_column("zh", is_required=True)
    name_en = name_column("en")
    uscc = Text(
        help=said(
            "Unified social credit code, 18 characters.",
            da="Kinesisk virksomhedsnummer (USCC), 18 tegn.",
            zh="统一社会信用代码（18 位）。",
        )
    )
    permit = Text(
        help=said(
            "Number of the discharge permit.",
            da="Udledningstilladelsens nummer.",
            zh="排污许可证编号。",
        )
    )
    sector_code = Slug(
        is_required=True,
        help=said(
            "Code of the industry as in table sectors: GB/T 4754, four digits, as shipped.",
            da="Branchekode som i tabellen sectors: i pakken GB/T 4754, fire cifre.",
            zh="行业代码，依 sectors 表（自带为 GB/T 4754 四位代码）。",
        ),
    )
    division = division()
    address_zh = Text(help=said("Address in Chinese.", da="Adresse på kinesisk.", zh="中文地址。"))
    longitude = longitude()
    latitude = latitude()
    position_quality = position_quality()
    employees = Whole(low=0, high=1e7, help=said("Employees.", da="Ansatte.", zh="员工人数。"))
    is_willing = Flag(
        help=said(
            "Has said yes to a review; empty when not asked.",
            da="Har sagt ja til et besøg; tom når ikke spurgt.",
            zh="是否同意接受评审；未询问则留空。",
        )
    )


class Outlet(Sourced):
    """Where the wastewater of a company leaves it."""

    table = "outlets"
    confidentiality = REGISTER
    company = "enterprise__slug"
    words = said("Where wastewater leaves.", da="Hvor spildevandet forlader.", zh="废水排放口。")

    slug = key_column()
    enterprise = Reference(
        Enterprise,
        is_required=True,
        help=said("Company of the outlet.", da="Udløbets virksomhed.", zh="排口所属企业。"),
    )
    kind = Choice(
        words=("direct", "sewer", "park"),
        is_required=True,
        help=said(
            "To the river, to the public sewer, or to the plant of an industrial park.",
            da="Til åen, til kloak eller til en erhvervsparks anlæg.",
            zh="直接排放、排入城镇管网或排入园区污水厂。",
        ),
    )
    receiving_reach = reach(
        said("Reach that receives the water.", da="Modtagende strækning.", zh="受纳河段。")
    )
    receiving_plant = Reference(
        "partnership.Plant",
        help=said(
            "Public plant that receives the water.",
            da="Modtagende renseanlæg.",
            zh="受纳污水处理厂。",
        ),
    )
    longitude = longitude()
    latitude = latitude()
    river_flow_m3_s = flow(
        said(
            "Mean flow of the river that receives the water, where its reach is not given.",
            da="Middelvandføring i det modtagende vandløb, når strækningen ikke er angivet.",
            zh="受纳河流的平均流量（未填河段时用于匹配）。",
        ),
        unit="m3/s",
    )
    catchment_km2 = Number(
        unit="km2",
        low=0,
        help=said(
            "Catchment of that river at the outlet.",
            da="Dette vandløbs opland ved udløbet.",
            zh="该河流在排口处的集水面积。",
        ),
    )


class PermitLimit(Sourced):
    """What a permit allows at an outlet."""

    table = "permit_limits"
    key = ("outlet", "substance")
    confidentiality = REGISTER
    company = "outlet__enterprise__slug"
    words = said("Limits of the permits.", da="Tilladelsernes grænser.", zh="许可排放限值。")

    outlet = Reference(Outlet, is_required=True, help=said("Outlet.", da="Udløb.", zh="排放口。"))
    substance = substance()
    limit_mg_l = concentration(
        said(
            "Highest allowed concentration.",
            da="Højeste tilladte koncentration.",
            zh="许可浓度限值。",
        ),
        is_required=True,
    )

    class Meta:
        constraints: ClassVar = [one_each("outlet", "substance")]


class Observation(Sourced):
    """What was seen at an outlet in a year."""

    table = "observations"
    confidentiality = REGISTER
    company = "outlet__enterprise__slug"
    words = said("What was measured at outlets.", da="Målinger i udløb.", zh="排口监测数据。")

    slug = key_column()
    outlet = Reference(Outlet, is_required=True, help=said("Outlet.", da="Udløb.", zh="排放口。"))
    year = year(is_required=True)
    substance = substance()
    flow_m3_d = flow(
        said("Wastewater per day, mean.", da="Spildevand pr. døgn, middel.", zh="日均废水量。")
    )
    concentration_mg_l = concentration(
        said(
            "Mean concentration; the reporting limit when censored.",
            da="Middelkoncentration; detektionsgrænsen når under den.",
            zh="平均浓度；未检出时填检出限。",
        )
    )
    is_censored = Flag(
        help=said("Below the reporting limit.", da="Under detektionsgrænsen.", zh="低于检出限。")
    )
    days = days_of_discharge()
    load_kg_a = Number(
        unit="kg/a",
        low=0,
        high=1e9,
        help=said(
            "Load of the year where the source gives the mass itself.",
            da="Årets mængde, hvor kilden selv angiver massen.",
            zh="来源直接给出的年排放量。",
        ),
    )


__all__ = ["Enterprise", "Observation", "Outlet", "PermitLimit", "year"]
