"""Each member of a zip is a delivery of its own; nothing that the zip says of itself is believed."""

import io
import os
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest

from sources.intake.take_in import take_in
from sources.ledger.receipts import Receipt
from sources.reading.zip_members import ZipLimits
from sources.reasons.reason import for_owner

from .conftest import NAME, Drop, file_of, row, sound_rows

SOUND = file_of(sound_rows())
MAY = file_of([row(number, month="2021-05") for number in range(2, 42)])
MAY_NAME = "2021-05-leicestershire-street.csv"


def zip_of(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, compression)
    return stream.getvalue()


def outcomes(receipts: tuple[Receipt, ...]) -> dict[str, str]:
    return {receipt.file_name: receipt.outcome for receipt in receipts}


def test_members_are_deliveries_in_the_order_of_their_names(drop: Drop) -> None:
    zipped = zip_of({f"2021-05/{MAY_NAME}": MAY, "2021-04/": b"", f"2021-04/{NAME}": SOUND})
    drop.put(zipped, "download.zip")
    april, may = drop.take_in().receipts
    assert (april.file_name, may.file_name) == (NAME, MAY_NAME)
    assert april.outcome == may.outcome == "accepted"
    assert april.landing_path == may.landing_path == "police/street_crime/download.zip"
    assert april.container_sha256 == may.container_sha256 != april.file_sha256
    assert drop.folder.archived(april.file_sha256).read_bytes() == SOUND
    assert april.byte_count == len(SOUND)
    assert drop.take_in().receipts == ()


def test_other_feeds_members_are_passed_over(drop: Drop) -> None:
    members = {f"2021-04/{NAME}": SOUND, "__MACOSX/._x.csv": b"x", ".DS_Store": b"x"}
    others = {"2021-04/2021-04-leicestershire-outcomes.csv": b"x", "a/2021-04-btp-stop-and-search.csv": b"x"}
    notes = {"README.txt": b"See https://data.police.uk/about/", "2021-04/LICENCE": b"x"}
    drop.put(zip_of(members | others | notes), "download.zip")
    assert outcomes(drop.take_in().receipts) == {NAME: "accepted"}
    feed = "police/street_crime"
    assert any(said.startswith(f"{feed}: 2 members of other feeds in a zip passed over") for said in drop.said)
    assert f"{feed}: 2 README or licence beside the data passed over" in drop.said


def test_a_note_beside_data_is_nothing_else_by_its_name(drop: Drop) -> None:
    drop.put(zip_of({NAME: SOUND, "readme-of-may.csv": MAY}), "download.zip")
    assert outcomes(drop.take_in().receipts) == {NAME: "accepted", "readme-of-may.csv": "refused"}
    drop.put(b"x", "README.txt")
    assert drop.take_in().receipts == ()


def test_a_zip_without_a_file_of_the_feed(drop: Drop) -> None:
    receipt = drop.take(zip_of({"2021-04-leicestershire-outcomes.csv": b"x"}), "download.zip")
    assert receipt.outcome == "refused"
    assert "holds no file" in for_owner(receipt.reasons)[0]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda zipped: zipped[: len(zipped) // 2], "cannot be read"),
        (lambda zipped: b"", "cannot be read"),
        (lambda zipped: b"no zip at all", "cannot be read"),
    ],
)
def test_a_broken_zip(drop: Drop, change: object, reason: str) -> None:
    content = change(zip_of({NAME: SOUND}))  # type: ignore[operator]
    receipt = drop.take(content, "download.zip")
    assert (receipt.outcome, receipt.container_sha256, receipt.period_start) == ("refused", None, None)
    assert reason in for_owner(receipt.reasons)[0]
    assert drop.folder.archived(receipt.file_sha256).read_bytes() == content


@pytest.mark.parametrize(
    "path", [f"../../{NAME}", f"/etc/{NAME}", f"C:\\data\\{NAME}", f"..\\{NAME}", f"a/../../{NAME}"]
)
def test_a_path_that_leads_outside(drop: Drop, tmp_path: Path, path: str) -> None:
    drop.put(zip_of({path: SOUND, MAY_NAME: MAY}), "download.zip")
    assert outcomes(drop.take_in().receipts) == {NAME: "refused", MAY_NAME: "accepted"}
    assert "leads outside" in for_owner(next(r for r in drop.receipts() if r.outcome == "refused").reasons)[0]
    assert set(tmp_path.iterdir()) == {drop.folder.root}


def _refused_member(drop: Drop, zipped: bytes, limits: ZipLimits | None = None) -> Receipt:
    drop.put(zipped, "download.zip")
    options = {"zip_limits": limits} if limits else {}
    receipts = take_in(drop.contract, drop.folder, drop.said.append, 0.1, **options).receipts
    (refused,) = [receipt for receipt in receipts if receipt.outcome == "refused"]
    assert refused.rows_delivered == 0
    return refused


def test_an_encrypted_member(drop: Drop) -> None:
    zipped = bytearray(zip_of({NAME: SOUND}))
    zipped[6] |= 1
    zipped[zipped.index(b"PK\x01\x02") + 8] |= 1
    assert "is encrypted. Send it without a password" in for_owner(_refused_member(drop, bytes(zipped)).reasons)[0]


def test_a_damaged_member_does_not_stop_the_others(drop: Drop) -> None:
    zipped = bytearray(zip_of({NAME: SOUND, MAY_NAME: MAY}, zipfile.ZIP_STORED))
    zipped[len(NAME) + 100] ^= 0xFF
    assert "says: Bad CRC-32" in for_owner(_refused_member(drop, bytes(zipped)).reasons)[0]
    assert outcomes(tuple(drop.receipts())) == {NAME: "refused", MAY_NAME: "accepted"}


def test_a_zip_in_a_zip(drop: Drop) -> None:
    assert (
        "zip within the zip" in for_owner(_refused_member(drop, zip_of({"more.zip": zip_of({NAME: SOUND})})).reasons)[0]
    )


def test_a_link_in_a_zip(drop: Drop) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        link = zipfile.ZipInfo(NAME)
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert "is a link" in for_owner(_refused_member(drop, stream.getvalue()).reasons)[0]


def test_a_zip_bomb(drop: Drop) -> None:
    bomb = zip_of({NAME: b"0" * (30 << 20)})
    assert "as a zip bomb does" in for_owner(_refused_member(drop, bomb).reasons)[0]
    assert not drop.folder.intake_work.exists()


@pytest.mark.parametrize("limits", [ZipLimits(member_bytes=1000), ZipLimits(total_bytes=len(SOUND) + 10)])
def test_expanded_size(drop: Drop, limits: ZipLimits) -> None:
    members = {NAME: SOUND} if limits.member_bytes == 1000 else {NAME: SOUND, MAY_NAME: MAY}
    assert "expands to more than" in for_owner(_refused_member(drop, zip_of(members), limits).reasons)[0]


def test_a_size_that_the_zip_lies_about(drop: Drop) -> None:
    """The declared size says 10 bytes; what comes out is what counts."""
    zipped = bytearray(zip_of({NAME: b"0" * (30 << 20)}))
    entry = zipped.index(b"PK\x01\x02")
    zipped[entry + 24 : entry + 28] = (10).to_bytes(4, "little")
    assert "damaged" in for_owner(_refused_member(drop, bytes(zipped)).reasons)[0]


def test_too_many_members(drop: Drop) -> None:
    members = {f"{number}.csv": b"" for number in range(4)}
    assert "has 4 members" in for_owner(_refused_member(drop, zip_of(members), ZipLimits(members=3)).reasons)[0]


def test_the_same_zip_again_is_a_duplicate_of_each_member(drop: Drop) -> None:
    zipped = zip_of({NAME: SOUND, f"../{MAY_NAME}": MAY})
    drop.put(zipped, "download.zip")
    drop.take_in()
    drop.put(zipped, "again/download.zip")
    assert outcomes(drop.take_in().receipts) == {NAME: "duplicate", MAY_NAME: "duplicate"}


@pytest.mark.parametrize("compression", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_damaged_compression(drop: Drop, compression: int) -> None:
    zipped = bytearray(zip_of({NAME: SOUND, MAY_NAME: MAY}, compression))
    zipped[len(NAME) + 100 : len(NAME) + 140] = b"\xff" * 40
    assert "The member is damaged" in for_owner(_refused_member(drop, bytes(zipped)).reasons)[0]
    assert outcomes(tuple(drop.receipts())) == {NAME: "refused", MAY_NAME: "accepted"}


def test_a_member_name_that_is_not_the_text_it_says(drop: Drop) -> None:
    """The name in front of the member, flagged as UTF-8, differs from the directory's and is none."""
    name = "2021-04-café-street.csv"
    zipped = bytearray(zip_of({name: SOUND, MAY_NAME: MAY}))
    zipped[zipped.index(name.encode()) + 11] = 0xFF
    assert "The member is damaged" in for_owner(_refused_member(drop, bytes(zipped)).reasons)[0]
    assert outcomes(tuple(drop.receipts())) == {name: "refused", MAY_NAME: "accepted"}


def test_a_member_costs_the_same_in_a_zip_of_many(drops: Callable[[], Drop]) -> None:
    """Calls are counted, not seconds, so that the result is the same on every machine."""

    def calls(members: int) -> int:
        drop = drops()
        drop.put(zip_of({f"{number}.csv": str(number).encode() for number in range(members)}), "download.zip")
        counted = 0

        def count(frame: FrameType, event: str, _: object) -> None:
            nonlocal counted
            counted += event == "call" and f"{os.sep}sources{os.sep}" in frame.f_code.co_filename

        sys.setprofile(count)
        try:
            receipts = drop.take_in().receipts
        finally:
            sys.setprofile(None)
        assert len(receipts) == members
        return counted

    calls(1)  # what is read once a process
    few, twice, thrice = calls(20), calls(40), calls(60)
    assert thrice - twice == twice - few


def test_a_zip_sent_again_with_one_member_changed_has_a_receipt_for_each(drop: Drop) -> None:
    drop.put(zip_of({"a/" + NAME: SOUND, "b/2021-05-leicestershire-street.csv": MAY}), "all.zip")
    drop.take_in()
    drop.put(
        zip_of({"a/" + NAME: SOUND.replace(b"\n", b"\r\n"), "b/2021-05-leicestershire-street.csv": MAY}), "all.zip"
    )
    assert [receipt.outcome for receipt in drop.take_in().receipts] == ["accepted", "duplicate"]
