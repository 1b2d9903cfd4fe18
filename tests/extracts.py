"""Extracts written by hand: their headers are those of the contract."""

import csv
from collections.abc import Iterable, Mapping
from io import StringIO

from sources.contract.load import load_contracts


def headers(document: str) -> tuple[str, ...]:
    """Return the headers of a document of a contract, such as `fire/incidents.fdr`, in its order."""
    contract = load_contracts()[document.split(".", 1)[0]]
    own = next(one for one in contract.documents if one.document_id == document)
    return tuple(header for column in own.columns for header in column.headers)


def csv_text(columns: Iterable[str], rows: Iterable[Mapping[str, str]]) -> str:
    """Return a CSV file with these rows; a column that a row lacks is empty."""
    text = StringIO()
    writer = csv.DictWriter(text, list(columns), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
