"""Time each subject at several sizes and fit the exponent: ``python -m benchmarks.growth``.

Writes ``growth.svg`` beside the report: CPU seconds over size, both by powers of ten.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from benchmarks.growth.subjects import SUBJECTS, Subject
from benchmarks.simulation.cases import best

PICTURE = Path(__file__).resolve().parents[1] / "growth.svg"


def main() -> int:
    """Measure, print a row a subject, draw."""
    print("CPU seconds; the exponent is the slope through all sizes on paper of powers of ten.\n")
    print("| work | of | seconds at each size | exponent |\n|---|---|---|---:|")
    curves = {subject: measure(subject) for subject in SUBJECTS}
    draw(curves)
    return 0


def measure(subject: Subject) -> list[float]:
    """Time each size, the quickest of three, and print the row."""
    seconds: list[float] = []
    for size in subject.sizes:
        work = subject.make(size)
        work()
        seconds.append(best(work, times=3))
    slope = np.polyfit(np.log(subject.sizes), np.log(seconds), 1)[0]
    told = ", ".join(f"{n:,}: {s:.3g}" for n, s in zip(subject.sizes, seconds, strict=True))
    print(f"| {subject.title} | {subject.of} | {told} | {slope:.2f} |", flush=True)
    return seconds


def draw(curves: dict[Subject, list[float]]) -> None:
    """Draw all curves, each over its sizes relative to the smallest."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    mpl.rcParams["svg.fonttype"] = "none"
    mpl.rcParams["svg.hashsalt"] = "renvand"
    figure = Figure(figsize=(7.0, 4.2), layout="constrained")
    axes = figure.subplots()
    for subject, seconds in curves.items():
        times = np.array(subject.sizes) / subject.sizes[0]
        axes.loglog(times, seconds, marker="o", label=f"{subject.title} ({subject.of})")
    axes.set_xlabel("size, times the smallest")
    axes.set_ylabel("CPU seconds")
    axes.grid(visible=True, which="both", alpha=0.2)
    axes.legend(fontsize=7, loc="center left", bbox_to_anchor=(1.0, 0.5))
    figure.savefig(PICTURE, metadata={"Date": None})


if __name__ == "__main__":
    sys.exit(main())
