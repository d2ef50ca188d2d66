"""A sheet made by hand, every number constructed, to look at layout and to test renderers."""

from __future__ import annotations

import datetime as dt

from renvand.publish.model import (
    Chart,
    Column,
    Fact,
    Gap,
    Item,
    KeyFigure,
    Label,
    Level,
    Link,
    Listing,
    Phrase,
    Ref,
    Section,
    SheetModel,
    Source,
    Table,
    Technique,
    Unit,
)

FACTS: dict[str, Fact] = {}


def fact(
    name, value, unit, *, low=None, high=None, confidence="medium", basis="calculated", **more
):
    """Put a fact on the pile and give its id."""
    FACTS[name] = Fact(
        id=name,
        value=value,
        unit=unit,
        low=low,
        high=high,
        basis=basis,
        confidence=confidence,
        is_constructed=more.pop("is_constructed", True),
        sources=more.pop("sources", ("made-up",)),
        method=more.pop("method", "Median of the reviewed companies."),
        **more,
    )
    return name


def say(key, **values):
    return Phrase(key=key, values=values)


UNITS = {
    "supply": Label(en="Water works", da="Vandværk", zh="自来水"),
    "pretreatment": Label(en="Pretreatment", da="Forbehandling", zh="前处理"),
    "dyeing": Label(en="Dyeing", da="Farvning", zh="染色"),
    "rinsing": Label(en="Rinsing", da="Skylning", zh="水洗"),
    "boiler": Label(en="Boiler and cooling", da="Kedel og køling", zh="锅炉与冷却"),
    "treatment": Label(en="Treatment plant", da="Renseanlæg", zh="废水处理站"),
    "air": Label(en="Air", da="Luft", zh="蒸发"),
    "product": Label(en="Product", da="Produkt", zh="产品带走"),
    "sewer": Label(en="Sewer", da="Kloak", zh="污水管网"),
}
FLOWS = (
    ("supply", "pretreatment", 310),
    ("supply", "dyeing", 180),
    ("supply", "rinsing", 620),
    ("supply", "boiler", 170),
    ("pretreatment", "treatment", 296),
    ("pretreatment", "air", 14),
    ("dyeing", "treatment", 172),
    ("dyeing", "air", 8),
    ("rinsing", "treatment", 600),
    ("rinsing", "product", 20),
    ("boiler", "air", 95),
    ("boiler", "treatment", 75),
    ("treatment", "sewer", 1143),
)
GROUPS = {"supply": "supply", "air": "loss", "product": "product", "sewer": "wastewater"}
OPTIONS = (
    (
        "Stop overflow rinsing",
        "Stop for overløbsskylning",
        "停止溢流水洗",
        40_000,
        38_000,
        420_000,
        0.3,
        "high",
    ),
    (
        "Reuse of cooling water and condensate",
        "Genbrug af kølevand og kondensat",
        "冷却水与冷凝水回用",
        180_000,
        51_000,
        330_000,
        0.55,
        "high",
    ),
    (
        "Counter-current rinsing",
        "Modstrømsskylning",
        "逆流漂洗",
        260_000,
        62_000,
        310_000,
        0.84,
        "medium",
    ),
    (
        "Heat recovery from wastewater",
        "Varmegenvinding fra spildevand",
        "废水热回收",
        450_000,
        0,
        380_000,
        1.2,
        "medium",
    ),
    (
        "Automatic dosing of dyestuff",
        "Automatisk dosering af farvestof",
        "染料自动计量",
        520_000,
        9_000,
        260_000,
        2.0,
        "low",
    ),
    (
        "Membrane reuse of rinse water",
        "Membranrensning og genbrug af skyllevand",
        "漂洗水膜处理回用",
        2_900_000,
        150_000,
        690_000,
        4.2,
        "medium",
    ),
)


def balance_chart() -> Chart:
    items = tuple(Item(id=k, label=v, group=GROUPS.get(k, "process")) for k, v in UNITS.items())
    links = tuple(
        Link(
            source=a,
            target=b,
            fact=fact(f"review.a.flow.{a}-{b}", q / 12.8, "%"),
            group=GROUPS.get(b, "") or ("wastewater" if b == "treatment" else ""),
        )
        for a, b, q in FLOWS
    )
    return Chart(
        kind="sankey",
        caption=say("sheet.caption_balance", letter="A"),
        unit="%",
        items=items,
        links=links,
    )


def comparison_chart() -> Chart:
    values = ((118, 104, 133), (96, 88, 105), (74, 70, 79), (141, 120, 162), (88, 80, 97))
    items = tuple(
        Item(
            id=letter,
            label=say("sheet.company", letter=letter),
            group="company",
            fact=fact(f"review.{letter.lower()}.specific_water", float(v), "m3/t", low=lo, high=hi),
        )
        for letter, (v, lo, hi) in zip("ABCDE", values, strict=True)
    )
    good = fact(
        "knowledge.good.dyeing",
        80.0,
        "m3/t",
        low=10.0,
        high=150.0,
        basis="published",
        is_constructed=False,
        sources=("eu-txt-2022",),
    )
    limit = fact(
        "knowledge.limit.base",
        140.0,
        "m3/t",
        basis="published",
        confidence="low",
        is_constructed=False,
        sources=("gb4287",),
    )
    return Chart(
        kind="bar",
        caption=say(
            "sheet.caption_comparison", what=say("sheet.specific_water"), unit=Unit(unit="m3/t")
        ),
        unit="m3/t",
        items=items,
        levels=(
            Level(label=say("sheet.good_practice"), fact=good),
            Level(label=say("sheet.limit"), fact=limit, is_limit=True),
        ),
    )


def options_table() -> Table:
    rows = []
    for n, (en, da, zh, cost, water, money, back, sure) in enumerate(OPTIONS):
        name = f"potential.option-{n}"
        rows.append(
            (
                str(n + 1),
                Label(en=en, da=da, zh=zh),
                Ref(fact=fact(f"{name}.investment", float(cost), "CNY"), form="number"),
                Ref(fact=fact(f"{name}.water", float(water), "m3/a"), form="number")
                if water
                else Gap(reason=say("sheet.gap_not_measured"), is_withheld=False),
                Ref(fact=fact(f"{name}.money", float(money), "CNY/a"), form="number"),
                Ref(
                    fact=fact(f"{name}.payback", back, "a", confidence=sure),
                    places=1,
                    form="number",
                ),
                say(f"sheet.confidence_{sure}"),
            )
        )
    return Table(
        caption=say("sheet.caption_options"),
        columns=(
            Column(title="", weight=0),
            Column(title=say("sheet.option"), weight=2.6),
            Column(title=say("sheet.investment"), unit="CNY", is_number=True),
            Column(title=say("sheet.water_saving"), unit="m3/a", is_number=True),
            Column(title=say("sheet.money_saving"), unit="CNY", is_number=True),
            Column(title=say("sheet.payback"), unit="a", is_number=True),
            Column(title=say("sheet.confidence"), weight=0),
        ),
        rows=tuple(rows),
    )


def macc_chart() -> Chart:
    items = tuple(
        Item(
            id=str(n),
            label=Label(en=o[0], da=o[1], zh=o[2]),
            fact=f"potential.option-{n}.water",
            other=fact(f"potential.option-{n}.unit_cost", c, "CNY/m3"),
        )
        for (n, o), c in zip(
            ((n, o) for n, o in enumerate(OPTIONS) if o[4]),
            (-10.5, -5.8, -4.1, -2.0, 1.6),
            strict=True,
        )
    )
    return Chart(
        kind="curve",
        caption=say("sheet.caption_macc"),
        unit="CNY/m3",
        items=items,
        axis=say("sheet.axis_saved", unit=Unit(unit="m3/a")),
        other_axis=say("sheet.axis_cost", unit=Unit(unit="CNY/m3")),
    )


def share_table() -> Table:
    steps = (("pretreatment", 26, 41), ("dyeing", 15, 33), ("rinsing", 52, 24), ("boiler", 7, 2))
    return Table(
        caption=say("sheet.caption_origin", letter="A"),
        columns=(
            Column(title=say("sheet.step"), weight=1.8),
            Column(title=say("sheet.share_wastewater"), unit="%", is_number=True),
            Column(title=say("sheet.share_load", substance="COD"), unit="%", is_number=True),
        ),
        rows=tuple(
            (
                UNITS[s],
                Ref(fact=fact(f"review.a.{s}.q", float(q), "%"), form="number", digits=2),
                Ref(fact=fact(f"review.a.{s}.cod", float(c), "%"), form="number", digits=2),
            )
            for s, q, c in steps
        ),
    )


def limit_table() -> Table:
    data = (
        ("COD", 162, 80, 200),
        ("NH₄-N", 11, 10, 20),
        ("SS", 44, 50, 100),
        ("Sb", 0.08, 0.1, 0.1),
    )
    return Table(
        caption=say("sheet.caption_limits", letters="A", unit=Unit(unit="mg/l")),
        columns=(
            Column(title=say("sheet.substance"), weight=0),
            Column(title="A", is_number=True),
            Column(title=say("sheet.direct"), is_number=True),
            Column(title=say("sheet.indirect"), is_number=True),
        ),
        rows=tuple(
            (
                s,
                Ref(fact=fact(f"review.a.{s}", float(v), "mg/l"), form="number", digits=2),
                *(
                    Ref(
                        fact=fact(
                            f"limit.{s}.{k}",
                            float(x),
                            "mg/l",
                            basis="published",
                            confidence="low",
                            is_constructed=False,
                            sources=("gb4287",),
                        ),
                        form="number",
                        digits=2,
                    )
                    for k, x in (("direct", d), ("indirect", i))
                ),
            )
            for s, v, d, i in data
        ),
    )


def technology_table() -> Table:
    rows = (
        (
            Label(
                en="Clean rinse water for reuse",
                da="Rent skyllevand til genbrug",
                zh="漂洗水净化回用",
            ),
            Label(
                en="Reverse osmosis, ion exchange",
                da="Omvendt osmose, ionbytning",
                zh="反渗透、离子交换",
            ),
            "Eurowater",
        ),
        (
            Label(en="Warm wastewater", da="Varmt spildevand", zh="高温废水"),
            Label(en="Heat exchanger, heat pump", da="Varmeveksler, varmepumpe", zh="换热器、热泵"),
            "Danfoss",
        ),
        (
            Label(
                en="Control of pumps and dosing",
                da="Styring af pumper og dosering",
                zh="水泵与加药控制",
            ),
            Label(
                en="Frequency converter, dosing pump",
                da="Frekvensomformer, doseringspumpe",
                zh="变频器、计量泵",
            ),
            "Danfoss; Grundfos",
        ),
    )
    return Table(
        caption=say("sheet.caption_technology"),
        columns=(
            Column(title=say("sheet.need")),
            Column(title=say("sheet.technology_type")),
            Column(title=say("sheet.suppliers"), weight=0.8),
        ),
        rows=rows,
        note=say("sheet.supplier_rule"),
    )


def technique() -> Technique:
    return Technique(
        title=Label(en="Counter-current rinsing", da="Modstrømsskylning", zh="逆流漂洗"),
        rows=(
            (
                say("sheet.description"),
                Label(
                    en="Fabric and water run in opposite directions through two or more rinses; "
                    "the last rinse gets the clean water.",
                    da="Stof og vand løber i hver sin retning gennem to eller flere skyl; "
                    "det sidste skyl får det rene vand.",
                    zh="织物与水逆向通过两道或多道水洗，最后一道使用清水。",
                ),
            ),
            (
                say("sheet.benefit"),
                say("sheet.benefit_water", saving=Ref(fact="potential.option-2.water"), letter="A"),
            ),
            (
                say("sheet.applicability"),
                Label(
                    en="Continuous machines at once; "
                    "batch machines need a tank for the last rinse.",
                    da="Kontinuerlige maskiner straks; "
                    "batchmaskiner kræver en tank til det sidste skyl.",
                    zh="连续设备可直接采用；间歇设备需为末道漂洗水设贮槽。",
                ),
            ),
            (
                say("sheet.economics"),
                say(
                    "sheet.economics_payback",
                    investment=Ref(fact="potential.option-2.investment"),
                    payback=Ref(fact="potential.option-2.payback", digits=2),
                ),
            ),
        ),
    )


def key_figures() -> tuple[KeyFigure, ...]:
    def one(name, label, value, unit, note, **more):
        return KeyFigure(
            label=label, value=Ref(fact=fact(f"publish.{name}", value, unit, **more)), note=note
        )

    spans = Ref(fact="publish.specific_water", form="span")
    return (
        one(
            "specific_water",
            say("sheet.specific_water"),
            96.0,
            "m3/t",
            say("sheet.note_range", n="5", span=spans),
            low=74.0,
            high=141.0,
        ),
        one(
            "wastewater",
            say("sheet.specific_wastewater"),
            5_640.0,
            "m3/d",
            say("sheet.note_range", n="5", span="22–41"),
        ),
        one(
            "load",
            say("sheet.main_pollutant", substance="COD"),
            46.0,
            "kg/t",
            say("sheet.note_range", n="5", span=Ref(fact="publish.load", form="span")),
            low=31.0,
            high=72.0,
        ),
        one(
            "saving",
            say("sheet.saving_potential"),
            34.0,
            "%",
            say("sheet.note_range", n="5", span="22–41"),
            low=22.0,
            high=41.0,
        ),
    )


def sections() -> tuple[Section, ...]:
    intro = "sector.textile-dyeing"
    water = fact("publish.water", 61_000_000.0, "m3/a")
    sites = fact("publish.sites", 43.0, "1")
    closure = fact("review.a.closure", 3.1, "%")
    options, macc = options_table(), macc_chart()
    return (
        Section(
            id="sector",
            title=say("sheet.sector"),
            blocks=(
                say(f"{intro}_intro"),
                say(
                    "sheet.register",
                    sites=Ref(fact=sites, form="number"),
                    load=Ref(fact=water, digits=2),
                ),
            ),
        ),
        Section(id="origin", title=say("sheet.origin"), blocks=(share_table(),)),
        Section(
            id="balance",
            title=say("sheet.balance"),
            blocks=(
                balance_chart(),
                say(
                    "sheet.closure",
                    closure=Ref(fact=closure, digits=2),
                    unit=UNITS["rinsing"],
                    measured="9",
                    streams="13",
                ),
            ),
        ),
        Section(id="comparison", title=say("sheet.comparison"), blocks=(comparison_chart(),)),
        Section(
            id="first_steps",
            title=say("sheet.first_steps"),
            blocks=(Listing(items=tuple(say(f"{intro}_first_{n}") for n in range(1, 6))),),
        ),
        Section(id="options", title=say("sheet.options"), blocks=(options, macc)),
        Section(id="techniques", title=say("sheet.techniques"), blocks=(technique(),)),
        Section(
            id="treatment",
            title=say("sheet.treatment"),
            blocks=(say(f"{intro}_treatment"), limit_table()),
        ),
        Section(id="technology", title=say("sheet.technology"), blocks=(technology_table(),)),
    )


def sheet() -> SheetModel:
    """Give the sheet for textile dyeing."""
    FACTS.clear()
    figures, parts = key_figures(), sections()
    return SheetModel(
        id="textile-dyeing",
        kind="sector",
        series=say("sheet.series"),
        number=1,
        edition="1",
        issued_on=dt.date(2026, 11, 23),
        status="draft",
        title=say("sector.textile-dyeing"),
        subtitle=say(
            "sheet.sector_subtitle", n="5", region=Label(en="Chongqing", da="Chongqing", zh="重庆")
        ),
        codes=(
            say("sheet.nace", code="13.30"),
            say("sheet.gbt", code="1713, 1723, 1733, 1743, 1752, 1762"),
        ),
        lead=say("sector.textile-dyeing_intro"),
        key_figures=figures,
        sections=parts,
        facts=tuple(FACTS.values()),
        sources=(
            Source(
                key="eu-txt-2022",
                title="Best available techniques conclusions for the textiles industry, "
                "Implementing Decision (EU) 2022/2508",
                year=2022,
                publisher="European Commission",
            ),
            Source(
                key="gb4287",
                title="纺织染整工业水污染物排放标准 GB 4287-2012",
                year=2012,
                publisher="生态环境部",
            ),
            Source(
                key="made-up",
                title="Constructed reviews of this example",
                year=2026,
                author="Renvand",
            ),
        ),
        method=(
            say("sheet.method_reviews", n="5"),
            say("sheet.method_statistics", least="3"),
            say("sheet.method_trace"),
        ),
        notice=Label(
            en="Company data in this example are constructed; "
            "names and numbers belong to no real company.",
            da="Virksomhedsdata i dette eksempel er konstrueret; "
            "navne og tal tilhører ingen virkelig virksomhed.",
            zh="本示例中的企业数据均为构造，名称和数字不属于任何真实企业。",
        ),
        contact="Secretariat, secretariat@example.org",
        url="https://example.org/renvand/textile-dyeing",
        licence="CC BY 4.0",
    )
