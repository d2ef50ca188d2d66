"""The case itself, its bibliography, and its additions to the shipped tables."""

# Django reads each Meta by itself.
# pyright: reportIncompatibleVariableOverride=false

from __future__ import annotations

from typing import ClassVar

from renvand.knowledge import laid_over
from renvand.partnership.fields import (
    Choice,
    Day,
    Number,
    Reference,
    Slug,
    SourceKey,
    Text,
    Weights,
    Whole,
    Words,
    said,
)
from renvand.partnership.models.base import Record
from renvand.partnership.models.common import key_column
from renvand.partnership.models.plants import Plant
from renvand.partnership.models.register import FIRST_YEAR, LAST_YEAR
from renvand.text import LANGUAGES
from renvand.trace import BASES

_NOTICE = said(
    "Shown on every page: what is constructed.",
    da="Vises på hver side: hvad der er konstrueret.",
    zh="显示于每一页：哪些内容为构造数据。",
)
_TITLE = said("Title of the partnership.", da="Partnerskabets titel.", zh="合作项目名称。")


class Case(Record):
    """``case.toml``: the partnership and the settings of its steps."""

    table = "case"
    sections: ClassVar = (
        "knowledge",
        "standards",
        "register",
        "ranking",
        "sectors",
        "shortlist",
        "plants",
        "potential",
        "trial",
        "sheet",
        "run",
    )
    words = said("The case and its settings.", da="Sagen og dens valg.", zh="案例及其设置。")

    slug = key_column()
    title_en = Text(is_required=True, help=_TITLE)
    title_da = Text(is_required=True, help=_TITLE)
    title_zh = Text(is_required=True, help=_TITLE)
    region = Text(is_required=True, help=said("Region.", da="Område.", zh="地区。"))
    country = Text(is_required=True, help=said("Country.", da="Land.", zh="国家。"))
    currency = Text(
        is_required=True,
        help=said("Currency, ISO 4217.", da="Valuta, ISO 4217.", zh="货币（ISO 4217）。"),
    )
    report_currency = Text(
        help=said("Currency of documents.", da="Dokumenternes valuta.", zh="报告货币。")
    )
    price_year = Whole(
        low=FIRST_YEAR,
        high=LAST_YEAR,
        is_required=True,
        help=said("Year of the prices.", da="Prisernes år.", zh="价格年份。"),
    )
    languages = Words(
        allowed=LANGUAGES,
        is_required=True,
        help=said("Languages of documents.", da="Dokumenternes sprog.", zh="文件语言。"),
    )
    seed = Whole(
        low=0,
        high=2**32 - 1,
        is_required=True,
        help=said("Seed of all draws.", da="Frø for alle trækninger.", zh="随机种子。"),
    )
    as_of = Day(
        is_required=True,
        help=said("Day the documents stand for.", da="Dokumenternes dato.", zh="文件截止日期。"),
    )
    notice_en = Text(is_required=True, help=_NOTICE)
    notice_da = Text(is_required=True, help=_NOTICE)
    notice_zh = Text(is_required=True, help=_NOTICE)
    knowledge_replaces = Words(
        allowed=laid_over(),
        help=said(
            "Shipped tables that do not count here: the case brings all rows itself.",
            da="Tabeller i pakken, der ikke gælder her: sagen har selv alle rækker.",
            zh="不采用的自带表：全部行由案例自行提供。",
        ),
    )
    standards_water = Text(
        help=said(
            "Standard by which rivers and lakes are classed, as in table limits.",
            da="Norm, som åer og søer klassificeres efter, som i tabellen limits.",
            zh="河流、湖泊水质分类所依据的标准（见 limits 表）。",
        )
    )
    standards_classes = Words(
        help=said(
            "Its classes, best first.", da="Dens klasser, bedst først.", zh="其类别，由优到劣。"
        )
    )
    standards_good = Words(
        help=said(
            "Classes called good on maps.",
            da="Klasser, der kaldes gode på kort.",
            zh="地图上称为良好的类别。",
        )
    )
    standards_fair = Words(
        help=said(
            "Classes called fair; all others are poor.",
            da="Klasser, der kaldes jævne; alle andre er ringe.",
            zh="称为一般的类别；其余为较差。",
        )
    )
    standards_plants = Text(
        help=said(
            "Standard of the effluent of public plants, as in table limits.",
            da="Norm for offentlige anlægs udløb, som i tabellen limits.",
            zh="污水厂出水执行的标准（见 limits 表）。",
        )
    )
    standards_unknown_plant = Text(
        help=said(
            "Grade taken for a plant whose own is not known.",
            da="Kravniveau for et anlæg, hvis eget ikke kendes.",
            zh="级别不明的污水厂所采用的级别。",
        )
    )
    register_water_standard = Text(
        is_required=True,
        help=said(
            "Water quality standard that loads are measured against, as in table limits.",
            da="Vandkvalitetsnorm, som belastningen måles mod, som i tabellen limits.",
            zh="衡量污染负荷的水质标准（见 limits 表）。",
        ),
    )
    register_water_class = Text(
        is_required=True,
        help=said("Class of that standard.", da="Normens klasse.", zh="该标准的类别。"),
    )
    ranking_weights = Weights(
        help=said("Weight of each criterion.", da="Kriteriernes vægte.", zh="各指标权重。")
    )
    sectors_choose = Whole(
        low=1,
        high=20,
        help=said("How many sectors to choose.", da="Antal brancher.", zh="选择行业数。"),
    )
    sectors_candidates = Words(
        refers_to="sector_groups",
        help=said("Candidate sectors.", da="Mulige brancher.", zh="候选行业。"),
    )
    sectors_weights = Weights(
        help=said(
            "Weight of load, sites, potential and supply.",
            da="Vægt af belastning, antal, potentiale og leverandører.",
            zh="负荷、企业数、潜力、供应的权重。",
        )
    )
    shortlist_size = Whole(
        low=1,
        high=1000,
        help=said("Companies to choose.", da="Antal virksomheder.", zh="入选企业数。"),
    )
    shortlist_reserves = Whole(
        low=0, high=1000, help=said("Reserves.", da="Reserver.", zh="备选企业数。")
    )
    shortlist_per_division = Whole(
        low=1,
        high=1000,
        help=said(
            "At most so many of one district.",
            da="Højst så mange i ét distrikt.",
            zh="每区县上限。",
        ),
    )
    plants_weights = Weights(
        help=said(
            "Weight of each indicator of a plant; left out, those of the method.",
            da="Vægt af hver indikator for et anlæg; udeladt: metodens egne.",
            zh="污水厂各指标权重；不填则用方法默认值。",
        )
    )
    potential_discount_rate = Number(
        unit="1/a",
        low=0,
        high=1,
        help=said("Discount rate.", da="Kalkulationsrente.", zh="折现率。"),
    )
    potential_lifetime_a = Number(
        unit="a",
        low=1,
        high=100,
        help=said("Lifetime of investments.", da="Levetid.", zh="投资寿命。"),
    )
    potential_location_factor = Number(
        low=0.1,
        high=10,
        help=said(
            "Cost of building here over where a foreign cost curve comes from.",
            da="Byggeomkostninger her i forhold til, hvor en udenlandsk omkostningskurve er fra.",
            zh="本地建设费用与国外费用曲线来源地之比。",
        ),
    )
    potential_budget = Number(
        low=0,
        help=said(
            "What a company may invest for the best choice of options, in the case's currency.",
            da="Hvad en virksomhed kan investere til det bedste valg, i sagens valuta.",
            zh="企业可用投资额（案例货币），用于优选方案组合。",
        ),
    )
    trial_plant = Reference(
        Plant, help=said("Plant of the trial.", da="Forsøgets anlæg.", zh="试验污水厂。")
    )
    trial_levers = Words(
        help=said("What the trial may change.", da="Hvad forsøget må ændre.", zh="试验可调手段。")
    )
    trial_basis = Choice(
        words=BASES,
        help=said(
            "What the plant's drawing and inflow rest on.",
            da="Hvad anlæggets tegning og tilløb bygger på.",
            zh="污水厂图纸与进水数据的依据。",
        ),
    )
    trial_source = SourceKey(
        help=said("Where they come from.", da="Hvor de stammer fra.", zh="其来源。")
    )
    sheet_edition = Text(
        help=said("Edition of the data sheets.", da="Databladenes udgave.", zh="资料单版次。")
    )
    sheet_status = Choice(
        words=("draft", "approved"),
        help=said("Draft or approved.", da="Udkast eller godkendt.", zh="草稿或已批准。"),
    )
    sheet_url = Text(
        help=said(
            "Where the web sheets lie; makes the QR code.",
            da="Hvor netudgaverne ligger; giver QR-koden.",
            zh="网页版地址；用于生成二维码。",
        )
    )
    sheet_contact = Text(help=said("Whom to ask.", da="Kontakt.", zh="联系方式。"))
    sheet_licence = Text(
        help=said("Licence of the sheets.", da="Databladenes licens.", zh="资料单许可。")
    )
    run_skip = Words(
        help=said("Steps to leave out.", da="Trin, der springes over.", zh="跳过的步骤。")
    )


class Source(Record):
    """An entry of ``sources.toml``."""

    table = "sources"
    words = said("The bibliography.", da="Kildelisten.", zh="参考文献。")

    slug = key_column()
    title = Text(is_required=True, help=said("Title.", da="Titel.", zh="题名。"))
    year = Whole(low=0, high=LAST_YEAR, is_required=True, help=said("Year.", da="År.", zh="年份。"))
    publisher = Text(help=said("Publisher.", da="Udgiver.", zh="出版者。"))
    author = Text(help=said("Author.", da="Forfatter.", zh="作者。"))
    url = Text(help=said("Address.", da="Adresse.", zh="网址。"))
    licence = Text(help=said("Licence.", da="Licens.", zh="许可。"))
    accessed = Day(help=said("Read on.", da="Læst den.", zh="访问日期。"))
    kind = Text(help=said("Kind of source.", da="Kildens art.", zh="来源类型。"))


class Addition(Record):
    """A row that the case adds to a shipped table; its columns are those of that table."""

    table = "additions"
    key = ()
    parent = "shelf"

    shelf = Slug(is_required=True)  # 'technologies', 'suppliers', 'prices'
    cells = Weights(is_required=True)  # as written, by column
