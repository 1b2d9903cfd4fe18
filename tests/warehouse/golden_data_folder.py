"""The data folder of the golden files: all cases in one, as no two of them share feed, supplier and period."""

import shutil
from datetime import date
from pathlib import Path

from sources.contract.load import contracts_with
from sources.partnership.folder import SHIPPED, PartnershipFolder
from sources.reasons.reason import for_owner
from tests.data_folder import ask, take_in_everything

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
CASES = sorted(folder.name for folder in GOLDEN.iterdir() if folder.is_dir())


def golden_folder(root: Path, as_at: date) -> None:
    """Fill a data folder through the real intake, and ask for the figures of a day.

    The partnership is the shipped one with what cases have in `partnership/`: own feeds, and rows that count them.
    """
    partnership = PartnershipFolder(Path(shutil.copytree(SHIPPED, root / "golden_partnership")))
    for case in CASES:
        shutil.copytree(GOLDEN / case / "landing", root / "landing", dirs_exist_ok=True)
        if (own := GOLDEN / case / "partnership").is_dir():
            shutil.copytree(own, partnership.root, dirs_exist_ok=True)
    contracts = contracts_with(partnership)
    receipts = take_in_everything(root, contracts)
    assert len(receipts) == len([file for file in GOLDEN.glob("*/landing/**/*") if file.is_file()])
    assert {receipt.file_name: for_owner(receipt.reasons) for receipt in receipts if receipt.outcome == "refused"} == {}
    ask(root, as_at, partnership, contracts)
