"""Bring the catalogues of the pages in step with their words, and compile them.

    python scripts/languages.py           gather, merge, compile
    python scripts/languages.py --check   say what is not translated, doubtful or left over

A new word comes in empty; fill it in ``src/renvand/web/locale/*/LC_MESSAGES/django.po``.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import pofile
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo

WEB = Path(__file__).resolve().parents[1] / "src" / "renvand" / "web"
LOCALES = ("da", "zh_Hans")
FIRST = datetime(2026, 1, 1, tzinfo=UTC)  # history is kept by git
KEYWORDS = {"gettext": None, "gettext_lazy": None, "_": None, "gettext_noop": None,
            "ngettext": (1, 2), "ngettext_lazy": (1, 2)}  # fmt: skip


def words() -> Catalog:
    """Gather every word that pages say in English."""
    catalog = Catalog(project="Renvand", charset="utf-8")
    for path in sorted(WEB.rglob("*.py")):
        _gather(catalog, path, "python", path.read_bytes())
    for path in sorted((WEB / "templates").rglob("*.html")):
        _gather(catalog, path, "javascript", _as_code(path))
    return catalog


def _as_code(path: Path) -> bytes:
    from django.utils.translation.template import templatize

    return templatize(path.read_text(encoding="utf-8"), origin=path.name).encode()


def _gather(catalog: Catalog, path: Path, method: str, text: bytes) -> None:
    where = path.relative_to(WEB).as_posix()
    for _line, said, _, _ in extract(method, io.BytesIO(text), keywords=KEYWORDS):
        catalog.add(said, locations=[(where, 0)])


def place(locale: str) -> Path:
    """Say where the catalogue of a language lies."""
    return WEB / "locale" / locale / "LC_MESSAGES" / "django.po"


def kept(locale: str) -> Catalog:
    """Read the catalogue of a language."""
    path = place(locale)
    if not path.is_file():
        return Catalog(locale=locale, domain="django")
    with path.open("rb") as file:
        return pofile.read_po(file, locale=locale, domain="django")


def _is_full(message: Message) -> bool:
    said = message.string
    return bool(said) and (isinstance(said, str) or all(said))


def faults() -> Iterator[str]:
    """Name what is not translated, doubtful, left over, or compiled from other words."""
    wanted = {message.id for message in words() if message.id}
    for locale in LOCALES:
        catalog = kept(locale)
        have = {message.id: message for message in catalog if message.id}
        for said in sorted(wanted - have.keys(), key=str):
            yield f"{locale}: {said!r} is not in the catalogue"
        for said in sorted(have.keys() - wanted, key=str):
            yield f"{locale}: {said!r} is said by no page"
        for said, message in have.items():
            if not _is_full(message):
                yield f"{locale}: {said!r} is not translated"
            if message.fuzzy:
                yield f"{locale}: {said!r} is doubtful"
            yield from (f"{locale}: {said!r}: {error}" for error in message.check(catalog))
        compiled = place(locale).with_suffix(".mo")
        if not compiled.is_file() or compiled.read_bytes() != _compiled(catalog):
            yield f"{locale}: the compiled catalogue is old; run scripts/languages.py"


def _empty(locale: str) -> Catalog:
    """Begin a catalogue that says nothing of the day and machine it was made on."""
    return Catalog(
        locale=locale,
        domain="django",
        project="Renvand",
        version="",
        header_comment=f"# What the pages say: {locale}.",
        msgid_bugs_address="",
        last_translator="",
        language_team="",
        creation_date=FIRST,
        revision_date=FIRST,
        fuzzy=False,
    )


def _compiled(catalog: Catalog) -> bytes:
    held = io.BytesIO()
    write_mo(held, catalog)
    return held.getvalue()


def write() -> None:
    """Merge new words in, drop old ones, compile."""
    wanted = words()
    for locale in LOCALES:
        catalog, fresh = kept(locale), _empty(locale)
        for message in sorted((m for m in wanted if m.id), key=lambda m: str(m.id)):
            old = catalog.get(message.id[0] if isinstance(message.id, tuple) else message.id)
            fresh.add(message.id, old.string if old else None, locations=message.locations)
        path = place(locale)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            pofile.write_po(file, fresh, include_lineno=False, width=100)
        path.with_suffix(".mo").write_bytes(_compiled(kept(locale)))


def main() -> None:
    """Merge, or check."""
    if "--check" not in sys.argv:
        write()
    found = list(faults())
    sys.stdout.write("".join(f"{fault}\n" for fault in found))
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
