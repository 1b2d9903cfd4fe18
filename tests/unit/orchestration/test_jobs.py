"""An intake says whether a publish is due, and a publish follows it once; a wrong as-at date goes no further."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from dagster import (
    AssetCheckKey,
    AssetCheckSeverity,
    DagsterInstance,
    ExecuteInProcessResult,
    Failure,
    RunRequest,
    SensorDefinition,
    SkipReason,
    build_run_status_sensor_context,
)
from dagster._core.test_utils import create_run_for_test

from orchestration import doctor
from orchestration.assets.ledger import KNOWN_CHECK, LEDGER_KEY
from orchestration.assets.models import settled_inputs
from orchestration.instance import COMMAND_LINE_TAG, INTAKE, open_instance
from orchestration.intake_location import intake_definitions
from orchestration.jobs import TAGGING_SENSORS, publish_after_intake
from orchestration.nightly import run_nightly
from orchestration.outcome import FAILED, INTERRUPTED, NOTHING_NEW, PUBLISH_DUE, outcome_of
from orchestration.provenance import LOADED_RULES
from orchestration.records.run_inputs import (
    INTAKE_RUN_TAG,
    AsAtError,
    read_run_inputs,
    settled_as_at,
    write_run_inputs,
)
from orchestration.resources import DataFolderResource
from sources.contract.load import load_contracts
from sources.folder.data_folder import DataFolder
from sources.intake.left_out import left_out
from sources.ledger.receipts import Ledger
from tests.unit.sources.test_ledger import FACTS

TODAY = date(2021, 12, 31)


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    """A data folder that holds one delivery."""
    folder = DataFolder(tmp_path / "data")
    Ledger(folder).append_receipt(**FACTS)
    return folder


@pytest.fixture
def instance(folder: DataFolder) -> Iterator[DagsterInstance]:
    with open_instance(folder) as opened:
        yield opened


def take_in(
    folder: DataFolder, instance: DagsterInstance, tags: Mapping[str, str] | None = None, **config: object
) -> ExecuteInProcessResult:
    """Run the intake's last step, which says how it ends."""
    job = intake_definitions(folder).resolve_job_def(INTAKE)
    asked = {"ops": {"ledger": {"config": config}}, "loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    return job.execute_in_process(
        instance=instance, run_config=asked, tags=tags, raise_on_error=False, asset_selection=[LEDGER_KEY]
    )


def followed_by(
    folder: DataFolder, instance: DagsterInstance, intake: ExecuteInProcessResult
) -> RunRequest | SkipReason:
    context = build_run_status_sensor_context(
        sensor_name="publish_after_intake",
        dagster_event=intake.get_run_success_event(),
        dagster_instance=instance,
        dagster_run=intake.dagster_run,
        resources={"data_folder": DataFolderResource(root=str(folder.root))},
    )
    [said] = publish_after_intake(context)
    return said


def test_a_publish_follows_an_intake_with_something_new_as_long_as_its_inputs_stand(
    folder: DataFolder, instance: DagsterInstance
) -> None:
    first = take_in(folder, instance)
    assert outcome_of(instance, first.run_id) == (PUBLISH_DUE, "as at 30 April 2021: 1 standing deliveries")
    asked = followed_by(folder, instance, first)
    assert isinstance(asked, RunRequest)
    assert (asked.run_key, asked.tags[INTAKE_RUN_TAG]) == (first.run_id, first.run_id)
    later = take_in(folder, instance, as_at="2021-05-31")
    assert isinstance(followed_by(folder, instance, later), RunRequest)
    skipped = followed_by(folder, instance, first)
    assert isinstance(skipped, SkipReason)
    assert "other inputs" in str(skipped.skip_message)


def test_a_publish_computes_from_what_its_intake_settled_or_not_at_all(
    folder: DataFolder, instance: DagsterInstance
) -> None:
    with pytest.raises(Failure, match="no intake has settled"):
        settled_inputs(folder, {}, LOADED_RULES)
    intake = take_in(folder, instance)
    follows = {INTAKE_RUN_TAG: intake.run_id}
    assert settled_inputs(folder, follows, LOADED_RULES).as_at == "2021-04-30"
    with pytest.raises(Failure, match="deliveries or rules have changed"):
        settled_inputs(folder, follows, "other rules")
    with pytest.raises(Failure, match="has settled other inputs since intake another"):
        settled_inputs(folder, {INTAKE_RUN_TAG: "another"}, LOADED_RULES)
    [receipt] = Ledger(folder).receipts()
    Ledger(folder).append_withdrawal(
        receipt_numbers=[receipt.receipt_number],
        file_sha256=receipt.file_sha256,
        withdrawn_at="2021-05-01T00:00:00",
        reason="sent by mistake",
        is_erasure=False,
    )
    with pytest.raises(Failure, match="deliveries or rules have changed"):
        settled_inputs(folder, follows, LOADED_RULES)


def test_nothing_is_published_of_what_a_backfill_settled(folder: DataFolder, instance: DagsterInstance) -> None:
    intake = take_in(folder, instance)
    inputs = read_run_inputs(folder.run_inputs)
    assert inputs is not None
    write_run_inputs(folder.run_inputs, replace(inputs, beside_current=True))
    assert settled_inputs(folder, {INTAKE_RUN_TAG: intake.run_id}, LOADED_RULES).beside_current, "of its own run"
    with pytest.raises(Failure, match="the last inputs are those of a backfill"):
        settled_inputs(folder, {}, LOADED_RULES)


def test_a_night_of_the_command_line_is_not_published_twice(folder: DataFolder, instance: DagsterInstance) -> None:
    night = take_in(folder, instance, COMMAND_LINE_TAG)
    assert outcome_of(instance, night.run_id)[0] == PUBLISH_DUE
    assert isinstance(followed_by(folder, instance, night), SkipReason)


def test_nothing_follows_an_intake_with_nothing_new(folder: DataFolder, instance: DagsterInstance) -> None:
    folder.receipts.unlink()
    quiet = take_in(folder, instance)
    assert outcome_of(instance, quiet.run_id)[0] == NOTHING_NEW
    assert isinstance(followed_by(folder, instance, quiet), SkipReason)


def test_a_wrong_as_at_date_is_refused_before_a_run_exists(folder: DataFolder) -> None:
    with pytest.raises(AsAtError, match=r"2021-04-29 lies before the first delivered period ends \(2021-04-30\)"):
        run_nightly(folder, as_at="2021-04-29")
    assert not folder.dagster_home.exists()


def test_a_wrong_as_at_date_of_a_launched_intake_says_so_in_its_tags(
    folder: DataFolder, instance: DagsterInstance
) -> None:
    refused = take_in(folder, instance, as_at="Easter")
    assert not refused.success
    reason = "ledger: as_at is 'Easter'; give an ISO date such as 2022-03-31"
    assert outcome_of(instance, refused.run_id) == (FAILED, reason)
    assert not folder.run_inputs.exists()


def test_the_as_at_date_is_the_end_of_the_latest_period_unless_another_is_asked_for(folder: DataFolder) -> None:
    standing = Ledger(folder).standing()
    assert str(settled_as_at(None, standing, TODAY)) == "2021-04-30"
    assert str(settled_as_at("2021-12-31", standing, TODAY)) == "2021-12-31"
    assert settled_as_at("2021-12-31", [], TODAY) is None
    with pytest.raises(AsAtError, match="lies in the future"):
        settled_as_at("2022-01-01", standing, TODAY)


@pytest.mark.parametrize(("sensor", "ended"), [*zip(TAGGING_SENSORS, ("failure", "canceled"), strict=True)])
def test_a_run_that_was_ended_from_outside_says_so(
    folder: DataFolder, instance: DagsterInstance, sensor: SensorDefinition, ended: str
) -> None:
    run = create_run_for_test(instance, INTAKE)
    said = create_run_for_test(instance, INTAKE, tags={"outcome": "held", "reason": "a check failed"})
    for one in (run, said):
        event = (
            instance.report_run_failed(one, "Exceeded maximum runtime")
            if ended == "failure"
            else instance.report_run_canceled(one, "ended by hand")
        )
        context = build_run_status_sensor_context(
            sensor_name=sensor.name, dagster_event=event, dagster_instance=instance, dagster_run=one
        )
        sensor(context)
    outcome, reason = outcome_of(instance, run.run_id)
    assert (outcome, "maximum runtime" in reason or "by hand" in reason) == (
        FAILED if ended == "failure" else INTERRUPTED,
        True,
    )
    assert outcome_of(instance, said.run_id) == ("held", "a check failed")


def test_only_what_is_counted_moves_the_as_at_date(folder: DataFolder) -> None:
    [counted] = Ledger(folder).standing()
    estimate = replace(counted, agency="ons", feed="population", supplier="ons", period_end="2021-12-31")
    stranger = replace(counted, supplier="btp", period_end="2021-06-30")
    assert str(settled_as_at(None, [counted, estimate, stranger], TODAY)) == "2021-04-30"
    assert str(settled_as_at(None, [stranger], TODAY)) == "2021-06-30"
    with pytest.raises(AsAtError, match=r"first delivered period ends \(2021-04-30\)"):
        settled_as_at("2021-03-31", [counted, replace(estimate, period_end="2020-12-31")], TODAY)


def test_a_supplier_whom_nobody_knows_is_told_by_feed_and_named_to_the_owner_alone(
    folder: DataFolder, instance: DagsterInstance
) -> None:
    Ledger(folder).append_receipt(**{**FACTS, "supplier": "btp", "file_sha256": "b" * 64})
    known = AssetCheckKey(LEDGER_KEY, KNOWN_CHECK)
    [told] = [one for one in take_in(folder, instance).get_asset_check_evaluations() if one.asset_check_key == known]
    assert not told.passed
    assert told.severity == AssetCheckSeverity.WARN
    assert str(told.description).startswith("1 delivery counts for nothing")
    assert "police/street_crime (1); `csp doctor` names the suppliers. What to do: add the supplier" in str(
        told.description
    )
    assert "btp" not in f"{told.description} {told.metadata}"
    assert "btp (police/street_crime)" in doctor.deliveries(folder)
    [contract] = [one for one in load_contracts().values() if one.key == "police/street_crime"]
    assert [line for line in left_out(folder, [contract]) if line.endswith(": btp (police/street_crime)")]


def test_nothing_is_built_from_the_halves_of_two_ledger_steps(
    folder: DataFolder, instance: DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What dbt reads of the ledger was written anew, and the as-at date was not."""
    settled = take_in(folder, instance)
    follows = {INTAKE_RUN_TAG: settled.run_id}
    assert settled_inputs(folder, follows, LOADED_RULES)

    def fail(*_: object) -> None:
        raise OSError("disk on fire")

    monkeypatch.setattr("orchestration.assets.ledger.write_run_inputs", fail)
    assert not take_in(folder, instance).success
    with pytest.raises(Failure, match="no intake has settled an as-at date"):
        settled_inputs(folder, follows, LOADED_RULES)
