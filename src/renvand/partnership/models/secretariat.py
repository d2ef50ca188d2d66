"""Partners, money, actions and seminars."""

from __future__ import annotations

from renvand.partnership.fields import (
    Choice,
    Day,
    Flag,
    Moment,
    Named,
    Number,
    Reference,
    Text,
    Words,
    said,
)
from renvand.partnership.models.base import OFFICE, Record
from renvand.partnership.models.common import key_column, name_column
from renvand.text import LANGUAGES


class Partner(Record):
    """Who takes part."""

    table = "partners"
    confidentiality = OFFICE
    words = said("Who takes part.", da="Deltagerne.", zh="合作方。")

    slug = key_column()
    name_en = Text(
        is_required=True, help=said("Name in English.", da="Navn på engelsk.", zh="英文名称。")
    )
    name_da = Text(help=said("Name in Danish.", da="Navn på dansk.", zh="丹麦文名称。"))
    name_zh = Text(help=said("Name in Chinese.", da="Navn på kinesisk.", zh="中文名称。"))
    role = Choice(
        words=(
            "secretariat",
            "agency",
            "consultancy",
            "consulate",
            "company",
            "supplier",
            "university",
        ),
        is_required=True,
        help=said("Role in the partnership.", da="Rolle i partnerskabet.", zh="在合作中的角色。"),
    )
    country = Text(is_required=True, help=said("Country.", da="Land.", zh="国家。"))
    contact = Text(help=said("Contact person.", da="Kontaktperson.", zh="联系人。"))
    email = Text(help=said("E-mail.", da="E-post.", zh="电子邮箱。"))
    has_consent = Flag(
        help=said(
            "The person lets contact data be shown.",
            da="Personen tillader, at kontaktdata vises.",
            zh="本人同意公开联系方式。",
        )
    )


def _partner() -> Reference:
    return Reference(Partner, help=said("Partner.", da="Partner.", zh="合作方。"))


def _crowns(words: dict[str, str], *, is_required: bool = False) -> Number:
    return Number(unit="DKK", low=0, is_required=is_required, help=words)


class BudgetLine(Record):
    """A line of the budget."""

    table = "budget"
    confidentiality = OFFICE
    words = said("The budget by line.", da="Budgettet pr. linje.", zh="预算明细。")

    slug = key_column()
    label_en = name_column("en", is_required=True)
    label_da = name_column("da", is_required=True)
    label_zh = name_column("zh", is_required=True)
    planned_dkk = _crowns(said("Planned.", da="Planlagt.", zh="计划。"), is_required=True)
    committed_dkk = _crowns(
        said(
            "Committed in all, spent or not.",
            da="Disponeret i alt, brugt eller ej.",
            zh="已承诺总额（含已支出）。",
        )
    )
    spent_dkk = _crowns(said("Spent.", da="Brugt.", zh="已支出。"))
    partner = _partner()


class Action(Record):
    """Something to be done by somebody by a day."""

    table = "actions"
    confidentiality = OFFICE
    words = said(
        "Milestones, actions, consents.",
        da="Milepæle, opgaver, samtykker.",
        zh="里程碑、行动与同意书。",
    )

    slug = key_column()
    kind = Choice(
        words=("milestone", "action", "consent"),
        is_required=True,
        help=said("What it is.", da="Hvad det er.", zh="类型。"),
    )
    title_en = name_column("en", is_required=True)
    title_da = name_column("da", is_required=True)
    title_zh = name_column("zh", is_required=True)
    partner = _partner()
    due_on = Day(is_required=True, help=said("Due.", da="Frist.", zh="截止日期。"))
    done_on = Day(help=said("Done.", da="Udført.", zh="完成日期。"))
    budget_line = Reference(
        BudgetLine, help=said("Line that pays.", da="Linje, der betaler.", zh="支出科目。")
    )


class Seminar(Record):
    """A seminar for one sector."""

    table = "seminar"
    words = said("Seminars.", da="Seminarer.", zh="研讨会。")

    slug = key_column()
    sector = Named(
        refers_to="sector_groups",
        is_required=True,
        help=said("Sector.", da="Branche.", zh="行业。"),
    )
    starts = Moment(
        is_required=True,
        help=said(
            "Start, with offset from UTC.",
            da="Start, med UTC-forskydning.",
            zh="开始时间（含时区偏移）。",
        ),
    )
    ends = Moment(
        is_required=True,
        help=said(
            "End, with offset from UTC.",
            da="Slut, med UTC-forskydning.",
            zh="结束时间（含时区偏移）。",
        ),
    )
    time_zone = Text(
        is_required=True,
        help=said(
            "Time zone by name: Asia/Shanghai.",
            da="Tidszonens navn: Asia/Shanghai.",
            zh="时区名称：Asia/Shanghai。",
        ),
    )
    venue_en = Text(
        is_required=True, help=said("Venue, English.", da="Sted, engelsk.", zh="地点（英文）。")
    )
    venue_da = Text(
        is_required=True, help=said("Venue, Danish.", da="Sted, dansk.", zh="地点（丹麦文）。")
    )
    venue_zh = Text(
        is_required=True, help=said("Venue, Chinese.", da="Sted, kinesisk.", zh="地点（中文）。")
    )
    city = Text(help=said("City.", da="By.", zh="城市。"))
    languages = Words(
        allowed=LANGUAGES, help=said("Languages spoken.", da="Talte sprog.", zh="会议语言。")
    )
    contact = Text(help=said("Whom to write to.", da="Hvem man skriver til.", zh="联系方式。"))


class AgendaPoint(Record):
    """A point of a seminar's agenda."""

    table = "agenda"
    key = ()
    parent = "seminar"
    words = said("Agenda of a seminar.", da="Seminarets dagsorden.", zh="研讨会议程。")

    seminar = Reference(Seminar, is_required=True)
    at = Text(
        is_required=True,
        help=said("Time of day, HH:MM.", da="Klokkeslæt, TT:MM.", zh="时间，HH:MM。"),
    )
    title_en = Text(
        is_required=True, help=said("Title, English.", da="Titel, engelsk.", zh="题目（英文）。")
    )
    title_da = Text(
        is_required=True, help=said("Title, Danish.", da="Titel, dansk.", zh="题目（丹麦文）。")
    )
    title_zh = Text(
        is_required=True, help=said("Title, Chinese.", da="Titel, kinesisk.", zh="题目（中文）。")
    )
    speaker = Text(help=said("Speaker.", da="Oplægsholder.", zh="主讲人。"))


__all__ = ["Action", "AgendaPoint", "BudgetLine", "Partner", "Seminar"]
