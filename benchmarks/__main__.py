"""Run every benchmark and keep the tables: ``python -m benchmarks [NAME …]``.

All of them together make ``report.md``; some alone are only shown. The whole takes about an hour
and a quiet machine; the peers run beside ours, in the same run.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

HERE = Path(__file__).parent
REPORT = HERE / "report.md"
LIBRARIES = ("numpy", "scipy", "numba", "duckdb", "pyscipopt", "highspy", "splink")
PEERS = ("bsm2-python", "qsdsan", "pymcdm", "casadi", "gurobipy", "networkx", "weasyprint")
MORE = {"simulation": ("--peers",), "register": ("--full",)}  # what a whole run asks for


def main() -> int:
    """Run ``python -m benchmarks.<name>`` for each; give the worst exit code."""
    every = sorted(path.parent.name for path in HERE.glob("*/__main__.py"))
    asked = sys.argv[1:] or every
    if unknown := [name for name in asked if name not in every]:
        print(f"No benchmark '{unknown[0]}'; there are {', '.join(every)}.", file=sys.stderr)
        return 2
    parts, worst = [head()], 0
    for name in asked:
        code, table = run(name)
        worst = max(worst, code)
        parts.append(f"## {name}\n\n{table.strip()}\n")
        if name == "growth":
            parts.append("![CPU seconds over size](growth.svg)\n")
        if asked == every:  # what is done is kept, should a later one be stopped
            REPORT.write_text("\n".join(parts), encoding="utf-8")
    return worst


def run(name: str) -> tuple[int, str]:
    """Run one benchmark; show its lines as they come, and give them."""
    print(f"\n## {name}\n", flush=True)
    command = [sys.executable, "-m", f"benchmarks.{name}", *MORE.get(name, ())]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines: list[str] = []
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(line)
    return process.returncode, "".join(lines)


def head() -> str:
    """Say when, on what and beside whom."""
    cores = len(os.sched_getaffinity(0))
    return f"""# Benchmarks

`make bench`, {date.today()}, Python {platform.python_version()}, {cores} cores of {processor()}, load {os.getloadavg()[0]:.1f}.
With {", ".join(installed(LIBRARIES))}. Peers: {", ".join(installed(PEERS)) or "none installed"};
bsm2-python and QSDsan run in environments of their own, which their tables name.
"""  # noqa: E501


def processor() -> str:
    """Name the processor."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    return next((ln.partition(": ")[2] for ln in lines if ln.startswith("model name")), "unknown")


def installed(names: tuple[str, ...]) -> list[str]:
    """Give each library with its version, if it is here."""
    found: list[str] = []
    for name in names:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return found


if __name__ == "__main__":
    sys.exit(main())
