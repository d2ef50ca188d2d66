"""Run every benchmark of this folder, one after the other, and print their tables."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main() -> int:
    """Run ``python -m benchmarks.<name>`` for each; give the worst exit code."""
    worst = 0
    for folder in sorted(path.parent for path in HERE.glob("*/__main__.py")):
        print(f"\n## {folder.name}\n", flush=True)
        worst = max(worst, subprocess.call([sys.executable, "-m", f"benchmarks.{folder.name}"]))
    return worst


if __name__ == "__main__":
    sys.exit(main())
