"""The CSV files of a release: compressed, safe in a spreadsheet, and described as two standards have it."""

import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from csvw import TableGroup
from frictionless import Package

from orchestration import releases
from orchestration.releases import Described, Release
from orchestration.releases.metadata import write_metadata
from orchestration.releases.tables import BLOCK_SIZE, equal_releases, write_tables
from sources.folder.data_folder import DataFolder
from tests.unit.orchestration.releases.warehouse import TABLES, change_warehouse, facts, overwrite


def unpacked(release: Path, target: Path) -> TableGroup:
    """Return the tables as a CSVW tool reads them once they are unpacked."""
    target.mkdir()
    for file in (release / "csv").glob("*.csv.gz"):
        (target / file.stem).write_bytes(gzip.decompress(file.read_bytes()))
    (target / "csv-metadata.json").write_bytes((release / "csv" / "csv-metadata.json").read_bytes())
    return TableGroup.from_file(target / "csv-metadata.json")


def errors_of(release: Path) -> list[list[Any]]:
    report = Package(str(release / "datapackage.json")).validate()
    return report.flatten(["type", "fieldName"])


def test_a_csvw_tool_reads_every_row_with_its_type(release: Release, tmp_path: Path) -> None:
    tables = {
        str(table.url): list(table.iterdicts(strict=True)) for table in unpacked(release.path, tmp_path / "csv").tables
    }
    assert {name: len(rows) for name, rows in tables.items()} == {"deliveries.csv": 1, "indicator_values.csv": 100}
    assert tables["deliveries.csv"][0]["received_at"].isoformat() == "2026-11-23T10:00:00+00:00"
    first = tables["indicator_values.csv"][0]
    assert [type(value).__name__ for value in first.values()] == ["str", "datetime", "float", "NoneType", "bool"]


def test_the_descriptions_tell_what_the_dictionary_says(release: Release) -> None:
    table = json.loads((release.path / "csv" / "csv-metadata.json").read_text())["tables"][1]
    resource = json.loads((release.path / "datapackage.json").read_text())["resources"][1]
    assert table["dc:description"] == resource["description"] == "The analyst's figures. One row per area."
    assert table["tableSchema"]["columns"][2]["dc:description"] == resource["schema"]["fields"][2]["description"]
    assert table["tableSchema"]["primaryKey"] == resource["schema"]["primaryKey"] == ["area_code", "period_start"]
    assert [column["name"] for column in table["tableSchema"]["columns"] if column.get("required")] == [
        *("area_code", "period_start")
    ]


def test_a_data_package_tool_finds_no_fault_and_finds_a_changed_value(built: DataFolder) -> None:
    release = built.releases / "2022-03-31.1"
    assert errors_of(release) == []
    manifest = releases.read_manifest(built, release.name)["files"]
    for resource in json.loads((release / "datapackage.json").read_text())["resources"]:
        recorded = manifest[resource["path"]]
        assert (resource["bytes"], resource["hash"]) == (recorded["bytes"], f"sha256:{recorded['sha256']}")
    csv = release / "csv/indicator_values.csv.gz"
    overwrite(csv, gzip.compress(gzip.decompress(csv.read_bytes()).replace(b",true", b",perhaps", 1)))
    assert ["type-error", "is_complete"] in errors_of(release)


def test_the_same_tables_give_the_same_bytes(shared: DataFolder) -> None:
    names = [name for name in releases.read_manifest(shared, "2022-03-31.1")["files"] if name != "indicators.duckdb"]
    assert len(names) == 6
    first, second = (shared.releases / f"2022-03-31.{number}" for number in (1, 2))
    assert [name for name in names if (first / name).read_bytes() != (second / name).read_bytes()] == []
    headers = {(first / name).read_bytes()[3:8] for name in names if name.endswith(".gz")}
    assert headers == {bytes(5)}  # neither the name nor the time of the file that was packed


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a", "\tb", "\rc", "\nd", "＝1", "＋1", "－1", "＠a"])
def test_no_spreadsheet_runs_a_text(tmp_path: Path, text: str) -> None:
    with duckdb.connect() as connection:
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.notes as select $text as note, '' as empty, -1.5 as number", {"text": text}
        )
        described = write_tables(connection, tmp_path, ["notes"], {})
    header, row = gzip.decompress((tmp_path / "csv/notes.csv.gz").read_bytes()).decode().split("\n", 1)
    assert (header, row.startswith(f"'{text}") or row.startswith(f"\"'{text}")) == ("note,empty,number", True)
    assert row.endswith(',"",-1.5\n')
    write_metadata(tmp_path, "2022-03-31", described, {"notes": Described()})
    schema = json.loads((tmp_path / "datapackage.json").read_text())["resources"][0]["schema"]
    assert schema == {
        "fields": [
            {"name": "note", "type": "string"},
            {"name": "empty", "type": "string"},
            {"name": "number", "type": "number"},
        ]
    }


def test_references_lead_to_the_key_of_another_table(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute("create schema marts")
        connection.execute("create table marts.areas as select 'E1' as area_code, 'E1' as parent_code")
        connection.execute("create table marts.figures as select 'E1' as area_code union all select 'E2'")
        tables = write_tables(connection, tmp_path, ["areas", "figures"], {})
    dictionary = {
        "areas": Described(key=["area_code"], references={"parent_code": "areas"}),
        "figures": Described(references={"area_code": "areas"}),
    }
    write_metadata(tmp_path, "2022-03-31", tables, dictionary)
    assert errors_of(tmp_path) == [["foreign-key", None]]
    group = unpacked(tmp_path, tmp_path / "unpacked")
    with pytest.raises(ValueError, match="E2"):
        group.check_referential_integrity(strict=True)


def test_a_plain_csv_of_an_earlier_version_is_counted_too(built: DataFolder) -> None:
    release = built.releases / "2022-03-31.1"
    (release / "csv").chmod(0o755)
    (release / "csv/deliveries.csv").write_text("a\n")
    assert [str(problem).split(":")[:2] for problem in releases.verify(built, release.name)] == [
        *(["extra", " csv/deliveries.csv"], ["altered", " csv/deliveries.csv"])
    ]


def test_equal_numbers_of_a_large_table_lie_together(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.figures as select 'B' as code, date '2020-04-01' + i::integer as day, "
            "(i % 2)::double as value from range(4) as numbers (i) union all select 'A', date '2020-05-01', 1"
        )
        write_tables(connection, tmp_path, ["figures"], {"figures": Described(partitioned_by="day")})
    with duckdb.connect(str(tmp_path / "indicators.duckdb"), read_only=True) as connection:
        read = "select code || ' ' || day(day) || ' ' || value::integer from {}"
        files = str(tmp_path / "parquet/figures/2020-21.parquet").replace("'", "''")
        inside, beside = (connection.execute(read.format(rows)).fetchall() for rows in ("figures", f"'{files}'"))
    assert [text for (text,) in inside] == ["A 1 1", "B 1 0", "B 3 0", "B 2 1", "B 4 1"]
    assert beside == inside


def test_a_large_table_is_parted_by_financial_year_and_has_no_csv(folder: DataFolder) -> None:
    told = facts()
    words = replace(told.dictionary["indicator_values"], partitioned_by="period_start")
    change_warehouse(
        folder, "update marts.indicator_values set period_start = '2021-04-01' where area_code = 'E07000130'"
    )
    large = replace(told, dictionary={"indicator_values": words})
    release = releases.build_release(folder, folder.warehouse, TABLES, large)
    manifest = releases.read_manifest(folder, release.release_id)
    assert [name for name in manifest["files"] if "indicator_values" in name] == [
        "parquet/indicator_values/2020-21.parquet",
        "parquet/indicator_values/2021-22.parquet",
    ]
    recorded = manifest["tables"]["indicator_values"]
    assert (recorded["partitioned_by"], list(recorded["months_sha256"])) == (
        "period_start",
        ["2020-04", "2020-05", "2020-06", "2020-07", "2021-04"],
    )
    with duckdb.connect(str(release.path / "indicators.duckdb"), read_only=True) as connection:
        rows = f"from '{str(release.path).replace(chr(39), chr(39) * 2)}/parquet/indicator_values/*.parquet'"
        assert connection.execute(f"{rows} except all from indicator_values").fetchall() == []
        assert connection.execute(f"select count(*) {rows}").fetchall() == [(100,)]
        assert connection.execute("select block_size from pragma_database_size()").fetchall() == [(BLOCK_SIZE,)]
    described = {one["name"]: one for one in json.loads((release.path / "datapackage.json").read_text())["resources"]}
    assert described["indicator_values"]["path"] == [name for name in manifest["files"] if "indicator_values" in name]
    assert [table["url"] for table in json.loads((release.path / "csv/csv-metadata.json").read_text())["tables"]] == [
        "deliveries.csv"
    ]
    assert releases.verify(folder, release.release_id) == []
    assert equal_releases(folder.warehouse, TABLES, [release]) == [release]
    overwrite(release.path / "parquet/indicator_values/2020-21.parquet", b"")
    assert {problem.kind for problem in releases.verify(folder, release.release_id)} == {"altered", "unreadable"}
    change_warehouse(folder, "update marts.indicator_values set value = -1 where area_code = 'E07000130'")
    assert equal_releases(folder.warehouse, TABLES, [release]) == []
