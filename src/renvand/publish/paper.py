"""Typst in this process: a template and data in, the bytes of a document out."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from renvand.errors import OurFault

STANDARDS = ["a-2a", "ua-1"]  # archivable, and accessible with tags
_FOLDER = Path(str(resources.files("renvand.publish")))


@cache
def _compiler(template: str) -> Any:
    import typst

    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[_FOLDER / "assets" / "fonts"],
    )
    return typst.Compiler(_FOLDER / template, root=_FOLDER, font_paths=fonts)


def pdf(template: str, data: dict[str, Any]) -> bytes:
    """Set a document as PDF/A-2a and PDF/UA-1.

    Parameters
    ----------
    template : str
        Path below ``publish``: 'sheet/sheet.typ'.
    data : dict
        JSON the template reads; text in it is data and never becomes Typst code.

    Raises
    ------
    OurFault
        When Typst refuses: a template of ours is wrong.
    """
    return _compile(template, data, format="pdf", pdf_standards=STANDARDS)


def page_count(made: bytes) -> int:
    """Count the pages of a PDF of ours; its page tree stands in it in plain words."""
    found = re.search(rb"/Type/Pages/Count (\d+)", made)
    if found is None:
        raise OurFault("paper: this PDF does not tell its pages")
    return int(found[1])


def png(template: str, data: dict[str, Any], *, ppi: float = 150) -> list[bytes]:
    """Set a document as pictures, one a page."""
    pages = _compile(template, data, format="png", ppi=ppi)
    return pages if isinstance(pages, list) else [pages]


def picture(svg: str, *, width: float, height: float, ppi: float = 220) -> bytes:
    """Turn a chart into PNG for documents that cannot hold SVG.

    Parameters
    ----------
    svg : str
        The drawing.
    width, height : float
        Its size. [pt]
    ppi : float
        Resolution. [1/inch]
    """
    return png("picture.typ", {"svg": svg, "width": width, "height": height}, ppi=ppi)[0]


def _compile(
    template: str, data: dict[str, Any], *, format: Literal["pdf", "png"], **options: Any
) -> Any:
    import typst

    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    try:
        return _compiler(template).compile(format=format, sys_inputs=inputs, **options)
    except typst.TypstError as error:
        raise OurFault(f"{template}: {error}") from error
