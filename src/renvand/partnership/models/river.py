"""The river network and what it carries already."""

# Django reads each Meta by itself.
# pyright: reportIncompatibleVariableOverride=false

from __future__ import annotations

from typing import ClassVar

from renvand.partnership.fields import Choice, Number, said
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
    water_class = Choice(
        words=("I", "II", "III", "IV", "V"),
        heading="class",
        help=said(
            "Class the reach must meet, GB 3838.",
            da="Målklasse efter GB 3838.",
            zh="水质目标类别（GB 3838）。",
        ),
    )
    longitude = longitude()
    latitude = latitude()


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
