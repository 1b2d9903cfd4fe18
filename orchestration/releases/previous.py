"""A release beside the one that readers saw before it, so that what is new can be asked in SQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from orchestration.releases.current import current_id
from orchestration.releases.database import attach, reading
from orchestration.releases.files import DATABASE
from orchestration.releases.find import release_ids, why_unreadable
from orchestration.releases.history import read_history
from sources.folder.data_folder import DataFolder

PREVIOUS = "previous"


@contextmanager
def reading_with_previous(
    folder: DataFolder, database: Path, release_id: str, beside_current: bool = False
) -> Iterator[tuple[duckdb.DuckDBPyConnection, str | None]]:
    """Open a connection to the tables of a release, and say which release is in its schema `previous`.

    `database` holds the tables of `release_id`. None says that there is no release before it, or none to read.
    """
    with reading(folder, database, "release") as connection:
        previous = previous_id(folder, release_id, beside_current)
        try:
            if previous:
                attach(connection, folder.releases / previous / DATABASE, PREVIOUS)
        except duckdb.Error:  # a damaged old release is for `csp verify` to tell, and holds no new one
            previous = None
        yield connection, previous


def previous_id(folder: DataFolder, release_id: str, beside_current: bool = False) -> str | None:
    """Return the release that readers saw before this one, published or not yet; None where there is none to read.

    Of one that is kept beside the current release: the last of an earlier date. In the folder as partners see it, that
    is its twin.
    """
    public = DataFolder(folder.root)
    switched = [line["from"] for line in read_history(public) if line["to"] == release_id]
    never_seen = _of_an_earlier_date(public, release_id) if beside_current else current_id(public)
    before = switched[0] if switched else never_seen
    return before if before and before != release_id and not why_unreadable(folder, before) else None


def _of_an_earlier_date(folder: DataFolder, release_id: str) -> str | None:
    as_at = release_id.partition(".")[0]
    earlier = [(day, number) for day, number in release_ids(folder) if day < as_at]
    return "{}.{}".format(*earlier[-1]) if earlier else None
