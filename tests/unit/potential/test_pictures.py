"""Pictures of a company: valid SVG in three languages, with everything that flows."""

from xml.etree import ElementTree

import pytest

from renvand.steps.potential.combine import save_water
from renvand.steps.potential.drawing import is_new, pictures, pinch_svg, present_flows
from renvand.steps.potential.network import reuse_of
from renvand.text import Words
from renvand.waternet import Fresh, Sink, Source, WaterCase
from renvand.waternet.drawing import Flow, flow_diagram
from tests.law.potential.companies import plating_shop

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def drawn():
    shop = plating_shop()
    reuse = reuse_of(shop, recovery=0.5, is_laddered=False)
    return pictures(shop, save_water(shop, "rinse", volume=20.0), reuse=reuse)


def texts(svg):
    return [node.text for node in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_every_picture_is_drawn_in_three_languages(drawn):
    """Before and after, the pipes, and a pinch for each contaminant."""
    names = {key.rsplit(".", 1)[0] for key in drawn}
    assert {"water_now", "water_after", "pipes_now", "pipes_direct", "pinch-Ni"} <= names
    assert {key.rsplit(".", 1)[1] for key in drawn} == {"en", "da", "zh"}
    assert len(drawn) == 3 * len(names)
    called = {"en": "nickel", "da": "nikkel", "zh": "镍"}
    for language, name in called.items():
        assert (
            name in ElementTree.fromstring(drawn[f"pinch-Ni.{language}"]).find(f"{SVG}title").text
        )


def test_a_picture_is_valid_and_has_a_title(drawn):
    """Read aloud in its place: role, title; every word is escaped."""
    for svg in drawn.values():
        root = ElementTree.fromstring(svg)
        assert root.get("role") == "img"
        assert root.find(f"{SVG}title").text


def test_the_water_that_is_saved_is_missing_after(drawn):
    """75 m3/d of supply before; 20 saved at the rinse take 25 with their make-up."""
    assert "75" in texts(drawn["water_now.en"])
    assert "50" in texts(drawn["water_after.en"])


def test_names_are_escaped():
    """A unit may be called as it likes."""
    flows = [Flow(start="a", end="b", amount=1.0, note="<a> & b")]
    svg = flow_diagram(flows, {"a": 0, "b": 1}, names={"a": "<x>", "b": "&"}, title="<t>")
    assert texts(svg)[0] == "<t>"
    assert "<x>" in texts(svg)


def test_the_pinch_stands_where_the_curves_touch():
    """Two sinks, two sources, by hand: 30 of fresh water, pinched at 50 ppm."""
    case = WaterCase(
        id="mill",
        contaminants=("COD",),
        fresh=(Fresh(name="FW", quality={"COD": 0.0}),),
        sinks=(Sink(name="pulper", flow=50.0, worst={"COD": 20.0}),),
        sources=(Source(name="press", flow=50.0, quality={"COD": 50.0}),),
    )
    said = texts(pinch_svg(case, words=Words("da")))
    assert said[0] == "mill: mindste vandforbrug for COD"
    assert "Pinch, 50 ppm" in said
    assert "Friskvand, 30" in said
    assert "Spildevand, 30" in said


def test_new_pipes_are_those_that_no_plant_without_reuse_has():
    """Fresh water to all and all to the drain stand already."""
    shop = plating_shop()
    case = reuse_of(shop, recovery=0.0, is_laddered=False).case
    assert not any(is_new(pipe) for pipe in present_flows(case))
    pipe = {"from": "rinse", "from_role": "operation", "to": "rinse2", "to_role": "operation"}
    assert is_new(pipe)
