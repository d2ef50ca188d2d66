"""The page of a technique: what it needs, its equations, what it costs, where it holds.

A page is data under ``knowledge/techniques``. A new technology is a row of ``technologies`` and,
if its row alone does not say what it costs, a page; no code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from renvand.errors import Fault, FileError, OurFault, near
from renvand.knowledge import SHIPPED, read_toml
from renvand.process.expression import FormulaFault
from renvand.steps.potential.catalogue import Range, range_of
from renvand.steps.potential.economics import Array
from renvand.steps.potential.formula import Formula, formula

# What the balance of a company says about the unit; every page may use these names.
INPUTS: Mapping[str, str] = {
    "production_t_d": "t/d",
    "production_m2_d": "m2/d",
    "water_m3_d": "m3/d",  # clean water of the unit
    "drained_m3_d": "m3/d",
    "saved_m3_d": "m3/d",  # clean water saved at the unit, or given back by a treatment
    "heat_kwh_d": "kWh/d",
    "cod_kg_d": "kg/d",  # what the unit loses to its drains
    "tn_kg_d": "kg/d",
    "metal_kg_d": "kg/d",
    "cr6_kg_d": "kg/d",
    "cn_kg_d": "kg/d",
    "oil_kg_d": "kg/d",
    "dye_kg_d": "kg/d",  # what the unit uses
    "salt_kg_d": "kg/d",
    "caustic_kg_d": "kg/d",
    "acid_kg_d": "kg/d",
    "cod_mg_l": "mg/l",  # in the unit's drains
    "cr6_mg_l": "mg/l",
    "tds_mg_l": "mg/l",
    "metal_mg_l": "mg/l",
    "oil_mg_l": "mg/l",
}
KEYS = (
    *("techniques", "name", "principle", "sources", "applies", "parameters", "equations"),
    *("investments", "costs", "saves", "validity"),
)
SAVES = ("energy_kwh_d", "tn_kg_d", "sludge_kg_d")


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A number of a page: one row of ``unit_defaults``, in units of a page."""

    row: Mapping[str, Any]
    range: Range


@dataclass(frozen=True, kw_only=True)
class Page:
    """How a technique is worked out.

    Attributes
    ----------
    techniques : tuple of str
        Rows of ``technologies`` that it is about.
    applies : str
        Parameter that says for what share of the unit the shares of the row hold; '' for all.
    parameters : mapping of str to Parameter
        Numbers with their source.
    equations : mapping of str to Formula
        In order; each may use inputs, parameters and the ones before it.
    investments : mapping of str to Formula
        Money for each part, not installed. [CNY]
    curves : mapping of str to str
        Parts whose formula is the size on a row of ``cost_curves``.
    costs : mapping of str to Formula
        Amount used a day of a row of ``prices``; negative when less is used.
    saves : mapping of str to Formula
        Of :data:`SAVES`, what the row of the technique does not say.
    chemicals : tuple of str or None
        Chemicals of the unit that the technique saves; None for all.
    validity : mapping of str to pair of float
        Inputs or equations and the range in which the page holds.
    """

    id: str
    techniques: tuple[str, ...]
    name: Mapping[str, str]
    principle: Mapping[str, str]
    sources: tuple[str, ...] = ()
    applies: str = ""
    parameters: Mapping[str, Parameter] = field(default_factory=dict[str, Parameter])
    equations: Mapping[str, Formula] = field(default_factory=dict[str, Formula])
    investments: Mapping[str, Formula] = field(default_factory=dict[str, Formula])
    curves: Mapping[str, str] = field(default_factory=dict[str, str])
    costs: Mapping[str, Formula] = field(default_factory=dict[str, Formula])
    saves: Mapping[str, Formula] = field(default_factory=dict[str, Formula])
    chemicals: tuple[str, ...] | None = None
    validity: Mapping[str, tuple[float, float]] = field(
        default_factory=dict[str, tuple[float, float]]
    )

    def worked(
        self, inputs: Mapping[str, Array], *, drawn: Mapping[str, Array]
    ) -> dict[str, Array]:
        """Work out all equations.

        Parameters
        ----------
        inputs : mapping of str to array (draw,)
            All of :data:`INPUTS`.
        drawn : mapping of str to array (draw,)
            All parameters.

        Returns
        -------
        dict of str to array (draw,)
            Inputs, parameters and equations by name.

        Raises
        ------
        OurFault
            When an equation has no finite value.
        """
        known = {**inputs, **drawn}
        for name, equation in self.equations.items():
            known[name] = self.value(equation, known, where=name)
        return known

    def value(self, of: Formula, known: Mapping[str, Array], *, where: str) -> Array:
        """Work out one formula."""
        with np.errstate(all="ignore"):
            made = of.work(known)
        if not np.isfinite(made).all():
            raise OurFault(f"techniques/{self.id}.toml, {where}: has no finite value")
        return made


@cache
def pages() -> Mapping[str, Page]:
    """Give all shipped pages by their name.

    Returns
    -------
    mapping of str to Page
        In the order of the alphabet.
    """
    folder = resources.files("renvand.knowledge") / "techniques"
    found = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=str)
    made = {
        file.name.removesuffix(".toml"): read_page(read_toml(file, name=file.name), name=file.name)
        for file in found
    }
    return made


@cache
def page_of(technique: str) -> Page | None:
    """Give the page of a technique; None when its row says all."""
    return next((page for page in pages().values() if technique in page.techniques), None)


def read_page(page: Mapping[str, Any], *, name: str) -> Page:
    """Read a page and check all that can be checked.

    Parameters
    ----------
    page : mapping
        As TOML gives it.
    name : str
        File name, for messages.

    Returns
    -------
    Page
        Ready to be worked out.

    Raises
    ------
    FileError
        With all faults of the page.
    """
    faults = [
        Fault(where=name, what=f"'{key}' is no key of a page.", do=near(key, KEYS))
        for key in page
        if key not in KEYS
    ]
    faults += [
        Fault(where=name, what=f"'{key}' is missing.", do="Add it.")
        for key in ("techniques", "name", "principle")
        if key not in page
    ]
    if faults:
        raise FileError(faults)
    reading = _Reading(name=name, faults=faults)
    parameters = reading.parameters(page.get("parameters", {}))
    equations = reading.equations(page.get("equations", {}), parameters=parameters)
    names = {*INPUTS, *parameters, *equations}
    curves, investments = reading.investments(page.get("investments", {}), names=names)
    prices = {row["id"] for row in SHIPPED.rows("prices")}
    costs = reading.formulas(page.get("costs", {}), names=names, part="costs", keys=prices)
    saves = {k: v for k, v in page.get("saves", {}).items() if k != "chemicals"}
    chemicals = page.get("saves", {}).get("chemicals")
    made = Page(
        id=name.removesuffix(".toml"),
        techniques=tuple(page["techniques"]),
        name=page["name"],
        principle=page["principle"],
        sources=tuple(page.get("sources", ())),
        applies=reading.applies(page.get("applies", ""), parameters=parameters),
        parameters=parameters,
        equations=equations,
        investments=investments,
        curves=curves,
        costs=costs,
        saves=reading.formulas(saves, names=names, part="saves", keys=SAVES),
        chemicals=None if chemicals is None else tuple(chemicals),
        validity=reading.validity(page.get("validity", {}), names=names),
    )
    if faults:
        raise FileError(faults)
    return made


@dataclass(frozen=True, kw_only=True)
class _Reading:
    """Reading one page; faults are gathered."""

    name: str
    faults: list[Fault]

    def formula(self, text: object, *, names: set[str], where: str) -> Formula | None:
        try:
            return formula(str(text), names=names)
        except FormulaFault as fault:
            self.faults.append(fault.at(f"{self.name}, {where}"))
            return None

    def formulas(
        self, given: Mapping[str, Any], *, names: set[str], part: str, keys: Any
    ) -> dict[str, Formula]:
        made: dict[str, Formula] = {}
        for key, text in given.items():
            where = f"{part}.{key}"
            if key not in keys:
                what = f"'{key}' is not known."
                self.faults.append(
                    Fault(where=f"{self.name}, {part}", what=what, do=near(key, keys))
                )
            elif found := self.formula(text, names=names, where=where):
                made[key] = found
        return made

    def parameters(self, given: Mapping[str, str]) -> dict[str, Parameter]:
        rows = {row["id"]: row for row in SHIPPED.rows("unit_defaults")}
        made: dict[str, Parameter] = {}
        for name, key in given.items():
            if key not in rows:
                where = f"{self.name}, parameters.{name}"
                what = f"'{key}' is no row of unit_defaults."
                self.faults.append(Fault(where=where, what=what, do=near(str(key), rows)))
                continue
            size = 0.01 if str(rows[key]["unit"]).startswith("%") else 1.0
            known = range_of(rows[key])
            made[name] = Parameter(
                row=rows[key],
                range=Range(
                    low=size * known.low, typical=size * known.typical, high=size * known.high
                ),
            )
        return made

    def applies(self, name: str, *, parameters: Mapping[str, Parameter]) -> str:
        if name and name not in parameters:
            what = f"'{name}' is no parameter."
            do = near(name, parameters) if parameters else "Add it under [parameters]."
            self.faults.append(Fault(where=f"{self.name}, applies", what=what, do=do))
        return name

    def equations(
        self, given: Mapping[str, str], *, parameters: Mapping[str, Parameter]
    ) -> dict[str, Formula]:
        made: dict[str, Formula] = {}
        for name, text in given.items():
            names = {*INPUTS, *parameters, *made}
            if found := self.formula(text, names=names, where=f"equations.{name}"):
                made[name] = found
        return made

    def investments(
        self, given: Mapping[str, Any], *, names: set[str]
    ) -> tuple[dict[str, str], dict[str, Formula]]:
        known = {row["id"] for row in SHIPPED.rows("cost_curves")}
        curves: dict[str, str] = {}
        made: dict[str, Formula] = {}
        for name, text in given.items():
            where = f"investments.{name}"
            if isinstance(text, dict):
                curves[name], size = str(text.get("curve")), text.get("size", "")
                if curves[name] not in known:
                    what = f"'{curves[name]}' is no row of cost_curves."
                    do = near(curves[name], known)
                    self.faults.append(Fault(where=f"{self.name}, {where}", what=what, do=do))
            else:
                size = text
            if found := self.formula(size, names=names, where=where):
                made[name] = found
        return curves, made

    def validity(
        self, given: Mapping[str, Any], *, names: set[str]
    ) -> dict[str, tuple[float, float]]:
        made: dict[str, tuple[float, float]] = {}
        for name, ends in given.items():
            where = f"{self.name}, validity.{name}"
            if name not in names:
                what = f"'{name}' is not known."
                self.faults.append(Fault(where=where, what=what, do=near(name, names)))
            elif len(ends) != 2 or not ends[0] < ends[1]:
                what = f"{ends} is no range."
                self.faults.append(Fault(where=where, what=what, do="Write [low, high]."))
            else:
                made[name] = (float(ends[0]), float(ends[1]))
        return made
