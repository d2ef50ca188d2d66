"""The stages of the programme in their order: what each reads, needs and does."""

from __future__ import annotations

from dataclasses import replace

from renvand.knowledge import laid_over
from renvand.programme.stage import Product, Results, Stage
from renvand.steps.case import CaseData

_REGISTER = ("inbox/*", "enterprises.csv", "outlets.csv", "permit_limits.csv", "observations.csv")
_REVIEWS = ("reviews/*/*",)
_PLANTS = ("plants.csv", "plants/*/*")
_RIVER = (
    "*.geojson",
    *("reaches.csv", "splits.csv", "intakes.csv"),
    "background.csv",
)
_KNOWLEDGE = tuple(f"{name}.csv" for name in laid_over())  # any step may look into them
_STEPS = (
    *("register", "sectors", "shortlist", "review"),
    *("potential", "plants", "trial", "effect"),
)
_EVERYWHERE = ("case", "knowledge", "standards")  # sections of case.toml any step may look into
_PROGRAMME = ("partners.csv", "budget.csv", "actions.csv", "seminars.toml")


def _register(case: CaseData, _: Results) -> Product:
    from renvand.publish.register import register_documents
    from renvand.steps.register import register

    outcome = register(case)
    return Product(outcome=outcome, documents=register_documents(case, outcome))


def _sectors(case: CaseData, results: Results) -> Product:
    from renvand.steps.sectors import sectors

    return Product(outcome=sectors(case, results["register"]))


def _shortlist(case: CaseData, results: Results) -> Product:
    from renvand.steps.shortlist import shortlist

    return Product(outcome=shortlist(case, results["register"], sectors=results["sectors"]))


def _review(case: CaseData, _: Results) -> Product:
    from renvand.steps.review import review

    return Product(outcome=review(case))


def _potential(case: CaseData, results: Results) -> Product:
    from renvand.steps.potential import potential

    outcome = potential(case, results["review"])
    pictures = outcome.extras["pictures"]
    documents = {f"{name}.svg": svg.encode() for name, svg in pictures.items()}
    return Product(outcome=replace(outcome, extras={}), documents=documents)


def _plants(case: CaseData, _: Results) -> Product:
    from renvand.steps.plants import plants

    return Product(outcome=plants(case))


def _trial(case: CaseData, _: Results) -> Product:
    from renvand.steps.trial import trial

    return Product(outcome=trial(case))


def _effect(case: CaseData, results: Results) -> Product:
    from renvand.steps.effect import effect, pictures
    from renvand.steps.effect.loads import of_register
    from renvand.steps.effect.saved import removals

    removed, figures = removals(case, review=results["review"], potential=results["potential"])
    made = effect(case, removed, loads=of_register(results["register"]))
    outcome = replace(made, figures=(*figures, *made.figures))
    return Product(outcome=outcome, documents=pictures(case, outcome))


def _sheets(case: CaseData, results: Results) -> Product:
    from renvand.publish.build import sheet_documents

    outcome, documents = sheet_documents(case, results)
    return Product(outcome=outcome, documents=documents)


def _seminars(case: CaseData, results: Results) -> Product:
    from renvand.publish.build import seminar_documents

    outcome, documents = seminar_documents(case, results)
    return Product(outcome=outcome, documents=documents)


def _secretariat(case: CaseData, _: Results) -> Product:
    from renvand.steps.secretariat import secretariat

    return Product(outcome=secretariat(case))


_STAGES = (
    Stage(
        name="register",
        reads=(*_REGISTER, *_RIVER, *_PLANTS[:1]),
        needs=(),
        work=_register,
        sections=("register", "ranking"),
    ),
    Stage(name="sectors", reads=(), needs=("register",), work=_sectors, sections=("sectors",)),
    Stage(
        name="shortlist",
        reads=(),
        needs=("register", "sectors"),
        work=_shortlist,
        sections=("shortlist",),
    ),
    Stage(name="review", reads=(*_REVIEWS, *_REGISTER[1:]), needs=(), work=_review),
    Stage(
        name="potential",
        reads=_REVIEWS,
        needs=("review",),
        work=_potential,
        sections=("potential",),
    ),
    Stage(name="plants", reads=(*_PLANTS, *_RIVER), needs=(), work=_plants, sections=("plants",)),
    Stage(name="trial", reads=_PLANTS, needs=(), work=_trial, sections=("trial", "potential")),
    Stage(
        name="effect",
        reads=(*_RIVER, *_PLANTS, *_REGISTER[1:]),
        needs=("register", "review", "potential"),
        work=_effect,
    ),
    Stage(
        name="sheets",
        reads=(*_REVIEWS, *_RIVER, "plants.csv", "logo.png"),
        needs=_STEPS,
        work=_sheets,
        sections=("sheet",),
    ),
    Stage(
        name="seminars",
        reads=(*_REVIEWS, *_PROGRAMME, "logo.png"),
        needs=_STEPS,
        work=_seminars,
        sections=("sheet",),
    ),
    Stage(name="secretariat", reads=_PROGRAMME, needs=(), work=_secretariat),
)

STAGES: tuple[Stage, ...] = tuple(
    replace(s, reads=(*s.reads, *_KNOWLEDGE), sections=(*_EVERYWHERE, *s.sections)) for s in _STAGES
)
