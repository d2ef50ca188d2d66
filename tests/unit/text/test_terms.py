"""The words of the documents keep to the glossary."""

import csv
from pathlib import Path

import pytest

import renvand
from renvand.text import LANGUAGES, Words
from renvand.text.terms import departures
from renvand.text.words import catalogue
from tests.shared import shared

DOCUMENTS = {"sheet", "sector", "seminar", "plant", "region"}
# Looked at and meant: the reason stands behind each.
MEANT = {
    # metal finishing says 清洗 where textiles say 水洗 (note of the glossary)
    ("sector.surface-treatment_intro", "zh", "rinsing"),
    ("sector.surface-treatment_treatment", "zh", "rinse water"),
    ("sector.surface-treatment_first_3", "zh", "rinse water"),
    # 含氰废水 is the line that holds cyanide, as GB 21900 writes
    ("sector.surface-treatment_treatment", "zh", "cyanide"),
    ("sector.surface-treatment_first_4", "zh", "cyanide"),
    # the industry is 印染 (note of the glossary); 纺织品染色 is the act
    ("sector.textile-dyeing", "zh", "textile dyeing"),
    # a drag-out tank has names of its own: sparskyl, 回收槽
    ("sector.surface-treatment_first_1", "da", "drag-out"),
    ("sector.surface-treatment_first_1", "zh", "drag-out"),
    # 'source' of a metal is not a source of information; removing colour is 脱色
    ("sector.surface-treatment_intro", "zh", "source"),
    ("sector.textile-dyeing_treatment", "zh", "colour"),
    # the verb: udleder
    ("sector.textile-dyeing_load", "da", "discharge"),
    ("sector.surface-treatment_load", "da", "discharge"),
    ("sector.metalworking_load", "da", "discharge"),
    # the glossary's note: of water it is 节水潜力; Danish turns the compound round
    ("sheet.saving_potential", "zh", "saving potential"),
    ("sheet.saving_potential", "da", "water saving"),
    ("sheet.money_saving", "zh", "per year"),  # 年节约 is a column head
    ("sheet.air", "da", "evaporation"),  # loss to air in a balance: fordampning (glossary's note)
    ("sheet.specific_wastewater", "zh", "wastewater"),  # 排水量 is the word of the standards
    ("plant.process_sbr", "da", "batch"),  # the process has a name of its own: SBR
    ("plant.process_sbr", "zh", "batch"),
    ("plant.lever_recycle", "zh", "nitrate"),  # 硝化液回流 is what plants call it
    ("region.lead", "zh", "programme"),  # the partnership's: 项目, not the day's 议程
    ("region.gap_reach", "da", "discharge"),  # the verb: udleder; 排污企业
    ("region.gap_reach", "zh", "discharge"),
    ("seminar.invite_who", "zh", "seminar"),  # 会议: the name stands in the sentence before
}


def test_the_documents_use_the_terms_of_the_glossary():
    with shared("data", "text", "glossary.csv").open(encoding="utf-8") as lines:
        glossary = [row for row in csv.DictReader(lines) if row["confidence"] == "A"]
    ours = {k: v for k, v in catalogue().items() if k.split(".")[0] in DOCUMENTS}
    found = departures(ours, glossary, columns={"da": "da", "zh": "zh_hans"})
    unmeant = [d for d in found if (d.key.removesuffix("_one"), d.language, d.term) not in MEANT]
    assert not unmeant, "\n".join(
        f"{d.key} {d.language}: {d.term} -> {d.agreed} | {d.sentence}" for d in unmeant
    )


def test_no_word_of_the_documents_is_left_over():
    """What no module names is dead; keys made of parts are named by their beginning."""
    source = Path(renvand.__file__).parent
    text = "".join(
        path.read_text(encoding="utf-8")
        for folder in ("publish", "text")
        for path in sorted((source / folder).rglob("*.py"))
    )
    made = (
        "sheet.alt_",
        "sheet.confidence_",
        "sheet.mark_",
        "sheet.class_",
        "seminar.",
        "region.",
        "plant.",
    )
    ours = [
        k.removesuffix("_one") for k in catalogue() if k.split(".")[0] in DOCUMENTS - {"sector"}
    ]
    unused = [
        key
        for key in ours
        if key not in text and f'"{key.split(".")[1]}"' not in text and not key.startswith(made)
    ]
    assert not unused


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_review_is_not_told_in_the_plural(language):
    """A sentence with a count has a second form where it reads badly with one."""
    say = Words(language)
    one, two = (say("sheet.sector_subtitle", n=n, region="Ave") for n in ("1", "2"))
    assert one == say("sheet.sector_subtitle_one", region="Ave")
    assert "2" in two
