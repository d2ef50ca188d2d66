"""Mistakes in process models, and the message each of them gives."""

import tomllib
from importlib import resources

import pytest

from renvand.errors import FileError, RenvandError
from renvand.process.model import load_model
from renvand.process.page import make_page, read_page

PAGE = (resources.files("renvand.process") / "models" / "asm1.toml").read_text(encoding="utf-8")
ROW = "decay_H        .       1-f_P  -1    .     f_P  .    .      .     .      .     ?     ."
ONLY = "Use numbers, names, + - * / ( ), sat and inh."
SIGNS = "Use only + - * / ( ) and words."


def swapped(text, old, new):
    assert old in text, old
    return tomllib.loads(text.replace(old, new, 1))


def with_rate(formula):
    """ASM1 with another rate of decay, as it would come from TOML."""
    from renvand.process.block import split

    page = tomllib.loads(PAGE)
    assert split(page["rates"], head=("process", "rate"))[1] == []
    page["rates"] = page["rates"].replace("decay_H        b_H * X_BH", f"decay_H        {formula}")
    return page


PAGES = [
    (ROW, ROW.replace("?", "0.1"),
     "my.toml: matrix, decay_H: does not conserve N: +0.0248 is left over. "
     "Put '?' in one more cell of that row, or correct a coefficient."),
    (ROW, ROW[:-21] + "?      ?     ?     ?",
     "my.toml: matrix, decay_H: the '?' of S_NH, S_ND, X_ND, S_ALK are not determined by COD, N, "
     "charge. Give one of them as a number."),
    ("mu_H * sat(S_S, K_S)", "mu_H * sat(S_s, K_S)",
     "my.toml: rates, growth_H_aer: 'S_s' is not known. Did you mean 'S_S'?"),
    ("Y_H     0.67 ", "Y_H     1-Y_H",
     "my.toml: parameters: Y_H need each other. Give one of them as a number."),
    ("f_P     0.08    1            1          bsm1_2018",
     "f_P     0.08    1            1          bsm1_2081",
     "my.toml: parameters, f_P: source 'bsm1_2081' is not known. Did you mean 'bsm1_2018'? "
     "Or add [sources.bsm1_2081] to the page."),
    ("decay_A        b_A * X_BA\n", "",
     "my.toml: matrix, decay_A: has no rate. Add it to rates."),
    ("X_P  S_O  S_NO", "X_P  S_O  S_NOx",
     "my.toml: matrix, column 'S_NOx': is not a component. Did you mean 'S_NO'?"),
    ("f_P     0.08    1            1  ", "f_P     0.08    1            1.1",
     "my.toml: matrix, decay_H, X_S: 'f_P' depends on temperature. "
     "A coefficient may not; set its theta to 1."),
    ("g/m3      f_SS *", "g/m3      X_S * f_SS *",
     "my.toml: observables, TSS: is not a linear sum. Use + and * only."),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "message"), PAGES)
def test_a_slip_in_a_page(old, new, message):
    """Each slip names its place, what is wrong and what to do."""
    with pytest.raises(RenvandError) as caught:
        load_model(make_page(swapped(PAGE, old, new), name="my.toml"))
    assert message in str(caught.value).splitlines()


ATTACKS = [
    ("b_H ** X_BH", f"'b_H ** X_BH' is not allowed. {ONLY}"),
    ("9**9**9", f"'9**9**9' is not allowed. {ONLY}"),
    ("9e999", "a number is larger than 1e30. Check its unit."),
    ("X_BH.real", f"'X_BH.real' is not allowed. {ONLY}"),
    ("sat", "'sat' stands without brackets. Write sat(S, K): Monod saturation S/(K+|S|)."),
    ("__import__(X_BH)", "'__import__(…)' is not allowed. Allowed: inh, sat."),
    ("sat.__globals__", f"'sat.__globals__' is not allowed. {ONLY}"),
    ("sat(X_BH)(1)", f"'sat(X_BH)(1)' is not allowed. {ONLY}"),
    ("sat(*X_BH)", "'sat(…)' is not allowed. Write sat(S, K): Monod saturation S/(K+|S|)."),
    ("exec('1')", f"'exec('1')' has the sign '''. {SIGNS}"),
    ("(lambda: 1)()", f"'(lambda: 1)()' has the sign ':'. {SIGNS}"),
    ("[b_H][0]", f"'[b_H][0]' has the sign '['. {SIGNS}"),
    ("b_H if X_BH else 1", f"'b_H if X_BH else 1' is not allowed. {ONLY}"),
    ("True", "'True' is not a number. Write digits."),
    ("1j", "'1j' is not a number. Write digits."),
    ("ｂ_H", f"'ｂ_H' has the sign 'ｂ'. {SIGNS}"),
    ("(" * 100 + "b_H" + ")" * 100, "nests brackets more than 60 deep. Write it flatter."),
    ("-" * 100 + "b_H", "nests more than 60 deep. Write it flatter."),
    ("-" * 1500 + "b_H", "has 1500 operations; 150 are allowed. Split the process."),
    ("b_H*" * 300 + "1", "has 300 operations; 150 are allowed. Split the process."),
    ("b_H + " * 1000 + "b_H", "has 6003 characters; 2000 are allowed. Split the process."),
    ("1if b_H else 2", f"'1if b_H else 2' is not allowed. {ONLY}"),
    ("(b_H := 1)", f"'(b_H := 1)' has the sign ':'. {SIGNS}"),
    ("f'{b_H}'", f"'f'{{b_H}}'' has the sign '''. {SIGNS}"),
    ("b_H @ X_BH", f"'b_H @ X_BH' has the sign '@'. {SIGNS}"),
    ("b_H // 0", f"'b_H // 0' is not allowed. {ONLY}"),
    ("b_H / 0", "'b_H / 0' divides by zero. Correct it."),
    ("not b_H", f"'not b_H' is not allowed. {ONLY}"),
    ("b_H, X_BH", f"'b_H, X_BH' is not allowed. {ONLY}"),
    ("sat(S_S, K_S, K_S)", "'sat(…)' is not allowed. Write sat(S, K): Monod saturation S/(K+|S|)."),
    ("exp(X_BH)", "'exp(…)' is not allowed. Allowed: inh, sat."),
    (
        "_",
        "'_' is not known. Allowed are 38 words, such as COD_N2, COD_NO, K_NH, K_NO, K_OA, K_OH.",
    ),
    (
        "__debug__",
        "'__debug__' is not known. "
        "Allowed are 38 words, such as COD_N2, COD_NO, K_NH, K_NO, K_OA, K_OH.",
    ),
    ("...", "'Ellipsis' is not a number. Write digits."),
    ("9" * 1999, "a number is larger than 1e30. Check its unit."),
    ("b_H +", "'b_H +' is not a formula. Check signs and brackets."),
]


@pytest.mark.parametrize(("formula", "message"), ATTACKS)
def test_no_formula_can_run_code(formula, message):
    """Whatever a page says, it is refused or it is arithmetic."""
    with pytest.raises(FileError) as caught:
        make_page(with_rate(formula), name="my.toml")
    assert str(caught.value) == f"my.toml: rates, decay_H: {message}"


def test_all_faults_of_a_page_come_at_once():
    """Two slips, two messages."""
    page = swapped(PAGE, "b_H * X_BH", "b_X * X_BH")
    page["rates"] = page["rates"].replace("b_A * X_BA", "b_A * X_AB")
    with pytest.raises(FileError) as caught:
        make_page(page, name="my.toml")
    assert [fault.where for fault in caught.value.faults] == [
        "my.toml: rates, decay_H",
        "my.toml: rates, decay_A",
    ]


def test_a_huge_page_is_refused():
    """More rows than any model has are not read further."""
    page = {**tomllib.loads(PAGE), "rates": "process  rate\n" + "a  1\n" * 10_000}
    with pytest.raises(FileError) as caught:
        make_page(page, name="my.toml")
    assert "my.toml: rates: has 10000 rows. Give 1 to 199." in str(caught.value)


UNITS = [
    ("K_S     10      gCOD/m3 ", "K_S     0.01    kgCOD/m3",
     "my.toml: rates, growth_H_aer: puts gCOD/m3 beside kgCOD/m3. "
     "Correct a unit, or the formula."),
    ("mu_A    0.5     1/d ", "mu_A    0.02    1/h ",
     "my.toml: parameters, mu_A, unit: '1/h' has 'h'. Write d."),
    ("K_NH    1.0     gN/m3 ", "K_NH    1.0     mgN/L ",
     "my.toml: parameters, K_NH, unit: 'mgN/L' has 'mgN'. "
     "Write g, kg, mol, kmol of something, m3, d, K, bar."),
    ("b_H * X_BH", "b_H * X_BH * X_BH",
     "my.toml: rates, decay_H: makes X_S in gCOD*gCOD/m3/m3/d, not in gCOD/m3/d. "
     "Correct the unit of a parameter in it."),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "message"), UNITS)
def test_units_that_do_not_fit(old, new, message):
    """A slip of 1000 or of 24 is told before anything is computed."""
    with pytest.raises(FileError) as caught:
        make_page(swapped(PAGE, old, new), name="my.toml")
    assert message in str(caught.value).splitlines()


NUMBERS = [
    ("f_P     0.08 ", "f_P     1/(Y_H-0.67) ",
     "my.toml: parameters, f_P: divides by zero. Check the parameters in it."),
    ("f_P     0.08 ", "f_P     1e30*1e30*1e30*1e30*1e30*1e30*1e30*1e30*1e30*1e30*1e30 ",
     "my.toml: parameters, f_P: is inf. Check its formula."),
    ("-1/Y_H  .      1     .     .    ?  ", "-1/1e-308  .      1     .     .    ?  ",
     "my.toml: matrix, growth_H_aer, S_S: is -1e+308. Check its formula."),
    ("-1/Y_H  .      1     .     .    ?  ", "-1/(Y_H-0.67)  .      1     .     .    ?  ",
     "my.toml: matrix, growth_H_aer, S_S: divides by zero. Check the parameters in it."),
    ("X_BH * X_ND / X_S", "X_BH * X_ND / (X_S - X_S)",
     "my.toml: rates, hydrolyse_N: is 2.51515e+30 where everything is 1. "
     "Look for a division by zero, or a unit."),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "message"), NUMBERS)
def test_formulas_that_are_no_numbers(old, new, message):
    """Division by zero and overflow are told where they stand."""
    with pytest.raises(RenvandError) as caught:
        load_model(make_page(swapped(PAGE, old, new), name="my.toml"))
    assert str(caught.value) == message


FORMS = [
    (lambda p: p.update(title=1, conserves="COD"),
     "my.toml: conserves: 'COD' is not a list. Write [\"COD\", \"N\"]."),
    (lambda p: p.update(temperature="warm"),
     "my.toml: temperature: 'warm' is not a temperature. Give °C, 0 to 70."),
    (lambda p: p.update(temperature=float("nan")),
     "my.toml: temperature: 'nan' is not a temperature. Give °C, 0 to 70."),
    (lambda p: p.update(oxygen="S_O2"),
     "my.toml: oxygen: 'S_O2' is not a component. Did you mean 'S_O'?"),
    (lambda p: p.update(rate=p.pop("rates")),
     "my.toml: 'rate': is not known. Did you mean 'rates'?\nmy.toml: lacks 'rates'. Add it."),
    (lambda p: p.update(rates=["decay"]),
     "my.toml: rates: is not a text block of a page. Write it between three apostrophes."),
    (lambda p: p.update(rates="rate  process\nb_H * X_BH  decay_H"),
     "my.toml: rates: begins with 'rate'. Begin with 'process'."),
    (lambda p: p.update(matrix=p["matrix"].replace("X_P  S_O ", "X_P  X_P ")),
     "my.toml: matrix, column 'X_P': stands twice. Keep one."),
    (lambda p: p.update(components=p["components"].replace("S_ND ", "T    ")),
     "my.toml: components, T: is a column of every influent. Rename it."),
    (lambda p: p.update(parameters=p["parameters"].replace("eta_h ", "lambda")),
     "my.toml: parameters, 'lambda': is not a name. Use letters, digits and _, at most 40."),
    (lambda p: p.update(parameters=p["parameters"].replace("eta_g ", "X_BH  ")),
     "my.toml: components, X_BH: is a parameter too. Rename one."),
    (lambda p: p.update(rates=p["rates"].replace("b_A * X_BA", "b_A * X_BA  twice")),
     "my.toml: rates, decay_A: has 3 cells, the heading has 2. Part the cells by two spaces."),
    (lambda p: p.update(sets={"cold": {"values": {"mu_B": 1}, "source": "bsm1_2018"}}),
     "my.toml: sets.cold, mu_B: is not a parameter. Did you mean 'mu_H'?"),
    (lambda p: p.update(sets={"cold": {"values": {"mu_H": [1]}, "source": "bsm1_2018"}}),
     "my.toml: sets.cold, mu_H: '[1]' has the sign '['. Use only + - * / ( ) and words."),
    (lambda p: p.update(sets={"cold": {"source": "bsm1_2018", "temperatur": 4}}),
     "my.toml: sets.cold, 'temperatur': is not known. Did you mean 'temperature'?"),
    (lambda p: p.update(sets={"cold": {"source": "bsm1_2018", "confidence": "sure"}}),
     "my.toml: sets.cold: 'sure' is not a confidence. Allowed: high, low, medium."),
    (lambda p: p.update(sets=[1]), "my.toml: sets: is not a table. Write [sets.NAME]."),
    (lambda p: p.update(sources={"bsm1_2018": {"title": "mine", "year": 2020}}),
     "my.toml: sources.bsm1_2018: is in the bibliography already. Take it out, or rename it."),
    (lambda p: p.update(sources={"mine": {"title": "mine"}}),
     "my.toml: sources.mine: lacks title or year. Give both."),
    (lambda p: p.update(gases="name  speed  saturation\nS_O  1  0\nS_n2  -1  0"),
     "my.toml: gases, S_O: is what aeration supplies already. Take it out.\n"
     "my.toml: gases, S_n2: is not a component. Did you mean 'S_N2'?"),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "message"), FORMS)
def test_a_page_of_the_wrong_form(spoil, message):
    """Whatever TOML allows, the page says what it wanted instead."""
    page = tomllib.loads(PAGE)
    spoil(page)
    with pytest.raises(FileError) as caught:
        make_page(page, name="my.toml")
    assert message in str(caught.value)


def test_every_fault_of_form_comes_in_one_go():
    """From the first block to the last, without faults that only follow from others."""
    page = tomllib.loads(PAGE)
    page["temperature"] = 400
    page["oxygen"] = "O2"
    page["parameters"] = page["parameters"].replace("eta_g   0.8 ", "eta_g   0,8 ")
    page["matrix"] = page["matrix"].replace("-1/Y_H  .", "-1/Y_X  .", 1)
    page["rates"] = page["rates"].replace("k_a * S_ND", "k_a ** S_ND")
    page["observables"] = page["observables"].replace("S_NH + S_ND", "S_NH4 + S_ND", 1)
    page["sets"]["benchmark"]["values"]["COD_NX"] = 1
    with pytest.raises(FileError) as caught:
        make_page(page, name="my.toml")
    assert [fault.where.removeprefix("my.toml: ") for fault in caught.value.faults] == [
        "parameters, eta_g",
        "oxygen",
        "temperature",
        "matrix, growth_H_aer, S_S",
        "rates, ammonify",
        "observables, TKN",
        "sets.benchmark, COD_NX",
    ]


def test_every_row_that_does_not_conserve_comes_in_one_go():
    """Three rows, three messages."""
    page = tomllib.loads(PAGE)
    page["matrix"] = page["matrix"].replace(
        "f_P  .    .      .     .      .     ?", "f_P  .    .      .     .      .     ."
    )
    page["matrix"] = page["matrix"].replace("hydrolyse      1 ", "hydrolyse      2 ")
    with pytest.raises(RenvandError) as caught:
        load_model(make_page(page, name="my.toml"))
    assert [fault.where.removeprefix("my.toml: matrix, ") for fault in caught.value.faults] == [
        "decay_H",
        "decay_A",
        "hydrolyse",
    ]


@pytest.mark.parametrize("name", ["x\nimport os\n#", "a\rb", "a\u2028b", "a" * 99, '"', ""])
def test_the_name_of_a_file_is_no_code_either(name):
    """It stands in comments of generated text: it may not end one."""
    with pytest.raises(FileError, match=r"is not a name\. Name the file with letters and digits"):
        make_page(tomllib.loads(PAGE), name=f"{name}.toml")


def test_a_page_that_is_not_there_or_not_toml(tmp_path):
    """The file is named, and the line."""
    with pytest.raises(FileError, match=r"gone\.toml: is not there\."):
        read_page(tmp_path / "gone.toml")
    broken = tmp_path / "broken.toml"
    broken.write_text("title = 1 2\n", encoding="utf-8")
    with pytest.raises(FileError, match=r"broken\.toml: is not TOML: .*line 1"):
        read_page(broken)


def test_a_mistyped_name_suggests_a_page():
    """The name of a shipped page, mistyped."""
    with pytest.raises(FileError) as caught:
        read_page("asm2")
    assert str(caught.value) == (
        "model 'asm2': is not a page that comes with renvand. Did you mean 'asm2d'?"
    )
