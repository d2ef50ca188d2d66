"""Whatever is in a file that a command is given: an answer or words, never a stack trace.

Each door is tried with a few dozen spoilt files; ``RENVAND_FUZZ_SECONDS=600`` goes on for ten
minutes a door.
"""

import json
import os
import random
import re
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from renvand.cli.door import enter
from tests.law.partnership.test_damaged_files import damage

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
MODELS = ROOT / "src/renvand/process/models"
PLANTS = ROOT / "src/renvand/plant/plants"
INBOX = ROOT / "examples/chongqing/inbox"
SECONDS = float(os.environ.get("RENVAND_FUZZ_SECONDS", "0"))
FILES = 30
TOO_LONG = 120  # s; a command that has not answered by then hangs
NUMBERS = re.compile(rb"(?<![\w.])-?\d+(?:[._]\d+)*(?:e-?\d+)?(?![\w.])")
NASTY = (
    *(b"0", b"-1", b"nan", b"inf", b"1e308", b"-1e-308", b"1e400", b"", b'""', b'"x"', b"true"),
    *(b"[]", b"{}", "０.５".encode(), b"0,5", b"9" * 400, b"null", b"1_000", b"0x10", b"'1'"),
)
SPLITTER = {
    "id": "splitter",
    "streams": [
        {"id": "in", "from_unit": "supply", "to_unit": "mill"},
        {"id": "a", "from_unit": "mill", "to_unit": "drain"},
        {"id": "b", "from_unit": "mill", "to_unit": "sewer"},
    ],
    "measurements": [
        {"stream": "in", "quantity": "flow", "value": 100, "sd": 2},
        {"stream": "a", "quantity": "flow", "value": 60, "sd": 1},
        {"stream": "b", "quantity": "flow", "value": 43, "sd": 1},
        {"stream": "in", "quantity": "COD", "value": 30, "sd": 2},
    ],
}
NETWORK = {
    "id": "four",
    "unit": "t/h",
    "contaminants": ["A"],
    "fresh": [{"name": "FW", "conc": {"A": 0}}],
    "ops": [
        {"name": "P1", "load": {"A": 2}, "cin": {"A": 0}, "cout": {"A": 100}},
        {"name": "P2", "load": {"A": 5}, "cin": {"A": 50}, "cout": {"A": 100}},
    ],
    "treat": [{"name": "T", "cout": {"A": 5}, "fmax": 40}],
    "sinks": [{"name": "D", "flow": 5, "cmax": {"A": 20}}],
}


def spoilt(data: bytes, dice: random.Random) -> bytes:
    """Spoil bytes, numbers or lines: the slips of people and of programs."""
    kind = dice.random()
    if kind < 0.3:
        return damage(data, dice)
    if kind < 0.7 and (found := list(NUMBERS.finditer(data))):
        for match in sorted(dice.sample(found, min(2, len(found))), key=lambda m: -m.start()):
            data = data[: match.start()] + dice.choice(NASTY) + data[match.end() :]
        return data
    lines = data.split(b"\n")
    at = dice.randrange(len(lines))
    if kind < 0.85:
        del lines[at : at + dice.choice((1, 1, 1, 3, 40))]
    else:
        lines.insert(dice.randrange(len(lines) + 1), lines[at])
    return b"\n".join(lines)


def given(folder: Path, door: str) -> tuple[Path, list[str]]:
    """Lay out sound files for a door; give the one to spoil, and the command."""
    if door in ("drawing", "influent"):
        plant = Path(shutil.copytree(PLANTS / "bsm1", folder / "plant"))
        if door == "drawing":
            return plant / "plant.toml", ["steady", str(plant), "--json"]
        few = "\n".join((plant / "influent.csv").read_text().splitlines()[:40])
        (plant / "influent.csv").write_text(few + "\n")
        return plant / "influent.csv", ["simulate", str(plant), "--days", "0.1", "--json"]
    if door == "page":
        page = folder / "asm1.toml"
        shutil.copy(MODELS / "asm1.toml", page)
        return page, ["model", "check", str(page)]
    if door in ("network", "balance"):
        file = folder / f"{door}.json"
        file.write_text(json.dumps(NETWORK if door == "network" else SPLITTER, indent=1))
        command = ["waternet", "target"] if door == "network" else ["reconcile"]
        return file, [*command, str(file), "--json"]
    shutil.copy(INBOX / door, folder / door)
    return folder / door, ["register", "guess", str(folder / door)]


DOORS = (
    *("drawing", "influent", "page", "network", "balance"),
    *("key-units-2025.xlsx", "monitoring-2025.csv", "outlets-2025.csv", "permits-2025.csv"),
)


@pytest.fixture
def alarm() -> Iterator[None]:
    """End what hangs."""

    def ring(*_: object) -> None:
        raise TimeoutError(f"no answer in {TOO_LONG} s")

    old = signal.signal(signal.SIGALRM, ring)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, old)


@pytest.mark.parametrize("door", DOORS)
def test_a_spoilt_file_gets_an_answer_or_words(door, alarm, tmp_path, capsys):
    file, command = given(tmp_path, door)
    sound, ends = file.read_bytes(), time.monotonic() + SECONDS
    assert enter(command) in (0, 1), capsys.readouterr().err
    seed = 0
    while seed < FILES or time.monotonic() < ends:
        seed += 1
        file.write_bytes(spoilt(sound, random.Random(seed)))
        signal.alarm(TOO_LONG)
        try:
            code = enter(command)
        except BaseException as error:
            raise AssertionError(f"seed {seed} of '{door}'") from error
        assert code in (0, 1, 2)
        assert "Traceback" not in capsys.readouterr().err
