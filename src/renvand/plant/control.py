"""Sensors and controllers as drawn: the benchmark's classes, PID, timers, ratios."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from renvand.errors import Fault, near


@dataclass(frozen=True, kw_only=True)
class SensorClass:
    """How quickly and how often an instrument shows what is (bsm1_2018)."""

    order: int  # equal lags in a row
    response_min: float  # time to 90 % of a step
    delay_min: float = 0.0  # dead time of instruments that work in batches
    every_min: float = 0.0  # time between two readings; 0 continuous


# bsm1_2018, table of sensor classes: t90 and measuring interval
SENSOR_CLASSES: Mapping[str, SensorClass] = {
    "ideal": SensorClass(order=0, response_min=0.0),
    "A": SensorClass(order=2, response_min=1.0),
    "B0": SensorClass(order=8, response_min=10.0),
    "B1": SensorClass(order=8, response_min=10.0, every_min=5.0),
    "C0": SensorClass(order=8, response_min=20.0),
    "C1": SensorClass(order=8, response_min=20.0, every_min=5.0),
    "D": SensorClass(order=0, response_min=0.0, delay_min=30.0, every_min=30.0),
}
KINDS = ("PI", "timer", "switch", "schedule", "PID", "ratio", "sludge-age", "intermittent")
LOOPS = ("PI", "PID")  # bring what they measure to their set-point
FOLLOWERS = ("ratio", "sludge-age")  # at rest with the plant, though they have no set-point
WITHOUT_SENSOR = ("timer", "schedule", "ratio", "sludge-age")


@dataclass(frozen=True, kw_only=True)
class Sensor:
    """An instrument in a tank, or in what flows."""

    measures: (
        str  # 'aerobic_3.S_O', 'aerobic_3.TSS', 'influent.S_NH', 'influent.Q', 'effluent.S_PO4'
    )
    kind: str = "ideal"  # a key of SENSOR_CLASSES
    low: float = 0.0  # of its range
    high: float = 1e9
    noise: float = 0.0  # standard deviation as share of the range


@dataclass(frozen=True, kw_only=True)
class Controller:
    """What acts on the plant at every look."""

    kind: str = "PI"
    sensor: str = ""
    acts_on: Mapping[str, float]  # lever to factor: {"aerobic_3.kla" = 1}
    gain: float = 0.0  # units of the lever per unit measured
    integral_d: float = 0.0  # integral time of a PI
    tracking_d: float = 0.0  # anti-windup time of a PI
    derivative_d: float = (
        0.0  # derivative time of a PID; acts on what is measured, not its set-point
    )
    setpoint: float = 0.0
    low: float = 0.0  # bounds of what moves freely; values off and on of what switches
    high: float = 0.0
    start: float = 0.0  # output at the beginning
    on_min: float = 0.0  # minutes of a timer; the least of what is intermittent
    off_min: float = 0.0
    on_above: float = 0.0  # marks of what switches
    off_below: float = 0.0
    nitrate: str = ""  # second sensor of what is intermittent
    on_below: float = -1.0  # its mark: denitrification is done
    follows: str = ""  # sensor of a flow, which a ratio follows
    ratio: float = 0.0
    age_d: float = 0.0  # sludge age: what tanks hold by what is wasted and leaves a day
    days: tuple[float, ...] = ()  # of a schedule: from when
    values: tuple[float, ...] = ()  # and what it then wants
    response_min: float = 0.0  # actuator, time to 90 % of a step
    order: int = 0  # actuator, equal lags in a row

    @property
    def levers(self) -> tuple[str, ...]:
        """What a change may be made to."""
        of_kind = {
            "PI": ("setpoint", "gain", "integral_d"),
            "PID": ("setpoint", "gain", "integral_d", "derivative_d"),
            "timer": ("on_min", "off_min"),
            "switch": ("on_above", "off_below"),
            "intermittent": ("on_above", "off_below", "on_below"),
            "ratio": ("ratio",),
            "sludge-age": ("age_d",),
        }
        return (*of_kind.get(self.kind, ()), "low", "high")


_WORDS = ("measures", "kind", "sensor", "acts_on", "follows", "nitrate")
_LISTS = ("days", "values")


def read_sensors(table: Mapping[str, Any], *, where: str, faults: list[Fault]) -> dict[str, Sensor]:
    """Read ``[sensors.NAME]``; faults are added to the list."""
    made: dict[str, Sensor] = {}
    for name, row in table.items():
        at = f"{where}, sensor '{name}'"
        given = _known(row, Sensor.__dataclass_fields__, at, faults)
        if "measures" not in given:
            faults.append(
                Fault(where=at, what="measures nothing.", do="Write measures = 'tank.S_O'.")
            )
            continue
        sensor = Sensor(**given)
        if sensor.kind not in SENSOR_CLASSES:
            faults.append(
                Fault(
                    where=f"{at}, kind",
                    what=f"'{sensor.kind}' is not a class.",
                    do=near(sensor.kind, SENSOR_CLASSES),
                )
            )
        if not sensor.low < sensor.high or sensor.noise < 0:
            faults.append(
                Fault(where=at, what="has an empty range or noise below 0.", do="Give low < high.")
            )
        made[name] = sensor
    return made


def read_controllers(
    table: Mapping[str, Any], *, where: str, faults: list[Fault]
) -> dict[str, Controller]:
    """Read ``[controllers.NAME]``; faults are added to the list."""
    made: dict[str, Controller] = {}
    for name, row in table.items():
        at = f"{where}, controller '{name}'"
        given = _known(row, Controller.__dataclass_fields__, at, faults)
        target = given.get("acts_on")
        if isinstance(target, str):
            given["acts_on"] = {target: 1.0}
        elif not isinstance(target, Mapping) or not target:
            faults.append(
                Fault(where=at, what="acts on nothing.", do="Write acts_on = 'tank.kla'.")
            )
            continue
        if "order" in given:
            given["order"] = int(given["order"])
        controller = Controller(**given)
        faults.extend(_check(controller, at))
        made[name] = controller
    return made


def _known(
    row: Mapping[str, Any], allowed: Mapping[str, Any], where: str, faults: list[Fault]
) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for key, value in row.items():
        if key not in allowed:
            faults.append(
                Fault(where=f"{where}, '{key}'", what="is not known.", do=near(key, allowed))
            )
        elif key in _WORDS:
            given[key] = value
        elif key in _LISTS and (numbers := _numbers(value)) is not None:
            given[key] = numbers
        elif not _is_number(value):
            faults.append(
                Fault(
                    where=f"{where}, {key}", what=f"'{value}' is not a number.", do="Write digits."
                )
            )
        else:
            given[key] = float(value)
    return given


def _numbers(value: Any) -> tuple[float, ...] | None:
    """A list of numbers; None when it is not one."""
    entries: list[Any] = list(value) if isinstance(value, list) else [""]
    return tuple(map(float, entries)) if all(map(_is_number, entries)) else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_schedule(controller: Controller) -> bool:
    days = controller.days
    rises = all(a < b for a, b in pairwise(days))
    return len(days) == len(controller.values) > 0 and rises


# What is wrong with a controller, in what words, and what to do
_WRONG: tuple[tuple[Callable[[Controller], bool], str, str], ...] = (
    (
        lambda c: c.kind not in WITHOUT_SENSOR and not c.sensor,
        "has no sensor.",
        "Write sensor = 'NAME'.",
    ),
    (
        lambda c: c.kind in LOOPS and not (c.integral_d > 0 and c.tracking_d > 0),
        "needs integral_d and tracking_d above 0.",
        "Give both in days.",
    ),
    (
        lambda c: (c.kind == "PID") != (c.derivative_d > 0),
        "needs derivative_d with kind PID, and no other.",
        "Give it in days, or choose PI.",
    ),
    (
        lambda c: c.kind == "ratio" and not (c.follows and c.ratio > 0),
        "needs what it follows and a ratio above 0.",
        "Write follows = 'SENSOR' of a flow, and ratio = ….",
    ),
    (lambda c: c.kind == "sludge-age" and not c.age_d > 0, "has no age_d.", "Give it in days."),
    (
        lambda c: c.kind in FOLLOWERS and not c.low < c.high,
        "needs low < high.",
        "Say between which flows the pump can run.",
    ),
    (
        lambda c: (
            c.kind == "timer"
            and not (c.on_min >= 0 and c.off_min >= 0 and c.on_min + c.off_min > 0)
        ),
        "needs on_min and off_min.",
        "Give both in minutes.",
    ),
    (
        lambda c: c.kind in ("switch", "intermittent") and not c.off_below < c.on_above,
        "switches off above where it switches on.",
        "Give off_below < on_above.",
    ),
    (
        lambda c: c.kind == "schedule" and not _is_schedule(c),
        "needs days that rise and as many values.",
        "Write days = [0, 182], values = [300, 450].",
    ),
    (lambda c: not c.low <= c.high, "has low above high.", "Swap them."),
    (
        lambda c: not 0 <= c.order <= 2 or (c.order > 0) != (c.response_min > 0),
        "needs order 1 or 2 with response_min, or neither.",
        "Give both.",
    ),
)


def _check(controller: Controller, where: str) -> list[Fault]:
    if controller.kind not in KINDS:
        what, do = f"'{controller.kind}' is not known.", near(controller.kind, KINDS)
        return [Fault(where=f"{where}, kind", what=what, do=do)]
    return [Fault(where=where, what=w, do=do) for is_wrong, w, do in _WRONG if is_wrong(controller)]
