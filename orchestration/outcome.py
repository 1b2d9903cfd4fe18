"""How a run says how it ended: by its tags `outcome` and `reason`, which the list of runs and `csp nightly` show."""

from collections.abc import Collection, Mapping
from typing import Any

from dagster import (
    AssetCheckKey,
    AssetCheckResult,
    AssetCheckSeverity,
    AssetExecutionContext,
    AssetKey,
    AssetMaterialization,
    AssetObservation,
    DagsterInstance,
    Failure,
    HookContext,
    failure_hook,
)
from dagster._core.storage.event_log import SqlEventLogStorage
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable

from orchestration.progress import report
from orchestration.releases import Rollback
from orchestration.writer_lock import WarehouseBusyError
from sources.folder.place_in_code import place_in_code
from sources.folder.printable import printable

RELEASE_KEY, REPORT_KEY = AssetKey("release"), AssetKey("report")
PUBLISH_DUE = "publish due"  # an intake that found something new; the job `publish` follows
PUBLISHED, NOTHING_NEW, HELD, FAILED = "published", "nothing new", "held", "failed"
INTERRUPTED = "interrupted"
KEPT = "kept"  # a backfill that made a release beside the current one
NOTHING_LOST = "nothing is lost, run again"
TOLD_TAG = "csp/told"
"""The reason of a failure in words of ours alone: what a library says may hold a value that a sender wrote."""
CHECKS_NAMED = 5  # in the reason of a run that is held; the checks themselves show all
_WRAPPERS = {"RetryRequested", "RetryRequestedFromPolicy"}
_OUR_PACKAGES = {"orchestration", "sources", "expectations"}


def say_outcome(context: AssetExecutionContext, outcome: str, why: str, rollback: Rollback | str | None = None) -> None:
    """Report how this run ends, and why, and tag it so.

    Where a rollback has readers see an older release, that is said with it: else nobody would learn it from a night.
    """
    told = f"{why}; {rollback}" if rollback else why
    report(f"{outcome}: {told}")
    tag_outcome(context.instance, context.run.run_id, outcome, told)


def tag_outcome(instance: DagsterInstance, run_id: str, outcome: str, why: str, told: str | None = None) -> None:
    """Tag a run with its ending: Dagster itself knows only success and failure.

    `told` is the reason of a failure as alerts tell it, where `why` has words that are not ours.
    """
    reasons = {"reason": printable(why, kept="\n")}
    if outcome == FAILED:
        reasons[TOLD_TAG] = printable(told or why)
    instance.add_run_tags(run_id, {"outcome": outcome, **reasons})
    if outcome in {HELD, FAILED, INTERRUPTED}:
        _forget_planned_checks(instance, run_id)


def _forget_planned_checks(instance: DagsterInstance, run_id: str) -> None:
    """Have the checks that a run planned and did not reach show their last verdict, where Dagster would show a failure.

    A check that such a run reaches after all is stored anew. The gate is not misled: an older verdict judged another
    build.
    """
    storage = instance.event_log_storage
    if isinstance(storage, SqlEventLogStorage):
        checks = AssetCheckExecutionsTable
        unreached = (checks.c.run_id == run_id) & (checks.c.execution_status == "PLANNED")
        with storage.index_connection() as connection:
            connection.execute(checks.delete().where(unreached))


def blocking_failure(event: object) -> AssetCheckKey | None:
    """Return the check that an event says has failed and holds the release."""
    if isinstance(event, AssetCheckResult) and not event.passed and event.severity == AssetCheckSeverity.ERROR:
        return AssetCheckKey(event.asset_key, event.check_name) if event.asset_key and event.check_name else None
    return None


def tag_held_by(instance: DagsterInstance, run_id: str, failed_checks: Collection[AssetCheckKey]) -> None:
    """Tag a run as held where blocking checks failed: Dagster then ends it before the release step can say so."""
    names = sorted(f"{key.name} on {key.asset_key.to_user_string()}" for key in failed_checks)
    if names:
        more = f" and {len(names) - CHECKS_NAMED} more" if len(names) > CHECKS_NAMED else ""
        told = f"{len(names)} check(s) failed: {'; '.join(names[:CHECKS_NAMED])}{more}"
        tag_outcome(instance, run_id, HELD, told)


def outcome_of(instance: DagsterInstance, run_id: str) -> tuple[str, str]:
    """Return the outcome and the reason that a run ended with."""
    run = instance.get_run_by_id(run_id)
    tags = run.tags if run else {}
    return tags.get("outcome", FAILED), tags.get("reason", "the run ended without a release and without a reason")


@failure_hook
def tag_failure(context: HookContext) -> None:
    """Tag a run of which a step failed with what the step died of, unless the step has said how the run ends."""
    run = context.instance.get_run_by_id(context.run_id)
    tags = run.tags if run else {}
    if tags.get("outcome", FAILED) == FAILED:
        error = _unwrapped(context.op_exception)
        said, cause = tags.get("reason", ""), _words(error)
        if cause in said:
            return  # steps that do not wait for each other may stumble over the same
        before = tags.get(TOLD_TAG, "")
        said, told = (
            f"{earlier}{'; ' if earlier else ''}{context.step_key}: {words}"
            for earlier, words in ((said, cause), (before, to_tell(error)))
        )
        tag_outcome(context.instance, context.run_id, FAILED, said, told)


def _unwrapped(error: BaseException | None) -> BaseException | None:
    """Return the error that was raised, out of Dagster's wrappers around it."""
    while error is not None and error.__cause__ is not None and type(error).__name__ in _WRAPPERS:
        error = error.__cause__
    return error


def _words(error: BaseException | None) -> str:
    """Return what a step died of."""
    return str(getattr(error, "description", None) or str(error) or type(error).__name__).strip()


def to_tell(error: BaseException | None) -> str:
    """Return what a night died of as alerts tell it: the first line of an error of ours, kind and place of others."""
    if isinstance(error, WarehouseBusyError):
        return "another process writes to the data folder, or holds the warehouse open"  # not its command line
    if type(error) is Failure or type(error).__module__.split(".")[0] in _OUR_PACKAGES:
        return _words(error).splitlines()[0].rstrip(":")
    return f"{place_in_code(error) if error else 'an unknown error'}; `csp doctor` and the run's log say more"


def note_rollback(
    instance: DagsterInstance, rollback: Rollback | None, said: str, shown: Mapping[AssetKey, Mapping[str, Any]]
) -> None:
    """Note on the release asset, outside any run, that someone went back to an earlier release, or forward again.

    The pages of the assets in `shown` show what is said there of the release that readers see now, as they do after a
    publication.
    """
    told = {"rolled back": rollback.at, "reason": rollback.reason, "by": rollback.user} if rollback else {}
    description, metadata = str(rollback or said), {"outcome": said, **told}
    for key, of_release in shown.items():
        instance.report_runless_asset_event(
            AssetMaterialization(key, description=description, metadata={**of_release, **metadata})
        )
    instance.report_runless_asset_event(AssetObservation(RELEASE_KEY, description=description, metadata=metadata))
