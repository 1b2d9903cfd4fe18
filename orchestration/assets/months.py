"""The months of a backfill: which there are, as at which day each is, and which have their release."""

from datetime import UTC, date, datetime

from dagster import AssetKey, AssetMaterialization, MonthlyPartitionsDefinition

from orchestration.records.run_inputs import RunInputs, first_as_at
from orchestration.releases import Release, list_releases, why_unreadable
from sources.contract.months import last_day_of
from sources.folder.data_folder import DataFolder
from sources.ledger.receipts import Ledger

RELEASE_AS_AT_KEY = AssetKey("release_as_at")


def month_ends(folder: DataFolder) -> MonthlyPartitionsDefinition:
    """Return the months as at whose ends something can be computed: from the first that was delivered to the last."""
    first = first_as_at(Ledger(folder).standing()) or datetime.now(UTC).date()
    return MonthlyPartitionsDefinition(start_date=first.replace(day=1).isoformat())


def end_of_month(partition_key: str) -> str:
    """Return the last day of the month that a partition names by its first."""
    return last_day_of(date.fromisoformat(partition_key)).isoformat()


def kept_release(folder: DataFolder, inputs: RunInputs) -> Release | None:
    """Return the release, published or kept, that was made of exactly these inputs and can be read."""
    made = [one for one in list_releases(folder) if one.as_at == inputs.as_at]
    of_these = [one for one in made if one.input_fingerprint == inputs.fingerprint]
    return next((one for one in reversed(of_these) if not why_unreadable(folder, one.release_id)), None)


def is_made(partition_key: str, release: Release) -> AssetMaterialization:
    """Return the event that turns a month green for which there was a release before."""
    told = {"release": release.release_id, "as at": release.as_at}
    return AssetMaterialization(RELEASE_AS_AT_KEY, partition=partition_key, metadata=told)
