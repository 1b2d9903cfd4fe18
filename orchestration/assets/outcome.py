"""How a night says that it published nothing: an observation on the release, which the command line reads."""

from dagster import AssetExecutionContext, AssetKey, AssetObservation, DagsterInstance

from orchestration.progress import report
from orchestration.release_store import Rollback

RELEASE_KEY = AssetKey("release")


def say_outcome(context: AssetExecutionContext, outcome: str, why: str, rollback: Rollback | None = None) -> None:
    """Note on the release asset that this run ends `held` or with `nothing new`, and why.

    Where a rollback has readers see an older release, that is said with it: else nobody would learn it from a night.
    """
    context.log_event(outcome_said(outcome, f"{why}; {rollback}" if rollback else why))


def outcome_said(outcome: str, why: str) -> AssetObservation:
    """Report an ending and return the note of it: a step that fails next must yield it, or Dagster drops it."""
    report(f"{outcome}: {why}")
    return AssetObservation(RELEASE_KEY, description=why, metadata={"outcome": outcome})


def note_rollback(instance: DagsterInstance, rollback: Rollback | None, said: str) -> None:
    """Note on the release asset, outside any run, that someone went back to an earlier release, or forward again."""
    told = {"rolled back": rollback.at, "reason": rollback.reason, "by": rollback.user} if rollback else {}
    instance.report_runless_asset_event(
        AssetObservation(RELEASE_KEY, description=str(rollback or said), metadata={"outcome": said, **told})
    )
