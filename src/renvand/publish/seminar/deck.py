"""What stands on each slide of a seminar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from renvand.publish.charts.theme import ACCENT, GREY, INK
from renvand.publish.compose import Composed, compose
from renvand.publish.model import Chart, Item, Label, Phrase, Ref, SheetModel, Table
from renvand.publish.seminar import pictures
from renvand.publish.seminar.event import Event
from renvand.publish.seminar.letter import agenda, letter, when
from renvand.publish.seminar.slides import EDGE, PANEL, ROOM, TOP, Slides
from renvand.publish.voice import Voice
from renvand.text import day


def deck(model: SheetModel, event: Event, *, language: str, on: dt.date) -> bytes:
    """Make the slides of a seminar from its data sheet.

    Parameters
    ----------
    model : SheetModel
        The sheet of the sector.
    event : Event
        The seminar.
    language : str
        'da', 'en' or 'zh'.
    on : date
        The day the file is made.

    Returns
    -------
    bytes
        A pptx with native tables and charts and speaker's notes.
    """
    return _Deck(model, event, language, on=on).made()


class _Deck:
    def __init__(self, model: SheetModel, event: Event, language: str, *, on: dt.date) -> None:
        self.model, self.event, self.language = model, event, language
        self.voice = Voice(language, {fact.id: fact for fact in model.facts})
        self.say = self.voice.words
        self.sheet = compose(model, language)
        self.title = self.say("seminar.title", sector=self.sheet["title"])
        self.slides = Slides(
            locale=self.sheet["locale"],
            title=self.title,
            author=getattr(event.contact, language),
            on=on,
        )
        self.on = on

    def made(self) -> bytes:
        self._cover()
        self._agenda()
        parts: tuple[tuple[str, Callable[[Composed], None]], ...] = (
            ("sector", self._sector),
            ("origin", self._origin),
            ("balance", self._balance),
            ("comparison", self._comparison),
            ("options", self._options),
            ("techniques", self._techniques),
            ("treatment", self._treatment),
            ("case", self._case),
            ("technology", self._technology),
            ("first_steps", self._first_steps),
        )
        for name, write in parts:
            section = next((s for s in self.sheet["sections"] if s["id"] == name), None)
            if section:
                write(section)
            if name == "sector":
                self._figures()
        self._questions()
        self._sources()
        return self.slides.data()

    def _cover(self) -> None:
        start = self.event.starts.date()
        self.slides.cover(
            self.title,
            f"{day(start, self.language)}  ·  {self.voice.text(self.event.venue)}",
            when(self.event, self.language),
            self.sheet["badge"],
        )
        self.slides.notes(self.say("seminar.note_agenda"), self.sheet["notice"])

    def _agenda(self) -> None:
        plan = agenda(self.event, self.language)
        columns = [{"title": head, "unit": "", "is_number": False} for head in plan["heads"]]
        rows = [[{"text": cell, "mark": ""} for cell in row] for row in plan["rows"]]
        self.slides.page(self.say("seminar.agenda"))
        caption = self.say("seminar.programme")
        self.slides.table({"caption": caption, "columns": columns, "rows": rows})
        self.slides.notes(self.say("seminar.note_agenda"))

    def _sector(self, section: Composed) -> None:
        self.slides.page(section["title"])
        texts = [b["text"] for b in section["blocks"] if b["is"] == "paragraph"]
        stats = self._register()
        wide = ROOM * (PANEL - 0.05 if stats else 0.82)
        frame = self.slides.text(texts[0], (EDGE, TOP + 2, wide), size=19, height=110)
        for text in texts[1:]:
            self.slides.more(frame, text, size=19, gap=14)
        if stats:
            self.slides.panel(stats)
        self.slides.notes(self.say("seminar.note_lead", text=self.sheet["subtitle"]))

    def _register(self) -> list[tuple[str, str, str]]:
        """Find what the register says of the sector, for the panel beside the text."""
        section = self.model.section("sector")
        phrases = [b for b in section.blocks if isinstance(b, Phrase)] if section else []
        found = next((p.values for p in phrases if p.key == "sheet.register"), {})
        stats: list[tuple[str, str, str]] = []
        for name, words in (("sites", "sites_short"), ("load", "load_short")):
            ref = found.get(name)
            if isinstance(ref, Ref):
                fact = self.voice.facts[ref.fact]
                number = self.voice.written(fact.value, ref=ref)
                stats.append((number, self.voice.unit(fact.unit), self.say(f"seminar.{words}")))
        return stats

    def _figures(self) -> None:
        self.slides.page(self.say("seminar.figures_title"))
        figures = self.sheet["key_figures"]
        width = ROOM / max(len(figures), 1) - 8
        for column, k in enumerate(figures):
            x = EDGE + column * (width + 8)
            self.slides.box((x, 52, width, 0.6), colour=INK)
            self.slides.text(k["label"], (x, 57, width), size=18, height=18, is_bold=True)
            size = 54 if len(k["number"]) < 7 else 30
            self.slides.text(
                k["number"], (x, 82, width), size=size, height=26, colour=ACCENT, is_bold=True
            )
            self.slides.text(f"{k['unit']}{k['mark']}", (x, 110, width), size=18, colour=ACCENT)
            self.slides.text(k["note"], (x, 124, width), size=14, height=24, colour=GREY["dark"])
        lines = [f"{k['label']}: {k['number']} {k['unit']} ({k['note']})" for k in figures]
        self._notes("figures", "; ".join(lines))

    def _origin(self, section: Composed) -> None:
        self.slides.page(self.say("seminar.origin_title"))
        self._tables(section)
        self._notes("origin")

    def _balance(self, section: Composed) -> None:
        self.slides.page(self.say("seminar.balance_title"))
        chart = self._chart("balance")
        texts = [b["text"] for b in section["blocks"] if b["is"] in ("paragraph", "gap")]
        drawn = next((b for b in section["blocks"] if b["is"] == "chart"), None)
        if chart and drawn:
            self.slides.text(
                drawn["caption"] + drawn["mark"], (EDGE, 33, ROOM), size=13, colour=GREY["dark"]
            )
            pictures.flows(self.slides, chart, voice=self.voice)
        else:
            self._paragraphs(texts)
        self._notes("balance", drawn["alt"] if drawn else "", *texts)

    def _comparison(self, section: Composed) -> None:
        self.slides.page(self.say("seminar.comparison_title"))
        chart = self._chart("comparison")
        drawn = next((b for b in section["blocks"] if b["is"] == "chart"), None)
        if chart and drawn:
            text = drawn["caption"] + drawn["mark"]
            self.slides.text(text, (EDGE, 33, ROOM), size=13, colour=GREY["dark"])
            pictures.bars(self.slides, chart, voice=self.voice)
        else:
            self._paragraphs([b["text"] for b in section["blocks"] if "text" in b])
        self._notes("comparison", drawn["alt"] if drawn else "")

    def _options(self, section: Composed) -> None:
        self.slides.page(self.say("seminar.options_title"))
        self._tables(section)
        self._notes("options")
        money = self._money()
        if money:
            self.slides.page(self.say("seminar.money_title"))
            pictures.bars(self.slides, money, voice=self.voice, fields=("fact", "other"))
            self._notes("options")

    def _money(self) -> Chart | None:
        """Find investment and yearly saving in the table of options, as two bars an option."""
        section = self.model.section("options")
        table = next((b for b in section.blocks if isinstance(b, Table)), None) if section else None
        if not table:
            return None
        keys = [getattr(column.title, "key", "") for column in table.columns]
        wanted = ("sheet.option", "sheet.investment", "sheet.money_saving")
        if not set(wanted) <= set(keys):
            return None
        name, cost, gain = (keys.index(key) for key in wanted)
        items: list[Item] = []
        for row in table.rows:
            label, spent, earned = row[name], row[cost], row[gain]
            if isinstance(spent, Ref) and isinstance(earned, Ref) and isinstance(label, Label):
                items.append(Item(id=spent.fact, label=label, fact=spent.fact, other=earned.fact))
        if not items:
            return None
        return Chart(
            kind="profile",
            caption=table.caption,
            unit=table.columns[cost].unit,
            items=tuple(items),
            axis=table.columns[cost].title,
            other_axis=table.columns[gain].title,
        )

    def _techniques(self, section: Composed) -> None:
        """Write each technique as text, with its numbers from the table of options beside it."""
        for block in [b for b in section["blocks"] if b["is"] == "technique"]:
            self.slides.page(block["title"])
            stats = self._option(block["title"])
            wide = ROOM * (PANEL - 0.05 if stats else 0.86)
            (head, text), *rest = block["rows"]
            frame = self.slides.text(text, (EDGE, TOP, wide), size=16, height=120, lead=head)
            for head, text in rest:
                self.slides.more(frame, text, size=16, lead=head, gap=7)
            if stats:
                self.slides.panel(stats)
            self._notes("technique")

    def _option(self, title: str) -> list[tuple[str, str, str]]:
        """Find the numbers of an option in the table: water, money, payback."""
        section = self.model.section("options")
        table = next((b for b in section.blocks if isinstance(b, Table)), None) if section else None
        for row in table.rows if table else ():
            if title in [self.voice.text(c) for c in row if isinstance(c, Label)]:
                heads = [self.voice.text(column.title) for column in table.columns] if table else []
                pairs = [(c, h) for c, h in zip(row, heads, strict=True) if isinstance(c, Ref)]
                return [
                    (
                        self.voice.written(self.voice.facts[cell.fact].value, ref=cell),
                        self.voice.unit(self.voice.facts[cell.fact].unit),
                        head,
                    )
                    for cell, head in pairs[:3]
                ]
        return []

    def _case(self, section: Composed) -> None:
        """Tell the company before and after, with a native chart."""
        self.slides.page(self.say("seminar.case_title"))
        chart = self._chart("case")
        texts = [b["text"] for b in section["blocks"] if "text" in b]
        if texts:
            self.slides.text(texts[0], (EDGE, TOP - 6, ROOM * 0.86), size=19, height=34)
        if chart:
            pictures.bars(self.slides, chart, voice=self.voice, fields=("fact", "other"), top=86.0)
        self._notes("case")

    def _treatment(self, section: Composed) -> None:
        texts = [b["text"] for b in section["blocks"] if b["is"] in ("paragraph", "gap")]
        tables = [b for b in section["blocks"] if b["is"] == "table"]
        self.slides.page(self.say("seminar.treatment_title"))
        if not tables:
            self._paragraphs(texts)
        else:
            self.slides.text(" ".join(texts), (EDGE, 36, ROOM * 0.92), size=15, height=34)
            text = tables[0]["caption"] + tables[0]["mark"]
            self.slides.text(text, (EDGE, 76, ROOM), size=13, colour=GREY["dark"])
            self.slides.table(tables[0], y=84)
        self._notes("limits")

    def _technology(self, section: Composed) -> None:
        self.slides.page(self.say("seminar.technology_title"))
        self._tables(section)
        self._notes("technology")

    def _first_steps(self, section: Composed) -> None:
        self.slides.page(self.say("seminar.first_title"))
        items = next((b["items"] for b in section["blocks"] if b["is"] == "listing"), [])
        self.slides.steps(items)
        self._notes("first")

    def _questions(self) -> None:
        page = letter(
            self.event,
            self.language,
            sector=self.sheet["title"],
            companies=0,
            notice="",
            on=self.on,
        )
        self.slides.page(self.say("seminar.question_title"))
        self.slides.steps(page["questions"])
        self._notes("questions")

    def _sources(self) -> None:
        self.slides.page(self.say("seminar.sources_title"))
        lines = [*self.sheet["method"][:2], *self.sheet["sources"][:6]]
        frame = self.slides.text(lines[0], (EDGE, TOP, ROOM * 0.9), size=13, height=120)
        for line in lines[1:]:
            self.slides.more(frame, line, size=13, gap=6)
        self._notes("sources", *self.sheet["sources"])

    def _chart(self, section_id: str) -> Chart | None:
        section = self.model.section(section_id)
        blocks = section.blocks if section else ()
        return next((b for b in blocks if isinstance(b, Chart)), None)

    def _tables(self, section: Composed) -> None:
        """Write the tables of a section, or say why there is none."""
        tables = [b for b in section["blocks"] if b["is"] == "table"]
        if not tables:
            self._paragraphs([b["text"] for b in section["blocks"] if "text" in b])
        for block in tables[:1]:
            text = block["caption"] + block["mark"]
            self.slides.text(text, (EDGE, 33, ROOM), size=13, colour=GREY["dark"])
            self.slides.table(block)

    def _paragraphs(self, texts: list[str]) -> None:
        if texts:
            frame = self.slides.text(texts[0], (EDGE, TOP + 4, ROOM * 0.82), size=20, height=90)
            for text in texts[1:]:
                self.slides.more(frame, text, size=20, gap=14)

    def _notes(self, name: str, *numbers: str) -> None:
        spoken = [self.say("seminar.note_numbers", text=text) for text in numbers if text]
        marks = self.sheet["marks"]
        legend = [self.say("seminar.note_marks", text="; ".join(marks))] if marks else []
        self.slides.notes(self.say(f"seminar.note_{name}"), *spoken, *legend)
