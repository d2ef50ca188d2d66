"""The QR code that leads from paper to the web page of a sheet."""

from __future__ import annotations

import io


def qr_svg(url: str) -> str:
    """Draw a QR code as SVG with the quiet zone its standard asks for (ISO/IEC 18004)."""
    import segno

    drawn = io.BytesIO()
    segno.make(url, error="m", micro=False).save(
        drawn, kind="svg", dark="#12303b", border=4, svgclass=None, lineclass=None
    )
    return drawn.getvalue().decode("utf-8")
