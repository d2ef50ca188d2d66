"""Compile kernel text once per machine and keep it in a file named by its content."""

from __future__ import annotations

import hashlib
import importlib.util
import logging
import os
import re
import sys
import tempfile
from functools import cache
from pathlib import Path
from types import ModuleType

_FUNCTION = re.compile(r"^(?P<inline># inline\n)?def (?P<name>\w+)\(", re.MULTILINE)
logger = logging.getLogger("renvand.process")

COMPILED_HEAD = '''"""Kernels written by renvand; the name of this file is the hash of its text."""
import math
from renvand.process.jit import inline, inner, kernel
'''
PLAIN_HEAD = '''"""The same kernels, uncompiled."""
import math
def kernel(function):
    return function
inline = inner = kernel
'''


@cache
def cache_folder() -> Path:
    """Give the folder for compiled kernels: the user's own cache, or a private temporary one.

    The single place on the lower floors that looks at the machine: what lies there changes only
    how long a first run takes, never a number.
    """
    folder = Path.home() / ".cache" / "renvand" / "kernels"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if os.access(folder, os.W_OK) and _is_own(folder):
            return folder
    except OSError:
        pass
    return Path(tempfile.mkdtemp(prefix="renvand-kernels-"))


def _is_own(folder: Path) -> bool:
    """Whether nobody else could have put code there."""
    status = folder.stat()
    is_mine = not hasattr(os, "getuid") or status.st_uid == os.getuid()
    return is_mine and (os.name == "nt" or not status.st_mode & 0o022)


def marked(text: str, *, doors: frozenset[str] = frozenset()) -> str:
    """Put above every function of a text how it is compiled.

    Parameters
    ----------
    text : str
        Functions; ``# inline`` stands above those that are copied to where they are called.
    doors : frozenset of str
        Functions that Python calls; all when left out.

    Returns
    -------
    str
        With ``@kernel``, ``@inline`` or, for those that only others call, ``@inner``.
    """

    def mark(found: re.Match[str]) -> str:
        is_inner = bool(doors) and found["name"] not in doors
        how = "inline" if found["inline"] else "inner" if is_inner else "kernel"
        return f"@{how}\ndef {found['name']}("

    return _FUNCTION.sub(mark, f"\n{text}")


@cache
def load_kernels(text: str, *, title: str, is_compiled: bool = True) -> ModuleType:
    """Give the functions of a kernel text as a module.

    Parameters
    ----------
    text : str
        Functions, each marked by :func:`marked`.
    title : str
        What is compiled, for the message; 'asm1'.
    is_compiled : bool
        False runs the text as plain Python, for tests and for reading along.

    Returns
    -------
    module
        Compiled when first called with new types. The first time on a machine this takes seconds
        and says so through the logger ``renvand.process``.
    """
    if not is_compiled:
        plain = ModuleType(f"renvand_plain_{title}")
        exec(compile(PLAIN_HEAD + text, f"<kernels of {title}>", "exec"), plain.__dict__)
        return plain
    import numba

    whole = COMPILED_HEAD + text
    digest = hashlib.sha256(f"{numba.__version__}\n{whole}".encode()).hexdigest()[:20]
    folder = cache_folder() / digest
    path = folder / "kernels.py"
    if not path.is_file() or path.read_text(encoding="utf-8") != whole:
        _write(path, whole)
    if not any(folder.glob("**/*.nbi")):
        logger.warning("Compiling %s for this machine: about 15 s, only this once.", title)
    name = f"renvand_kernels_{digest}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _write(path: Path, text: str) -> None:
    """Write so that another process never reads half a file."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=path.parent, suffix=".part", delete=False
    ) as part:
        part.write(text)
    Path(part.name).replace(path)
