"""`csp query` prints the rows of the current release in three forms."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from orchestration.cli.main import app
from tests.unit.orchestration.releases.warehouse import Published

SQL = (
    "select area_code, case when note is not null then 5 end as base, "
    "case when note is not null then period_start end as day, 1.5 as factor "
    "from indicator_values where period_start <= '2020-04-02' order by period_start desc"
)


def test_a_query_shows_no_value_as_blank_and_whole_numbers_whole(
    published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CSP_DATA_DIR", str(published[0].root))
    shown = CliRunner().invoke(app, ["query", SQL]).stdout.splitlines()
    assert [line.split() for line in shown[1:]] == [["E07000131", "5", "2020-04-02", "1.5"], ["E07000130", "1.5"]]
    assert json.loads(CliRunner().invoke(app, ["query", SQL, "--format", "json"]).stdout) == [
        {"area_code": "E07000131", "base": 5, "day": "2020-04-02", "factor": 1.5},
        {"area_code": "E07000130", "base": None, "day": None, "factor": 1.5},
    ]
    assert CliRunner().invoke(app, ["query", SQL, "--format", "csv"]).stdout.splitlines()[2] == "E07000130,,,1.5"
    nothing = CliRunner().invoke(app, ["query", "select area_code from indicator_values where false"])
    assert nothing.stdout == "no rows; the columns: area_code\n"


SECRET = "f00d" * 16
ATTACKS = [
    "select content from read_text('{root}/secrets/link.key')",
    "select content from read_text('{database}/../../../secrets/link.key')",
    "select * from read_csv('{root}/secrets/link.key', header = false)",
    "select * from '{root}/secrets/link.key.csv'",
    "select * from read_json('{root}/secrets/link.key')",
    "select * from read_parquet('{root}/lineage/*/counted_rows.parquet')",
    "select * from glob('{root}/secrets/*')",
    "copy (select 1) to '{root}/published/history.jsonl'",
    "copy (select 1) to '{database}'",
    "copy (select 1) to '{database}.wal'",
    "explain analyze copy (select 1) to '{database}.wal'",
    "export database '{root}/exported'",
    "attach '{root}/warehouse.duckdb' as warehouse (read_only)",
    "attach '{root}/new.duckdb' as new",
    "select * from query('select content from read_text(''{root}/secrets/link.key'')')",
    "install httpfs",
    "load json",
    "set enable_external_access = true",
    "reset lock_configuration",
    "set variable stolen = (select content from read_text('{root}/secrets/link.key'))",
    "pragma enable_profiling; pragma profile_output = '{root}/profile.json'; select 1",
    "select 1; copy (select 1) to '{database}.wal'",
    "create persistent secret stored (type s3)",
    "create temp table kept as select * from deliveries",
    "select getenv('CSP_LINK_KEY')",
    "checkpoint",
    "select * from sniff_csv('{root}/secrets/link.key')",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_query_reaches_the_release_and_nothing_else(
    published: Published, monkeypatch: pytest.MonkeyPatch, attack: str
) -> None:
    folder, _, current = published
    monkeypatch.setenv("CSP_DATA_DIR", str(folder.root))
    monkeypatch.setenv("CSP_LINK_KEY", SECRET)
    folder.link_key.parent.mkdir()
    for file in (folder.link_key, folder.link_key.with_suffix(".key.csv")):
        file.write_text(SECRET)
    before = _bytes_below(folder.root)
    places = {"root": str(folder.root), "database": str(current.path / "indicators.duckdb")}
    sql = attack.format(**{name: path.replace("'", "''") for name, path in places.items()})
    ended = CliRunner().invoke(app, ["query", sql])
    assert ended.exit_code in (1, 2), ended.stdout
    assert ended.stdout == ""
    assert SECRET not in ended.stderr
    assert _bytes_below(folder.root) == before


def _bytes_below(root: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    "sql",
    [
        "from deliveries",
        "with one as (select 1 as n) select n from one;",
        "describe indicator_values",
        "summarize indicator_values",
        "show tables",
        "pivot indicator_values on is_complete using count(*) group by area_code",
        "values (1)",
    ],
)
def test_every_kind_of_query_is_answered(published: Published, monkeypatch: pytest.MonkeyPatch, sql: str) -> None:
    monkeypatch.setenv("CSP_DATA_DIR", str(published[0].root))
    ended = CliRunner().invoke(app, ["query", sql])
    assert (ended.exit_code, ended.stderr) == (0, "")


def test_what_is_no_query_is_told_what_to_give(published: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CSP_DATA_DIR", str(published[0].root))
    ended = CliRunner().invoke(app, ["query", "copy deliveries to 'x.csv'"])
    assert ended.exit_code == 2
    assert "COPY" in ended.stderr
    assert "--format csv > FILE" in ended.stderr
