"""Where the words of a PDF stand, measured in the file itself."""

import re
import shutil
import subprocess
from html import unescape

import pytest

SMALLEST = 0.25  # of the smaller word: marks and indices touch their word


def words(pdf):
    """Give page, box and text of every word; skip where poppler is missing."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed: nothing here measures a PDF")
    told = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()
    found = []
    for page, part in enumerate(told.split("<page ")[1:], 1):
        size = tuple(float(v) for v in re.findall(r'(?:width|height)="([\d.]+)"', part)[:2])
        boxes = re.findall(
            r'xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>',
            part,
        )
        for *corners, text in boxes:
            x0, y0, x1, y1 = (float(v) for v in corners)
            high = y1 - y0  # of the font, from its tallest to its deepest sign: keep the letters
            found.append((page, size, x0, y0 + 0.32 * high, x1, y1 - 0.27 * high, unescape(text)))
    return found


def outside(found, *, margin):
    """Name the words that stick out of the page's margins, by more than a bracket's blank half."""
    return [
        (page, text)
        for page, (width, height), x0, y0, x1, y1, text in found
        if x0 < margin - 6 or x1 > width - margin + 6 or y0 < 0 or y1 > height
    ]


def overlapping(found):
    """Name the pairs of words that are printed over each other."""
    pairs = []
    for n, (page, _, x0, y0, x1, y1, text) in enumerate(found):
        for other, _, a0, b0, a1, b1, more in found[n + 1 :]:
            if other != page:
                continue
            wide, high = min(x1, a1) - max(x0, a0), min(y1, b1) - max(y0, b0)
            least = min((x1 - x0) * (y1 - y0), (a1 - a0) * (b1 - b0))
            if wide > 0 and high > 0 and wide * high > SMALLEST * least:
                pairs.append((page, text, more))
    return pairs
