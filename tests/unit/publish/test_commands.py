"""``renvand sheet`` and ``renvand seminar``: one call of the library, files in a folder."""

import dataclasses
from pathlib import Path

import typer
from typer.testing import CliRunner

from renvand import programme
from renvand.cli import publish
from renvand.partnership import folder
from tests.unit.publish.case_sample import case, results
from tests.unit.publish.seminar_sample import PAGE


def run(monkeypatch, *arguments):
    held = dataclasses.replace(case(), seminars=(PAGE,))
    monkeypatch.setattr(folder, "read_case", lambda _: held)
    monkeypatch.setattr(programme, "run", lambda _, until: results())
    app = typer.Typer()
    app.command()(publish.sheet)
    app.command()(publish.seminar)
    return CliRunner().invoke(app, arguments)


def test_sheets_are_written_where_asked(monkeypatch, tmp_path):
    made = run(
        monkeypatch,
        "sheet",
        "case",
        "--languages",
        "da",
        "--formats",
        "html,json",
        "--to",
        str(tmp_path),
    )
    assert made.exit_code == 0, made.output
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "textile-dyeing.da.html",
        "textile-dyeing.json",
    ]


def test_a_gap_in_a_seminar_is_told_with_exit_code_one(monkeypatch, tmp_path):
    made = run(monkeypatch, "seminar", "case", "--languages", "en", "--to", str(tmp_path))
    assert made.exit_code == 1
    assert "'Questions' has no speaker. Name one." in made.output
    assert len(list(Path(tmp_path / "textile-dyeing").iterdir())) == 9
