"""A record of another version is brought up to date, begun anew or refused; never just broken."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from renvand.errors import FileError
from renvand.partnership.record import load_case
from renvand.partnership.save import save_case
from renvand.partnership.setup import open_record
from tests.record import SERVER, blank

SMALL = Path(__file__).parent / "small"
pytestmark = pytest.mark.skipif(bool(SERVER), reason="looks into files")


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return blank(tmp_path / "record.sqlite3")


def asked(file: Path, *orders: str) -> list:
    """Speak to a file behind the program's back."""
    from django.db import connection

    connection.close()
    with closing(sqlite3.connect(file)) as opened, opened:
        return [row for order in orders for row in opened.execute(order).fetchall()]


def aged(file: Path) -> None:
    """Take a column away and put another there, as a version of its own would have them."""
    asked(
        file,
        "ALTER TABLE partnership_reach DROP COLUMN slope",
        "ALTER TABLE partnership_reach ADD COLUMN steepness REAL",
    )


def test_a_record_that_only_a_load_has_filled_is_begun_anew_and_kept(record: Path, caplog):
    load_case(SMALL, record, who="anna")
    aged(record)
    assert load_case(SMALL, record, who="anna").made == 37
    (old,) = record.parent.glob("record-1.sqlite3")
    assert asked(old, "SELECT count(steepness), count(*) FROM partnership_reach")[0][1] > 0
    assert "the old one is kept as record-1.sqlite3" in caplog.text


@pytest.mark.parametrize(
    "order",
    [
        "UPDATE auth_user SET password = 'scrypt$…'",
        "UPDATE partnership_historicalreach SET history_type = '~'",
    ],
)
def test_a_record_with_more_in_it_is_refused_as_it_is(record: Path, order: str):
    load_case(SMALL, record, who="anna")
    asked(record, order)
    aged(record)
    with pytest.raises(FileError) as told:
        load_case(SMALL, record, who="anna")
    assert str(told.value) == (
        f"{record}: was made by another version of renvand: it has no column 'slope' in 'reach', "
        "and 1 more. Open it with that version; or move the file away: a record is then made "
        "anew from the folder, and accounts, history and log begin anew."
    )
    assert not list(record.parent.glob("record-*"))
    assert asked(record, "SELECT count(*) FROM partnership_reach")[0][0] > 0


def test_a_record_is_never_begun_anew_to_be_saved_from(record: Path, tmp_path: Path):
    load_case(SMALL, record, who="anna")
    aged(record)
    with pytest.raises(FileError, match="another version"):
        save_case(record, tmp_path / "saved")


def test_a_record_of_a_newer_version_asks_for_an_update(record: Path):
    asked(
        record,
        "INSERT INTO django_migrations (app, name, applied) "
        "VALUES ('partnership', '0099_more', '2030-01-01')",
    )
    with pytest.raises(FileError) as told:
        open_record(record)
    assert str(told.value) == (
        f"{record}: was made by a newer version of renvand (it has '0099_more'). Update renvand."
    )


def test_what_is_no_record_is_said_to_be_none(tmp_path: Path):
    file = tmp_path / "record.sqlite3"
    file.write_bytes(b"no database at all, and longer than the heading of one would be" * 20)
    with pytest.raises(FileError) as told:
        open_record(file)
    assert str(told.value) == (
        f"{file}: cannot be opened: file is not a database. Put back the file of a backup; or "
        "move it away, and one is made from the folder."
    )


FIRST = """
from importlib import import_module
from django.db.migrations import RemoveField
First = import_module("renvand.partnership.migrations.0001_initial").Migration
class Migration(First):
    gone = [RemoveField(name, "slope") for name in ("reach", "historicalreach")]
    operations = [*First.operations, *gone]
"""
SECOND = """
from django.db import migrations
from renvand.partnership.models import Reach
class Migration(migrations.Migration):
    dependencies = [("partnership", "0001_initial")]
    operations = [
        migrations.AddField(name, "slope", Reach._meta.get_field("slope").clone())
        for name in ("reach", "historicalreach")
    ]
"""


@pytest.mark.slow
def test_a_record_of_the_release_before_goes_on_with_all_that_is_in_it(tmp_path, monkeypatch):
    """The next release has a column more: the record of this one gets it, accounts and all."""
    from django.conf import settings
    from django.core.management import call_command

    from renvand.partnership.setup import setup

    package = tmp_path / "releases"
    package.mkdir()
    for name, text in {"__init__": "", "0001_initial": FIRST, "0002_slope": SECOND}.items():
        (package / f"{name}.py").write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    setup(database=(record := tmp_path / "record.sqlite3"))
    monkeypatch.setattr(settings, "MIGRATION_MODULES", {"partnership": "releases"}, raising=False)
    call_command("migrate", "partnership", "0001", verbosity=0)
    call_command("migrate", "auth", verbosity=0)
    from django.contrib.auth import get_user_model

    get_user_model().objects.create_user("anna", password="salmon under the bridge")
    load_case(SMALL, record, who="ben")
    assert ("slope",) in asked(record, "SELECT name FROM pragma_table_info('partnership_reach')")
    assert get_user_model().objects.get(username="anna").has_usable_password()
