"""The page of a technique as people read it: Markdown in one language, or a record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from renvand.steps.potential.catalogue import range_of, shipped
from renvand.steps.potential.page import Page, pages
from renvand.text import Words

_SHARES = ("water_saving", "cod_saving", "metal_saving", "energy_saving", "chemicals_saving")


def written(page: Page, *, language: str) -> str:
    """Write a page in Markdown.

    Parameters
    ----------
    page : Page
        The page.
    language : str
        'en', 'da' or 'zh'.

    Returns
    -------
    str
        Principle, what its techniques save and where they do not fit, equations, costs,
        numbers with their source and confidence, validity.
    """
    words = Words(language)
    lines = [f"## {page.name[language]}", "", page.principle[language], ""]
    for technique in page.techniques:
        lines += _technique(technique, words)
    lines += _formulas(page, words)
    if page.parameters:
        lines += _numbers(page, words)
    if page.validity:
        bounds = [f"`{k}` {low:g}–{high:g}" for k, (low, high) in page.validity.items()]
        lines += [f"**{words('potential.page_validity')}:** {', '.join(bounds)}", ""]
    if page.sources:
        sources = ", ".join(f"`{key}`" for key in page.sources)
        lines += [f"**{words('potential.page_sources')}:** {sources}", ""]
    return "\n".join(lines)


def _technique(key: str, words: Words) -> list[str]:
    language = words.language
    row = shipped("technologies")[key]
    shares: list[str] = []
    for share in _SHARES:
        ends = range_of(row, f"{share}_")
        if ends.typical:
            said = words(f"potential.page_{share}")
            shares.append(f"{said} {100 * ends.low:.3g}–{100 * ends.high:.3g} %")
    saved = f" {'; '.join(shares)}." if shares else ""
    return [
        f"**{row[f'name_{language}']}** (`{key}`). {row[f'description_{language}']}{saved} "
        f"*{words('potential.page_limits')}:* {row[f'limits_{language}']} "
        f"[`{row['source']}`, {row['confidence']}]",
        "",
    ]


def _formulas(page: Page, words: Words) -> list[str]:
    prices = shipped("prices")
    rows: list[tuple[str, str, str]] = []
    rows += [("equation", name, of.text) for name, of in page.equations.items()]
    for name, of in page.investments.items():
        curve = page.curves.get(name)
        rows.append(("investment", name, f"{curve}({of.text})" if curve else of.text))
    for name, of in page.costs.items():
        price = prices[name]
        unit = str(price["unit"]).partition("/")[2]
        said = f"{price[f'name_{words.language}']} [{unit}/d]"
        rows.append(("cost", said, of.text))
    rows += [("save", name, of.text) for name, of in page.saves.items()]
    if page.chemicals is not None:
        said = ", ".join(page.chemicals) or "–"
        rows.append(("save", words("potential.page_chemicals_saving"), said))
    if not rows:
        return []
    kinds = {kind: words(f"potential.page_{kind}") for kind, _, _ in rows}
    body = [f"| {kinds[kind]} | {name} | `{text}` |" for kind, name, text in rows]
    return ["| | | |", "|---|---|---|", *body, ""]


def _numbers(page: Page, words: Words) -> list[str]:
    heads = ("name", "number", "low", "typical", "high", "unit", "source")
    head = " | ".join(words(f"potential.page_{h}") for h in heads)
    lines = [f"| {head} |", "|---|---|---|---|---|---|---|"]
    for name, parameter in page.parameters.items():
        row = parameter.row
        known = range_of(row)
        values = " | ".join(f"{v:g}" for v in (known.low, known.typical, known.high))
        condition = f" ({row['condition']})" if row["condition"] else ""
        lines.append(
            f"| `{name}` | {row['parameter']}{condition} | {values} | {row['unit']} | "
            f"`{row['source']}`, {row['confidence']} |"
        )
    return [*lines, ""]


def as_record(page: Page) -> dict[str, Any]:
    """Write a page as JSON-able values."""
    return {
        "id": page.id,
        "techniques": list(page.techniques),
        "name": dict(page.name),
        "principle": dict(page.principle),
        "sources": list(page.sources),
        "applies": page.applies,
        "parameters": {
            name: {
                "row": p.row["id"],
                "low": p.range.low,
                "typical": p.range.typical,
                "high": p.range.high,
                "source": p.row["source"],
                "confidence": p.row["confidence"],
            }
            for name, p in page.parameters.items()
        },
        "equations": {name: of.text for name, of in page.equations.items()},
        "investments": {name: of.text for name, of in page.investments.items()},
        "curves": dict(page.curves),
        "costs": {name: of.text for name, of in page.costs.items()},
        "saves": {name: of.text for name, of in page.saves.items()},
        "chemicals": None if page.chemicals is None else list(page.chemicals),
        "validity": {name: list(ends) for name, ends in page.validity.items()},
    }


def catalogue_page() -> str:
    """Write the reference page of all techniques, in English."""

    def parts() -> Iterator[str]:
        yield "# Techniques\n"
        yield (
            "Derived from `knowledge/techniques`, `technologies` and `unit_defaults`; the format "
            "is [here](technique-format.md). Numbers of low confidence are planning values: they "
            "rank options, they are no offer. `renvand technique NAME --language da` prints a "
            "page in another language.\n"
        )
        yield from (written(page, language="en") for page in pages().values())

    return "\n".join(parts())
