"""Contracts: what an agency agreed to send, read from ODCS v3.1 documents into one frozen type.

A contract is `contracts/<agency>/<feed>.odcs.yaml`, and a variant of it `<feed>.<variant>.odcs.yaml` beside it or in
`contracts/` of the partnership's folder. A mistake in one is a `ContractError` that names the file, the key and the
remedy; nothing is taken in under a contract that does not load.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from sources.contract.compiled import compiled
from sources.contract.counted_as import NAME as COUNTED_AS
from sources.contract.document import SUFFIX
from sources.contract.errors import ContractError, Mistake
from sources.contract.model import Column, Contract
from sources.partnership.folder import FolderError, PartnershipFolder, partnership_folder

__all__ = ["CONTRACTS_FOLDER", "Column", "Contract", "ContractError", "load_contract", "load_contracts"]

CONTRACTS_FOLDER = Path(__file__).parents[1] / "contracts"


def load_contracts(folder: Path | None = None) -> dict[str, Contract]:
    """Return the contract of every feed by its key, variants within, in the order of the keys; read once a process.

    They are the shipped ones with the partnership's own, or those of a folder.

    Raises:
        ContractError: a document is wrong, or the documents of a feed contradict each other.
    """
    if folder:
        return {contract.key: contract for contract in _load_once(folder, None)}
    try:
        return contracts_with(partnership_folder())
    except FolderError as error:
        raise ContractError(str(error)) from error


def contracts_with(partnership: PartnershipFolder) -> dict[str, Contract]:
    """Return the contract of every feed by its key: the shipped ones with a partnership's own feeds and variants.

    Raises:
        ContractError: a document is wrong, or the documents of a feed contradict each other.
    """
    return {contract.key: contract for contract in _load_once(CONTRACTS_FOLDER, partnership.root / "contracts")}


@cache
def _load_once(folder: Path, own: Path | None) -> tuple[Contract, ...]:
    feeds: dict[str, list[tuple[Path, Contract]]] = {}
    for file, document in _shipped() if folder == CONTRACTS_FOLDER else _read(_documents(folder)):
        feeds.setdefault(document.key, []).append((file, document))
    _require_documents(own)
    shipped = tuple(feeds)
    for file, document in _read(_documents(own)) if own else []:
        _require_readable(shipped, file, document)
        _require_new_name(feeds.get(document.key, []), file, document)
        feeds.setdefault(document.key, []).append((file, document))
    return _side_by_side([_feed(documents) for documents in feeds.values()])


def _shipped() -> list[tuple[Path, Contract]]:
    files = _documents(CONTRACTS_FOLDER)
    return list(zip(files, compiled(files, lambda: [load_contract(file) for file in files]), strict=True))


def _read(files: Iterable[Path]) -> Iterator[tuple[Path, Contract]]:
    return ((file, load_contract(file)) for file in files)


def _documents(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"*/*{SUFFIX}"), key=lambda file: (file.parent, file.name.split(".")))


def _require_documents(own: Path | None) -> None:
    """Raise where a file among a partnership's own contracts would be passed over for its name or place."""
    read = _documents(own) if own else []
    for file in sorted(own.rglob("*.y*ml")) if own else []:
        if file not in read:
            raise ContractError(f"{file}: is no contract by its name. Name it <agency>/<feed>.<variant>{SUFFIX}.")


def _require_readable(shipped: Collection[str], file: Path, document: Contract) -> None:
    """Raise unless a model reads the rows of a partnership's own document."""
    if document.key in shipped:
        if document.counted_as:
            raise ContractError(
                f"{file}: {COUNTED_AS}: the product has a model for {document.key}, which says how its rows count. "
                "Take the property out."
            )
    elif document.variant is None and document.counted_as is None:
        raise ContractError(
            f"{file}: {COUNTED_AS}: is missing, so nothing says how the rows of {document.key} count. Add it "
            f"(docs/contracts.md); or, if this is a form of a shipped feed ({', '.join(shipped)}), name it "
            f"<feed>.<variant>{SUFFIX}."
        )


def _require_new_name(others: Sequence[tuple[Path, Contract]], file: Path, document: Contract) -> None:
    """Raise where a partnership's own document has the name of a shipped one."""
    if document.document_id in {one.document_id for _, one in others}:
        raise ContractError(
            f"{file}: id: {document.document_id} is a contract that the product ships. Give yours a variant's name: "
            f"{document.feed}.<variant>{SUFFIX}."
        )


def load_contract(file: Path) -> Contract:
    """Return the contract of one document, whose folder names the agency and whose file name the feed and variant.

    Raises:
        ContractError: the document is wrong.
    """
    # The library of ODCS is slow to import, and most processes find the contracts as they were read before.
    from sources.contract.odcs import contract_in  # noqa: PLC0415

    try:
        return contract_in(file)
    except Mistake as mistake:
        raise ContractError(f"{file}: {mistake}") from mistake


def _side_by_side(contracts: Sequence[Contract]) -> tuple[Contract, ...]:
    """Return the contracts, each with the file names of the other open feeds of its owner."""
    return tuple(
        replace(
            contract,
            names_beside=tuple(
                document.file_name_pattern
                for other in contracts
                if other.key != contract.key and other.owner == contract.owner and other.is_open_data
                for document in other.documents
            ),
        )
        for contract in contracts
    )


def _feed(documents: Sequence[tuple[Path, Contract]]) -> Contract:
    """Return the base document with the variants in it."""
    bases = [document for _, document in documents if document.variant is None]
    if not bases:
        file, variant = documents[0]
        base_name = f"{variant.feed}{SUFFIX}"
        raise ContractError(f"{file}: id: is a variant of {variant.key}, which has no contract. Add {base_name}.")
    _require_counted_columns(documents, bases[0])
    types = {column.name: column.logical_type for column in bases[0].columns}
    for file, document in documents:
        if document.months_per_period != bases[0].months_per_period:
            raise ContractError(
                f"{file}: slaProperties.frequency: is {document.cadence}; {bases[0].key} is {bases[0].cadence}. "
                "Give both the same, or make it a feed of its own."
            )
        for column in document.columns:
            if types.setdefault(column.name, column.logical_type) != column.logical_type:
                raise ContractError(
                    f"{file}: schema.properties.{column.name}.logicalType: is {column.logical_type}, and "
                    f"{types[column.name]} in another document of the feed. Give it the same type, or another name."
                )
        for _, other in documents:
            if other is not document and other.file_name_pattern.fullmatch(document.file_name_example):
                raise ContractError(
                    f"{file}: fileNameExample: fits the fileNamePattern of {other.document_id} too. "
                    "A file name must tell which document it is under: narrow one of the patterns."
                )
    return replace(bases[0], variants=tuple(document for _, document in documents if document.variant))


def _require_counted_columns(documents: Sequence[tuple[Path, Contract]], base: Contract) -> None:
    """Raise where a variant of an own feed lacks a column by which its rows count, or says itself how they do."""
    if base.counted_as is None:
        return
    for file, document in documents:
        missing = set(base.counted_as.columns) - {column.name for column in document.columns}
        if missing:
            raise ContractError(
                f"{file}: schema.properties: lacks {min(missing)}, by which the rows of {base.key} count. Add it."
            )
        if document.variant and document.counted_as:
            raise ContractError(f"{file}: {COUNTED_AS}: {base.key} says it for all its forms. Take it out.")
