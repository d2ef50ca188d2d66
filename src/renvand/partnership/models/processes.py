"""What a process engineer wants to know of a line, sector by sector, in a review."""

# Django reads each Meta by itself.
# pyright: reportIncompatibleVariableOverride=false

from __future__ import annotations

from typing import ClassVar

from renvand.partnership.fields import Choice, Number, Reference, Whole, said
from renvand.partnership.models.base import Sourced
from renvand.partnership.models.common import flow, one_each, temperature
from renvand.partnership.models.reviews import OfReview, Review, unit_of_review

MOST_STAGES = 10
# The words below are the conditions of unit_defaults in the knowledge tables.
RINSE_POSITIONS = ("before-plating", "between-metals", "final", "final-chromium")
GEOMETRIES = (
    "vertical-well",
    "vertical-poor",
    "vertical-very-poor",
    "horizontal-well",
    "horizontal-very-poor",
    "cup-shaped",
    "rack",
    "barrel",
)
MACHINES = (
    "jigger",
    "winch",
    "conventional-jet",
    "soft-flow-jet",
    "low-liquor-jet",
    "airflow-jet-cotton",
    "airflow-jet-polyester",
    "package-yarn",
    "cold-pad-batch",
)
DYES = ("acid", "basic", "direct", "disperse", "metal-complex", "reactive", "sulphur", "vat")


class Rinse(OfReview, Sourced):
    """How a bath of surface treatment is rinsed off."""

    table = "rinses"
    key = ("unit",)
    words = said("Rinses of plating lines.", da="Skyl på galvaniske linjer.", zh="电镀线清洗。")

    review = Reference(Review, is_required=True)
    unit = unit_of_review()
    surface_m2_d = Number(
        unit="m2/d",
        low=0,
        is_required=True,
        help=said(
            "Surface treated on an operating day.",
            da="Behandlet overflade pr. driftsdag.",
            zh="每生产日处理面积。",
        ),
    )
    stages = Whole(
        low=1,
        high=MOST_STAGES,
        help=said(
            "Rinse tanks in counter-current.", da="Skyllekar i modstrøm.", zh="逆流清洗级数。"
        ),
    )
    placing = Choice(
        words=RINSE_POSITIONS,
        help=said(
            "Place in the line; decides how clean it must rinse.",
            da="Plads i linjen; afgør hvor rent der skal skylles.",
            zh="在生产线中的位置；决定清洗要求。",
        ),
    )
    geometry = Choice(
        words=GEOMETRIES,
        help=said("How parts hang.", da="Hvordan emnerne hænger.", zh="工件悬挂方式。"),
    )
    drag_out_l_m2 = Number(
        unit="l/m2",
        low=0,
        help=said(
            "Bath carried over, measured; empty: from how parts hang.",
            da="Udslæb af bad, målt; tom: efter ophængning.",
            zh="带出液量（实测）；留空则按悬挂方式取值。",
        ),
    )
    criterion = Number(
        low=1,
        help=said(
            "Dilution the rinse must reach; empty: from the place in the line.",
            da="Fortynding som skyllet skal nå; tom: efter plads i linjen.",
            zh="所需清洗倍数；留空则按所在位置取值。",
        ),
    )

    class Meta:
        constraints: ClassVar = [one_each("review", "unit")]


class Dyeing(OfReview, Sourced):
    """The recipe of a dyeing machine, baths and rinses together."""

    table = "dyeings"
    key = ("unit",)
    words = said("Dyeing recipes.", da="Farverecepter.", zh="染色工艺。")

    review = Reference(Review, is_required=True)
    unit = unit_of_review()
    goods_t_d = Number(
        unit="t/d",
        low=0,
        is_required=True,
        help=said(
            "Goods dyed on an operating day.",
            da="Farvet vare pr. driftsdag.",
            zh="每生产日染色量。",
        ),
    )
    machine = Choice(words=MACHINES, help=said("Machine.", da="Maskine.", zh="染色机类型。"))
    liquor_ratio_l_kg = Number(
        unit="l/kg",
        low=0,
        help=said("Liquor ratio.", da="Flotteforhold.", zh="浴比。"),
    )
    baths = Whole(
        low=1,
        help=said(
            "Baths filled for one batch, rinses included.",
            da="Bade pr. parti, skyl medregnet.",
            zh="每缸用水次数（含水洗）。",
        ),
    )
    dye_class = Choice(
        words=DYES, help=said("Class of dye.", da="Farvestofklasse.", zh="染料类别。")
    )
    fixation_percent = Number(
        unit="%",
        low=0,
        high=100,
        help=said(
            "Dye that stays on the goods; empty: from the class.",
            da="Farvestof der bliver på varen; tom: efter klassen.",
            zh="固色率；留空则按染料类别取值。",
        ),
    )
    salt_g_l = Number(
        unit="g/l", low=0, help=said("Salt in the bath.", da="Salt i badet.", zh="染浴盐浓度。")
    )
    dropped_at_c = temperature()

    class Meta:
        constraints: ClassVar = [one_each("review", "unit")]


class Fluid(OfReview, Sourced):
    """A fluid of metalworking that is used, topped up, and thrown away."""

    table = "fluids"
    key = ("unit",)
    words = said(
        "Cutting fluids and wash baths.", da="Kølesmøremidler og vaskebade.", zh="切削液与清洗槽。"
    )

    review = Reference(Review, is_required=True)
    unit = unit_of_review()
    fluid = Choice(
        words=("emulsion", "wash-bath"),
        is_required=True,
        help=said("Kind of fluid.", da="Væskens art.", zh="液体类型。"),
    )
    volume_m3 = Number(
        unit="m3", low=0, is_required=True, help=said("Volume.", da="Volumen.", zh="容积。")
    )
    life_d = Number(
        unit="d",
        low=0,
        is_required=True,
        help=said(
            "Operating days between changes.",
            da="Driftsdage mellem skift.",
            zh="更换间隔（生产日）。",
        ),
    )
    top_up_m3_d = flow(
        said(
            "Topped up on an operating day.", da="Efterfyldt pr. driftsdag.", zh="每生产日补加量。"
        )
    )
    concentrate_percent = Number(
        unit="%",
        low=0,
        high=100,
        help=said("Concentrate in the fluid.", da="Koncentrat i væsken.", zh="浓缩液占比。"),
    )
    tramp_oil_kg_d = Number(
        unit="kg/d",
        low=0,
        help=said("Foreign oil skimmed off.", da="Fremmedolie skummet af.", zh="撇除的浮油量。"),
    )

    class Meta:
        constraints: ClassVar = [one_each("review", "unit")]
