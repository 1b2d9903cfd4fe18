"""What a reader sees while releases change, and what a process that dies leaves."""

import subprocess
import sys
from itertools import cycle, islice
from pathlib import Path

import duckdb
import pytest

from orchestration import releases
from sources.folder.data_folder import DataFolder
from tests.unit.orchestration.releases.warehouse import TABLES, Published, build, build_and_publish, change_warehouse

PROJECT = Path(__file__).resolve().parents[4]
READER = """
import sys
from pathlib import Path

import duckdb

database, stop = sys.argv[1:]
reads, left, seen = 0, 5, set()
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
print(len(seen), reads)
"""


def test_reader_sees_no_error_and_no_half_state_while_releases_change(folder: DataFolder) -> None:
    change_warehouse(
        folder, "".join(f"alter table marts.{table} add column generation integer default 0;" for table in TABLES)
    )
    published = [build_and_publish(folder).release_id]
    switched = folder.root / "switched"
    database = folder.published / "current" / "indicators.duckdb"
    with subprocess.Popen(
        [sys.executable, "-c", READER, str(database), str(switched)], stdout=subprocess.PIPE, text=True
    ) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "read\n"
        for generation in range(1, 6):
            change_warehouse(
                folder, "".join(f"update marts.{table} set generation = {generation};" for table in TABLES)
            )
            published.append(build_and_publish(folder).release_id)
        for release_id in islice(cycle(published), 60):
            releases.publish(folder, release_id, reason="back and forth")
        switched.touch()
        generations, reads = map(int, (reader.stdout.readline() or "0 0").split())
    assert reader.returncode == 0
    assert generations > 3
    assert reads > 10  # however slow the machine is
    assert len(releases.read_history(folder)) == len(published) + 60


def test_open_connection_to_an_earlier_release_still_answers(published: Published) -> None:
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
setattr(resolve_name(owner), function, lambda *arguments, **options: os._exit(9))
facts = releases.ReleaseFacts(as_at="2022-03-31", run_id="killed", input_fingerprint="f")
tables = ["indicator_values", "deliveries"]
release = releases.build_release(folder, folder.warehouse, tables, facts)
releases.publish(folder, release.release_id, "x")
"""


@pytest.mark.parametrize(
    ("step", "was_published"),
    [
        ("orchestration.releases.lineage.sync_file", None),
        ("orchestration.releases.lineage.fingerprint", None),
        ("orchestration.releases.build._write_manifest", None),
        ("orchestration.releases.build._seal", None),
        ("orchestration.releases.build.get_release", False),
        ("pathlib.Path.symlink_to", False),
        ("orchestration.releases.current.record", True),
        ("orchestration.releases.current.write_whole", False),
    ],
)
def test_last_release_stands_and_the_next_build_succeeds(
    published: Published, step: str, was_published: bool | None
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


def test_leftover_of_a_sealed_folder_is_removed(folder: DataFolder) -> None:
    leftover = folder.releases / ".building-2022-03-31.1" / "csv"
    leftover.mkdir(parents=True)
    (leftover / "a.csv").write_text("a")
    leftover.chmod(0o555)
    assert build(folder).release_id == "2022-03-31.1"
    assert [path.name for path in folder.releases.iterdir()] == ["2022-03-31.1"]
