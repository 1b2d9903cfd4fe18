"""What the owner is told of files in quarantine, and what `csp quarantine` does with them."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from orchestration.checks.taken_in_whole import whole_check
from orchestration.cli.main import app
from sources.contract.load import load_contracts
from sources.folder.data_folder import DataFolder
from sources.ledger.receipts import Ledger
from tests.unit.sources.canaries import CANARY, with_column
from tests.unit.sources.conftest import Drop
from tests.unit.sources.feed_forms_offenders import MARAC


@pytest.fixture
def drop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Drop:
    monkeypatch.setenv("CSP_DATA_DIR", str(tmp_path / "data"))
    drop = Drop(DataFolder(tmp_path / "data"), MARAC.contract)
    for number, header in enumerate(["Surname", "D.O.B."]):
        drop.put(with_column(MARAC, header), f"{number}/{CANARY}\x1b[31m/{MARAC.name}")
    drop.take_in()
    return drop


def csp(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["quarantine", *arguments])
    return result.exit_code, result.output


def test_the_list_names_feed_receipt_and_end_and_cannot_steer_a_terminal(drop: Drop) -> None:
    code, said = csp()
    assert code == 0
    assert f"{MARAC.document}, receipt 1: " in said
    assert f"{MARAC.document}, receipt 2: " in said
    assert CANARY in said
    assert "\x1b" not in said
    assert "receipt 2" not in csp("1")[1]
    assert csp("9") == (2, "Nothing in quarantine belongs to receipt 9; `csp quarantine` lists what is there.\n")


def test_purge_removes_one_or_all(drop: Drop) -> None:
    assert csp("--purge", "1") == (0, f"{MARAC.document}, receipt 1: removed; the agency must delete its copies too\n")
    assert csp("--purge", "1")[0] == 2
    assert csp("--purge")[1].startswith(f"{MARAC.document}, receipt 2: removed")
    assert csp() == (0, "nothing is in quarantine\n")


def test_release_puts_back_and_wants_to_know_what(drop: Drop) -> None:
    assert csp("--release")[0] == 2
    assert csp("--release", "--purge", "1")[0] == 2
    code, said = csp("--release", "1")
    assert (code, "back in landing" in said, "\x1b" in said) == (0, True, False)
    assert [one.outcome for one in drop.take_in().receipts] == ["refused"]


def test_the_night_names_every_one_by_feed_and_receipt_and_nothing_that_was_sent(drop: Drop) -> None:
    contract = load_contracts()[MARAC.document]
    for header in ("Forename", "Name", "Address", "Tel"):
        drop.put(with_column(MARAC, header), f"{header}/{MARAC.name}")
    drop.take_in()
    receipts = Ledger(drop.folder).receipts()
    told = str(whole_check(contract, drop.folder.rejected, receipts, []).description)
    assert f"{MARAC.document}: in quarantine: receipts 1, 2, 3, 4, 5, 6; `csp quarantine` says until when." in told
    assert CANARY not in told
    assert MARAC.name not in told
    assert not any(CANARY in line for line in drop.said)
