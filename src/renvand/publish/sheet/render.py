"""A sheet as PDF, web page, Word document or JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from renvand.errors import Fault, FileError, near
from renvand.publish import codec, paper
from renvand.publish.compose import Composed, compose
from renvand.publish.model import SheetModel
from renvand.publish.sheet.qr import qr_svg

FORMATS = ("pdf", "html", "docx", "json")
PAGES = 3  # two, and the page of sources
SIZES = (9.2, 8.9, 8.6, 8.3, 8.0)  # pt
LARGE = (10.2, 9.7)  # pt, tried first where a sheet has fewer words


def render_sheet(model: SheetModel, language: str, *, format: str) -> bytes:
    """Write a sheet in one language and one format; same model, same bytes.

    Parameters
    ----------
    model : SheetModel
        The sheet.
    language : str
        'da', 'en' or 'zh'.
    format : str
        'pdf', 'html', 'docx'; 'json' is the model itself, in no language.

    Returns
    -------
    bytes
        The file.

    Raises
    ------
    FileError
        When the sheet has a fault, or the format is not known.
    """
    return render_formats(model, language, (format,))[format]


def render_formats(model: SheetModel, language: str, formats: Sequence[str]) -> dict[str, bytes]:
    """Write a sheet in one language and several formats; it is composed once.

    Raises
    ------
    FileError
        When the sheet has a fault, or a format is not known.
    """
    unknown = [form for form in formats if form not in FORMATS]
    if unknown:
        raise FileError(
            Fault(where="format", what=f"'{form}' is not known.", do=near(form, FORMATS))
            for form in unknown
        )
    made = {"json": codec.to_json(model).encode()} if "json" in formats else {}
    if set(formats) <= made.keys():
        return made
    composed = compose(model, language)
    composed["qr"] = qr_svg(composed["url"]) if composed["url"] else ""
    return made | {form: _RENDERERS[form](composed) for form in formats if form != "json"}


def _html(composed: Composed) -> bytes:
    from renvand.publish.sheet.page import page

    return page(composed).encode()


def _docx(composed: Composed) -> bytes:
    from renvand.publish.sheet.word import document

    return document(composed)


def fitted(composed: Composed) -> tuple[Composed, bytes]:
    """Set a sheet in the largest type with which it keeps to its pages.

    Parameters
    ----------
    composed : dict
        From :func:`renvand.publish.compose.compose`, with ``qr``.

    Returns
    -------
    tuple
        The same with ``size`` in pt, and the PDF; in the smallest type when nothing fits.
    """
    tried, made = composed, b""
    for size in SIZES if composed["kind"] == "sector" else (*LARGE, *SIZES):
        tried = composed | {"size": size}
        made = paper.pdf("sheet/sheet.typ", tried)
        if paper.page_count(made) <= PAGES:
            break
    return tried, made


_RENDERERS: dict[str, Callable[[Composed], bytes]] = {
    "pdf": lambda composed: fitted(composed)[1],
    "html": _html,
    "docx": _docx,
}
