"""What a review says about a dyehouse that can be checked by hand."""

import json

import numpy as np
import pytest

from renvand.errors import FileError
from renvand.steps.review import check, review
from renvand.trace import Ledger
from tests.unit.review.small import case, dyehouse, meters, samples, streams, units


def figure(outcome, name):
    return next(f for f in outcome.figures if f.id == f"review.dye-a.{name}")


def row(outcome, table, **wanted):
    frame = outcome.tables[table]
    for column, value in wanted.items():
        frame = frame[frame[column] == value]
    assert len(frame) == 1, frame
    return frame.iloc[0]


def test_water_per_product_comes_with_its_interval():
    """Two meters of the same water, 1000 and 1010 ± 20: 1005 ± 14 over ten tonnes."""
    found = figure(review(case()), "specific_water")
    assert found.value == pytest.approx(100.5, abs=1.0)
    assert found.unit == "m3/t"
    assert 1.5 < found.high - found.value < 3.0


def test_the_balance_of_every_unit_closes():
    balances = review(case()).tables["balances"]
    assert set(balances["unit"]) == {"tank", "dyeing", "works"}
    assert (balances["closure"].dropna().abs() < 1e-10).all()


def test_every_figure_leads_to_a_measurement_or_a_source():
    outcome = review(case())
    ledger = Ledger()
    ledger.add(outcome.figures)
    files = {o.file for f in outcome.figures for o in ledger.origins(f.id)}
    assert files == {
        "reviews/dye-a/meters.csv",
        "reviews/dye-a/samples.csv",
        "reviews/dye-a/energy.csv",
        "reviews/dye-a/chemicals.csv",
        "reviews/dye-a/review.toml",
        "knowledge/good_practice.csv",
        "knowledge/limits.csv",
        "knowledge/prices.csv",
    }
    for name in outcome.tables["key_figures"]["figure"]:
        assert name in ledger.figures


def test_a_flow_nobody_measured_follows_from_the_balance_and_says_so():
    found = figure(review(case()), "s4.flow")
    assert found.method == "not measured; follows from the balances"
    assert {o.row for o in found.made_of} >= {"s5", "s6"}


def test_reuse_and_cod_are_counted_as_the_index_systems_do():
    outcome = review(case())
    assert figure(outcome, "water_reuse").value == pytest.approx(100 * 100 / 1105, rel=0.02)
    # COD that reaches the treatment: some 1050 m³/d of 1500 mg/l over ten tonnes.
    assert figure(outcome, "specific_cod").value == pytest.approx(157, rel=0.03)
    assert figure(outcome, "load_discharged.COD").value == pytest.approx(14.2, rel=0.03)
    assert figure(outcome, "specific_electricity").value == 950
    assert figure(outcome, "specific_chemicals.salt").value == 400


def test_good_practice_is_compared_where_the_unit_is_the_same():
    """Knit counts in tonnes, woven cloth in hundred metres: only knit can be compared."""
    outcome = review(case())
    near = row(
        outcome, "comparison", indicator="specific-water", process="cotton-knit", level="level-2"
    )
    assert near["is_nearest"]
    assert near["position"] == "met"
    assert near["ratio"] == pytest.approx(100.5 / 150, rel=0.01)
    first = row(
        outcome, "comparison", indicator="specific-water", process="cotton-knit", level="level-1"
    )
    assert first["position"] == "unsure"
    assert "cotton-woven" not in set(outcome.tables["comparison"]["process"])


def test_a_sector_without_rows_gets_no_comparison():
    outcome = review(case(dyehouse(page={"sector": "beverages"})))
    assert outcome.tables["comparison"].empty
    assert outcome.tables["compliance"].empty


def test_the_permit_goes_before_the_standard():
    outcome = review(case(COD=160))
    cod = row(outcome, "compliance", substance="COD")
    assert cod["is_permit"]
    assert cod["limit"] == 160
    assert 0.2 < cod["probability_exceeded"] < 0.3  # 150 ± 15 against 160
    own = review(case()).tables["compliance"].set_index("substance")
    assert not own.loc["COD", "is_permit"]
    assert own.loc["COD", "limit"] == 200  # indirect, GB 4287
    assert (
        review(case(kind="direct")).tables["compliance"].set_index("substance").loc["COD", "limit"]
        == 80
    )


def test_whoever_drains_more_than_the_base_volume_has_it_counted():
    """94 m³/t against 85 of the standard for knit: the concentration counts 1.1 times."""
    cod = row(review(case()), "compliance", substance="COD")
    assert cod["corrected"] / cod["value"] == pytest.approx(94 / 85, rel=0.02)
    assert row(review(case(COD=160)), "compliance", substance="COD")["corrected"] == cod["value"]


def test_a_value_below_the_reporting_limit_exceeds_nothing_unless_the_limit_is_lower():
    sure = row(review(case(TN=30)), "compliance", substance="TN")
    assert sure["is_censored"]
    assert sure["probability_exceeded"] < 1e-3
    outcome = review(case(TN=1))
    blind = row(outcome, "compliance", substance="TN")
    assert np.isnan(blind["probability_exceeded"])
    assert not blind["is_exceeded"]
    assert (
        "reviews/dye-a/samples.csv, TN in s5: was looked for with a reporting limit above the"
        " limit of 1 mg/l. Have it analysed with a lower reporting limit."
    ) in map(str, outcome.findings)


def test_repeated_samples_count_as_one_better_one():
    often = dyehouse(samples=samples("s5 COD 140 15", "s5 COD 160 15", "s4 COD 1500 100"))
    table = review(case(often)).tables["streams"]
    cod = table[(table["stream"] == "s5") & (table["quantity"] == "COD")].iloc[0]
    assert cod["raw"] == 150
    assert cod["raw_sd"] == pytest.approx(15 / np.sqrt(2))


def test_a_wrong_meter_is_told_in_words():
    wrong = dyehouse(
        meters=meters(
            s1=(1000, 5), s2=(1000, 5), s3=(50, 2), s4=(1050, 5), s5=(1040, 5), s6=(100, 2)
        )
    )
    told = [str(f) for f in review(case(wrong)).findings]
    assert told[0].startswith("reviews/dye-a/meters.csv, s5: reads 90 ± ")
    assert "m3/d too much" in told[0]
    assert "It was left out of the balance; check the meter." in told[0]


def test_a_gap_names_the_meter_that_would_close_it():
    blind = dyehouse(meters=meters(s1=(1000, 20), s5=(940, 20)))
    told = [str(f) for f in review(case(blind)).findings]
    assert (
        "reviews/dye-a/meters.csv: the flow of s4, s6 cannot be known. Measure s4: it tells s4, s6."
    ) in told


def test_a_drawn_leak_that_the_balance_proves_is_told():
    lines = [" ".join(r) for r in dyehouse().tables["streams"].to_numpy()]
    leaking = dyehouse(
        streams=streams(*lines, "s7 tank drain leak"),
        meters=meters(s1=(1100, 5), s2=(1000, 5), s3=(50, 5), s5=(950, 5), s6=(100, 5)),
    )
    told = [str(f) for f in review(case(leaking)).findings]
    assert told[0].startswith("reviews/dye-a/streams.csv, s7: 100 ± 1")
    assert told[0].endswith("m3/d leak from tank. Find and mend it.")


def test_the_diagram_has_water_and_loads_and_can_be_written():
    diagram = json.loads(json.dumps(review(case()).extras["sankey"], allow_nan=False))["dye-a"]
    edges = {e["stream"]: e for e in diagram["edges"]}
    assert edges["s5"]["from"] == "works"
    assert edges["s5"]["loads_kg_d"]["COD"] == pytest.approx(142, rel=0.03)
    assert edges["s3"]["loads_kg_d"]["COD"] == 0
    assert {n["kind"] for n in diagram["nodes"]} >= {"outside", "storage"}


def test_all_faults_of_all_reviews_come_at_once():
    data = dyehouse(
        page={"production": 0},
        streams=streams("s1 supply tank fresh", "s2 tank dying fresh"),
        meters=meters(s1=(1000, 0), s9=(5, 1)),
        samples=samples("s1 COD 5 1").assign(sampled_on=None),
        units=units("tank storage"),
    )
    faults = [str(f) for f in check("dye-a", data)]
    assert faults == [
        "reviews/dye-a/review.toml: production is not above zero."
        " Give the product of an operating day.",
        "reviews/dye-a/meters.csv, s1: std_m3_d is 0."
        " Say how far the value may be off; nothing is measured exactly.",
        "reviews/dye-a/samples.csv, s1, COD: has no date. Give the day it was taken.",
        "reviews/dye-a/chemicals.csv: no unit 'dyeing'. Add it to units.csv, or correct the name.",
        "reviews/dye-a/energy.csv: no unit 'dyeing'. Add it to units.csv, or correct the name.",
        "reviews/dye-a, stream 's2': no unit 'dying'. Did you mean 'drain'?",
        "reviews/dye-a, measurement of flow in 's9': no such stream. Allowed: s1, s2.",
    ]
    with pytest.raises(FileError) as caught:
        review(case(data))
    assert len(caught.value.faults) == len(faults)
