"""Print how long documents take: ``python -m benchmarks.publish``.

The sheet is the hand-made one of the tests; WeasyPrint stands beside it where it is installed.
"""

from __future__ import annotations

import importlib.util
import resource
import time
from collections.abc import Callable

from renvand.publish import charts
from renvand.publish.model import Chart, walk
from renvand.publish.seminar.deck import deck
from renvand.publish.sheet import render_sheet
from renvand.publish.voice import Voice
from renvand.text import LANGUAGES
from tests.unit.publish.sample import sheet
from tests.unit.publish.seminar_sample import ON, event

SHEETS = 60


def timed(name: str, work: Callable[[], object], *, limit: float, rounds: int = 5) -> None:
    """Print the first and the best warm time of some work. [s]"""
    begun = time.perf_counter()
    work()
    first = time.perf_counter() - begun
    warm = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        warm.append(time.perf_counter() - begun)
    best = min(warm)
    mark = "ok" if best <= limit else "SLOW"
    print(f"{name:<34} first {first:6.3f} s   warm {best:6.3f} s   limit {limit:5.2f} s   {mark}")


def main() -> None:
    """Measure charts, sheets in each format, sixty sheets and a deck."""
    model = sheet()
    voice = Voice("zh", {fact.id: fact for fact in model.facts})
    for chart in (part for part in walk(model) if isinstance(part, Chart)):
        option = charts.option(chart, voice, width=242)
        timed(
            f"chart {chart.kind}",
            lambda o=option: charts.svg(o, width=242, height=140),
            limit=0.05,
        )
    for language in LANGUAGES:
        timed(
            f"sheet pdf {language}",
            lambda x=language: render_sheet(model, x, format="pdf"),
            limit=0.25,
        )
        size = len(render_sheet(model, language, format="pdf"))
        print(f"{'':<34} {size / 1000:.0f} kB (limit 250 kB)")
    for form in ("html", "docx"):
        timed(f"sheet {form} zh", lambda x=form: render_sheet(model, "zh", format=x), limit=0.25)
    begun = time.perf_counter()
    for number in range(SHEETS):
        render_sheet(model, LANGUAGES[number % 3], format="pdf")
    print(f"{SHEETS} sheets {time.perf_counter() - begun:.1f} s (limit 10 s)")
    timed("deck zh", lambda: deck(model, event(), language="zh", on=ON), limit=1.0)
    weasyprint(render_sheet(model, "zh", format="html").decode())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:.0f} MB")


def weasyprint(page: str) -> None:
    """Set the web page of the same sheet with WeasyPrint."""
    if importlib.util.find_spec("weasyprint") is None:
        print("WeasyPrint is not installed: no comparison")
        return
    import weasyprint as other

    timed("WeasyPrint, same sheet from HTML", lambda: other.HTML(string=page).write_pdf(), limit=9)


if __name__ == "__main__":
    main()
