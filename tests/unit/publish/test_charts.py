"""Charts: the numbers go in written, the words come out of the numbers."""

import json
import re
import xml.etree.ElementTree as ET

import pytest

from renvand.errors import OurFault
from renvand.publish import charts
from renvand.publish.charts import theme
from renvand.publish.model import Chart, Fact, Item, Label, Link, Phrase, walk
from renvand.publish.voice import Voice
from renvand.text import LANGUAGES
from tests.unit.publish.sample import sheet


def all_charts():
    return [part for part in walk(sheet()) if isinstance(part, Chart)]


def voice(language):
    return Voice(language, {fact.id: fact for fact in sheet().facts})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("chart", all_charts(), ids=lambda chart: chart.kind)
def test_an_option_is_plain_json_and_draws_words_as_words(chart, language):
    option = charts.option(chart, voice(language), width=242)
    assert json.loads(json.dumps(option, allow_nan=False)) == option
    drawn = ET.fromstring(charts.svg(option, width=242, height=140))
    words = "".join(t.text or "" for t in drawn.iter("{http://www.w3.org/2000/svg}text"))
    first = voice(language).text(chart.items[0].label)
    assert first.split()[0] in words or chart.kind == "curve"
    assert all(
        "Noto Sans" in t.get("style", "") for t in drawn.iter("{http://www.w3.org/2000/svg}text")
    )


def test_decimals_are_those_of_the_language():
    curve = next(c for c in all_charts() if c.kind == "curve")
    assert "-10,5" in charts.alt(curve, voice("da"))
    assert "-10.5" in charts.alt(curve, voice("en"))


def test_the_words_of_a_chart_tell_every_number():
    bar = next(c for c in all_charts() if c.kind == "bar")
    assert charts.alt(bar, voice("en")).replace("Company\u00a0", "Company ") == (
        "Bar chart. Specific water consumption of the reviewed companies, in m³/t. "
        "Company A: 118 (104–133); Company B: 96 (88–105); Company C: 74 (70–79); "
        "Company D: 141 (120–162); Company E: 88 (80–97); Good practice: 10–150\u00a0m³/t; "
        "Limit: 140\u00a0m³/t."
    )


def test_the_same_chart_is_the_same_drawing():
    option = charts.option(all_charts()[0], voice("zh"), width=505)
    assert charts.svg(option, width=505, height=180) == charts.svg(option, width=505, height=180)


def test_before_and_after():
    facts = {
        n: Fact(id=n, value=v, unit="kWh", basis="calculated", confidence="high")
        for n, v in (("a", 30.0), ("b", 20.0))
    }
    item = Item(id="x", label="Blower", fact="a", other="b")
    chart = Chart(kind="profile", caption="Energy", unit="kWh", items=(item,))
    spoken = charts.alt(chart, Voice("da", facts))
    assert spoken == "Søjler, før og efter. Energy (kWh). Blower: 30 → 20."
    assert "<svg" in charts.svg(
        charts.option(chart, Voice("da", facts), width=242), width=242, height=60
    )


def test_a_map_joins_the_reaches_and_names_their_class():
    facts = {"q": Fact(id="q", value=90.0, unit="m3/s", basis="estimated", confidence="low")}
    poor = Phrase(key="region.class", values={"name": "V"})
    items = (
        Item(id="a", label=Label(en="A", da="A", zh="甲河"), group="poor", at=(106, 30), text=poor),
        Item(id="b", label="B", group="good", at=(107, 29), text=""),
        Item(id="plant", label="Plant", group="place", at=(106.5, 29.5)),
    )
    links = (Link(source="a", target="b", fact="q"),)
    chart = Chart(kind="map", caption="河流", unit="", items=items, links=links)
    drawn = charts.svg(charts.option(chart, Voice("zh", facts), width=505), width=505, height=262)
    assert "甲河" in drawn
    assert "Plant" in drawn
    assert theme.WARN in drawn
    assert charts.alt(chart, Voice("zh", facts)) == "河流示意图。河流。甲河: V类。"


def test_a_process_shows_its_steps_in_order_and_what_leaves_them():
    facts = {
        name: Fact(id=name, value=value, unit="%", basis="calculated", confidence="high")
        for name, value in (("w", 54.2), ("l", 0.2))
    }
    items = (
        Item(id="bath", label="Dyeing"),
        Item(id="rinse", label="Rinsing", fact="w", other="l"),
    )
    chart = Chart(
        kind="process", caption="Steps", unit="%", items=items, axis="water", other_axis="COD"
    )
    drawn = charts.svg(charts.option(chart, Voice("da", facts), width=505), width=505, height=60)
    assert drawn.index("Dyeing") < drawn.index("Rinsing")
    assert "54\u00a0%" in drawn
    assert "&lt;1\u00a0%" in drawn


def test_a_course_draws_both_sides_over_the_distance():
    facts = {
        name: Fact(id=name, value=value, unit="mg/l", basis="calculated", confidence="low")
        for name, value in (("a", 17.0), ("b", 16.8), ("c", 13.5), ("d", 13.4))
    }
    items = (
        Item(id="up", label="Up", fact="a", other="b", at=(0.0, 25.0)),
        Item(id="down", label="Down", fact="c", other="d", at=(25.0, 60.0)),
    )
    chart = Chart(kind="course", caption="COD", unit="mg/l", items=items, axis="km")
    assert charts.rows(chart, Voice("en", facts))[1:] == [
        ("Up", "17", "16.8"),
        ("Down", "13.5", "13.4"),
    ]
    option = charts.option(chart, Voice("en", facts), width=242)
    assert [s["data"] for s in option["series"][1:]] == [
        [[0.0, 17.0], [25.0, 13.5], [60.0, 13.5]],
        [[0.0, 16.8], [25.0, 13.4], [60.0, 13.4]],
    ]


def test_a_chart_that_cannot_be_drawn_is_our_fault():
    ring = {
        "series": [
            {
                "type": "sankey",
                "data": [{"name": "a"}, {"name": "b"}],
                "links": [
                    {"source": "a", "target": "b", "value": 1},
                    {"source": "b", "target": "a", "value": 1},
                ],
            }
        ]
    }
    with pytest.raises(OurFault, match="ECharts says"):
        charts.svg(ring, width=100, height=100)


def test_labels_break_between_words_and_between_hanzi():
    assert theme.wrap("Reuse of rinse water", 56) == "Reuse of\nrinse water"
    assert theme.wrap("冷却水与冷凝水回用", 40) == "冷却水与冷\n凝水回用"
    assert not re.search(r"\s\n|\n\s", theme.wrap("a b c d e f g h", 10))
