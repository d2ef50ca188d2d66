"""Time one case of bsm2-python in this process; run by the Python that has it.

``python run_bsm2_python.py CASE INFLUENT`` prints JSON: CPU seconds of the steps alone, by how much
they are to be multiplied to be the whole case, peak memory, and what proves or disproves them.
"""

import json
import resource
import sys
import time
from typing import Any

import numpy as np

MINUTE, QUARTER = 1 / 1440, 1 / 96  # d
BSM2_DAYS = 609
CASES = {  # class, step [d], days that are run, days of the case
    "bsm1-steady": ("BSM1OL", QUARTER, 200.0, 200.0),
    "bsm1-open": ("BSM1OL", MINUTE, 13.98, 13.98),
    "bsm1-open-15": ("BSM1OL", QUARTER, 13.98, 13.98),
    "bsm1-closed": ("BSM1CL", MINUTE, 13.98, 13.98),
    "bsm2-open": ("BSM2OL", MINUTE, 5.0, BSM2_DAYS),
    "bsm2-open-15": ("BSM2OL", QUARTER, 30.0, BSM2_DAYS),
    "bsm2-closed": ("BSM2CL", MINUTE, 5.0, BSM2_DAYS),
}


def plant_of(name: str, *, kind: str, step: float, days: float, influent: str) -> Any:
    """Build the plant with the influent of the case."""
    import bsm2_python

    if kind == "BSM1CL":
        from bsm2_python.bsm1_cl import BSM1CL as chosen
    else:
        chosen = getattr(bsm2_python, kind)
    rows = np.loadtxt(influent, delimiter=",", skiprows=1)
    data = np.zeros((len(rows), 22))
    data[:, : min(rows.shape[1], 17)] = rows[:, :17]
    if name == "bsm1-steady":
        data = np.repeat(data[:1], 2, axis=0)
        data[:, 0] = (0.0, days + 1.0)
    more = {"use_noise": 0} if kind.endswith("CL") else {}
    return chosen(
        data_in=data, timestep=step, endtime=days, tempmodel=False, activate=False, **more
    )


def main() -> None:
    """Run the case named on the command line."""
    name, influent = sys.argv[1:3]
    if name == "import":
        begun = time.process_time()
        import bsm2_python  # noqa: F401

        seconds, scale, note = time.process_time() - begun, 1.0, ""
    else:
        kind, step, days, whole = CASES[name]
        plant = plant_of(name, kind=kind, step=step, days=days, influent=influent)
        plant.step(0)  # compiles
        begun = time.process_time()
        for i in range(1, len(plant.simtime) - 1):  # it counts more steps than it has times
            plant.step(i)
        seconds, scale = time.process_time() - begun, whole / days
        minutes = round(step / MINUTE)
        note = f"{minutes}-min steps" + (f", {days:g} d scaled" if scale > 1 else "")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "scale": scale, "memory": memory, "note": note}))


if __name__ == "__main__":
    main()
