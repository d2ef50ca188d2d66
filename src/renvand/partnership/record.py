"""The case folder into the embedded database, with the history of every change."""

from __future__ import annotations

from pathlib import Path

from renvand import knowledge
from renvand.errors import Fault, FileError
from renvand.partnership.database import Database
from renvand.partnership.folder import page_keys, read_case
from renvand.partnership.page import unnest
from renvand.partnership.save import PLANT_PAGES, cells, own_sources
from renvand.partnership.schema import ADDITIONS, schema_of_model, tables
from renvand.partnership.seminars import seminar_keys
from renvand.partnership.setup import open_record
from renvand.partnership.store import Changes, Loading, Writer, rows_of
from renvand.steps.case import CaseData


def load_case(path: Path | str, database: Database | None, *, who: str) -> Changes:
    """Load a case folder into the record.

    Parameters
    ----------
    path : path
        The case. Nothing in it is changed.
    database : path or str, optional
        The SQLite file, made when it is not there, or ``postgres://…``; None for the one that is
        open. Rows that are equal stay as they are.
    who : str
        Name under which the history keeps the changes.

    Returns
    -------
    Changes
        How many rows were made, changed and removed.

    Raises
    ------
    FileError
        With every fault of the folder; the record is then as before. Also when the record is of
        another version, and holds more than a folder can give back.
    """
    case = read_case(path)
    _refuse_loose(case)
    if database is not None:
        open_record(database, is_to_be_loaded=True)
    from django.db import transaction

    with transaction.atomic():
        loading = Loading(writer=_writer(who, "loaded from the folder"))
        _load(loading, case)
        loading.prune()
    return loading.changes


def _refuse_loose(case: CaseData) -> None:
    """Tables of the record may name only rows that are in the record too."""
    faults: list[Fault] = []
    for table, model in tables().items():
        for column, rule in schema_of_model(model).columns.items():
            listed = case.tables.get(rule.refers_to)
            if listed is None or rule.refers_to not in tables():
                continue
            named = set(case.tables[table][column].dropna())
            for word in sorted(named - set(listed["id"])):
                where, what = f"{table}.csv, {column}", f"'{word}' is known from inbox/ only."
                do = f"Add it to {rule.refers_to}.csv, or leave {table} to the inbox too."
                faults.append(Fault(where=where, what=what, do=do))
    if faults:
        raise FileError(faults)


def _writer(who: str, occasion: str) -> Writer:
    from django.contrib.auth import get_user_model

    user, _ = get_user_model().objects.get_or_create(username=who)
    return Writer(user=user, occasion=occasion)


def _load(loading: Loading, case: CaseData) -> None:
    from renvand.partnership import models as m

    for table, model in tables().items():
        loading.sync(model, rows_of(case.tables[table]))
    for shelf in ADDITIONS:
        rows = rows_of(case.tables[shelf])
        loading.sync(m.Addition, [{"cells": cells(row)} for row in rows], parent=shelf)
    loading.sync(m.Case, [unnest(case.settings, page_keys("case"))])
    loading.sync(m.Source, [{**entry, "id": key} for key, entry in own_sources(case).items()])
    keys = seminar_keys("seminar")
    loading.sync(m.Seminar, [unnest(seminar, keys) for seminar in case.seminars])
    for seminar in case.seminars:
        points = [unnest(p, seminar_keys("agenda")) for p in seminar.get("agenda", ())]
        row = m.Seminar.objects.get(slug=seminar["id"])
        loading.sync(m.AgendaPoint, points, parent=row)
    _load_folders(loading, case)


def _load_folders(loading: Loading, case: CaseData) -> None:
    from renvand.partnership import models as m

    keys = page_keys("review")
    loading.sync(m.Review, [{**unnest(r.settings, keys), "id": n} for n, r in case.reviews.items()])
    for name, review in case.reviews.items():
        row = m.Review.objects.get(slug=name)
        for table, model in tables("review").items():
            loading.sync(model, rows_of(review.tables[table]), parent=row)
    for name, plant in case.plant_folders.items():
        row = m.Plant.objects.get(slug=name)
        for table, model in tables("plant").items():
            loading.sync(model, rows_of(plant.tables[table]), parent=row)
        files = [f for f in PLANT_PAGES if (case.folder / "plants" / name / f).is_file()]
        texts = [knowledge.read_text(case.folder / "plants" / name / f, name=f) for f in files]
        rows = [{"file": f, "text": text} for f, text in zip(files, texts, strict=True)]
        loading.sync(m.PlantPage, rows, parent=row)
