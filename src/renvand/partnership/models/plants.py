"""Public treatment plants: the list, their operation, their drawing."""

# Django reads each Meta by itself.
# pyright: reportIncompatibleVariableOverride=false

from __future__ import annotations

from typing import ClassVar

from renvand.partnership.fields import Choice, Code, Number, Reference, Slug, Text, Whole, said
from renvand.partnership.models.base import Record, Sourced
from renvand.partnership.models.common import (
    concentration,
    division,
    flow,
    key_column,
    latitude,
    longitude,
    name_column,
    one_each,
    position_quality,
    reach,
    temperature,
)
from renvand.partnership.models.register import year

PROCESSES = ("A2O", "AO", "OD", "SBR", "CASS", "MBR", "BIOFILM", "CAS", "OTHER")


class Plant(Sourced):
    """A public wastewater treatment plant."""

    table = "plants"
    words = said("Public treatment plants.", da="Offentlige renseanlæg.", zh="城镇污水处理厂。")

    slug = key_column()
    name_zh = name_column("zh")
    name_en = name_column("en", is_required=True)
    division = division()
    longitude = longitude()
    latitude = latitude()
    position_quality = position_quality()
    capacity_m3_d = flow(
        said("Design capacity.", da="Dimensioneret kapacitet.", zh="设计处理能力。"),
        is_required=True,
    )
    process = Choice(
        words=PROCESSES, help=said("Main process.", da="Hovedproces.", zh="主体工艺。")
    )
    discharge_class = Code(
        help=said(
            "Grade of the discharge standard of the case (1A, 1B in GB 18918); other: of no table.",
            da="Kravniveau i sagens udledningsnorm (1A, 1B i GB 18918); other: i ingen tabel.",
            zh="案例所用排放标准的级别（GB 18918 为 1A、1B）；other：不在表中。",
        ),
    )
    lines = Whole(
        low=1, high=100, help=said("Parallel lines.", da="Parallelle linjer.", zh="并联生产线数。")
    )
    receiving_reach = reach(
        said("Reach that receives the water.", da="Modtagende strækning.", zh="受纳河段。")
    )
    cod_in_mg_l = concentration(said("COD of the inflow.", da="COD i tilløb.", zh="进水 COD。"))
    nh4_in_mg_l = concentration(
        said("Ammonium nitrogen of the inflow.", da="Ammonium-N i tilløb.", zh="进水氨氮。")
    )
    year = year()


def _in(name: str, zh: str) -> Number:
    return concentration(said(f"{name} of the inflow.", da=f"{name} i tilløb.", zh=f"进水{zh}。"))


def _out(name: str, zh: str) -> Number:
    return concentration(said(f"{name} of the effluent.", da=f"{name} i udløb.", zh=f"出水{zh}。"))


class Operation(Sourced):
    """A month of a plant."""

    table = "operation"
    key = ("month",)
    parent = "plant"
    words = said(
        "A plant month by month.", da="Et anlæg måned for måned.", zh="污水厂逐月运行数据。"
    )

    plant = Reference(Plant, is_required=True)
    month = Slug(
        is_required=True, help=said("Month, YYYY-MM.", da="Måned, ÅÅÅÅ-MM.", zh="月份，YYYY-MM。")
    )
    flow_m3_d = flow(
        said("Water treated per day.", da="Renset vand pr. døgn.", zh="日均处理水量。"),
        is_required=True,
    )
    electricity_kwh = Number(
        unit="kWh",
        low=0,
        help=said("Electricity of the month.", da="Månedens elforbrug.", zh="当月用电量。"),
    )
    temperature_c = temperature()
    cod_in_mg_l = _in("COD", " COD")
    cod_out_mg_l = _out("COD", " COD")
    bod_in_mg_l = _in("BOD5", " BOD5")
    bod_out_mg_l = _out("BOD5", " BOD5")
    ss_in_mg_l = _in("SS", "悬浮物")
    ss_out_mg_l = _out("SS", "悬浮物")
    nh4_in_mg_l = _in("NH4-N", "氨氮")
    nh4_out_mg_l = _out("NH4-N", "氨氮")
    tn_in_mg_l = _in("TN", "总氮")
    tn_out_mg_l = _out("TN", "总氮")
    tp_in_mg_l = _in("TP", "总磷")
    tp_out_mg_l = _out("TP", "总磷")

    class Meta:
        constraints: ClassVar = [one_each("plant", "month")]


class PlantPage(Record):
    """Files of a plant kept word for word: the drawing and the series that drives it."""

    table = "pages"
    key = ("file",)
    parent = "plant"

    plant = Reference(Plant, is_required=True)
    file = Slug(is_required=True)  # 'plant.toml', 'influent.csv'
    text = Text(is_required=True)

    class Meta:
        constraints: ClassVar = [one_each("plant", "file")]
