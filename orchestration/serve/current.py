"""The views that readers ask: switched to another release in one transaction, when nobody is in the middle of one.

A transaction that has asked one view keeps it, so that the switch waits for it: nobody sees two releases in one
transaction, in whatever isolation. The switch lets nobody queue behind it: it tries for a moment, again and again.
"""

import time
from collections.abc import Callable, Sequence

from psycopg import errors
from psycopg.sql import SQL, Identifier

from orchestration.serve.copying import comment_on
from orchestration.serve.errors import ServeError
from orchestration.serve.schemas import SERVED_RELEASE, Audience, held_in, schema_exists, sources_of_views
from orchestration.serve.server import Connection
from orchestration.serve.tables import Table

# Well below PostgreSQL's deadlock_timeout (a second), so that a reader who meets a try is never taken for a deadlock.
_A_TRY = "100ms"
_BETWEEN_TRIES = 0.5  # seconds


def show(
    connection: Connection,
    audience: Audience,
    release_id: str,
    tables: Sequence[Table],
    patience: float,
    say: Callable[[str], None],
) -> str | None:
    """Point the views of an audience to a release, and return the id of the one that they showed before.

    Raises:
        ServeError: readers did not end within `patience` seconds, or somebody's view is in the way.
    """
    before = shown(connection, audience)
    if not differences_of_views(connection, audience, release_id, tables):
        return before
    give_up = time.monotonic() + patience
    is_told = False
    while True:
        try:
            with connection.transaction():
                connection.execute(SQL("set local lock_timeout = {}").format(_A_TRY))
                _switch(connection, audience, release_id, tables)
        except errors.LockNotAvailable:
            readers = _readers(connection, audience)
            if time.monotonic() > give_up:
                raise ServeError(
                    f"readers of {audience.current} did not end within {patience:.0f} seconds: "
                    f"{readers or 'they came and went'}. "
                    f"{release_id} is copied, and they see {before} until this is run again"
                ) from None
            if readers and not is_told:
                say(f"waiting for the readers of {audience.current} to end: {readers}")
                is_told = True
            time.sleep(_BETWEEN_TRIES)
        except errors.DependentObjectsStillExist as error:
            raise ServeError(
                f"the columns of a table have changed, and others' views are built on it: {error.diag.message_detail}. "
                f"Drop those and run this again; readers see {before} until then"
            ) from None
        else:
            return before


def shown(connection: Connection, audience: Audience) -> str | None:
    """Return the id of the release that the views of an audience show; None before the first."""
    held = held_in(connection, audience.current)
    return held.release_id if held else None


def differences_of_views(
    connection: Connection, audience: Audience, release_id: str, tables: Sequence[Table]
) -> list[str]:
    """Return the views that do not show a release, or show a table that it does not have."""
    schema = audience.schema_of(release_id)
    expected = {name: {f"{schema}.{name}"} for name in _names(tables)}
    found = sources_of_views(connection, audience.current)
    return sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name))


def _names(tables: Sequence[Table]) -> list[str]:
    return [*(table.name for table in tables), SERVED_RELEASE]


def _switch(connection: Connection, audience: Audience, release_id: str, tables: Sequence[Table]) -> None:
    if not schema_exists(connection, audience.current):
        connection.execute(SQL("create schema {}").format(Identifier(audience.current)))
    schema = audience.schema_of(release_id)
    for name in sorted(sources_of_views(connection, audience.current).keys() - set(_names(tables))):
        connection.execute(SQL("drop view {}").format(Identifier(audience.current, name)))
    for name in _names(tables):
        view = Identifier(audience.current, name)
        new, old = _columns(connection, schema, name), _columns(connection, audience.current, name)
        if new[: len(old)] != old:
            connection.execute(SQL("drop view {}").format(view))
        # Replaced, it keeps the rights that were granted on it, and the views that others built on it.
        connection.execute(SQL("create or replace view {} as table {}").format(view, Identifier(schema, name)))
    for table in tables:
        comment_on(connection, "view", audience.current, table)


def _columns(connection: Connection, schema: str, relation: str) -> list[tuple[str, str]]:
    return connection.execute(
        """select a.attname, format_type(a.atttypid, a.atttypmod)
           from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
           where n.nspname = %s and c.relname = %s and a.attnum > 0 and not a.attisdropped order by a.attnum""",
        [schema, relation],
    ).fetchall()


def _readers(connection: Connection, audience: Audience) -> str:
    rows = connection.execute(
        """select distinct a.pid, a.usename, a.application_name, to_char(a.xact_start, 'YYYY-MM-DD HH24:MI:SS')
           from pg_locks l join pg_class c on c.oid = l.relation join pg_namespace n on n.oid = c.relnamespace
           join pg_stat_activity a on a.pid = l.pid
           where l.granted and n.nspname = %s and a.pid <> pg_backend_pid() and l.database =
               (select oid from pg_database where datname = current_database())""",
        [audience.current],
    ).fetchall()
    told = [
        f"process {pid} of {user} ({program or 'no name'})" + (f", since {since} UTC" if since else "")
        for pid, user, program, since in rows  # since when, only pg_read_all_stats may know of others
    ]
    return "; ".join(told)
