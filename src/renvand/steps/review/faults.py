"""What keeps a review from being balanced: all of it at once, each with its remedy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from renvand.errors import Fault, FileError
from renvand.knowledge import SHIPPED, Knowledge
from renvand.reconcile import checked_network
from renvand.steps.case import ReviewData
from renvand.steps.review.network import Row, rows_of, tables_of

# What a sector's limits and levels are counted on; pieces fit none of them.
COUNTED_IN = {"textile-dyeing": "t", "surface-treatment": "m2"}
OF_UNITS = ("demands", "chemicals", "energy", "rinses", "dyeings", "fluids")


def check(review_id: str, data: ReviewData, *, knowledge: Knowledge = SHIPPED) -> list[Fault]:
    """Find what keeps a review from being balanced.

    Parameters
    ----------
    review_id : str
        Folder under ``reviews/``.
    data : ReviewData
        Read and checked row by row.
    knowledge : Knowledge
        The tables of the case, where it has own ones.

    Returns
    -------
    list of Fault
        All at once; empty when nothing is wrong.
    """
    where = f"reviews/{review_id}"
    faults = [
        *_page_faults(where, data),
        *_water_faults(where, data),
        *_sample_faults(where, data),
        *_reading_faults(where, data),
        *_unit_faults(where, data),
    ]
    try:
        streams, measurements, units = tables_of(data, knowledge)
        checked_network(streams, measurements, units=units)
        found: Sequence[Fault] = ()
    except FileError as error:
        found = error.faults
    return faults + [Fault(where=f"{where}, {f.where}", what=f.what, do=f.do) for f in found]


def _page_faults(where: str, data: ReviewData) -> Iterator[Fault]:
    at = f"{where}/review.toml"
    if not float(data.settings.get("production", 0)) > 0:
        do = "Give the product of an operating day."
        yield Fault(where=at, what="production is not above zero.", do=do)
    wanted = COUNTED_IN.get(str(data.settings.get("sector")))
    if wanted and data.settings.get("production_unit") == "1000pcs":
        what = f"production is in pieces; limits and levels of the sector count on {wanted}."
        yield Fault(where=at, what=what, do=f"Weigh or measure it, and give {wanted}.")


def _water_faults(where: str, data: ReviewData) -> Iterator[Fault]:
    if not any(r["from_unit"] == "supply" for r in rows_of(data, "streams")):
        do = "Add the stream that brings water to the site."
        yield Fault(where=f"{where}/streams.csv", what="no stream comes from supply.", do=do)
    if not rows_of(data, "meters"):
        do = "Measure or estimate at least what comes in."
        yield Fault(where=f"{where}/meters.csv", what="holds no flow.", do=do)
    for file, column in (("meters", "std_m3_d"), ("samples", "std_mg_l")):
        for r in rows_of(data, file):
            if not float(r[column]) > 0:
                what = f"{column} is {float(r[column]):g}."
                do = "Say how far the value may be off; nothing is measured exactly."
                yield Fault(where=f"{where}/{file}.csv, {r['stream']}", what=what, do=do)


def _sample_faults(where: str, data: ReviewData) -> Iterator[Fault]:
    samples = rows_of(data, "samples")
    for r in samples:
        if not r.get("sampled_on"):
            at = f"{where}/samples.csv, {r['stream']}, {r['substance']}"
            yield Fault(where=at, what="has no date.", do="Give the day it was taken.")
    sampled = {r["substance"] for r in samples}
    asked = dict.fromkeys(r["substance"] for r in rows_of(data, "demands"))
    for substance in asked:
        if substance not in sampled:
            what = f"asks for {substance}, which nobody measured."
            do = f"Sample {substance} where water is used and where it leaves, or take it out."
            yield Fault(where=f"{where}/demands.csv", what=what, do=do)
    yield from _parts(where, samples)


def _parts(where: str, samples: list[Row]) -> Iterator[Fault]:
    """Chromium(VI) is part of chromium: more of the part than of the whole is a slip."""
    read = {(r["stream"], r["substance"], str(r.get("sampled_on"))): r for r in samples}
    for (stream, substance, day), part in read.items():
        whole = read.get((stream, WHOLE.get(substance, ""), day))
        if whole is None or bool(part.get("is_censored")):
            continue
        more = float(part["concentration_mg_l"]) - float(whole["concentration_mg_l"])
        spread = (float(part["std_mg_l"]) ** 2 + float(whole["std_mg_l"]) ** 2) ** 0.5
        if more > MOST_SPREADS * spread:
            what = (
                f"{float(part['concentration_mg_l']):g} mg/l is more than the"
                f" {float(whole['concentration_mg_l']):g} mg/l of {WHOLE[substance]}."
            )
            at = f"{where}/samples.csv, {stream}, {substance}"
            yield Fault(where=at, what=what, do="Check unit and sample; it is a part of the other.")


WHOLE = {"Cr6": "Cr", "NH4-N": "TN", "BOD5": "COD", "PO4-P": "TP"}
MOST_SPREADS = 5.0  # standard deviations of the difference; beyond, it is no scatter


def _reading_faults(where: str, data: ReviewData) -> Iterator[Fault]:
    metered = {r["stream"] for r in rows_of(data, "meters")}
    for stream in dict.fromkeys(r["stream"] for r in rows_of(data, "readings")):
        if stream not in metered:
            yield Fault(
                where=f"{where}/readings.csv, {stream}",
                what="has no row in meters.csv.",
                do="Add one: the mean of the operating days and the meter's standard deviation.",
            )


def _unit_faults(where: str, data: ReviewData) -> Iterator[Fault]:
    units = {r["id"] for r in rows_of(data, "units")}
    for file in OF_UNITS:
        for r in rows_of(data, file):
            if r["unit"] not in units:
                what, do = f"no unit '{r['unit']}'.", "Add it to units.csv, or correct the name."
                yield Fault(where=f"{where}/{file}.csv", what=what, do=do)
