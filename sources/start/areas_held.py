"""Which deliveries, taken in or still to come, tell of a district."""

import re
from collections.abc import Collection, Iterable
from pathlib import Path

import duckdb

from sources.folder.data_folder import DataFolder
from sources.folder.sql_text import identifier, literal
from sources.ledger.receipts import Receipt
from sources.start.area_page import codes_within
from sources.start.districts import District

_DISTRICT_OR_LSOA = re.compile(rb"(?<![A-Za-z0-9])(?:E0[16789]|W0[16])[0-9]{6}(?![0-9])")
_ZIP_START = b"PK"


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


def names_others_alone(file: Path, district_codes: Collection[str]) -> bool:
    """Return whether a text names districts or LSOAs, and none of these districts or of what they were made of.

    False of a zip or workbook, and where a district is one that the product does not know: that is not looked up.
    """
    within = [codes_within(code) for code in district_codes]
    if not within or any(len(codes) == 1 for codes in within):
        return False
    ours = {code.encode() for codes in within for code in codes}
    found = False
    with file.open("rb") as lines:
        for line in lines:
            if not found and line.startswith(_ZIP_START):
                return False
            for code in _DISTRICT_OR_LSOA.findall(line):
                if code in ours:
                    return False
                found = True
    return found
