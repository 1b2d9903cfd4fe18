"""Identifiers that are needed for linking become keyed hashes at intake, and are kept nowhere but in the archive."""

import dataclasses
import hashlib
import hmac
import secrets
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from sources.contract.load import Contract
from sources.folder.data_folder import DataFolder
from sources.intake import rehash as rehashing
from sources.intake.rehash import RehashError, rehash
from sources.intake.take_in import IntakeFailed
from sources.ledger.unfinished import UnfinishedError, require_finished
from sources.ledger.withdrawals import withdraw
from sources.personal import link_key as keys
from sources.personal.keyed_hash import hashed_sql, variables_sql
from sources.personal.link_key import LinkKeyError, link_key
from sources.reading.rows import read_rows
from sources.reasons.reason import for_owner

from .conftest import NAME, Drop, file_of, row, sound_rows

KEY, OTHER_KEY = (hashlib.sha256(name).hexdigest() for name in (b"a key", b"another key"))
NAMESPACE = "it's"


def hashing(contract: Contract, *names: str, namespace: str = "person") -> Contract:
    columns = tuple(
        dataclasses.replace(column, hash_namespace=namespace if column.name in names else None)
        for column in contract.columns
    )
    return dataclasses.replace(contract, columns=columns)


@pytest.fixture
def drop(tmp_path: Path, contract: Contract, monkeypatch: pytest.MonkeyPatch) -> Drop:
    monkeypatch.setenv(keys.KEY_VARIABLE, KEY)
    return Drop(DataFolder(tmp_path / "data"), hashing(contract, "context"))


def expected(value: str, namespace: str = "person", key: str = KEY) -> str:
    return hmac.new(key.encode(), f"{namespace}\n{value}".encode(), hashlib.sha256).hexdigest()


@pytest.mark.parametrize("key", [b"k", bytes(range(200, 232)), bytes(64), b"x" * 65, b"y" * 200])
@pytest.mark.parametrize("value", ["", "a", "M123/4", "it's", "ÜNÏ — 名前", "x" * 1000])
def test_it_is_the_hmac_that_python_computes(key: bytes, value: str) -> None:
    with duckdb.connect() as connection:
        connection.execute(variables_sql(key))
        ((found,),) = connection.execute(
            f"SELECT {hashed_sql('v', NAMESPACE)} FROM (VALUES (?)) t(v)", [value]
        ).fetchall()
        assert connection.execute(f"SELECT {hashed_sql('NULL::VARCHAR', 'x')}").fetchall() == [(None,)]
    assert found == hmac.new(key, f"{NAMESPACE}\n{value.lower()}".encode(), hashlib.sha256).hexdigest()


def test_equal_values_have_equal_hashes_and_blank_ones_none(drop: Drop) -> None:
    values = ["MM 17", " mm 17\t", "Mm 17", "MM17", "", "  "]
    receipt = drop.take(file_of([row(n, context=value) for n, value in enumerate(values, 2)]))
    assert receipt.outcome == "accepted", for_owner(receipt.reasons)
    found = [value for (value,) in drop.raw("context")]
    assert found == [expected("mm 17")] * 3 + [expected("mm17"), None, None]


def test_a_namespace_links_columns_and_feeds_and_nothing_else_does(
    drops: Callable[[], Drop], contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(keys.KEY_VARIABLE, KEY)
    found = []
    for column, namespace in (("context", "person"), ("location", "person"), ("context", "case")):
        drop = drops()
        drop.contract = hashing(contract, column, namespace=namespace)
        drop.take(file_of([row(2, **{column: "MM17"})]))
        found += drop.raw(column)
    assert found == [(expected("mm17"),), (expected("mm17"),), (expected("mm17", "case"),)]
    assert found[1] != found[2]


def test_the_same_bytes_and_key_give_the_same_raw_file(drop: Drop, tmp_path: Path) -> None:
    other = Drop(DataFolder(tmp_path / "other"), drop.contract)
    content = file_of([row(n, context=f"P{n % 7}") for n in range(2, 42)])
    for one in (drop, other):
        one.take(content)
    assert drop.raw(order="ALL") == other.raw(order="ALL")


def test_rows_that_repeat_an_identifier_are_found(drop: Drop, contract: Contract) -> None:
    drop.contract = hashing(contract, "crime_id")
    receipt = drop.take(file_of([*sound_rows(), row(2)]))
    assert receipt.rejected_by_rule == {"crime_id_repeated": 1}
    assert drop.rejected("rule, value") == [("crime_id_repeated", None)]


def test_no_rejected_row_shows_it(drop: Drop, contract: Contract) -> None:
    drop.contract = hashing(contract, "lsoa_code", "context")
    secret = "Zebedee17"
    broken = [
        row(97, lsoa_code=secret),
        row(98, crime_type="Mischief", context=secret),
        row(99, context=secret) + ",more",
        row(100, location=f'"{secret}', context=secret),
    ]
    receipt = drop.take(file_of([*(row(n, context=secret) for n in range(2, 200)), *broken]))
    assert receipt.rows_rejected == 4
    records = drop.rejected("rule, value, record")
    assert records[0] == ("lsoa_code_pattern", None, row(97, lsoa_code="(hidden)", context="(hidden)"))
    assert [record for _, _, record in records[2:]] == ["(hidden)", "(hidden)"]
    kept = [file for file in drop.folder.root.rglob("*") if file.is_file() and secret.encode() in file.read_bytes()]
    assert sorted(kept) == sorted([drop.landing / NAME, drop.folder.archived(receipt.file_sha256)])
    assert not any(secret in line or KEY in line for line in drop.said)


def test_the_key_is_nowhere_but_in_its_file(
    tmp_path: Path, contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(keys.KEY_VARIABLE, raising=False)
    drop = Drop(DataFolder(tmp_path / "data"), hashing(contract, "context"))
    assert not drop.folder.link_key.exists()
    drop.take(file_of([row(2, context="MM17")]))
    file = drop.folder.link_key
    key = file.read_text().strip()
    assert len(key) == 64
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert drop.raw("context") == [(expected("mm17", key=key),)]
    holding = [one for one in drop.folder.root.rglob("*") if one.is_file() and key.encode() in one.read_bytes()]
    assert holding == [file]


def test_a_feed_without_hashes_needs_no_key(
    tmp_path: Path, contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(keys.KEY_VARIABLE, "short")
    drop = Drop(DataFolder(tmp_path / "data"), contract)
    assert drop.take(file_of(sound_rows())).outcome == "accepted"
    assert not drop.folder.link_key_fingerprint.exists()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataFolder:
    for name in (keys.KEY_VARIABLE, keys.FILE_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    return DataFolder(tmp_path / "data")


def test_a_key_that_others_can_read_is_refused(folder: DataFolder) -> None:
    link_key(folder)
    folder.link_key.chmod(0o640)
    with pytest.raises(LinkKeyError, match=r"can be read by others \(mode 0640\). Run: chmod 600"):
        link_key(folder)


def test_a_short_key_is_refused(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(keys.KEY_VARIABLE, "secret")
    with pytest.raises(LinkKeyError, match="fewer than 32 characters") as raised:
        link_key(folder)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    "key",
    [
        "a" * 40,
        "0" * 63 + "1",
        "password123" * 3,
        "P@ssw0rd!" * 4,
        "deadbeef" * 8,
        "0123456789abcdef" * 4,
        "abcdefghijklmnopqrstuvwxyz0123456789",
        "qwertyuiopasdfghjklzxcvbnm123456",
        "correcthorsebatterystaple12345678",
        "CommunitySafetyPartnership2026!!",
        "melton-mowbray-community-safety-key",
        "x" * 100,
    ],
)
def test_a_key_that_can_be_guessed_is_refused(folder: DataFolder, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv(keys.KEY_VARIABLE, key)
    with pytest.raises(LinkKeyError, match=r"can be guessed\. `openssl rand -hex 32` makes one") as raised:
        link_key(folder)
    assert key not in str(raised.value)
    assert not folder.link_key_fingerprint.exists()


@pytest.mark.parametrize("make", [lambda: secrets.token_hex(16), lambda: secrets.token_hex(64), secrets.token_urlsafe])
def test_a_random_key_is_taken(folder: DataFolder, monkeypatch: pytest.MonkeyPatch, make: Callable[[], str]) -> None:
    for _ in range(10):
        key = make()
        monkeypatch.setenv(keys.KEY_VARIABLE, key)
        assert keys.read_key(folder) == key.encode()


def test_a_key_file_that_is_named_must_be_there(
    folder: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = tmp_path / "elsewhere.key"
    monkeypatch.setenv(keys.FILE_VARIABLE, str(named))
    with pytest.raises(LinkKeyError, match="does not exist"):
        link_key(folder)
    named.write_text(KEY + "\n")
    named.chmod(0o600)
    assert link_key(folder) == KEY.encode()


def test_a_lost_or_other_key_stops_intake_instead_of_breaking_links(
    drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop.take(file_of([row(2, context="MM17")]))
    drop.put(file_of([row(3, context="MM17")]))
    monkeypatch.setenv(keys.KEY_VARIABLE, OTHER_KEY)
    with pytest.raises(IntakeFailed, match="another one than that under which this data folder was filled"):
        drop.take_in()
    monkeypatch.delenv(keys.KEY_VARIABLE)
    with pytest.raises(IntakeFailed, match="The link key is missing"):
        drop.take_in()
    monkeypatch.setenv(keys.KEY_VARIABLE, KEY)
    assert [receipt.outcome for receipt in drop.take_in().receipts] == ["accepted"]


def test_a_new_key_hashes_everything_anew_from_the_archive(
    drop: Drop, contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = file_of([*(row(n, context="MM17") for n in range(2, 42)), row(99, crime_type="Mischief")])
    drop.take(content)
    drop.take(file_of([row(2, month="2021-05", context="MM17")]), "2021-05-leicestershire-street.csv")
    before = drop.state()
    new = OTHER_KEY
    monkeypatch.setenv(keys.KEY_VARIABLE, new)
    contracts = {contract.key: drop.contract}
    assert rehash(drop.folder, drop.said.append, contracts) == 2
    assert set(drop.raw("context")) == {(expected("mm17", key=new),)}
    after = drop.state()
    assert (before.pop("raw"), after.pop("raw")) != (None, None)
    assert after == before
    assert drop.take(file_of([row(n, context="MM17") for n in range(2, 42)])).outcome == "accepted"


def test_hashing_anew_stops_where_the_rows_are_not_those_of_the_receipt(
    drop: Drop, contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop.take(file_of([row(2, month="2021-03", context="MM17")]), "2021-03-leicestershire-street.csv")
    drop.take(file_of([*sound_rows(), row(99, crime_type="Mischief")]))
    monkeypatch.setenv(keys.KEY_VARIABLE, OTHER_KEY)
    rules = tuple(rule for rule in drop.contract.row_rules if rule.name != "crime_type_known")
    changed = dataclasses.replace(drop.contract, row_rules=rules)
    before = drop.state()
    with pytest.raises(RehashError, match="accepts 41 rows, not 40 as then"):
        rehash(drop.folder, drop.said.append, {contract.key: changed})
    assert drop.state() == before, "nothing of any delivery has changed, and the old key can be used again"
    with pytest.raises(LinkKeyError, match="csp rehash"):
        link_key(drop.folder)


def test_hashing_anew_passes_over_what_was_erased(
    drop: Drop, contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop.take(file_of([row(2, context="MM17")]))
    drop.take(file_of([row(2, month="2021-05", context="MM17")]), "2021-05-leicestershire-street.csv")
    withdraw(drop.folder, NAME, "to be deleted", erase=True)
    monkeypatch.setenv(keys.KEY_VARIABLE, OTHER_KEY)
    assert rehash(drop.folder, drop.said.append, {contract.key: drop.contract}) == 1


def test_a_rehash_that_died_is_told_until_it_is_done(
    drop: Drop, contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    for month in ("04", "05"):
        drop.take(file_of([row(2, month=f"2021-{month}", context="MM17")]), f"2021-{month}-leicestershire-street.csv")
    require_finished(drop.folder)
    monkeypatch.setenv(keys.KEY_VARIABLE, OTHER_KEY)
    contracts = {contract.key: drop.contract}

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(rehashing, "note_key", die)
    with pytest.raises(KeyboardInterrupt):
        rehash(drop.folder, drop.said.append, contracts)
    monkeypatch.setattr(rehashing, "note_key", keys.note_key)
    with pytest.raises(UnfinishedError, match=r"`csp rehash`, begun 20.* run `csp rehash` again"):
        require_finished(drop.folder)

    def fail(*_: object) -> None:
        raise OSError("disk on fire")

    monkeypatch.setattr(rehashing, "read_rows", fail)
    with pytest.raises(OSError, match="disk on fire"):
        rehash(drop.folder, drop.said.append, contracts)
    with pytest.raises(UnfinishedError):
        require_finished(drop.folder)
    monkeypatch.setattr(rehashing, "read_rows", read_rows)
    drop.folder.unfinished.write_bytes(b"\xff")
    with pytest.raises(UnfinishedError, match="run `csp rehash` again"):
        require_finished(drop.folder)
    assert rehash(drop.folder, drop.said.append, contracts) == 2
    require_finished(drop.folder)
    assert not drop.folder.rehash_work.exists()


def test_an_erasure_leaves_nothing_of_a_rehash_that_died(
    drop: Drop, contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop.take(file_of([row(2, context="MM17")]))
    drop.folder.rehash_work.mkdir()
    (drop.folder.rehash_work / "rows.parquet").touch()
    withdraw(drop.folder, NAME, "to be deleted", erase=True)
    assert not drop.folder.rehash_work.exists()
