"""Office files are zip archives; the same content gives the same bytes."""

from __future__ import annotations

import io
import zipfile

EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest moment a zip archive can hold


def fixed(office: bytes) -> bytes:
    """Write an Office file again with fixed times and a fixed order of parts."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(office)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        names = old.namelist()
        first = [n for n in names if n == "[Content_Types].xml"]
        for name in [*first, *sorted(set(names) - set(first))]:
            data = old.read(name)
            inner = fixed(data) if name.endswith((".xlsx", ".docx")) else data
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            new.writestr(entry, inner)
    return made.getvalue()
