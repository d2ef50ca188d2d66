"""Print how long documents take: ``python -m benchmarks.publish``.

Seconds are those of the processor: other work on the machine does not count. The sheet is the
hand-made one of the tests; sixty sheets are twenty of it with other numbers and titles in three
languages, so that nothing can be taken from a cache. WeasyPrint stands beside it where it is
installed.
"""

from __future__ import annotations

import importlib.util
import resource
import time
from collections.abc import Callable
from dataclasses import replace

from renvand.publish import charts
from renvand.publish.compose import size_of
from renvand.publish.model import Chart, SheetModel, walk
from renvand.publish.seminar.deck import deck
from renvand.publish.sheet import render_sheet
from renvand.publish.voice import Voice
from renvand.text import LANGUAGES
from tests.unit.publish.sample import sheet
from tests.unit.publish.seminar_sample import ON, event

SHEETS = 60
LARGEST = 250  # kB
ROUNDS = 5


def seconds(work: Callable[[], object]) -> float:
    """Measure some work. [s of the processor]"""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def told(name: str, found: float, *, limit: float) -> None:
    """Print a bar and whether it is kept."""
    mark = "ok" if found <= limit else "MISSED"
    print(f"{name:<40} {found:7.3f} s   bar {limit:5.2f} s   {mark}")


def other(number: int) -> SheetModel:
    """Give the sheet with other numbers: nothing of it was set before."""
    model = sheet()
    facts = tuple(replace(f, value=f.value * (1 + number / 97)) for f in model.facts)
    return replace(model, number=number, title=f"{number}", facts=facts)


def main() -> None:
    """Measure charts, sheets in each format, sixty sheets and a deck."""
    model = sheet()
    render_sheet(other(0), "en", format="docx")  # warm: fonts, chart library, templates
    render_sheet(other(0), "zh", format="pdf")
    for chart in (part for part in walk(model) if isinstance(part, Chart)):
        told(f"chart {chart.kind}", _chart(chart, model), limit=0.05)
    for form in ("pdf", "html", "docx"):
        for language in LANGUAGES:
            models = [other(100 + round) for round in range(ROUNDS)]
            best = min(
                seconds(lambda m=m, x=language, f=form: render_sheet(m, x, format=f))
                for m in models
            )
            told(f"sheet {form} {language}", best, limit=0.25)
            if form == "pdf":
                size = len(render_sheet(model, language, format="pdf")) / 1000
                mark = "ok" if size <= LARGEST else "MISSED"
                print(f"{'':<40} {size:5.0f} kB   bar {LARGEST} kB    {mark}")
    many = [other(200 + number) for number in range(SHEETS // len(LANGUAGES))]
    spent = sum(
        seconds(lambda m=m, x=language: render_sheet(m, x, format="pdf"))
        for m in many
        for language in LANGUAGES
    )
    told(f"{SHEETS} sheets", spent, limit=10.0)
    decks = (seconds(lambda: deck(model, event(), language="zh", on=ON)) for _ in range(ROUNDS))
    told("deck zh", min(decks), limit=1.0)
    weasyprint(render_sheet(model, "zh", format="html").decode())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:.0f} MB")


def _chart(chart: Chart, model: SheetModel) -> float:
    """Measure a chart, from what it shows to the drawing; the best of some."""
    voice = Voice("zh", {fact.id: fact for fact in model.facts})
    width, height = size_of(chart)
    return min(
        seconds(
            lambda: charts.svg(charts.option(chart, voice, width=width), width=width, height=height)
        )
        for _ in range(ROUNDS)
    )


def weasyprint(page: str) -> None:
    """Set the web page of the same sheet with WeasyPrint."""
    if importlib.util.find_spec("weasyprint") is None:
        print("WeasyPrint is not installed: no comparison")
        return
    import weasyprint as peer

    peer.HTML(string=page).write_pdf()
    best = min(seconds(lambda: peer.HTML(string=page).write_pdf()) for _ in range(2))
    print(f"{'WeasyPrint, same sheet from HTML':<40} {best:7.3f} s")


if __name__ == "__main__":
    main()
