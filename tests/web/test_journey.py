"""One person goes the whole way in a browser; a company beside finds nothing of another."""

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.record import SERVER, blank
from tests.web.made import SECRET, made, small
from tests.web.people import PASSWORD

DRAWN = Path(__file__).parents[2] / "examples" / "chongqing" / "plants" / "kaizhou"
LIST = """序号,企业名称,统一社会信用代码,行业代码,所属区县,经度,纬度
1,重庆蓝河印染有限公司,,1713,500105,106.52,29.61
2,重庆铁山电镀厂,,3360,500106,106.46,29.55
"""
COLUMNS = {"name_zh": "企业名称", "division": "所属区县", "sector_code": "行业代码",
           "longitude": "经度", "latitude": "纬度"}  # fmt: skip
LONGEST = 240  # s, for a run on a busy machine


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """Serve a case as a person does: by the command, with its worker beside."""
    case = small(tmp_path_factory.mktemp("journey") / "case")
    page, text = case / "case.toml", (case / "case.toml").read_text(encoding="utf-8")
    for small_ones, real in (("GB 3838-2002", "gb-3838-2002"), ("willingness", "exceedance")):
        text = text.replace(small_ones, real)
    page.write_text(text, encoding="utf-8")
    for file in ("plant.toml", "influent.csv"):
        shutil.copy(DRAWN / file, case / "plants" / "north" / file)
    made(case)
    if SERVER:
        blank(case)  # its address is in the environment of the command
    command = [sys.executable, "-m", "renvand", "serve", str(case), "--port", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    address = re.search(r"http://127.0.0.1:\d+", server.stdout.readline())[0]
    yield address
    server.terminate()
    server.wait(timeout=30)
    server.stdout.close()


def wait_for_run(page) -> None:
    """Watch a run until it is done, as a person does."""
    end = time.monotonic() + LONGEST
    while time.monotonic() < end:
        state = page.inner_text("#run [role=status] strong")
        if state not in ("waiting", "running"):
            break
        page.wait_for_timeout(300)
    assert state == "done", page.inner_text("#run")


def begin(page, address: str) -> None:
    """First run: the account of the secretariat."""
    page.goto(f"{address}/en/")
    assert page.inner_text("h1") == "Welcome"
    page.fill("[name=name]", "office")
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=again]", PASSWORD)
    page.click("button:text('Make the account')")
    page.wait_for_url(f"{address}/en/")


def send_list(page, address: str) -> None:
    """Upload a list in a Chinese encoding, say what its columns are, wait for the register."""
    page.goto(f"{address}/en/exchange/")
    sent = {"name": "list.csv", "mimeType": "text/csv", "buffer": LIST.encode("gb18030")}
    form = page.locator("form[action$='/list/']")
    form.locator("[name=file]").set_input_files(sent)
    form.locator("button").click()
    for ours, theirs in COLUMNS.items():
        page.select_option(f"[name='column.{ours}']", theirs)
    page.select_option("[name=coordinates]", "GCJ-02")
    for name, value in (("key", "list-2026"), ("title", "List"), ("year", "2026")):
        page.fill(f"[name=new_{name}]", value)
    page.click("form.tall button")
    wait_for_run(page)


def type_a_stream(page, address: str) -> None:
    """Open a review, type a reading, see the balance change before it is kept."""
    page.goto(f"{address}/en/reviews/")
    page.click("main tbody a")
    before = page.inner_text("#balance")
    cell = page.locator("[name=c-0-flow_m3_d]")
    cell.fill("")
    with page.expect_response(lambda answer: answer.url.endswith("/balance/")):
        cell.press_sequentially("1234")
    page.wait_for_function("old => document.querySelector('#balance').innerText != old", arg=before)
    assert "1,234" in page.inner_text("#balance")
    page.click("form.sheet button:text('Save')")
    assert page.inner_text(".message") == "Saved."


def simulate(page, address: str) -> None:
    """Simulate a plant and watch it go."""
    page.goto(f"{address}/en/plants/north/")
    page.fill("[name=days]", "2")
    page.click("button:text('Start')")
    assert page.locator("#run progress").count() == 1
    wait_for_run(page)
    assert "effluent" in page.inner_text("#run")


def release(page, address: str) -> None:
    """Let the Chinese sheet out."""
    page.goto(f"{address}/en/documents/textile-dyeing/zh/")
    page.check("[name=is_read]")
    page.click("button:text('Release')")
    assert "Released" in page.inner_text(".message")


def invite(page, address: str, *, name: str, company: str) -> str:
    """Make an account for a company and give the link."""
    page.goto(f"{address}/en/users/new/")
    page.fill("[name=name]", name)
    page.select_option("[name=role]", "company")
    page.fill("[name=enterprise]", company)
    page.click("main button:text('Save')")
    page.click("button:text('Make a link')")
    return page.inner_text(".message code")


def test_from_the_first_start_to_a_released_sheet(served, chromium):
    asked = []
    page = chromium.new_context().new_page()
    page.on("request", lambda request: asked.append(request.url))
    begin(page, served)
    send_list(page, served)
    page.goto(f"{served}/en/register/")
    assert "蓝河" in page.inner_text("main table")
    type_a_stream(page, served)
    simulate(page, served)
    release(page, served)
    link = invite(page, served, name="plater", company="metal-works")
    page.context.close()

    page = chromium.new_context().new_page()
    page.goto(link)
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=again]", PASSWORD)
    page.click("main button:text('Save')")
    page.wait_for_url(f"{served}/en/")
    for place in ("en/reviews/dye-a/meters/", "en/potential/dye-a/", "en/step/review/streams/",
                  "en/step/review/streams.csv", "en/why/review.dye-a.s1.flow/", "en/users/",
                  "en/secretariat/", "en/log/", "out/sheets/textile-dyeing.en.html"):  # fmt: skip
        answer = page.request.get(f"{served}/{place}")
        assert answer.status == 404, place
    for place in ("en/", "en/reviews/", "en/potential/", "en/register/", "en/figures.json",
                  "en/record/enterprises.csv", "en/runs/"):  # fmt: skip
        answer = page.request.get(f"{served}/{place}")
        assert answer.status == 200, place
        text = answer.text()
        assert str(SECRET) not in text, place
        assert "dye-a" not in text, place
        assert "蓝河" not in text, place
    assert page.request.get(f"{served}/out/sheets/textile-dyeing.zh.html").status == 200
    page.context.close()
    assert not [url for url in asked if not url.startswith(served)]
