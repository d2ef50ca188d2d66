"""Time one case of QSDsan in this process; run by the Python that has it.

``python run_qsdsan.py CASE INFLUENT`` prints JSON as ``run_bsm2_python.py`` does.
"""

import json
import resource
import sys
import time
import warnings

warnings.simplefilter("ignore")


def steady() -> tuple[float, str]:
    """BSM1 under its constant influent for 200 days with its own implicit method."""
    from exposan import bsm1

    bsm1.load()
    system = bsm1.sys
    begun = time.process_time()
    system.simulate(t_span=(0, 200), method="BDF", state_reset_hook="reset_cache")
    seconds = time.process_time() - begun
    effluent = next(s for s in system.streams if "effluent" in s.ID.lower())
    return seconds, f"BDF, S_NH {effluent.iconc['S_NH']:.4f} g/m³ (1.7333)"


def main() -> None:
    """Run the case named on the command line."""
    name = sys.argv[1]
    begun = time.process_time()
    if name == "import":
        import exposan.bsm1
        import qsdsan

        seconds = time.process_time() - begun
        note = f"qsdsan {qsdsan.__version__}"
        del exposan
    else:
        seconds, note = steady()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "scale": 1.0, "memory": memory, "note": note}))


if __name__ == "__main__":
    main()
