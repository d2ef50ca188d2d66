"""The programme of a partnership: its stages in order, run on a folder, every result kept."""

from renvand.programme.run import Progress, run
from renvand.programme.why import Link, why

__all__ = ["Link", "Progress", "run", "why"]
