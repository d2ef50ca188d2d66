"""A small constructed company whose balance closes, for laws."""

from renvand.steps.potential.company import Company, Stream, Use


def stream(name, start, end, kind, flow, **quality):
    return Stream(id=name, start=start, end=end, kind=kind, flow=flow, sd=0.0, quality=quality)


def plating_shop(rinse=50.0, bath=10.0, reject=0.25):
    """Supply, make-up with reject, one bath, one rinse, a treatment."""
    feed = rinse + bath
    made = feed * (1 + reject)
    drag = 0.1
    evaporated = bath - drag
    drained = rinse + drag
    return Company(
        id="shop",
        enterprise="shop",
        sector="surface-treatment",
        days_a=300.0,
        production=500.0,
        production_unit="m2",
        kinds={
            "storage": "storage",
            "demin": "make-up",
            "bath": "plating-bath",
            "rinse": "rinse-running",
            "treatment": "treatment",
        },
        labels={
            unit: {"en": unit, "da": unit, "zh": unit}
            for unit in ("storage", "demin", "bath", "rinse", "treatment")
        },
        streams=(
            stream("s1", "supply", "storage", "fresh", made, TDS=200.0, Ni=0.0),
            stream("s2", "storage", "demin", "fresh", made),
            stream("s3", "demin", "sewer", "wastewater", feed * reject),
            stream("s4", "demin", "rinse", "process", rinse),
            stream("s5", "demin", "bath", "process", bath),
            stream("s6", "bath", "rinse", "process", drag),
            stream("s7", "bath", "air", "evaporation", evaporated),
            stream("s8", "rinse", "treatment", "wastewater", drained, TDS=600.0, Ni=80.0),
            stream("s9", "treatment", "sewer", "wastewater", drained, TDS=600.0, Ni=0.3),
        ),
        demands={"rinse": {"TDS": 400.0, "Ni": 20.0}},
        chemicals=(Use(unit="bath", name="Ni", amount=30.0, price=130.0),),
    )


def imbalance(company):
    """Give the largest gap between what enters and leaves a unit."""
    gaps = []
    for unit in company.kinds:
        into = sum(s.flow for s in company.streams if s.end == unit)
        out = sum(s.flow for s in company.streams if s.start == unit)
        gaps.append(abs(into - out))
    return max(gaps)
