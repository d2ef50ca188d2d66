"""Nothing is lost on the way folder, record, folder; and the record remembers every change."""

import csv
import datetime as dt
import itertools
import math
import shutil
import tempfile
from pathlib import Path

import pandas as pd
import pytest
import tomli_w
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from renvand import knowledge
from renvand.partnership.folder import page_keys, read_case
from renvand.partnership.page import nest
from renvand.partnership.record import load_case
from renvand.partnership.save import save_case
from renvand.partnership.schema import page_schemas, plant_schemas, review_schemas, schemas
from renvand.partnership.seminars import seminar_keys
from tests.record import blank

SOURCES = ("a-source", "another.one")
texts = (
    st.text(
        st.characters(
            codec="utf-8",
            exclude_categories=("Cc", "Cs"),
            exclude_characters="\u202e\u202d\u2066\u2067",
        ),
        max_size=20,
    )
    | st.sampled_from(['=1+1 "quoted", and more', "line one\nline two", "-5", "@x", "NaN", "é,'"])
).map(str.strip)
slugs = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,3})?", fullmatch=True)
days = st.dates(dt.date(1900, 1, 1), dt.date(2200, 1, 1))
SPECIAL = {
    "sector_code": st.sampled_from(["1713", "3360"]),
    "month": st.sampled_from(["2024-01", "2024-02", "2024-12"]),
    "at": st.just("09:30"),
}


def values(column, known):
    """Draw what a column may hold; None is an empty cell."""
    if column.kind == "list":
        words = st.sampled_from(column.choices or known.get(column.refers_to) or ("x", "y"))
        drawn = st.lists(words, min_size=1, max_size=3)
    elif column.refers_to in known or column.kind == "source":
        names = SOURCES if column.kind == "source" else sorted(known[column.refers_to])
        drawn = st.sampled_from(names) if names else st.none()
    elif column.kind == "number":
        low, high = max(column.low, -1e300), min(column.high, 1e300)
        drawn = st.floats(low, high, allow_nan=False).map(lambda v: v + 0.0)
    elif column.kind == "integer":
        drawn = st.integers(
            int(max(column.low, -(2**53))) if math.isfinite(column.low) else -(2**53),
            int(min(column.high, 2**53)),
        )
    else:
        drawn = {
            "boolean": st.booleans(),
            "date": days,
            "choice": st.sampled_from(column.choices or ("",)),
            "slug": slugs,
            "code": slugs,
            "reference": slugs,
            "weights": st.dictionaries(slugs, st.floats(0, 10), max_size=3),
            "moment": st.just("2027-05-11T09:00:00+08:00"),
        }.get(column.kind, texts.filter(bool) if column.is_required else texts)
    return drawn if column.is_required else st.none() | drawn


@st.composite
def rows(draw, schema, known, *, most=3):
    """Draw the rows of a table, each key once."""
    found = {}
    for _ in range(draw(st.integers(0, most))):
        row = {
            name: draw(SPECIAL[name] if name in SPECIAL else values(column, known))
            for name, column in schema.columns.items()
        }
        if any(row[name] is None for name, c in schema.columns.items() if c.is_required):
            continue  # nothing to refer to yet
        if row.get("is_censored") and row.get("concentration_mg_l") is None:
            row["is_censored"] = False
        if "flow_low_m3_s" in row:
            low, mean = sorted((row["flow_low_m3_s"], row["flow_mean_m3_s"]))
            row |= {"flow_low_m3_s": low, "flow_mean_m3_s": mean, "downstream": None}
        if "to_unit" in row and row["from_unit"] == row["to_unit"]:
            row["from_unit"] = "supply"
        found.setdefault(tuple(row[k] for k in schema.key), row)
    made = list(found.values())
    if schema.name == "reaches":  # each runs to the next: no circles
        for above, below in itertools.pairwise(made):
            above["downstream"] = draw(st.sampled_from([None, below["id"]]))
    return made


def page(draw, table, keys, known, **fixed):
    columns = page_schemas()[table].columns
    row = {c: draw(SPECIAL[c] if c in SPECIAL else values(columns[c], known)) for c in keys}
    return nest({c: None if v == "" else v for c, v in (row | fixed).items()}, keys)


def shipped(name):
    return list(knowledge.table(name)[knowledge.shipped_schema(name).key[0]][:5])


@st.composite
def folders(draw):
    """Draw a whole case as {file: rows, page or text}."""
    known = {n: shipped(n) for n in ("substances", "process_kinds", "sector_groups", "divisions")}
    files = {}
    for name, schema in schemas().items():
        known.setdefault(name, [])  # a table may name itself
        files[f"{name}.csv"] = made = draw(rows(schema, known))
        if "id" in schema.columns:
            known[name] = [row["id"] for row in made]
    laid = {"knowledge_replaces": None}  # else words drawn from shipped tables are not known
    files["case.toml"] = page(draw, "case", page_keys("case"), known, **laid)
    files["sources.toml"] = {
        key: nest(
            page(draw, "sources", {c: c for c in page_keys("sources")}, known),
            {c: c for c in page_keys("sources")},
        )
        for key in SOURCES
    }
    for review in draw(st.lists(slugs, unique=True, max_size=2)) if known["enterprises"] else ():
        at, own = f"reviews/{review}", dict(known)
        files[f"{at}/review.toml"] = page(draw, "review", page_keys("review"), known)
        for name, schema in review_schemas().items():
            made = draw(rows(schema, own))
            files[f"{at}/{name}.csv"] = made
            if "id" in schema.columns:
                own[name] = [row["id"] for row in made]
            own["units or supply"] = [*own.get("units", ()), "supply"]
            own["units, drain, sewer, air, product or sludge"] = [*own.get("units", ()), "air"]
    for plant in known["plants"][:1]:
        files[f"plants/{plant}/operation.csv"] = draw(rows(plant_schemas()["operation"], known))
        files[f"plants/{plant}/plant.toml"] = 'name = "é"  # kept\n'
        files[f"plants/{plant}/influent.csv"] = "t_d,Q,T,S_NH\n0,1,,3\n"
    seminar = page(
        draw, "seminar", seminar_keys("seminar"), known, ends="2027-05-11T10:00:00+08:00"
    )
    point = page(draw, "agenda", seminar_keys("agenda"), known)
    files["seminars.toml"] = {"seminar": [{**seminar, "agenda": [point, point]}]}
    return files


def write(folder: Path, files) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, str):
            path.write_text(content, encoding="utf-8")
        elif isinstance(content, dict):
            path.write_text(tomli_w.dumps(content), encoding="utf-8")
        else:
            known = (schemas(), review_schemas(), plant_schemas())
            schema = next(found[path.stem] for found in known if path.stem in found)
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, list(schema.columns))
                writer.writeheader()
                writer.writerows(
                    {k: repr(v) if isinstance(v, float) else v for k, v in row.items()}
                    for row in content
                )


def same(one, other) -> None:
    assert one.settings == other.settings
    assert one.sources == other.sources
    assert one.seminars == other.seminars
    for a, b in [
        (one.tables, other.tables),
        *((one.reviews[n].tables, other.reviews[n].tables) for n in one.reviews),
        *((one.plant_folders[n].tables, other.plant_folders[n].tables) for n in one.plant_folders),
    ]:
        assert a.keys() == b.keys()
        for name in a:
            pd.testing.assert_frame_equal(a[name], b[name], check_exact=True)
    assert {n: r.settings for n, r in one.reviews.items()} == {
        n: r.settings for n, r in other.reviews.items()
    }
    drawings = [{n: p.drawing for n, p in case.plant_folders.items()} for case in (one, other)]
    assert drawings[0] == drawings[1]


@pytest.fixture(scope="module")
def database():
    with tempfile.TemporaryDirectory() as folder:
        yield blank(Path(folder) / "record.sqlite3")


def comes_back(database: Path, files) -> None:
    """Whatever folder was in the record before, what is saved is what was loaded last."""
    with tempfile.TemporaryDirectory() as place:
        there, back = Path(place) / "there", Path(place) / "back"
        write(there, files)
        load_case(there, database, who="tester")
        save_case(database, back)
        same(read_case(there), read_case(back))
        assert save_case(database, there) == ()  # what says the same is not touched
        changes = load_case(back, database, who="tester")
        assert (changes.made, changes.changed, changes.removed) == (0, 0, 0)


folders_drawn = settings(
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.reuse, Phase.generate],  # shrinking a whole folder takes minutes
)


@settings(folders_drawn, max_examples=6)
@given(files=folders())
def test_a_folder_comes_back_from_the_record_as_it_went_in(database, files):
    comes_back(database, files)


@pytest.mark.slow
@settings(folders_drawn, max_examples=80)
@given(files=folders())
def test_many_folders_come_back_from_the_record_as_they_went_in(database, files):
    comes_back(database, files)


def test_the_record_says_who_changed_what_and_when(tmp_path: Path):
    from renvand.partnership.models import Outlet, Reach

    small = Path(__file__).parents[2] / "unit" / "partnership" / "small"
    folder, database = tmp_path / "case", blank(tmp_path / "record.sqlite3")
    shutil.copytree(small, folder)
    load_case(folder, database, who="anna")
    outlets = folder / "outlets.csv"
    text = outlets.read_text(encoding="utf-8")
    outlets.write_text(text.replace("direct,upper", "direct,lower"), encoding="utf-8")
    (folder / "background.csv").unlink()
    changes = load_case(folder, database, who="bo")
    assert (changes.made, changes.changed, changes.removed) == (0, 1, 1)
    new, old = Outlet.history.filter(slug="dye-1")
    assert (new.history_user.username, old.history_user.username) == ("bo", "anna")
    assert new.history_type == "~"
    assert new.history_change_reason == "loaded from the folder"
    assert (new.receiving_reach.slug, old.receiving_reach.slug) == ("lower", "upper")
    assert new.history_date > old.history_date
    assert Reach.history.count() == 2


def test_no_column_takes_the_place_of_the_order_of_rows():
    """A column called as the field that keeps a file's order would lose it."""
    from renvand.partnership.schema import tables

    for model in [*tables().values(), *tables("review").values(), *tables("plant").values()]:
        kept = model._meta.get_field("position").get_internal_type()
        assert kept == "BigIntegerField", model.__name__
