"""`csp serve postgres` and `csp verify --postgres`: a release in PostgreSQL, and whether it still is that release."""

from collections.abc import Callable
from dataclasses import dataclass

from orchestration import releases as store
from orchestration.releases import Problem, Release
from orchestration.serve.copying import compare_release, copy_release, is_copied
from orchestration.serve.current import differences_of_views, show, shown
from orchestration.serve.errors import ServeError
from orchestration.serve.pruning import prune
from orchestration.serve.schemas import PARTNERS, PUBLIC, Audience, schema_exists
from orchestration.serve.server import Connection, server
from orchestration.serve.tables import tables_of
from sources.folder.data_folder import DataFolder, PartnersFolder


@dataclass(frozen=True)
class Served:
    """What was done: the schema of the release, whether it was copied now, and which release readers saw before.

    `readers` are the roles that may read it, apart from its owner and superusers.
    """

    release_id: str
    schema: str
    current: str
    tables: int
    rows: int
    is_new: bool
    before: str | None
    pruned: list[str]
    readers: list[str]


def _nothing(_: str) -> None: ...


def serve(
    folder: DataFolder,
    release_id: str,
    dsn: str = "",
    *,
    partners: bool = False,
    keep: int | None = None,
    patience: float = 600,
    say: Callable[[str], None] = _nothing,
    progress: Callable[[str], None] = _nothing,
) -> Served:
    """Copy a release into its schema, unless it is there, and point the views that readers ask to it.

    `say` is told of readers that are waited for, `progress` of each table.

    Raises:
        ReleaseError: there is no such release, it never was published, or has no twin for partners.
        ServeError: the server cannot be reached or refuses; readers see what they saw.
    """
    if not store.was_published(folder, store.get_release(folder, release_id).release_id):
        raise ServeError(f"release {release_id} never was published: serve one that was (see `csp releases`)")
    audience, seen = (PARTNERS, _twins(folder, release_id)) if partners else (PUBLIC, folder)
    release, tables = store.get_release(seen, release_id), tables_of(seen, release_id)
    with server(dsn) as connection:
        is_new = not is_copied(connection, audience, release)
        if is_new:
            copy_release(connection, seen, audience, release, tables, progress)
        before = show(connection, audience, release_id, tables, patience, say)
        pruned = prune(connection, audience, keep) if keep is not None else []
        return Served(
            release_id,
            audience.schema_of(release_id),
            audience.current,
            len(tables),
            sum(table.rows for table in tables),
            is_new,
            before,
            pruned,
            _readers(connection, audience),
        )


def compare(folder: DataFolder, release_id: str, dsn: str = "") -> list[Problem]:
    """Return every way in which PostgreSQL differs from a release, and from its twin where that is served too.

    Rows are compared by the content hash of the manifest; of the current release the views are compared as well.

    Raises:
        ReleaseError: there is no such release, or it cannot be read.
        ServeError: the server cannot be reached or refuses.
    """
    with server(dsn) as connection:
        problems = _problems(connection, folder, PUBLIC, release_id, store.current_id(folder))
        if store.has_twin(folder, release_id) and schema_exists(connection, PARTNERS.schema_of(release_id)):
            twins = PartnersFolder(folder.root)
            problems += _problems(connection, twins, PARTNERS, release_id, store.current_id(folder))
        return problems


def _problems(
    connection: Connection, folder: DataFolder, audience: Audience, release_id: str, current: str | None
) -> list[Problem]:
    release: Release = store.get_release(folder, release_id)
    tables = tables_of(folder, release_id)
    schema = audience.schema_of(release_id)
    if not is_copied(connection, audience, release):
        return [Problem("missing", f"PostgreSQL {schema}", f"`csp serve postgres {release_id}` copies it")]
    problems = compare_release(connection, folder, audience, release, tables)
    seen = shown(connection, audience)
    if release_id == current and seen != release_id:
        detail = f"it shows {seen}; the current release is {current}: run `csp serve postgres`"
        return [*problems, Problem("behind", f"PostgreSQL {audience.current}", detail)]
    if seen == release_id:
        views = differences_of_views(connection, audience, release_id, tables)
        problems += [
            Problem("altered", f"PostgreSQL {audience.current}.{view}", f"it is no view of {schema}") for view in views
        ]
    return problems


def _twins(folder: DataFolder, release_id: str) -> DataFolder:
    if not store.has_twin(folder, release_id):
        raise ServeError(f"release {release_id} has no twin in {folder.partners} that this user can read")
    return PartnersFolder(folder.root)


def _readers(connection: Connection, audience: Audience) -> list[str]:
    rows = connection.execute(
        """select r.rolname from pg_roles r join pg_namespace n on n.nspname = %s
           where has_schema_privilege(r.oid, n.oid, 'usage') and not r.rolsuper and r.oid <> n.nspowner
               and r.rolname not like 'pg\\_%%' order by 1""",
        [audience.current],
    ).fetchall()
    return [role for (role,) in rows]
