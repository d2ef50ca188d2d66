"""Run the programme on a folder: in order, each stage once, nothing half done."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from renvand.errors import Fault, FileError, near
from renvand.programme import fingerprint, index, manifest, store
from renvand.programme.stage import Stage
from renvand.programme.stages import STAGES
from renvand.steps.case import CaseData
from renvand.steps.outcome import Outcome


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Where a run stands; given to the caller before and after each stage."""

    stage: str
    done: int
    total: int
    state: str  # 'starts', 'made', 'unchanged', 'left out'
    seconds: float = 0.0
    findings: tuple[Fault, ...] = ()


def run(
    folder: Path,
    *,
    only: str = "",
    start: str = "",
    until: str = "",
    tell: Callable[[Progress], None] = lambda _: None,
) -> dict[str, Outcome]:
    """Run the stages of the programme whose inputs have changed.

    Parameters
    ----------
    folder : Path
        The case; only ``out/`` in it is written.
    only : str
        Run this stage anew, and no other; stages it builds on must have been run.
    start : str
        Run this stage and all that follow anew.
    until : str
        Stop behind this stage; what later stages left stays as it is.
    tell : callable
        Gets a :class:`Progress` before and after each stage.

    Returns
    -------
    dict
        Outcome of each stage by name.

    Raises
    ------
    FileError
        When the case has faults (all of them), or a stage name is unknown.
    """
    from renvand.partnership.folder import read_case

    for name in filter(None, (only, start, until)):
        if name not in {stage.name for stage in STAGES}:
            do = near(name, [stage.name for stage in STAGES])
            raise FileError(Fault(where=f"stage '{name}'", what="is not known.", do=do))
    case = read_case(folder)
    out = folder / "out"
    out.mkdir(exist_ok=True)
    with _alone(out):
        return _run_stages(case, out, only=only, start=start, until=until, tell=tell)


def _run_stages(
    case: CaseData,
    out: Path,
    *,
    only: str,
    start: str,
    until: str,
    tell: Callable[[Progress], None],
) -> dict[str, Outcome]:
    past = manifest.read(out / "manifest.json")["stages"]
    book = manifest.start(case)
    book["stages"] = {s.name: past[s.name] for s in STAGES if s.name in past}
    results: dict[str, Outcome] = {}
    skipped, forced = left_out(case), names()[names().index(start) :] if start else ()
    for done, stage in enumerate(STAGES):
        at = Progress(stage=stage.name, done=done, total=len(STAGES), state="starts")
        if stage.name in skipped:
            book["stages"].pop(stage.name, None)
            tell(replace(at, done=done + 1, state="left out"))
            continue
        tell(at)
        begun = time.perf_counter()
        inputs = _inputs(stage, case, book["stages"])
        is_kept = _is_kept(past.get(stage.name, {}), inputs, out / stage.name)
        wanted = stage.name == only if only else stage.name in forced or not is_kept
        if wanted:
            made = _make(stage, case, results, folder=out / stage.name)
            seconds = round(time.perf_counter() - begun, 3)
            book["stages"][stage.name] = {"inputs": inputs, **made, "seconds": seconds}
            manifest.write(book, out / "manifest.json")
        elif not (out / stage.name).is_dir():
            if only not in results:
                raise FileError(_not_yet(stage.name, only))
            break  # later stages than the one asked for were never run
        found = results[stage.name] = store.recall(out / stage.name)
        seconds, state = time.perf_counter() - begun, "made" if wanted else "unchanged"
        at = replace(at, done=done + 1, state=state, seconds=seconds)
        tell(replace(at, findings=found.findings))
        if stage.name == until:
            return results
    manifest.write(book, out / "manifest.json")
    index.write(case, results, out)
    return results


def left_out(case: CaseData) -> frozenset[str]:
    """Name the stages that ``[run] skip`` of the case leaves out, and all that build on them.

    Raises
    ------
    FileError
        When it names a stage that the programme does not have.
    """
    named = set(case.settings.get("run", {}).get("skip", ()))
    unknown = sorted(named.difference(names()))
    if unknown:
        raise FileError(
            Fault(where="case.toml, run.skip", what=f"'{name}' is no step.", do=near(name, names()))
            for name in unknown
        )
    for stage in STAGES:  # in order: what a stage needs stands before it
        if named.intersection(stage.needs):
            named.add(stage.name)
    return frozenset(named)


def _make(
    stage: Stage, case: CaseData, results: dict[str, Outcome], *, folder: Path
) -> dict[str, Any]:
    """Do the work of a stage and keep it; give what the manifest says of it."""
    product = stage.work(stage.view(case), {name: results[name] for name in stage.needs})
    return {
        "files": store.keep(product, folder),
        "sources": manifest.sources_cited(product.outcome),
        "findings": len(product.outcome.findings),
    }


def _not_yet(stage: str, only: str) -> Fault:
    return Fault(
        where=f"stage '{only}'",
        what=f"comes after '{stage}', which was never run.",
        do="Run the whole programme once.",
    )


def _inputs(stage: Stage, case: CaseData, made: dict[str, Any]) -> str:
    """Hash everything a stage depends on: settings, files, earlier stages, the program."""
    return fingerprint.of_value(
        {
            "settings": str(sorted(stage.view(case).settings.items())),
            "files": fingerprint.of_inputs(case.folder, ("sources.toml", *stage.reads)),
            "stages": {name: made.get(name, {}).get("files", {}) for name in stage.needs},
            "program": fingerprint.of_program(),
        }
    )


def _is_kept(entry: dict[str, Any], inputs: str, folder: Path) -> bool:
    return entry.get("inputs") == inputs and entry["files"] == fingerprint.of_inputs(
        folder, ["**/*"]
    )


@contextmanager
def _alone(out: Path) -> Generator[None]:
    """Hold the folder for one run at a time; the lock dies with the process."""
    import fcntl

    with (out / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise FileError(
                Fault(where=str(out), what="is being written by another run.", do="Wait for it.")
            ) from error
        yield


def names() -> Sequence[str]:
    """Name the stages in order."""
    return [stage.name for stage in STAGES]
