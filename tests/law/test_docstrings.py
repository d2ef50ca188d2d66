"""What the docstrings cite is in the bibliography."""

import ast
import re
from pathlib import Path

from renvand.knowledge import sources
from renvand.knowledge.read import read_toml

SRC = Path(__file__).resolve().parents[2] / "src" / "renvand"
CITED = re.compile(r"References\n\s*-{10}\n((?:\s*[\w., ()-]+\n?)+)")
KINDS = (ast.Module, ast.ClassDef, ast.FunctionDef)


def cited(path: Path) -> set[str]:
    """Name the sources under 'References' in the docstrings of a file."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        text = (ast.get_docstring(node) or "") if isinstance(node, KINDS) else ""
        for block in CITED.findall(text):
            found.update(re.findall(r"^\s*([a-z][\w.-]*)", block, flags=re.M))
    return found


def test_every_source_cited_in_a_docstring_is_in_the_bibliography():
    own = read_toml(SRC / "process/models/sources.toml", name="sources.toml")
    known = {key.replace("_", "-") for key in (*sources(), *own)}
    missing = {
        f"{path.relative_to(SRC)}: {key}"
        for path in sorted(SRC.rglob("*.py"))
        for key in cited(path)
        if key.replace("_", "-") not in known
    }
    assert not missing, "\n".join(sorted(missing))
