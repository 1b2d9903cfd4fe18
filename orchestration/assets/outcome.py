"""How a night says that it published nothing: an observation on the release, which the command line reads."""

from dagster import AssetExecutionContext, AssetKey, AssetObservation

from orchestration.progress import report

RELEASE_KEY = AssetKey("release")


def say_outcome(context: AssetExecutionContext, outcome: str, why: str) -> None:
    """Note on the release asset that this run ends `held` or with `nothing new`, and why."""
    report(f"{outcome}: {why}")
    context.log_event(AssetObservation(RELEASE_KEY, description=why, metadata={"outcome": outcome}))
