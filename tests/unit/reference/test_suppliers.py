"""The supplier that a file's name tells is one whose home area is known: else every row of it would be left out."""

import pytest

from sources.contract.load import Contract, load_contracts
from tests.seeds import seed_rows

DOCUMENTS = [document for contract in load_contracts().values() for document in contract.documents]


def known_suppliers() -> set[tuple[str, str]]:
    known = {(row["agency"], row["supplier"]) for row in seed_rows("suppliers")}
    return known | {("police", row["supplier"]) for row in seed_rows("police_forces")}


@pytest.mark.parametrize("document", DOCUMENTS, ids=[document.document_id for document in DOCUMENTS])
def test_the_supplier_of_the_example_is_known(document: Contract) -> None:
    named = document.file_name_pattern.fullmatch(document.file_name_example)
    assert named
    supplier = named.groupdict().get("supplier") or document.supplier
    assert (document.key.split("/")[0], supplier) in known_suppliers()
