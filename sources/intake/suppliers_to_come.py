"""Suppliers that contracts of one's own name, and whose area nobody has said: their rows would count for nothing."""

from collections.abc import Iterable, Iterator

from sources.contract.load import Contract
from sources.intake.file_name import read_file_name


def unknown_suppliers(contracts: Iterable[Contract], known: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield a sentence for each supplier, of a contract's property or example of a file name, that is not known.

    `known` are agency and supplier of all whose area is known.
    """
    listed = frozenset(known)
    for contract in contracts:
        supplier = contract.supplier or read_file_name(contract, contract.file_name_example).supplier
        if contract.counted_as and supplier and (contract.agency, supplier) not in listed:
            yield (
                f"{contract.key}: its supplier {supplier!r} is not in catalogue/suppliers.csv, so its rows count for "
                "nothing. Add a row of the supplier and the area that it answers for."
            )
