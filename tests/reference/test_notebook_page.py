"""The page on notebooks is a notebook: here it is run."""

from __future__ import annotations

import doctest
import re

from tests.shared import ROOT

PAGE = ROOT / "docs" / "how-to" / "notebook.md"


def test_the_page_on_notebooks_does_what_it_shows(tmp_path, monkeypatch):
    text = PAGE.read_text(encoding="utf-8")
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    for name, page in re.findall(r'^```toml title="(.*?)"\n(.*?)^```$', text, flags=re.S | re.M):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(page, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    code = "\n".join(re.findall(r"^```pycon\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE))
    shown = doctest.DocTestParser().get_doctest(code, {}, PAGE.stem, str(PAGE), 0)
    said = []
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    doctest.DocTestRunner(verbose=False, optionflags=flags).run(shown, out=said.append)
    assert not said, "".join(said)
