"""The registry of scheduled jobs: each app registers what it has to do, and `manage.py tick` does all of it."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from .locks import exclusive_lock

logger = logging.getLogger(__name__)

# Set when the process is asked to end: whoever is at something long leaves the rest for the next time.
stopping = threading.Event()

# Does what is due and returns a sentence for each thing that went wrong; it may also raise.
JobFunction = Callable[[], "list[str] | None"]


@dataclass(frozen=True)
class Job:
    """Something to do whenever the clock ticks, as often as one likes: what is done is not done again.

    `order` is its place among the others. Of a job that is not `is_shared` only one runs at a time; the others are
    made to be shared by several machines.
    """

    name: str
    order: int
    is_shared: bool
    work: JobFunction

    def run(self) -> list[str]:
        """Run the job. Return a sentence for each thing that went wrong; whatever that is, the other jobs go on."""
        try:
            return self.work() or []
        except Exception:  # whatever it is, the rest is still due
            logger.exception("Could not %s", self.name)
            return [f"Could not {self.name}."]


_jobs: list[Job] = []


def scheduled_job(name: str, *, order: int, is_shared: bool = False) -> Callable[[JobFunction], JobFunction]:
    """Register a function as a job; `name` completes the sentence "Could not …"."""

    def register(work: JobFunction) -> JobFunction:
        _jobs.append(Job(name, order, is_shared, work))
        return work

    return register


def registered_jobs() -> list[Job]:
    """Return the jobs of all apps, in order."""
    return sorted(_jobs, key=lambda job: job.order)


def run_due_jobs() -> list[str]:
    """Run every job that is due; return a sentence for each thing that went wrong.

    Two that do this at once share the jobs that can be shared, and one of them does all the others.
    """
    with exclusive_lock("tick") as is_mine:
        failed = [words for job in registered_jobs() if is_mine and not job.is_shared for words in job.run()]
    return failed + [words for job in registered_jobs() if job.is_shared for words in job.run()]
