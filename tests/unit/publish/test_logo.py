"""A logo stands in the head; an absent one leaves no hole, a wrong one is told."""

import io
from dataclasses import replace

import pytest
from PIL import Image

from renvand.errors import FileError
from renvand.publish.build.logo import logo_of
from renvand.publish.sheet import render_sheet
from tests.unit.publish.sample import sheet


def test_a_case_without_a_logo_has_none(tmp_path):
    assert logo_of(tmp_path) == ""


@pytest.mark.parametrize("form", ["pdf", "html", "docx"])
def test_a_logo_is_set_with_its_words(tmp_path, form):
    Image.new("RGB", (40, 20), "#0b6b86").save(tmp_path / "logo.png")
    model = replace(sheet(), logo=logo_of(tmp_path))
    made = render_sheet(model, "da", format=form)
    assert made != render_sheet(sheet(), "da", format=form)
    if form == "html":
        assert 'alt="Logo for Secretariat' in made.decode()


def test_a_file_that_is_no_picture_is_told(tmp_path):
    (tmp_path / "logo.png").write_text("<svg onload='alert(1)'/>")
    with pytest.raises(FileError) as raised:
        logo_of(tmp_path)
    told = "logo.png: is not a PNG picture. Save it as PNG, or take it away."
    assert str(raised.value) == told


def test_a_huge_logo_is_told(tmp_path):
    made = io.BytesIO()
    Image.effect_noise((600, 600), 90).save(made, "PNG")
    (tmp_path / "logo.png").write_bytes(made.getvalue())
    with pytest.raises(FileError, match=r"Make it smaller than 200 kB"):
        logo_of(tmp_path)
