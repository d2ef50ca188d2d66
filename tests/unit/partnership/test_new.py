"""A case from nothing is in order at once, and runs with its first list."""

import pytest

from renvand.errors import FileError
from renvand.partnership.folder import check_case
from renvand.partnership.new import new
from renvand.programme.run import run
from renvand.steps.register.received import receive

LIST = "企业名称,统一社会信用代码,年份,废水流量,污染物,监测结果,排放天数\n"
ROW = "甲厂,91500120MA5000001E,2025,120,化学需氧量,58,300\n"


def test_a_new_case_has_no_fault(tmp_path):
    assert new(tmp_path / "bishan") == ("case.toml", "sources.toml")
    assert check_case(tmp_path / "bishan") == ()


def test_any_title_can_stand_in_it(tmp_path):
    new(tmp_path / "a", title='The "clear" river \\ $id', region="璧山\n区")
    assert check_case(tmp_path / "a") == ()


def test_the_first_list_is_ranked_and_what_has_no_files_is_left_out(tmp_path):
    case = tmp_path / "bishan"
    new(case)
    (tmp_path / "results.csv").write_text(LIST + ROW, encoding="utf-8")
    receive(case, tmp_path / "results.csv", source="received-lists")
    told = []
    results = run(case, tell=lambda p: told.append((p.stage, p.state)))
    assert list(results) == ["register"]
    assert len(results["register"].tables["ranking"]) == 1
    assert ("shortlist", "left out") in told  # it builds on the sectors
    assert (case / "out/register/map.zh.html").is_file()
    assert (case / "out/index.html").is_file()


def test_a_step_that_is_none_is_not_skipped_in_silence(tmp_path):
    new(tmp_path / "a")
    page = tmp_path / "a/case.toml"
    page.write_text(page.read_text("utf-8").replace('"trial"', '"trail"'), encoding="utf-8")
    with pytest.raises(FileError) as told:
        run(tmp_path / "a")
    assert str(told.value) == ("case.toml, run.skip: 'trail' is no step. Did you mean 'trial'?")


def test_a_case_that_is_there_is_left_alone(tmp_path):
    new(tmp_path / "a")
    with pytest.raises(FileError) as told:
        new(tmp_path / "a")
    assert str(told.value) == (
        f"{tmp_path / 'a'}: holds case.toml and sources.toml already. Name another folder."
    )
    with pytest.raises(FileError, match="Name the folder in Latin letters"):
        new(tmp_path / "璧山")
