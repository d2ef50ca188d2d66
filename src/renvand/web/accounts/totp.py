"""One-time codes from a telephone: RFC 6238 with SHA-1, six digits, thirty seconds."""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import secrets
import struct
from urllib.parse import quote

STEP = 30  # s
DIGITS = 6
SECRET = 20  # bytes, as long as the hash: RFC 4226
DRIFT = 1  # steps that a clock may be off


def new_secret() -> str:
    """Make a secret, written as telephones take it."""
    return base64.b32encode(secrets.token_bytes(SECRET)).decode()


def code(secret: str, step: int) -> str:
    """Give the code of a step of time.

    References
    ----------
    RFC 4226, section 5.3
    """
    mac = hmac.digest(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1)
    at = mac[-1] & 0x0F
    number = struct.unpack(">I", mac[at : at + 4])[0] & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def step_of(secret: str, given: str, *, now: float, after: int) -> int | None:
    """Find the step of time that a code belongs to.

    Parameters
    ----------
    secret : str
        As of :func:`new_secret`.
    given : str
        As typed.
    now : float
        Time. [s since 1970]
    after : int
        The last step that was used: a code is good once.
    """
    typed = given.replace(" ", "")
    middle = int(now // STEP)
    for step in range(middle - DRIFT, middle + DRIFT + 1):
        if step > after and hmac.compare_digest(code(secret, step).encode(), typed.encode()):
            return step
    return None


def address(secret: str, *, account: str, issuer: str) -> str:
    """Give what the QR code says."""
    return (
        f"otpauth://totp/{quote(issuer)}:{quote(account)}"
        f"?secret={secret}&issuer={quote(issuer)}&digits={DIGITS}&period={STEP}"
    )


def picture(text: str) -> str:
    """Draw a QR code as SVG, without style of its own."""
    import segno

    drawing = io.BytesIO()
    segno.make(text, error="m").save(
        drawing, kind="svg", scale=5, border=4, xmldecl=False, svgns=True, nl=False, light="white"
    )
    return drawing.getvalue().decode()
