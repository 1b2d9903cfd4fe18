"""`csp verify` finds whatever was done to a release."""

import gzip
import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from orchestration import releases
from orchestration.releases import Release
from sources.folder.data_folder import DataFolder
from tests.unit.orchestration.releases.warehouse import overwrite


def remove_csv(release: Path) -> None:
    (release / "csv").chmod(0o755)
    (release / "csv/deliveries.csv.gz").unlink()


def add_file(release: Path) -> None:
    release.chmod(0o755)
    (release / "notes.txt").write_text("mine")


def alter_parquet(release: Path) -> None:
    path = release / "parquet/deliveries.parquet"
    overwrite(path, path.read_bytes() + b" ")


def drop_csv_row(release: Path) -> None:
    path = release / "csv/indicator_values.csv.gz"
    overwrite(path, gzip.compress(b"".join(gzip.decompress(path.read_bytes()).splitlines(keepends=True)[:-1])))


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
    overwrite(release.parents[1] / "lineage" / release.name / "counted_rows/2020-05-01.parquet", b"PAR1")


def add_counted_rows(release: Path) -> None:
    rows = release.parents[1] / "lineage" / release.name / "counted_rows"
    shutil.copy(rows / "2020-05-01.parquet", rows / "2020-07-01.parquet")


def lose_weights(release: Path) -> None:
    (release.parents[1] / "lineage" / release.name / "age_group_weights.parquet").unlink()


def test_release_as_built_has_no_problem(shared: DataFolder, release: Release) -> None:
    assert releases.verify(shared, release.release_id) == []


@pytest.mark.parametrize(
    ("tamper", "expected"),
    [
        (remove_csv, [("missing", "csv/deliveries.csv.gz")]),
        (add_file, [("extra", "notes.txt")]),
        (
            alter_parquet,
            [("altered", "parquet/deliveries.parquet"), ("unreadable", "parquet/deliveries.parquet")],
        ),
        (
            drop_csv_row,
            [("altered", "csv/indicator_values.csv.gz"), ("altered", "csv/indicator_values.csv.gz")],
        ),
        (
            change_figure,
            [("altered", "indicators.duckdb"), ("altered", "indicators.duckdb: indicator_values")],
        ),
        (drop_table, [("altered", "indicators.duckdb"), ("unreadable", "indicators.duckdb: deliveries")]),
        (break_database, [("altered", "indicators.duckdb"), ("unreadable", "indicators.duckdb")]),
        (alter_manifest, [("altered", "manifest.json")]),
        (remove_manifest_digest, [("unreadable", "manifest.json")]),
        (alter_lineage, [("altered", "lineage/2022-03-31.1/counted_rows/2020-05-01.parquet")]),
        (add_counted_rows, [("extra", "lineage/2022-03-31.1/counted_rows/2020-07-01.parquet")]),
        (lose_weights, [("missing", "lineage/2022-03-31.1/age_group_weights.parquet")]),
    ],
)
def test_every_kind_of_tampering_is_found(
    built: DataFolder, tamper: Callable[[Path], None], expected: list[tuple[str, str]]
) -> None:
    tamper(built.releases / "2022-03-31.1")
    problems = releases.verify(built, "2022-03-31.1")
    assert [(problem.kind, problem.where) for problem in problems] == expected


def test_a_release_whose_lineage_an_older_version_wrote_is_compared_too(built: DataFolder) -> None:
    """It was one file then; a manifest that says so is as it was built."""
    release = built.releases / "2022-03-31.1"
    shutil.rmtree(built.lineage / "2022-03-31.1")
    lineage = built.lineage / "2022-03-31.1.parquet"
    lineage.write_bytes(b"PAR1")
    manifest = json.loads((release / "manifest.json").read_text())
    sha256 = hashlib.sha256(b"PAR1").hexdigest()
    manifest["lineage"] = {"path": "lineage/2022-03-31.1.parquet", "sha256": sha256}
    overwrite(release / "manifest.json", json.dumps(manifest).encode())
    digest = hashlib.sha256((release / "manifest.json").read_bytes()).hexdigest()
    overwrite(release / "manifest.sha256", f"{digest}  manifest.json\n".encode())
    assert releases.verify(built, "2022-03-31.1") == []
    lineage.write_bytes(b"PAR2")
    assert [(problem.kind, problem.where) for problem in releases.verify(built, "2022-03-31.1")] == [
        ("altered", "lineage/2022-03-31.1.parquet")
    ]
