"""Whatever way personal data comes in, it is found and nothing of it is kept but in quarantine; and nothing else is."""

import dataclasses
from collections import defaultdict
from pathlib import Path

import pytest

from sources.contract.load import load_contracts
from sources.folder.data_folder import DataFolder
from sources.ledger.receipts import Receipt
from sources.reading import workbook_texts
from sources.reading.first_look import check_unread
from sources.reading.outcomes import PersonalData
from sources.reasons.reason import for_owner, published
from tests.places import SHARED

from .canaries import CANARY, Delivery, book, deliveries, harmless_columns, with_column
from .conftest import HEADER, Drop, file_of, sound_rows
from .feed_forms import RECORDED_CRIME
from .feed_forms_cleanliness import ASB_CASES
from .feed_forms_offenders import MARAC, YOUNG

DELIVERIES = {one.kind: one for one in deliveries()}


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Drop, Receipt]]:
    """Take in all deliveries, a feed at once, and return the receipt of each kind with its data folder."""
    by_feed: defaultdict[str, list[Delivery]] = defaultdict(list)
    for one in DELIVERIES.values():
        by_feed[one.form.contract.key].append(one)
    found = {}
    for key, ones in by_feed.items():
        drop = Drop(DataFolder(tmp_path_factory.mktemp("data")), load_contracts()[key])
        for number, one in enumerate(ones):
            drop.put(one.content, f"{number}/{one.name}")
        receipts = {receipt.landing_path.split("/")[2]: receipt for receipt in drop.take_in().receipts}
        found |= {one.kind: (drop, receipts[str(number)]) for number, one in enumerate(ones)}
    return found


def test_there_are_many_kinds() -> None:
    assert len(DELIVERIES) >= 100


@pytest.mark.parametrize("kind", DELIVERIES)
def test_it_is_refused_for_personal_data(taken: dict[str, tuple[Drop, Receipt]], kind: str) -> None:
    drop, receipt = taken[kind]
    assert receipt.carries_personal_data, for_owner(receipt.reasons)
    assert drop.folder.quarantined(receipt.file_sha256).read_bytes() == DELIVERIES[kind].content
    told = " ".join(published(receipt.reasons, of_people=False))
    assert CANARY not in told
    assert "example.org" not in told


def test_nothing_of_them_is_kept_elsewhere(taken: dict[str, tuple[Drop, Receipt]]) -> None:
    for drop in {drop.folder.root: drop for drop, _ in taken.values()}.values():
        for file in drop.folder.root.rglob("*"):
            if file.is_file() and file.parent != drop.folder.quarantine:
                assert CANARY.encode() not in file.read_bytes(), file
        assert not [file for file in drop.landing.rglob("*") if file.is_file()]
        assert not any(CANARY in said or "example.org" in said for said in drop.said)


@pytest.mark.parametrize("header", harmless_columns())
def test_numbers_that_are_none_of_people_are_no_matter(tmp_path: Path, header: str) -> None:
    drop = Drop(DataFolder(tmp_path), RECORDED_CRIME.contract)
    receipt = drop.take(with_column(RECORDED_CRIME, header, harmless_columns()[header]), RECORDED_CRIME.name)
    assert (receipt.outcome, receipt.carries_personal_data) == ("accepted", False), for_owner(receipt.reasons)


SHAREPOINT = "http://schemas.microsoft.com/office/2006/metadata/contentType"
OFFERED = {"validate": "list", "source": ["Reprimand", "Final warning"]}
USUAL = {
    "who saved it": book(MARAC, lambda made, _: made.set_properties({"author": "Jane Doe", "company": "A force"})),
    "a page number": book(MARAC, lambda _, sheet: sheet.set_footer("&CPage &P of &N")),
    "a list of agreed values": book(YOUNG, lambda _, sheet: sheet.data_validation(1, 2, 9, 2, OFFERED)),
    "SharePoint": book(MARAC, parts={"customXml/item1.xml": f"<s xmlns='{SHAREPOINT}'><a>x</a></s>".encode()}),
    "a label": book(MARAC, parts={"docMetadata/LabelInfo.xml": b"<labels/>"}),
    "a printer": book(MARAC, parts={"xl/printerSettings/printerSettings1.bin": b"x"}),
}


@pytest.mark.parametrize("usual", USUAL)
def test_what_stands_in_every_workbook_is_no_matter(tmp_path: Path, usual: str) -> None:
    form = YOUNG if usual == "a list of agreed values" else MARAC
    drop = Drop(DataFolder(tmp_path), form.contract)
    receipt = drop.take(USUAL[usual], form.name.replace(".csv", ".xlsx"))
    assert receipt.outcome == "accepted", for_owner(receipt.reasons)


def test_an_unused_sheet_is_no_matter_where_rows_are_people(tmp_path: Path) -> None:
    drop = Drop(DataFolder(tmp_path), MARAC.contract)
    content = book(MARAC, lambda made, _: [made.add_worksheet(name) for name in ("Sheet2", "Sheet3")])
    assert drop.take(content, MARAC.name.replace(".csv", ".xlsx")).outcome == "accepted"


def test_a_part_too_large_to_be_looked_into_is_not_agreed_where_rows_are_people(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook_texts, "_LARGEST_PART", 50)
    content = book(MARAC, parts={"customXml/item1.xml": f"<s xmlns='{SHAREPOINT}'><a>x</a></s>".encode()})
    drop = Drop(DataFolder(tmp_path), MARAC.contract)
    assert drop.take(content, MARAC.name.replace(".csv", ".xlsx")).carries_personal_data


def test_an_extra_column_of_open_data_is_left_out_whatever_its_name(tmp_path: Path) -> None:
    drop = Drop(DataFolder(tmp_path), load_contracts()["police/street_crime"])
    sent = file_of([f"{line},Melton" for line in sound_rows()], header=f"{HEADER},Name")
    assert drop.take(sent).outcome == "accepted"
    births = file_of([f"{line},31/01/1980" for line in sound_rows()], header=f"{HEADER},Seen")
    assert drop.take(births).carries_personal_data


def test_a_rejected_row_of_people_holds_the_columns_of_the_contract_alone(tmp_path: Path) -> None:
    """A column that is left out by agreement is in no rejected row, and a damaged row is not shown at all."""
    contract = dataclasses.replace(load_contracts()["council/asb_cases"], ignored_columns=("Officer note",))
    rows = [[*ASB_CASES.row(n), CANARY] for n in range(1, 60)]
    rows[3][list(ASB_CASES.sound).index("Received")] = "yesterday"
    header = [*ASB_CASES.sound, "Officer note"]
    text = "".join(",".join(line) + "\r\n" for line in [header, *rows]) + f"short,{CANARY}\r\n"
    drop = Drop(DataFolder(tmp_path), contract)
    assert drop.take(text.encode(), ASB_CASES.name).outcome == "partly_accepted"
    records = [str(record) for (record,) in drop.rejected("record")]
    assert len(records) == 2
    assert not any(CANARY in record for record in records)


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"the real files are not there: {SHARED}")
def test_no_real_file_seems_personal_in_a_feed_of_open_data_or_of_casualties() -> None:
    contracts = [one for key, one in load_contracts().items() if one.is_open_data or key == "police/road_casualties"]
    alarms = []
    for file in sorted(file for file in SHARED.rglob("*") if file.suffix in {".csv", ".tsv"}):
        for contract in contracts:
            try:
                check_unread(contract.documents, file)
            except PersonalData as found:
                alarms.append((file.name, contract.key, found.reasons[0].for_owner()))
    assert [one for one in alarms if one[0] != "police_neighbourhoods_leicestershire.tsv"] == []


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"the real files are not there: {SHARED}")
def test_a_reference_of_nine_digits_is_no_telephone_number(tmp_path: Path) -> None:
    drop = Drop(DataFolder(tmp_path), load_contracts()["police/road_casualties"])
    sent = (SHARED / "stats19/dft_collision_2023_excerpt_lancashire.csv").read_bytes()
    receipt = drop.take(sent, "2023-lancashire-road-casualties.csv")
    assert (receipt.outcome, receipt.carries_personal_data) == ("refused", False)
    assert drop.folder.archived(receipt.file_sha256).read_bytes() == sent
    assert any(drop.landing.iterdir())


@pytest.mark.parametrize("is_sound", [True, False], ids=["a sound file", "a file with a broken row"])
def test_a_free_text_far_down_the_file_is_read_too(tmp_path: Path, is_sound: bool) -> None:
    rows = 1000  # many times what the first look sees
    texts = {rows - 1: {"Locality": "ask 01664 502502"}, rows: {"Outcome": "told zebedee@example.org"}}
    broken = {} if is_sound else {5: {"Easting": "east"}}
    lines = [RECORDED_CRIME.row(n, **{**texts, **broken}.get(n, {})) for n in range(1, rows + 1)]
    content = "".join(",".join(line) + "\n" for line in [list(RECORDED_CRIME.sound), *lines]).encode()
    receipt = Drop(DataFolder(tmp_path), RECORDED_CRIME.contract).take(content, RECORDED_CRIME.name)
    assert receipt.carries_personal_data
    found = [(one.told["column"], one.told["kind"]) for one in receipt.reasons if one.code == "personal_in_column"]
    assert found == [("Locality", "telephone numbers"), ("Outcome", "e-mail addresses")]
