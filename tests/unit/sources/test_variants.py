"""A feed sent in several forms: a file's name decides under which it is read; made-up never replaces real."""

import dataclasses
from pathlib import Path

import duckdb
import pytest

from sources.contract import load
from sources.contract.load import CONTRACTS_FOLDER, Contract, ContractError, load_contracts
from sources.folder.data_folder import DataFolder
from sources.ledger.receipts import standing
from sources.reasons.reason import for_owner

from .conftest import FEED, NAME, Drop, file_of, row, sound_rows

BASE = (CONTRACTS_FOLDER / f"{FEED}.odcs.yaml").read_text()
PATTERN = r"(?P<period>\d{4}-\d{2})-(?P<supplier>[a-z]+(?:-[a-z]+)*)-street\.csv"
WITH_SYNTHETIC = PATTERN.replace(r"-street\.csv", r"-street(?P<synthetic>-synthetic)?\.csv")
OLD_FORM = (
    BASE.replace("id: police/street_crime", "id: police/street_crime.old_form")
    .replace(PATTERN, r"streets_of_(?P<period>[a-z]+_\d{4})\.csv")
    .replace("2021-04-leicestershire-street.csv", "streets_of_april_2021.csv")
    .replace("value: yyyy-MM}", "value: MMMM_yyyy}\n  - {property: supplier, value: leicestershire}", 1)
    .replace(
        "      - name: context\n        physicalName: Context", "      - name: remarks\n        physicalName: Remarks"
    )
)
VERSION = load_contracts()[FEED].version
OLD_ROWS = file_of(sound_rows()).replace(b"Context", b"Remarks", 1)
OLD_NAME = "streets_of_april_2021.csv"


def documents(tmp_path: Path, **texts: str) -> Path:
    folder = tmp_path / "contracts"
    (folder / "police").mkdir(parents=True)
    for name, text in texts.items():
        (folder / "police" / f"street_crime{'' if name == 'base' else '.' + name}.odcs.yaml").write_text(text)
    return folder


@pytest.fixture
def two_forms(tmp_path: Path) -> Contract:
    base = BASE.replace(PATTERN, WITH_SYNTHETIC)
    return load_contracts(documents(tmp_path, base=base, old_form=OLD_FORM))[FEED]


@pytest.fixture
def drop(tmp_path: Path, two_forms: Contract) -> Drop:
    return Drop(DataFolder(tmp_path / "data"), two_forms)


def test_the_file_name_decides(drop: Drop) -> None:
    old, new = drop.take(OLD_ROWS, OLD_NAME), drop.take(file_of(sound_rows(50)))
    assert (old.outcome, old.source_feed, old.supplier, old.period_start) == (
        "accepted",
        FEED,
        "leicestershire",
        "2021-04-01",
    )
    assert (old.contract_version, new.contract_version) == (f"old_form {VERSION}", VERSION)
    assert [receipt.receipt_number for receipt in standing(drop.receipts())] == [2], "the same supplier and month"


def test_a_name_that_fits_no_document_is_shown_all_examples(drop: Drop) -> None:
    refused = drop.take(file_of(sound_rows()), "april.csv")
    assert for_owner(refused.reasons) == [
        "The file name does not tell whose period it is; it must look like "
        "'2021-04-leicestershire-street.csv', which is 2021-04-01 to 2021-04-30 or "
        "'streets_of_april_2021.csv', which is 2021-04-01 to 2021-04-30. It is 'april.csv'."
    ]
    assert refused.contract_version == f"{VERSION}, old_form {VERSION}"


def test_raw_files_of_all_documents_read_as_one_table(drop: Drop) -> None:
    drop.take(OLD_ROWS, OLD_NAME)
    files = drop.folder.raw_of(FEED) / "*.parquet"
    with duckdb.connect() as connection:
        described = connection.execute(f"SELECT * FROM read_parquet('{files}', union_by_name = true)").description
    assert {"context", "remarks"} <= {name for name, *_ in described}


def test_made_up_and_real_deliveries_do_not_replace_each_other(drop: Drop) -> None:
    real = drop.take(file_of(sound_rows()))
    made_up = drop.take(file_of(sound_rows(50)), NAME.replace("street.csv", "street-synthetic.csv"))
    corrected = drop.take(file_of(sound_rows(60)))
    assert [one.is_synthetic for one in (real, made_up, corrected)] == [False, True, False]
    assert [receipt.receipt_number for receipt in standing(drop.receipts())] == [2, 3]
    assert "superseded" in drop.take(file_of(sound_rows()), "again/" + NAME).reasons[0].code
    again = drop.take(file_of(sound_rows(50)), "again/" + NAME.replace("street.csv", "street-synthetic.csv"))
    assert "superseded" not in again.reasons[0].code


def test_a_changed_variant_takes_its_own_files_again_and_no_other(drop: Drop, two_forms: Contract) -> None:
    broken = row(99, crime_type="Mischief")
    drop.put(file_of([*sound_rows(), broken]))
    drop.put(OLD_ROWS.replace(b"Burglary", b"Mischief", 1), OLD_NAME)
    drop.put(b"x", "april.csv")
    assert [receipt.outcome for receipt in drop.take_in().receipts] == ["partly_accepted", "partly_accepted", "refused"]
    rules = tuple(rule for rule in two_forms.row_rules if rule.name != "crime_type_known")
    looser = dataclasses.replace(two_forms.variants[0], version="2.0.0", row_rules=rules)
    drop.contract = dataclasses.replace(two_forms, variants=(looser,))
    again = drop.take_in().receipts
    assert [(receipt.file_name, receipt.outcome) for receipt in again] == [
        (OLD_NAME, "accepted"),
        ("april.csv", "refused"),
    ]
    assert drop.take_in().receipts == ()


def test_the_end_year_must_follow(tmp_path: Path) -> None:
    text = (
        BASE.replace(PATTERN, r"(?P<period>\d{4})-(?P<end_year>\d\d)-(?P<supplier>[a-z]+)-street\.csv")
        .replace("2021-04-leicestershire-street.csv", "2021-22-leicestershire-street.csv")
        .replace("value: yyyy-MM}", "value: yyyy}\n  - {property: periodStartMonth, value: 4}", 1)
        .replace("value: 1, unit: month", "value: 12, unit: month", 1)
        .replace("month = {period_start}", "month between {period_start} and {period_end}")
    )
    drop = Drop(DataFolder(tmp_path / "data"), load_contracts(documents(tmp_path, base=text))[FEED])
    assert drop.take(file_of(sound_rows()), "2021-22-leicestershire-street.csv").period_end == "2022-03-31"
    refused = drop.take(file_of(sound_rows(50)), "2021-23-leicestershire-street.csv")
    assert for_owner(refused.reasons) == [
        "The file name tells another end year than 2022, in which the period that starts so ends; "
        "it must look like '2021-22-leicestershire-street.csv', which is 2021-04-01 to 2022-03-31. "
        "It is '2021-23-leicestershire-street.csv'."
    ]


def test_a_form_that_ended_takes_no_later_period(tmp_path: Path) -> None:
    ended = BASE.replace("slaProperties:\n", 'slaProperties:\n  - property: endOfLife\n    value: "2021-03-31"\n')
    drop = Drop(DataFolder(tmp_path / "data"), load_contracts(documents(tmp_path, base=ended))[FEED])
    refused = drop.take(file_of(sound_rows()))
    (reason,) = refused.reasons
    assert reason.published(of_people=False) == (
        "The file name tells 2021-04-01 to 2021-04-30, after 2021-03-31, when the feed ended."
    )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (r"streets_of_(?P<period>[a-z]+_\d{4})\.csv", r"(?:streets_of_)?(?P<period>[\w-]+)\.csv", "fits the.*old_form"),
        ("value: 1, unit: month", "value: 3, unit: month", "quarterly; police/street_crime is monthly"),
        (
            "Location\n        logicalType: string",
            "Location\n        logicalType: integer",
            "is integer, and string in",
        ),
        ("id: police/street_crime.old_form", "id: police/street_crime", "Write one of: police/street_crime.old_form"),
    ],
)
def test_documents_that_contradict_each_other(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert OLD_FORM.count(old) == 1
    with pytest.raises(ContractError, match=expected):
        load_contracts(documents(tmp_path, base=BASE, old_form=OLD_FORM.replace(old, new)))


def test_a_variant_needs_a_base(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match=r"has no contract. Add street_crime.odcs.yaml"):
        load_contracts(documents(tmp_path, old_form=OLD_FORM))


def test_a_partnership_has_variants_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = documents(tmp_path, old_form=OLD_FORM)
    monkeypatch.setenv("CSP_PARTNERSHIP", str(tmp_path))
    variants = [one.document_id for one in load_contracts()[FEED].variants]
    assert "police/street_crime.old_form" in variants
    shipped = own / "police" / "street_crime.old_form.odcs.yaml"
    shipped.rename(shipped.with_name("street_crime.odcs.yaml")).write_text(BASE)
    _forget()
    with pytest.raises(ContractError, match="is a contract that the product ships"):
        load_contracts()
    (own / "police" / "street_crime.odcs.yaml").unlink()
    (own / "police" / "sightings.odcs.yaml").write_text(BASE.replace("police/street_crime", "police/sightings"))
    _forget()
    with pytest.raises(ContractError, match="nothing says how the rows of police/sightings count"):
        load_contracts()
    monkeypatch.setenv("CSP_PARTNERSHIP", str(tmp_path / "none"))
    with pytest.raises(ContractError, match="which is no folder"):
        load_contracts()


def _forget() -> None:
    """Read the documents anew, as another process would."""
    load._load_once.cache_clear()
