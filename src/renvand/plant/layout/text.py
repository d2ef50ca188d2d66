"""The text of kernels that depends on how many rows a model has."""

from __future__ import annotations

from renvand.plant.layout.plan import PLACES
from renvand.process.generate import Transport, kernel_numbers
from renvand.process.model import Model
from renvand.process.names import LANES, PLACE


def constants_text(model: Model) -> str:
    """Write the constants that the kernels of a model's plants share."""
    heated = len(kernel_numbers(model).h)
    rows = len(model.components) + 1
    constants = {
        "N_ROWS": rows,
        "N_SOLUBLE": 1 + sum(not c.is_particulate for c in model.page.components),
        "N_HEATED": heated,
        "OXYGEN": model.components.index(model.page.oxygen) if model.page.oxygen else -1,
        "N_GASES": len(model.page.gases),
        "SOLIDS": 0,
        "TEMPERATURE": rows,
        "WARM": rows + 1,
        "LOG_THETA": rows + 1 + heated,
        **{name: i for i, name in enumerate(PLACES)},
        "SOLUBLES": len(PLACES),
        "GAS_ROWS": len(PLACES) + 1 + sum(not c.is_particulate for c in model.page.components),
    }
    text = "".join(f"{name} = {value}\n" for name, value in constants.items())
    return f"{text}\n\n{_moves_text(model)}"


def _moves_text(model: Model) -> str:
    """Write how rows move between tanks (a lane apart) and streams, one assignment each.

    As loops these become gather and scatter instructions, which cost ten times as much.
    """
    rows = range(len(model.components) + 1)
    sinks = [*(c.is_particulate for c in model.page.components), False]
    layer = {r: j for j, r in enumerate(r for r in rows if not sinks[r])}
    tap = [f"ex[place + {r}] = y[source + {LANES * r}]" for r in rows]
    pour = [f"dy[target + {LANES * r}] += feed[{r}]" for r in rows]
    arrive = [f"dy[s + {j}] = rate * (feed[{r}] - y[s + {j}])" for r, j in layer.items()]
    back = [f"b[s + {j}] = share * (b[s + {j}] + weight * feed[{r}])" for r, j in layer.items()]
    metered = [
        f"b[m + {r}] -= top * b[s + {j}] + bottom * b[source + {j}]" for r, j in layer.items()
    ]
    leave = [
        f"ex[place + {r}] = " + (f"share * feed[{r}]" if sinks[r] else f"y[s + {layer[r]}]")
        for r in rows
    ]
    weighed = " + ".join(f"F[SOLIDS + {r}] * feed[{r}]" for r in rows if sinks[r])
    bodies = {
        "solids_of(feed, F)": [f"return {weighed or '0.0'}"],
        "tap(ex, y, place, source)": tap,
        "pour(dy, feed, target)": pour,
        "arrive(dy, y, feed, s, rate)": arrive,
        "arrive_back(b, feed, s, weight)": ["share = 1.0 / (1.0 + weight)", *back],
        "part_meter(b, m, s, source, top, bottom)": metered,
        "leave(ex, y, feed, place, s, share)": leave,
    }
    parts: list[str] = []
    for signature, lines in bodies.items():
        names = signature.partition("(")[2].rstrip(")").split(", ")
        places = [n for n in names if n in ("place", "source", "target", "s", "m")]
        lines = [*(f"{n} &= {PLACE}" for n in places), *lines]
        body = "".join(f"    {line}\n" for line in lines)
        parts.append(f"# inline\ndef {signature}:\n{body}")
    return "\n\n".join(parts)


def transport(model: Model) -> Transport:
    """Say what flow and aeration do to eight tanks at once.

    Each takes from its left neighbour and loses what passes through.
    """
    rows: list[str] = []
    for r, name in enumerate((*model.components, "T")):
        row = f"given * y[left + {LANES * r} + k] - lost * y[o + {LANES * r} + k]"
        if name == model.page.oxygen:
            row += f" + kla[tank + k] * (sat[tank + k] - y[o + {LANES * r} + k])"
        for g, gas in enumerate(model.page.gases):
            if name == gas.name:
                gap = f"(gas[{2 * g + 1}] - y[o + {LANES * r} + k])"
                row += f" + kla[tank + k] * gas[{2 * g}] * {gap}"
        rows.append(row)
    places = ("left", "come", "leave_at", "tank")
    return Transport(
        arguments=("q", "kla", "sat", "gas", *places),
        lines=("given = q[come + k]", "lost = q[leave_at + k]"),
        rows=tuple(rows),
    )
