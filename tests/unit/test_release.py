"""What a release promises: licences that allow use, one version everywhere."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FORBIDS = re.compile(r"(?<!L)GPL|Affero|SSPL|Commons Clause|NonCommercial|Proprietary|BUSL")


def listed() -> list[list[str]]:
    lines = (ROOT / "docs/reference/licences.md").read_text(encoding="utf-8").splitlines()
    return [[c.strip() for c in ln.strip("|").split("|")] for ln in lines if ln.startswith("| ")][
        1:
    ]


def locked() -> dict[str, str]:
    lines = (ROOT / "requirements/run.txt").read_text(encoding="utf-8").splitlines()
    plain = (ln.split("==") for ln in lines if "==" in ln and "sys_platform" not in ln)
    return {name: version.split(" ")[0] for name, version in plain}


def test_the_page_of_licences_lists_what_is_locked():
    assert {name: version for name, version, _ in listed()} == locked()


@pytest.mark.parametrize(("name", "licence"), [(n, lic) for n, _, lic in listed()])
def test_a_licence_is_named_and_forbids_no_use(name, licence):
    assert licence
    assert not FORBIDS.search(licence), name


def test_the_citation_names_the_version_of_the_package():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert f"version: {version}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
