"""The sheet model as JSON and back, the same model after the way."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from renvand.errors import Fault, FileError, near
from renvand.publish import model as parts
from renvand.publish.model import VERSION, SheetModel

_KINDS = {
    name: part
    for name, part in vars(parts).items()
    if is_dataclass(part) and isinstance(part, type)
}


def to_json(model: SheetModel) -> str:
    """Write a sheet as JSON: sorted keys, every part tagged with what it ``is``."""
    return json.dumps(_plain(model), ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def from_json(text: str) -> SheetModel:
    """Read a sheet from JSON.

    Raises
    ------
    FileError
        When it is not JSON, of another version, or holds an unknown part.
    """
    try:
        page = json.loads(text)
    except json.JSONDecodeError as error:
        raise _fault(f"is not JSON: {error}.", "Write it with renvand.") from error
    version = page.get("version") if isinstance(page, dict) else None
    if version != VERSION:
        raise _fault(f"has version {version}; this is version {VERSION}.", "Run the case again.")
    model = _typed(page)
    if not isinstance(model, SheetModel):
        raise _fault("holds no sheet.", "Give the JSON of a whole sheet.")
    return model


def _fault(what: str, do: str) -> FileError:
    return FileError(Fault(where="sheet.json", what=what, do=do))


def _plain(part: Any) -> Any:
    if is_dataclass(part) and not isinstance(part, type):
        body = {f.name: _plain(getattr(part, f.name)) for f in fields(part)}
        return {"is": type(part).__name__} | body
    if isinstance(part, Mapping):
        return {"is": "values"} | {k: _plain(v) for k, v in part.items()}
    if isinstance(part, tuple | list):
        return [_plain(child) for child in part]
    return part.isoformat() if isinstance(part, dt.date) else part


def _typed(part: Any) -> Any:
    if isinstance(part, list):
        return tuple(_typed(child) for child in part)
    if not isinstance(part, dict):
        return part
    body = {name: _typed(child) for name, child in part.items() if name != "is"}
    kind = part.get("is", "")
    if kind == "values":
        return body
    if kind not in _KINDS:
        raise _fault(f"'{kind}' is no part of a sheet.", near(str(kind), _KINDS))
    known = {f.name for f in fields(_KINDS[kind])}
    for name in body.keys() - known:
        raise _fault(f"{kind} has no '{name}'.", near(name, known))
    for name in body.keys() & {"issued_on", "on"}:
        body[name] = dt.date.fromisoformat(body[name])
    try:
        return _KINDS[kind](**body)
    except TypeError as error:
        raise _fault(f"{kind} is not whole: {error}.", "Run the case again.") from error
