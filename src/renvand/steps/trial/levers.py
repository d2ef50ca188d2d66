"""Levers of a trial: named, small changes to a plant and its machines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from renvand.errors import Fault, FileError, near
from renvand.plant.control import Controller, Sensor
from renvand.plant.drawing import INFLUENT, Drawing, Pipe
from renvand.plant.plant import Plant
from renvand.steps.trial.site import Site

AMMONIUM = ("S_NH", "S_NH4")  # what the pages call it
HYDROXIDE, FE_OF_HYDROXIDE = "X_MeOH", 55.845 / 106.87  # g Fe per g Fe(OH)3
POLYPHOSPHATE = "X_PP"  # only a page that has it can take phosphorus biologically
CYCLE_H = 2.0  # h of intermittent aeration
NEW_DIFFUSERS = {"transfer": 0.065, "fouling": 0.95}  # fine-bubble membranes, metcalf2014, low
NEW_BLOWERS = {"efficiency": 0.75, "turn_down": 0.40, "falls": 0.08}  # turbo, metcalf2014, low
CHEMICAL_WITH_BIO_P = 0.5  # of today's iron: our guess to begin with, confidence low

Changes = Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class Lever:
    """Something that can be turned at a plant."""

    id: str
    unit: str  # 'share' of today's, 'g/m3', 'min/h', or 'none': there or not
    steps: tuple[float, ...]  # small ones: a plant in operation is not turned further at first
    low: float = 0.0  # bounds of a search
    high: float = 0.0
    fits: Callable[[Site], bool]
    changes: Callable[[Site, float], Changes]  # numbers of the plant, once it is installed
    install: Callable[[Site], Site] | None = None  # what is built before it can be turned


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One setting of one lever."""

    id: str  # 'aeration-80'
    lever: str
    share: float  # the setting: of today's where its unit is 'share'
    site: Site
    unit: str = "share"


def turned(site: Site, settings: Mapping[str, float]) -> Site:
    """Give a site with levers built in and set.

    Parameters
    ----------
    site : Site
        As it runs today.
    settings : mapping
        Lever to setting.

    Raises
    ------
    FileError
        When a lever is unknown or turns nothing here.
    """
    kinds = known(site, list(settings))
    built = installed(site, kinds)
    changes = changes_of(built, {kind: settings[kind.id] for kind in kinds}, today=site)
    return replace(built, plant=built.plant.changed(changes)) if changes else built


def installed(site: Site, levers: Iterable[Lever]) -> Site:
    """Give a site with levers built in, not yet turned."""
    for lever in levers:
        site = lever.install(site) if lever.install is not None else site
    return site


def changes_of(site: Site, settings: Mapping[Lever, float], *, today: Site) -> Changes:
    """Give the numbers that levers set; shares are of what `today` has."""
    made: dict[str, float] = {}
    for lever, value in settings.items():
        made.update(lever.changes(today if lever.unit == "share" else site, value))
    return made


def scenarios(site: Site, levers: Sequence[str]) -> list[Scenario]:
    """Give every step of the levers a case names, each alone.

    Raises
    ------
    FileError
        When a lever is unknown, or the plant has nothing that it would turn.
    """
    made: list[Scenario] = []
    for lever in known(site, levers):
        for value in lever.steps:
            name = lever.id if lever.unit == "none" else f"{lever.id}-{_said(lever, value)}"
            changed = turned(site, {lever.id: value})
            made.append(
                Scenario(id=name, lever=lever.id, share=value, site=changed, unit=lever.unit)
            )
    return made


def _said(lever: Lever, value: float) -> str:
    return f"{round(100 * value)}" if lever.unit == "share" else f"{value:g}"


def known(site: Site, names: Sequence[str]) -> list[Lever]:
    """Find levers by name; all faults at once."""
    faults: list[Fault] = []
    for name in names:
        where = f"case.toml, trial.levers, '{name}'"
        if name not in LEVERS:
            faults.append(Fault(where=where, what="is not known.", do=near(name, LEVERS)))
        elif not LEVERS[name].fits(site):
            what = f"turns nothing at plant '{site.plant.name}'."
            faults.append(Fault(where=where, what=what, do="Leave it out."))
    if faults:
        raise FileError(faults)
    return [LEVERS[name] for name in names]


def fitting(site: Site) -> tuple[str, ...]:
    """Name the levers that this plant offers."""
    return tuple(name for name, lever in LEVERS.items() if lever.fits(site))


def investment(site: Site, levers: Iterable[str]) -> float:
    """What it costs to give a plant levers, in the money of the case."""
    rows = [site.knowledge.row("levers", name) for name in set(levers)]
    return float(
        sum(site.knowledge.money(r, r["fixed"] + r["per_capacity"] * site.flow) for r in rows)
    )


def yearly(site: Site, levers: Iterable[str], *, rate: float) -> float:
    """The same spread over the years it lasts, with interest. [money/a]"""
    total = 0.0
    for name in set(levers):
        years = float(site.knowledge.row("levers", name)["lifetime_a"])
        annuity = rate / (1 - (1 + rate) ** -years) if rate > 0 else 1 / years
        total += annuity * investment(site, [name])
    return total


# What is there to be turned


def uncontrolled(site: Site) -> dict[str, float]:
    """Aeration that nothing controls, by lever. [1/d]"""
    drawing = site.plant.drawing
    held = {lever for c in drawing.controllers.values() for lever in c.acts_on}
    aired = {f"{n}.kla": tank.kla for n, tank in drawing.tanks.items() if tank.kla > 0}
    return {lever: kla for lever, kla in aired.items() if lever not in held}


def oxygen_loops(drawing: Drawing, oxygen: str) -> dict[str, Controller]:
    """Controllers that hold oxygen, by name."""
    found: dict[str, Controller] = {}
    for name, controller in drawing.controllers.items():
        sensor = drawing.sensors.get(controller.sensor)
        if controller.kind == "PI" and sensor and sensor.measures.partition(".")[2] == oxygen:
            found[name] = controller
    return found


def _loops(site: Site) -> dict[str, Controller]:
    return oxygen_loops(site.plant.drawing, site.plant.model.page.oxygen)


def recycles(site: Site) -> dict[str, float]:
    """Internal recycles: pumps from one tank to another, but the ring of a ditch. [m³/d]"""
    drawing = site.plant.drawing
    return {
        pipe.name or pipe.path: pipe.flow
        for pipe in drawing.pipes
        if pipe.flow
        and pipe.name != "ring"
        and pipe.source in drawing.tanks
        and pipe.target in drawing.tanks
    }


def wasted(site: Site) -> dict[str, float]:
    """Pumps that take sludge out of the plant. [m³/d]"""
    drawing = site.plant.drawing
    return {
        pipe.name or pipe.path: pipe.flow
        for pipe in drawing.pipes
        if pipe.flow and pipe.target in drawing.outlets[1:]
    }


def _dosed(site: Site, wanted: Callable[[Mapping[str, float]], float]) -> tuple[str, float]:
    """Find the dose with most of something: its name and strength [g/m³]."""
    doses = site.plant.drawing.doses.items()
    strong = {name: wanted(dose.composition) for name, dose in doses}
    best = max(strong, key=lambda name: strong[name], default="")
    return best, strong.get(best, 0.0)


def carbon(site: Site) -> tuple[str, float]:
    """The dose of carbon, by name, and its strength. [gCOD/m³]"""
    model = site.plant.model
    weights = dict(zip(model.components, model.observables["COD"], strict=True))
    return _dosed(site, lambda liquid: sum(weights[c] * x for c, x in liquid.items()))


def iron(site: Site) -> tuple[str, float]:
    """The dose of iron, by name, and its strength. [gFe/m³]"""
    return _dosed(site, lambda liquid: FE_OF_HYDROXIDE * liquid.get(HYDROXIDE, 0.0))


def still(drawing: Drawing) -> list[str]:
    """Tanks without air, in the order of the line."""
    return [name for name, tank in drawing.tanks.items() if tank.kla == 0]


def ammonium_of(plant: Plant) -> str:
    """What the page calls ammonium."""
    return next(name for name in AMMONIUM if name in plant.model.components)


# What is built


def _drawn(site: Site, **parts: object) -> Site:
    other = Plant(replace(site.plant.drawing, **parts), site.plant.model)  # type: ignore[arg-type]
    if "kernels" in vars(site.plant):  # the page is the same, and so are its kernels
        vars(other)["kernels"] = site.plant.kernels
    return replace(site, plant=other)


def _with_ammonium(site: Site) -> Site:
    """Let ammonium in the last aerated tank set the set-point of oxygen."""
    drawing = site.plant.drawing
    loops = _loops(site)
    last = [name for name, tank in drawing.tanks.items() if tank.kla > 0][-1]
    sensor = Sensor(measures=f"{last}.{ammonium_of(site.plant)}", kind="B0", low=0.0, high=20.0)
    highest = max(loop.setpoint for loop in loops.values())
    outer = Controller(
        sensor="NH4",
        acts_on={f"{name}.setpoint": 1.0 for name in loops},
        setpoint=2.0,
        gain=-0.5,  # g O2 per g N: half a gram of oxygen for a gram of ammonium too much
        integral_d=0.1,
        tracking_d=0.05,
        low=min(0.3, highest),
        high=highest,
        start=highest,
    )
    controllers = {"ammonia": outer, **drawing.controllers}
    return _drawn(site, sensors={**drawing.sensors, "NH4": sensor}, controllers=controllers)


def _with_pause(site: Site) -> Site:
    """Let a clock take the air away for a part of every cycle."""
    drawing, loops = site.plant.drawing, _loops(site)
    on = {f"{name}.setpoint": loop.setpoint for name, loop in loops.items()} or uncontrolled(site)
    clock = Controller(
        kind="timer", acts_on=on, low=0.0, high=1.0, on_min=60 * CYCLE_H, off_min=1e-6
    )
    return _drawn(site, controllers={"pause": clock, **drawing.controllers})


def _with_step_feed(site: Site) -> Site:
    """Lead a part of what comes past the first tank into the second without air."""
    drawing = site.plant.drawing
    past = Pipe(
        source=INFLUENT, outlet="overflow", target=still(drawing)[1], share=0.0, name="step feed"
    )
    return _drawn(site, pipes=(*drawing.pipes, past))


def _with_bio_p(site: Site) -> Site:
    """Keep nitrate out of the first tank: the recycle ends in the second, and carbon too."""
    drawing = site.plant.drawing
    first, second = still(drawing)[:2]
    moved = tuple(
        replace(pipe, target=second)
        if pipe.target == first and (pipe.source in drawing.tanks or pipe.source == carbon(site)[0])
        else pipe
        for pipe in drawing.pipes
    )
    doses = {n: replace(d, to=second if d.to == first else d.to) for n, d in drawing.doses.items()}
    return _drawn(site, pipes=moved, doses=doses)


def _with_diffusers(site: Site) -> Site:
    if site.equipment is None:
        return site
    new = {n: replace(d, **NEW_DIFFUSERS) for n, d in site.equipment.diffusers.items()}
    return replace(site, equipment=replace(site.equipment, diffusers=new))


def _with_blowers(site: Site) -> Site:
    if site.equipment is None:
        return site
    new = {n: replace(b, **NEW_BLOWERS) for n, b in site.equipment.blowers.items()}
    return replace(site, equipment=replace(site.equipment, blowers=new))


# What is turned


def _shares(found: Callable[[Site], Mapping[str, float]]) -> Callable[[Site, float], Changes]:
    return lambda site, share: {name: share * today for name, today in found(site).items()}


def _dose_now(site: Site) -> dict[str, float]:
    name, _ = carbon(site)
    return {name: site.plant.drawing.doses[name].flow} if name else {}


def _dose(found: Callable[[Site], tuple[str, float]]) -> Callable[[Site, float], Changes]:
    def flow(site: Site, value: float) -> Changes:
        name, strength = found(site)
        return {name: value * site.flow / strength}

    return flow


def _set_oxygen(site: Site, value: float) -> Changes:
    if "ammonia" in site.plant.drawing.controllers:  # then it is the most that ammonium may ask
        return {"ammonia.high": value}
    return {f"{name}.setpoint": value for name in _loops(site)}


def _set_pause(_: Site, value: float) -> Changes:
    off = CYCLE_H * value
    return {"pause.off_min": off, "pause.on_min": 60 * CYCLE_H - off}


def _older(site: Site, share: float) -> Changes:
    return {name: today / share for name, today in wasted(site).items()}


def _less_iron(site: Site, _: float) -> Changes:
    name, strength = iron(site)
    today = site.plant.drawing.doses[name].flow if strength > 0 else 0.0
    return {name: CHEMICAL_WITH_BIO_P * today} if today else {}


def _takes_bio_p(site: Site) -> bool:
    """Whether nitrate still reaches the first of two tanks without air."""
    drawing = site.plant.drawing
    if POLYPHOSPHATE not in site.plant.model.components or len(still(drawing)) < 2:
        return False
    back = (p for p in drawing.pipes if p.target == still(drawing)[0] and p.flow)
    return any(pipe.source in drawing.tanks for pipe in back)


def _is_calm(site: Site) -> bool:
    return bool(_loops(site) or uncontrolled(site))


def _has_diffusers(site: Site) -> bool:
    return site.equipment is not None and bool(site.equipment.diffusers)


def _has_blowers(site: Site) -> bool:
    return site.equipment is not None and bool(site.equipment.blowers)


def _nothing(_: Site, __: float) -> Changes:
    return {}


_ALL = (
    Lever(id="aeration", unit="share", steps=(0.9, 0.8, 0.7, 0.6), low=0.4, high=1.2,
          fits=lambda s: bool(uncontrolled(s)), changes=_shares(uncontrolled)),
    Lever(id="do", unit="g/m3", steps=(1.5, 1.0, 0.7, 0.5), low=0.3, high=3.0,
          fits=lambda s: bool(_loops(s)), changes=_set_oxygen),
    Lever(id="ammonia", unit="g/m3", steps=(1.0, 2.0, 3.0), low=0.5, high=4.0,
          fits=lambda s: bool(_loops(s)), install=_with_ammonium,
          changes=lambda _, v: {"ammonia.setpoint": v}),
    Lever(id="intermittent", unit="min/h", steps=(10, 20, 30), low=0.0, high=35.0,
          fits=_is_calm, install=_with_pause, changes=_set_pause),
    Lever(id="recycle", unit="share", steps=(0.5, 0.75, 1.25), low=0.3, high=1.6,
          fits=lambda s: bool(recycles(s)), changes=_shares(recycles)),
    Lever(id="step-feed", unit="share", steps=(0.2, 0.4), low=0.0, high=0.6,
          fits=lambda s: len(still(s.plant.drawing)) > 1, install=_with_step_feed,
          changes=lambda _, v: {"step feed": v}),
    Lever(id="carbon", unit="share", steps=(0.0, 0.5, 0.75), low=0.0, high=1.5,
          fits=lambda s: any(_dose_now(s).values()), changes=_shares(_dose_now)),
    Lever(id="carbon-dose", unit="g/m3", steps=(10, 20, 40), low=0.0, high=60.0,
          fits=lambda s: carbon(s)[1] > 0, changes=_dose(carbon)),
    Lever(id="metal", unit="g/m3", steps=(2, 5, 10), low=0.0, high=15.0,
          fits=lambda s: iron(s)[1] > 0, changes=_dose(iron)),
    Lever(id="sludge-age", unit="share", steps=(0.7, 0.85, 1.2), low=0.6, high=1.6,
          fits=lambda s: bool(wasted(s)), changes=_older),
    Lever(id="diffusers", unit="none", steps=(1,), fits=_has_diffusers,
          install=_with_diffusers, changes=_nothing),
    Lever(id="blowers", unit="none", steps=(1,), fits=_has_blowers,
          install=_with_blowers, changes=_nothing),
    Lever(id="bio-p", unit="none", steps=(1,), fits=_takes_bio_p,
          install=_with_bio_p, changes=_less_iron),
)  # fmt: skip
LEVERS: Mapping[str, Lever] = {lever.id: lever for lever in _ALL}
