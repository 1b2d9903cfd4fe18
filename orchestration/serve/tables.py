"""The tables of a release as PostgreSQL has them: types, keys, references and comments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from orchestration.releases import Described, read_manifest
from orchestration.releases.metadata import read_metadata
from orchestration.serve.errors import ServeError
from sources.folder.data_folder import DataFolder

_LONGEST_NAME = 63  # bytes: PostgreSQL cuts what is longer
_TYPES = {
    "VARCHAR": "text",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
    "TIMESTAMP WITH TIME ZONE": "timestamptz",
    "DOUBLE": "double precision",
    "FLOAT": "real",
    "TINYINT": "smallint",
    "SMALLINT": "smallint",
    "INTEGER": "integer",
    "BIGINT": "bigint",
    "HUGEINT": "numeric(39,0)",
    "UTINYINT": "smallint",
    "USMALLINT": "integer",
    "UINTEGER": "bigint",
    "UBIGINT": "numeric(20,0)",
    "UHUGEINT": "numeric(39,0)",
}
"""The type of PostgreSQL that holds every value of a type of DuckDB, no more and no less precisely."""


@dataclass(frozen=True)
class Column:
    """A column: its name, its type in DuckDB and in PostgreSQL, and what the dictionary says of it."""

    name: str
    duckdb_type: str
    postgres_type: str
    description: str


@dataclass(frozen=True)
class Table:
    """A table to serve. `references` leads from a column to the table and the key column there.

    `content_sha256` is that of the manifest, without the columns in `left_out`.
    """

    name: str
    description: str
    columns: Sequence[Column]
    key: Sequence[str]
    references: Mapping[str, tuple[str, str]]
    rows: int
    content_sha256: str
    left_out: Sequence[str]
    partitioned_by: str | None


def tables_of(folder: DataFolder, release_id: str) -> list[Table]:
    """Return the tables of a release, by name; one built before version 0.3.0 has neither keys nor comments.

    Raises:
        ReleaseError: there is no such release, or it cannot be read.
        ServeError: a column has a type or a name that PostgreSQL cannot have as it is.
    """
    dictionary = read_metadata(folder.releases / release_id)
    return [
        _table(name, recorded, dictionary)
        for name, recorded in sorted(read_manifest(folder, release_id)["tables"].items())
    ]


def _table(name: str, recorded: Mapping[str, Any], dictionary: Mapping[str, Described]) -> Table:
    words = dictionary.get(name, Described())
    for one in (name, *(column["name"] for column in recorded["columns"])):
        if len(one.encode()) > _LONGEST_NAME:
            raise ServeError(f"{one} in table {name}: PostgreSQL has names of up to {_LONGEST_NAME} bytes")
    return Table(
        name=name,
        description=words.description,
        columns=[
            Column(one["name"], one["type"], _type(name, one), words.columns.get(one["name"], ""))
            for one in recorded["columns"]
        ],
        key=words.key,
        references={column: (other, dictionary[other].key[0]) for column, other in words.references.items()},
        rows=recorded["rows"],
        content_sha256=recorded["content_sha256"],
        left_out=recorded["left_out_of_content_sha256"],
        partitioned_by=recorded.get("partitioned_by"),
    )


def _type(table: str, column: Mapping[str, str]) -> str:
    kind = column["type"]
    if kind.startswith("DECIMAL("):
        return kind.replace("DECIMAL", "numeric").replace(" ", "")
    if kind not in _TYPES:
        raise ServeError(
            f"column {column['name']} of {table} is {kind}: orchestration/serve/tables.py knows no such type"
        )
    return _TYPES[kind]
