"""The commands of the record: one library call each, and the right exit code."""

import json
import shutil
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from renvand.cli import record, serve
from renvand.errors import FileError
from tests.record import blank

SMALL = Path(__file__).parent / "small"


@pytest.fixture(scope="module")
def app():
    made = typer.Typer()
    for command in (record.check, record.load, record.save, record.template, serve.serve):
        made.command()(command)
    made.command("import-workbook")(record.import_workbook)
    return made


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL, tmp_path / "case"))


def test_check_tells_every_fault_and_ends_with_one(app, case: Path):
    good = CliRunner().invoke(app, ["check", str(case)])
    assert (good.exit_code, good.output) == (0, "No faults.\n")
    (case / "notes.txt").write_text("x", encoding="utf-8")
    bad = CliRunner().invoke(app, ["check", str(case)])
    assert bad.exit_code == 1
    assert bad.output.startswith("notes.txt: is not a file of a case.")
    listed = json.loads(CliRunner().invoke(app, ["check", str(case), "--json"]).output)
    assert listed[0]["where"] == "notes.txt"


def test_load_and_save_keep_the_folder(app, case: Path):
    blank(case / ".renvand" / "record.sqlite3")
    loaded = CliRunner().invoke(app, ["load", str(case), "--who", "anna"])
    assert loaded.output == "37 rows made, 0 changed, 0 removed.\n"
    saved = CliRunner().invoke(app, ["save", str(case)])
    assert saved.output == "Nothing to write: all says the same already.\n"
    (case / "partners.csv").write_text(
        (case / "partners.csv").read_text(encoding="utf-8").replace("The office", "An office"),
        encoding="utf-8",
    )
    assert "Wrote partners.csv" in CliRunner().invoke(app, ["save", str(case)]).output
    assert "The office" in (case / "partners.csv").read_text(encoding="utf-8")


def test_a_workbook_goes_out_and_comes_back(app, case: Path, tmp_path: Path):
    book = tmp_path / "tables.xlsx"
    out = CliRunner().invoke(app, ["template", str(book), "--case", str(case), "--language", "da"])
    assert (out.exit_code, book.exists()) == (0, True)
    back = CliRunner().invoke(app, ["import-workbook", str(case), str(book)])
    assert back.exit_code == 0
    assert CliRunner().invoke(app, ["check", str(case)]).exit_code == 0


@pytest.mark.parametrize(
    "options", ["", "--review metalworking --case x", "--review x --language fr"]
)
def test_a_template_asked_for_wrongly_is_wrong_usage(app, tmp_path: Path, options: str):
    done = CliRunner().invoke(app, ["template", str(tmp_path / "x.xlsx"), *options.split()])
    assert done.exit_code == 2


def test_serving_what_is_no_folder_is_refused(app, tmp_path: Path):
    done = CliRunner().invoke(app, ["serve", str(tmp_path / "nowhere")])
    assert isinstance(done.exception, FileError)


def test_a_taken_port_is_named(app, case: Path):
    import socket

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = CliRunner().invoke(app, ["serve", str(case), "--port", str(port)])
    assert str(done.exception) == (
        f"port {port}: cannot be had on this machine. Give another with --port."
    )
