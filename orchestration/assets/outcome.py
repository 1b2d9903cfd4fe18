"""How a night says that it published nothing: an observation on the release, which the command line reads."""

from dagster import AssetExecutionContext, AssetKey, AssetObservation

from orchestration.progress import report

RELEASE_KEY = AssetKey("release")


def say_outcome(context: AssetExecutionContext, outcome: str, why: str) -> None:
    """Note on the release asset that this run ends `held` or with `nothing new`, and why."""
    context.log_event(outcome_said(outcome, why))


def outcome_said(outcome: str, why: str) -> AssetObservation:
    """Report an ending and return the note of it: a step that fails next must yield it, or Dagster drops it."""
    report(f"{outcome}: {why}")
    return AssetObservation(RELEASE_KEY, description=why, metadata={"outcome": outcome})
