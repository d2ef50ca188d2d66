"""Golden pictures: a layout that breaks is seen.

After a change that is meant, and after looking at every page in every language, write them anew:
``python -m tests.unit.publish.test_look``.
"""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from renvand.publish import paper
from renvand.publish.compose import compose
from renvand.publish.sheet.qr import qr_svg
from renvand.publish.sheet.render import fitted
from renvand.text import LANGUAGES
from tests.unit.publish.sample import sheet

GOLDEN = Path(__file__).resolve().parents[2] / "reference" / "publish" / "golden"
TOLERANCE = 2.0  # of 255, mean difference of a page at 18 ppi: a moved block gives 4 and more


def pages(language):
    composed = compose(sheet(), language)
    composed["qr"] = qr_svg(sheet().url)
    for picture in paper.png("sheet/sheet.typ", fitted(composed)[0], ppi=72):
        image = Image.open(io.BytesIO(picture)).convert("L")
        yield image.resize((image.width // 4, image.height // 4), Image.Resampling.BOX)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_looks_as_it_was_signed_off(language):
    for number, page in enumerate(pages(language), 1):
        golden = Image.open(GOLDEN / f"{language}-{number}.png")
        assert golden.size == page.size
        difference = np.abs(np.asarray(golden, float) - np.asarray(page, float)).mean()
        assert difference < TOLERANCE, f"page {number} in {language} has changed: {difference:.1f}"


if __name__ == "__main__":
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for spoken in LANGUAGES:
        for place, made in enumerate(pages(spoken), 1):
            made.save(GOLDEN / f"{spoken}-{place}.png", optimize=True)
