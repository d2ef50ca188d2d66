"""Nothing leaves its box and nothing is printed over something else, in any language."""

from dataclasses import replace

import pytest

from renvand.publish.model import Label, Technique, walk
from renvand.publish.sheet import render_sheet
from renvand.text import LANGUAGES
from tests.unit.publish.laid_out import outside, overlapping, words
from tests.unit.publish.sample import sheet

MARGIN = 45  # pt, of look.typ


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_stands_inside_the_margins_and_alone(language):
    found = words(render_sheet(sheet(), language, format="pdf"))
    assert len(found) > 300 or language == "zh"
    assert outside(found, margin=MARGIN) == []
    assert overlapping(found) == []


def test_a_sheet_with_half_as_many_words_again_still_keeps_to_its_boxes():
    """The longest language is longer than the ones we have: every text from data grows."""

    def longer(part):
        if isinstance(part, Label):
            return Label(**{k: f"{v} {v[: len(v) // 2]}" for k, v in vars(part).items()})
        if isinstance(part, tuple):
            return tuple(longer(one) for one in part)
        if isinstance(part, Technique) or hasattr(part, "__dataclass_fields__"):
            return replace(part, **{k: longer(v) for k, v in vars(part).items()})
        return part

    model = sheet()
    grown = replace(model, sections=longer(model.sections))
    assert sum(isinstance(p, Label) for p in walk(grown)) > 5
    found = words(render_sheet(grown, "da", format="pdf"))
    assert outside(found, margin=MARGIN) == []
    assert overlapping(found) == []
