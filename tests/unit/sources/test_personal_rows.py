"""Personal data far below what the first look sees: however it is written, in sound rows and in damaged ones."""

import dataclasses
import random
import re
import sys
import unicodedata
from pathlib import Path

import duckdb
import pytest

from sources.contract.load import Contract
from sources.folder.data_folder import DataFolder
from sources.ledger.receipts import Receipt
from sources.personal.values import kind_in_text, may_be_in_text, may_be_in_text_sql
from sources.reading import engine
from sources.reasons.reason import for_owner

from .conftest import Drop
from .feed_forms import RECORDED_CRIME

ROWS = 900  # several times what the first look sees
HEADER = list(RECORDED_CRIME.sound)


def lines_of(rows: int = ROWS) -> list[str]:
    return [",".join(RECORDED_CRIME.row(n)) for n in range(1, rows + 1)]


def last_with(**changes: str) -> str:
    return ",".join(RECORDED_CRIME.row(ROWS + 1, **changes))


def take(folder: Path, last: str | bytes, contract: Contract = RECORDED_CRIME.contract) -> tuple[Drop, Receipt]:
    """Take in a file with a line below the sound ones."""
    drop = Drop(DataFolder(folder), contract)
    sound = "\n".join([",".join(HEADER), *lines_of()]).encode()
    ending = last if isinstance(last, bytes) else last.encode()
    return drop, drop.take(sound + b"\n" + ending + b"\n", RECORDED_CRIME.name)


WRITTEN = {
    "no-break space": "07700\u00a0900123",
    "en dash": "07700\u2013900123",
    "full-width digits": "".join(chr(ord(digit) + 0xFEE0) for digit in "07700900123"),
    "zero-width space": "07700\u200b900123",
    "full-width at": "zeb\uff20example.org",
    "NHS number": "943\u00a0476\u00a05919",
    "Arabic-Indic digits": "".join(chr(0x660 + int(digit)) for digit in "07700900123"),
    "mathematical digits": "".join(chr(0x1D7CE + int(digit)) for digit in "07700900123"),
    "tab": "07700\t900123",
    "line feed": '"07700\n900123"',
}


@pytest.mark.parametrize("written", WRITTEN)
def test_it_is_found_however_it_is_written(tmp_path: Path, written: str) -> None:
    _, receipt = take(tmp_path, last_with(Locality=WRITTEN[written]))
    assert [one.code for one in receipt.reasons] == ["personal_in_column", "personal_data_remedy"]


def as_written(text: str, chance: random.Random) -> str:
    """Return a text in other characters that look like its own, or like nothing."""
    digits = chance.choice([0x30, 0xFF10, 0x660, 0x966, 0x1D7CE, 0x1D7F6, 0x1FBF0])
    others = {
        " ": " \u00a0\u2003\u202f\u3000\t\n",
        "-": "-\u2010\u2013\u2212\ufe63",
        "@": "@\uff20\ufe6b",
        ".": ".\uff0e",
        "+": "+\uff0b",
    }
    letters = []
    for letter in text:
        if chance.random() < 0.1:
            letters.append(chance.choice("\u200b\u00ad\u2060\ufeff"))
        if letter.isdigit() and chance.random() < 0.9:
            letters.append(chr(digits + int(letter)))
        elif letter in others:
            letters.append(chance.choice(others[letter]))
        else:
            letters.append(chr(ord(letter) + 0xFEE0) if letter.isalpha() and chance.random() < 0.2 else letter)
    return "".join(letters)


def passing(texts: list[str]) -> set[str]:
    with duckdb.connect() as connection:
        sent = "SELECT unnest(?::VARCHAR[]) AS text"
        found = connection.execute(f"SELECT text FROM ({sent}) WHERE {may_be_in_text_sql('text')}", [texts])
        return {text for (text,) in found.fetchall()}


def test_whatever_python_finds_duckdb_hands_over() -> None:
    chance = random.Random(7)
    plain = [
        "07700 900123",
        "+44 7700 900123",
        "(01664) 502502",
        "0116.250.2502",
        "943 476 5919",
        "943-476-5919",
        "nhs no 9434765919",
        "zeb@example.org",
        "QQ 12 34 56 C",
        "LE13 1AB",
        "born 2 November 1974",
        "dob: 02/11/1974",
    ]
    around = ["{}", "ring {} now", "='{}'", "é{}", "caf\u00e9 {}.", "{}\u00e9"]
    texts = [as_written(chance.choice(around).format(one), chance) for one in plain for _ in range(300)]
    caught = {text for text in texts if kind_in_text(text)}
    assert len(caught) > len(texts) / 3
    assert {text for text in caught if not may_be_in_text(text)} == set()
    assert caught - passing(texts) == set()


def test_every_character_that_stands_for_a_digit_or_an_at_is_handed_over() -> None:
    letters = [chr(code) for code in range(0x80, sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]
    telling = [one for one in letters if re.search(r"[\d@]", unicodedata.normalize("NFKC", one))]
    assert len(telling) > 800
    assert set(telling) - passing(telling) == set()
    assert passing(["Ffordd Pîn", "Café\u00a0Royal", "High Street 12"]) == set()


RING = "ring 07700 900123 or zeb@example.org"
AWAY = RING.encode().replace(b" 9", b"\xa09")
DAMAGED: dict[str, str | bytes] = {
    "one value too few": last_with(Locality=RING).rpartition(",")[0],
    "one value too many": last_with(Locality=RING) + ",x",
    "an open quote": last_with(Locality=f'"{RING}'),
    "no-break spaces": last_with(Locality=RING.replace(" 9", "\u00a09")) + ",x",
    "bytes that are no UTF-8": last_with(Locality="caf\u00e9").encode().replace("\u00e9".encode(), b"\xe9" + AWAY),
    "a number alone": last_with(Locality='"07700 900123'),
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_row_is_looked_at_before_anything_is_kept(tmp_path: Path, damage: str) -> None:
    drop, receipt = take(tmp_path, DAMAGED[damage])
    assert receipt.carries_personal_data, for_owner(receipt.reasons)
    assert receipt.reasons[0].told["where"] == "damaged rows"
    for file in tmp_path.rglob("*"):
        if file.is_file() and file.parent != drop.folder.quarantine:
            assert b"900123" not in file.read_bytes(), file


@pytest.mark.parametrize(
    "harmless",
    [last_with().rpartition(",")[0], last_with() + ",x", last_with(Locality='"Town'), last_with().encode() + b"\xe9"],
    ids=["one value too few", "one value too many", "an open quote", "bytes that are no UTF-8"],
)
def test_a_damaged_row_with_nothing_personal_is_rejected_alone(tmp_path: Path, harmless: str | bytes) -> None:
    _, receipt = take(tmp_path, harmless)
    assert (receipt.outcome, receipt.rows_rejected) == ("partly_accepted", 1), for_owner(receipt.reasons)


def test_what_is_agreed_as_it_is_is_no_matter_in_a_damaged_row(tmp_path: Path) -> None:
    contract = RECORDED_CRIME.contract
    columns = tuple(
        dataclasses.replace(column, is_free_text=False, is_agreed_text=True) if column.name == "locality" else column
        for column in contract.columns
    )
    _, receipt = take(tmp_path, last_with(Locality=RING) + ",x", dataclasses.replace(contract, columns=columns))
    assert (receipt.outcome, receipt.rows_rejected) == ("partly_accepted", 1), for_owner(receipt.reasons)
    # A crime number of such digits is one, though it may be of the column beside it.
    _, receipt = take(tmp_path / "number", last_with(**{"Crime No": "01664502502"}) + ",x")
    assert (receipt.outcome, receipt.rows_rejected) == ("partly_accepted", 1), for_owner(receipt.reasons)


def test_texts_that_are_all_different_take_no_more_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "MEMORY_LIMIT", "60MB")
    texts = ["Offence", "Locality", "Premises Type", "Outcome", "No Crime Reason", "Transferred To"]
    rows = 30_000
    padding = "of many words that nobody else writes " * 3
    lines = [
        ",".join(RECORDED_CRIME.row(n, **{one: f"{one} {padding}{n}" for one in texts})) for n in range(1, rows + 1)
    ]
    last = ",".join(RECORDED_CRIME.row(rows + 1, Locality=f"{padding} 01664 502502"))
    content = "\n".join([",".join(HEADER), *lines, last, ""]).encode()
    receipt = Drop(DataFolder(tmp_path), RECORDED_CRIME.contract).take(content, RECORDED_CRIME.name)
    assert receipt.carries_personal_data, for_owner(receipt.reasons)
