"""Another country, made of files only."""

import re
import sys
from pathlib import Path

import pytest

from renvand.partnership.folder import read_case
from tests.shared import ROOT

CASE = ROOT / "examples" / "ave"
# What one country calls its own; where it is meant as such, the line says so below.
WIRED = re.compile(r"\bgb-\d|\badcode\b|['\"]CNY|[Cc]hongqing|_cny\b")
MEANT = ('PAGES = "CNY"', "capex_")  # the money that techniques' pages and rows count in


def test_it_reads_without_a_fault():
    """English and Danish only: Chinese names are not asked for."""
    case = read_case(CASE)
    assert (case.currency, case.languages) == ("EUR", ("en", "da"))
    assert case.knowledge.by_id("sector_groups")["dairy"]["name_da"] == "mejerier"
    assert not set(case.table("limits")["standard"]) & {"gb-18918-2002", "gb-3838-2002"}


@pytest.mark.parametrize("floor", ["steps", "publish", "programme"])
def test_no_code_names_one_country(floor):
    """Standards, codes, money and places are told by the case."""
    found = [
        f"{path.relative_to(ROOT)}, line {number}: {line.strip()}"
        for path in sorted((ROOT / "src/renvand" / floor).rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1)
        if WIRED.search(line) and not any(word in line for word in MEANT)
    ]
    assert found == []


def test_its_files_are_those_of_its_script(tmp_path, monkeypatch):
    """Byte by byte."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    import example_ave

    monkeypatch.setattr(sys, "argv", ["example_ave"])
    example_ave.main(tmp_path)
    made = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(made) > 30
    for path in made:
        kept = ROOT / path.relative_to(tmp_path)
        assert path.read_bytes() == kept.read_bytes(), kept.name


@pytest.mark.slow
def test_it_runs_whole_in_its_own_money(tmp_path):
    """Sheets and seminars too, and nothing of another country on paper."""
    import shutil

    from renvand.programme import run

    folder = tmp_path / "ave"
    shutil.copytree(CASE, folder, ignore=shutil.ignore_patterns("out"))
    results = run(folder)
    assert {figure.unit for figure in results["potential"].figures} & {"EUR"}
    pages = [p for p in (folder / "out").rglob("*.html") if p.parent.name == "sheets"]
    assert {p.name.split(".")[1] for p in pages} == {"en", "da"}
    for page in pages:
        shown = re.sub(r"<script.*?</script>", "", page.read_text(encoding="utf-8"), flags=re.S)
        assert not re.search(r"\bCNY\b|GB 3838|Chongqing|Yangtze", shown), page.name


def test_the_example_says_what_is_constructed():
    """Every row, and the README."""
    case = read_case(CASE)
    assert set(case.tables["enterprises"]["basis"]) == {"constructed"}
    assert "constructed" in Path(CASE / "README.md").read_text(encoding="utf-8").lower()
