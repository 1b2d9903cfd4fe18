"""Which of the deliveries that are there tell of a district."""

from collections.abc import Iterable

import duckdb

from sources.folder.data_folder import DataFolder
from sources.folder.sql_text import identifier, literal
from sources.ledger.receipts import Receipt
from sources.start.area_page import codes_within
from sources.start.districts import District


def telling_of(folder: DataFolder, receipts: Iterable[Receipt], area_column: str, district: District) -> set[str]:
    """Return the hashes of the files with an accepted row of a district, of what it was made of, or of its LSOAs."""
    codes = ", ".join(map(literal, sorted(codes_within(district.code))))
    found = set()
    with duckdb.connect() as connection:
        for receipt in receipts:
            rows = folder.raw / str(receipt.raw_file)
            if receipt.raw_file and rows.exists():
                held = f"FROM read_parquet({literal(str(rows))}) WHERE {identifier(area_column)} IN ({codes}) LIMIT 1"
                if connection.execute(f"SELECT 1 {held}").fetchall():
                    found.add(receipt.file_sha256)
    return found
