"""A plant that can be computed: load it, find its steady state, simulate it, change a lever."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeAlias

from renvand.errors import Fault, FileError, PlantError, near
from renvand.knowledge.read import read_toml
from renvand.plant import drawing as drawings
from renvand.plant.drawing import Drawing, read_drawing
from renvand.plant.influent import Influent, make_influent, read_influent
from renvand.plant.kernels import DOORS, dual_engine_text, engine_text
from renvand.plant.layout import Plan, build, constants_text, transport
from renvand.plant.network import solve
from renvand.plant.result import Result, State
from renvand.plant.work import renumbered
from renvand.process.compiled import load_kernels, marked
from renvand.process.digester import digester_kernels, digester_text
from renvand.process.dual import load_dual_kernels
from renvand.process.generate import kernel_text
from renvand.process.model import Model, load_model
from renvand.process.page import page_names

if TYPE_CHECKING:
    import pandas as pd

    Comes: TypeAlias = str | Path | pd.DataFrame | Mapping[str, Any]  # what can be read as influent

_COUNTED = ("tanks", "settlers", "digesters", "controllers")


@dataclass(frozen=True, repr=False)
class Plant:
    """A drawing with its model.

    ``steady`` and ``simulate`` take an influent, a file or a frame; without one, the
    ``influent.csv`` beside the drawing.
    """

    drawing: Drawing
    model: Model
    folder: Path | Traversable | None = field(default=None, compare=False)  # where it was drawn

    def __repr__(self) -> str:
        counts = ((len(getattr(self.drawing, what)), what) for what in _COUNTED)
        told = ", ".join(f"{n} {what if n > 1 else what[:-1]}" for n, what in counts if n)
        return f"<Plant '{self.name}', model {self.model.page.name}: {told}>"

    @property
    def name(self) -> str:
        """The name as drawn."""
        return self.drawing.name

    @cached_property
    def plan(self) -> Plan:
        """Where everything lies in the arrays."""
        return build(self.drawing, self.model, solve(self.drawing))

    @cached_property
    def kernels(self) -> ModuleType:
        """The compiled functions of this plant's model."""
        return kernels_of(self.model, self.drawing.parts)

    @property
    def explicit(self) -> Plant:
        """The same plant with kernels that have the explicit method, too."""
        other = replace(self)
        vars(other)["kernels"] = kernels_of(self.model, self.drawing.parts | {"chebyshev"})
        return other

    def changed(self, changes: Mapping[str, float] | None = None, /, **more: float) -> Plant:
        """Give the same plant with some levers set to other values.

        Parameters
        ----------
        changes : mapping of str to float
            'UNIT.attribute' ('aerobic_3.kla', 'anoxic_1.volume'), a pump by its name or path
            ('return sludge'), 'CONTROLLER.setpoint', or a parameter of the model ('mu_A').
        **more : float
            The same, for names that are Python words.

        Raises
        ------
        PlantError
            When there is no such lever, or the plant could not be built so.
        """
        changes = {**(changes or {}), **more}
        inner = {lever: value for lever, value in changes.items() if lever in self.model.values}
        outer = {lever: value for lever, value in changes.items() if lever not in inner}
        drawing = drawings.changed(self.drawing, outer) if outer else self.drawing
        unknown = drawing.parameters.keys() - self.drawing.parameters.keys()
        if unknown:
            known = [*drawings.levers(self.drawing), *self.model.values]
            raise PlantError(
                Fault(
                    where=f"plant '{self.name}', lever '{lever}'",
                    what="is not there.",
                    do=near(lever, known),
                )
                for lever in sorted(unknown)
            )
        model = self.model.changed(inner) if inner else self.model
        other = replace(self, drawing=drawing, model=model)
        if "kernels" in vars(self):  # the page is the same, and so are its kernels
            vars(other)["kernels"] = self.kernels
        if "plan" in vars(self) and drawing is self.drawing:
            vars(other)["plan"] = renumbered(self.plan, other.model)
        return other

    @property
    def levers(self) -> tuple[str, ...]:
        """Name everything :meth:`changed` can change, but model parameters."""
        return drawings.levers(self.drawing)

    def influent(self, given: Comes | None = None) -> Influent:
        """Read an influent with this plant's model.

        Parameters
        ----------
        given : str, path, DataFrame or mapping of columns, optional
            A file or a frame, as :func:`renvand.plant.read_influent` wants it; the
            ``influent.csv`` beside the drawing when left out.

        Raises
        ------
        FileError
            With all its faults, or when none lies beside the drawing.
        """
        if given is None:
            return _beside(self.folder, self.model, where=self.name)
        if isinstance(given, str | Path):
            return read_influent(given, self.model)
        return make_influent(given, self.model, name="influent")

    def steady(self, influent: Influent | Comes | None = None, **how: Any) -> State:
        """Find the steady state; see :func:`renvand.plant.steady.steady`."""
        from renvand.plant.steady import steady

        return steady(self, self._read(influent), **how)

    def simulate(self, influent: Influent | Comes | None = None, **how: Any) -> Result:
        """Run the plant; see :func:`renvand.plant.simulate.simulate`."""
        from renvand.plant.simulate import simulate

        return simulate(self, self._read(influent), **how)

    def _read(self, influent: Influent | Comes | None) -> Influent:
        return influent if isinstance(influent, Influent) else self.influent(influent)


def kernels_of(model: Model, parts: frozenset[str] = frozenset()) -> ModuleType:
    """Compile, or find compiled, a model's page together with the engine."""
    joins = ""
    if "digest" in parts:
        beside = digester_kernels(tuple(model.components))
        names = "N_ADM, digester_run, to_adm, to_asm"
        joins = f"from {beside.__name__} import {names}\n\n\n"
    text = f"{_page_text(model)}\n\n{engine_text(parts)}"
    return load_kernels(joins + marked(text, doors=DOORS), title=f"'{model.page.name}'")


def dual_kernels_of(plant: Plant, *, is_moving: bool) -> ModuleType:
    """Compile, or find compiled, the same kernels for dual numbers.

    Those of the digester stand beside them; `is_moving` adds how a run steps.
    """
    has = plant.drawing.parts
    parts = [digester_text(tuple(plant.model.components))] if "digest" in has else []
    engine = engine_text(has)
    parts += [_page_text(plant.model), engine, dual_engine_text() if is_moving else ""]
    title = f"'{plant.model.page.name}'{', moving' if is_moving else ''}"
    return load_dual_kernels(marked("\n\n".join(parts)), title=title)


def _page_text(model: Model) -> str:
    return f"{constants_text(model)}\n\n{kernel_text(model.page, transport=transport(model))}"


def plant_names() -> tuple[str, ...]:
    """Name the plants that come with the package."""
    folder = resources.files("renvand.plant") / "plants"
    return tuple(
        sorted(f.name for f in folder.iterdir() if f.is_dir() and not f.name.startswith("_"))
    )


def load_plant(where: str | Path) -> Plant:
    """Load a plant.

    Parameters
    ----------
    where : str or path
        A folder with a ``plant.toml``, such a file, or the name of a shipped plant ('bsm1').

    Returns
    -------
    Plant
        Checked; nothing is compiled before it is first computed.

    Raises
    ------
    FileError
        When the file is not there or not TOML.
    PlantError
        With everything wrong in the drawing or its model.
    """
    path, folder = find_plant(where)
    drawing = read_drawing(read_toml(path, name=path.name))
    model = load_model(
        _page_of(drawing.model, folder), set_name=drawing.set_name, values=drawing.parameters
    )
    solve(drawing)
    return Plant(drawing, model, folder)


def _page_of(model: str, folder: Path | Traversable) -> str | Path:
    if not isinstance(folder, Path):
        return model
    own = {entry.stem: entry for entry in folder.glob("*.toml")}
    if model not in (*own, *page_names()):
        what = "is neither a page beside the drawing nor one that comes with renvand."
        do = near(model, {*own, *page_names()} - {"plant", "equipment"})
        raise FileError(Fault(where=f"model '{model}'", what=what, do=do))
    return own.get(model, model)


def find_plant(where: str | Path) -> tuple[Path | Traversable, Path | Traversable]:
    """Find a drawing and the folder it lies in; see :func:`load_plant`."""
    path = Path(where)
    if path.is_dir():
        return path / "plant.toml", path
    if path.suffix == ".toml" or path.is_file():
        return path, path.parent
    if str(where) not in plant_names():
        what = "is neither a folder nor a plant that comes with renvand."
        raise PlantError(
            Fault(where=f"plant '{where}'", what=what, do=near(str(where), plant_names()))
        )
    folder = resources.files("renvand.plant") / "plants" / str(where)
    return folder / "plant.toml", folder


def own_influent(where: str | Path, model: Model) -> Influent:
    """Give the ``influent.csv`` that lies beside a plant's drawing.

    Parameters
    ----------
    where : str or path
        As for :func:`load_plant`.
    model : Model
        The plant's.

    Raises
    ------
    FileError
        When there is none, or it is not one.
    """
    return _beside(find_plant(where)[1], model, where=str(where))


def _beside(folder: Path | Traversable | None, model: Model, *, where: str) -> Influent:
    entry = None if folder is None else folder / "influent.csv"
    if entry is None or not entry.is_file():
        what = "has no influent.csv beside its drawing."
        raise FileError(
            Fault(
                where=f"plant '{where}'",
                what=what,
                do="Put one there, or give one with --influent.",
            )
        )
    with resources.as_file(entry) as path:
        return read_influent(path, model)


def shipped_influent(name: str, model: Model) -> Influent:
    """Give the constant influent that comes with a shipped plant."""
    return own_influent(name, model)
