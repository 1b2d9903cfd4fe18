"""The gate: reads what the checks said of the tables that are about to be released, and fails closed.

The graph is no gate: a blocking check stops only the run it is in, and a later run of the release step alone would
pass. So the release step asks here, and here every expected check needs a passed result that was made for the build
which the warehouse holds. A check that is missing, skipped, unfinished, older than its table or of another build
holds the release just as a failed one does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dagster import AssetCheckKey, AssetKey, DagsterInstance

from orchestration.records.build_record import BuildRecord


@dataclass(frozen=True, order=True)
class Check:
    """A check by the asset it judges (`marts/indicator_values`) and its name; one that is not blocking only warns."""

    asset: str
    name: str
    blocking: bool = True
    description: str = ""

    def __str__(self) -> str:
        return f"{self.name} on {self.asset}"


@dataclass(frozen=True)
class CheckReading:
    """The latest that the event log knows of a check; times in seconds since 1970."""

    finished: bool
    passed: bool
    run_id: str
    judged_run_id: str | None
    judged_at: float
    evaluated_at: float
    description: str | None = None


@dataclass(frozen=True)
class Verdict:
    """Whether a release may be published, and if not, every reason why."""

    reasons: tuple[str, ...]
    passed_checks: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing stands against publication."""
        return not self.reasons


def judge(
    expected: Sequence[Check],
    readings: Mapping[Check, CheckReading],
    build: BuildRecord | None,
    warehouse_unchanged: bool,
    rules_digest: str,
) -> Verdict:
    """Decide on a release from the checks expected of it and what the event log says of them."""
    if build is None:
        return Verdict(("there is no record of a build: run `csp nightly` first",), ())
    reasons: list[str] = []
    if not build.complete:
        reasons.append(f"run {build.run_id} built only some of the models: run `csp nightly`")
    if build.rules_digest != rules_digest:
        reasons.append("models, contracts or suites have changed since the build: run `csp nightly`")
    if not warehouse_unchanged:
        reasons.append("warehouse.duckdb was changed after its build: run `csp nightly` to rebuild it")
    blocking = [check for check in expected if check.blocking]
    if not blocking:
        reasons.append("no checks are defined, so nothing vouches for the tables")
    passed = []
    for check in blocking:
        objection = _objection(readings.get(check), build)
        if objection:
            reasons.append(f"{check} {objection}")
        else:
            passed.append(str(check))
    return Verdict(tuple(reasons), tuple(passed))


def _objection(reading: CheckReading | None, build: BuildRecord) -> str | None:
    if reading is None:
        return "has no result"
    if not reading.finished:
        return "was planned but did not run"
    if not reading.passed:
        return "failed"
    if reading.judged_run_id != build.run_id:
        return f"judged another build (run {reading.judged_run_id}), not the one in the warehouse"
    if reading.evaluated_at < reading.judged_at:
        return "is older than the table it is to judge"
    return None


def read_checks(instance: DagsterInstance, expected: Sequence[Check]) -> dict[Check, CheckReading]:
    """Return the latest result of each expected check from the instance's event log; a check without one is absent."""
    keys = {AssetCheckKey(AssetKey(check.asset.split("/")), check.name): check for check in expected}
    records = instance.event_log_storage.get_latest_asset_check_execution_by_key(list(keys))
    readings = {}
    for key, record in records.items():
        if key not in keys:  # the log also has a check of the same name that another of the assets had before
            continue
        event = record.event.dagster_event if record.event else None
        finished = record.status.value in {"SUCCEEDED", "FAILED"}  # and not PLANNED
        evaluation = event.asset_check_evaluation_data if event and finished else None
        judged = evaluation.target_materialization_data if evaluation else None
        readings[keys[key]] = CheckReading(
            finished=finished,
            passed=record.status.value == "SUCCEEDED" and evaluation is not None and evaluation.passed,
            run_id=record.run_id,
            judged_run_id=judged.run_id if judged else None,
            judged_at=judged.timestamp if judged else float("inf"),
            evaluated_at=record.event.timestamp if record.event else 0.0,
            description=evaluation.description if evaluation else None,
        )
    return readings
