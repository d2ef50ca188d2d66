"""A page with a value changed keeps its comments."""

import tomllib

import pytest

from renvand.partnership.retouch import retouched

PAGE = """# What we saw, 3 March.
enterprise = "dye-works"
days_a = 300   # without the summer # and spring
note = "a # in a text"  # seen

[product]
en = "knits"  # the buyer's word
da = "strik"
"""
SAID = tomllib.loads(PAGE)


def test_a_changed_value_leaves_all_comments():
    made = retouched(PAGE, {**SAID, "days_a": 310, "note": "another # one"})
    assert made == PAGE.replace("300", "310").replace("a # in a text", "another # one")


def test_a_value_in_a_table_is_changed_there():
    made = retouched(PAGE, {**SAID, "product": {"en": "yarn", "da": "strik"}})
    assert made == PAGE.replace('"knits"', '"yarn"')


def test_what_is_new_comes_in_and_what_is_gone_goes():
    page = {**SAID, "production": 12.5}
    del page["note"]
    made = retouched(PAGE, page)
    assert tomllib.loads(made) == page
    assert "# What we saw, 3 March." in made


@pytest.mark.parametrize("text", ["not toml", 'a = """x\ny"""\n', "[[seminar]]\na = 1\n"])
def test_what_cannot_be_retouched_is_written_anew(text):
    assert retouched(text, {"a": 2}) is None
