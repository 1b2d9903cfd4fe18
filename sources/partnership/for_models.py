"""What the models read of a partnership's folder: each table as Parquet, typed, written whole by each run."""

import hashlib
from collections.abc import Callable, Iterable

import duckdb

from sources.folder.data_folder import DataFolder
from sources.folder.durable import put_in_place, write_whole
from sources.folder.rights import OWNER_ALONE, make_folder
from sources.folder.sql_text import identifier, literal
from sources.partnership.check import check, told
from sources.partnership.folder import PartnershipFolder
from sources.partnership.read import Problem
from sources.partnership.rules import Rows
from sources.partnership.tables import NATIONAL, PROPERTIES, tables
from sources.partnership.typed import NUMBER, create_typed

MOST_TOLD = 20
STAMP = "written_from"
WHOSE = "whose"
"""The file that says whose the data folder is: the partnership's name, and the folder that it has."""


class OtherPartnershipError(Exception):
    """The data folder is another partnership's, and its figures would be published under this one's plan."""


class FolderMistakesError(Exception):
    """The folder has mistakes; the message names each of the first twenty."""


def write_partnership(
    folder: DataFolder, partnership: PartnershipFolder, judge: Callable[[Rows], Iterable[Problem]] = lambda _: ()
) -> None:
    """Write each table of the partnership's folder for the models, of the plans in force; nothing where they are.

    `judge` returns mistakes in the rows that this package cannot know, such as those that only contracts tell.

    Raises:
        FolderError: there is no partnership.yaml, or it cannot be used.
        OtherPartnershipError: the data folder was last written for a partnership of another name and folder.
        FolderMistakesError: a table has a mistake; nothing was written then.
    """
    place = folder.partnership_for_models
    require_own(folder, partnership)
    stamp = _stamp(partnership)
    if (place / STAMP).is_file() and (place / STAMP).read_text() == stamp:
        return
    checked = check(partnership)
    problems = [*checked.problems, *judge(checked.rows)]
    if problems:
        named = "\n".join(f"- {problem}" for problem in problems[:MOST_TOLD])
        more = len(problems) - MOST_TOLD
        rest = f"\nand {more} more: `csp plan check` lists them all" if more > 0 else ""
        raise FolderMistakesError(f"{told(problems)} in the partnership's folder:\n{named}{rest}")
    make_folder(place, OWNER_ALONE)
    (place / STAMP).unlink(missing_ok=True)
    with duckdb.connect() as connection:
        for name, table in tables().items():
            create_typed(connection, name, table, checked.rows[name])
            parquet = place / f".{name}.parquet.new"
            rows = f"SELECT * EXCLUDE ({NUMBER}) FROM {identifier(name)} ORDER BY {NUMBER}"
            connection.execute(f"COPY ({rows}) TO {literal(str(parquet))} (FORMAT parquet)")
            put_in_place(parquet, place / f"{name}.parquet")
    write_whole(place / WHOSE, _whose(partnership))
    write_whole(place / STAMP, stamp)


def require_own(folder: DataFolder, partnership: PartnershipFolder) -> None:
    """Raise where the data folder is another partnership's; a new name or a moved folder alone is no other one.

    Raises:
        FolderError: there is no partnership.yaml, or it cannot be used.
        OtherPartnershipError: both differ from what the last night found.
    """
    file = folder.partnership_for_models / WHOSE
    if not file.is_file():
        return
    was, now = file.read_text(encoding="utf-8").splitlines(), _whose(partnership).splitlines()
    if not set(was) & set(now):
        raise OtherPartnershipError(
            f"The data folder {folder.root} is that of {was[0]} ({was[1]}), and the partnership in use is {now[0]} "
            f"({now[1]}). Set CSP_PARTNERSHIP or CSP_DATA_DIR; if the data are to be that partnership's, remove {file}."
        )


def _whose(partnership: PartnershipFolder) -> str:
    return f"{' '.join(partnership.settings().name.split())}\n{partnership.root}\n"


def _stamp(partnership: PartnershipFolder) -> str:
    """Return a digest of the folder's files, of the national lists beside them and of what says how they are read."""
    digest = hashlib.sha256(str(partnership.root).encode())
    for file in [*partnership.files(), *sorted(NATIONAL.glob("*.csv")), *sorted(PROPERTIES.glob("*.yml"))]:
        digest.update(f"{file}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()
