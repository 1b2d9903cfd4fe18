"""Readers of PostgreSQL while a release takes the place of another: each sees one, and none is stopped."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from psycopg.errors import InsufficientPrivilege
from typer.testing import CliRunner

from orchestration.cli.main import app
from orchestration.serve.errors import ServeError
from orchestration.serve.postgres import compare, serve
from sources.folder.data_folder import DataFolder
from tests.places import REPOSITORY
from tests.postgres import OWNER, PASSWORD, Database
from tests.unit.orchestration.releases.warehouse import change_warehouse
from tests.unit.orchestration.serve.conftest import FIRST, SECOND, build

LOWEST = "select min(value) from current.indicator_values"
RELEASE = "select release_id from current.served_release"


def wait_for_a_try(database: Database) -> None:
    """Wait until a switch has been refused by a reader twice: it has tried by then, and goes on trying."""
    deadline = time.monotonic() + 30
    tries: set[object] = set()
    while len(tries) < 2 and time.monotonic() < deadline:
        tries.update(
            database.rows(
                "select xact_start from pg_stat_activity where application_name = 'csp serve postgres' "
                "and wait_event_type = 'Lock'"
            )
        )
    assert len(tries) >= 2


@pytest.mark.parametrize("isolation", ["read committed", "repeatable read"])
def test_a_transaction_sees_one_release_and_nobody_waits_for_it(
    folder: DataFolder, database: Database, isolation: str
) -> None:
    serve(folder, FIRST)
    with ThreadPoolExecutor(1) as pool, closing(database.connect()) as reader, closing(database.connect()) as other:
        reader.execute(f"begin isolation level {isolation}")  # type: ignore[call-overload]
        assert reader.execute(LOWEST).fetchall() == [(0.0,)]
        switching = pool.submit(serve, folder, SECOND)
        wait_for_a_try(database)
        other.execute("set statement_timeout = '5s'")
        assert other.execute(LOWEST).fetchall() == [(0.0,)]
        assert not switching.done()
        assert reader.execute(RELEASE).fetchall() == [(FIRST,)]  # a view that it had not asked yet
        reader.execute("commit")
        assert switching.result(timeout=60).before == FIRST
        assert reader.execute(RELEASE).fetchall() == [(SECOND,)]
        assert other.execute(LOWEST).fetchall() == [(1.0,)]


def test_a_query_under_way_ends_as_it_began(folder: DataFolder, database: Database) -> None:
    serve(folder, FIRST)
    with ThreadPoolExecutor(2) as pool:
        slow = "select min(value), count(pg_sleep(0.03)) from current.indicator_values"
        answer = pool.submit(database.rows, slow)
        while not database.rows("select 1 from pg_stat_activity where wait_event = 'PgSleep'"):
            pass
        serve(folder, SECOND)
        assert answer.result() == [(0.0, 100)]
    assert database.rows(LOWEST) == [(1.0,)]


def test_a_transaction_that_began_before_the_copy_finds_its_rows(folder: DataFolder, database: Database) -> None:
    serve(folder, FIRST)
    with closing(database.connect()) as reader:
        reader.execute("begin isolation level repeatable read")
        reader.execute("select 1 from pg_class limit 1")  # its snapshot is taken, and no view asked
        serve(folder, SECOND)
        assert reader.execute("select min(value), count(*) from current.indicator_values").fetchall() == [(1.0, 100)]


def test_a_reader_who_does_not_end_is_named_and_the_next_time_nothing_is_copied(
    folder: DataFolder, database: Database
) -> None:
    serve(folder, FIRST)
    with closing(database.connect(application_name="Dashboard")) as reader:
        reader.execute("begin")
        reader.execute(LOWEST)
        with pytest.raises(ServeError, match=rf"process \d+ of owner \(Dashboard\), since .* they see {FIRST} until"):
            serve(folder, SECOND, patience=0)
        assert reader.execute(RELEASE).fetchall() == [(FIRST,)]
    assert not serve(folder, SECOND).is_new
    assert database.rows(RELEASE) == [(SECOND,)]


def test_rights_and_views_of_others_stay_where_columns_are_added_and_stop_where_one_goes(
    folder: DataFolder, database: Database
) -> None:
    serve(folder, FIRST)
    database.rows("create schema mine; create view mine.lowest as select area_code, note from current.indicator_values")
    database.rows("create role reader; grant usage on schema current to reader")
    database.rows("grant select on current.indicator_values to reader")
    may_read = "select has_table_privilege('reader', 'current.indicator_values', 'select')"
    change_warehouse(folder, "alter table marts.indicator_values add column more integer default 1")
    change_warehouse(folder, "alter table partners_marts.indicator_values add column more integer default 1")
    wider = build(folder)
    serve(folder, wider)
    assert database.rows("select distinct more from current.indicator_values") == [(1,)]
    assert database.rows("select count(*) from mine.lowest") == [(100,)]
    assert database.rows(may_read) == [(True,)]
    change_warehouse(folder, "alter table marts.indicator_values drop column note")
    narrower = build(folder)
    with pytest.raises(ServeError, match=r"view mine.lowest depends on view current.indicator_values.*Drop those"):
        serve(folder, narrower)
    assert database.rows(RELEASE) == [(wider,)]
    database.rows("drop view mine.lowest")
    database.rows("alter default privileges in schema current grant select on tables to reader")
    serve(folder, narrower)
    assert database.rows(may_read) == [(True,)]
    database.rows("drop owned by reader; drop role reader")


def test_old_schemas_are_dropped_but_never_the_one_shown_or_one_that_is_read(
    folder: DataFolder, database: Database
) -> None:
    serve(folder, FIRST)
    serve(folder, SECOND)
    third = build(folder)
    assert serve(folder, third, keep=2).pruned == ["release_2022_03_31_1 is dropped"]
    assert serve(folder, FIRST, keep=1).pruned == [f"release_2022_03_31_{n} is dropped" for n in (3, 2)]
    assert database.rows(RELEASE) == [(FIRST,)]
    serve(folder, SECOND)
    database.rows("create view public.mine as select * from release_2022_03_31_1.areas")
    (left,) = serve(folder, SECOND, keep=1).pruned
    assert left.startswith("release_2022_03_31_1 is left: view public.mine depends on")
    database.rows("drop view public.mine")
    with closing(database.connect()) as reader:
        reader.execute("begin")
        reader.execute("select count(*) from release_2022_03_31_1.areas")
        assert serve(folder, SECOND, keep=1).pruned == [
            "release_2022_03_31_1 is being read: it is left for the next time"
        ]
    assert serve(folder, SECOND, keep=1).pruned == ["release_2022_03_31_1 is dropped"]


def test_the_twin_has_schemas_of_its_own_that_readers_of_the_public_release_cannot_enter(
    folder: DataFolder, database: Database
) -> None:
    serve(folder, SECOND)
    database.rows(f"create role analyst login password '{PASSWORD.replace(chr(39), chr(39) * 2)}'")
    database.rows("grant usage on schema current to analyst; grant select on all tables in schema current to analyst")
    ended = CliRunner().invoke(app, ["serve", "postgres", "--partners"])
    assert ended.exit_code == 0, ended.output
    assert "exact counts of people" in ended.stderr
    assert "its owner alone" in ended.stderr
    exact = "select count(*) from partners_current.indicator_values where note = 'exact'"
    assert database.rows(exact) == [(34,)]
    assert database.rows(LOWEST, "analyst") == [(1.0,)]
    assert database.rows("select count(*) from current.indicator_values where note = 'exact'") == [(0,)]
    with pytest.raises(InsufficientPrivilege, match="permission denied for schema partners_current"):
        database.rows(exact, "analyst")
    database.rows("grant usage on schema partners_current to analyst")
    assert "now: analyst\n" in CliRunner().invoke(app, ["serve", "postgres", "--partners"]).stderr
    database.rows("update partners_release_2022_03_31_2.indicator_values set note = 'x'")
    assert [problem.where for problem in compare(folder, SECOND)] == [
        "PostgreSQL partners_release_2022_03_31_2.indicator_values"
    ]
    with pytest.raises(ServeError, match=r"permission denied.*grant create on database.*docs/serve.md"):
        serve(folder, SECOND, "user=analyst")
    database.rows("drop owned by analyst; drop role analyst")


def test_the_roles_of_the_manual_serve_and_read_and_can_do_no_more(
    folder: DataFolder, postgres_server: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    [manual] = re.findall(r"```sql\n(.+?)```", (REPOSITORY / "docs" / "serve.md").read_text(), flags=re.DOTALL)
    as_administrator, as_writer = re.sub(r"--.*", "", manual).split("\\c indicators indicators_writer")
    postgres_server.rows("create role bi login")
    password = PASSWORD.replace("'", "''")
    database = Database(postgres_server.host, postgres_server.port, "indicators")
    for statement in filter(str.strip, as_administrator.split(";")):
        postgres_server.rows(statement)
    postgres_server.rows(f"alter role indicators_writer password '{password}'; alter role bi password '{password}'")
    postgres_server.rows("grant indicators_reader to bi")
    for statement in filter(str.strip, as_writer.split(";")):
        database.rows(statement, OWNER if "to bi" in statement else "indicators_writer")
    for name, value in {**database.environment, "PGUSER": "indicators_writer"}.items():
        monkeypatch.setenv(name, value)
    serve(folder, FIRST)
    with closing(database.connect("bi", application_name="Dashboard")) as reader:
        reader.execute("begin")
        reader.execute(LOWEST)
        with pytest.raises(ServeError, match=r"process \d+ of bi \(Dashboard\), since \d"):
            serve(folder, SECOND, patience=0)
    serve(folder, SECOND, partners=True)
    assert serve(folder, SECOND, keep=1).readers == ["bi", "indicators_reader"]
    assert database.rows(LOWEST, "bi") == [(1.0,)]
    for refused in (
        "select * from release_2022_03_31_2.areas",
        "delete from current.areas",
        "create table current.t ()",
    ):
        with pytest.raises(InsufficientPrivilege):
            database.rows(refused, "bi")
    assert compare(folder, SECOND) == []
    postgres_server.rows("drop database indicators")
