"""Keep the product of a stage under ``out/``: whole or not at all, and the same bytes each time."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from renvand.errors import Fault
from renvand.programme import fingerprint
from renvand.programme.stage import Product
from renvand.steps.outcome import Outcome
from renvand.trace import Figure, Origin

if TYPE_CHECKING:
    import pandas as pd

TYPED = "typed"  # folder with the same tables as Parquet, for the stages that follow
LEDGER = "ledger.json"
FINDINGS = "findings.json"
EXTRAS = "extras.json"
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def keep(product: Product, folder: Path) -> dict[str, str]:
    """Write a product beside its place, then move it there in one go.

    Parameters
    ----------
    product : Product
        What the stage made.
    folder : Path
        ``out/<stage>``; what stood there before is replaced.

    Returns
    -------
    dict
        Hash of each file by its path within the folder.
    """
    fresh = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    (fresh / TYPED).mkdir(parents=True)
    outcome = product.outcome
    for name, table in outcome.tables.items():
        _write_table(table, fresh, name)
    _write_json([as_json(figure) for figure in outcome.figures], fresh / LEDGER)
    findings = [{"where": f.where, "what": f.what, "do": f.do} for f in outcome.findings]
    _write_json(findings, fresh / FINDINGS)
    _write_json(dict(outcome.extras), fresh / EXTRAS)
    for name, content in product.documents.items():
        (fresh / name).parent.mkdir(parents=True, exist_ok=True)
        (fresh / name).write_bytes(content)
    hashes = fingerprint.of_inputs(fresh, ["**/*"])
    old = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    fresh.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
    return hashes


def recall(folder: Path) -> Outcome:
    """Read back what :func:`keep` wrote, exactly as it was."""
    import pandas as pd

    tables = {p.stem: pd.read_parquet(p) for p in sorted((folder / TYPED).glob("*.parquet"))}
    return Outcome(
        tables=tables,
        figures=tuple(from_json(item) for item in _read_json(folder / LEDGER)),
        findings=tuple(Fault(**item) for item in _read_json(folder / FINDINGS)),
        extras=_read_json(folder / EXTRAS),
    )


def as_json(figure: Figure) -> dict[str, Any]:
    """Write a figure as JSON; an origin becomes an object, another figure its id."""
    made_of = [m if isinstance(m, str) else vars(m) for m in figure.made_of]
    return {**vars(figure), "made_of": made_of}


def from_json(item: dict[str, Any]) -> Figure:
    """Read a figure back."""
    rest = dict(item)
    made_of = tuple(m if isinstance(m, str) else Origin(**m) for m in rest.pop("made_of"))
    return Figure(**rest, made_of=made_of)


def _write_table(table: pd.DataFrame, folder: Path, name: str) -> None:
    table = table.reset_index(drop=True)
    table.attrs = {}
    texts = table.select_dtypes(include=["object", "str"])
    shown = table.assign(**{str(c): texts[c].map(_harmless) for c in texts})
    shown.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n", float_format="%.10g")
    table.to_parquet(folder / TYPED / f"{name}.parquet", index=False)


def _harmless(cell: object) -> object:
    """Keep a spreadsheet from taking a text for a formula; numbers stay as they are."""
    if isinstance(cell, str) and cell[:1] in _FORMULA_SIGNS and not _is_number(cell):
        return f"'{cell}"
    return cell


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _write_json(value: object, path: Path) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def _read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
