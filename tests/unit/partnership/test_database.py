"""Where a record lies is said in one place."""

from pathlib import Path

import pytest

from renvand.errors import FileError
from renvand.partnership.database import is_there, record_of, settings_of


def test_a_record_lies_in_its_case_or_where_the_environment_says():
    assert record_of(Path("c"), {}) == Path("c/.renvand/record.sqlite3")
    assert record_of(Path("c"), {"DATABASE_URL": "postgres://u@h/n"}) == "postgres://u@h/n"


def test_sqlite_waits_for_other_writers_instead_of_giving_up():
    options = settings_of(Path("record.sqlite3"))["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in options["init_command"]
    assert options["timeout"] >= 10


def test_the_address_of_a_server_is_taken_apart():
    found = settings_of("postgres://an%40a:p%2Fw@db.example:5433/renvand?sslmode=require")
    assert found["ENGINE"] == "django.db.backends.postgresql"
    kept = ("USER", "PASSWORD", "HOST", "PORT", "NAME")
    assert [found[key] for key in kept] == ["an@a", "p/w", "db.example", "5433", "renvand"]
    assert found["OPTIONS"] == {"sslmode": "require"}
    assert settings_of("postgresql:///renvand")["HOST"] == ""


@pytest.mark.parametrize("address", ["mysql://u:secret@h/n", "postgres://u:secret@h/",
                                     "postgres://u:secret@h:port/n"])  # fmt: skip
def test_an_address_that_is_none_is_refused_without_its_password(address):
    with pytest.raises(FileError) as error:
        settings_of(address)
    assert "Write postgres://user:password@host:5432/name." in str(error.value)
    assert "secret" not in str(error.value)


def test_a_file_must_be_there_a_server_answers_for_itself(tmp_path):
    assert not is_there(tmp_path / "record.sqlite3")
    assert is_there("postgres://u@h/n")
