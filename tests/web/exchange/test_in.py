"""What is sent in is taken whole or told by cell; what could do harm stays outside."""

import io
import random
import zipfile
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.web.exchange.test_out import content, get
from tests.web.people import body, browser_of, serve, settle

LIST = "企业名称,统一社会信用代码,所属区县,行业代码,经度,纬度\n" + "\n".join(
    f"重庆染整{n}厂,91500000MA5U{n:04d}XX,涪陵区,1752,107.{n},29.{n}" for n in range(10, 40)
)


@pytest.fixture
def case(tmp_path):
    """A case of its own: these tests change it."""
    folder = serve(tmp_path)
    settle()
    return folder


def send(browser, address: str, name: str, data: bytes, **fields: str):
    file = SimpleUploadedFile(name, data)
    return browser.post(f"/en/exchange/{address}/", {"file": file, **fields})


def book_of(case, table: str = "observations") -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content(get("office", f"tables/{table}.xlsx"))))


def as_bytes(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def before_and_after(case: Path) -> dict[str, bytes]:
    return {
        str(p): p.read_bytes()
        for p in sorted(case.rglob("*"))
        if p.is_file() and ".renvand" not in str(p)
    }


def uploads(case: Path) -> list[Path]:
    return [p for p in (case / ".renvand" / "uploads").glob("*") if len(set(p.name)) > 1]


def test_a_template_comes_back_filled_in(case):
    from renvand.partnership.models import Observation

    book = book_of(case)
    sheet = book["observations"]
    flow = [cell.value for cell in sheet[2]].index("flow_m3_d") + 1
    sheet.cell(3, flow, 4321.5)
    office = browser_of("office")
    answer = send(office, "workbook", "filled.xlsx", as_bytes(book))
    assert answer.status_code == 302
    assert "Taken in: observations.csv" in body(office.get(answer.headers["Location"]))
    assert "4321.5" in (case / "observations.csv").read_text()
    changed = Observation.objects.get(flow_m3_d=4321.5)
    assert changed.history.first().history_user.username == "office"
    assert uploads(case) == []


def test_faults_are_told_by_cell_and_marked_in_the_workbook(case):
    was = before_and_after(case)
    book = book_of(case)
    sheet = book["observations"]
    names = [cell.value for cell in sheet[2]]
    sheet.cell(3, names.index("flow_m3_d") + 1, "much")
    sheet.cell(3, names.index("year") + 1, "=1+1")
    office = browser_of("office")
    answer = send(office, "workbook", "filled.xlsx", as_bytes(book))
    assert answer.status_code == 422
    page = body(answer)
    letter = openpyxl.utils.get_column_letter(names.index("flow_m3_d") + 1)
    assert f"observations!{letter}3" in page
    assert "holds a formula" in page
    address = page.partition("/en/exchange/faults/")[2].partition('"')[0]
    marked = openpyxl.load_workbook(
        io.BytesIO(content(office.get(f"/en/exchange/faults/{address}")))
    )
    assert "not a number" in marked["observations"][f"{letter}3"].comment.text
    assert [cell.value for cell in marked["_faults"]["A"]][1:] == [
        f"observations!{openpyxl.utils.get_column_letter(names.index(n) + 1)}3"
        for n in ("year", "flow_m3_d")
    ]
    assert before_and_after(case) == was


def test_there_is_a_form_for_the_review_of_every_sector(case):
    for sector in ("textile-dyeing", "surface-treatment", "metalworking"):
        answer = get("expert", f"template/{sector}.xlsx")
        names = openpyxl.load_workbook(io.BytesIO(content(answer))).sheetnames
        assert {"review", "units", "streams", "meters", "samples"} <= set(names)


def test_a_reviewer_cannot_write_what_the_secretariat_keeps(case):
    was = before_and_after(case)
    book = book_of(case, "budget")
    answer = send(browser_of("expert"), "workbook", "b.xlsx", as_bytes(book))
    assert answer.status_code == 422
    assert "is kept by the secretariat" in body(answer)
    assert before_and_after(case) == was
    assert send(browser_of("office"), "workbook", "b.xlsx", as_bytes(book)).status_code == 302


@pytest.mark.parametrize("name", ["authority", "dyer", "seller", "public"])
def test_who_may_not_send_cannot(case, name):
    for address in ("workbook", "list"):
        assert send(browser_of(name), address, "x.csv", b"a,b\n").status_code == 404


def test_a_messy_list_goes_into_the_inbox_as_a_person_says(case):
    from renvand.partnership.models import Run

    office = browser_of("office")
    answer = send(office, "list", "../重庆 名单.csv", LIST.encode("gb18030"))
    page = body(office.get(answer.headers["Location"]))
    assert "<option selected>企业名称</option>" in page
    assert "gb18030" in page
    said = {"kind": "enterprises", "column.name_zh": "企业名称", "column.uscc": "统一社会信用代码",
            "column.division": "所属区县", "column.sector_code": "行业代码",
            "column.longitude": "经度", "column.latitude": "纬度", "coordinates": "GCJ-02",
            "new_key": "list-2026", "new_title": "重庆名单", "new_year": "2026"}  # fmt: skip
    done = office.post(answer.headers["Location"], said)
    run = Run.objects.latest("pk")
    assert done.headers["Location"] == f"/en/runs/{run.pk}/"
    assert run.arguments == {"only": "register"}
    assert (case / "inbox" / "重庆 名单.csv").read_bytes() == LIST.encode("gb18030")
    mapping = (case / "inbox" / "mapping.toml").read_text("utf-8")
    assert 'source = "list-2026"' in mapping
    assert 'coordinates = "GCJ-02"' in mapping
    assert "重庆名单" in (case / "sources.toml").read_text("utf-8")
    assert uploads(case) == []
    again = send(office, "list", "重庆 名单.csv", LIST.encode("gb18030"))
    refused = office.post(again.headers["Location"], {**said, "new_key": "", "source": "list-2026"})
    assert "is in the inbox already" in body(refused)


def test_a_list_that_would_break_the_folder_leaves_it_as_it_was(case):
    was = before_and_after(case)
    office = browser_of("office")
    answer = send(office, "list", "list.csv", LIST.encode())
    refused = office.post(
        answer.headers["Location"],
        {"kind": "enterprises", "column.name_zh": "企业名称", "source": "no-such-source"},
    )
    assert refused.status_code == 422
    assert "no-such-source" in body(refused)
    assert before_and_after(case) == was


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, data in parts.items():
            pack.writestr(name, data)
    return out.getvalue()


def with_part(case, name: str, data: bytes) -> bytes:
    out = io.BytesIO(as_bytes(book_of(case)))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr(name, data)
    return out.getvalue()


BOMB = b"<x>" + b" " * (40 * 2**20) + b"</x>"
LAUGHS = b'<?xml version="1.0"?>' + b" " * 3000 + b'<!DOCTYPE x [<!ENTITY a "ha">]><x>&a;</x>'


@pytest.mark.parametrize(
    ("name", "make", "said"),
    [
        ("a.xlsx", lambda case: b"", "0.0 MB"),
        ("a.xlsx", lambda case: b"PK\x03\x04 nothing", "is not a workbook"),
        ("a.xlsx", lambda case: packed({"x.txt": b"x"}), "is not a workbook"),
        ("a.xlsx", lambda case: with_part(case, "xl/more.xml", BOMB), "times its size"),
        ("a.xlsx", lambda case: with_part(case, "xl/more.xml", LAUGHS), "declares a document type"),
        ("a.xlsx", lambda case: with_part(case, "xl/vbaProject.bin", b"x"), "holds macros"),
        ("a.xlsx", lambda case: with_part(case, "xl/embeddings/o.bin", b"x"), "holds other files"),
        ("a.xlsx", lambda case: with_part(case, "xl/externalLinks/e.xml", b"x"), "other workbooks"),
        ("a.xlsm", as_bytes, "is of another kind"),
        ("a.exe", lambda case: b"MZ", "is of another kind"),
        (".xlsx", lambda case: b"x", "is of another kind"),
    ],
)  # fmt: skip
def test_a_workbook_that_could_do_harm_stays_outside(case, name, make, said):
    data = make(case) if make is not as_bytes else b"x"
    answer = send(browser_of("office"), "workbook", name, data)
    assert answer.status_code == 422
    assert said in body(answer)
    assert uploads(case) == []


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.csv", b"a,b\n\0\0", "is not text"),
        ("a.csv", b"PK\x03\x04", "is not text"),
        ("a.parquet", b"a,b\n", "is not a Parquet file"),
        ("a.parquet", b"PAR1 nothing in it PAR1", "is not Parquet"),
        ("a.csv", b"\xff\xff\xfe" * 9, "is in no known encoding"),
        ("a.html", b"<html>", "is of another kind"),
    ],
)
def test_a_list_that_is_not_what_it_is_called_stays_outside(case, name, data, said):
    office = browser_of("office")
    answer = send(office, "list", name, data)
    if answer.status_code == 302:
        answer = office.get(answer.headers["Location"])
    assert answer.status_code == 422
    assert said in body(answer)
    assert uploads(case) == []


def test_an_upload_that_is_too_large_is_let_go_of(case, monkeypatch):
    from renvand.web.exchange import safe

    monkeypatch.setattr(safe, "LARGEST", 2**20)
    answer = send(browser_of("office"), "list", "a.csv", b"a,b\n" * 2**19)
    assert answer.status_code in (400, 422)
    assert uploads(case) == []


def mutated(data: bytes, draw: random.Random) -> bytes:
    """Spoil a workbook: bytes of the pack, or text of one of its parts."""
    if draw.random() < 0.4:
        spoilt = bytearray(data)
        for _ in range(draw.randrange(1, 30)):
            spoilt[draw.randrange(len(spoilt))] = draw.randrange(256)
        return bytes(spoilt[: draw.randrange(len(spoilt) // 2, len(spoilt) + 1)])
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    name = draw.choice(sorted(parts))
    text = parts[name]
    at, end = sorted(draw.randrange(len(text) + 1) for _ in range(2))
    odd = [b"", b"<", b"]]>", b"&#0;", b"\xff\xfe", b"1e999", b"NaN", b"-1", b"t=\"e\"",
           b"A" * 70000,
           b"<f>1</f>", text[at:end] * 3, b"99999999999", b"<row r=\"-1\">"]  # fmt: skip
    parts[name] = text[:at] + draw.choice(odd) + text[min(end, at + draw.randrange(200)) :]
    if draw.random() < 0.1:
        del parts[name]
    return packed(parts)


# openpyxl leaves a file that it cannot open to the collector
loose = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@loose
@pytest.mark.parametrize("rounds", [15, pytest.param(1500, marks=pytest.mark.slow)])
def test_spoilt_workbooks_are_told_of_in_words(case, rounds):
    """Whatever is in a workbook, it is taken, or refused with words; never a trace."""
    office, data = browser_of("office"), as_bytes(book_of(case))
    draw = random.Random(rounds)
    statuses = set()
    for _ in range(rounds):
        answer = send(office, "workbook", "spoilt.xlsx", mutated(data, draw))
        assert answer.status_code in (302, 422)
        statuses.add(answer.status_code)
    assert 422 in statuses


@loose
@pytest.mark.parametrize("rounds", [15, pytest.param(800, marks=pytest.mark.slow)])
def test_spoilt_lists_are_told_of_in_words(case, rounds):
    office = browser_of("office")
    draw = random.Random(rounds)
    book = as_bytes(book_of(case, "enterprises"))
    for _ in range(rounds):
        if draw.random() < 0.5:
            name, data = "spoilt.xlsx", mutated(book, draw)
        else:
            spoilt = bytearray(LIST.encode(draw.choice(["utf-8", "gb18030", "utf-16"])))
            for _ in range(draw.randrange(1, 40)):
                spoilt[draw.randrange(len(spoilt))] = draw.choice(b'\n\r",;\t|\x00\xff<=')
            name, data = "spoilt.csv", bytes(spoilt)
        answer = send(office, "list", name, data)
        assert answer.status_code in (302, 422)
        if answer.status_code == 302:
            assert office.get(answer.headers["Location"]).status_code in (200, 422)


PAGE = {"enterprise": "metal-works", "sector": "metalworking", "reviewed_on": "2026-11-02",
        "reviewer": "expert", "days_a": 300, "product_en": "Parts", "product_da": "Dele",
        "product_zh": "零件", "production": 10, "production_unit": "t",
        "has_consent": "false"}  # fmt: skip


def submission(flow: str) -> bytes:
    """A survey as ODK Collect sends it."""
    page = "".join(f"<review_{name}>{value}</review_{name}>" for name, value in PAGE.items())
    meter = {"stream": "s01", "flow_m3_d": flow, "std_m3_d": 2, "basis": "measured",
             "source": "made-up"}  # fmt: skip
    row = "".join(f"<meters_{name}>{value}</meters_{name}>" for name, value in meter.items())
    return f"<data><review>{page}</review><meters>{row}</meters></data>".encode()


def test_submissions_of_tablets_become_a_review(case):
    from renvand.partnership.models import Meter

    survey = get("expert", "template/metalworking-survey.xlsx")
    assert "survey" in openpyxl.load_workbook(io.BytesIO(content(survey))).sheetnames
    expert, was = browser_of("expert"), before_and_after(case)
    answer = send(expert, "workbook", "sent.xml", submission("much"), review="plating-b")
    assert answer.status_code == 422
    assert "meters[1], flow_m3_d" in body(answer)
    assert before_and_after(case) == was
    assert send(expert, "workbook", "sent.xml", submission("1"), review="").status_code == 422
    assert send(expert, "workbook", "sent.xml", submission("1"), review="../x").status_code == 422
    nasty = b'<!DOCTYPE a [<!ENTITY b "c">]>' + submission("1")
    assert send(expert, "workbook", "sent.xml", nasty, review="plating-b").status_code == 422
    assert before_and_after(case) == was
    answer = send(expert, "workbook", "sent.xml", submission("120.5"), review="plating-b")
    assert answer.status_code == 302
    assert Meter.objects.get(review__slug="plating-b").flow_m3_d == 120.5
    assert "plating-b" not in body(browser_of("dyer").get("/en/exchange/tables/review.csv"))
    assert "plating-b" in body(browser_of("plater").get("/en/exchange/tables/review.csv"))
