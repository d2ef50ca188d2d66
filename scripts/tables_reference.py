"""Write docs/reference/tables.md from the models; with --check, say whether it is up to date."""

import sys
from pathlib import Path

from renvand.partnership.reference import reference_page

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "tables.md"


def main() -> int:
    """Write the page, or compare it."""
    text = reference_page()
    if "--check" in sys.argv[1:]:
        return int(not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != text)
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
