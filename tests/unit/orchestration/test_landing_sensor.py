"""An intake starts once for what has landed and stopped growing, and not again for what it has looked at."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from dagster import DagsterInstance, DagsterRunStatus, RunRequest, SensorResult, SkipReason, build_sensor_context
from dagster._core.test_utils import create_run_for_test

from orchestration.instance import open_instance
from orchestration.landing_sensor import LANDED_TAG, intake_when_files_have_landed
from orchestration.resources import DataFolderResource
from sources.contract.load import load_contracts
from sources.folder.data_folder import DataFolder
from sources.intake.take_in import take_in
from sources.ledger.receipts import Ledger

FEED = "police/street_crime"
NAME = "2021-04-leicestershire-street.csv"
STARTED = "started for 1"


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "data")


@pytest.fixture
def instance(folder: DataFolder) -> Iterator[DagsterInstance]:
    with open_instance(folder) as opened:
        yield opened


class Sensor:
    """The sensor as its daemon ticks it: each look has the cursor of the one before."""

    def __init__(self, folder: DataFolder, instance: DagsterInstance) -> None:
        self.folder, self.instance, self.cursor = folder, instance, ""

    def look(self) -> str:
        resources = {"data_folder": DataFolderResource(root=str(self.folder.root))}
        context = build_sensor_context(instance=self.instance, cursor=self.cursor, resources=resources)
        said = intake_when_files_have_landed(context)
        if isinstance(said, SkipReason):
            self.cursor = context.cursor or ""
            return str(said.skip_message)
        assert isinstance(said, SensorResult)
        self.cursor = said.cursor or ""
        [asked] = said.run_requests or []
        assert isinstance(asked, RunRequest)
        return f"started for {asked.tags[LANDED_TAG]}"


@pytest.fixture
def sensor(folder: DataFolder, instance: DagsterInstance) -> Sensor:
    return Sensor(folder, instance)


def put(folder: DataFolder, place: str, content: bytes) -> Path:
    file = folder.landing / place
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    os.utime(file, (1e9, 1e9))
    return file


def test_a_file_that_comes_in_parts_starts_one_intake_once_it_is_whole(sensor: Sensor, folder: DataFolder) -> None:
    assert sensor.look() == "nothing has landed"
    file = put(folder, f"{FEED}/{NAME}", b"the first part")
    waits = "1 file(s) have landed, and may still grow: looked at again"
    assert sensor.look() == waits
    put(folder, f"{FEED}/{NAME}", b"the first part and the second")
    assert sensor.look() == waits
    with file.open("ab"):
        assert sensor.look() == waits, "some process may write to it yet"
    put(folder, f"{FEED}/2021-05-leicestershire-street.csv.part", b"the transfer's own name for what is not whole")
    assert sensor.look() == STARTED
    assert NAME not in sensor.cursor


def test_what_an_intake_refused_or_left_starts_none_until_it_changes(sensor: Sensor, folder: DataFolder) -> None:
    put(folder, f"{FEED}/{NAME}", b"no header that anyone agreed\n")
    put(folder, "incoming/minutes.txt", b"of no feed\n")
    assert [sensor.look() for _ in range(2)][1] == "started for 2"
    take_in(load_contracts()[FEED], folder, lambda _: None)
    assert [one.outcome for one in Ledger(folder).receipts()] == ["refused"]
    assert sensor.look() == "1 file(s) stay as an intake has left them; `csp doctor` names them"
    put(folder, f"{FEED}/2021-05-leicestershire-street.csv", b"another\n")
    assert [sensor.look() for _ in range(2)][1] == STARTED, "for the new one alone"
    put(folder, "incoming/minutes.txt", b"of no feed, and longer\n")
    take_in(load_contracts()[FEED], folder, lambda _: None)
    assert [sensor.look() for _ in range(2)][1] == STARTED
    sensor.cursor = ""
    assert [sensor.look() for _ in range(2)][1] == STARTED, "a cursor that was reset forgets"


def test_what_someone_accepts_after_all_starts_one(sensor: Sensor, folder: DataFolder) -> None:
    """It lies there with the bytes for which an intake was started before."""
    put(folder, f"{FEED}/{NAME}", b"no header that anyone agreed\n")
    assert [sensor.look() for _ in range(2)][1] == STARTED
    take_in(load_contracts()[FEED], folder, lambda _: None)
    assert sensor.look() == "nothing has landed"
    [refused] = Ledger(folder).receipts()
    Ledger(folder).append_acceptance(
        receipt_number=refused.receipt_number,
        file_sha256=refused.file_sha256,
        accepted_at="2021-05-01T00:00:00Z",
        reason="it is right",
    )
    assert [sensor.look() for _ in range(2)][1] == STARTED


def test_it_waits_for_a_night_that_is_under_way(sensor: Sensor, folder: DataFolder, instance: DagsterInstance) -> None:
    put(folder, f"{FEED}/{NAME}", b"whatever\n")
    sensor.look()
    night = create_run_for_test(instance, job_name="publish", status=DagsterRunStatus.STARTED)
    assert sensor.look() == "1 file(s) have landed; publish is under way"
    instance.report_run_canceled(night)
    assert sensor.look() == STARTED
