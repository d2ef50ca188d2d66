"""The other simulators: each in an environment of its own, each case in a process of its own."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
FOLDER = Path.home() / ".cache" / "renvand" / "peers"
PACKAGES = {
    "bsm2-python": ("bsm2-python==0.0.16",),
    "qsdsan": ("qsdsan", "exposan", "setuptools<81"),  # the newest that this Python gets
}
LONGEST = 1_200  # s that a case may take
# One core: on a busy machine a library's threads wait for each other, and waiting counts as work
ONE_CORE = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


@dataclass(frozen=True, kw_only=True)
class Timed:
    """What a case took."""

    seconds: float  # CPU, of the whole case; scaled where only a part was run
    memory: float  # MB at most
    note: str


def python_of(peer: str) -> Path:
    """Give the Python that has a peer; the first time it is installed, which takes minutes."""
    digest = hashlib.sha256("\n".join(PACKAGES[peer]).encode()).hexdigest()[:8]
    folder = FOLDER / f"{peer}-{digest}"
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not (folder / "complete").is_file():
        print(f"Installing {peer} beside the project …", file=sys.stderr, flush=True)
        uv = (sys.executable, "-m", "uv")
        subprocess.run(
            [*uv, "venv", "-q", "--clear", "--python", sys.executable, folder], check=True
        )
        subprocess.run(
            [*uv, "pip", "install", "-q", "--python", python, *PACKAGES[peer]], check=True
        )
        (folder / "complete").touch()
    return python


def timed(peer: str, case: str, *, influent: Path) -> Timed:
    """Run one case of one peer; one that fails says why."""
    script = HERE / f"run_{peer.replace('-', '_')}.py"
    try:
        done = subprocess.run(
            [python_of(peer), script, case, influent],
            capture_output=True, text=True, check=False, timeout=LONGEST,
            env={**os.environ, **ONE_CORE},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Timed(seconds=float("nan"), memory=float("nan"), note=f"over {LONGEST} s")
    if done.returncode:
        reason = done.stderr.strip().splitlines()[-1] if done.stderr else "no reason given"
        return Timed(seconds=float("nan"), memory=float("nan"), note=f"failed: {reason[:80]}")
    found = json.loads(done.stdout.splitlines()[-1])
    return Timed(
        seconds=found["seconds"] * found["scale"], memory=found["memory"], note=found["note"]
    )
