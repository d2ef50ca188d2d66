"""Long work is done once, told once, stopped at once; whoever dies loses nothing."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.record import blank

HERE = Path(__file__).resolve().parents[3]
CHORES = "tests.web.runs.chores"


@pytest.fixture
def record(tmp_path: Path):
    from renvand.partnership.setup import open_record

    database = blank(tmp_path / "record.sqlite3")
    open_record(database)
    return database


def worker(case: Path, database, *options: str) -> subprocess.Popen:
    environ = {**os.environ, "DATABASE_URL": str(database), "PYTHONPATH": str(HERE)}
    command = [sys.executable, "-m", "renvand", "work", str(case), *options]
    return subprocess.Popen(command, cwd=HERE, env=environ)


@contextmanager
def working(case: Path, database, *options: str):
    started = worker(case, database, *options)
    yield started
    started.send_signal(signal.SIGTERM)
    assert started.wait(20) == 0


def put(chore: str, **arguments):
    from renvand.web.runs import queue

    return queue.put(f"{CHORES}.{chore}", arguments)[0]


def wait_for(run, *states: str, seconds: float = 30.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        run.refresh_from_db()
        if run.state in states:
            return run
        time.sleep(0.05)
    raise AssertionError(f"{run.state} after {seconds} s: {run.log}")


def test_work_is_done_by_a_worker_and_its_result_found_again(record, tmp_path):
    run = put("climb", steps=3, folder=str(tmp_path))
    with working(tmp_path, record):
        wait_for(run, "done")
    assert run.result == {"top": 3}
    assert (run.done, run.total, run.attempt) == (3, 3, 1)
    assert "on the way up" in run.log
    again = put("climb", steps=3, folder=str(tmp_path))
    assert again.pk == run.pk, "same inputs, same result: nothing is done twice"
    assert put("climb", steps=4, folder=str(tmp_path)).pk != run.pk


def test_the_same_work_asked_for_by_two_is_one_run(record, tmp_path):
    first = put("climb", steps=3, folder=str(tmp_path))
    assert put("climb", steps=3, folder=str(tmp_path)).pk == first.pk


def test_a_run_is_stopped_within_a_few_seconds(record, tmp_path):
    from renvand.partnership.models.runs import Run
    from renvand.web.runs import queue

    run = put("climb", steps=600, folder=str(tmp_path))
    with working(tmp_path, record):
        wait_for(run, "running")
        while not (tmp_path / "bench").exists() or run.done < 5:
            time.sleep(0.05)
            run.refresh_from_db()
        assert run.total == 600
        assert run.message == "programme.register"
        assert queue.stop(Run.objects.filter(pk=run.pk)) == 1
        wait_for_death(int((tmp_path / "bench").read_text()), seconds=5)
        run.refresh_from_db()
        assert (run.state, run.result) == ("stopped", None)
        after = put("climb", steps=2, folder=str(tmp_path))
        assert wait_for(after, "done").result == {"top": 2}, "the worker goes on"


def wait_for_death(pid: int, *, seconds: float):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    raise AssertionError(f"{pid} still lives after {seconds} s")


def test_a_fault_of_the_input_is_told_in_words(record, tmp_path):
    run = put("stumble", over="stone.csv")
    with working(tmp_path, record, "--until-empty") as started:
        started.wait(30)
    wait_for(run, "failed")
    assert run.faults == [{"where": "stone.csv", "what": "is in the way.", "do": "Lift your feet."}]
    assert put("stumble", over="stone.csv").pk != run.pk, "asked for again, it is tried again"


def test_our_own_fault_is_told_with_its_trace_and_not_tried_again(record, tmp_path):
    runs = [put("crash"), put("not_a_task"), put("climb", steps=1, folder=str(tmp_path))]
    with working(tmp_path, record, "--until-empty") as started:
        started.wait(30)
    for run in runs:
        run.refresh_from_db()
    assert [run.state for run in runs] == ["failed", "failed", "done"]
    assert "ZeroDivisionError: ours" in runs[0].log
    assert runs[0].attempt == 1
    assert "is not a task" in runs[1].log


def test_a_worker_asked_to_leave_gives_its_run_back(record, tmp_path):
    run = put("climb", steps=600, folder=str(tmp_path))
    with working(tmp_path, record):
        wait_for(run, "running")
        while not (tmp_path / "bench").exists():
            time.sleep(0.05)
    run.refresh_from_db()
    assert (run.state, run.lost) == ("waiting", 0)
    wait_for_death(int((tmp_path / "bench").read_text()), seconds=2)


def test_a_worker_thought_dead_can_change_nothing(record, tmp_path):
    from datetime import timedelta

    from django.utils import timezone

    from renvand.partnership.models.runs import Run
    from renvand.web.runs import queue

    run = put("climb", steps=3, folder=str(tmp_path))
    slow = queue.claim("slow")
    assert queue.reap(queue.Terms()) == 0
    Run.objects.update(heartbeat_at=timezone.now() - timedelta(seconds=61))
    assert queue.reap(queue.Terms()) == 1
    quick = queue.claim("quick")
    assert (slow.attempt, quick.attempt) == (1, 2)
    assert not queue.beat(slow, done=1)
    assert not queue.finish(slow, {"top": "slow"})
    assert not queue.fail(slow, [])
    assert queue.finish(quick, {"top": "quick"})
    assert not queue.finish(quick, {"top": "twice"})
    run.refresh_from_db()
    assert (run.state, run.result, run.lost) == ("done", {"top": "quick"}, 1)


def test_runs_of_one_lane_are_worked_on_one_at_a_time(record):
    from renvand.partnership.models.runs import Run
    from renvand.web.runs import queue

    first, second = (queue.put("a.b", {"n": n}, lane="folder")[0] for n in (1, 2))
    aside, _ = queue.put("a.b", {"n": 3})
    claims = [queue.claim("w") for _ in range(3)]
    assert [c and c.run for c in claims] == [first.pk, aside.pk, None]
    assert not queue._take(Run.objects.get(pk=second.pk), "too quick")
    assert queue.finish(claims[0], {})
    assert queue.claim("w").run == second.pk


def test_a_run_that_takes_its_workers_with_it_is_given_up(record, tmp_path):
    from renvand.web.runs import queue

    run = put("climb", steps=3, folder=str(tmp_path))
    for _ in range(3):
        queue.lose(queue.claim("doomed"), terms=queue.Terms(), log="")
    run.refresh_from_db()
    assert (run.state, run.lost) == ("failed", 3)
    assert run.faults[0]["what"] == "lost its worker again and again."


def test_the_tasks_interface_of_django_reaches_the_same_rows(record, tmp_path):
    from tests.web.runs.chores import square

    asked = square.enqueue(number=7, folder=str(tmp_path))
    assert not asked.is_finished
    with working(tmp_path, record, "--until-empty") as started:
        started.wait(30)
    asked.refresh()
    assert asked.return_value == {"square": 49}
    assert asked.attempts == 1


def bench_of(pid: int) -> list[int]:
    """The processes a worker has started."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(word) for word in children.read_text().split()] if children.exists() else []


@pytest.mark.parametrize("count", [30, pytest.param(200, marks=pytest.mark.slow)])
def test_workers_killed_at_random_lose_nothing_and_do_nothing_twice(record, tmp_path, count):
    from renvand.partnership.models.runs import DONE, Run

    draw = random.Random(1)
    for number in range(count):
        put("square", number=number, folder=str(tmp_path), seconds=0.05)
    options = ("--lease", "2", "--most-lost", "100")
    workers = [worker(tmp_path, record, *options) for _ in range(3)]
    kills = 0
    end = time.monotonic() + 600
    while Run.objects.exclude(state=DONE).exists():
        assert time.monotonic() < end, Counter(Run.objects.values_list("state", flat=True))
        time.sleep(draw.uniform(0.3, 1.2))
        at = draw.randrange(3)
        victims = [workers[at].pid, *bench_of(workers[at].pid)]
        os.kill(draw.choice(victims), signal.SIGKILL)
        kills += 1
        if workers[at].poll() is not None or not is_alive(workers[at]):
            workers[at].wait()
            workers[at] = worker(tmp_path, record, *options)
    for each in workers:
        each.send_signal(signal.SIGTERM)
        each.wait(20)
    assert kills >= 3
    results = {run.arguments["number"]: run.result["square"] for run in Run.objects.all()}
    assert results == {number: number**2 for number in range(count)}
    attempts = {run.arguments["number"]: run.attempt for run in Run.objects.all()}
    begun = attempts_in(tmp_path / "begun")
    assert len(begun) == len(set(begun)), "no attempt is begun twice"
    ended = set(attempts_in(tmp_path / "ended"))
    for number, last in attempts.items():
        assert (number, last) in ended, "the result kept is that of the last attempt"
        assert max(a for n, a in begun if n == number) == last, "what is done is not done again"


def attempts_in(path: Path) -> list[tuple[int, ...]]:
    return [tuple(map(int, line.split())) for line in path.read_text().splitlines()]


def is_alive(process: subprocess.Popen) -> bool:
    time.sleep(0.05)  # a killed process is reaped by its parent a moment later
    return process.poll() is None
