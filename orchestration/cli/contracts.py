"""`csp contracts`, `csp rehash`: contracts, and the key under which identifiers are hashed as they say."""

from typing import TYPE_CHECKING

from orchestration.cli.console import data_folder, failing_on, say

if TYPE_CHECKING:
    from sources.contract.load import Contract


def known_contracts() -> "dict[str, Contract]":
    """Return the contract of each feed; the first mistake in one ends the command."""
    from sources.contract.load import ContractError, load_contracts

    with failing_on(ContractError):
        return load_contracts()


def contracts() -> None:
    """Check every contract, and list the feeds with cadence, version and an example of a file name.

    The first mistake found is named with file, key and remedy.
    """
    for contract in known_contracts().values():
        for document in contract.documents:
            say(f"{document.document_id}  {document.version}  {document.cadence}  {document.file_name_example}")


def rehash() -> None:
    """Hash the identifiers of all deliveries anew, from the archive, after the link key was changed.

    Then run `csp nightly --rebuild`. A run that dies on the way is repeated; until then nothing is taken in.
    """
    from orchestration.writer_lock import WarehouseBusyError, writer_lock
    from sources.intake.rehash import RehashError, rehash
    from sources.personal.link_key import LinkKeyError

    folder = data_folder()
    known = known_contracts()
    with failing_on(LinkKeyError, RehashError, WarehouseBusyError), writer_lock(folder):
        written = rehash(folder, say, known)
    say(f"{written} deliveries hashed anew; now run `csp nightly --rebuild`")
