"""Cells are kept from night to night, and trusted only where bytes, rules and rows are those that they were made of."""

import copy
import dataclasses
import json
import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.dbt import cells
from orchestration.dbt.cells import KEPT_CELLS, RulesOfCells, find_kept_cells, keep_cells, kept_cells, rules_of_cells
from sources.folder.data_folder import DataFolder
from tests.unit.orchestration.releases.dying import died
from tests.warehouse.street_data_folder import FEED, MELTON, StreetDataFolder

RULES = RulesOfCells(frozenset({FEED}), "rules", frozenset())


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEPT_CELLS, "-")  # so that what a test sets is taken back
    monkeypatch.delenv(KEPT_CELLS)


@pytest.fixture
def deliveries(tmp_path: Path) -> StreetDataFolder:
    """Two months, one of them without a row, and a refused file."""
    (tmp_path / "data").mkdir()
    folder = StreetDataFolder(tmp_path / "data")
    folder.deliver("2021-04", [(MELTON, "Burglary")] * 3 + [(None, "Robbery")])
    folder.deliver("2021-05", [])
    folder.deliver("2021-06", [(MELTON, "Drugs")], outcome="refused")
    return folder


@pytest.fixture
def folder(deliveries: StreetDataFolder) -> DataFolder:
    return DataFolder(deliveries.root)


def night(folder: DataFolder, rules: RulesOfCells = RULES) -> list[str]:
    """Keep the cells of what is unread, as a night does whose dbt has made them; return the months that were read."""
    unread = find_kept_cells(folder, rules)
    build(folder)
    keep_cells(folder, unread)
    return [Path(one.raw_file).name[:7] for one in unread]


def build(folder: DataFolder) -> None:
    folder.warehouse.unlink(missing_ok=True)
    with duckdb.connect(str(folder.warehouse)) as warehouse:
        warehouse.execute("create schema intermediate")
        warehouse.execute(
            "create table intermediate.int_cells__added as "
            f"select '{FEED}' as feed, file_sha256, lsoa_code, min(row_number) as row_number, count(*) as row_count "
            f"from '{folder.raw_of(FEED)}/*.parquet' group by file_sha256, lsoa_code"
        )


def test_dbt_is_told_of_them_for_one_build_alone(folder: DataFolder) -> None:
    night(folder)
    with kept_cells(folder, RULES) as unread:
        assert (unread, os.environ[KEPT_CELLS]) == ([], str(folder.cells))
    assert KEPT_CELLS not in os.environ


def kept(folder: DataFolder) -> list[Path]:
    return sorted(folder.cells.rglob("*.parquet"))


def test_a_night_reads_only_deliveries_without_cells(folder: DataFolder, deliveries: StreetDataFolder) -> None:
    assert night(folder) == ["2021-04", "2021-05"]
    assert KEPT_CELLS not in os.environ
    deliveries.deliver("2021-07", [(MELTON, "Burglary")])
    (unread,) = find_kept_cells(folder, RULES)
    assert os.environ[KEPT_CELLS] == str(folder.cells)
    told = (folder.cells / cells.WITHOUT_CELLS).read_text()
    assert json.loads(told) == {"feed": FEED, "file_sha256": unread.file_sha256}
    rows = duckdb.sql(f"select row_number, row_count from '{folder.cells}/**/*.parquet' order by 1").fetchall()
    assert rows == [(2, 3), (5, 1)]
    assert night(folder) == ["2021-07"]
    assert night(folder) == []


def test_cells_are_for_the_owner_alone(folder: DataFolder) -> None:
    night(folder)
    night(folder)
    for path in (folder.cells, *folder.cells.rglob("*")):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077 or path.parent == folder.cells, path


def damage(folder: DataFolder) -> None:
    file = kept(folder)[0]
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def cut(folder: DataFolder) -> None:
    kept(folder)[0].write_bytes(kept(folder)[0].read_bytes()[:-1])


def other_rows(folder: DataFolder) -> None:
    raw = next(folder.raw_of(FEED).glob("2021-04*"))
    duckdb.sql(f"copy (from '{raw}' limit 2) to '{raw}' (format parquet)")


def moved_to_another_delivery(folder: DataFolder) -> None:
    one, other = kept(folder)
    one.write_bytes(other.read_bytes())


@pytest.mark.parametrize("change", [damage, cut, other_rows, moved_to_another_delivery])
def test_cells_that_are_not_of_these_rows_are_made_anew(
    folder: DataFolder, change: Callable[[DataFolder], None]
) -> None:
    night(folder)
    change(folder)
    assert night(folder) == ["2021-04"]
    assert len(kept(folder)) == 2
    assert night(folder) == []


def test_other_rules_make_all_anew_and_leave_nothing_of_the_old(folder: DataFolder) -> None:
    night(folder)
    before = kept(folder)
    assert night(folder, dataclasses.replace(RULES, digest="other")) == ["2021-04", "2021-05"]
    assert len(kept(folder)) == 2
    assert not set(before) & set(kept(folder))


def test_nothing_is_counted_twice(folder: DataFolder) -> None:
    """Another file of the same cells, as two versions of the Parquet writer may leave it, does not count beside it."""
    night(folder)
    again = kept(folder)[0]
    duckdb.sql(f"copy (from '{again}') to '{folder.root}/again' (format parquet, compression gzip)")
    written = folder.root / "again"
    stem, key, *_ = again.name.split(".")
    written.rename(again.with_name(f"{stem}.{key}.{cells._digest(written)[:32]}.parquet"))
    assert len(kept(folder)) == 3
    assert find_kept_cells(folder, RULES) == []
    assert len(kept(folder)) == 2


def test_what_no_delivery_has_any_more_goes(folder: DataFolder) -> None:
    night(folder)
    next(folder.raw_of(FEED).glob("2021-05*")).unlink()
    (folder.cells / "police" / "note.txt").write_text("whose?")
    assert find_kept_cells(folder, RULES) == []
    assert [file.name[:7] for file in kept(folder)] == ["2021-04"]
    assert not (folder.cells / "police" / "note.txt").exists()


def test_a_process_that_dies_at_any_step_leaves_no_cells_that_are_wrong(
    folder: DataFolder, deliveries: StreetDataFolder
) -> None:
    deliveries.deliver("2021-06", [(MELTON, "Burglary")])
    find_kept_cells(folder, RULES)
    build(folder)
    step = 0
    while died(lambda: keep_cells(folder, find_kept_cells(folder, RULES)), step, folder.cells):
        unread = find_kept_cells(folder, RULES)
        assert len(unread) + len(kept(folder)) == 3
        assert (
            sorted(file.name[:7] for file in folder.cells.rglob("*.parquet"))
            == sorted({"2021-04", "2021-05", "2021-06"})[: len(kept(folder))]
        )
        shutil.rmtree(folder.cells, ignore_errors=True)  # so that the next step is one more of the same night
        step += 1
    assert step >= 20
    assert find_kept_cells(folder, RULES) == []


def test_a_full_disk_costs_the_next_night_time_and_this_one_nothing(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    said: list[str] = []
    monkeypatch.setattr(cells, "report", said.append)
    monkeypatch.setattr(cells, "put_in_place", full)
    night(folder)
    assert "No space left" in said[0]
    monkeypatch.undo()
    assert night(folder) == ["2021-04", "2021-05"]


def node(kind: str = "model", **said: object) -> dict[str, Any]:
    return {"resource_type": kind, "raw_code": "select 1", "depends_on": {"nodes": [], "macros": []}, **said}


MANIFEST = {
    "metadata": {"project_name": "small"},
    "nodes": {
        "model.small.int_cells__added": node(
            depends_on={"nodes": ["model.small.stg"], "macros": ["macro.small.listed"]}
        ),
        "model.small.stg": node(depends_on={"nodes": ["source.small.raw.crime"], "macros": []}),
        "model.small.later": node(depends_on={"nodes": ["model.small.int_cells__added"], "macros": []}),
        "seed.small.offences": node("seed"),
        "model.small.stg_more": node(depends_on={"nodes": ["source.small.raw.crime"], "macros": []}),
        "test.small.of_rows": node(
            "test",
            depends_on={"nodes": ["model.small.stg_more"], "macros": ["macro.small.test_key", "macro.small.other"]},
            test_metadata={"name": "key", "kwargs": {"arguments": {"columns": ["row"], "feed_in_cells": FEED}}},
            config={"where": None},
        ),
        "test.small.of_all": node(
            "test",
            depends_on={"nodes": ["model.small.later"], "macros": ["macro.small.test_key"]},
            test_metadata={"name": "key", "kwargs": {"arguments": {"columns": ["row"]}}},
            config={"where": None},
        ),
    },
    "sources": {
        "source.small.raw.crime": {
            **{"resource_type": "source", "source_name": "raw", "identifier": FEED},
            "config": {"meta": {"external_location": "read_parquet(…)"}},
        }
    },
    "macros": {
        "macro.small.listed": {"macro_sql": "…", "depends_on": {"macros": ["macro.small.deeper"]}},
        "macro.small.deeper": {"macro_sql": "…", "depends_on": {"macros": ["macro.small.duckdb__deeper"]}},
        "macro.small.duckdb__deeper": {"macro_sql": "…", "depends_on": {"macros": []}},
        "macro.small.default__deeper": {"macro_sql": "…", "depends_on": {"macros": ["macro.small.of_others"]}},
        "macro.small.of_others": {"macro_sql": "…", "depends_on": {"macros": []}},
        "macro.small.default__other": {"macro_sql": "…", "depends_on": {"macros": []}},
        "macro.small.other": {"macro_sql": "…", "depends_on": {"macros": []}},
        "macro.small.test_key": {"macro_sql": "…", "depends_on": {"macros": []}},
    },
}


@pytest.mark.parametrize(
    ("path", "decides"),
    [
        (("nodes", "model.small.int_cells__added", "raw_code"), True),
        (("nodes", "model.small.stg", "raw_code"), True),
        (("sources", "source.small.raw.crime", "config", "meta", "external_location"), True),
        (("macros", "macro.small.deeper", "macro_sql"), True),
        (("macros", "macro.small.duckdb__deeper", "macro_sql"), True),
        (("macros", "macro.small.default__deeper", "macro_sql"), True),
        (("macros", "macro.small.of_others", "macro_sql"), True),
        (("macros", "macro.small.default__other", "macro_sql"), False),
        (("nodes", "model.small.stg_more", "raw_code"), True),
        (("nodes", "test.small.of_rows", "raw_code"), True),
        (("nodes", "test.small.of_rows", "test_metadata", "kwargs", "arguments", "columns"), True),
        (("nodes", "test.small.of_rows", "config", "where"), True),
        (("macros", "macro.small.test_key", "macro_sql"), True),
        (("nodes", "test.small.of_all", "raw_code"), False),
        (("nodes", "test.small.of_all", "config", "where"), False),
        (("nodes", "model.small.later", "raw_code"), False),
        (("nodes", "seed.small.offences", "raw_code"), False),
        (("macros", "macro.small.other", "macro_sql"), False),
    ],
)
def test_what_cells_are_made_of_decides_their_key_and_nothing_else(path: tuple[str, ...], decides: bool) -> None:
    changed = copy.deepcopy(MANIFEST)
    place: Any = changed
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = "changed"
    assert rules_of_cells(MANIFEST).feeds == {FEED}
    assert rules_of_cells(MANIFEST).nodes == {"model.small.int_cells__added", "test.small.of_rows"}
    assert (rules_of_cells(changed) != rules_of_cells(MANIFEST)) == decides


def test_cells_of_more_than_delivered_rows_are_refused() -> None:
    changed = copy.deepcopy(MANIFEST)
    changed["nodes"]["model.small.stg"]["depends_on"]["nodes"].append("seed.small.offences")  # type: ignore[index]
    with pytest.raises(ValueError, match=r"not of seed\.small\.offences"):
        rules_of_cells(changed)


@pytest.mark.parametrize(
    ("read", "said"),
    [
        ("seed.small.offences", r"delivered rows and nothing else, not of seed\.small\.offences"),
        ("source.small.raw.outcomes", r"not of the feed in cells that .* names: test\.small\.of_rows"),
    ],
)
def test_a_test_that_passes_over_kept_cells_reads_rows_of_its_feed_alone(read: str, said: str) -> None:
    """Else it would pass over rows that changed, of which no key tells."""
    changed = copy.deepcopy(MANIFEST)
    outcomes = changed["sources"]["source.small.raw.crime"] | {"identifier": "police/outcomes"}
    changed["sources"]["source.small.raw.outcomes"] = outcomes
    changed["nodes"]["test.small.of_rows"]["depends_on"]["nodes"].append(read)  # type: ignore[index]
    with pytest.raises(ValueError, match=said):
        rules_of_cells(changed)
