"""How well records are linked, on labelled sets: learnt on one half, measured on the other.

Halves are made of whole entities, so that nothing of a measured entity was seen in learning. What
is learnt is the threshold and, of Chinese names, the scorer. Blocks are not chosen at all: pairs
are looked at that agree on any one whole field, whatever the file. The model itself sees both
halves, but no label.
"""

import csv
import hashlib

import numpy as np
import pandas as pd
import pytest
from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler, Levenshtein

from renvand.steps.register.doubts import ASK, mutual
from renvand.steps.register.names import comparable
from renvand.steps.register.similar import Plan, grouped, pairs
from renvand.steps.register.threshold import learnt, measured
from tests.shared import shared


def each_alone(fields, **rules):
    """Look at pairs that agree on one whole field, and at no others."""
    return Plan(fields=fields, blocks=[[name] for name in fields], **rules)


PEOPLE = each_alone(
    {
        "given_name": "name",
        "surname": "name",
        "date_of_birth": "code",
        "soc_sec_id": "code",
        "street_number": "word",
        "postcode": "code",
        "suburb": "text",
    },
    certain=[["soc_sec_id"], ["given_name", "surname", "date_of_birth"]],
    training=[["date_of_birth"], ["postcode"]],
)
FAKE = each_alone(
    {
        "first_name": "name",
        "surname": "name",
        "dob": "code",
        "city": "word",
        "email": "text",
    },
    certain=[["first_name", "surname"], ["email"]],
    training=[["dob"], ["first_name", "surname"]],
)


def half(entity):
    return int(hashlib.sha256(str(entity).encode()).hexdigest(), 16) % 2


def read(name):
    table = pd.read_csv(shared("data", "linkage", name), dtype=str, skipinitialspace=True)
    table.columns = table.columns.str.strip()
    return table.apply(lambda column: column.str.strip())


def held_out(found, entity, *, total):
    """Learn the threshold on each half in turn; measure it on the other."""
    for k in (0, 1):
        threshold = learnt(*on_half(found, entity, k), total=total[k]).threshold
        rest = on_half(found, entity, 1 - k)
        yield measured(*rest, total=total[1 - k], threshold=threshold)


def on_half(found, entity, k):
    """Give scores and labels of the pairs whose two records are of one half."""
    first, second = found["first"].map(entity), found["second"].map(entity)
    side = (first.map(half) == k) & (second.map(half) == k)
    return found.loc[side, "probability"], (first == second)[side]


def told(record_property, name, qualities):
    for k, q in enumerate(qualities):
        text = f"P {q.precision:.4f} R {q.recall:.4f} F1 {q.f1:.4f} at {q.threshold:.3f}"
        record_property(f"{name} {k}", text)
        print(name, text)


def test_febrl4_is_linked_all_but_perfectly(record_property):
    """5,000 people in two lists; F1 at least 0.999."""
    lists = [
        table.assign(id=table["rec_id"])
        for table in (read("febrl_dataset4a.csv"), read("febrl_dataset4b.csv"))
    ]
    found = pairs(*lists, plan=PEOPLE, seed=1)
    entity = pd.concat(lists).set_index("id")["rec_id"].str.extract(r"rec-(\d+)-")[0]
    count = lists[0]["rec_id"].str.extract(r"rec-(\d+)-")[0].map(half).value_counts()
    qualities = list(held_out(found, entity, total=count.to_dict()))
    told(record_property, "febrl4", qualities)
    assert min(q.f1 for q in qualities) >= 0.999


@pytest.fixture(scope="module")
def fake():
    table = read("fake_1000.csv").rename(columns={"unique_id": "id"})
    return table, pairs(table, plan=FAKE, seed=1)


def test_fake_1000_is_linked_above_086(fake, record_property):
    """1,000 rows of 251 people with many gaps; pairs, F1 at least 0.86."""
    table, found = fake
    entity = table.set_index("id")["cluster"]
    sizes = entity.value_counts()
    in_pairs = (sizes * (sizes - 1) / 2).groupby(sizes.index.map(half)).sum()
    qualities = list(held_out(found, entity, total=in_pairs.to_dict()))
    told(record_property, "fake_1000", qualities)
    assert min(q.f1 for q in qualities) >= 0.86


def test_groups_find_pairs_that_were_not_looked_at(fake):
    """What is alike to the same is the same: more true pairs at the same threshold."""
    table, found = fake
    entity = table.set_index("id")["cluster"]
    kept = found[found["probability"] >= 0.9]
    direct = int((kept["first"].map(entity) == kept["second"].map(entity)).sum())
    heads = pd.Series(grouped(found, 0.9))
    rows = pd.DataFrame({"head": heads, "entity": heads.index.map(entity)})
    sizes = rows.groupby(["head", "entity"]).size()
    assert int((sizes * (sizes - 1) // 2).sum()) > direct


SCORERS = (Levenshtein.normalized_similarity, JaroWinkler.similarity)


def compared(own, scorer):
    """Give scores and labels of the most similar each way, and how many there are to find."""
    names, others = ([comparable(row[c]) for row in own] for c in ("name", "perturbed"))
    found = list(mutual(process.cdist(names, others, scorer=scorer, dtype=np.float32)))
    return [s for *_, s in found], [i == j for i, j, _ in found], len(own)


def test_chinese_company_names_are_linked_above_093(record_property):
    """1,285 names and one distortion of each; the most similar each way, F1 at least 0.93."""
    path = shared("data", "linkage", "cn_company_names_constructed.csv")
    with path.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    sides = [[row for row in rows if half(row["id"]) == k] for k in (0, 1)]
    scored = {scorer: [compared(own, scorer) for own in sides] for scorer in SCORERS}
    qualities = []
    for k in (0, 1):
        choices = {s: learnt(*r[k][:2], total=r[k][2]) for s, r in scored.items()}
        best = max(choices, key=lambda s: choices[s].f1)
        scores, truth, total = scored[best][1 - k]
        threshold = choices[best].threshold
        qualities.append(measured(scores, truth, total=total, threshold=threshold))
    results = scored[JaroWinkler.similarity]
    told(record_property, "Chinese names", qualities)
    assert min(q.f1 for q in qualities) >= 0.93
    shown = [measured(s, t, total=n, threshold=ASK) for s, t, n in results]
    told(record_property, "Chinese names, as asked", shown)
    assert min(q.precision for q in shown) >= 0.99
    assert min(q.recall for q in shown) >= 0.93
    assert np.mean([q.f1 for q in shown]) >= 0.95
