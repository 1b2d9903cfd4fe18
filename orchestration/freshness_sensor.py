"""The sensor on freshness: judges it every hour, because what is late does not wait for a night to say so."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime

from dagster import (
    AssetCheckEvaluation,
    AssetCheckKey,
    AssetCheckResult,
    DefaultSensorStatus,
    SensorEvaluationContext,
    SensorResult,
    SkipReason,
    sensor,
)

from orchestration.checks.freshness import on_time, release_is_fresh
from orchestration.resources import DataFolderResource
from sources.contract.load import load_contracts
from sources.folder.data_folder import DataFolder
from sources.ledger.lateness import local_day
from sources.ledger.receipts import Ledger, Receipt


@sensor(
    name="judge_freshness",
    minimum_interval_seconds=60 * 60,
    default_status=DefaultSensorStatus.RUNNING,
    description=(
        "Judges every hour, without a run, whether the periods of each feed that are due are there "
        "(`delivered_on_time`), and whether readers see what came in (`shows_what_came_in`). "
        "Warnings, which hold no release."
    ),
)
def judge_freshness(context: SensorEvaluationContext, data_folder: DataFolderResource) -> SensorResult | SkipReason:
    """Report each verdict that is another than the last one that this sensor reported."""
    folder = data_folder.open()
    before = _told(context.cursor)
    results = {_key_of(result).to_user_string(): result for result in _verdicts(folder, datetime.now(UTC))}
    now = {name: _digest(result) for name, result in results.items()}
    changed = [result for name, result in results.items() if now[name] != before.get(name)]
    if not changed:
        return SkipReason(f"{len(results)} verdicts are as they were")
    return SensorResult(asset_events=[_evaluation(result) for result in changed], cursor=json.dumps(now))


def _verdicts(folder: DataFolder, now: datetime) -> Iterator[AssetCheckResult]:
    standing: defaultdict[str, list[Receipt]] = defaultdict(list)
    for receipt in Ledger(folder).standing():
        standing[receipt.source_feed].append(receipt)
    for key, contract in load_contracts().items():
        yield on_time(contract, standing[key], local_day(now))
    if standing:
        yield release_is_fresh(folder, now)


def _told(cursor: str | None) -> dict[str, str]:
    try:
        told = json.loads(cursor or "{}")
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _digest(result: AssetCheckResult) -> str:
    return hashlib.sha256(f"{result.passed}{result.description}".encode()).hexdigest()[:16]


def _key_of(result: AssetCheckResult) -> AssetCheckKey:
    if result.asset_key is None or result.check_name is None:
        raise ValueError("a verdict names its asset and its check")
    return AssetCheckKey(result.asset_key, result.check_name)


def _evaluation(result: AssetCheckResult) -> AssetCheckEvaluation:
    key = _key_of(result)
    return AssetCheckEvaluation(
        asset_key=key.asset_key,
        check_name=key.name,
        passed=bool(result.passed),
        metadata=result.metadata,
        severity=result.severity,
        description=result.description,
        blocking=False,
    )
