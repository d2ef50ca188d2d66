"""The models say everything once: rules, words, rights."""

import subprocess
import sys
from pathlib import Path

import pytest

from renvand.partnership.record import load_case
from renvand.partnership.reference import reference_page
from renvand.partnership.schema import (
    every_table,
    page_schemas,
    plant_schemas,
    review_schemas,
    schemas,
    tables,
)
from renvand.partnership.setup import setup
from renvand.text import LANGUAGES
from tests.record import blank

SMALL = Path(__file__).parent / "small"
EVERY = {**schemas(), **review_schemas(), **plant_schemas(), **page_schemas()}


@pytest.mark.parametrize("name", EVERY)
def test_every_column_is_explained_in_three_languages(name: str):
    for column, rule in EVERY[name].columns.items():
        assert all(rule.help.get(language) for language in LANGUAGES), f"{name}.{column}"
        assert len({rule.help[language] for language in LANGUAGES}) > 1, f"{name}.{column}"
    assert all(EVERY[name].help.get(language) for language in LANGUAGES)


@pytest.mark.parametrize("name", EVERY)
def test_a_column_says_its_unit_in_its_name(name: str):
    """What ends in _mg_l holds mg/l: the name and the rule cannot drift apart."""
    units = {"_mg_l": "mg/l", "_m3_d": "m3/d", "_m3_s": "m3/s", "_kwh": "kWh", "_kwh_d": "kWh/d",
             "_dkk": "DKK", "_km": "km", "_kg_d": "kg/d", "_kg_a": "kg/a"}  # fmt: skip
    for column, rule in EVERY[name].columns.items():
        for ending, unit in units.items():
            if column.endswith(ending) and not column.startswith("price_"):
                assert rule.unit == unit, f"{name}.{column}"


def test_the_tables_are_those_of_the_case_folder():
    assert list(schemas()) == [
        "reaches", "splits", "intakes", "background", "plants", "enterprises", "outlets",
        "permit_limits", "observations", "partners", "budget", "actions",
    ]  # fmt: skip
    assert schemas()["permit_limits"].key == ("outlet", "substance")
    assert schemas()["reaches"].columns["class"].kind == "code"  # classes are those of a standard
    assert schemas()["outlets"].columns["enterprise"].refers_to == "enterprises"
    assert list(schemas()["plants"].columns)[-4:] == ["basis", "source", "locator", "confidence"]


def test_the_migrations_say_what_the_models_say():
    setup()
    from django.core.management import call_command

    call_command("makemigrations", "partnership", check=True, dry_run=True, verbosity=0)
    call_command("check", fail_level="WARNING")


def test_every_table_keeps_its_history():
    for model in every_table():
        assert model.history.model is not None, model.__name__


def test_the_record_is_not_loaded_before_it_is_used():
    code = "import sys, renvand, renvand.partnership; print('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.fixture(scope="module")
def people(tmp_path_factory):
    """The small case in a record, and one person in each role."""
    load_case(SMALL, blank(tmp_path_factory.mktemp("record") / "record.sqlite3"), who="tester")
    from django.contrib.auth.models import AnonymousUser, User

    from renvand.partnership.models import Seat

    found = {
        "nobody": AnonymousUser(),
        "root": User.objects.create(username="r", is_superuser=True),
    }
    seats = {
        "secretariat": ("secretariat", ""), "agency": ("agency", ""), "reviewer": ("reviewer", ""),
        "dyer": ("company", "dye-works"), "smith": ("company", "metal-works"),
        "supplier": ("supplier", ""), "reader": ("reader", ""),
    }  # fmt: skip
    for name, (role, enterprise) in seats.items():
        found[name] = User.objects.create(username=name)
        Seat.objects.create(user=found[name], role=role, enterprise=enterprise)
    return found


ALL = {"root", "secretariat", "reviewer"}
WHO_SEES = {  # a row of the small case: who sees it
    ("reaches", "upper"): {"nobody", "root", "secretariat", "agency", "reviewer", "dyer", "smith",
                           "supplier", "reader"},
    ("enterprises", "dye-works"): ALL | {"agency", "dyer"},
    ("outlets", "metal-1"): ALL | {"agency", "smith"},
    ("observations", "o1"): ALL | {"agency", "dyer"},
    ("streams", "s1"): ALL | {"dyer", "agency"},  # the dye works has consented
    ("budget", "visits"): {"root", "secretariat", "agency"},
}  # fmt: skip


@pytest.mark.parametrize(("table", "row"), WHO_SEES)
def test_a_row_is_seen_by_those_who_may(people, table: str, row: str):
    model = {**tables(), **tables("review")}[table]
    seen = {n for n, p in people.items() if model.objects.visible_to(p).filter(slug=row).exists()}
    assert seen == WHO_SEES[table, row]


def test_the_agency_sees_no_review_without_consent(people):
    from renvand.partnership.models import Review, Sample, Stream

    Review.objects.update(has_consent=False)
    for model in (Review, Stream, Sample):
        assert not model.objects.visible_to(people["agency"]).exists()
        assert model.objects.visible_to(people["dyer"]).exists()
        assert model.objects.visible_to(people["reviewer"]).exists()
    Review.objects.update(has_consent=True)


def test_a_form_refuses_what_a_file_may_not_hold():
    setup()
    from django.core.exceptions import ValidationError

    from renvand.partnership.models import Background

    with pytest.raises(ValidationError) as caught:
        Background(substance="COD", concentration_mg_l=-1.0, basis="guessed").full_clean(
            exclude=["reach"], validate_unique=False, validate_constraints=False
        )
    assert caught.value.message_dict["concentration_mg_l"] == [
        "-1.0 is outside 0 to 1e+06 mg/l. Check the value and its unit."
    ]
    assert "basis" in caught.value.message_dict
    assert "source" in caught.value.message_dict


def test_the_reference_page_says_what_the_models_say():
    page = Path(__file__).parents[3] / "docs" / "reference" / "tables.md"
    assert page.read_text(encoding="utf-8") == reference_page(), (
        "run scripts/reference.py: docs/reference/tables.md is behind the models"
    )
