"""The river network and what it carries already."""

# Django reads each Meta by itself.
# pyright: reportIncompatibleVariableOverride=false

from __future__ import annotations

from typing import ClassVar

from renvand.partnership.fields import Choice, Code, Flag, Number, Reference, said
from renvand.partnership.models.base import Sourced
from renvand.partnership.models.common import (
    concentration,
    flow,
    key_column,
    latitude,
    longitude,
    name_column,
    one_each,
    reach,
    substance,
    temperature,
)


class Reach(Sourced):
    """A stretch of river."""

    table = "reaches"
    words = said("Stretches of river.", da="Strækninger af vandløb.", zh="河段。")

    slug = key_column()
    name_zh = name_column("zh")
    name_en = name_column("en")
    downstream = reach(
        said(
            "Next reach; empty where the water leaves the region.",
            da="Næste strækning; tom hvor vandet forlader området.",
            zh="下游河段；流出区域则留空。",
        )
    )
    length_km = Number(
        unit="km",
        low=0,
        is_required=True,
        help=said("Length along the river.", da="Længde langs åen.", zh="沿河长度。"),
    )
    width_m = Number(
        unit="m",
        low=0,
        help=said("Width at mean flow.", da="Bredde ved middelvand.", zh="平均流量时河宽。"),
    )
    depth_m = Number(
        unit="m",
        low=0,
        help=said("Depth at mean flow.", da="Dybde ved middelvand.", zh="平均流量时水深。"),
    )
    slope = Number(
        unit="m/m",
        low=0,
        high=1,
        help=said("Slope of the bed.", da="Bundens hældning.", zh="河床坡度。"),
    )
    flow_mean_m3_s = flow(
        said("Mean flow.", da="Middelvandføring.", zh="平均流量。"), unit="m3/s", is_required=True
    )
    flow_low_m3_s = flow(
        said(
            "Low flow, as the assessment uses it.",
            da="Lavvandføring, som vurderingen bruger.",
            zh="枯水流量（评价用）。",
        ),
        unit="m3/s",
        is_required=True,
    )
    temperature_c = temperature()
    # 'class' is a word of Python; the column keeps its name in files
    water_class = Code(
        heading="class",
        help=said(
            "Class the reach must meet, of the case's water standard (I to V in GB 3838).",
            da="Målklasse i sagens vandkvalitetsnorm (I til V i GB 3838).",
            zh="水质目标类别，依案例所用水质标准（GB 3838 为 I 至 V 类）。",
        ),
    )
    longitude = longitude()
    latitude = latitude()
    # what follows may stay empty: a river then, without dispersion, at sea level
    kind = Choice(
        words=("river", "lake", "backwater"),
        help=said(
            "River: depth follows the flow. Lake: one mixed volume. Backwater: held at a level.",
            da="Å: dybden følger vandføringen. Sø: fuldt opblandet. Opstuvet: holdt ved en kote.",
            zh="河流：水深随流量变化；湖泊：完全混合；回水：水位受控。",
        ),
    )
    volume_m3 = Number(
        unit="m3",
        low=0,
        help=said(
            "Volume of a lake; empty: length times width times depth.",
            da="En søs rumfang; tom: længde gange bredde gange dybde.",
            zh="湖泊容积；留空则按长×宽×深计算。",
        ),
    )
    dispersion_m2_s = Number(
        unit="m2/s",
        low=0,
        help=said(
            "Longitudinal dispersion; empty: none in a river, estimated in a backwater.",
            da="Langsgående dispersion; tom: ingen i en å, skønnet i opstuvet vand.",
            zh="纵向离散系数；留空：河流取零，回水按公式估算。",
        ),
    )
    reaeration = Choice(
        words=("oconnor-dobbins", "churchill", "owens-gibbs"),
        help=said(
            "Formula of reaeration; empty: the one Covar gives to depth and velocity.",
            da="Formel for geniltning; tom: den, som Covar giver for dybde og hastighed.",
            zh="复氧公式；留空则按 Covar 图由水深和流速选取。",
        ),
    )
    sediment_demand_g_m2_d = Number(
        unit="g/(m2·d)",
        low=0,
        help=said(
            "Oxygen that the bed takes up at 20 °C.",
            da="Bundens iltforbrug ved 20 °C.",
            zh="20 °C 时底泥耗氧。",
        ),
    )
    elevation_m = Number(
        unit="m", help=said("Height above the sea.", da="Højde over havet.", zh="海拔高度。")
    )
    catchment_km2 = Number(
        unit="km2",
        low=0,
        help=said(
            "Catchment above the end of the reach.",
            da="Opland til strækningens ende.",
            zh="河段末端以上集水面积。",
        ),
    )
    has_section = Flag(
        help=said(
            "A control section lies at its head.",
            da="Der ligger et kontrolsnit ved dens begyndelse.",
            zh="河段起点设有控制断面。",
        )
    )


class Split(Sourced):
    """Where a river parts: the share of one of its branches."""

    table = "splits"
    key = ("reach", "downstream")
    words = said("Where rivers part.", da="Hvor vandløb deler sig.", zh="河流分汊。")

    reach = reach(
        said("Reach that parts.", da="Strækning, der deler sig.", zh="分汊河段。"),
        is_required=True,
    )
    downstream = Reference(Reach, is_required=True, help=said("Branch.", da="Gren.", zh="支汊。"))
    share = Number(
        low=0,
        high=1,
        is_required=True,
        help=said(
            "Share of the flow; those of a reach add up to 1.",
            da="Andel af vandføringen; en stræknings andele giver 1.",
            zh="流量分配比；同一河段合计为 1。",
        ),
    )

    class Meta:
        constraints: ClassVar = [one_each("reach", "downstream")]


class Intake(Sourced):
    """Where water is taken from a river for people or works."""

    table = "intakes"
    words = said("Intakes of water.", da="Vandindtag.", zh="取水口。")

    slug = key_column()
    name_zh = name_column("zh")
    name_en = name_column("en")
    reach = reach(said("Reach.", da="Strækning.", zh="河段。"), is_required=True)
    distance_km = Number(
        unit="km",
        low=0,
        is_required=True,
        help=said(
            "Distance from the head of the reach, along the river.",
            da="Afstand fra strækningens begyndelse, langs åen.",
            zh="距河段起点的沿河距离。",
        ),
    )


class Background(Sourced):
    """What a reach carries from above, before our outlets."""

    table = "background"
    key = ("reach", "substance")
    words = said("What rivers carry already.", da="Vandløbenes baggrund.", zh="河流本底浓度。")

    reach = reach(said("Reach.", da="Strækning.", zh="河段。"), is_required=True)
    substance = substance()
    concentration_mg_l = concentration(
        said("Mean concentration.", da="Middelkoncentration.", zh="平均浓度。"), is_required=True
    )

    class Meta:
        constraints: ClassVar = [one_each("reach", "substance")]
