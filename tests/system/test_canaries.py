"""Nothing that a sender wrote is published or stands in Dagster's log, and an erasure takes it all away."""

import gzip
import zipfile
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from sources.folder.data_folder import DataFolder
from sources.folder.sql_text import identifier, literal
from sources.ledger.receipts import Ledger
from sources.ledger.withdrawals import withdraw
from tests.built_once import built_once
from tests.csp import Installation
from tests.dbt_parse import give_parse

from .canaries import Canary, send

# Of feeds that are not of people, the terminal names a supplier whom nobody knows.
NAMED_TO_THE_OWNER = {"supplier in the file name, accepted"}


def texts_of(file: Path) -> str:
    """Return all that can be read in a file, in lower case: what is packed unpacked, of a database every value too."""
    content = file.read_bytes().decode("latin-1")
    if file.suffix == ".gz":
        content += gzip.decompress(file.read_bytes()).decode()
    elif file.suffix == ".xlsx" and zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as workbook:
            content += "".join(workbook.read(member).decode("latin-1") for member in workbook.namelist())
    elif file.suffix == ".parquet":
        content += str(duckdb.execute(f"select * from {literal(str(file))}").fetchall())
    elif file.suffix == ".duckdb":
        with duckdb.connect(str(file), read_only=True) as connection:
            for schema, table in connection.execute(
                "select schema_name, table_name from duckdb_tables() union all "
                "select schema_name, view_name from duckdb_views() where not internal"
            ).fetchall():
                relation = f"{identifier(schema)}.{identifier(table)}"
                content += str(connection.execute(f"select * from {relation}").fetchall())
    return content.casefold()


def found_below(root: Path, canaries: list[Canary]) -> list[tuple[str, str]]:
    """Return (kind and feed, file) of every canary that stands in a file below a folder, or in a path."""
    found = []
    for file in sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink()):
        text = texts_of(file) + str(file.relative_to(root)).casefold()
        found += [(f"{one.kind}, {one.feed}", str(file.relative_to(root))) for one in canaries if one.text in text]
    return found


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> tuple[Installation, list[Canary], str]:
    folder = Installation(built_once(tmp_path_factory, "canaries", lambda _: None) / "data")
    give_parse(tmp_path_factory, folder.root)
    canaries = send(folder)
    return folder, canaries, folder.night()


def test_there_are_canaries_of_every_outcome(night: tuple[Installation, list[Canary], str]) -> None:
    folder, canaries, said = night
    assert len(canaries) >= 60
    assert sum(one.of_people for one in canaries) >= 30
    outcomes = Counter(one.outcome for one in Ledger(DataFolder(folder.root)).receipts())
    assert outcomes.keys() >= {"accepted", "partly_accepted", "refused"}, outcomes
    assert said.splitlines()[-1].startswith("published")


def test_no_canary_is_published(night: tuple[Installation, list[Canary], str]) -> None:
    folder, canaries, _ = night
    for place in ("releases", "published", "lineage", "partners"):
        assert found_below(folder.root / place, canaries) == []
    digests = [
        one.file_sha256
        for one in Ledger(DataFolder(folder.root)).receipts()
        if one.source_feed in {canary.feed for canary in canaries if canary.of_people}
    ]
    as_canaries = [Canary(digest, "sha256", "people", True) for digest in digests]
    assert found_below(folder.root / "releases", as_canaries) == []


def test_no_canary_is_in_dagster_nor_one_of_people_said(night: tuple[Installation, list[Canary], str]) -> None:
    folder, canaries, said = night
    silent = [one for one in canaries if one.of_people or one.kind not in NAMED_TO_THE_OWNER]
    assert found_below(folder.root / "dagster", canaries) == []
    assert [one for one in silent if one.text in said.casefold()] == []


def test_of_a_formula_in_a_name_nothing_starts_a_cell(night: tuple[Installation, list[Canary], str]) -> None:
    folder, _, _ = night
    text = gzip.decompress((folder.root / "published" / "current" / "csv" / "deliveries.csv.gz").read_bytes()).decode()
    assert "cmd|" not in text


def test_after_erasure_no_canary_is_left(night: tuple[Installation, list[Canary], str]) -> None:
    folder, canaries, _ = night
    data = DataFolder(folder.root)
    assert found_below(data.ledger, canaries), "the ledger holds what was sent until then"
    for number in [one.receipt_number for one in Ledger(data).receipts()]:
        receipt = next(one for one in Ledger(data).receipts() if one.receipt_number == number)
        if receipt.erasure is None:
            withdraw(data, str(number), "to be deleted", erase=True)
    assert found_below(folder.root, canaries) == []
