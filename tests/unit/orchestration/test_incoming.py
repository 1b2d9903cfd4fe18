"""What stays in landing/incoming/ is told without its name, but for the owner; `csp identify` takes nothing in."""

import fcntl
import os
import re
from pathlib import Path
from typing import Any

import pytest
from dagster import AssetCheckKey, AssetCheckResult, AssetSelection, DagsterInstance, materialize
from typer.testing import CliRunner

from orchestration import doctor
from orchestration.assets import intake
from orchestration.assets.deliveries import raw_key
from orchestration.assets.intake import build_intake
from orchestration.assets.ledger import PLACED_CHECK, build_ledger
from orchestration.checks import freshness
from orchestration.checks.taken_in_whole import WHOLE_CHECK
from orchestration.cli.main import app
from orchestration.cli.nightly import _left_out
from orchestration.resources import DataFolderResource
from sources.contract.load import Contract, load_contracts
from sources.folder.data_folder import DataFolder
from sources.intake.take_in import IntakeResult, take_in
from sources.ledger.receipts import Ledger
from tests.extracts import headers

ESTIMATES = (",".join(headers("ons/population")) + "\r\nE07000133,2,40,612\r\n").encode()
SENT = "Jane Doe"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataFolder:
    monkeypatch.setenv("CSP_DATA_DIR", str(tmp_path / "data"))
    folder = DataFolder(tmp_path / "data")
    folder.incoming.mkdir(parents=True)
    return folder


def test_a_night_places_what_is_of_a_feed_and_tells_what_stays(folder: DataFolder) -> None:
    (folder.incoming / "2008-mid-year-estimates (1).csv").write_bytes(ESTIMATES)
    (folder.incoming / "Jane Doe.csv").write_bytes(b"x,y\r\n1,2\r\n")
    contracts = load_contracts()
    with DagsterInstance.ephemeral() as instance:
        night = materialize(
            [build_intake([contracts["ons/population"]]), build_ledger(list(contracts.values()))],
            instance=instance,
            resources={"data_folder": DataFolderResource(root=str(folder.root))},
            raise_on_error=False,
        )
    assert [one.file_name for one in Ledger(folder).receipts()] == ["2008-mid-year-estimates.csv"]
    assert [file.name for file in folder.incoming.iterdir()] == ["Jane Doe.csv"]
    [placed] = [one for one in night.get_asset_check_evaluations() if one.check_name == PLACED_CHECK]
    assert not placed.passed
    assert placed.description == (
        "1 file(s) stay in landing/incoming/; `csp doctor` names them: 1 of no feed: its header has no column of any"
    )
    assert [line for line in _left_out() if "incoming" in line] == [
        "left in landing/incoming: 1 file(s) of no feed: its header has no column of any."
    ]
    with pytest.raises(doctor.BrokenError, match=r"landing/incoming/Jane Doe\.csv: of no feed: its header has no"):
        doctor.deliveries(folder)


def test_feeds_that_fail_stop_no_other_and_are_all_named(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Of an error that nobody expected the place is told: its message may hold what a sender wrote."""
    contracts = load_contracts()
    keys = ("police/recorded_crime", "pct/drug_treatment", "fire/incidents", "police/street_crime")
    feeds = [contracts[key] for key in keys]
    broken = contracts["pct/drug_treatment"]

    def failing(contract: Contract, *others: Any) -> IntakeResult:
        if contract.key in {"police/recorded_crime", "fire/incidents"}:
            int(SENT)
        return take_in(contract, *others)

    monkeypatch.setattr(intake, "take_in", failing)
    monkeypatch.setenv("CSP_LINK_KEY", "short")
    file = folder.landing_of(broken.key) / broken.file_name_example
    file.parent.mkdir(parents=True)
    file.write_text(",".join(headers(broken.key)) + "\r\n" + "," * (len(headers(broken.key)) - 1) + "\r\n")
    os.utime(file, (0, 0))
    with DagsterInstance.ephemeral() as instance:
        night = materialize(
            [build_intake(feeds)],
            instance=instance,
            resources={"data_folder": DataFolderResource(root=str(folder.root))},
            raise_on_error=False,
        )
        logged = "\n".join(entry.user_message for entry in instance.all_logs(night.run_id))
    assert not night.success
    looked_at = [event.asset_key for event in night.get_asset_materialization_events()]
    assert looked_at == [raw_key(broken), raw_key(contracts["police/street_crime"])]
    assert len(night.get_asset_check_evaluations()) == 4
    [failure] = night.get_step_failure_events()
    unexpected, expected = failure.event_specific_data.user_failure_data.description.split("; pct/drug_treatment: ")
    place = r"ValueError in test_incoming\.py, line \d+; `csp doctor` and the run's log say more"
    assert re.fullmatch(f"police/recorded_crime, fire/incidents: {place}", unexpected)
    assert expected.startswith("1 landing files failed and stay pending")
    assert "fewer than 32 characters" in expected
    assert any(re.fullmatch(f"fire/incidents: failed: {place}", line) for line in caplog.messages)
    assert re.search(r'test_incoming\.py", line \d+, in failing', logged), "the run's log has the way to the place"
    assert SENT not in logged + failure.event_specific_data.error_display_string


def test_one_feed_is_taken_in_alone(folder: DataFolder) -> None:
    contracts = load_contracts()
    chosen = raw_key(contracts["police/street_crime"])
    with DagsterInstance.ephemeral() as instance:
        alone = materialize(
            [build_intake(list(contracts.values()))],
            instance=instance,
            resources={"data_folder": DataFolderResource(root=str(folder.root))},
            selection=[chosen],
        )
    assert [event.asset_key for event in alone.get_asset_materialization_events()] == [chosen]
    assert {one.asset_key for one in alone.get_asset_check_evaluations()} == {chosen}


def test_a_check_of_a_feed_is_judged_alone(folder: DataFolder) -> None:
    """And a feed is taken in alone without its checks."""
    contracts = load_contracts()
    chosen = contracts["ons/population"]
    file = folder.landing_of(chosen.key) / "2008-mid-year-estimates.csv"
    file.parent.mkdir(parents=True)
    file.write_bytes(ESTIMATES.replace(b"612", b"many"))
    os.utime(file, (0, 0))
    definition = build_intake(list(contracts.values()))
    check = AssetCheckKey(raw_key(chosen), WHOLE_CHECK)
    with DagsterInstance.ephemeral() as instance:
        judged, taken_in = (
            materialize(
                [definition],
                instance=instance,
                resources={"data_folder": DataFolderResource(root=str(folder.root))},
                selection=selection,
            )
            for selection in (
                AssetSelection.checks(check),
                AssetSelection.assets(raw_key(chosen)).without_checks(),
            )
        )
        [evaluation] = judged.get_asset_check_evaluations()
    assert (evaluation.asset_check_key, evaluation.passed) == (check, False)
    assert raw_key(chosen) not in {event.asset_key for event in judged.get_asset_materialization_events()}
    assert [event.asset_key for event in taken_in.get_asset_materialization_events()] == [raw_key(chosen)]
    assert not taken_in.get_asset_check_evaluations()


def test_nobody_else_writes_between_two_feeds(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the step would begin anew where another process was faster, and tell of the first feeds twice."""
    others_wait = []

    def on_time(*judged: Any) -> AssetCheckResult:
        with folder.writer_lock.open() as lock:  # as another process would
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                others_wait.append(True)
        return freshness.on_time(*judged)

    monkeypatch.setattr(intake, "on_time", on_time)
    contracts = load_contracts()
    with DagsterInstance.ephemeral() as instance:
        materialize(
            [build_intake([contracts["ons/population"], contracts["police/street_crime"]])],
            instance=instance,
            resources={"data_folder": DataFolderResource(root=str(folder.root))},
        )
    assert others_wait == [True, True]


def test_identify_says_what_each_file_is_and_takes_nothing_in(folder: DataFolder, tmp_path: Path) -> None:
    known, unknown = tmp_path / "2008-mid-year-estimates (1).csv", tmp_path / "b.csv"
    known.write_bytes(ESTIMATES)
    unknown.write_bytes(b"x,y\r\n1,2\r\n")
    found = CliRunner().invoke(app, ["identify", str(known)])
    assert found.exit_code == 0
    assert ": ons/population, as 2008-mid-year-estimates.csv: its header has the 4 columns of" in found.stdout
    both = CliRunner().invoke(app, ["identify", str(known), str(unknown)])
    assert both.exit_code == 1
    assert both.stdout.splitlines()[1] == f"{unknown}: stays: of no feed: its header has no column of any."
    assert "of a plan's" not in both.stdout
    known.write_bytes(ESTIMATES.replace(b"E07000133", b"E06000063"))
    other = CliRunner().invoke(app, ["identify", str(known)])
    assert other.exit_code == 0
    assert other.stdout.endswith(". None of its areas is of a plan's: Melton.\n")
    assert CliRunner().invoke(app, ["identify", str(tmp_path / "none.csv")]).exit_code == 2
    assert not any(folder.incoming.iterdir())
