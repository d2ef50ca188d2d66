"""How Django is set up for the pages: on this machine, and on a server."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
LOCAL_HOSTS = (
    "localhost",
    "127.0.0.1",
    "[::1]",
)  # other names could be a page that rebinds its own
LANGUAGES = (("da", "Dansk"), ("en", "English"), ("zh-hans", "简体中文"))
SHORTEST_PASSWORD = 12  # characters, NIST SP 800-63B asks for 8 with a second factor, 15 without
SESSION = 12 * 3600  # s, a working day
YEAR = 365 * 86_400  # s
LARGEST_FORM = 5_000_000  # bytes that are no file: a pasted sheet of a thousand rows is 100 kB
MOST_FIELDS = 20_000  # cells of one form

NEEDED: Mapping[str, str] = {
    "RENVAND_CASE": "Name the folder of the case.",
    "RENVAND_SECRET_KEY": "Give 50 random characters, and keep them from everybody.",
    "RENVAND_HOSTS": "Name the hosts people type, with commas.",
    "RENVAND_SETUP_CODE": "Give the code that the first-run page will ask for.",
}  # environment of a server, and what to do where one is missing

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "renvand.web.headers.guard",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "renvand.web.languages.speak",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "renvand.web.rights.door",
]
_VALIDATORS = "django.contrib.auth.password_validation"


def base(case: Path) -> dict[str, Any]:
    """Give what holds everywhere.

    Parameters
    ----------
    case : path
        The folder that is served.
    """
    return {
        "RENVAND_CASE": case,
        "ROOT_URLCONF": "renvand.web.urls",
        "MIDDLEWARE": MIDDLEWARE,
        "TEMPLATES": [
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [HERE / "templates"],
                "OPTIONS": {
                    "builtins": [
                        "renvand.web.tags",
                        "renvand.web.runs.tags",
                        "django.templatetags.i18n",
                    ],
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.messages.context_processors.messages",
                        "renvand.web.context.of_page",
                    ],
                },
            }
        ],
        "LANGUAGES": LANGUAGES,
        "LOCALE_PATHS": [HERE / "locale"],
        "USE_I18N": True,
        "MESSAGE_STORAGE": "django.contrib.messages.storage.session.SessionStorage",
        "AUTH_PASSWORD_VALIDATORS": [
            {"NAME": f"{_VALIDATORS}.UserAttributeSimilarityValidator"},
            {
                "NAME": f"{_VALIDATORS}.MinimumLengthValidator",
                "OPTIONS": {"min_length": SHORTEST_PASSWORD},
            },
            {"NAME": f"{_VALIDATORS}.CommonPasswordValidator"},
            {"NAME": f"{_VALIDATORS}.NumericPasswordValidator"},
        ],
        "PASSWORD_HASHERS": [
            "django.contrib.auth.hashers.ScryptPasswordHasher",
            "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        ],
        "SESSION_COOKIE_AGE": SESSION,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_HTTPONLY": True,
        "CSRF_FAILURE_VIEW": "renvand.web.pages.csrf_failed",
        "DATA_UPLOAD_MAX_MEMORY_SIZE": LARGEST_FORM,
        "FILE_UPLOAD_HANDLERS": ["renvand.web.exchange.safe.Limited"],
        "DATA_UPLOAD_MAX_NUMBER_FIELDS": MOST_FIELDS,
        "SECURE_CONTENT_TYPE_NOSNIFF": True,
        "SECURE_REFERRER_POLICY": "same-origin",
        "X_FRAME_OPTIONS": "DENY",
    }


def local(case: Path, *, kept: Path) -> dict[str, Any]:
    """Give the settings of one machine: nobody else reaches it.

    Parameters
    ----------
    case : path
        The folder that is served.
    kept : path
        Where the secret of the sessions is kept, readable by its owner only.
    """
    return {
        **base(case),
        "DEBUG": False,
        "ALLOWED_HOSTS": list(LOCAL_HOSTS),
        "SECRET_KEY": _own_secret(kept / "secret"),
        "SESSION_COOKIE_SECURE": False,
        "CSRF_COOKIE_SECURE": False,
        "SECURE_SSL_REDIRECT": False,
        "RENVAND_SETUP_CODE": "",
        "RENVAND_PROXIES": 0,
    }


def production(environ: Mapping[str, str]) -> dict[str, Any]:
    """Give the settings of a server behind a proxy that speaks HTTPS.

    Parameters
    ----------
    environ : mapping
        With all of ``NEEDED``: a server never guesses.
    """
    hosts = [host.strip() for host in environ["RENVAND_HOSTS"].split(",")]
    return {
        **base(Path(environ["RENVAND_CASE"])),
        "DEBUG": False,
        "ALLOWED_HOSTS": hosts,
        "CSRF_TRUSTED_ORIGINS": [f"https://{host}" for host in hosts],
        "SECRET_KEY": environ["RENVAND_SECRET_KEY"],
        "RENVAND_SETUP_CODE": environ["RENVAND_SETUP_CODE"],
        "RENVAND_PROXIES": 1,
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": YEAR,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
        "SECURE_HSTS_PRELOAD": True,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
    }


def _own_secret(path: Path) -> str:
    """Keep sessions alive over a restart; made once, for this machine."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.is_file():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text(encoding="utf-8")
