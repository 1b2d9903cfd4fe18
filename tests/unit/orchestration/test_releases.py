"""The release store: what a release holds, what a reader sees meanwhile, and what a dead process leaves."""

import json
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from orchestration import releases
from orchestration.assets.outcome import RELEASE_KEY
from orchestration.cli.main import app
from orchestration.instance import open_instance
from orchestration.releases import CheckResult, Release, ReleaseFacts, wants_partner_file, write_partner_file
from sources.folder.data_folder import DataFolder

PROJECT = Path(__file__).resolve().parents[3]
Published = tuple[DataFolder, Release, Release]  # the release before, and the current one
TABLES = ["indicator_values", "deliveries"]
DESCRIPTIONS = {
    "indicator_values": {"": "The analyst's figures. One row per area.", "value": "The figure; not a count"}
}
CHECKS = [
    CheckResult("marts/indicator_values", "unique", "error", True, "2026-11-23T10:00:01+00:00", "No area twice."),
    CheckResult("raw/police/street_crime", "on_time", "warn", False, "2026-11-23T10:00:02+00:00", "A month is late."),
    CheckResult("marts/deliveries", "whole", "warn", True, "2026-11-23T10:00:03+00:00", "Nothing was refused."),
]
WAREHOUSE = """
create schema marts;
create schema intermediate;
create table marts.indicator_values as
select 'E0700013' || (i % 7) as area_code, date '2020-04-01' + i::int as period_start,
    i / 7.0::double as value, case when i % 3 = 0 then null else 'a "quoted", note' end as note,
    i % 2 = 0 as is_complete
from range(100) as numbers(i);
create table marts.deliveries as
select repeat('a', 64) as file_sha256, 'police' as agency, 'street_crime' as feed, 'a.csv' as file_name,
    date '2020-04-01' as period_start, date '2020-04-30' as period_end,
    timestamptz '2026-11-23 10:00:00+00' as received_at, 100 as rows_delivered, 99 as rows_accepted,
    1 as rows_rejected, 'partly_accepted' as status, null::varchar as reason;
create table intermediate.rows_of_deliveries as select i from range(100) as numbers(i);
create view intermediate.int_measures__counted_rows as
select 'police/street_crime' as feed, repeat('a', 64) as file_sha256, 100 - i as row_number,
    ['OD-BURGLARY'] as measure_codes
from "warehouse"."intermediate"."rows_of_deliveries";
"""


def facts(as_at: str = "2022-03-31") -> ReleaseFacts:
    return ReleaseFacts(
        as_at=as_at,
        run_id="run-1",
        input_fingerprint="f1",
        git_commit="0" * 40,
        versions={"duckdb": duckdb.__version__},
        checks=CHECKS,
        descriptions=DESCRIPTIONS,
    )


def build(folder: DataFolder, as_at: str = "2022-03-31") -> Release:
    return releases.build_release(folder, folder.warehouse, TABLES, facts(as_at))


def build_and_publish(folder: DataFolder) -> Release:
    return releases.publish(folder, build(folder).release_id, reason="test")


def change_warehouse(folder: DataFolder, sql: str) -> None:
    with duckdb.connect(str(folder.warehouse)) as connection:
        connection.execute(sql)


def overwrite(path: Path, content: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(content)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    """A warehouse and two releases built from it, neither published; shared by all tests, which only read it."""
    folder = DataFolder(tmp_path_factory.mktemp("shared") / "data with 'quote")
    folder.root.mkdir()
    change_warehouse(folder, WAREHOUSE)
    build(folder)
    build(folder)
    return folder


@pytest.fixture(scope="module")
def release(shared: DataFolder) -> Release:
    """A release to read."""
    return releases.get_release(shared, "2022-03-31.1")


@pytest.fixture
def folder(tmp_path: Path, shared: DataFolder) -> DataFolder:
    """The warehouse, and no release."""
    folder = DataFolder(tmp_path / "data with 'quote")
    folder.root.mkdir()
    shutil.copy(shared.warehouse, folder.warehouse)
    return folder


@pytest.fixture
def built(tmp_path: Path, shared: DataFolder) -> DataFolder:
    """The warehouse and two releases, neither published."""
    return DataFolder(Path(shutil.copytree(shared.root, tmp_path / "built")))


@pytest.fixture
def published(built: DataFolder) -> Published:
    """The warehouse and two releases, both published, the second current."""
    first, second = (
        releases.publish(built, release.release_id, reason="test") for release in releases.list_releases(built)
    )
    return built, first, second


class TestBuild:
    def test_release_holds_database_copies_and_manifest_and_nothing_else(self, folder: DataFolder) -> None:
        release = build(folder)
        files = sorted(p.relative_to(release.path).as_posix() for p in release.path.rglob("*") if p.is_file())
        assert files == [
            *("csv/deliveries.csv", "csv/indicator_values.csv", "indicators.duckdb", "manifest.json"),
            *("manifest.sha256", "parquet/deliveries.parquet", "parquet/indicator_values.parquet"),
        ]
        assert [path.name for path in folder.releases.iterdir()] == ["2022-03-31.1"]

    def test_every_copy_holds_the_same_rows_in_the_order_of_the_columns(self, release: Release) -> None:
        with duckdb.connect(str(release.path / "indicators.duckdb"), read_only=True) as connection:
            rows = connection.sql("from indicator_values").fetchall()
            expected = connection.sql("from indicator_values order by all").fetchall()
            parquet = connection.read_parquet(str(release.path / "parquet/indicator_values.parquet")).fetchall()
            csv = connection.read_csv(str(release.path / "csv/indicator_values.csv")).fetchall()
        assert len(rows) == 100
        assert rows == expected == parquet == csv

    def test_database_carries_the_descriptions(self, release: Release) -> None:
        with duckdb.connect(str(release.path / "indicators.duckdb"), read_only=True) as connection:
            table = connection.sql(
                "select comment from duckdb_tables() where table_name = 'indicator_values'"
            ).fetchall()
            column = connection.sql("select comment from duckdb_columns() where column_name = 'value'").fetchall()
        assert table == [("The analyst's figures. One row per area.",)]
        assert column == [("The figure; not a count",)]

    def test_database_opens_in_the_oldest_duckdb_that_the_manifest_promises(
        self, shared: DataFolder, release: Release
    ) -> None:
        promised = releases.read_manifest(shared, release.release_id)["duckdb_storage_version"]
        with duckdb.connect(str(release.path / "indicators.duckdb"), read_only=True) as connection:
            written = connection.sql("select tags['storage_version'] from duckdb_databases() where not internal")
            assert written.fetchall() == [("v1.2.0+",)] == [(f"{promised}+",)]

    def test_manifest_says_what_went_in_and_what_came_out(self, shared: DataFolder, release: Release) -> None:
        manifest = releases.read_manifest(shared, release.release_id)
        source = manifest["sources"][0]
        table = manifest["tables"]["deliveries"]
        assert (manifest["release_id"], manifest["run_id"], manifest["git_commit"]) == (
            "2022-03-31.1",
            "run-1",
            "0" * 40,
        )
        assert manifest["duckdb_storage_version"] == "v1.2.0"
        assert manifest["input_fingerprint"] == release.input_fingerprint == "f1"
        assert (source["file_name"], source["rows_delivered"], source["status"]) == (
            "a.csv",
            100,
            "partly_accepted",
        )
        assert source["period_start"] == "2020-04-01"
        assert (table["rows"], table["left_out_of_content_sha256"]) == (1, ["received_at"])
        assert table["columns"][0] == {"name": "file_sha256", "type": "VARCHAR"}
        assert set(manifest["lineage"]) == {"path", "sha256"}

    def test_manifest_is_plain_json(self, release: Release) -> None:
        text = (release.path / "manifest.json").read_text(encoding="utf-8")
        assert json.loads(text)["files"]["indicators.duckdb"]["bytes"] > 0

    def test_manifest_lists_every_check_in_order_and_warns_of_those_that_failed(
        self, shared: DataFolder, release: Release
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

    def test_failed_check_of_another_severity_is_no_warning(self) -> None:
        failed = CheckResult("marts/targets", "unique", "error", False, "2026-11-23T10:00:00+00:00", "No area twice.")
        assert ReleaseFacts(as_at="2022-03-31", run_id="r", input_fingerprint="f", checks=[failed]).warnings == []

    def test_severity_of_another_spelling_is_refused(self) -> None:
        with pytest.raises(ValueError, match="'WARN' is not error or warn"):
            CheckResult("marts/targets", "unique", "WARN", False, "2026-11-23T10:00:00+00:00", "No area twice.")

    def test_sha256sum_reads_the_manifest_digest(self, release: Release) -> None:
        done = subprocess.run(
            ["sha256sum", "--check", "manifest.sha256"], cwd=release.path, check=False, capture_output=True
        )
        assert done.returncode == 0, done.stderr

    def test_files_and_folders_are_read_only(self, release: Release) -> None:
        modes = {p: stat.S_IMODE(p.stat().st_mode) for p in [release.path, *release.path.rglob("*")]}
        assert {modes[path] for path in modes if path.is_file()} == {0o444}
        assert {modes[path] for path in modes if path.is_dir()} == {0o555}

    def test_lineage_is_ordered_and_for_the_owner_alone(self, shared: DataFolder, release: Release) -> None:
        lineage = shared.lineage / f"{release.release_id}.parquet"
        assert stat.S_IMODE(lineage.stat().st_mode) == 0o600
        numbers = [row[2] for row in duckdb.read_parquet(str(lineage)).fetchall()]
        assert numbers == list(range(1, 101))

    def test_releases_are_numbered_within_their_as_at_date(self, built: DataFolder) -> None:
        (built.releases / "2022-03-31.2").rename(built.releases / "2022-03-31.9")
        new = [build(built, as_at).release_id for as_at in ["2022-03-31", "2022-03-31", "2022-04-30"]]
        assert new == ["2022-03-31.10", "2022-03-31.11", "2022-04-30.1"]
        listed = [release.release_id for release in releases.list_releases(built)]
        assert listed == ["2022-03-31.1", "2022-03-31.9", *new]

    def test_warehouse_is_only_read(self, folder: DataFolder) -> None:
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
        self, folder: DataFolder, as_at: str, tables: list[str], said: str
    ) -> None:
        with pytest.raises(releases.ReleaseBuildError, match=said):
            releases.build_release(folder, folder.warehouse, tables, facts(as_at))
        assert releases.list_releases(folder) == []
        assert build(folder).release_id == "2022-03-31.1"

    def test_time_of_receipt_does_not_change_the_hash_of_deliveries(self, folder: DataFolder, release: Release) -> None:
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
    def test_a_change_of_any_table_makes_it_another_release(
        self, folder: DataFolder, release: Release, change: str
    ) -> None:
        change_warehouse(folder, change)
        assert releases.equal_releases(folder.warehouse, TABLES, [release]) == []

    def test_a_release_of_fewer_tables_is_another(self, folder: DataFolder, release: Release) -> None:
        assert releases.equal_releases(folder.warehouse, TABLES[:-1], [release]) == []
        assert releases.equal_releases(folder.warehouse, TABLES, []) == []


class TestPublish:
    def test_current_points_to_the_release_and_the_history_says_so(self, built: DataFolder) -> None:
        assert releases.current_release(built) is None
        assert releases.latest_published_release(built) is None
        with pytest.raises(releases.NothingPublishedError, match="csp nightly"):
            releases.require_current(built)
        first, second = releases.list_releases(built)
        for release in (first, second):
            assert releases.publish(built, release.release_id, reason="test") == release
        assert (built.published / "current").readlink() == Path("../releases/2022-03-31.2")
        assert releases.current_release(built) == second
        lines = releases.read_history(built)
        assert [(line["action"], line["from"], line["to"]) for line in lines] == [
            ("published", None, first.release_id),
            ("published", first.release_id, second.release_id),
        ]
        assert set(lines[0]) == {"action", "at", "from", "to", "reason", "user"}

    def test_publishing_the_current_release_again_changes_nothing(self, published: Published) -> None:
        folder, _, second = published
        releases.publish(folder, second.release_id, reason="again")
        assert len(releases.read_history(folder)) == 2

    def test_rollback_is_recorded_and_keeps_the_latest_publication(self, published: Published) -> None:
        folder, first, second = published
        said = releases.rollback(folder, first.release_id, reason="wrong population")
        assert said == "2022-03-31.1 is the current release now, in place of 2022-03-31.2"
        assert releases.current_release(folder) == first
        assert releases.latest_published_release(folder) == second
        last = releases.read_history(folder)[-1]
        assert (last["action"], last["reason"]) == ("rolled_back", "wrong population")

    def test_rollback_to_the_current_release_says_so(self, published: Published) -> None:
        folder, _, second = published
        assert "already" in releases.rollback(folder, second.release_id, reason="x")
        assert len(releases.read_history(folder)) == 2

    @pytest.mark.parametrize("release_id", ["2022-03-31.9", "../warehouse", "", ".building-2022-03-31.1"])
    def test_unknown_release_is_named_with_those_there_are(self, shared: DataFolder, release_id: str) -> None:
        for act in (
            lambda: releases.rollback(shared, release_id, reason="x"),
            lambda: releases.publish(shared, release_id, reason="x"),
            lambda: releases.verify(shared, release_id),
        ):
            with pytest.raises(releases.UnknownReleaseError, match=r"2022-03-31\.1"):
                act()

    def test_rollback_to_a_damaged_release_is_refused(self, published: Published) -> None:
        folder, first, second = published
        overwrite(first.path / "csv/deliveries.csv", b"")
        with pytest.raises(releases.DamagedReleaseError, match=r"2022-03-31\.2 stays current"):
            releases.rollback(folder, first.release_id, reason="x")
        assert releases.current_release(folder) == second

    def test_rollback_away_from_a_damaged_release_works(self, published: Published) -> None:
        folder, first, second = published
        overwrite(second.path / "manifest.json", b"not json")
        releases.rollback(folder, first.release_id, reason="the current one is damaged")
        assert releases.current_release(folder) == first

    def test_release_that_never_was_published_is_told_and_no_rollback_goes_to_it(self, published: Published) -> None:
        folder, first, second = published
        third = build(folder)
        releases.rollback(folder, first.release_id, reason="x")
        told = {r.release_id: releases.was_published(folder, r.release_id) for r in releases.list_releases(folder)}
        assert told == {first.release_id: True, second.release_id: True, third.release_id: False}
        with pytest.raises(releases.UnpublishedReleaseError, match=r"31\.3 never was current.*31\.1 stays current"):
            releases.rollback(folder, third.release_id, reason="x")
        assert releases.current_release(folder) == first
        releases.rollback(folder, second.release_id, reason="it was published once")
        assert releases.current_release(folder) == second

    def test_switch_that_died_before_its_line_is_recorded_by_the_next(self, published: Published) -> None:
        folder, first, second = published
        history = folder.published / "history.jsonl"
        lines = history.read_text().splitlines(keepends=True)
        history.write_text(lines[0] + lines[1][:20])
        assert releases.latest_published_release(folder) == second
        assert releases.was_published(folder, second.release_id)
        third = build_and_publish(folder)
        moves = [(line["action"], line["from"], line["to"]) for line in releases.read_history(folder)]
        assert moves == [
            ("published", None, first.release_id),
            ("published", first.release_id, second.release_id),
            ("published", second.release_id, third.release_id),
        ]

    def test_link_of_a_switch_that_died_is_no_obstacle(self, published: Published) -> None:
        folder, first, _ = published
        (folder.published / ".current").symlink_to("nowhere")
        releases.rollback(folder, first.release_id, reason="x")
        assert releases.current_release(folder) == first
        assert sorted(path.name for path in folder.published.iterdir()) == ["current", "history.jsonl"]


def remove_csv(release: Path) -> None:
    (release / "csv").chmod(0o755)
    (release / "csv/deliveries.csv").unlink()


def add_file(release: Path) -> None:
    release.chmod(0o755)
    (release / "notes.txt").write_text("mine")


def alter_parquet(release: Path) -> None:
    path = release / "parquet/deliveries.parquet"
    overwrite(path, path.read_bytes() + b" ")


def drop_csv_row(release: Path) -> None:
    path = release / "csv/indicator_values.csv"
    overwrite(path, b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))


def change_figure(release: Path) -> None:
    (release / "indicators.duckdb").chmod(0o644)
    with duckdb.connect(str(release / "indicators.duckdb")) as connection:
        connection.execute("update indicator_values set value = value + 1 where area_code = 'E07000131'")


def drop_table(release: Path) -> None:
    (release / "indicators.duckdb").chmod(0o644)
    with duckdb.connect(str(release / "indicators.duckdb")) as connection:
        connection.execute("drop table deliveries")


def break_database(release: Path) -> None:
    overwrite(release / "indicators.duckdb", b"not a database")


def alter_manifest(release: Path) -> None:
    path = release / "manifest.json"
    overwrite(path, path.read_bytes().replace(b'"run-1"', b'"run-2"'))


def remove_manifest_digest(release: Path) -> None:
    release.chmod(0o755)
    (release / "manifest.sha256").unlink()


def alter_lineage(release: Path) -> None:
    overwrite(release.parents[1] / "lineage" / f"{release.name}.parquet", b"PAR1")


class TestVerify:
    def test_release_as_built_has_no_problem(self, shared: DataFolder, release: Release) -> None:
        assert releases.verify(shared, release.release_id) == []

    @pytest.mark.parametrize(
        ("tamper", "expected"),
        [
            (remove_csv, [("missing", "csv/deliveries.csv")]),
            (add_file, [("extra", "notes.txt")]),
            (
                alter_parquet,
                [("altered", "parquet/deliveries.parquet"), ("unreadable", "parquet/deliveries.parquet")],
            ),
            (
                drop_csv_row,
                [("altered", "csv/indicator_values.csv"), ("altered", "csv/indicator_values.csv")],
            ),
            (
                change_figure,
                [("altered", "indicators.duckdb"), ("altered", "indicators.duckdb: indicator_values")],
            ),
            (drop_table, [("altered", "indicators.duckdb"), ("unreadable", "indicators.duckdb: deliveries")]),
            (break_database, [("altered", "indicators.duckdb"), ("unreadable", "indicators.duckdb")]),
            (alter_manifest, [("altered", "manifest.json")]),
            (remove_manifest_digest, [("unreadable", "manifest.json")]),
            (alter_lineage, [("altered", "lineage/2022-03-31.1.parquet")]),
        ],
    )
    def test_every_kind_of_tampering_is_found(
        self, built: DataFolder, tamper: Callable[[Path], None], expected: list[tuple[str, str]]
    ) -> None:
        tamper(built.releases / "2022-03-31.1")
        problems = releases.verify(built, "2022-03-31.1")
        assert [(problem.kind, problem.where) for problem in problems] == expected


READER = """
import sys
from pathlib import Path

import duckdb

database, stop = sys.argv[1:]
reads, left, seen = 0, 60, set()
while left:
    with duckdb.connect(database, read_only=True) as connection:
        rows = connection.execute(
            "select (select any_value(generation) from indicator_values), "
            "(select count(*) from indicator_values), (select any_value(generation) from deliveries)"
        ).fetchone()
    assert rows[1] == 100, rows
    assert rows[0] == rows[2], rows
    reads, seen = reads + 1, seen | {rows[0]}
    left -= Path(stop).exists()
    if reads == 1:
        print("read", flush=True)
print(len(seen))
"""


class TestReaders:
    def test_reader_sees_no_error_and_no_half_state_while_releases_change(self, folder: DataFolder) -> None:
        change_warehouse(
            folder, "".join(f"alter table marts.{table} add column generation integer default 0;" for table in TABLES)
        )
        releases = [build_and_publish(folder).release_id]
        builds_done = folder.root / "builds done"
        database = folder.published / "current" / "indicators.duckdb"
        with subprocess.Popen(
            [sys.executable, "-c", READER, str(database), str(builds_done)], stdout=subprocess.PIPE, text=True
        ) as reader:
            assert reader.stdout is not None
            assert reader.stdout.readline() == "read\n"
            for generation in range(1, 6):
                change_warehouse(
                    folder, "".join(f"update marts.{table} set generation = {generation};" for table in TABLES)
                )
                releases.append(build_and_publish(folder).release_id)
            builds_done.touch()
            switches = len(releases)
            for release_id in cycle(releases):
                releases.publish(folder, release_id, reason="back and forth")
                switches += 1
                if reader.poll() is not None:
                    break
            generations = int(reader.stdout.readline() or 0)
        assert reader.returncode == 0
        assert generations > 3
        assert len(releases.read_history(folder)) == switches > 60

    def test_open_connection_to_an_earlier_release_still_answers(self, published: Published) -> None:
        folder, _, second = published
        with duckdb.connect(str(folder.published / "current" / "indicators.duckdb"), read_only=True) as analyst:
            change_warehouse(folder, "delete from marts.indicator_values")
            build_and_publish(folder)
            assert analyst.sql("select count(*) from indicator_values").fetchall() == [(100,)]
        assert releases.verify(folder, second.release_id) == []


KILLED_BUILD = """
import os
import sys
from pathlib import Path
from pkgutil import resolve_name

from orchestration import releases
from sources.folder.data_folder import DataFolder

root, step = sys.argv[1:]
folder = DataFolder(Path(root))
owner, _, function = step.rpartition(".")
setattr(resolve_name(owner), function, lambda *arguments: os._exit(9))
facts = releases.ReleaseFacts(as_at="2022-03-31", run_id="killed", input_fingerprint="f")
tables = ["indicator_values", "deliveries"]
release = releases.build_release(folder, folder.warehouse, tables, facts)
releases.publish(folder, release.release_id, "x")
"""


class TestKilledBuild:
    @pytest.mark.parametrize(
        ("step", "was_published"),
        [
            ("orchestration.releases.tables.put_in_place", None),
            ("orchestration.releases.build._write_manifest", None),
            ("orchestration.releases.build._seal", None),
            ("orchestration.releases.build.get_release", False),
            ("pathlib.Path.symlink_to", False),
            ("orchestration.releases.current._record", True),
        ],
    )
    def test_last_release_stands_and_the_next_build_succeeds(
        self, published: Published, step: str, was_published: bool | None
    ) -> None:
        folder, _, standing = published
        killed = subprocess.run([sys.executable, "-c", KILLED_BUILD, str(folder.root), step], cwd=PROJECT, check=False)
        assert killed.returncode == 9
        current = releases.require_current(folder)
        assert current.release_id == ("2022-03-31.3" if was_published else standing.release_id)
        assert releases.verify(folder, current.release_id) == []
        left = [r.release_id for r in releases.list_releases(folder)[2:]]
        told = [releases.was_published(folder, release_id) for release_id in left]
        assert told == ([] if was_published is None else [was_published])
        release = build_and_publish(folder)
        assert releases.verify(folder, release.release_id) == []
        assert releases.require_current(folder) == release
        assert not list(folder.releases.glob(".*"))
        assert not list(folder.lineage.glob(".*"))

    def test_leftover_of_a_sealed_folder_is_removed(self, folder: DataFolder) -> None:
        leftover = folder.releases / ".building-2022-03-31.1" / "csv"
        leftover.mkdir(parents=True)
        (leftover / "a.csv").write_text("a")
        leftover.chmod(0o555)
        assert build(folder).release_id == "2022-03-31.1"
        assert [path.name for path in folder.releases.iterdir()] == ["2022-03-31.1"]


def test_after_a_rollback_nothing_published_before_is_to_be_repeated(published: Published) -> None:
    folder, first, second = published
    assert [one.release_id for one in releases.releases_not_to_repeat(folder)] == [second.release_id]
    releases.rollback(folder, first.release_id, reason="test")
    ids = [one.release_id for one in releases.releases_not_to_repeat(folder)]
    assert ids == [first.release_id, second.release_id]
    third = build_and_publish(folder)
    assert [one.release_id for one in releases.releases_not_to_repeat(folder)] == [third.release_id]


def test_a_rollback_in_force_says_what_readers_see_and_how_it_ends(published: Published) -> None:
    folder, first, second = published
    assert releases.rollback_in_force(folder) is None
    releases.rollback(folder, first.release_id, reason="wrong population")
    said = str(releases.rollback_in_force(folder))
    assert f"readers see the older {first.release_id}: rolled back at 20" in said
    assert "reason: wrong population" in said
    assert f"`csp rollback {second.release_id} --reason TEXT`" in said
    releases.rollback(folder, second.release_id, reason="it was right")
    assert releases.rollback_in_force(folder) is None
    releases.rollback(folder, first.release_id, reason="wrong after all")
    build_and_publish(folder)
    assert releases.rollback_in_force(folder) is None


def test_a_rollback_is_seen_in_the_list_and_in_dagster(published: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, first, _ = published
    monkeypatch.setenv("CSP_DATA_DIR", str(folder.root))
    monkeypatch.setenv("DAGSTER_HOME", "")
    ended = CliRunner().invoke(app, ["rollback", first.release_id, "--reason", "wrong population"])
    assert (ended.exit_code, ended.stderr) == (0, "")
    assert "reason: wrong population" in CliRunner().invoke(app, ["releases"]).stdout
    with open_instance(folder) as instance:
        (record,) = instance.fetch_observations(RELEASE_KEY, limit=10).records
    noted = record.event_log_entry.asset_observation
    assert noted is not None
    assert noted.metadata["reason"].value == "wrong population"
    assert "readers see the older" in str(noted.description)


def test_the_partners_file_is_apart_and_for_its_owner_alone(tmp_path: Path) -> None:
    """Off unless asked for; the published tables' unsuppressed forms, in a schema of their own, and written once."""
    assert not wants_partner_file({})
    assert not wants_partner_file({"CSP_PARTNER_FILE": "off"})
    assert wants_partner_file({"CSP_PARTNER_FILE": "on"})
    folder = DataFolder(tmp_path)
    with duckdb.connect(str(folder.warehouse)) as connection:
        connection.execute("create schema intermediate")
        for model in (
            "int_indicators__computed",
            "int_measures__monthly",
            "int_rows__accounted",
            "int_indicators__hidden",
        ):
            connection.execute(f"create table intermediate.{model} as select '{model}' as model, 3 as value")
    file = write_partner_file(folder, folder.warehouse, "2011-06-30.1")
    assert file == tmp_path / "partner" / "2011-06-30.1.duckdb"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    with duckdb.connect(str(file), read_only=True) as connection:
        assert connection.execute("select value from partner.indicator_values").fetchall() == [(3,)]
        assert connection.execute("select model from partner.measure_values").fetchall() == [("int_measures__monthly",)]
    moment = file.stat().st_mtime_ns
    assert write_partner_file(folder, folder.warehouse, "2011-06-30.1").stat().st_mtime_ns == moment
