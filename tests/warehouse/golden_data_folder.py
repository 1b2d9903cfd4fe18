"""The data folder of the golden files: all cases in one, as no two of them share feed, supplier and period."""

import json
import shutil
from datetime import date
from pathlib import Path

from sources.contract.load import load_contracts
from sources.folder.data_folder import DataFolder
from sources.intake.take_in import take_in
from sources.ledger.for_models import write_for_models

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
CASES = sorted(folder.name for folder in GOLDEN.iterdir() if folder.is_dir())
AS_AT = date(2011, 6, 30)


def golden_folder(root: Path) -> Path:
    """Fill a data folder through the real intake."""
    for case in CASES:
        shutil.copytree(GOLDEN / case / "landing", root / "landing", dirs_exist_ok=True)
    folder = DataFolder(root)
    receipts = [
        receipt
        for contract in load_contracts().values()
        for receipt in take_in(contract, folder, lambda _: None, settle_seconds=0).receipts
    ]
    assert len(receipts) == len([file for file in GOLDEN.glob("*/landing/**/*") if file.is_file()])
    assert {receipt.file_name: receipt.reasons for receipt in receipts if receipt.outcome == "refused"} == {}
    write_for_models(folder, load_contracts(), AS_AT)
    root.joinpath("run_inputs.json").write_text(json.dumps({"as_at": AS_AT.isoformat(), "fingerprint": "-"}))
    return root
