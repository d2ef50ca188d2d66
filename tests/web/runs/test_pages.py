"""A person starts work, sees how far it is, stops it; others see only what is theirs."""

import json
import threading
from pathlib import Path

import pytest

from tests.web.people import body, browser_of

DRAWN = Path(__file__).parents[3] / "examples" / "chongqing" / "plants" / "kaizhou"


@pytest.fixture(autouse=True)
def _no_runs(case):
    from renvand.partnership.models import Run

    Run.objects.all().delete()


def start(name: str, kind: str, **told: str):
    return browser_of(name).post(f"/en/runs/start/{kind}/", told)


def only():
    from renvand.partnership.models import Run

    return Run.objects.get()


def work_off(case) -> None:
    """Do what waits, as a worker would, in this process."""
    from renvand.web.runs import queue
    from renvand.web.runs.bench import Job
    from renvand.web.runs.work import perform

    while claim := queue.claim("here"):
        job = Job(task=claim.task, arguments=claim.arguments, run=claim.run, attempt=1)
        queue.finish(claim, perform(job, case, tell=lambda told: None))


def test_a_run_is_started_watched_and_found_again(case):
    office = browser_of("office")
    answer = start("office", "network", review="dye-a")
    run = only()
    assert answer.headers["Location"] == f"/en/runs/{run.pk}/"
    assert run.enterprise == "dye-works"
    page = body(office.get(f"/en/runs/{run.pk}/"))
    assert "waiting" in page
    assert 'hx-trigger="every 1s"' in page
    assert "Water network of dye-a" in body(office.get("/en/runs/"))
    assert "用水网络：dye-a" in body(office.get("/zh/runs/"))
    start("expert", "network", review="dye-a")
    assert only().pk == run.pk, "asked for by two, done once"
    work_off(case)
    page = body(office.get(f"/da/runs/{run.pk}/"))
    assert "færdig" in page
    assert "hx-trigger" not in page, "what is done is not asked for again"
    assert json.loads(body(office.get(f"/en/runs/{run.pk}.json")))["state"] == "done"
    again = office.post("/en/runs/start/network/", {"review": "dye-a"})
    assert only().pk == run.pk
    assert "worked out before" in body(office.get(again.headers["Location"]))


def test_a_change_of_the_inputs_is_another_run(case):
    start("office", "simulate", plant="north")
    start("office", "simulate", plant="north", **{"changes.aerobic.kla": "100"})
    from renvand.partnership.models import Run

    assert Run.objects.count() == 2
    assert Run.objects.latest("pk").arguments == {
        "plant": "north",
        "changes": {"aerobic.kla": 100.0},
    }
    drawing = case / "plants" / "north" / "plant.toml"
    text = drawing.read_text()
    drawing.write_text(f"{text}# looked over\n")
    try:
        start("office", "simulate", plant="north")
        assert Run.objects.count() == 3
    finally:
        drawing.write_text(text)


RESULT = {
    "performance": {"AE": 600.0, "PE": 300.0, "ME": 100.0},
    "effluent": {"NH4": 1.25, "Q": 5000.0},
    "violations": {},
    "series": [{"t_d": day, "NH4": 1.0 + day} for day in range(5)],
}


@pytest.fixture
def drawn(case):
    """Give the small plant a drawing and an inflow that can be simulated."""
    folder, real = case / "plants" / "north", DRAWN
    kept = {name: (folder / name).read_bytes() for name in ("plant.toml", "influent.csv")}
    for name in kept:
        (folder / name).write_bytes((real / name).read_bytes())
    yield
    for name, data in kept.items():
        (folder / name).write_bytes(data)


@pytest.mark.usefixtures("drawn")
def test_runs_are_compared_and_one_is_duplicated(case):
    from renvand.partnership.models import Run

    start("office", "simulate", plant="north", days="2")
    told = {"plant": "north", "days": "2", "changes.carbon": "3,5"}
    browser_of("office").post("/da/runs/start/simulate/", told)
    first, second = Run.objects.order_by("pk")
    assert second.arguments["changes"] == {"carbon": 3.5}, "a Danish comma is a point"
    other = {**RESULT, "effluent": {"NH4": 2.5, "Q": 5000.0}}
    Run.objects.filter(pk=first.pk).update(state="done", result=RESULT)
    Run.objects.filter(pk=second.pk).update(state="done", result=other)
    page = body(browser_of("office").get("/en/plants/north/scenarios/"))
    for said in ("0.2000", "1.250", "2.500", "+100%", "carbon = 3.5"):
        assert said in page, said
    assert page.count("<polyline") == 2
    like = body(browser_of("office").get(f"/en/plants/north/scenarios/?like={second.pk}"))
    assert 'name="changes.carbon" inputmode="decimal" placeholder="6.000" value="3.5"' in like
    assert "Start" not in body(browser_of("seller").get("/en/plants/north/scenarios/"))


POINTS = [
    {"point": "p1", "carbon": 0.3, "energy_kwh_m3": 0.13, "TN_g_m3": 14.5, "n2o_kg_d": 44.0},
    {"point": "p2", "carbon": 1.2, "energy_kwh_m3": 0.14, "TN_g_m3": 10.2, "n2o_kg_d": None},
]
FOUND = {
    "points": POINTS,
    "levers": ["carbon"],
    "objectives": ["energy_kwh_m3", "TN_g_m3", "n2o_kg_d"],
    "limits": {"TN": 12.0},
    "evaluations": 8,
}


@pytest.mark.usefixtures("drawn")
def test_a_front_is_searched_and_its_points_are_clicked(case):
    from renvand.partnership.models import Run

    office = browser_of("office")
    page = body(office.get("/zh/plants/north/front/"))
    assert 'name="levers" value="carbon"' in page
    told = {"plant": "north", "levers": ["carbon", "recycle"], "evaluations": "8"}
    assert office.post("/en/runs/start/optimise/", told).status_code == 302
    run = Run.objects.get()
    assert run.arguments == {"plant": "north", "levers": ["carbon", "recycle"], "evaluations": 8}
    Run.objects.filter(pk=run.pk).update(state="done", result=FOUND)
    page = body(office.get("/en/plants/north/front/?point=p2&x=TN_g_m3"))
    assert page.count("<circle") == 2
    assert page.count("front breaks") == 1, "p1 is over the limit of nitrogen"
    assert '<tr class="chosen"><th scope="row"><a href="?point=p2&amp;x=TN_g_m3"' in page
    assert 'name="settings.carbon" value="1.2"' in page
    answer = office.post(
        "/en/runs/start/simulate/", {"plant": "north", "days": "14", "settings.carbon": "1.2"}
    )
    simulated = Run.objects.latest("pk")
    assert answer.headers["Location"] == f"/en/runs/{simulated.pk}/"
    assert simulated.arguments["settings"] == {"carbon": 1.2}
    assert " = 1.20</td>" in body(office.get("/en/plants/north/scenarios/"))
    like = body(office.get(f"/en/plants/north/scenarios/?like={simulated.pk}"))
    assert 'name="settings.carbon"' in like
    assert body(office.get(f"/en/runs/{run.pk}/")).count("<table") >= 3
    assert "<circle" not in body(browser_of("seller").get("/en/plants/north/front/"))
    refused = office.post("/en/runs/start/optimise/", {"plant": "north"}, follow=True)
    assert "levers: Field required" in body(refused)


@pytest.mark.slow
@pytest.mark.usefixtures("drawn")
def test_a_search_is_done_by_a_worker(case):
    office = browser_of("office")
    office.post(
        "/en/runs/start/optimise/",
        {"plant": "north", "levers": ["carbon", "recycle"], "evaluations": "8"},
    )
    work_off(case)
    page = body(office.get("/en/plants/north/front/"))
    assert "<circle" in page
    assert "8 simulations of 14 days." in page
    from renvand.partnership.models import Run

    (point, *_) = Run.objects.get().result["points"]
    told = {f"settings.{lever}": str(point[lever]) for lever in ("carbon", "recycle")}
    office.post("/en/runs/start/simulate/", {"plant": "north", "days": "14", **told})
    work_off(case)
    found = Run.objects.latest("pk").result
    assert found["effluent"]["TN"] == pytest.approx(point["TN_g_m3"], rel=0.02)


def test_a_plant_without_a_drawing_begins_with_a_common_one(case):
    from renvand.partnership.folder import check_case
    from renvand.partnership.models import PlantPage

    office, folder = browser_of("office"), case / "plants" / "north"
    assert office.post("/en/plants/north/draw/").status_code == 404, "there is a drawing"
    kept = {name: (folder / name).read_bytes() for name in ("plant.toml", "influent.csv")}
    rows = list(PlantPage.objects.all())
    PlantPage.objects.all().delete()
    for name in kept:
        (folder / name).unlink()
    try:
        assert "Draw the plant" in body(office.get("/en/plants/north/"))
        assert "Draw the plant" not in body(browser_of("authority").get("/en/plants/north/"))
        assert browser_of("authority").post("/en/plants/north/draw/").status_code == 404
        page = body(office.post("/en/plants/north/draw/", follow=True))
        assert "Start" in page
        assert "Draw the plant" not in page
        assert check_case(case) == ()
        assert "Start" in body(office.get("/en/plants/north/scenarios/"))
    finally:
        PlantPage.objects.all().delete()
        PlantPage.objects.bulk_create(rows)
        (folder / "equipment.toml").unlink(missing_ok=True)
        for name, data in kept.items():
            (folder / name).write_bytes(data)


def test_a_plant_that_cannot_be_simulated_says_what_is_missing(case):
    page = body(browser_of("office").get("/da/plants/north/scenarios/"))
    assert "Anlægget kan endnu ikke simuleres:" in page
    assert "kolonnen &#x27;X_ND&#x27;." in page
    assert "<button>Start</button>" not in page


def test_a_run_can_be_stopped(case):
    start("expert", "programme")
    assert "Stop" in body(browser_of("expert").get(f"/en/runs/{only().pk}/"))
    browser_of("expert").post(f"/en/runs/{only().pk}/stop/")
    assert only().state == "stopped"


@pytest.mark.parametrize(
    ("kind", "told", "said"),
    [
        ("nonsense", {}, "run: &#x27;nonsense&#x27; is not known."),
        ("simulate", {}, "simulate, plant: Field required."),
        ("simulate", {"plant": "../../etc"}, "simulate, plant: String should match pattern"),
        ("simulate", {"plant": "north", "days": "-1"}, "simulate, days: Input should be greater"),
        ("simulate", {"plant": "north", "changes.x": "nan"}, "simulate, changes.x: Input should"),
        ("network", {"review": "dye-a", "more": "1"}, "network, more: Extra inputs"),
    ],
)
def test_what_cannot_be_started_is_said(case, kind, told, said):
    office = browser_of("office")
    answer = office.post(f"/en/runs/start/{kind}/", told)
    assert said in body(office.get(answer.headers["Location"]))
    from renvand.partnership.models import Run

    assert not Run.objects.exists()


def test_only_the_company_itself_sees_a_run_with_its_numbers(case):
    start("office", "network", review="dye-a")
    address = f"/en/runs/{only().pk}"
    for name, status in {"dyer": 200, "expert": 200, "plater": 404, "seller": 404, "public": 404,
                         "authority": 404}.items():  # fmt: skip
        for end in ("/", ".json"):
            assert browser_of(name).get(address + end).status_code == status, name
    assert "dye-a" not in body(browser_of("plater").get("/en/runs/"))
    for name in ("dyer", "plater", "seller", "public", "authority"):
        assert browser_of(name).post(f"{address}/stop/").status_code == 404
        assert start(name, "programme").status_code == 404
    assert only().state == "waiting"


def test_ten_people_who_press_at_once_start_one_run(case):
    from django.db import connection

    def press():
        start("office", "link")
        connection.close()

    threads = [threading.Thread(target=press) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert only().state == "waiting"
