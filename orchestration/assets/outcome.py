"""How a night says how it ended: an observation on the release, which the command line reads, and tags of the run."""

import textwrap
from collections.abc import Collection

from dagster import (
    AssetCheckKey,
    AssetCheckResult,
    AssetCheckSeverity,
    AssetExecutionContext,
    AssetKey,
    AssetObservation,
    DagsterInstance,
)

from orchestration.progress import report
from orchestration.releases import Rollback

RELEASE_KEY = AssetKey("release")
REASON_LENGTH = 400  # of a tag; the observation holds all of it


def say_outcome(context: AssetExecutionContext, outcome: str, why: str, rollback: Rollback | None = None) -> None:
    """Note on the release asset that this run ends `held` or with `nothing new`, and why.

    Where a rollback has readers see an older release, that is said with it: else nobody would learn it from a night.
    """
    context.log_event(outcome_said(context, outcome, f"{why}; {rollback}" if rollback else why))


def outcome_said(context: AssetExecutionContext, outcome: str, why: str) -> AssetObservation:
    """Report an ending and return the note of it: a step that fails next must yield it, or Dagster drops it."""
    report(f"{outcome}: {why}")
    tag_outcome(context.instance, context.run_id, outcome, why)
    return AssetObservation(RELEASE_KEY, description=why, metadata={"outcome": outcome})


def tag_outcome(instance: DagsterInstance, run_id: str, outcome: str, why: str) -> None:
    """Tag a run with its ending, for Dagster's list of runs, where a held run looks like any failed one."""
    instance.add_run_tags(run_id, {"outcome": outcome, "reason": textwrap.shorten(why, REASON_LENGTH)})


def blocking_failure(event: object) -> AssetCheckKey | None:
    """Return the check that an event says has failed and holds the release."""
    if isinstance(event, AssetCheckResult) and not event.passed and event.severity == AssetCheckSeverity.ERROR:
        return AssetCheckKey(event.asset_key, event.check_name) if event.asset_key and event.check_name else None
    return None


def tag_held_by(instance: DagsterInstance, run_id: str, failed_checks: Collection[AssetCheckKey]) -> None:
    """Tag a run as held where blocking checks failed: Dagster then ends it before the release step can say so."""
    names = sorted(f"{key.name} on {key.asset_key.to_user_string()}" for key in failed_checks)
    if names:
        tag_outcome(instance, run_id, "held", f"{len(names)} check(s) failed: {'; '.join(names)}")


def note_rollback(instance: DagsterInstance, rollback: Rollback | None, said: str) -> None:
    """Note on the release asset, outside any run, that someone went back to an earlier release, or forward again."""
    told = {"rolled back": rollback.at, "reason": rollback.reason, "by": rollback.user} if rollback else {}
    instance.report_runless_asset_event(
        AssetObservation(RELEASE_KEY, description=str(rollback or said), metadata={"outcome": said, **told})
    )
