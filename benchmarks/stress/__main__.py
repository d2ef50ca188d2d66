"""Run the programme on the example once, four and ten times its size: time and memory by step.

python -m benchmarks.stress [TIMES …]
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
import time
from pathlib import Path

from benchmarks.stress.case import make, sizes
from renvand.programme.run import Progress, run

SIZES = (1, 4, 10)


class Watch:
    """The most memory of this process and its children in each step."""

    def __init__(self) -> None:
        self.stage, self.most, self.seconds = "", dict[str, int](), dict[str, float]()
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def tell(self, progress: Progress) -> None:
        """Take note of what the run says."""
        if progress.state == "starts":
            self.stage = progress.stage
        else:
            self.seconds[progress.stage] = progress.seconds

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ends.wait(0.05):
            self.most[self.stage] = max(self.most.get(self.stage, 0), resident())


def resident() -> int:
    """Memory of this process and all below it. [MB]"""
    parents, sizes = dict[int, int](), dict[int, int]()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            pages = int((entry / "statm").read_text().split()[1])
        except OSError:  # it has ended
            continue
        parents[int(entry.name)], sizes[int(entry.name)] = int(fields[1]), pages
    ours = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in ours} - ours:
        ours |= more
    return sum(sizes.get(pid, 0) for pid in ours) * 4096 // 1_000_000


def measure(times: int) -> tuple[dict[str, int], Watch, float]:
    """Make a case so many times the example's size and run it."""
    with tempfile.TemporaryDirectory() as scratch, Watch() as watch:
        case = make(Path(scratch) / "case", times=times)
        begun = time.perf_counter()
        run(case, tell=watch.tell)
        return dict(sizes(case)), watch, time.perf_counter() - begun


def main() -> int:
    """Print a table: a row a step, two columns a size."""
    chosen = tuple(map(int, sys.argv[1:])) or SIZES
    made = {times: measure(times) for times in chosen}
    for times, (counts, _, seconds) in made.items():
        held = ", ".join(f"{count:,} {name}" for name, count in counts.items())
        print(f"- {times} ×: {held}: {seconds:.1f} s")
    print("\n| step | " + " | ".join(f"{t} × [s] | [MB]" for t in chosen) + " |")
    print("| --- |" + " ---: | ---: |" * len(chosen))
    for stage in made[chosen[0]][1].seconds:
        cells = (f"{w.seconds[stage]:.2f} | {w.most.get(stage, 0)}" for _, w, _ in made.values())
        print(f"| {stage} | " + " | ".join(cells) + " |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
