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
    raw_files = ((folder.raw / str(receipt.raw_file), receipt) for receipt in receipts if receipt.raw_file)
    hashes = {str(file): receipt.file_sha256 for file, receipt in raw_files if file.exists()}
    if not hashes:
        return set()
    rows = f"read_parquet([{', '.join(map(literal, hashes))}], filename = true, union_by_name = true)"
    with duckdb.connect() as connection:
        held = f"SELECT DISTINCT filename FROM {rows} WHERE {identifier(area_column)} IN ({codes})"
        return {hashes[name] for (name,) in connection.execute(held).fetchall()}
