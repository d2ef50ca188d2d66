"""Each page that explains a method ends with a number; here it is computed again."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

PAGES = sorted((Path(__file__).parents[2] / "docs" / "explanation").glob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_ends_with_a_number_that_is_so(page):
    last = re.split(r"^## ", page.read_text(encoding="utf-8"), flags=re.MULTILINE)[-1]
    assert last.startswith("A worked number\n")
    (code,) = re.findall(r"^```python\n(.*?)^```$", last, flags=re.DOTALL | re.MULTILINE)
    worked = doctest.DocTestParser().get_doctest(code, {}, page.stem, str(page), 0)
    assert any(example.want for example in worked.examples)
    said = []
    doctest.DocTestRunner(verbose=False).run(worked, out=said.append)
    assert not said, "".join(said)
