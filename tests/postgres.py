"""A PostgreSQL server of the tests' own, in a folder that goes with it."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

OWNER, PASSWORD = "owner", "pass of 'owner'"
_NOT_ROOT = ("postgres", "nobody")  # PostgreSQL refuses to run as root; Debian's package makes the first


@dataclass(frozen=True)
class Database:
    """An empty database of a server whose users have passwords."""

    host: str
    port: int
    name: str

    @property
    def environment(self) -> dict[str, str]:
        """What libpq reads."""
        return {
            "PGHOST": self.host,
            "PGPORT": str(self.port),
            "PGDATABASE": self.name,
            "PGUSER": OWNER,
            "PGPASSWORD": PASSWORD,
        }

    def connect(self, user: str = OWNER, **options: Any) -> psycopg.Connection[tuple[Any, ...]]:
        return psycopg.connect(
            host=self.host, port=self.port, dbname=self.name, user=user, password=PASSWORD, autocommit=True, **options
        )

    def rows(self, sql: str, user: str = OWNER) -> list[tuple[Any, ...]]:
        """Return the rows of a query; of a statement without any, none."""
        with self.connect(user) as connection:
            cursor = connection.execute(sql)  # type: ignore[call-overload]
            return cursor.fetchall() if cursor.description else []


@contextmanager
def running_server() -> Iterator[Database]:
    """Start a server and yield its first database; skips where PostgreSQL is not installed."""
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="csp-postgres-", dir="/tmp"))
    as_user: dict[str, Any] = {}
    if os.getuid() == 0:
        user = next(one for one in map(_user, _NOT_ROOT) if one)
        shutil.chown(folder, user.pw_uid, user.pw_gid)
        as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    (folder / "password").write_text(PASSWORD)
    (folder / "password").chmod(0o644)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def run(*command: str) -> None:
        with (folder / "said").open("w") as said:
            ended = subprocess.run(command, cwd=folder, stdout=said, stderr=said, check=False, **as_user)
        assert ended.returncode == 0, (folder / "said").read_text()

    data = str(folder / "db")
    try:
        run(
            *(f"{programs}/initdb", "-D", data, "-U", OWNER, "--auth=scram-sha-256", "--no-sync"),
            *("--encoding=UTF8", "--locale=C", f"--pwfile={folder / 'password'}"),
        )
        settings = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        run(f"{programs}/pg_ctl", "-D", data, "-o", settings, "-l", str(folder / "log"), "-w", "start")
        try:
            yield Database("127.0.0.1", port, "postgres")
        finally:
            run(f"{programs}/pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder)


@contextmanager
def fresh_database(server: Database, name: str) -> Iterator[Database]:
    """Make a database in a server, and drop it."""
    with server.connect() as connection:
        connection.execute(SQL("create database {}").format(Identifier(name)))
        yield Database(server.host, server.port, name)
        connection.execute(SQL("drop database {} with (force)").format(Identifier(name)))


def _user(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _programs() -> str:
    """Return the folder of PostgreSQL's programs: on the path, or where Debian has them."""
    folders = [
        *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))[-1:]),
        *[Path(found).resolve().parent.as_posix() for found in [shutil.which("initdb")] if found],
    ]
    if not folders:
        pytest.skip("PostgreSQL is not installed: `apt-get install postgresql`")
    return folders[0]
