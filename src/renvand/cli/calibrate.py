"""``renvand plant calibrate``."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from renvand.cli.river import AsJson, CasePath, show, tell

if TYPE_CHECKING:
    from renvand.steps.calibration.identify import Tell
    from renvand.steps.outcome import Outcome

SAID = {
    "identify": "what can be told",
    "fit": "least squares",
    "scatter": "what is left",
    "ensemble": "how sure",
}
STEPS = 12  # of least squares are usual; the time left is a guess until the ensemble


def calibrate(
    case: CasePath,
    plant: Annotated[str, typer.Argument(metavar="PLANT", help="Folder under plants/.")],
    parameter: Annotated[
        list[str] | None,
        typer.Option(help="May be calibrated, as often as wanted: mu_A, 'waste sludge', transfer."),
    ] = None,
    given: Annotated[
        list[str] | None,
        typer.Option(help="Where a parameter starts, or stays: transfer=12, influent.S_S=1.6."),
    ] = None,
    weight: Annotated[
        list[str] | None,
        typer.Option(help="Of a measured column, 1 for the others: aerobic_3.S_NO=1.5."),
    ] = None,
    top: Annotated[
        list[str] | None, typer.Option(help="Where an instrument ends: aerobic_3.S_NH=10.")
    ] = None,
    dry_flow: Annotated[
        float,
        typer.Option(min=0, help="m³/d: the inflow is of dry weather, for a sewer to dilute."),
    ] = 0.0,
    split: Annotated[
        float,
        typer.Option(help="Share of the measured time to calibrate on; the rest is predicted."),
    ] = 0.7,
    seed: Annotated[int, typer.Option(help="Of the ensemble.")] = 1,
    workers: Annotated[int, typer.Option(min=1, help="Runs side by side.")] = 2,
    out: Annotated[
        Path | None,
        typer.Option(help="Write measured and predicted values with bands to this CSV."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Calibrate a plant's model on the first part of its data, and predict the rest.

    Says which parameters the data can tell, their 95 % intervals, and how good the predictions are
    beside the last value and the mean day. Uses measured.csv, influent.csv and driven.csv of the
    plant's folder; without measured.csv the months of operation.csv, at rest.

    With --dry-flow the sewer's volume, sewer_m3, is a parameter too. --given, --weight and --top
    may be said as often as wanted.

    Example: renvand plant calibrate examples/chongqing kaizhou --parameter mu_A --given k_h=2.5
    """
    from renvand.partnership.folder import read_case
    from renvand.steps.calibration import calibrate as compute
    from renvand.steps.calibration.case import chosen_names, evidence_of
    from renvand.steps.calibration.known import Known, knowing

    data = read_case(case)
    known = Known(
        given=_numbers(given, "--given"), weights=_numbers(weight, "--weight"),
        top=_numbers(top, "--top"), dry_flow=dry_flow,
    )  # fmt: skip
    evidence = knowing(evidence_of(data, plant), known)
    names = chosen_names(evidence, parameter or (), given=known.given)
    with Bar(len(names), is_hidden=as_json) as said:
        outcome = compute(
            data, plant, names=names, known=known, split=split, seed=seed, workers=workers,
            tell=said,
        )  # fmt: skip
    if out is not None:
        outcome.tables["predicted"].to_csv(out, index=False)
    if as_json:
        _print_json(outcome)
        return
    _show(outcome)
    tell(outcome.findings)


def _numbers(texts: Sequence[str] | None, option: str) -> dict[str, float]:
    """Read NAME=NUMBER; all faults at once."""
    from renvand.errors import Fault, FileError

    found: dict[str, float] = {}
    faults: list[Fault] = []
    for text in texts or ():
        name, _, number = text.rpartition("=")
        try:
            found[name.strip()] = float(number)
        except ValueError:
            name = ""
        if not name:
            do = "Write NAME=NUMBER, as mu_A=0.5."
            faults.append(Fault(where=option, what=f"'{text}' is no name and number.", do=do))
    if faults:
        raise FileError(faults)
    return found


class Bar:
    """A progress bar on the error stream, with the time left."""

    def __init__(self, parameters: int, *, is_hidden: bool) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        from renvand.steps.calibration.fit import DRAWS

        self.progress = Progress(
            TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn(),
            console=Console(stderr=True), transient=True, disable=is_hidden,
        )  # fmt: skip
        self.before = (parameters + 1) * (1 + STEPS)
        self.task = self.progress.add_task(SAID["identify"], total=self.before + DRAWS)
        self.runs = 0

    def __enter__(self) -> Tell:
        self.progress.start()
        return self.tell

    def __exit__(self, *_: object) -> None:
        self.progress.stop()

    def tell(self, what: str) -> None:
        """Count a run; the ensemble begins where the guess for the rest ends."""
        self.runs += 1
        if what == "ensemble":
            self.runs = max(self.runs, self.before)
        done = self.runs if what == "ensemble" else min(self.runs, self.before)
        self.progress.update(self.task, description=SAID[what], completed=done)


def _show(outcome: Outcome) -> None:
    parameters = outcome.tables["parameters"]
    show(parameters.drop(columns="note"), as_json=False, as_csv=False, rows=100)
    sys.stdout.write("\n")
    scores = outcome.tables["scores"].drop(columns=["rmse_persistence", "rmse_mean_day"])
    show(scores, as_json=False, as_csv=False, rows=100)


def _print_json(outcome: Outcome) -> None:
    tables = {
        name: json.loads(outcome.tables[name].to_json(orient="records"))
        for name in ("parameters", "scores", "correlation")
    }
    said: Sequence[str] = [str(fault) for fault in outcome.findings]
    text = json.dumps({**tables, **outcome.extras, "findings": said}, ensure_ascii=False, indent=1)
    sys.stdout.write(text + "\n")
