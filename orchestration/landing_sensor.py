"""The sensor on landing/: starts `intake` for files that nobody has looked at yet, once they have stopped changing."""

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from dagster import (
    DefaultSensorStatus,
    RunRequest,
    RunsFilter,
    SensorEvaluationContext,
    SensorResult,
    SkipReason,
    sensor,
)
from dagster._core.storage.dagster_run import NOT_FINISHED_STATUSES

from orchestration.instance import INTAKE, PUBLISH
from orchestration.jobs import INTAKE_JOB
from orchestration.resources import DataFolderResource
from orchestration.writer_lock import is_written
from sources.contract.load import load_contracts
from sources.folder.landed import Candidate
from sources.intake.landing import is_open_for_writing
from sources.intake.left_out import pending_files

LANDED_TAG = "csp/landed"  # of an intake that the sensor started: how many files had landed
SECONDS_BETWEEN_LOOKS = 30


@dataclass(frozen=True)
class Looks:
    """What earlier looks saw, each file as a digest of path, size and time of change: the sensor's cursor.

    A name may name a person, and Dagster keeps a cursor.
    """

    last: frozenset[str] = frozenset()
    """What was pending at the last look."""
    started: frozenset[str] = frozenset()
    """What was pending when an intake was started, and has stayed so."""

    @classmethod
    def of(cls, cursor: str | None) -> "Looks":
        """Return what a cursor holds; nothing where it was reset, or is none of ours."""
        try:
            told = json.loads(cursor or "{}")
            return cls(frozenset(told["pending at the last look"]), frozenset(told["an intake was started for"]))
        except (ValueError, KeyError, TypeError):
            return cls()

    def __str__(self) -> str:
        return json.dumps(
            {"pending at the last look": sorted(self.last), "an intake was started for": sorted(self.started)}
        )


@dataclass(frozen=True)
class Look:
    """How a look ends: whether an intake is to be started, or why not, and what the next look has to know."""

    looks: Looks
    landed: int
    """How many files no intake was started for yet."""
    why_not: str | None = None


def look(earlier: Looks, pending: Iterable[Candidate], busy: str | None) -> Look:
    """Decide from what is pending now, and from what keeps an intake from starting (`busy`).

    A file counts as still when it is as the look before saw it, and no process holds it open for writing.
    """
    found = {digest(one): one for one in pending}
    started = earlier.started & found.keys()
    landed = found.keys() - started
    waiting = Looks(frozenset(found), started)
    if not landed:
        stays = f"{len(started):,} file(s) stay as an intake has left them; `csp doctor` names them"
        return Look(waiting, 0, stays if started else "nothing has landed")
    told = f"{len(landed):,} file(s) have landed"
    if not landed <= earlier.last or any(is_open_for_writing(found[one]) for one in landed):
        return Look(waiting, len(landed), f"{told}, and may still grow: looked at again")
    if busy:
        return Look(waiting, len(landed), f"{told}; {busy}")
    return Look(Looks(frozenset(found), frozenset(found)), len(landed))


def digest(candidate: Candidate) -> str:
    """Return what changes when the bytes of a file do, and tells nothing of its name."""
    state = f"{candidate.path}|{candidate.size}|{candidate.mtime_ns}"
    return hashlib.sha256(state.encode()).hexdigest()[:16]


@sensor(
    job=INTAKE_JOB,
    minimum_interval_seconds=SECONDS_BETWEEN_LOOKS,
    default_status=DefaultSensorStatus.STOPPED,
    description=(
        "Starts `intake` when files have landed, in a feed's folder or in landing/incoming/, that no intake has looked "
        "at, and all of them are as they were half a minute before. What an intake refused or left is not looked at "
        "again before it changes. Stopped until someone starts it. Resetting the cursor has it start for what stays."
    ),
)
def intake_when_files_have_landed(
    context: SensorEvaluationContext, data_folder: DataFolderResource
) -> SensorResult | SkipReason:
    """Ask for one intake of all that has landed."""
    folder = data_folder.open()
    pending = pending_files(folder, load_contracts().values())
    running = context.instance.get_runs(RunsFilter(statuses=[*NOT_FINISHED_STATUSES]), limit=20)
    # Runs that Dagster launches wait for each other in its queue.
    is_held = bool(pending) and not running and is_written(folder)
    busy = _busy([run.job_name for run in running], is_held)
    seen = look(Looks.of(context.cursor), pending, busy)
    if seen.why_not:
        context.update_cursor(str(seen.looks))
        return SkipReason(seen.why_not)
    return SensorResult([RunRequest(tags={LANDED_TAG: str(seen.landed)})], cursor=str(seen.looks))


def _busy(jobs: Collection[str], is_held: bool) -> str | None:
    """Return what keeps an intake from starting; what is under way may take the files in itself."""
    under_way = sorted({job for job in jobs if job in {INTAKE, PUBLISH}})
    if under_way:
        return f"{' and '.join(under_way)} is under way"
    return "another process writes to the data folder" if is_held else None
