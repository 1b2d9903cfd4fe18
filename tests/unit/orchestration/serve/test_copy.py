"""What PostgreSQL has of a release: every value, key, reference and comment of it, or nothing."""

import shutil
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from orchestration import releases
from orchestration.cli.main import app
from orchestration.serve.errors import ServeError
from orchestration.serve.postgres import compare, serve
from sources.folder.data_folder import DataFolder
from tests.postgres import PASSWORD, Database
from tests.unit.orchestration.releases.warehouse import change_warehouse
from tests.unit.orchestration.serve.conftest import FIRST, SECOND, build

NOTHING = "None"
ODDITIES_AS_TEXT = [
    (
        *("1", "", "1e-300", "0.1", "12345678901234.5678", "170141183460469231731687303715884105727"),
        *("18446744073709551615", "-128", "True", "0001-01-01", "2022-03-31 23:59:59.123456"),
        "2022-03-31T23:59:59.123456+00:00",
    ),
    ("2", *(NOTHING,) * 10, None),
    (
        *("3", 'two\nlines, "quoted"\r\n', "nan", "nan", "-0.0001", "-1", "0", "127", "False", "9999-12-31"),
        *("1969-12-31 00:00:00", "1969-12-31T00:00:00+00:00"),
    ),
    (
        *("4", "\\.", "inf", "-inf", "0.0000", "0", "0", "0", "False", "2022-03-27", "2022-03-27 01:30:00"),
        "2022-03-27T01:30:00+00:00",
    ),
    (
        *("5", " NULL \\N ", "0.30000000000000004", "1e-45", "1.0000", "1", "1", "1", "True", "2022-10-30"),
        *("2022-10-30 01:30:00", "2022-10-30T01:30:00+00:00"),
    ),
    (
        *("6", "Zażółć 🦆\t", "9007199254740992.0", "3.4e+38", "1.0000", "1", "1", "1", "True", "2000-02-29"),
        *("2000-02-29 12:00:00", "2000-02-29T12:00:00+00:00"),
    ),
]
FIRST_SCHEMA, SECOND_SCHEMA = "release_2022_03_31_1", "release_2022_03_31_2"


def of_the_release(folder: DataFolder, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(folder.releases / FIRST / "indicators.duckdb"), read_only=True) as connection:
        connection.execute("set timezone = 'UTC'")
        return connection.execute(sql).fetchall()


def schemas(database: Database) -> set[str]:
    return {
        name
        for (name,) in database.rows("select nspname from pg_namespace where nspname !~ '^pg_|^information_|^public'")
    }


def test_every_value_is_there_as_it_is(folder: DataFolder, database: Database) -> None:
    serve(folder, FIRST)
    assert [
        (*map(str, row[:-1]), row[-1] and row[-1].isoformat())
        for row in database.rows("select * from current.oddities order by id")
    ] == ODDITIES_AS_TEXT
    asked = "select * from {}indicator_values order by area_code, period_start"
    assert database.rows(asked.format("current.")) == of_the_release(folder, asked.format(""))
    assert dict(
        database.rows(
            "select column_name, "
            "coalesce(data_type || '(' || numeric_precision || ',' || numeric_scale || ')', data_type) "
            f"from information_schema.columns where table_schema = '{FIRST_SCHEMA}' and table_name = 'oddities'"
        )
    ) == {
        "id": "integer(32,0)",
        "text": "text",
        "double_value": "double precision",
        "float_value": "real",
        "amount": "numeric(18,4)",
        "whole": "numeric(39,0)",
        "big": "numeric(20,0)",
        "small": "smallint(16,0)",
        "truth": "boolean",
        "day": "date",
        "moment": "timestamp without time zone",
        "instant": "timestamp with time zone",
    }


def test_keys_references_and_comments_are_those_of_the_dictionary(folder: DataFolder, database: Database) -> None:
    serve(folder, FIRST)
    assert database.rows(
        "select conrelid::regclass::text, pg_get_constraintdef(oid) from pg_constraint "
        f"where connamespace = '{FIRST_SCHEMA}'::regnamespace and conname !~ '^served' order by 1, 2"
    ) == [
        (f"{FIRST_SCHEMA}.areas", "PRIMARY KEY (area_code)"),
        (
            f"{FIRST_SCHEMA}.indicator_values",
            f"FOREIGN KEY (area_code) REFERENCES {FIRST_SCHEMA}.areas(area_code)",
        ),
        (f"{FIRST_SCHEMA}.indicator_values", "PRIMARY KEY (area_code, period_start)"),
        (f"{FIRST_SCHEMA}.oddities", "UNIQUE (id, text)"),  # one text is missing
    ]
    for schema in (FIRST_SCHEMA, "current"):
        assert database.rows(
            f"select obj_description('{schema}.indicator_values'::regclass), "
            f"col_description('{schema}.indicator_values'::regclass, 3)"
        ) == [("The analyst's figures. One row per area and day.", "The figure; 100% sure")]
    assert database.rows("select release_id, as_at::text, audience from current.served_release") == [
        (FIRST, "2022-03-31", "public")
    ]


def test_what_is_there_is_not_copied_again_and_an_older_release_is_shown_again(
    folder: DataFolder, database: Database
) -> None:
    seen = "select min(value) from current.indicator_values"
    assert [serve(folder, one).is_new for one in (FIRST, SECOND, FIRST)] == [True, True, False]
    assert database.rows(seen) == [(0.0,)]
    assert (again := serve(folder, SECOND)).before == FIRST
    assert not again.is_new
    assert database.rows(seen) == [(1.0,)]


def test_a_copy_that_dies_leaves_nothing_and_readers_see_what_they_saw(folder: DataFolder, database: Database) -> None:
    serve(folder, FIRST)

    def die(_: str) -> None:
        database.rows("select pg_terminate_backend(pid) from pg_stat_activity where application_name ~ '^csp'")

    with pytest.raises(ServeError, match=r"database .* on 127\.0\.0\.1.*Readers see what they saw"):
        serve(folder, SECOND, progress=die)
    assert schemas(database) == {"current", FIRST_SCHEMA}
    assert database.rows("select release_id from current.served_release") == [(FIRST,)]
    assert serve(folder, SECOND).is_new


def test_a_release_that_is_not_as_it_was_built_is_not_served(folder: DataFolder, database: Database) -> None:
    path = folder.releases / FIRST / "indicators.duckdb"
    path.chmod(0o644)
    with duckdb.connect(str(path)) as connection:
        connection.execute("update deliveries set received_at = received_at + interval 1 hour")
        connection.execute("update indicator_values set value = 8 where value = 0")
    with pytest.raises(ServeError, match=r"cannot be served as it was built, and is not: altered: .*indicator_values"):
        serve(folder, FIRST)
    assert schemas(database) == set()


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        (f"update {SECOND_SCHEMA}.indicator_values set value = value + 1e-15 where value = 1", "altered"),
        (f"update {SECOND_SCHEMA}.oddities set text = null where text = ''", "altered"),
        (f"update {SECOND_SCHEMA}.deliveries set received_at = received_at + interval '1 hour'", "altered"),
        (f"delete from {SECOND_SCHEMA}.oddities where id = 6", "altered"),
        (f"alter table {SECOND_SCHEMA}.oddities rename amount to sum", "missing"),
        (f"drop table {SECOND_SCHEMA}.oddities cascade", "missing"),
        (f"drop schema {SECOND_SCHEMA} cascade", "missing"),
        ("drop view current.oddities; create view current.oddities as select 1 as id", "altered"),
        ("create view current.mine as select 1 as id", "altered"),
    ],
)
def test_verify_finds_whatever_was_done_to_it(folder: DataFolder, database: Database, damage: str, found: str) -> None:
    serve(folder, SECOND)
    assert compare(folder, SECOND) == []
    database.rows(damage)
    problems = compare(folder, SECOND)
    assert problems[0].kind == found
    assert "PostgreSQL" in problems[0].where


def test_verify_says_that_readers_are_behind(folder: DataFolder, database: Database) -> None:
    serve(folder, SECOND)
    serve(folder, FIRST)
    assert [problem.kind for problem in compare(folder, SECOND)] == ["behind"]
    assert compare(folder, FIRST) == []
    ended = CliRunner().invoke(app, ["verify", FIRST, "--postgres"])
    assert (ended.exit_code, ended.stdout) == (
        0,
        f"{FIRST}: every file and table is as its manifest says, in PostgreSQL too\n",
    )
    ended = CliRunner().invoke(app, ["verify", "--postgres"])
    assert (ended.exit_code, "behind: PostgreSQL current" in ended.stderr) == (1, True)


def test_a_schema_that_is_not_ours_or_of_another_data_folder_is_left(
    folder: DataFolder, database: Database, tmp_path: Path
) -> None:
    database.rows(f"create schema {FIRST_SCHEMA}")
    with pytest.raises(ServeError, match="did not make it"):
        serve(folder, FIRST)
    database.rows(f"drop schema {FIRST_SCHEMA}")
    serve(folder, FIRST)
    other = DataFolder(tmp_path / "other")
    other.root.mkdir()
    shutil.copy(folder.warehouse, other.warehouse)
    change_warehouse(other, "update marts.indicator_values set value = 5")
    assert build(other) == FIRST
    with pytest.raises(ServeError, match="holds another release"):
        serve(other, FIRST)
    assert compare(folder, FIRST) == []


def test_a_release_that_never_was_published_is_not_served(folder: DataFolder, database: Database) -> None:
    with pytest.raises(releases.UnknownReleaseError):
        serve(folder, "2022-03-31.9")
    (folder.published / "history.jsonl").write_text("")
    with pytest.raises(ServeError, match="never was published"):
        serve(folder, FIRST)


@pytest.mark.parametrize(
    ("dsn", "exit_code", "said"),
    [
        (f"host=127.0.0.1 password={PASSWORD.split()[0]}hidden", 2, "change it"),
        ("postgresql://owner:hidden@127.0.0.1/db", 2, "change it"),
        ("hidden", 1, "--dsn cannot be read"),
        ("host=127.0.0.1 port=1", 1, "on 127.0.0.1, port 1, as owner cannot be reached"),
        ("dbname=nowhere", 1, "database nowhere on 127.0.0.1"),
        ("user=stranger", 1, "as stranger cannot be reached"),
    ],
)
def test_errors_name_the_database_and_never_the_password(
    folder: DataFolder, database: Database, monkeypatch: pytest.MonkeyPatch, dsn: str, exit_code: int, said: str
) -> None:
    monkeypatch.setenv("PGPASSWORD", "hidden")
    ended = CliRunner().invoke(app, ["serve", "postgres", "--dsn", dsn])
    assert (ended.exit_code, isinstance(ended.exception, SystemExit)) == (exit_code, True)
    assert said in ended.stderr
    assert "hidden" not in ended.output
    assert "\n" not in ended.stderr.strip()
