"""The queue behind the ``django.tasks`` interface: a task that is enqueued becomes a run."""

from __future__ import annotations

from typing import Any, ClassVar

from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskError, TaskResult, TaskResultStatus
from django_tasks.exceptions import TaskResultDoesNotExist


class Runs(BaseTaskBackend):
    """Tasks as rows of :class:`renvand.partnership.models.runs.Run`.

    Arguments are keywords only: they are kept, hashed and shown by name.
    """

    supports_get_result = True

    def enqueue(self, task: Task[Any, Any], args: Any, kwargs: Any) -> TaskResult[Any]:
        """Ask for a run, or find the one that is there."""
        from renvand.web.runs import queue

        self.validate_task(task)
        if args:
            raise TypeError(f"{task.name}: give arguments by name")
        return self._told(queue.put(task.module_path, kwargs)[0], task)

    def get_result(self, result_id: str) -> TaskResult[Any]:
        """Look a run up."""
        from renvand.partnership.models.runs import Run
        from renvand.web.runs.work import find_task

        run = Run.objects.filter(pk=int(result_id)).first()
        if run is None:
            raise TaskResultDoesNotExist(result_id)
        return self._told(run, find_task(run.task))

    _STATES: ClassVar = {
        "waiting": TaskResultStatus.READY,
        "running": TaskResultStatus.RUNNING,
        "done": TaskResultStatus.SUCCESSFUL,
    }

    def _told(self, run: Any, task: Task[Any, Any]) -> TaskResult[Any]:
        result = TaskResult(
            task=task,
            id=str(run.pk),
            status=self._STATES.get(run.state, TaskResultStatus.FAILED),
            enqueued_at=run.made_at,
            started_at=run.started_at,
            finished_at=run.ended_at,
            last_attempted_at=run.started_at,
            args=[],
            kwargs=run.arguments,
            backend=self.alias,
            errors=[
                TaskError(exception_class_path="renvand.errors.RenvandError", traceback=f["what"])
                for f in run.faults
            ],
            worker_ids=[run.worker] * run.attempt,
        )
        object.__setattr__(result, "_return_value", run.result)  # as the interface has it
        return result
