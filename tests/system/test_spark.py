"""The row stage on Spark gives the cells that DuckDB gives; where it gives none, nothing is published."""

import hashlib
from pathlib import Path

import duckdb
import pytest

from orchestration.dbt.cells import find_kept_cells, rules_of_cells
from orchestration.dbt.project import current_manifest
from orchestration.spark.cells import make_cells_on_spark
from orchestration.spark.engine import ENGINE, MASTER
from sources.folder.data_folder import DataFolder
from tests.csp import Installation
from tests.places import DBT_PROJECT, REPOSITORY
from tests.spark import needs_spark

LEFT_BY_SPARK = ("spark-warehouse", "metastore_db", "derby.log", "artifacts")


def kept(folder: DataFolder) -> dict[str, str]:
    """Return of each kept file a hash of its columns, with their types, and rows, in order, by delivery and key."""
    hashes = {}
    for file in folder.cells.rglob("*.parquet"):
        cells = duckdb.read_parquet(str(file))
        said = repr((cells.columns, [str(type) for type in cells.types], cells.fetchall()))
        hashes[file.name.rsplit(".", 2)[0]] = hashlib.sha256(said.encode()).hexdigest()
    return hashes


@needs_spark
def test_spark_makes_the_cells_that_duckdb_makes(
    whole_sample: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of every delivery of both samples, by the same models."""
    by_duckdb = DataFolder(whole_sample.root)
    rules = rules_of_cells(current_manifest(by_duckdb))
    by_spark = DataFolder(tmp_path / "data folder")
    by_spark.root.mkdir()
    for same in ("raw", "ledger"):
        (by_spark.root / same).symlink_to(whole_sample.root / same)
    monkeypatch.setenv(ENGINE, "spark")
    monkeypatch.setenv("TMPDIR", str(by_spark.root))
    make_cells_on_spark(by_spark, rules)
    cells = kept(by_spark)
    assert len(cells) > 30
    assert cells == kept(by_duckdb)
    assert find_kept_cells(by_spark, rules) == [], "the night that follows reads them again"
    assert {one.name for one in by_spark.root.iterdir()} == {"raw", "ledger", "cells", "dbt"}
    assert not [
        place / name for place in (REPOSITORY, DBT_PROJECT, Path()) for name in LEFT_BY_SPARK if (place / name).exists()
    ]


@needs_spark
def test_a_delivered_row_that_fails_a_test_is_left_to_duckdb(
    folder: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Spark keeps no cells of its delivery and does not fail, so the night holds with the row, as DuckDB finds it."""
    data = DataFolder(folder.root)
    rules = rules_of_cells(current_manifest(data))
    raw = min(data.raw_of("police/street_crime").glob("2*.parquet"))
    with duckdb.connect() as connection:
        connection.execute(f"create table twice as (from '{raw}') union all (from '{raw}' limit 1)")
        connection.execute(f"copy twice to '{raw}' (format parquet)")
    monkeypatch.setenv(ENGINE, "spark")
    monkeypatch.setenv("TMPDIR", str(folder.root))
    make_cells_on_spark(data, rules)
    assert not data.spark.exists()
    assert [one.raw_file for one in find_kept_cells(data, rules)] == [str(raw.relative_to(data.raw))]


@needs_spark
def test_a_night_whose_spark_fails_says_why_and_publishes_nothing(
    folder: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, warehouse = folder.current, (folder.root / "warehouse.duckdb").stat().st_mtime_ns
    for file in (folder.root / "cells").rglob("*.parquet"):
        file.unlink()
    monkeypatch.setenv(ENGINE, "spark")
    monkeypatch.setenv(MASTER, "spork://nowhere")
    said = folder.night("--rebuild", exit_code=1).splitlines()[-1]
    assert said.startswith("failed: ")
    assert "Spark made no cells, so nothing was built or published: " in said
    assert "Master must either be yarn or start with spark, k8s, or local" in said
    assert "Traceback" not in said
    assert (folder.current, (folder.root / "warehouse.duckdb").stat().st_mtime_ns) == (before, warehouse)
    assert not (folder.root / "spark").exists()


def test_an_engine_that_nobody_knows_fails_a_night_before_it_starts(
    folder: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENGINE, "flink")
    runs = folder.runs()
    assert folder.night(exit_code=1).endswith("failed: CSP_ENGINE is 'flink': set it to `duckdb` or `spark`")
    assert folder.runs() == runs
