"""The house stands on its floors: a module imports only from the floors below its own."""

import ast
from collections.abc import Iterator
from pathlib import Path

FLOORS = (
    ("errors",),
    ("units", "text", "trace"),
    ("knowledge",),
    ("process", "waternet", "reconcile", "ranking", "river"),
    ("plant",),
    ("steps",),
    ("partnership",),
    ("publish",),
    ("programme",),
    ("web",),
    ("cli", "__init__", "__main__"),
)
LEVEL = {name: level for level, floor in enumerate(FLOORS) for name in floor}
DJANGO_FROM = LEVEL["partnership"]
SRC = Path(__file__).resolve().parents[2] / "src" / "renvand"


def imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names = [node.module]
            if node.module == "renvand":
                names = [f"renvand.{alias.name}" for alias in node.names]
            yield from ((node.lineno, name) for name in names)
        elif isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)


def test_every_module_imports_only_from_floors_below():
    """A wall that is walked through is named with its file and line."""
    wrong = []
    for path in sorted(SRC.rglob("*.py")):
        own = path.relative_to(SRC).parts[0].removesuffix(".py")
        for line, name in imports(path):
            first, _, rest = name.partition(".")
            other = rest.split(".")[0]
            if first == "django" and LEVEL[own] < DJANGO_FROM:
                wrong.append(f"{path}:{line} imports Django below floor {DJANGO_FROM}")
            if first != "renvand" or not rest or other == own or own in ("__init__", "__main__"):
                continue
            if LEVEL[other] >= LEVEL[own]:
                wrong.append(f"{path}:{line} {own} (floor {LEVEL[own]}) imports {other}")
    assert not wrong, "\n".join(wrong)


def test_no_file_is_a_warehouse():
    """No file of ours is over 600 lines, and half of them are at most 150."""
    lengths = sorted(
        len(path.read_text(encoding="utf-8").splitlines())
        for path in SRC.rglob("*.py")
        if "migrations" not in path.parts
    )
    assert lengths[-1] <= 600
    assert lengths[len(lengths) // 2] <= 150
