"""The Parquet files of accepted and of rejected rows: how they are written, and which columns they have."""

from pathlib import Path

import duckdb

from sources.contract.load import Contract
from sources.contract.rules import KINDS, SQL_TYPES
from sources.folder.sql_text import identifier, literal

# Half the bytes of snappy for a tenth more time, measured on street crime files.
PARQUET = "FORMAT parquet, COMPRESSION zstd"

EMPTY_REJECTED = (
    "SELECT NULL::VARCHAR AS file_sha256, NULL::BIGINT AS row_number, NULL::INTEGER AS rule_order, "
    "NULL::VARCHAR AS rule, NULL::VARCHAR AS column_name, "
    "NULL::VARCHAR AS value, NULL::VARCHAR AS reason, NULL::VARCHAR AS record WHERE false"
)


def empty_raw(contract: Contract) -> str:
    """Return the SELECT of no rows with the columns of the feed's raw files, whatever document they came under."""
    columns = ", ".join(
        f"NULL::{SQL_TYPES[column.logical_type]} AS {identifier(column.name)}" for column in contract.feed_columns
    )
    return f"SELECT {columns}, NULL::VARCHAR AS file_sha256, NULL::BIGINT AS row_number WHERE false"


def other_columns(file: Path, contract: Contract) -> list[str]:
    """Return the columns in which a raw file differs from a contract's raw files, each with how.

    A column is called by its header where the contract has one. Nothing is returned where all are of the same type.
    """
    with duckdb.connect() as connection:
        held, agreed = (
            {name: sql_type for name, sql_type, *_ in connection.execute(f"DESCRIBE {select}").fetchall()}
            for select in (f"FROM read_parquet({literal(str(file))})", empty_raw(contract))
        )
    headers = {column.name: column.header for column in contract.columns}
    return [
        f"{headers.get(name, name)!r} ({_words(agreed.get(name))}, was {_words(held.get(name))})"
        for name in {**agreed, **held}
        if agreed.get(name) != held.get(name)
    ]


def _words(sql_type: str | None) -> str:
    kinds = {SQL_TYPES[logical_type]: kind for logical_type, kind in KINDS.items()}
    return kinds.get(sql_type, sql_type) if sql_type else "not there"
