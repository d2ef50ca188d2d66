"""What a chart shows, in words and as a table: made from its numbers, never written by hand."""

from __future__ import annotations

from renvand.publish.model import Chart, Item
from renvand.publish.voice import Voice
from renvand.text import with_unit

SPOKEN = 12  # items that are read out; the rest is counted


def rows(chart: Chart, voice: Voice) -> list[tuple[str, ...]]:
    """Give the numbers of a chart as rows of text, the head first."""
    unit = voice.unit(chart.unit)
    if chart.kind == "sankey":
        labels = {item.id: voice.text(item.label) for item in chart.items}
        head = (voice.words("sheet.from"), voice.words("sheet.to"), unit)
        flows = [
            (labels[link.source], labels[link.target], voice.number(voice.facts[link.fact].value))
            for link in chart.links
        ]
        return [head, *flows]
    if chart.kind == "map":
        named = [(voice.text(i.label), voice.text(i.text)) for i in chart.items if i.text]
        return [("", unit), *named]
    if chart.kind in ("curve", "profile", "process", "course"):
        is_change = chart.kind in ("profile", "course")
        titles = (
            (voice.words("sheet.before"), voice.words("sheet.after"))
            if is_change
            else (voice.text(chart.axis), voice.text(chart.other_axis))
        )
        return [
            ("", *titles),
            *(_row(item, voice, names=(item.fact, item.other)) for item in chart.items),
        ]
    return [("", unit), *(_row(item, voice, names=(item.fact,)) for item in chart.items)]


def _row(item: Item, voice: Voice, *, names: tuple[str, ...]) -> tuple[str, ...]:
    facts = [voice.facts[name] for name in names if name]
    amounts = [
        f"{voice.number(f.value)} ({ends})" if (ends := voice.span(f)) else voice.number(f.value)
        for f in facts
    ]
    return (voice.text(item.label), *amounts)


def alt(chart: Chart, voice: Voice) -> str:
    """Say what a chart shows: its kind, every number, and the levels it is compared with.

    Parameters
    ----------
    chart : Chart
        The chart.
    voice : Voice
        The language and the facts.

    Returns
    -------
    str
        One paragraph for a reader who does not see the chart.
    """
    body = rows(chart, voice)[1:]
    arrow = " → " if chart.kind == "sankey" else ": "
    spoken = [
        f"{arrow.join(row[:-1])}: {row[-1]}" if chart.kind == "sankey" else _spoken(row)
        for row in body[:SPOKEN]
    ]
    if len(body) > SPOKEN:
        spoken.append(voice.words("sheet.alt_more", n=str(len(body) - SPOKEN)))
    for level in chart.levels:
        fact = voice.facts[level.fact]
        amount = voice.span(fact) or voice.number(fact.value)
        spoken.append(f"{voice.text(level.label)}: {with_unit(amount, fact.unit, voice.language)}")
    return voice.words(
        f"sheet.alt_{chart.kind}",
        caption=voice.text(chart.caption),
        unit=voice.unit(chart.unit),
        values="; ".join(spoken),
    )


def _spoken(row: tuple[str, ...]) -> str:
    return f"{row[0]}: {' → '.join(row[1:])}" if len(row) > 2 else ": ".join(row)
