"""A large register with many people and workers at once; and the map in a browser.

``python -m benchmarks.web [seconds]``: 60 s unless told; the bar is 600.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks.web.large import ENTERPRISES, OBSERVATIONS, ROOT, make

PORT = 8765
READERS, WRITERS, WORKERS = 20, 5, 3
THINK = 1.0  # s, mean time a person looks at a page before the next
WEB, THREADS = 2, 8  # processes and threads of gunicorn
MEDIAN, P95, MAP = 80, 250, 3000  # ms, the bars
PAGES = ("/en/register/", "/zh/register/?sector=textile-dyeing", "/da/register/?sort=-exceedance",
         "/en/register/?q=company-77", "/en/register/?page={page}")  # fmt: skip
SECRET = "for a benchmark only, of fifty characters or more, nowhere else"


@dataclass
class Seen:
    """What people met."""

    reads: list[float] = field(default_factory=list)
    writes: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@contextmanager
def served(case: Path, folder: Path) -> Iterator[None]:
    """Serve a case as on a server, with its workers."""
    environ = {
        **os.environ,
        "RENVAND_CASE": str(case),
        "RENVAND_SECRET_KEY": SECRET,
        "RENVAND_HOSTS": "localhost",
        "RENVAND_SETUP_CODE": "none",
    }
    gunicorn = [sys.executable, "-m", "gunicorn", "renvand.web.production:application()",
                "--bind", f"127.0.0.1:{PORT}", "--workers", str(WEB), "--threads", str(THREADS),
                "--preload", "--log-level", "warning", "--timeout", "120",
                "--keep-alive", "75"]  # fmt: skip
    work = [sys.executable, "-m", "renvand", "work", str(case)]
    log = (folder / "log").open("w")
    started = [subprocess.Popen(c, env=environ, stdout=log, stderr=log, cwd=ROOT)
               for c in (gunicorn, *[work] * WORKERS)]  # fmt: skip
    try:
        _wait(started[0], folder / "log")
        yield
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(60)
        log.close()


def _wait(server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(1200):
        if server.poll() is not None:
            raise SystemExit(f"the server ended:\n{log.read_text()[-2000:]}")
        try:
            http.client.HTTPConnection("127.0.0.1", PORT, timeout=5).request("GET", "/icon.svg")
            return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("the server did not start")


def sessions(case: Path, count: int) -> list[dict[str, str]]:
    """Log people in: what a cookie and a form need."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    from renvand.partnership.models import Seat

    found: list[dict[str, str]] = []
    for number in range(count):
        user, _ = get_user_model().objects.get_or_create(username=f"person-{number}")
        user.password = "known"  # somebody can log in: the first-run page is gone
        user.save()
        Seat.objects.get_or_create(user=user, role="secretariat")
        client = Client()
        client.force_login(user)
        found.append({"sessionid": client.cookies["sessionid"].value})
    return found


class Person:
    """Somebody with a browser of their own."""

    def __init__(self, cookies: dict[str, str], seen: Seen, end: float) -> None:
        self.cookies, self.seen, self.end = dict(cookies), seen, end
        self.draw = random.Random(cookies["sessionid"])
        self.line = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)

    def ask(self, address: str, form: dict[str, Any] | None = None) -> tuple[int, str]:
        """Ask for a page, or send a form; the time is put down by who calls."""
        headers = {
            "Host": "localhost",
            "X-Forwarded-Proto": "https",
            "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()),
        }
        body = urlencode(form) if form else None
        if form:
            headers |= {"Content-Type": "application/x-www-form-urlencoded",
                        "Referer": "https://localhost/"}  # fmt: skip
        try:
            self.line.request("POST" if form else "GET", address, body, headers)
            answer = self.line.getresponse()
            for cookie in answer.headers.get_all("Set-Cookie") or ():
                name, _, value = cookie.partition(";")[0].partition("=")
                self.cookies[name] = value
            return answer.status, answer.read().decode("utf-8", "replace")
        except OSError as error:
            self.line.close()
            self.seen.faults.append(repr(error))
            return 0, ""

    def timed(self, times: list[float], address: str, form: dict[str, Any] | None = None) -> str:
        """Ask, and put down how long it took."""
        begun = time.perf_counter()
        status, text = self.ask(address, form)
        times.append((time.perf_counter() - begun) * 1e3)
        if status != (200 if form is None else status) or status not in (200, 302):
            self.seen.faults.append(f"{status} at {address}")
        return text

    def read(self) -> None:
        """Look at the register, page by page."""
        while time.monotonic() < self.end:
            page = self.draw.choice(PAGES).format(page=self.draw.randrange(1, 100))
            self.timed(self.seen.reads, page)
            time.sleep(self.draw.expovariate(1 / THINK))

    def write(self) -> None:
        """Type a meter reading, and ask for work now and then."""
        self.ask("/en/runs/")
        while time.monotonic() < self.end:
            token = self._token()
            if self.draw.random() < 0.2:
                days = round(self.draw.uniform(0.5, 2), 3)
                form = {"csrfmiddlewaretoken": token, "plant": "north", "days": days}
                self.timed(self.seen.writes, "/en/runs/start/simulate/", form)
            else:
                form = {"csrfmiddlewaretoken": token, "label": "bench", "days": "30"}
                page = self.timed(self.seen.writes, "/en/account/keys/", form)
                _, _, rest = page.partition('action="/en/account/keys/')
                if rest:
                    key = rest.partition("/")[0]
                    form = {"csrfmiddlewaretoken": token, "key": key}
                    self.timed(self.seen.writes, f"/en/account/keys/{key}/revoke/", form)
            time.sleep(self.draw.expovariate(1 / THINK))

    def _token(self) -> str:
        _, text = self.ask("/en/account/keys/")
        return text.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]


def own_time(cookie: str) -> float:
    """CPU time of a register page [ms]: the best of five of each address, their mean."""
    from django.test import Client

    client = Client(headers={"host": "localhost"})
    client.cookies["sessionid"] = cookie
    best: list[float] = []
    for page in PAGES:
        times: list[float] = []
        for number in range(5):
            begun = time.process_time()
            assert client.get(page.format(page=number + 1)).status_code == 200
            times.append((time.process_time() - begun) * 1e3)
        best.append(min(times))
    return statistics.mean(best)


def load(people: list[dict[str, str]], seconds: float) -> Seen:
    """Let everybody in for a while."""
    seen, end = Seen(), time.monotonic() + seconds
    persons = [Person(cookies, seen, end) for cookies in people]
    doing: list[Callable[[], None]] = [p.write if n < WRITERS else p.read
                                       for n, p in enumerate(persons)]  # fmt: skip
    threads = [threading.Thread(target=each) for each in doing]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seen


def map_idle(cookie: str) -> float:
    """Open the register in a browser; ms until nothing is asked for and all is drawn."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        context = browser.new_context(extra_http_headers={"X-Forwarded-Proto": "https"})
        here = f"http://localhost:{PORT}"
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": here}])
        page = context.new_page()
        best = float("inf")
        for _ in range(3):
            begun = time.perf_counter()
            page.goto(f"{here}/en/register/", wait_until="load")
            page.evaluate("new Promise(d => requestIdleCallback(() => requestAnimationFrame(d)))")
            best = min(best, (time.perf_counter() - begun) * 1e3)
        if f"Map of {ENTERPRISES} companies" not in page.inner_text("figcaption"):
            raise SystemExit(f"no map at {page.url}: {page.inner_text('body')[:200]}")
        browser.close()
    return best


def main() -> int:
    """Measure; 1 when a bar is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("seconds", nargs="?", type=float, default=60.0)
    parser.add_argument("--case", type=Path, help="Keep the large case here, or use it again.")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        case = options.case or Path(folder) / "case"
        if not case.exists():
            make(case)
        database = case / ".renvand" / "record.sqlite3"
        from renvand.partnership.record import load_case
        from renvand.partnership.setup import open_record, setup
        from renvand.web.settings import local

        setup(database=database, **{**local(case, kept=Path(folder)), "SECRET_KEY": SECRET})
        os.environ.pop("DATABASE_URL", None)
        (open_record(database) if database.exists() else load_case(case, database, who="bench"))
        people = sessions(case, READERS + WRITERS)
        cpu = own_time(people[-1]["sessionid"])
        with served(case, Path(folder)):
            warm = load(people, 10)  # caches, kernels
            if warm.faults:
                raise SystemExit("\n".join(sorted(set(warm.faults))))
            idle = map_idle(people[-1]["sessionid"])
            seen = load(people, options.seconds)
        log = (Path(folder) / "log").read_text()
    return report(seen, idle, cpu, seconds=options.seconds, log=log)


def report(seen: Seen, idle: float, cpu: float, *, seconds: float, log: str) -> int:
    """Print what was measured beside the bars."""
    from renvand.partnership.models import Run

    runs = {state: Run.objects.filter(state=state).count() for state in ("done", "failed")}
    median, p95 = statistics.median(seen.reads), statistics.quantiles(seen.reads, n=20)[-1]
    locked = log.count("database is locked")
    print(
        f"{ENTERPRISES} companies, {OBSERVATIONS} observations, {READERS} readers, "
        f"{WRITERS} writers, {WORKERS} workers, {seconds:.0f} s, load {os.getloadavg()[0]:.1f}"
    )
    print(f"{len(seen.reads)} reads, {len(seen.writes)} writes, runs {json.dumps(runs)}")
    rows = [
        ("register page, median [ms]", median, MEDIAN),
        ("register page, p95 [ms]", p95, P95),
        ("'database is locked'", locked, 0),
        ("answers that failed", len(seen.faults), 0),
        ("runs that failed", runs["failed"], 0),
        ("map idle in Chromium [ms]", idle, MAP),
    ]
    for name, value, bar in rows:
        print(f"{name:<32} {value:>8.0f}   bar {bar:>6}   {'met' if value <= bar else 'MISSED'}")
    print(f"{'register page, CPU [ms]':<32} {cpu:>8.0f}")
    print(f"{'a write, median [ms]':<32} {statistics.median(seen.writes):>8.0f}")
    for fault in sorted(set(seen.faults))[:5]:
        print(fault)
    return int(any(value > bar for _, value, bar in rows))


if __name__ == "__main__":
    sys.exit(main())
