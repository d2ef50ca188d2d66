"""Does this mistake in a table give this message?"""

from pathlib import Path

import pytest

from renvand.errors import FileError, OurFault
from renvand.knowledge import read_table, schema_of, sources
from renvand.knowledge.read import LARGEST_LINE

HERE = Path(__file__).parent
CASES = sorted(path.stem for path in HERE.glob("*.csv"))


def says(path):
    with pytest.raises(FileError) as caught:
        read_table(
            path,
            schema_of(HERE / "limits.toml"),
            name="limits.csv",
            known={"sources": sources()},
        )
    return "".join(f"{fault}\n" for fault in caught.value.faults)


@pytest.mark.parametrize("case", CASES)
def test_the_message_is_exact(case):
    assert says(HERE / f"{case}.csv") == (HERE / f"{case}.txt").read_text(encoding="utf-8")


def test_a_line_without_end_is_refused(tmp_path):
    """A missing line break must not fill the memory with one cell."""
    path = tmp_path / "long.csv"
    path.write_text("id,limit_mg_l,source\na," + "1" * LARGEST_LINE + ",x\n", encoding="utf-8")
    assert says(path) == (
        "limits.csv, line 2: has more than 1048576 characters. Check for a missing line break.\n"
    )


def test_a_missing_file_says_so(tmp_path):
    assert says(tmp_path / "limits.csv") == (
        "limits.csv: is not there. Add the file, or check its name.\n"
    )


def test_a_wrong_sidecar_is_our_fault(tmp_path):
    path = tmp_path / "odd.toml"
    path.write_text('key = ["id"]\n[columns.id]\nlike = "idd"\n', encoding="utf-8")
    with pytest.raises(OurFault, match=r"odd.toml: columns.toml has no 'idd'"):
        schema_of(path)
