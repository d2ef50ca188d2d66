"""``renvand reconcile`` and ``renvand review`` as a person meets them."""

import json

import pytest
import typer
from typer.testing import CliRunner

from renvand.cli import reconcile as commands
from renvand.cli import review as reviewing
from renvand.errors import FileError
from tests.shared import ROOT

EXAMPLE = str(ROOT / "examples" / "chongqing")


@pytest.fixture
def run():
    app = typer.Typer()
    app.command()(commands.reconcile)
    app.add_typer(reviewing.app)

    def call(*arguments):
        result = CliRunner().invoke(app, list(map(str, arguments)))
        if isinstance(result.exception, FileError):
            raise result.exception
        return result

    return call


def test_a_file_is_reconciled_and_printed_as_json(run, tmp_path):
    path = tmp_path / "balance.toml"
    path.write_text("A = [[1, -1, -1]]\ny = [10.0, 4.0, 5.0]\nvar = [1.0, 1.0, 1.0]\n")
    told = json.loads(run("reconcile", path, "--json").stdout)
    assert told["x_rec"] == pytest.approx([29 / 3, 13 / 3, 16 / 3])
    assert told["objective"] == pytest.approx(1 / 3)
    assert "x1" in run("reconcile", path).stdout


def test_a_page_of_streams_is_printed_too(run, tmp_path):
    path = tmp_path / "site.json"
    page = {
        "streams": [
            {"id": "in", "from_unit": "supply", "to_unit": "u"},
            {"id": "out", "from_unit": "u", "to_unit": "drain"},
        ],
        "measurements": [{"stream": "in", "quantity": "flow", "value": 9, "sd": 1}],
    }
    path.write_text(json.dumps(page))
    assert json.loads(run("reconcile", path, "--json").stdout)["table"][1]["value"] == 9
    assert "observable" in run("reconcile", path).stdout


def test_a_broken_file_is_told_in_words(run, tmp_path):
    path = tmp_path / "broken.json"
    path.write_text("{")
    with pytest.raises(FileError, match=r"broken.json: is not JSON: .* Correct it there\."):
        run("reconcile", path)


def test_a_review_is_checked_reconciled_and_reported(run):
    assert run("review", "check", EXAMPLE, "dazu-plating").stdout == (
        "reviews/dazu-plating: can be balanced.\n"
    )
    balance = json.loads(run("review", "reconcile", EXAMPLE, "dazu-plating", "--json").stdout)
    assert {row["review"] for row in balance["streams"]} == {"dazu-plating"}
    told = json.loads(run("review", "report", EXAMPLE, "dazu-plating", "--json").stdout)
    assert {"insight", "drain_money", "quick_wins"} <= set(told)
    assert any("s10" in finding for finding in told["findings"])
    days = run("review", "reconcile", EXAMPLE, "tongliang-plating", "--by-day").stdout
    assert "Leaves unseen" in days


def test_a_report_is_written_apart_from_what_is_published(run, tmp_path):
    made = run(
        *("review", "report", EXAMPLE, "wanzhou-dyeing", "--languages", "zh"),
        *("--formats", "pdf", "--to", tmp_path / "confidential"),
    )
    assert "wanzhou-dyeing.zh.pdf" in made.stdout
    with pytest.raises(FileError, match="is without the company's consent"):
        run("review", "report", EXAMPLE, "wanzhou-dyeing", "--publish", "--to", tmp_path)
    assert not list(tmp_path.glob("*.pdf"))


def test_a_template_is_written_and_an_unknown_form_is_told(run, tmp_path):
    path = tmp_path / "new.xlsx"
    sector = ("--sector", "metalworking", "--to", path)
    assert run("review", "template", EXAMPLE, "new", *sector).stdout == f"Wrote {path}\n"
    with pytest.raises(FileError, match=r"form: 'pdf' is not known\. Allowed: csv, xlsform, xlsx"):
        run("review", "template", EXAMPLE, "new", *sector, "--form", "pdf")


def test_an_unknown_review_is_suggested(run):
    with pytest.raises(FileError, match=r"no review 'dazu-plate'\. Did you mean 'dazu-plating'"):
        run("review", "check", EXAMPLE, "dazu-plate")
