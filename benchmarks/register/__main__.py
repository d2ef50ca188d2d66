"""Print a Markdown table of CPU seconds and peak memory: ``python -m benchmarks.register``.

``--full`` takes the census of 3.6 million sites and 20 million observations; each step runs in a
process of its own on one thread, so that its memory is its own.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.register import census
from benchmarks.register.work import WORK

SMALL, FULL = (360_000, 2_000_000), (3_600_000, 20_000_000)


def run(name: str, folder: Path) -> dict[str, str]:
    """Run one step alone and read what it told."""
    command = [sys.executable, "-m", "benchmarks.register.work", name, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return {"note": (done.stderr.strip().splitlines() or ["failed"])[-1]}
    return json.loads(done.stdout.strip().splitlines()[-1])


def main() -> None:
    """Write the census, run every step, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.register", description=__doc__)
    parser.add_argument("--full", action="store_true", help="3.6 million sites, 20 million rows")
    parser.add_argument("--only", choices=WORK, action="append", help="only this step")
    asked = parser.parse_args()
    sites, observations = FULL if asked.full else SMALL
    print(f"{sites:,} sites, {observations:,} observations, one thread\n")
    print("| what | CPU s | peak MB | told |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        # in a process of its own: a child's peak memory counts that of the parent it came from
        size = [str(sites), str(observations)]
        subprocess.run([sys.executable, "-m", census.__name__, folder, *size], check=True)
        for name in asked.only or WORK:
            told = run(name, Path(folder))
            cpu, peak = told.get("cpu", "–"), told.get("peak", "–")
            print(f"| {name} | {cpu} | {peak} | {told.get('note', '')} |", flush=True)


if __name__ == "__main__":
    main()
