"""Which rows speak of the same site."""

from renvand.steps.register.doubts import doubts
from renvand.steps.register.identity import Code
from renvand.steps.register.link import Mention, link
from renvand.steps.register.names import comparable

NONE = Code(text="", is_valid=False)


def mention(name="", *, number="", uscc="", permit="", division="500120", register="list"):
    return Mention(
        place="x",
        register=register,
        number=number,
        uscc=Code(text=uscc, is_valid=True) if uscc else NONE,
        permit=Code(text=permit, is_valid=True) if permit else NONE,
        name=comparable(name),
        division=division,
    )


def asked(rows, *, apart=()):
    return doubts(rows, link(rows), apart={frozenset(pair) for pair in apart})


def test_one_permit_is_one_site_whatever_the_name():
    sites = link([mention("甲电镀厂", permit="P1"), mention("甲表面处理", permit="P1")])
    assert sites == [0, 0]


def test_two_plants_of_one_company_stay_two():
    rows = [
        mention("重庆明亮纺织有限公司一厂", uscc="A", permit="A001P"),
        mention("重庆明亮纺织有限公司二厂", uscc="A", permit="A002P"),
    ]
    assert link(rows) == [0, 1]


def test_a_row_without_permit_joins_the_site_of_its_code_and_name():
    rows = [
        mention("明亮纺织一厂", uscc="A", permit="A001P"),
        mention("明亮纺织二厂", uscc="A", permit="A002P"),
        mention("明亮纺织二厂", uscc="A", register="other"),
    ]
    assert link(rows) == [0, 1, 1]


def test_traditional_characters_and_legal_suffixes_do_not_part_a_name():
    rows = [
        mention("重慶宏達電鍍有限責任公司"),
        mention("重庆市宏达电镀有限公司", register="other"),
        mention("宏达电镀", register="third", division=""),
    ]
    assert link(rows) == [0, 0, 0]


def test_one_name_with_two_registry_codes_is_not_joined_and_not_asked_for():
    rows = [mention("宏达电镀", uscc="A"), mention("宏达电镀", uscc="B")]
    assert link(rows) == [0, 1]
    assert asked(rows) == []


SIMILAR = (
    mention("宏达金属表面处理加工厂"),
    mention("宏达金属表面处理加工", register="other"),
    mention("宏达金属表面处理", register="third"),
)


def test_similar_names_of_one_district_are_left_to_a_person():
    assert link(SIMILAR[:2]) == [0, 1]
    (doubt,) = asked(SIMILAR[:2])
    assert (doubt.first, doubt.second, doubt.reason) == (0, 1, "similar names")


def test_of_three_similar_the_most_similar_two_are_asked_for_first():
    assert [(d.first, d.second) for d in asked(SIMILAR)] == [(0, 1)]


def test_when_two_were_kept_apart_the_next_similar_is_asked_for():
    assert [(d.first, d.second) for d in asked(SIMILAR, apart=[(0, 1)])] == [(1, 2)]


def test_similar_names_of_two_districts_are_two_sites():
    rows = [SIMILAR[0], mention("宏达金属表面处理加工", division="500111")]
    assert asked(rows) == []


def test_two_permits_of_one_company_are_not_asked_for():
    rows = [
        mention("明亮纺织一厂", uscc="A", permit="A001P"),
        mention("明亮纺织二厂", uscc="A", permit="A002P"),
    ]
    assert asked(rows) == []
