"""Names of companies brought to one spelling."""

import pytest

from renvand.steps.register.names import comparable


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("重慶宏達電鍍有限責任公司", "重庆市宏达电镀有限公司"),
        ("重庆市璧山区宏达电镀厂", "重庆(璧山)宏达电镀厂"),
        ("重庆市璧山县宏达电镀厂", "重庆市璧山区宏达电镀厂"),  # its name until 2014
        ("重庆市开县宏达电镀厂", "重庆市开州区宏达电镀厂"),
        ("重庆市秀山土家族苗族自治县宏达纸业厂", "重庆（秀山）宏达纸业厂"),
        ("重庆市沙坪坝区宏达厂", "重庆(沙坪坝)宏达厂"),
        ("宁夏回族自治区宏达厂", "宁夏宏达厂"),
        ("重庆\u00a0宏达－电镀 厂", "重庆宏达-电镀厂"),
    ],
)
def test_two_spellings_of_one_name(one, other):
    assert comparable(one) == comparable(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("重庆明亮纺织有限公司一厂", "重庆明亮纺织有限公司二厂"),
        ("重庆市璧山区宏达电镀厂", "重庆市大足区宏达电镀厂"),
        ("忠县食品有限公司", "开县食品有限公司"),
    ],
)
def test_two_names(one, other):
    assert comparable(one) != comparable(other)


@pytest.mark.parametrize("name", ["重庆市", "璧山区", "有限公司", "公司"])
def test_a_name_is_never_stripped_to_nothing(name):
    assert comparable(name)
