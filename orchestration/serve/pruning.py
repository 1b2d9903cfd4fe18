"""Dropping the schemas of releases that are no longer served; never the one that readers see."""

from psycopg import errors
from psycopg.sql import SQL, Identifier

from orchestration.serve.current import shown
from orchestration.serve.schemas import Audience, all_held
from orchestration.serve.server import Connection


def prune(connection: Connection, audience: Audience, keep: int) -> list[str]:
    """Drop all schemas of releases but the one that readers see and the last that were copied, `keep` in all.

    Return what was done, in sentences. One that is being read, or that somebody's view is built on, is left.
    """
    seen = shown(connection, audience)
    others = [held for held in all_held(connection, audience) if held.release_id != seen]
    return [_drop(connection, held.schema) for held in others[max(keep - 1, 0) :]]


def _drop(connection: Connection, schema: str) -> str:
    try:
        with connection.transaction():
            connection.execute("set local lock_timeout = '100ms'")
            tables = connection.execute("select tablename from pg_tables where schemaname = %s", [schema]).fetchall()
            names = SQL(", ").join(Identifier(schema, table) for (table,) in tables)
            connection.execute(SQL("drop table {}").format(names))
            connection.execute(SQL("drop schema {}").format(Identifier(schema)))
    except errors.LockNotAvailable:
        return f"{schema} is being read: it is left for the next time"
    except errors.DependentObjectsStillExist as error:
        return f"{schema} is left: {error.diag.message_detail or error.diag.message_primary}"
    return f"{schema} is dropped"
