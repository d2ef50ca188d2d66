"""What every page knows: its language, its case, and where the person may go from it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from renvand import knowledge
from renvand.errors import FileError
from renvand.knowledge import Knowledge
from renvand.partnership.folder import KNOWLEDGE_FILES, read_knowledge
from renvand.partnership.models.base import Sight
from renvand.text import LANGUAGES, Words
from renvand.web import languages, rights

STEPS = ("register", "sectors", "shortlist", "review", "potential", "plants", "river")
_STEP_WORDS = {"river": "effect"}  # as the catalogue of words calls it


def case_settings() -> Mapping[str, Any]:
    """Read what the case says of itself."""
    return of_case("case")


def of_case(section: str) -> Mapping[str, Any]:
    """Read a section of ``case.toml``; a faulty page says nothing, and /check/ says why."""
    path: Path = settings.RENVAND_CASE / "case.toml"
    try:
        state = path.stat()
    except OSError:
        return {}
    found = _page(path, state.st_mtime_ns, state.st_size).get(section)
    return found if isinstance(found, dict) else {}


@lru_cache(maxsize=2)
def _page(path: Path, _: int, __: int) -> Mapping[str, Any]:
    """Read the page once, and again when it has changed."""
    try:
        return knowledge.read_toml(path, name="case.toml")
    except FileError:
        return {}


def case_knowledge() -> Knowledge:
    """Give the tables of knowledge as the case sees them; read again when one has changed."""
    folder: Path = settings.RENVAND_CASE
    stamps: list[tuple[str, int, int]] = []
    for name in KNOWLEDGE_FILES:
        try:
            state = (folder / name).stat()
        except OSError:
            continue
        stamps.append((name, state.st_mtime_ns, state.st_size))
    return _knowledge(folder, tuple(stamps))


@lru_cache(maxsize=2)
def _knowledge(folder: Path, _: tuple[tuple[str, int, int], ...]) -> Knowledge:
    return read_knowledge(folder)


def of_page(request: HttpRequest) -> dict[str, Any]:
    """Give the words and ways of a page."""
    language = languages.of_path(request.path_info)
    case = case_settings()
    seen: Sight = getattr(request, "sight", Sight())
    return {
        "language": language,
        "html_language": languages.HTML[language],
        "languages": [(each, languages.NAMES[each], languages.HTML[each]) for each in LANGUAGES],
        "currency": case.get("currency", ""),
        "case_title": case.get("title", {}).get(language, ""),
        "notice": case.get("notice", {}).get(language, ""),
        "nonce": getattr(request, "nonce", ""),
        "person": request.user if request.user.is_authenticated else None,  # pyright: ignore
        "ways": _ways(request, seen, language) if seen.roles or seen.is_all else [],
        "seen": seen,
        "yes_no": f"{_('yes')},{_('no')}",
    }


def _ways(request: HttpRequest, seen: Sight, language: str) -> list[dict[str, Any]]:
    words = Words(language)
    named = [(f"{step}.see", step, words(f"programme.{_STEP_WORDS.get(step, step)}"))
             for step in STEPS]  # fmt: skip
    named += [
        ("suppliers.see", "suppliers", _("Suppliers")),
        ("documents.see", "documents", _("Data sheets and seminars")),
        ("secretariat.see", "secretariat", _("Secretariat")),
        ("record.see", "record", _("Record")),
        ("runs.see", "runs", _("Runs")),
        ("exchange.download", "exchange", words("exchange.exchange")),
        ("users.change", "users", _("Administration")),
    ]
    here = request.path_info
    ways: list[dict[str, Any]] = []
    for right, name, label in named:
        if rights.has_address(name) and rights.may(seen, right):
            address = reverse(name, kwargs={"language": language})
            ways.append({"address": address, "label": label, "is_here": here.startswith(address)})
    return ways
