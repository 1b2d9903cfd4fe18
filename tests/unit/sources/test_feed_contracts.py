"""Each form of each feed: sound rows are taken in as they are, and each rule of its contract rejects what breaks it."""

import re
from pathlib import Path

import duckdb
import pytest

from sources.contract.load import CONTRACTS_FOLDER, load_contracts
from sources.folder.data_folder import DataFolder
from sources.reasons.reason import for_owner

from .conftest import FEED, Drop
from .every_form import FORMS
from .feed_forms import Form

# ONS codes of areas have eight digits, so numbers start here.
FIRST = 7_000_000


def of(forms: list[Form]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("form", forms, ids=[form.document for form in forms])


@pytest.fixture
def drop(tmp_path: Path, form: Form) -> Drop:
    return Drop(DataFolder(tmp_path / "data"), form.contract)


def test_every_document_has_a_form_here() -> None:
    documents = {one.document_id for contract in load_contracts().values() for one in contract.documents}
    assert {form.document for form in FORMS} == documents - {FEED}
    assert len(list(CONTRACTS_FOLDER.rglob("*.yaml"))) == len(documents)


@of(FORMS)
def test_each_rule_is_broken_by_one_row(form: Form, drop: Drop) -> None:
    count = 100 * (len(form.broken) + 1)  # one broken row among a hundred is within every limit
    sound = [form.row(FIRST + number) for number in range(count)]
    broken = [form.row(FIRST + count + number, **changes) for number, (changes, _, _) in enumerate(form.broken)]
    repeated = [sound[0]] if form.repeats else []
    receipt = drop.take(form.content([*sound, *broken, *repeated]), form.name)
    assert receipt.outcome == "partly_accepted", for_owner(receipt.reasons)
    assert for_owner(receipt.warnings) == []
    assert (receipt.rows_delivered, receipt.rows_accepted) == (len(sound + broken + repeated), count)
    first_row = form.own_contract.header_row + 1 + count
    expected = [(first_row + number, rule, column) for number, (_, rule, column) in enumerate(form.broken)]
    findings = drop.rejected("row_number, rule, column_name, rule_order")
    found = [finding[:3] for finding in findings if finding[3] == 1]
    assert found[: len(expected)] == expected
    last = [(first_row + len(broken), form.repeats)] if form.repeats else []
    assert [finding[:2] for finding in found[len(expected) :]] == last
    rules = {rule.name for rule in form.own_contract.row_rules if not re.fullmatch(form.uniform, rule.name)}
    assert {str(rule) for _, rule, _ in found} == rules
    assert raw_columns(drop) == {column.name for column in form.contract.feed_columns} | {"file_sha256", "row_number"}


def raw_columns(drop: Drop) -> set[str]:
    """Return the columns of the raw folder, read as one table."""
    files = drop.folder.raw_of(drop.contract.key) / "*.parquet"
    with duckdb.connect() as connection:
        described = connection.execute(f"DESCRIBE FROM read_parquet('{files}', union_by_name = true)").fetchall()
    return {name for name, *_ in described}


@of(FORMS)
def test_every_row_of_the_form_is_described(form: Form) -> None:
    for column in form.own_contract.columns:
        assert column.description.endswith(".")
    for rule in form.own_contract.row_rules:
        assert rule.expected.endswith("."), rule.name


@of(FORMS)
def test_an_empty_file_is_refused(form: Form, drop: Drop) -> None:
    receipt = drop.take(form.content([]), form.name)
    assert receipt.outcome == "refused"
    assert for_owner(receipt.reasons) == [
        "A file without a single row is a mistake of the extract. The file holds 0 rows."
    ]


@of([form for form in FORMS if "synthetic" in form.own_contract.file_name_pattern.groupindex])
def test_made_up_files_and_versions_are_told_by_their_names(form: Form, drop: Drop) -> None:
    stem, _, suffix = form.name.rpartition(".")
    content = [form.content([form.row(FIRST + number) for number in range(rows)]) for rows in (1, 2, 3)]
    receipts = [
        drop.take(content[0], form.name),
        drop.take(content[1], f"{stem}-v2.{suffix}"),
        drop.take(content[2], f"{stem}-synthetic-v3.{suffix}"),
    ]
    assert [receipt.outcome for receipt in receipts] == ["accepted"] * 3, for_owner(receipts[0].reasons)
    assert [receipt.is_synthetic for receipt in receipts] == [False, False, True]
    assert len({(receipt.supplier, receipt.period_start) for receipt in receipts}) == 1
