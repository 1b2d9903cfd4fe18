"""The schemas of served releases: their names, what each says of itself, and which one readers see."""

from dataclasses import dataclass

from psycopg.sql import SQL, Identifier

from orchestration.releases import Release
from orchestration.serve.server import Connection

SERVED_RELEASE = "served_release"
"""The table, of one row, that says which release a schema holds; a schema without it is not ours."""


@dataclass(frozen=True)
class Audience:
    """For whom a release is served: the schema whose views readers ask, and how schemas of releases begin."""

    name: str
    current: str
    prefix: str

    def schema_of(self, release_id: str) -> str:
        """Return the schema of a release: 2022-03-31.1 is in `release_2022_03_31_1`."""
        return self.prefix + release_id.replace("-", "_").replace(".", "_")


PUBLIC = Audience("public", "current", "release_")
PARTNERS = Audience("partners", "partners_current", "partners_release_")


@dataclass(frozen=True)
class Held:
    """What a schema says that it holds."""

    schema: str
    release_id: str
    manifest_sha256: str


def schema_exists(connection: Connection, schema: str) -> bool:
    """Return whether there is a schema of that name."""
    return bool(connection.execute("select from pg_namespace where nspname = %s", [schema]).fetchall())


def held_in(connection: Connection, schema: str) -> Held | None:
    """Return what a schema says that it holds; None where it is missing or not ours."""
    found = "select from pg_class c join pg_namespace n on n.oid = c.relnamespace where nspname = %s and relname = %s"
    if not connection.execute(found, [schema, SERVED_RELEASE]).fetchall():
        return None
    rows = connection.execute(
        SQL("select release_id, manifest_sha256 from {}").format(Identifier(schema, SERVED_RELEASE))
    ).fetchall()
    return Held(schema, *rows[0]) if len(rows) == 1 else None


def all_held(connection: Connection, audience: Audience) -> list[Held]:
    """Return what the schemas of an audience hold, the one that was copied last first."""
    schemas = connection.execute(
        "select schemaname from pg_tables where tablename = %s and starts_with(schemaname, %s)",
        [SERVED_RELEASE, audience.prefix],
    ).fetchall()
    found = []
    for (schema,) in schemas:
        held = held_in(connection, schema)
        copied = connection.execute(
            SQL("select copied_at from {}").format(Identifier(schema, SERVED_RELEASE))
        ).fetchall()
        if held:
            found.append((copied, held))
    return [held for _, held in sorted(found, key=lambda one: one[0], reverse=True)]


def sources_of_views(connection: Connection, schema: str) -> dict[str, set[str]]:
    """Return, for each view of a schema, the tables (`schema.table`) that it reads."""
    rows = connection.execute(
        """select v.relname, tn.nspname || '.' || t.relname
           from pg_class v join pg_namespace n on n.oid = v.relnamespace
           left join pg_rewrite r on r.ev_class = v.oid
           left join pg_depend d on d.objid = r.oid and d.classid = 'pg_rewrite'::regclass
               and d.refclassid = 'pg_class'::regclass and d.refobjid <> v.oid
           left join pg_class t on t.oid = d.refobjid
           left join pg_namespace tn on tn.oid = t.relnamespace
           where n.nspname = %s and v.relkind = 'v'""",
        [schema],
    ).fetchall()
    views: dict[str, set[str]] = {view: set() for view, _ in rows}
    for view, source in rows:
        if source:
            views[view].add(source)
    return views


def create_served_release(connection: Connection, audience: Audience, release: Release, manifest_sha256: str) -> None:
    """Write into the schema of a release which release it holds."""
    name = Identifier(audience.schema_of(release.release_id), SERVED_RELEASE)
    connection.execute(
        SQL(
            "create table {} (release_id text primary key, as_at date not null, created_at timestamptz not null, "
            "audience text not null, manifest_sha256 text not null, copied_at timestamptz not null default now())"
        ).format(name)
    )
    connection.execute(SQL("comment on table {} is 'Which release this is. One row.'").format(name))
    connection.execute(
        SQL("insert into {} values (%s, %s, %s, %s, %s)").format(name),
        [release.release_id, release.as_at, release.created_at, audience.name, manifest_sha256],
    )
