"""Charts: the numbers go in written, the words come out of the numbers."""

import json
import re
import xml.etree.ElementTree as ET

import pytest

from renvand.errors import OurFault
from renvand.publish import charts
from renvand.publish.charts import theme
from renvand.publish.model import Chart, Fact, Item, Label, walk
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
    assert charts.alt(bar, voice("en")) == (
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


def test_a_map_is_drawn_from_the_shapes_of_the_case():
    square = [[[106, 29], [107, 29], [107, 30], [106, 30], [106, 29]]]
    shapes = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"id": "500101"},
                "geometry": {"type": "Polygon", "coordinates": square},
            }
        ],
    }
    facts = {"load": Fact(id="load", value=5.0, unit="t/a", basis="calculated", confidence="high")}
    item = Item(id="500101", label=Label(en="Wanzhou", da="Wanzhou", zh="万州区"), fact="load")
    chart = Chart(kind="map", caption="Load", unit="t/a", items=(item,), shapes="districts")
    option = charts.option(chart, Voice("zh", facts), width=242)
    drawn = charts.svg(option, width=242, height=200, maps={"districts": shapes})
    assert "万州区" in drawn


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
