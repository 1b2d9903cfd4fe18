"""The copy of a release in a schema of its own: made in one transaction, and compared before it counts as made."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager

import duckdb
import psycopg
from psycopg.sql import SQL, Composed, Identifier, Literal

from orchestration.releases import DATABASE, MANIFEST, Problem, Release
from orchestration.releases.content_hash import content_hash
from orchestration.releases.database import reading
from orchestration.releases.files import fingerprint
from orchestration.serve.errors import ServeError
from orchestration.serve.schemas import Audience, create_served_release, held_in, schema_exists
from orchestration.serve.server import Connection
from orchestration.serve.streams import copy_in, copy_out, has_nulls
from orchestration.serve.tables import Table
from sources.folder.data_folder import DataFolder
from sources.folder.sql_text import identifier

_READ_BACK = "memory.main.read_back"


def manifest_digest(release: Release) -> str:
    """Return the sha256 of the manifest of a release, which stands for all that it holds."""
    return str(fingerprint(release.path / MANIFEST)["sha256"])


def is_copied(connection: Connection, audience: Audience, release: Release) -> bool:
    """Return whether a schema holds this release already.

    Raises:
        ServeError: the schema of its name is not ours, or holds the release of another data folder.
    """
    schema = audience.schema_of(release.release_id)
    held = held_in(connection, schema)
    if held is None and schema_exists(connection, schema):
        raise ServeError(f"schema {schema} is there, and `csp serve postgres` did not make it: rename or drop it")
    if held and held.manifest_sha256 != manifest_digest(release):
        raise ServeError(
            f"schema {schema} holds another release {release.release_id} than {release.path}: serve each data folder "
            f"from a database of its own; or, if that release is gone for good, drop the schema {schema} first"
        )
    return held is not None


def copy_release(
    connection: Connection,
    folder: DataFolder,
    audience: Audience,
    release: Release,
    tables: Sequence[Table],
    progress: Callable[[str], None],
) -> None:
    """Copy a release into a schema of its own, or leave nothing of it.

    Raises:
        ServeError: what PostgreSQL has is not what the manifest of the release says.
        psycopg.Error: PostgreSQL refused something; the caller explains.
    """
    schema = audience.schema_of(release.release_id)
    with _rows_of(folder, release) as rows, connection.transaction():
        connection.execute(SQL("create schema {}").format(Identifier(schema)))
        for table in tables:
            connection.execute(_create_table(schema, table))
            copy_in(rows, _relation(table), connection, schema, table.name)
            progress(f"{table.name}: {table.rows:,} rows")
        for statement in _constraints(rows, schema, tables):
            connection.execute(statement)
        for table in tables:
            comment_on(connection, "table", schema, table)
            connection.execute(SQL("analyze {}").format(Identifier(schema, table.name)))
        problems = list(_differences(connection, rows, schema, tables))
        if problems:
            raise ServeError(
                f"release {release.release_id} cannot be served as it was built, and is not: {problems[0]}. "
                f"`csp verify {release.release_id}` says whether it is damaged"
            )
        create_served_release(connection, audience, release, manifest_digest(release))


def compare_release(
    connection: Connection, folder: DataFolder, audience: Audience, release: Release, tables: Sequence[Table]
) -> list[Problem]:
    """Return every table in a schema whose rows differ from those that the manifest of the release tells of."""
    with _rows_of(folder, release) as rows:
        return list(_differences(connection, rows, audience.schema_of(release.release_id), tables))


def comment_on(connection: Connection, kind: str, schema: str, table: Table) -> None:
    """Write what the dictionary says onto a `table` or `view` and its columns."""
    name = Identifier(schema, table.name)
    statement = SQL("comment on {} {} is {}")
    if table.description:
        connection.execute(statement.format(SQL(kind), name, Literal(table.description)))
    for column in table.columns:
        if column.description:
            of = Identifier(schema, table.name, column.name)
            connection.execute(statement.format(SQL("column"), of, Literal(column.description)))


def _rows_of(folder: DataFolder, release: Release) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    return reading(folder, release.path / DATABASE, "release")


def _relation(table: Table) -> str:
    return f"release.main.{identifier(table.name)}"


def _create_table(schema: str, table: Table) -> Composed:
    columns = [SQL("{} {}").format(Identifier(one.name), SQL(one.postgres_type)) for one in table.columns]
    return SQL("create table {} ({})").format(Identifier(schema, table.name), SQL(", ").join(columns))


def _constraints(rows: duckdb.DuckDBPyConnection, schema: str, tables: Sequence[Table]) -> Iterator[Composed]:
    """Return the keys, then the references to them; a key with a missing value can only be unique."""
    for table in (one for one in tables if one.key):
        kind = "unique" if has_nulls(rows, _relation(table), table.key) else "primary key"
        yield SQL("alter table {} add {} ({})").format(
            Identifier(schema, table.name), SQL(kind), SQL(", ").join(map(Identifier, table.key))
        )
    for table in tables:
        for column, (other, key) in table.references.items():
            yield SQL("alter table {} add foreign key ({}) references {} ({})").format(
                Identifier(schema, table.name), Identifier(column), Identifier(schema, other), Identifier(key)
            )


def _differences(
    connection: Connection, rows: duckdb.DuckDBPyConnection, schema: str, tables: Sequence[Table]
) -> Iterator[Problem]:
    for table in tables:
        where = f"PostgreSQL {schema}.{table.name}"
        try:
            with connection.transaction():
                copy_out(connection, schema, table.name, table.columns, rows, _READ_BACK)
            found = content_hash(rows, _READ_BACK, table.left_out, table.partitioned_by)
            if found != table.content_sha256 or _clocks(rows, _READ_BACK, table) != _clocks(
                rows, _relation(table), table
            ):
                yield Problem("altered", where, f"its rows are not those of the release, {table.rows:,} of them")
        except (
            psycopg.errors.UndefinedTable,
            psycopg.errors.UndefinedColumn,
            psycopg.errors.InvalidSchemaName,
        ) as error:
            yield Problem("missing", where, str(error.diag.message_primary))
        except duckdb.Error as error:
            yield Problem("altered", where, str(error).splitlines()[0])
        finally:
            rows.execute(f"drop table if exists {_READ_BACK}")


def _clocks(rows: duckdb.DuckDBPyConnection, relation: str, table: Table) -> str:
    """Return the hash over every column, of the few small tables whose digest in the manifest leaves some out."""
    return content_hash(rows, relation) if table.left_out else ""
