"""A case from nothing: a small folder that checks without a fault and says what comes next."""

from __future__ import annotations

import datetime as dt
import re
from importlib import resources
from pathlib import Path
from string import Template

from renvand.errors import Fault, FileError

FILES = ("case.toml", "sources.toml")


def new(folder: Path | str, *, title: str = "", region: str = "") -> tuple[str, ...]:
    """Start a case: settings with their reasons as comments, and an entry for the first list.

    Parameters
    ----------
    folder : path
        Made when it is not there. Its last part, as a slug, becomes the id of the case.
    title, region : str
        Of the case; '' takes the name of the folder, to be changed in ``case.toml``.

    Returns
    -------
    tuple of str
        The files written.

    Raises
    ------
    FileError
        When the folder holds a case already, or its name has no letter or digit of ASCII.
    """
    folder = Path(folder)
    name = folder.resolve().name
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    if not slug:
        what = "gives no id: small letters, digits and hyphens are needed."
        raise FileError(Fault(where=str(folder), what=what, do="Name the folder in Latin letters."))
    taken = [name for name in FILES if (folder / name).exists()]
    if taken:
        what, do = f"holds {' and '.join(taken)} already.", "Name another folder."
        raise FileError(Fault(where=str(folder), what=what, do=do))
    today = dt.date.today()
    said = {"id": slug, "title": _plain(title or name), "region": _plain(region or name)}
    said |= {"year": str(today.year), "today": today.isoformat()}
    (folder / "inbox").mkdir(parents=True, exist_ok=True)
    shelf = resources.files("renvand.partnership") / "blank"
    for file in FILES:
        page = Template((shelf / file).read_text(encoding="utf-8")).substitute(said)
        (folder / file).write_text(page, encoding="utf-8")
    return FILES


def _plain(text: str) -> str:
    """Write a text so that it can stand in the quotation marks of a page."""
    return re.sub(r"[\x00-\x1f\x7f]", " ", text).replace("\\", "\\\\").replace('"', '\\"')
