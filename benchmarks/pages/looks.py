"""Walk every page of a case in Chromium and name what looks wrong.

    python -m benchmarks.pages.looks CASE FOLDER [--route NAME …]

Follows links as the secretariat, an example of each kind of address, in three languages, three
widths, light and dark. Pictures go to FOLDER; what a program can see is printed: pages that are
wider than the screen, words that are cut or lie upon each other, English on a Chinese page, what
the console says, and at the narrowest and widest what axe finds, contrast among it.
"""

from __future__ import annotations

import argparse
import re
import sys
import threading
from collections import Counter, deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

LANGUAGES, WIDTHS, SCHEMES = ("da", "en", "zh"), (390, 1024, 1600), ("light", "dark")
EACH = 1  # examples of a kind of address
NO_PAGES = ("logout", "out", "asset", "font", "door")
FILES = re.compile(r"\.(csv|json|xlsx|pdf|docx|pptx|html|svg|zip|ics|xml|png)$|/metadata|template")
PHRASE = re.compile(r"[A-Za-z]{3,}(?: [a-z]{2,}){2,}")  # three words on end are a sentence
LOOK = """() => {
  const found = [], wide = document.documentElement.scrollWidth - innerWidth;
  if (wide > 0) found.push(`wider than the screen by ${wide}`);
  for (const svg of document.querySelectorAll("main svg")) {
    const frame = svg.getBoundingClientRect(), words = [];
    for (const text of svg.querySelectorAll("text")) {
      const box = text.getBoundingClientRect();
      if (!box.width || !text.textContent.trim()) continue;
      const out = Math.max(frame.left - box.left, box.right - frame.right);
      if (out > 2) found.push(`cut: ${text.textContent.trim().slice(0, 40)}`);
      for (const [other, name] of words) {
        const x = Math.min(box.right, other.right) - Math.max(box.left, other.left);
        const y = Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top);
        if (x > 3 && y > 4) found.push(`upon each other: ${name} / ${text.textContent.trim()}`);
      }
      words.push([box, text.textContent.trim()]);
    }
  }
  for (const node of document.querySelectorAll("main *")) {
    const style = getComputedStyle(node);
    if (node.closest("svg") || node.matches("input,select,textarea,option")) continue;
    if (style.overflowX === "hidden" && node.scrollWidth > node.clientWidth + 1)
      found.push(`cut: ${node.textContent.trim().slice(0, 40)}`);
    if (node.tagName === "IMG" && node.complete && !node.naturalWidth)
      found.push(`no picture: ${node.src}`);
  }
  return found;
}"""
LINKS = "all => all.map(a => new URL(a.getAttribute('href'), location).href)"
TEXTS = """() => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const at = node.parentElement;
    if (at.closest("code,script,style,cite,del,ins,option[value],[lang]:not(html)")) continue;
    found.push(node.textContent);
  }
  return found;
}"""


def kind(path: str) -> str:
    """Name the kind of address; '' where it is no page."""
    from django.urls import Resolver404, resolve

    try:
        name = resolve(path).view_name
    except Resolver404:
        return ""
    return "" if name in NO_PAGES or FILES.search(path) else name


def pages(page: Any, base: str, *, routes: list[str]) -> dict[str, str]:
    """Follow links from the overview, and give a few addresses of each kind."""
    waiting, seen, kept = deque(["/en/"]), {"/en/"}, dict[str, str]()
    counts: Counter[str] = Counter()
    while waiting:
        path = waiting.popleft()
        page.goto(base + path)
        if not routes or kind(urlsplit(path).path) in routes:
            kept[path] = kind(urlsplit(path).path)
        for link in page.eval_on_selector_all("a[href]", LINKS):
            parts = urlsplit(link)
            name = kind(parts.path) if link.startswith(base) else ""
            if not name or not parts.path.startswith("/en/") or parts.path in seen:
                continue
            if counts[name] < EACH:
                counts[name] += 1
                seen.add(parts.path)
                waiting.append(parts.path)
    return kept


def english(page: Any) -> Iterator[str]:
    """Give English sentences of a page that is none."""
    for text in page.evaluate(TEXTS):
        found = PHRASE.search(text)
        if found and not re.search(r"[\u4e00-\u9fff]", text):
            yield f"English: {text.strip()[:70]}"


def look(page: Any, base: str, *, path: str, language: str, is_end: bool) -> list[str]:
    """Open a page and give what is wrong with it."""
    from tests.web.browser import barriers

    answer = page.goto(base + path.replace("/en/", f"/{language}/", 1))
    page.wait_for_load_state("networkidle")
    found = [] if answer.status == 200 else [f"status {answer.status}"]
    found += page.evaluate(LOOK)
    if language == "zh":
        found += english(page)
    return found + ([f"axe: {barrier}" for barrier in barriers(page)] if is_end else [])


def walk(browser: Any, base: str, folder: Path, *, routes: list[str]) -> Counter[str]:
    """Look at all pages in all ways; what was found, with how often."""
    from tests.web.people import PASSWORD

    told: Counter[str] = Counter()
    for scheme in SCHEMES:
        context = browser.new_context(color_scheme=scheme, bypass_csp=True)
        page, said = context.new_page(), list[str]()
        page.on("console", lambda message, said=said: said.append(message.text))
        page.on("pageerror", lambda error, said=said: said.append(str(error)))
        page.goto(f"{base}/en/login/")
        page.fill("[name=name]", "office")
        page.fill("[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{base}/en/")
        every = pages(page, base, routes=routes)
        sys.stdout.write(f"{scheme}: {len(every)} addresses of {len(set(every.values()))} kinds\n")
        for path, name in every.items():
            for language in LANGUAGES:
                for width in WIDTHS:
                    page.set_viewport_size({"width": width, "height": 900})
                    is_end = (width == WIDTHS[0]) == (scheme == "dark") and width != WIDTHS[1]
                    found = look(page, base, path=path, language=language, is_end=is_end)
                    found += [f"console: {line}" for line in said]
                    said.clear()
                    told.update(
                        f"{path} {language} {width} {scheme}: {each}" for each in set(found)
                    )
                    place = f"{name.replace(':', '_')}{path.replace('/', '-')}"
                    file = f"{place}{language}-{width}-{scheme}.png"
                    page.screenshot(path=str(folder / file), full_page=True)
        context.close()
    return told


def main() -> int:
    """Walk; 1 when something looks wrong."""
    parser = argparse.ArgumentParser()
    parser.add_argument("case", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--route", action="append", default=[], help="Only this kind of address.")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    from playwright.sync_api import sync_playwright

    from renvand.web.site import listen
    from tests.web import people
    from tests.web.browser import CHROMIUM

    with listen(options.case, port=0) as server:
        people.settle()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            base = f"http://127.0.0.1:{server.server_port}"
            told = walk(browser, base, options.folder, routes=options.route)
            browser.close()
        server.shutdown()
    for line in sorted(told):
        sys.stdout.write(f"{line}\n")
    return int(bool(told))


if __name__ == "__main__":
    sys.exit(main())
