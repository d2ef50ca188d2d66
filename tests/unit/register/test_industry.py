"""The industry of a site is understood however a list writes it."""

import pytest

from renvand.steps.register.industry import industry


@pytest.mark.parametrize(
    ("written", "sector"),
    [
        ("3360", "surface-treatment"),
        ("棉印染精加工1713", "textile-dyeing"),
        ("1752 化纤织物染整精加工", "textile-dyeing"),
        ("金属表面处理及热处理加工（C3360）", "surface-treatment"),
        ("金属表面处理及热处理加工", "surface-treatment"),
        ("其他2614", "other"),
        ("1713 或 3360", ""),  # two codes are none
        ("水泥", ""),
        ("", ""),
    ],
)
def test_a_code_a_name_or_both(written, sector):
    assert industry(written) == sector
