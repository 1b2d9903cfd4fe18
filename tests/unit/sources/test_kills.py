"""Whatever step of an operation its process is killed at, the next command ends as the undisturbed one does.

At every step with CSP_KILL_EVERY=1, which takes minutes; else at some.
"""

import dataclasses
import json
import logging
import os
import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from sources.contract.load import Contract
from sources.folder.data_folder import DataFolder
from sources.intake.rehash import rehash
from sources.ledger.acceptances import accept
from sources.ledger.unfinished import UnfinishedError, require_finished
from sources.ledger.withdrawals import withdraw
from sources.personal import link_key as keys
from tests.kills import lives_through

from .conftest import NAME, Drop, file_of, row, sound_rows
from .test_crashes import fill
from .test_keyed_hashes import KEY, OTHER_KEY, hashing
from .test_quarantine import BAD

MAY = "2021-05-leicestershire-street.csv"
EVERY = int(os.environ.get("CSP_KILL_EVERY", "17"))
TIMES = {"withdrawn_at", "accepted_at"}


def may() -> bytes:
    return file_of([row(2, month="2021-05", context="MM17")])


def taken_in(drop: Drop) -> None:
    drop.put(file_of([*sound_rows(), row(99, crime_type="Mischief", context="MM17")]))
    drop.put(may(), MAY)
    drop.take_in()


def corrected(drop: Drop) -> None:
    taken_in(drop)
    drop.put(file_of([row(n, month="2021-05") for n in range(2, 5)]), MAY)


def withdraw_march(drop: Drop) -> None:
    taken_in(drop)
    withdraw(drop.folder, NAME, "sent in error")


def accept_again(drop: Drop) -> None:
    if drop.receipts()[0].acceptance is None:
        accept(drop.folder, NAME, "not in error")
    drop.take_in()


def erase(drop: Drop) -> None:
    withdraw(drop.folder, "1", "to be deleted", erase=True)  # its name is erased too
    drop.take_in()


def hash_anew(drop: Drop) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(keys.KEY_VARIABLE, OTHER_KEY)
        rehash(drop.folder, drop.said.append, {drop.contract.key: drop.contract})


def personal(drop: Drop) -> None:
    taken_in(drop)
    drop.put(BAD, "2021-03-leicestershire-street.csv")


Operation = Callable[[Drop], object]
OPERATIONS: dict[str, tuple[Operation, Operation, int]] = {  # with what stands before it, and how many steps at least
    "intake": (fill, Drop.take_in, 60),
    "correction": (corrected, Drop.take_in, 10),
    "withdrawal": (taken_in, lambda drop: withdraw(drop.folder, NAME, "sent in error"), 3),
    "taken back": (withdraw_march, accept_again, 15),
    "erasure": (taken_in, erase, 15),
    "quarantine": (personal, Drop.take_in, 10),
    "rehash": (taken_in, hash_anew, 20),
}


def state(drop: Drop) -> dict[str, object]:
    """Return everything that may not depend on when a process died."""
    said = [
        {name: value for name, value in json.loads(line).items() if name not in TIMES}
        for file in (drop.folder.withdrawals, drop.folder.acceptances)
        if file.exists()
        for line in file.read_text().splitlines()
    ]
    key = drop.folder.link_key_fingerprint
    state = drop.state()
    # Noted twice is noted once, and what has left landing need not be noted.
    done_with = {tuple(line.items()) for line in state["seen"] if (drop.folder.landing / line["path"]).exists()}
    return {**state, "seen": done_with, "said": said, "key": key.read_text() if key.exists() else None}


def require_whole_or_told(drop: Drop) -> None:
    """See that either all rows stand under one key, the one that is noted, or a note keeps everybody out."""
    try:
        require_finished(drop.folder)
    except UnfinishedError:
        return
    key = (
        OTHER_KEY
        if drop.folder.link_key_fingerprint.read_text().strip() == keys.fingerprint_of(OTHER_KEY.encode())
        else KEY
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(keys.KEY_VARIABLE, key)
        rows = drop.raw(order="ALL")
        rehash(drop.folder, drop.said.append, {drop.contract.key: drop.contract})
        assert drop.raw(order="ALL") == rows


@pytest.mark.parametrize("name", OPERATIONS)
def test_killed_at_each_step(name: str, tmp_path: Path, contract: Contract, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(keys.KEY_VARIABLE, KEY)
    before, operation, fewest = OPERATIONS[name]

    def drop_in(folder: str) -> Drop:
        agreed = dataclasses.replace(hashing(contract, "context"), licence="Shared under a protocol")
        return Drop(DataFolder(tmp_path / folder), agreed)

    template, undisturbed = drop_in("template"), drop_in("undisturbed")
    before(template)
    shutil.copytree(template.folder.root, undisturbed.folder.root)
    operation(undisturbed)
    for step in count(1, EVERY):
        drop = drop_in("killed")
        shutil.rmtree(drop.folder.root, ignore_errors=True)
        shutil.copytree(template.folder.root, drop.folder.root)
        if lives_through(step, lambda drop=drop: operation(drop), drop.folder.root):
            break
        if name == "rehash":
            require_whole_or_told(drop)
        operation(drop)
        if name != "rehash":
            drop.take_in()
        assert state(drop) == state(undisturbed), f"killed at step {step}"
    logging.getLogger(__name__).info("%s: %d steps, killed at every %dth", name, step - 1, EVERY)
    assert step > fewest
