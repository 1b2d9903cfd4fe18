"""What the code location promises to whoever opens it: every asset described and owned, every test a check."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from dagster import AssetKey, DefaultScheduleStatus, Definitions
from dagster._utils.schedules import schedule_execution_time_iterator

from orchestration.code_location import build_definitions
from sources.folder.data_folder import DataFolder
from tests.csp import Installation
from tests.places import REPOSITORY


@pytest.fixture(scope="module")
def definitions(open_data: Installation) -> Iterator[Definitions]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CSP_DATA_DIR", str(open_data.root))
        yield build_definitions(DataFolder(open_data.root))


def specs(definitions: Definitions) -> list:
    return [spec for spec in definitions.resolve_all_asset_specs() if spec.key.path[0] != "reference"]


def test_a_group_is_a_subject_through_the_layers(definitions: Definitions) -> None:
    groups: dict[str, set[str]] = {}
    for spec in definitions.resolve_all_asset_specs():
        groups.setdefault(str(spec.group_name), set()).add(spec.key.path[0])
    assert groups["police"] == {"deliveries", "raw", "staging"}
    assert groups["targets"] == {"reference", "intermediate", "marts"}
    assert not groups.keys() & {"staging", "intermediate", "marts"}


def test_what_is_made_twice_is_a_group_with_the_same_checks(
    definitions: Definitions, open_data: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the setting on: the group holds nothing else, and nothing that depends on the rules is left out of it."""
    monkeypatch.setenv("CSP_PARTNERS_RELEASE", "on")
    with_partners = build_definitions(DataFolder(open_data.root))
    twins = {spec.key: spec for spec in with_partners.resolve_all_asset_specs() if spec.key.path[0] == "partners"}
    assert {spec.key for spec in with_partners.resolve_all_asset_specs()} - twins.keys() == {
        spec.key for spec in definitions.resolve_all_asset_specs()
    }
    of_the_group = {
        spec.key for spec in with_partners.resolve_all_asset_specs() if spec.group_name == "partners_release"
    }
    assert of_the_group == twins.keys()
    graph = with_partners.resolve_asset_graph()
    first = {AssetKey(key.path[1:]) for key in twins}
    children = {child for key in first for child in graph.get(key).child_keys}
    assert children == (children & first) | {AssetKey("release"), AssetKey("release_as_at")}
    assert {key.path[-1] for key in first if key.path[0] == "marts"} == {
        key.path[-1] for key in graph.get(AssetKey("release")).parent_keys if key.path[0] == "partners"
    }
    for key in first:
        assert {check.name for check in graph.get_check_keys_for_assets({key})} == {
            check.name for check in graph.get_check_keys_for_assets({key.with_prefix("partners")})
        }
    assert len(graph.asset_check_keys) > len(definitions.resolve_asset_graph().asset_check_keys)


def test_every_asset_has_owner_kind_description_and_code_link(definitions: Definitions) -> None:
    lacking = [
        spec.key.to_user_string()
        for spec in specs(definitions)
        if not (spec.owners and spec.kinds and spec.description)
        or (spec.key.path[0] != "deliveries" and "dagster/code_references" not in spec.metadata)
    ]
    assert lacking == []


def test_every_asset_has_a_domain_and_what_an_agency_sends_its_agency(definitions: Definitions) -> None:
    tags = {spec.key.to_user_string(): spec.tags for spec in specs(definitions)}
    assert [key for key, of in tags.items() if not of.get("domain")] == []
    for key in ("deliveries/police/street_crime", "raw/police/street_crime", "staging/stg_police__street_crime"):
        assert (tags[key]["domain"], tags[key]["agency"]) == ("deliveries", "police")
    assert tags["marts/target_vs_baseline"]["domain"] == "targets"


def test_the_published_tables_are_the_interface(definitions: Definitions) -> None:
    marts = {spec.key.path[1] for spec in specs(definitions) if spec.key.path[0] == "marts"}
    assert marts >= {
        *("indicator_values", "target_vs_baseline", "measure_values", "deliveries", "row_accounts"),
        *("revisions", "indicators", "targets", "areas"),
    }


def test_every_dbt_test_is_a_check(definitions: Definitions, open_data: Installation) -> None:
    manifest = json.loads(next((open_data.root / "dbt" / "manifests").glob("*.json")).read_text())
    tests = {node["name"] for node in manifest["nodes"].values() if node["resource_type"] == "test"}
    graph = definitions.resolve_asset_graph()
    blocking = {key.name for key in graph.asset_check_keys if graph.get_check_spec(key).blocking}
    assert tests - blocking == set()


def test_every_check_has_a_description(definitions: Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    assert [key.to_user_string() for key in graph.asset_check_keys if not graph.get_check_spec(key).description] == []


def test_the_schedule_is_stopped_and_runs_once_on_every_day_of_the_year(definitions: Definitions) -> None:
    schedule = definitions.resolve_schedule_def("nightly_at_half_past_four")
    assert schedule.default_status is DefaultScheduleStatus.STOPPED
    assert schedule.execution_timezone == "Europe/London"
    start = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
    ticks = schedule_execution_time_iterator(start, str(schedule.cron_schedule), "Europe/London")
    days = [next(ticks) for _ in range(365)]
    london = [day.astimezone(ZoneInfo("Europe/London")) for day in days]
    assert {(day.hour, day.minute) for day in london} == {(4, 30)}
    assert {later.date() - earlier.date() for earlier, later in pairwise(london)} == {timedelta(days=1)}


@pytest.mark.parametrize(
    ("module", "absent"), [("orchestration.definitions", "great_expectations"), ("orchestration.cli.main", "dagster")]
)
def test_what_starts_slowly_is_imported_late(open_data: Installation, module: str, absent: str) -> None:
    code = f"import sys, {module}; sys.exit('{absent}' in sys.modules)"
    ended = subprocess.run([sys.executable, "-c", code], env=open_data.environment, cwd=REPOSITORY, check=False)
    assert ended.returncode == 0
