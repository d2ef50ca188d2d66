"""The review of one company: its units, streams, and what was metered and sampled."""

# Django reads each Meta by itself.
# pyright: reportIncompatibleVariableOverride=false

from __future__ import annotations

from typing import ClassVar

from renvand.partnership.fields import (
    Choice,
    Day,
    Either,
    Flag,
    Named,
    Number,
    Reference,
    Slug,
    Text,
    said,
)
from renvand.partnership.models.base import COMPANY, Record, Sourced
from renvand.partnership.models.common import (
    concentration,
    days_of_sampling,
    flow,
    key_column,
    name_column,
    one_each,
    substance,
)

SECTORS = ("textile-dyeing", "surface-treatment", "metalworking")  # with a workbook of their own
SINKS = ("drain", "sewer", "air", "product", "sludge")
STREAM_KINDS = (
    "fresh",
    "process",
    "wastewater",
    "steam",
    "evaporation",
    "leak",
    "reuse",
    "product",
    "sludge",
)
DAYS_OF_A_YEAR = 366


class Review(Record):
    """The page of a review: whom, when, what they make."""

    table = "review"
    confidentiality = COMPANY
    company = "enterprise"
    consent = "has_consent"
    words = said("The company review.", da="Virksomhedsgennemgangen.", zh="企业环境评审。")

    slug = key_column()  # the name of the folder
    enterprise = Named(
        refers_to="enterprises",
        is_required=True,
        help=said("Company reviewed.", da="Gennemgået virksomhed.", zh="受评企业。"),
    )
    sector = Named(
        refers_to="sector_groups",
        is_required=True,
        help=said("Sector.", da="Branche.", zh="行业。"),
    )
    reviewed_on = Day(
        is_required=True, help=said("Day of the visit.", da="Besøgsdato.", zh="现场评审日期。")
    )
    reviewer = Text(
        is_required=True, help=said("Who reviewed.", da="Hvem gennemgik.", zh="评审人。")
    )
    days_a = Number(
        unit="d/a",
        low=1,
        high=DAYS_OF_A_YEAR,
        is_required=True,
        help=said("Operating days of a year.", da="Driftsdage pr. år.", zh="年生产天数。"),
    )
    product_en = Text(
        is_required=True,
        help=said("Product, in English.", da="Produkt, engelsk.", zh="产品（英文）。"),
    )
    product_da = Text(
        is_required=True,
        help=said("Product, in Danish.", da="Produkt, dansk.", zh="产品（丹麦文）。"),
    )
    product_zh = Text(
        is_required=True,
        help=said("Product, in Chinese.", da="Produkt, kinesisk.", zh="产品（中文）。"),
    )
    production = Number(
        low=0,
        is_required=True,
        help=said(
            "Production of an operating day.", da="Produktion pr. driftsdag.", zh="每生产日产量。"
        ),
    )
    production_unit = Choice(
        words=("t", "m2", "1000pcs"),
        is_required=True,
        help=said("Unit of the production.", da="Produktionens enhed.", zh="产量单位。"),
    )
    has_consent = Flag(
        is_required=True,
        help=said(
            "The company lets its numbers be published.",
            da="Virksomheden tillader offentliggørelse.",
            zh="企业同意公开数据。",
        ),
    )
    consent_on = Day(help=said("Day of the consent.", da="Dato for samtykke.", zh="同意日期。"))
    notes = Text(help=said("Notes.", da="Noter.", zh="备注。"))


class OfReview(Record):
    """A row that lies in the folder of a review."""

    parent = "review"
    confidentiality = COMPANY
    company = "review__enterprise"
    consent = "review__has_consent"

    class Meta:
        abstract = True


class Unit(OfReview):
    """A step of production or supply that takes and gives water."""

    table = "units"
    words = said("Process units.", da="Procesenheder.", zh="工序单元。")

    review = Reference(Review, is_required=True)
    slug = key_column(unique=False)
    kind = Slug(
        is_required=True,
        refers_to="process_kinds",
        help=said("Kind of process.", da="Procestype.", zh="工序类型。"),
    )
    label_en = name_column("en", is_required=True)
    label_da = name_column("da", is_required=True)
    label_zh = name_column("zh", is_required=True)

    class Meta:
        constraints: ClassVar = [one_each("review", "slug")]


class Stream(OfReview):
    """Water on its way from one unit to another."""

    table = "streams"
    words = said("Water between units.", da="Vand mellem enheder.", zh="单元间水流。")

    review = Reference(Review, is_required=True)
    slug = key_column(unique=False)
    from_unit = Either(
        table="units",
        words=("supply",),
        is_required=True,
        help=said("Where it comes from.", da="Hvor det kommer fra.", zh="来自。"),
    )
    to_unit = Either(
        table="units",
        words=SINKS,
        is_required=True,
        help=said("Where it goes.", da="Hvor det løber hen.", zh="去向。"),
    )
    kind = Choice(
        words=STREAM_KINDS,
        is_required=True,
        help=said("Kind of stream.", da="Strømmens art.", zh="水流类型。"),
    )
    label_en = name_column("en")
    label_da = name_column("da")
    label_zh = name_column("zh")
    low_m3_d = flow(
        said("It flows at least so much.", da="Der løber mindst så meget.", zh="水量下限。")
    )
    high_m3_d = flow(
        said("It flows at most so much.", da="Der løber højst så meget.", zh="水量上限。")
    )
    meter_price = Number(
        low=0,
        help=said(
            "Price of a flow meter here, installed, currency of the case.",
            da="Pris på en vandmåler her, monteret, sagens valuta.",
            zh="此处安装流量计的费用（本案货币）。",
        ),
    )

    class Meta:
        constraints: ClassVar = [one_each("review", "slug")]


def stream_of_review() -> Reference:
    """A stream of the same review."""
    return Reference(Stream, is_required=True, help=said("Stream.", da="Strøm.", zh="水流。"))


def unit_of_review() -> Reference:
    """A unit of the same review."""
    return Reference(Unit, is_required=True, help=said("Unit.", da="Enhed.", zh="单元。"))


class Meter(OfReview, Sourced):
    """A metered flow."""

    table = "meters"
    key = ("stream",)
    words = said("Metered flows.", da="Målte vandmængder.", zh="流量计量。")

    review = Reference(Review, is_required=True)
    stream = stream_of_review()
    flow_m3_d = flow(
        said("Flow on an operating day.", da="Vandmængde pr. driftsdag.", zh="每生产日水量。"),
        is_required=True,
    )
    std_m3_d = flow(
        said(
            "Standard deviation of the flow.",
            da="Vandmængdens standardafvigelse.",
            zh="水量标准差。",
        ),
        is_required=True,
    )
    days = days_of_sampling()

    class Meta:
        constraints: ClassVar = [one_each("review", "stream")]


class DayFlow(OfReview, Sourced):
    """A metered flow of one day."""

    table = "readings"
    key = ("stream", "read_on")
    words = said("Meters day by day.", da="Målere dag for dag.", zh="流量计逐日读数。")

    review = Reference(Review, is_required=True)
    stream = stream_of_review()
    read_on = Day(is_required=True, help=said("Day.", da="Dag.", zh="日期。"))
    flow_m3_d = flow(
        said("Flow of the day.", da="Dagens vandmængde.", zh="当日水量。"), is_required=True
    )
    is_production = Flag(
        is_required=True,
        help=said(
            "Whether there was production that day.",
            da="Om der var produktion den dag.",
            zh="当日是否生产。",
        ),
    )

    class Meta:
        constraints: ClassVar = [one_each("review", "stream", "read_on")]


class Sample(OfReview, Sourced):
    """A concentration of a stream."""

    table = "samples"
    key = ("stream", "substance", "sampled_on")
    words = said("Concentrations of streams.", da="Strømmenes koncentrationer.", zh="水流浓度。")

    review = Reference(Review, is_required=True)
    stream = stream_of_review()
    substance = substance()
    concentration_mg_l = concentration(
        said(
            "Concentration; the reporting limit when censored.",
            da="Koncentration; detektionsgrænsen når under den.",
            zh="浓度；未检出时填检出限。",
        ),
        is_required=True,
    )
    std_mg_l = concentration(
        said("Standard deviation.", da="Standardafvigelse.", zh="标准差。"), is_required=True
    )
    is_censored = Flag(
        help=said("Below the reporting limit.", da="Under detektionsgrænsen.", zh="低于检出限。")
    )
    sampled_on = Day(help=said("Day of the sample.", da="Prøvedato.", zh="采样日期。"))

    class Meta:
        constraints: ClassVar = [one_each("review", "stream", "substance", "sampled_on")]


class Demand(OfReview, Sourced):
    """How clean the water of a unit must be."""

    table = "demands"
    key = ("unit", "substance")
    words = said(
        "Quality that units need.", da="Enhedernes krav til vandet.", zh="单元用水水质要求。"
    )

    review = Reference(Review, is_required=True)
    unit = unit_of_review()
    substance = substance()
    max_in_mg_l = concentration(
        said(
            "Highest concentration it accepts.",
            da="Højeste koncentration ind.",
            zh="最高进水浓度。",
        ),
        is_required=True,
    )

    class Meta:
        constraints: ClassVar = [one_each("review", "unit", "substance")]


class Chemical(OfReview, Sourced):
    """What a unit uses up."""

    table = "chemicals"
    key = ("unit", "chemical")
    words = said("Chemicals used.", da="Kemikalieforbrug.", zh="化学品消耗。")

    review = Reference(Review, is_required=True)
    unit = unit_of_review()
    chemical = Text(is_required=True, help=said("Chemical.", da="Kemikalie.", zh="化学品。"))
    amount_kg_d = Number(
        unit="kg/d",
        low=0,
        is_required=True,
        help=said("Use on an operating day.", da="Forbrug pr. driftsdag.", zh="每生产日用量。"),
    )
    price_per_kg = Number(
        low=0,
        help=said(
            "Price per kilogram, currency of the case.",
            da="Pris pr. kilogram, sagens valuta.",
            zh="每公斤价格（本案货币）。",
        ),
    )

    class Meta:
        constraints: ClassVar = [one_each("review", "unit", "chemical")]


class Energy(OfReview, Sourced):
    """Energy that a unit uses."""

    table = "energy"
    key = ("unit", "carrier")
    words = said("Energy used.", da="Energiforbrug.", zh="能源消耗。")

    review = Reference(Review, is_required=True)
    unit = unit_of_review()
    carrier = Choice(
        words=("electricity", "steam", "gas", "heat"),
        is_required=True,
        help=said("Carrier.", da="Energiform.", zh="能源种类。"),
    )
    amount_kwh_d = Number(
        unit="kWh/d",
        low=0,
        is_required=True,
        help=said("Use on an operating day.", da="Forbrug pr. driftsdag.", zh="每生产日用量。"),
    )
    price_per_kwh = Number(
        low=0,
        help=said(
            "Price per kWh, currency of the case.",
            da="Pris pr. kWh, sagens valuta.",
            zh="每千瓦时价格（本案货币）。",
        ),
    )

    class Meta:
        constraints: ClassVar = [one_each("review", "unit", "carrier")]
