"""The stages of the programme in their order: what each reads, needs and does."""

from __future__ import annotations

from renvand.programme.stage import Product, Results, Stage
from renvand.steps.case import CaseData

_REGISTER = ("inbox/*", "enterprises.csv", "outlets.csv", "permit_limits.csv", "observations.csv")
_REVIEWS = ("reviews/*/*",)
_PLANTS = ("plants.csv", "plants/*/*")
_RIVER = ("reaches.csv", "background.csv")
_CATALOGUE = ("technologies.csv", "suppliers.csv", "prices.csv")
_PROGRAMME = ("partners.csv", "budget.csv", "actions.csv", "seminars.toml")


def _register(case: CaseData, _: Results) -> Product:
    from renvand.steps.register import register

    return Product(outcome=register(case))


def _sectors(case: CaseData, results: Results) -> Product:
    from renvand.steps.sectors import sectors

    return Product(outcome=sectors(case, results["register"]))


def _shortlist(case: CaseData, results: Results) -> Product:
    from renvand.steps.shortlist import shortlist

    return Product(outcome=shortlist(case, results["register"], sectors=results["sectors"]))


def _plants(case: CaseData, _: Results) -> Product:
    from renvand.steps.plants import plants

    return Product(outcome=plants(case))


def _trial(case: CaseData, _: Results) -> Product:
    from renvand.steps.trial import trial

    return Product(outcome=trial(case))


def _secretariat(case: CaseData, _: Results) -> Product:
    from renvand.steps.secretariat import secretariat

    return Product(outcome=secretariat(case))


STAGES: tuple[Stage, ...] = (
    Stage(name="register", reads=(*_REGISTER, *_RIVER, *_PLANTS[:1]), needs=(), work=_register),
    Stage(name="sectors", reads=_CATALOGUE, needs=("register",), work=_sectors),
    Stage(name="shortlist", reads=(), needs=("register", "sectors"), work=_shortlist),
    Stage(name="plants", reads=(*_PLANTS, *_RIVER), needs=(), work=_plants),
    Stage(name="trial", reads=_PLANTS, needs=(), work=_trial),
    Stage(name="secretariat", reads=_PROGRAMME, needs=(), work=_secretariat),
)
