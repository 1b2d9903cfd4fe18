"""What a release holds, what its manifest says, and which tables make another release."""

import dataclasses
import re
import shutil
import stat
import subprocess
from pathlib import Path

import duckdb
import pytest

from orchestration import releases
from orchestration.provenance import DBT_PROJECT_DIR
from orchestration.releases import ChangedTablesError, CheckResult, Release, ReleaseFacts
from sources.folder.data_folder import DataFolder
from tests.unit.orchestration.releases.warehouse import TABLES, Published, build, change_warehouse, facts


def test_release_holds_database_copies_and_manifest_and_nothing_else(folder: DataFolder) -> None:
    release = build(folder)
    files = sorted(p.relative_to(release.path).as_posix() for p in release.path.rglob("*") if p.is_file())
    assert files == [
        *("csv/csv-metadata.json", "csv/deliveries.csv.gz", "csv/indicator_values.csv.gz", "datapackage.json"),
        *("indicators.duckdb", "manifest.json", "manifest.sha256"),
        *("parquet/deliveries.parquet", "parquet/indicator_values.parquet"),
    ]
    assert [path.name for path in folder.releases.iterdir()] == ["2022-03-31.1"]


def test_every_copy_holds_the_same_rows_in_the_order_of_the_columns(release: Release) -> None:
    with duckdb.connect(str(release.path / "indicators.duckdb"), read_only=True) as connection:
        rows = connection.sql("from indicator_values").fetchall()
        expected = connection.sql("from indicator_values order by all").fetchall()
        parquet = connection.read_parquet(str(release.path / "parquet/indicator_values.parquet")).fetchall()
        csv = connection.read_csv(str(release.path / "csv/indicator_values.csv.gz")).fetchall()
    assert len(rows) == 100
    assert rows == expected == parquet == csv


def test_database_carries_the_descriptions(release: Release) -> None:
    with duckdb.connect(str(release.path / "indicators.duckdb"), read_only=True) as connection:
        table = connection.sql("select comment from duckdb_tables() where table_name = 'indicator_values'").fetchall()
        column = connection.sql("select comment from duckdb_columns() where column_name = 'value'").fetchall()
    assert table == [("The analyst's figures. One row per area.",)]
    assert column == [("The figure; not a count",)]


def test_database_opens_in_the_oldest_duckdb_that_the_manifest_promises(shared: DataFolder, release: Release) -> None:
    promised = releases.read_manifest(shared, release.release_id)["duckdb_storage_version"]
    with duckdb.connect(str(release.path / "indicators.duckdb"), read_only=True) as connection:
        written = connection.sql("select tags['storage_version'] from duckdb_databases() where not internal")
        assert written.fetchall() == [("v1.2.0+",)] == [(f"{promised}+",)]


def test_manifest_says_what_went_in_and_what_came_out(shared: DataFolder, release: Release) -> None:
    manifest = releases.read_manifest(shared, release.release_id)
    source = manifest["sources"][0]
    table = manifest["tables"]["deliveries"]
    assert (manifest["release_id"], manifest["run_id"], manifest["git_commit"]) == (
        "2022-03-31.1",
        "run-1",
        "0" * 40,
    )
    assert manifest["input_fingerprint"] == release.input_fingerprint == "f1"
    assert (source["delivery_name"], source["rows_delivered"], source["status"]) == (
        "a, receipt 1",
        100,
        "partly_accepted",
    )
    assert source["period_start"] == "2020-04-01"
    assert (table["rows"], table["left_out_of_content_sha256"]) == (1, ["received_at"])
    assert table["columns"][0] == {"name": "file_sha256", "type": "VARCHAR"}
    assert manifest["lineage"].keys() == {
        f"lineage/2022-03-31.1/{name}"
        for name in ("counted_rows.json", "indicator_components.parquet", "age_group_weights.parquet")
    }
    assert {key for file in manifest["lineage"].values() for key in file} == {"sha256"}  # a size tells how many people


def test_manifest_lists_every_check_in_order_and_warns_of_those_that_failed(
    shared: DataFolder, release: Release
) -> None:
    manifest = releases.read_manifest(shared, release.release_id)
    assert [check["name"] for check in manifest["checks"]] == ["unique", "on_time", "whole"]
    assert manifest["checks"][1] == {
        "asset": "raw/police/street_crime",
        "name": "on_time",
        "severity": "warn",
        "passed": False,
        "evaluated_at": "2026-11-23T10:00:02+00:00",
        "description": "A month is late.",
    }
    assert manifest["warnings"] == ["raw/police/street_crime: A month is late."]


def test_failed_check_of_another_severity_is_no_warning() -> None:
    failed = CheckResult("marts/targets", "unique", "error", False, "2026-11-23T10:00:00+00:00", "No area twice.")
    assert ReleaseFacts(as_at="2022-03-31", run_id="r", input_fingerprint="f", checks=[failed]).warnings == []


def test_severity_of_another_spelling_is_refused() -> None:
    with pytest.raises(ValueError, match="'WARN' is not error or warn"):
        CheckResult("marts/targets", "unique", "WARN", False, "2026-11-23T10:00:00+00:00", "No area twice.")


def test_sha256sum_reads_the_manifest_digest(release: Release) -> None:
    done = subprocess.run(
        ["sha256sum", "--check", "manifest.sha256"], cwd=release.path, check=False, capture_output=True
    )
    assert done.returncode == 0, done.stderr


def test_files_and_folders_are_read_only(release: Release) -> None:
    modes = {p: stat.S_IMODE(p.stat().st_mode) for p in [release.path, *release.path.rglob("*")]}
    assert {modes[path] for path in modes if path.is_file()} == {0o444}
    assert {modes[path] for path in modes if path.is_dir()} == {0o555}


def test_lineage_is_ordered_and_for_the_owner_alone(shared: DataFolder, release: Release) -> None:
    lineage = shared.lineage / release.release_id
    assert stat.S_IMODE(lineage.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in lineage.rglob("*.*")} == {0o600}
    assert stat.S_IMODE((lineage / "counted_rows").stat().st_mode) == 0o700
    months = sorted((lineage / "counted_rows").iterdir())
    assert [month.name for month in months] == ["2020-05-01.parquet", "2020-06-01.parquet"]
    numbers = [row[2] for month in months for row in duckdb.read_parquet(str(month)).fetchall()]
    assert numbers == list(range(1, 101))


def test_releases_are_numbered_within_their_as_at_date(built: DataFolder) -> None:
    (built.releases / "2022-03-31.2").rename(built.releases / "2022-03-31.9")
    new = [build(built, as_at).release_id for as_at in ["2022-03-31", "2022-03-31", "2022-04-30"]]
    assert new == ["2022-03-31.10", "2022-03-31.11", "2022-04-30.1"]
    listed = [release.release_id for release in releases.list_releases(built)]
    assert listed == ["2022-03-31.1", "2022-03-31.9", *new]


def test_the_number_of_a_release_that_was_deleted_is_not_given_again(published: Published) -> None:
    folder, _, current = published
    shutil.move(current.path, folder.root / "moved out")
    assert build(folder).release_id == "2022-03-31.3"
    assert not releases.was_published(folder, "2022-03-31.3")


def test_warehouse_is_only_read(folder: DataFolder) -> None:
    before = (folder.warehouse.stat().st_mtime_ns, folder.warehouse.read_bytes())
    build(folder)
    assert (folder.warehouse.stat().st_mtime_ns, folder.warehouse.read_bytes()) == before


@pytest.mark.parametrize(
    ("as_at", "tables", "said"),
    [
        ("31/03/2022", TABLES, "ISO date"),
        ("2022-03-31", ["no_such_table"], "no_such_table"),
    ],
)
def test_what_cannot_be_built_is_named_and_leaves_no_release(
    folder: DataFolder, as_at: str, tables: list[str], said: str
) -> None:
    with pytest.raises(releases.ReleaseBuildError, match=said):
        releases.build_release(folder, folder.warehouse, tables, facts(as_at))
    assert releases.list_releases(folder) == []
    assert build(folder).release_id == "2022-03-31.1"


def test_time_of_receipt_does_not_change_the_hash_of_deliveries(folder: DataFolder, release: Release) -> None:
    change_warehouse(folder, "update marts.deliveries set received_at = received_at + interval 1 hour")
    assert releases.equal_releases(folder.warehouse, TABLES, [release]) == [release]


@pytest.mark.parametrize(
    "change",
    [
        "update marts.deliveries set reason = 'other'",
        "update marts.indicator_values set value = value + 1",
        "insert into marts.indicator_values from marts.indicator_values limit 1",
    ],
)
def test_a_change_of_any_table_makes_it_another_release(folder: DataFolder, release: Release, change: str) -> None:
    change_warehouse(folder, change)
    assert releases.equal_releases(folder.warehouse, TABLES, [release]) == []


def test_a_release_of_fewer_tables_is_another(folder: DataFolder, release: Release) -> None:
    assert releases.equal_releases(folder.warehouse, TABLES[:-1], [release]) == []
    assert releases.equal_releases(folder.warehouse, TABLES, []) == []


def test_the_store_reads_models_of_two_layers_and_all_that_is_restricted() -> None:
    models = {file.stem for file in (DBT_PROJECT_DIR / "models" / "restricted").rglob("*.sql")}
    assert models == set(releases.LINEAGE_TABLES)
    sources = [file.read_text() for file in Path(releases.__file__).parent.rglob("*.py")]
    assert sources
    assert not [source for source in sources if re.search(r"\bintermediate\b|\bint_", source)]


def test_tables_that_are_not_as_built_and_checked_make_no_release(folder: DataFolder) -> None:
    """Not even where only a column has changed that says when the job ran, and is left out of the manifest's hash."""
    relations = dict.fromkeys(f"marts.{table}" for table in TABLES)
    as_built = dataclasses.replace(facts(), built_as=releases.content_hashes(folder.warehouse, relations))
    for change in (
        "update marts.indicator_values set value = value + 1 where area_code = 'E07000130'",
        "update marts.deliveries set received_at = received_at + interval 1 day",
    ):
        change_warehouse(folder, change)
        with pytest.raises(ChangedTablesError, match=change.split()[1].removeprefix("marts.")):
            releases.build_release(folder, folder.warehouse, TABLES, as_built)
        assert not any(folder.releases.iterdir())
        assert not folder.lineage.exists()
    as_changed = dataclasses.replace(facts(), built_as=releases.content_hashes(folder.warehouse, relations))
    assert releases.build_release(folder, folder.warehouse, TABLES, as_changed).release_id == "2022-03-31.1"
