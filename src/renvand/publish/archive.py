"""Office files are zip archives; the same content gives the same bytes."""

from __future__ import annotations

import io
import re
import zipfile

EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest moment a zip archive can hold
_MOMENT = b"1980-01-01T00:00:00Z"


def fixed(office: bytes, *, is_inner: bool = False) -> bytes:
    """Write an Office file again with fixed times and a fixed order of parts.

    Parameters
    ----------
    office : bytes
        A docx, xlsx or pptx.
    is_inner : bool
        It lies inside another one (the data of a chart): its own dates are set, too.
    """
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(office)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        names = old.namelist()
        first = [n for n in names if n == "[Content_Types].xml"]
        for name in [*first, *sorted(set(names) - set(first))]:
            data = old.read(name)
            if name.endswith((".xlsx", ".docx")):
                data = fixed(data, is_inner=True)
            if is_inner and name == "docProps/core.xml":
                data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", _MOMENT, data)
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            new.writestr(entry, data)
    return made.getvalue()
