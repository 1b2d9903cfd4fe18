"""Contracts as an earlier process read them count only for the same documents, and are read anew where damaged."""

import sys
from pathlib import Path

import pytest

from sources.contract import compiled as compiled_module
from sources.contract.compiled import compiled
from sources.contract.load import CONTRACTS_FOLDER, ContractError, load_contract
from sources.contract.model import Contract

FEED = CONTRACTS_FOLDER / "ons" / "population.odcs.yaml"


@pytest.fixture(autouse=True)
def bytecode_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)


class Readings:
    """The documents that were read, and what of."""

    def __init__(self, document: Path) -> None:
        self.document = document
        self.number = 0

    def __call__(self) -> list[Contract]:
        self.number += 1
        return [load_contract(self.document)]


def test_the_same_documents_are_read_once(tmp_path: Path) -> None:
    kept, read = tmp_path / "kept", Readings(FEED)
    first, again = (compiled([FEED], read, kept) for _ in range(2))
    assert read.number == 1
    assert first == again == [load_contract(FEED)]


def test_a_document_that_changed_is_read_again(tmp_path: Path) -> None:
    document = tmp_path / "ons" / FEED.name
    document.parent.mkdir()
    text = FEED.read_text(encoding="utf-8")
    document.write_text(text, encoding="utf-8")
    kept, read = tmp_path / "kept", Readings(document)
    [before] = compiled([document], read, kept)
    document.write_text(text.replace(f"version: {before.version}", "version: 9.9.9", 1), encoding="utf-8")
    [after] = compiled([document], read, kept)
    assert (read.number, after.version) == (2, "9.9.9")


def test_documents_are_read_again_where_the_code_that_reads_them_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = tmp_path / "room" / "rules.py"
    code.parent.mkdir()
    monkeypatch.setattr(compiled_module, "_ROOMS", [code.parent])
    kept, read = tmp_path / "kept", Readings(FEED)
    for text in ("LONGEST = 1", "LONGEST = 2"):
        code.write_text(text, encoding="utf-8")
        compiled([FEED], read, kept)
    assert read.number == 2


@pytest.mark.parametrize("is_link", [True, False])
def test_what_is_no_file_is_a_mistake_in_a_contract(tmp_path: Path, is_link: bool) -> None:
    document = tmp_path / "ons" / FEED.name
    document.parent.mkdir()
    if is_link:
        document.symlink_to(tmp_path / "nowhere")
    else:
        document.mkdir()
    with pytest.raises(ContractError, match=r"population\.odcs\.yaml"):
        compiled([document], Readings(document), tmp_path / "kept")
    assert not (tmp_path / "kept").exists()


@pytest.mark.parametrize("damage", [b"", b"no pickle", b"\x80\x04N."])
def test_what_is_damaged_is_read_anew_and_mended(tmp_path: Path, damage: bytes) -> None:
    kept, read = tmp_path / "kept", Readings(FEED)
    kept.write_bytes(damage)
    for _ in range(2):
        assert compiled([FEED], read, kept) == [load_contract(FEED)]
    assert read.number == 1


def test_nothing_is_kept_where_python_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    compiled([FEED], Readings(FEED), tmp_path / "kept")
    assert not any(tmp_path.iterdir())
