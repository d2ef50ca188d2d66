"""Whatever happened to a file, its owner gets words, not a stack trace."""

import contextlib
import random
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from renvand.errors import FileError
from renvand.partnership.exchange import case_workbook
from renvand.partnership.folder import check_case
from renvand.partnership.schema import schemas
from renvand.partnership.workbook import read_workbook

SMALL = Path(__file__).parents[2] / "unit" / "partnership" / "small"
FILES = sorted(path.relative_to(SMALL) for path in SMALL.rglob("*") if path.is_file())
BITS = [
    *(b'"', b",", b"\n", b"\r", b"\0", b"\xff", b"[", b"{", b"=", b".", b"nan", b"1e999", b"'''"),
    *(b"\xef\xbb\xbf", b"9" * 5000, b"[" * 3000, b"a." * 3000, b"\xe4\xb8", b"#", b"<", b"&x;"),
]
anything = settings(deadline=None, suppress_health_check=list(HealthCheck))


def damage(data: bytes, dice: random.Random) -> bytes:
    """Cut out, overwrite or put in a few bytes."""
    found = bytearray(data)
    for _ in range(dice.randint(1, 4)):
        at, kind = dice.randrange(len(found) + 1), dice.random()
        if kind < 0.4:
            found[at:at] = dice.choice(BITS)
        elif kind < 0.7:
            del found[at : at + dice.randint(1, 20)]
        else:
            found[at : at + 1] = bytes([dice.randrange(256)])
    return bytes(found)


def check_damaged(seed: int, place: Path) -> None:
    dice = random.Random(seed)
    case = place / "case"
    shutil.rmtree(case, ignore_errors=True)
    shutil.copytree(SMALL, case)
    for name in dice.sample(FILES, 3):
        (case / name).write_bytes(damage((case / name).read_bytes(), dice))
    for fault in check_case(case):
        assert fault.where
        assert fault.what
        assert fault.do
        str(fault).encode()


def read_damaged(seed: int, workbook: Path) -> None:
    broken = workbook.with_name("broken.xlsx")
    broken.write_bytes(damage(workbook.read_bytes(), random.Random(seed)))
    with contextlib.suppress(FileError):
        read_workbook(broken, schemas(), known={})


@pytest.fixture(scope="module")
def workbook(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("damaged") / "case.xlsx"
    case_workbook(SMALL, path, language="da")
    return path


seeds = st.integers(0, 2**32)


@settings(anything, max_examples=25)
@given(seed=seeds)
def test_a_damaged_folder_is_told_in_words(seed: int, tmp_path_factory):
    check_damaged(seed, tmp_path_factory.mktemp("damaged"))


@settings(anything, max_examples=15)
@given(seed=seeds)
@example(seed=3192)  # a part that asks for a version of zip that does not exist
def test_a_damaged_workbook_is_told_in_words(seed: int, workbook: Path):
    read_damaged(seed, workbook)


@pytest.mark.slow
@settings(anything, max_examples=500)
@given(seed=seeds)
def test_many_damaged_folders_and_workbooks_are_told_in_words(seed: int, workbook: Path):
    check_damaged(seed, workbook.parent)
    read_damaged(seed, workbook)
