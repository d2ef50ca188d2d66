"""Tasks for tests: small, slow, faulty, broken."""

import os
import time
from pathlib import Path

from django_tasks import task

from renvand.errors import Fault, FileError
from renvand.web.runs.bench import Told
from renvand.web.runs.work import long_work


@long_work
def square(context, *, number: int, folder: str, seconds: float = 0.0):
    begun = Path(folder) / "begun"
    with begun.open("a") as file:
        file.write(f"{number} {context.attempt}\n")
    time.sleep(seconds)
    with begun.with_name("ended").open("a") as file:
        file.write(f"{number} {context.attempt}\n")
    return {"square": number**2}


@long_work
def climb(context, *, steps: int, folder: str):
    print("on the way up")
    (Path(folder) / "bench").write_text(str(os.getpid()))
    for step in range(steps):
        context.tell(Told(done=step + 1, total=steps, message="programme.register"))
        time.sleep(0.1)
    return {"top": steps}


@task()
def stumble(*, over: str):
    raise FileError(Fault(where=over, what="is in the way.", do="Lift your feet."))


@task()
def crash():
    raise ZeroDivisionError("ours")


def not_a_task():
    return {}
