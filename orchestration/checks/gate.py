"""The gate: reads what the checks said of the tables that are about to be released, and fails closed.

The graph is no gate: a blocking check stops only the run it is in, and a later run of the release step alone would
pass. So the release step asks here, and here every expected check needs a passed result that was made for the build
which the warehouse holds. A check that is missing, skipped, unfinished, older than its table or of another build
holds the release just as a failed one does. So does a build from deliveries or rules that are no longer those of now.
What the tables hold is compared where they are read: see `orchestration/assets/release.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dagster import AssetCheckKey, AssetKey, DagsterInstance
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecord
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecordStatus as _Status

from orchestration.records.build_record import BuildRecord

EARLIER = 20  # finished results of a check that are looked at, the latest first
_FINISHED = {_Status.SUCCEEDED, _Status.FAILED}  # and not PLANNED


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
class Found:
    """What the release step finds of that which the build recorded."""

    warehouse_unchanged: bool
    rules_digest: str
    """Of the rules that this process has loaded."""
    rules_as_loaded: bool
    """Whether nobody has written to them since."""
    input_fingerprint: str
    """Of the ledger of now, at the as-at date and under the rules of the build."""


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
    found: Found,
) -> Verdict:
    """Decide on a release from the checks expected of it and what the event log says of them."""
    if build is None:
        return Verdict(("there is no record of a build: run `csp nightly` first",), ())
    reasons: list[str] = []
    if not build.complete:
        reasons.append(f"run {build.run_id} built only some of the models: run `csp nightly`")
    if build.rules_digest != found.rules_digest or not found.rules_as_loaded:
        reasons.append("models, contracts or suites have changed since the build: run `csp nightly`")
    if build.input_fingerprint != found.input_fingerprint:
        reasons.append("deliveries have come or were withdrawn since the build: run `csp nightly`")
    if not found.warehouse_unchanged:
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
    return _of_another_build(reading, build)


def _of_another_build(reading: CheckReading, build: BuildRecord) -> str | None:
    if build.month and reading.judged_run_id is None and reading.run_id == build.run_id:
        # Of a run of a month Dagster 1.13 looks for that month of the table, finds none, and does not say what was
        # judged. The check ran in the run that built all of the warehouse, and after its table.
        return None
    if reading.judged_run_id != build.run_id:
        return f"judged another build (run {reading.judged_run_id}), not the one in the warehouse"
    if reading.evaluated_at < reading.judged_at:
        return "is older than the table it is to judge"
    return None


def read_checks(
    instance: DagsterInstance, expected: Sequence[Check], build_run_id: str | None
) -> dict[Check, CheckReading]:
    """Return a result of each expected check from the instance's event log; a check without one is absent.

    That is the latest; of one that holds a release, the latest but for what is planned by a run that waits in the queue
    and what judged another build. A result that does not say what it judged is not passed over.
    """
    keys = {AssetCheckKey(AssetKey(check.asset.split("/")), check.name): check for check in expected}
    records = instance.event_log_storage.get_latest_asset_check_execution_by_key(list(keys))
    readings = {}
    for key, record in records.items():
        if key not in keys:  # the log also has a check of the same name that another of the assets had before
            continue
        check, reading = keys[key], _reading(record)
        if check.blocking and not _may_be_of(reading, build_run_id):
            finished = instance.event_log_storage.get_asset_check_execution_history(key, EARLIER, status=_FINISHED)
            reading = next((one for one in map(_reading, finished) if _may_be_of(one, build_run_id)), reading)
        readings[check] = reading
    return readings


def _may_be_of(reading: CheckReading, build_run_id: str | None) -> bool:
    return reading.finished and reading.judged_run_id in {None, build_run_id}


def _reading(record: AssetCheckExecutionRecord) -> CheckReading:
    event = record.event.dagster_event if record.event else None
    is_finished = record.status in _FINISHED
    evaluation = event.asset_check_evaluation_data if event and is_finished else None
    judged = evaluation.target_materialization_data if evaluation else None
    return CheckReading(
        finished=is_finished,
        passed=record.status == _Status.SUCCEEDED and evaluation is not None and evaluation.passed,
        run_id=record.run_id,
        judged_run_id=judged.run_id if judged else None,
        judged_at=judged.timestamp if judged else float("inf"),
        evaluated_at=record.event.timestamp if record.event else 0.0,
        description=evaluation.description if evaluation else None,
    )
