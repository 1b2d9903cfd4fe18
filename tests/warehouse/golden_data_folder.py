"""The data folder of the golden files: all cases in one, as no two of them share feed, supplier and period."""

import shutil
from pathlib import Path

from sources.reasons.reason import for_owner
from tests.data_folder import take_in_everything

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
CASES = sorted(folder.name for folder in GOLDEN.iterdir() if folder.is_dir())


def golden_folder(root: Path) -> None:
    """Fill a data folder through the real intake."""
    for case in CASES:
        shutil.copytree(GOLDEN / case / "landing", root / "landing", dirs_exist_ok=True)
    receipts = take_in_everything(root)
    assert len(receipts) == len([file for file in GOLDEN.glob("*/landing/**/*") if file.is_file()])
    assert {receipt.file_name: for_owner(receipt.reasons) for receipt in receipts if receipt.outcome == "refused"} == {}
