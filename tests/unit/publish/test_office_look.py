"""Golden pictures of Word documents and slides, as LibreOffice shows them with our fonts.

After a change that is meant, and after looking at every page in every language, write them anew:
``python -m tests.unit.publish.test_office_look``.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from renvand.publish import paper
from renvand.publish.seminar.deck import deck
from renvand.publish.sheet import render_sheet
from renvand.text import LANGUAGES
from tests.unit.publish.laid_out import outside, overlapping, words
from tests.unit.publish.sample import sheet
from tests.unit.publish.seminar_sample import ON, event

GOLDEN = Path(__file__).resolve().parents[2] / "reference" / "publish" / "golden"
FONTS = Path(paper.__file__).parent / "assets" / "fonts"
TOLERANCE = 4.0  # of 255, mean of a page at 12 ppi: other versions of LibreOffice move lines a bit
PPI = 48
STICKING = {}  # words that leave their place, by file
NAMES = [f"{kind}-{language}" for kind in ("sheet", "slides") for language in LANGUAGES]


def files():
    for language in LANGUAGES:
        yield f"sheet-{language}.docx", render_sheet(sheet(), language, format="docx")
        yield f"slides-{language}.pptx", deck(sheet(), event(), language=language, on=ON)


def shown(folder):
    """Let LibreOffice show the files; give the pages of each as small grey pictures."""
    (folder / "fonts.conf").write_text(
        f'<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>{FONTS}</dir><cachedir>{folder}</cachedir></fontconfig>"
    )
    names = []
    for name, data in files():
        (folder / name).write_bytes(data)
        names.append(name)
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless",
         "--convert-to", "pdf", "--outdir", str(folder), *(str(folder / n) for n in names)],
        env=os.environ | {"FONTCONFIG_FILE": str(folder / "fonts.conf")},
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    pages = {}
    for name in NAMES:
        found = words((folder / f"{name}.pdf").read_bytes())
        STICKING[name] = outside(found, margin=18), overlapping(found)
        subprocess.run(
            ["pdftoppm", "-gray", "-png", "-r", str(PPI), folder / f"{name}.pdf", folder / name],
            check=True,
        )
        pages[name] = [small(Image.open(p)) for p in sorted(folder.glob(f"{name}-*.png"))]
    return pages


def small(image):
    size = (image.width // 4, image.height // 4)
    return image.convert("L").resize(size, Image.Resampling.BOX)


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    for program in ("soffice", "pdftoppm"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed: nothing here shows Office files")
    return shown(tmp_path_factory.mktemp("office"))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_no_word_leaves_its_box_or_covers_another(pages, name):
    assert len(pages[name]) > 3
    assert STICKING[name] == ([], [])


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_every_page_and_slide_looks_as_it_was_signed_off(pages, name):
    kept = sorted(GOLDEN.glob(f"{name}-*.png"))
    assert len(pages[name]) == len(kept)
    for number, (page, path) in enumerate(zip(pages[name], kept, strict=True), 1):
        golden = Image.open(path)
        assert golden.size == page.size
        difference = np.abs(np.asarray(golden, float) - np.asarray(page, float)).mean()
        assert difference < TOLERANCE, f"{name}, page {number} has changed: {difference:.1f}"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        for name, images in shown(Path(scratch)).items():
            for old in GOLDEN.glob(f"{name}-*.png"):
                old.unlink()
            for number, image in enumerate(images, 1):
                image.save(GOLDEN / f"{name}-{number:02}.png", optimize=True)
