"""PostgreSQL in place of Dagster's SQLite files, where the environment names a database."""

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

SERVER_VARIABLE, SERVER_FILE_VARIABLE = "CSP_DAGSTER_POSTGRES", "CSP_DAGSTER_POSTGRES_FILE"
_WAIT_SECONDS = 10


class DagsterServerError(Exception):
    """The database of Dagster's runs cannot be used; the message says why, and never with a password."""


def server_address(environment: Mapping[str, str] = os.environ) -> str | None:
    """Return the address of the database in which Dagster keeps its runs; None where it keeps them in files.

    CSP_DAGSTER_POSTGRES holds it, as postgresql://user:password@host/database, or a file holds it that
    CSP_DAGSTER_POSTGRES_FILE names.

    Raises:
        DagsterServerError: the file cannot be read, or what stands there is no such address.
    """
    address, file = (environment.get(name, "").strip() for name in (SERVER_VARIABLE, SERVER_FILE_VARIABLE))
    where = SERVER_VARIABLE
    if not address and file:
        where = file
        try:
            address = Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise DagsterServerError(f"{SERVER_FILE_VARIABLE} names {file}: {error.strerror}") from error
    if not address and not file:
        return None
    if urlsplit(address).scheme != "postgresql":
        raise DagsterServerError(f"{where} holds no address such as postgresql://user:password@host:5432/dagster")
    return address


def require_reachable(address: str) -> None:
    """See that the database answers.

    Raises:
        DagsterServerError: it does not, or the extra that speaks to it is not installed.
    """
    try:
        import dagster_postgres  # noqa: F401, PLC0415 - an extra
        import psycopg2  # noqa: PLC0415
    except ImportError as error:
        raise DagsterServerError(
            f"{SERVER_VARIABLE} is set, and {error.name} is not installed: install the extra `dagster-postgres`"
        ) from error
    try:
        psycopg2.connect(address, connect_timeout=_WAIT_SECONDS).close()
    except psycopg2.Error as error:
        parts = urlsplit(address)
        said = " ".join(str(error).split())
        raise DagsterServerError(
            f"Dagster's database {parts.path.removeprefix('/')} on {parts.hostname or 'this machine'} does not answer "
            f"({said}). {SERVER_VARIABLE} or {SERVER_FILE_VARIABLE} names it"
        ) from None
