"""The connection to PostgreSQL, and its errors in sentences, none of which has a password."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import Conninfo

from orchestration.serve.errors import PasswordOnCommandLineError, ServeError

Connection = psycopg.Connection[tuple[Any, ...]]

_SECRETS = ("password", "sslpassword")
_ONE_AT_A_TIME = 7_246_031  # the key of the advisory lock: any number that nobody else takes
_SETTINGS = (
    "set client_encoding = 'UTF8'",
    "set datestyle = 'ISO, YMD'",
    "set timezone = 'UTC'",
    "set extra_float_digits = 1",  # every bit of a number
    "set standard_conforming_strings = on",
    "set search_path = pg_catalog",
    "set statement_timeout = 0",
    "set idle_in_transaction_session_timeout = 0",
)


@contextmanager
def server(dsn: str) -> Iterator[Connection]:
    """Connect to the database that `dsn` and libpq's environment name, as the only one that serves releases in it.

    Raises:
        PasswordOnCommandLineError: `dsn` has a password.
        ServeError: it cannot be reached, refuses what was asked, or is served by another process.
    """
    given = _read(dsn)
    where = _named(given)
    try:
        connection = psycopg.connect(
            make_conninfo(**{"connect_timeout": 15, **given, "application_name": "csp serve postgres"}), autocommit=True
        )
    except psycopg.Error as error:
        raise ServeError(
            f"{where} cannot be reached: {_first_line(error)}. See that the server runs and that host, port, database "
            "and user are right (--dsn, or PGHOST, PGPORT, PGDATABASE, PGUSER, PGSERVICE), and that the password is in "
            "~/.pgpass, the file that PGPASSFILE names, a service file or PGPASSWORD. Readers see what they saw"
        ) from error
    with connection, _explained(where):
        for setting in _SETTINGS:
            connection.execute(setting)
        locked = connection.execute("select pg_try_advisory_lock(%s)", [_ONE_AT_A_TIME]).fetchone()
        if locked != (True,):
            raise ServeError(
                f"{where}: another `csp serve postgres` or `csp verify --postgres` is at work; wait for it"
            )
        yield connection


def _read(dsn: str) -> dict[str, Any]:
    try:
        given = conninfo_to_dict(dsn)
    except psycopg.ProgrammingError:  # whose message repeats what it could not read, which may be a password
        raise ServeError(
            "--dsn cannot be read: give `host=… dbname=… user=…`, `postgresql://user@host/database` or `service=…`"
        ) from None
    if any(given.get(secret) for secret in _SECRETS):
        raise PasswordOnCommandLineError(
            "--dsn has a password, which everyone on this machine can read in the list of processes: change it, and "
            "put it into ~/.pgpass, the file that PGPASSFILE names, a service file or PGPASSWORD"
        )
    return {key: value for key, value in given.items() if value is not None}


def _named(given: dict[str, Any]) -> str:
    """Return how messages name the database: what was given, else what libpq's environment says."""
    known = {
        option.keyword.decode(): option.val.decode() for option in Conninfo.get_defaults() if option.val is not None
    }
    asked = {**known, **given}
    if "service" in given and "dbname" not in given:
        return f"PostgreSQL service {given['service']}"
    host = asked.get("host") or asked.get("hostaddr") or "the local socket"
    user = asked.get("user", "")
    return f"PostgreSQL database {asked.get('dbname') or user} on {host}, port {asked.get('port')}, as {user}"


@contextmanager
def _explained(where: str) -> Iterator[None]:
    try:
        yield
    except errors.InsufficientPrivilege as error:
        raise ServeError(
            f"{where}: {_first_line(error)}. This user must be allowed to create schemas (`grant create on database`) "
            "and own those that are served: docs/serve.md. Readers see what they saw"
        ) from error
    except psycopg.OperationalError as error:
        raise ServeError(
            f"{where}: {_first_line(error)}. Readers see what they saw; when the server is well again, run this again"
        ) from error
    except psycopg.Error as error:
        raise ServeError(
            f"{where}: {_first_line(error)} ({type(error).__name__}). Readers see what they saw"
        ) from error


def _first_line(error: psycopg.Error) -> str:
    return error.diag.message_primary or next(iter(str(error).splitlines()), "") or type(error).__name__
