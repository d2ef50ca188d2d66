"""Where everything of a plant lies in the arrays of the kernels.

State ``y``: eight zeros; the tanks in blocks of eight lanes (row = component, and last the
temperature); the settlers (soluble rows of every layer from the top, then solids of every layer);
of each tank whose level moves its volume, and of a cycle how high its sludge stands and whether it
settles; the meter (what entered less what left, for each row); of a digester what it was sent since
it was last fed, and its contents. A tank whose level moves stands in its lane with what the full
tank would contain, so that every mass is a sum of states. ``ex``: the streams, one after the other:
influent, doses, overflow and sludge of each settler and cycle, the digester, copies of tanks that
pumps draw from, and what tanks hold whose level moves. ``q``: all pipes, what comes from the left
neighbour of each lane and what passes through it (both by volume), overflow and sludge flow of each
settler. ``I`` and ``F``: all other numbers.
"""

from renvand.plant.layout.build import build, flows_of, tank_order
from renvand.plant.layout.plan import (
    PLACES,
    TRIDIAGONAL,
    Flows,
    Plan,
    Record,
    Room,
    Solving,
    Whole,
    Work,
)
from renvand.plant.layout.text import constants_text, transport
from renvand.process.names import LANES

__all__ = [
    "LANES",
    "PLACES",
    "TRIDIAGONAL",
    "Flows",
    "Plan",
    "Record",
    "Room",
    "Solving",
    "Whole",
    "Work",
    "build",
    "constants_text",
    "flows_of",
    "tank_order",
    "transport",
]
