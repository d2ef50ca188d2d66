"""A process model as Markdown, LaTeX and Excel."""

import re
import shutil
import subprocess

import pytest
from openpyxl import load_workbook

from renvand.process.export import as_data, markdown, tables, workbook
from renvand.process.expression import parse
from renvand.process.model import load_model
from renvand.process.page import page_names
from renvand.process.tex import escaped, latex, math

FRAME = r"""\documentclass[a4paper,landscape]{article}
\usepackage[utf8]{inputenc}\usepackage[T1]{fontenc}
\usepackage{amsmath,booktabs,graphicx,longtable}
\begin{document}
%s
\end{document}
"""


def test_markdown_carries_matrix_rates_and_sources():
    """The closed matrix, the rates as on the page, whom to cite, and how sure the numbers are."""
    text = markdown(load_model("asm1", set_name="typical-10C"))
    assert "| growth\\_A |" in text
    assert "| decay\\_H | `b_H * X_BH` |" in text
    assert "Confidence: low." in text
    assert "| henze1987 | Henze M., Grady" in text


def test_excel_has_numbers_as_numbers(tmp_path):
    """One sheet a table; a text that begins with '=' stays a text."""
    model = load_model("asm1")
    workbook(model, tmp_path / "asm1.xlsx")
    book = load_workbook(tmp_path / "asm1.xlsx")
    assert book.sheetnames == ["About", *(table.title for table in tables(model))]
    sheet = book["Matrix, closed"]
    assert sheet["A2"].value == "growth_H_aer"
    assert sheet["C2"].value == pytest.approx(-1 / 0.67)
    assert sheet.max_row == 1 + len(model.page.processes)
    assert {cell.data_type for row in book["Rates"].iter_rows() for cell in row} == {"s"}


def test_json_has_every_table():
    """By column."""
    data = as_data(load_model("asm1-n2o"))
    assert data["tables"]["Gases"][1] == {
        "name": "S_N2O", "speed": "v_N2O", "saturation": "0", "meaning": "nitrous oxide",
    }  # fmt: skip
    assert len(data["tables"]["Rates"]) == 15


def test_symbols_and_rates_become_mathematics():
    """Indices, Greek letters, fractions; the rest is escaped."""
    from renvand.process.tex import _term

    assert math("mu_AOB") == r"$\mu_{\mathrm{AOB}}$"
    assert math("K_pH_aa") == r"$K_{\mathrm{pH,aa}}$"
    assert escaped("50 % of a_b & {c}") == r"50 \% of a\_b \& \{c\}"
    names = ("S", "K", "X")
    assert _term(parse("sat(S, K) * X", symbols=names)) == r"\frac{S}{K + S} \, X"
    assert _term(parse("inh(S, K * X)", symbols=names)) == r"\frac{K \, X}{K \, X + S}"
    assert _term(parse("X * S / K", symbols=names)) == r"X \, \frac{S}{K}"
    assert _term(parse("(S - K) * X", symbols=names)) == r"\left(S - K\right) \, X"


@pytest.mark.parametrize("name", page_names())
def test_latex_is_balanced(name):
    """Every bracket, dollar and environment that opens closes, and every row has its cells."""
    text = latex(load_model(name))
    bare = re.sub(r"\\[\\{}$&%#_]", "", text)
    assert bare.count("{") == bare.count("}")
    assert bare.count("$") % 2 == 0
    assert bare.count(r"\left(") == bare.count(r"\right)")
    opened = re.findall(r"\\begin\{(\w+)\}", text)
    assert sorted(opened) == sorted(re.findall(r"\\end\{(\w+)\}", text))
    for block in re.findall(r"\\midrule\n(?:\\endhead\n)?(.*?)\\bottomrule", text, flags=re.S):
        cells = {row.replace(r"\&", "").count("&") for row in block.splitlines() if " & " in row}
        assert len(cells) == 1


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no LaTeX on this machine")
@pytest.mark.parametrize("name", page_names())
def test_latex_compiles(name, tmp_path):
    """With the packages it names."""
    (tmp_path / "page.tex").write_text(FRAME % latex(load_model(name)), encoding="utf-8")
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "page.tex"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:]
