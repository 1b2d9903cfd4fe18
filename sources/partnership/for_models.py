"""What the models read of a partnership's folder: each table as Parquet, typed, written whole by each run."""

import hashlib

import duckdb

from sources.folder.data_folder import DataFolder
from sources.folder.durable import put_in_place, write_whole
from sources.folder.rights import OWNER_ALONE, make_folder
from sources.folder.sql_text import identifier, literal
from sources.partnership.check import check, told
from sources.partnership.folder import PartnershipFolder
from sources.partnership.tables import NATIONAL, PROPERTIES, tables
from sources.partnership.typed import NUMBER, create_typed

MOST_TOLD = 20
STAMP = "written_from"


class FolderMistakesError(Exception):
    """The folder has mistakes; the message names each of the first twenty."""


def write_partnership(folder: DataFolder, partnership: PartnershipFolder) -> None:
    """Write each table of the partnership's folder for the models, of the plans in force; nothing where they are.

    Raises:
        FolderError: there is no partnership.yaml, or it cannot be used.
        FolderMistakesError: a table has a mistake; nothing was written then.
    """
    place = folder.partnership_for_models
    stamp = _stamp(partnership)
    if (place / STAMP).is_file() and (place / STAMP).read_text() == stamp:
        return
    checked = check(partnership)
    if checked.problems:
        named = "\n".join(f"- {problem}" for problem in checked.problems[:MOST_TOLD])
        more = len(checked.problems) - MOST_TOLD
        rest = f"\nand {more} more: `csp plan check` lists them all" if more > 0 else ""
        raise FolderMistakesError(f"{told(checked.problems)} in the partnership's folder:\n{named}{rest}")
    make_folder(place, OWNER_ALONE)
    (place / STAMP).unlink(missing_ok=True)
    with duckdb.connect() as connection:
        for name, table in tables().items():
            create_typed(connection, name, table, checked.rows[name])
            parquet = place / f".{name}.parquet.new"
            rows = f"SELECT * EXCLUDE ({NUMBER}) FROM {identifier(name)} ORDER BY {NUMBER}"
            connection.execute(f"COPY ({rows}) TO {literal(str(parquet))} (FORMAT parquet)")
            put_in_place(parquet, place / f"{name}.parquet")
    write_whole(place / STAMP, stamp)


def _stamp(partnership: PartnershipFolder) -> str:
    """Return a digest of the folder's files, of the national lists beside them and of what says how they are read."""
    digest = hashlib.sha256(str(partnership.root).encode())
    for file in [*partnership.files(), *sorted(NATIONAL.glob("*.csv")), *sorted(PROPERTIES.glob("*.yml"))]:
        digest.update(f"{file}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()
