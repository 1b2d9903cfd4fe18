"""Files of the release before that hold the same rows stand in the next one as links, and are never altered."""

import inspect
import os
import shutil
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from orchestration import releases
from orchestration.releases import Release, ReleaseBuildError, ReleaseFacts, copies, lineage, reuse, tables
from orchestration.releases.files import bytes_freed_with
from orchestration.releases.lineage import LineageError, lineage_of
from orchestration.releases.removal import remove_releases
from sources.folder.data_folder import DataFolder, PartnersFolder
from sources.folder.sql_text import spreadsheet_safe
from tests.unit.orchestration.releases.warehouse import (
    TABLES,
    Published,
    build,
    build_pair,
    change_warehouse,
    facts,
    overwrite,
)

FIGURES = ("csv/indicator_values.csv.gz", "parquet/indicator_values.parquet")


def shared_files(before: Path, after: Path) -> list[str]:
    """Return which files of a release are files of another too."""
    names = sorted(file.relative_to(after).as_posix() for file in after.rglob("*") if file.is_file())
    return [name for name in names if (before / name).exists() and (before / name).samefile(after / name)]


def test_copies_of_equal_tables_are_linked_but_for_those_that_tell_the_time(published: Published) -> None:
    folder, _, before = published
    after = build(folder)
    assert shared_files(before.path, after.path) == [*FIGURES]
    assert {stat.S_IMODE((after.path / name).stat().st_mode) for name in FIGURES} == {0o444}
    assert [releases.verify(folder, one.release_id) for one in (before, after)] == [[], []]


def test_a_changed_table_is_written_anew(published: Published) -> None:
    """As after an erasure: the rows are gone from the next release, and those before stay as they were sealed."""
    folder, _, before = published
    change_warehouse(folder, "delete from marts.indicator_values where area_code = 'E07000130'")
    after = build(folder)
    assert shared_files(before.path, after.path) == []
    assert [releases.verify(folder, one.release_id) for one in (before, after)] == [[], []]


def test_a_linked_file_outlives_the_release_that_was_removed(published: Published) -> None:
    folder, first, before = published
    alone = bytes_freed_with(before.path)
    after = releases.publish(folder, build(folder).release_id, "test")
    shared = sum((after.path / name).stat().st_size for name in FIGURES)
    assert bytes_freed_with(before.path) == alone - shared
    both = bytes_freed_with(before.path, first.path)
    assert bytes_freed_with(before.path, first.path, after.path) == both + bytes_freed_with(after.path) + shared
    remove_releases(folder, [first.release_id, before.release_id])
    assert not before.path.exists()
    assert releases.verify(folder, after.release_id) == []


@pytest.mark.parametrize("damage", ["bytes", "missing", "link"])
def test_a_damaged_file_is_not_linked(published: Published, damage: str) -> None:
    folder, _, before = published
    for name in FIGURES:
        file = before.path / name
        file.parent.chmod(0o755)
        if damage == "bytes":
            overwrite(file, file.read_bytes()[:-1] + b"?")
            file.chmod(0o444)
            continue
        moved = file.rename(folder.root / file.name)
        if damage == "link":
            file.symlink_to(moved)
    after = build(folder)
    assert shared_files(before.path, after.path) == []
    assert not any((after.path / name).is_symlink() for name in FIGURES)
    assert releases.verify(folder, after.release_id) == []


def test_nothing_is_linked_that_another_version_wrote_or_whose_manifest_was_altered(
    published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, _, before = published
    with monkeypatch.context() as changed:
        changed.setattr(reuse, "written_as", lambda: "another form")
        assert shared_files(before.path, build(folder).path) == []
    overwrite(before.path / "manifest.json", (before.path / "manifest.json").read_bytes() + b"\n")
    assert shared_files(before.path, build(folder).path) == []


def test_nothing_is_linked_that_another_version_of_duckdb_wrote(folder: DataFolder) -> None:
    told = replace(facts(), versions={"duckdb": "1.4.0"})
    before = releases.build_release(folder, folder.warehouse, TABLES, told)
    releases.publish(folder, before.release_id, "test")
    assert shared_files(before.path, build(folder).path) == []


def test_the_form_of_files_is_that_of_the_code_that_writes_them() -> None:
    decide = (spreadsheet_safe, copies.write_copies, tables.write_tables, lineage.write_lineage)
    assert {Path(inspect.getfile(function)) for function in decide} <= {*reuse.WRITERS}


def test_any_change_of_what_writes_files_is_another_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = reuse.written_as()
    writers = [Path(shutil.copy(writer, tmp_path)) for writer in reuse.WRITERS]
    monkeypatch.setattr(reuse, "WRITERS", writers)
    assert reuse.written_as.__wrapped__() == known
    writers[-1].write_text(writers[-1].read_text() + "\n")
    assert reuse.written_as.__wrapped__() != known


def test_a_file_whose_rights_were_changed_is_not_linked_and_keeps_them(published: Published) -> None:
    folder, _, before = published
    (before.path / FIGURES[0]).chmod(0o400)
    rows = folder.lineage / before.release_id / "counted_rows"
    (rows / "2020-05-01.parquet").chmod(0o640)
    after = build(folder)
    assert shared_files(before.path, after.path) == [FIGURES[1]]
    assert shared_files(rows, folder.lineage / after.release_id / "counted_rows") == ["2020-06-01.parquet"]
    modes = [stat.S_IMODE((one.path / FIGURES[0]).stat().st_mode) for one in (before, after)]
    assert modes == [0o400, 0o444]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives a file to another owner")
def test_a_file_of_another_owner_is_not_linked(published: Published) -> None:
    folder, _, before = published
    os.chown(before.path / FIGURES[0], 65534, -1)
    assert shared_files(before.path, build(folder).path) == [FIGURES[1]]


def test_what_cannot_be_linked_is_written(published: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError("links are not permitted here")

    folder, _, before = published
    monkeypatch.setattr("os.link", refused)
    after = build(folder)
    assert shared_files(before.path, after.path) == []
    assert releases.verify(folder, after.release_id) == []


def large() -> ReleaseFacts:
    told = facts()
    dictionary = {"indicator_values": replace(told.dictionary["indicator_values"], partitioned_by="period_start")}
    return replace(told, dictionary=dictionary)


def test_of_a_large_table_years_without_a_change_are_linked(folder: DataFolder) -> None:
    def built() -> Release:
        release = releases.build_release(folder, folder.warehouse, TABLES, large())
        return releases.publish(folder, release.release_id, "test")

    change_warehouse(folder, "update marts.indicator_values set period_start = period_start + interval 1 year")
    change_warehouse(
        folder,
        "insert into marts.indicator_values select * replace (date '2020-05-01' as period_start) "
        "from marts.indicator_values limit 3",
    )
    before = built()
    change_warehouse(folder, "update marts.indicator_values set value = 0 where period_start = date '2021-05-01'")
    after = built()
    years = sorted(file.name for file in (after.path / "parquet/indicator_values").iterdir())
    assert years == ["2020-21.parquet", "2021-22.parquet"]
    assert shared_files(before.path, after.path) == ["parquet/indicator_values/2020-21.parquet"]
    assert [releases.verify(folder, one.release_id) for one in (before, after)] == [[], []]


def test_a_large_table_with_a_row_without_a_date_is_told_as_such(folder: DataFolder) -> None:
    change_warehouse(folder, "update marts.indicator_values set period_start = null where area_code = 'E07000131'")
    with pytest.raises(ReleaseBuildError, match="indicator_values has rows without a date in period_start"):
        releases.build_release(folder, folder.warehouse, TABLES, large())


def test_a_twin_shares_files_with_the_twin_before_alone(folder: DataFolder) -> None:
    first = releases.publish(folder, build_pair(folder).release_id, "test").release_id
    second = releases.publish(folder, build_pair(folder).release_id, "test").release_id
    twins = PartnersFolder(folder.root).releases
    assert shared_files(twins / first, twins / second) == [*FIGURES]
    assert shared_files(folder.releases / second, twins / second) == []
    assert {stat.S_IMODE((twins / second / name).stat().st_mode) for name in FIGURES} == {0o600}
    remove_releases(folder, [first])
    assert releases.verify(folder, second) == []


def test_counted_rows_of_months_without_a_change_are_linked(published: Published) -> None:
    folder, _, before = published
    change_warehouse(folder, "delete from intermediate.rows_of_deliveries where i = 99")
    after = releases.publish(folder, build(folder).release_id, "test")
    lineage = folder.lineage / after.release_id
    assert shared_files(folder.lineage / before.release_id, lineage) == ["counted_rows/2020-06-01.parquet"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in (lineage / "counted_rows").iterdir()} == {0o600}
    assert [releases.verify(folder, one.release_id) for one in (before, after)] == [[], []]
    remove_releases(folder, [before.release_id])
    assert releases.verify(folder, after.release_id) == []


@pytest.mark.parametrize("damaged", ["counted_rows/2020-05-01.parquet", "counted_rows.json"])
def test_counted_rows_that_are_damaged_are_written_anew(published: Published, damaged: str) -> None:
    folder, _, before = published
    overwrite(folder.lineage / before.release_id / damaged, b"{}")
    (folder.lineage / before.release_id / damaged).chmod(0o600)
    after = build(folder)
    linked = shared_files(folder.lineage / before.release_id, folder.lineage / after.release_id)
    assert damaged not in linked
    assert releases.verify(folder, after.release_id) == []
    assert [problem.where for problem in releases.verify(folder, before.release_id)] == [
        f"lineage/{before.release_id}/{damaged}"
    ]


def test_rows_are_not_shown_where_those_of_a_month_are_missing(published: Published) -> None:
    folder, _, current = published
    manifest = releases.read_manifest(folder, current.release_id)
    rows = folder.lineage / current.release_id / "counted_rows"
    months = [rows / "2020-05-01.parquet", rows / "2020-06-01.parquet"]
    shutil.copy(months[0], rows / "2020-07-01.parquet")  # which nothing lists
    assert sorted(lineage_of(folder, manifest)["counted_rows"]) == months
    months[0].unlink()
    with pytest.raises(LineageError, match=r"2020-05-01\.parquet is missing"):
        lineage_of(folder, manifest)
    overwrite(rows.with_name("counted_rows.json"), b"{}")
    with pytest.raises(LineageError, match=r"counted_rows\.json is damaged"):
        lineage_of(folder, manifest)
