"""A TOML page with some values changed: its comments, order and spacing stay."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

_HEADING = re.compile(r"\s*\[([A-Za-z0-9_.-]+)\]\s*(?:#.*)?$")
_ENTRY = re.compile(r"(\s*)([A-Za-z0-9_.-]+)(\s*=\s*)(.*)$", re.DOTALL)


def retouched(text: str, page: Mapping[str, Any]) -> str | None:
    """Change a page as little as it takes to say something else.

    Parameters
    ----------
    text : str
        The page as it stands.
    page : mapping
        What it shall say.

    Returns
    -------
    str or None
        None where it cannot be done line by line; then the page has to be written anew.
    """
    try:
        now = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
    at: tuple[str, ...] = ()
    lines: list[str] = []
    for line in text.splitlines():
        heading, entry = _HEADING.match(line), _ENTRY.match(line)
        if heading:
            at = tuple(heading[1].split("."))
        path = (*at, *entry[2].split(".")) if entry and not heading else ()
        if not path or _at(now, path) == _at(page, path):
            lines.append(line)
        elif entry and (value := _at(page, path)) is not None:
            held = _comment(entry[4], _at(now, path))
            lines.append(f"{entry[1]}{entry[2]}{entry[3]}{_written(value)}{held}")
    made = "\n".join((*_added(now, page), *lines, ""))
    try:
        return made if tomllib.loads(made) == page else None
    except tomllib.TOMLDecodeError:
        return None


def _at(page: Any, path: tuple[str, ...]) -> Any:
    for part in path:
        page = page.get(part) if isinstance(page, Mapping) else None
    return page


def _added(now: Mapping[str, Any], page: Mapping[str, Any]) -> list[str]:
    """Write what the page did not say before: at its top, before any table."""
    return [f"{key} = {_written(value)}" for key, value in page.items() if key not in now]


def _written(value: Any) -> str:
    import tomli_w

    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_written(each)}" for key, each in value.items()) + " }"
    return tomli_w.dumps({"x": value}).removeprefix("x = ").rstrip("\n")


def _comment(rest: str, value: Any) -> str:
    """Give the comment that follows a value on its line."""
    for mark in re.finditer(r"\s*#", rest):
        try:
            if tomllib.loads(f"x = {rest[: mark.start()]}")["x"] == value:
                return rest[mark.start() :]
        except tomllib.TOMLDecodeError:
            continue
    return ""
