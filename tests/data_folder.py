"""What every data folder of the tests goes through: deliveries are taken in, and a run is asked for."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from sources.contract.load import Contract, load_contracts
from sources.folder.data_folder import DataFolder
from sources.intake.take_in import take_in
from sources.ledger.for_models import write_for_models
from sources.ledger.receipts import Receipt
from sources.partnership.folder import PartnershipFolder, partnership_folder
from sources.partnership.for_models import write_partnership


def take_in_everything(root: Path, contracts: Mapping[str, Contract] | None = None) -> list[Receipt]:
    """Take in what lies in landing, feed by feed, with the real intake."""
    folder = DataFolder(root)
    return [
        receipt
        for contract in (contracts or load_contracts()).values()
        for receipt in take_in(contract, folder, lambda _: None, settle_seconds=0).receipts
    ]


def ask(
    root: Path,
    as_at: date,
    partnership: PartnershipFolder | None = None,
    contracts: Mapping[str, Contract] | None = None,
) -> None:
    """Write what the run is to compute and what ledger and partnership tell its models, as the night would."""
    write_for_models(DataFolder(root), contracts or load_contracts(), as_at)
    write_partnership(DataFolder(root), partnership or partnership_folder())
    (root / "run_inputs.json").write_text(json.dumps({"as_at": as_at.isoformat(), "fingerprint": "-"}))
