"""Rows that repeat a value which may appear once: which of them stays, and how many a file may hold."""

from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import pytest

from sources.contract.load import ContractError, load_contract
from sources.reasons.reason import for_owner

from .conftest import Drop, file_of, row, sound_rows
from .test_contract import changed

MELTON, BLABY = {"lsoa_code": "E01025890"}, {"lsoa_code": "E01025631"}
BEXLEY, NOWHERE = {"lsoa_code": "E01000350"}, {"lsoa_code": ""}
TWICE = range(100, 140)


def kept(drop: Drop) -> dict[str, str | None]:
    """Return the LSOA of each crime that counts and is in the file twice."""
    ids = {f"{number:064x}" for number in TWICE}
    return {str(crime): lsoa for crime, lsoa in drop.raw("crime_id, lsoa_code") if crime in ids}  # type: ignore[misc]


@pytest.mark.parametrize("places", list(permutations([MELTON, BEXLEY, NOWHERE])))
def test_the_row_in_the_force_stays_whichever_comes_first(drop: Drop, places: tuple[dict[str, str], ...]) -> None:
    receipt = drop.take(file_of([*(row(100, **place) for place in places), *sound_rows()]))

    assert (receipt.rows_accepted, receipt.rejected_by_rule) == (41, {"crime_id_repeated": 2})
    assert list(kept(drop).values()) == ["E01025890"]
    assert len(drop.rejected()) == 2


def test_a_row_placed_elsewhere_stays_before_one_without_place(drop: Drop) -> None:
    drop.take(file_of([row(100, **NOWHERE), row(100, **BEXLEY), *sound_rows()]))

    assert list(kept(drop).values()) == ["E01000350"]


def test_of_two_places_in_the_force_the_order_of_the_file_decides_nothing(drops: Callable[[], Drop]) -> None:
    rows = [row(number, **place) for place in (MELTON, BLABY) for number in TWICE]
    one, other = drops(), drops()
    one.take(file_of([*rows, *sound_rows(90)]))
    other.take(file_of([*sound_rows(90), *reversed(rows)]))

    assert kept(one) == kept(other)
    assert set(kept(one).values()) == {"E01025890", "E01025631"}


def test_repeats_do_not_count_towards_the_limit_of_broken_rows(drop: Drop) -> None:
    # 13 of 212 rows, as a force sends them: each crime counts once, and the night says how many repeat.
    receipt = drop.take(file_of([*sound_rows(199), *sound_rows(13)]))

    assert (receipt.outcome, receipt.rows_accepted) == ("partly_accepted", 199)
    assert for_owner(receipt.reasons) == [
        "13 of 212 rows (6.1%) repeat a value that may appear once; one row of each counts."
    ]


def test_broken_rows_are_told_apart_from_repeats_and_keep_their_limit(drop: Drop) -> None:
    broken = [row(number, crime_type="Piracy") for number in range(900, 905)]
    receipt = drop.take(file_of([*sound_rows(90), *broken, *sound_rows(10)]))
    assert for_owner(receipt.reasons) == [
        "5 of 105 rows break the contract.",
        "10 of 105 rows (9.5%) repeat a value that may appear once; one row of each counts.",
    ]


def test_broken_rows_keep_their_limit_beside_repeats(drop: Drop) -> None:
    broken = [row(number, crime_type="Piracy") for number in range(900, 905)]
    receipt = drop.take(file_of([*sound_rows(80), *broken, *sound_rows(10)]))

    assert receipt.outcome == "refused"
    assert for_owner(receipt.reasons)[0] == "5 of 95 rows (5.3%) break the contract; at most 5% may."
    assert for_owner(receipt.reasons)[1].startswith("The crime type must")
    assert "repeat" not in for_owner(receipt.reasons)[0]


def test_a_file_that_is_nearly_all_repeats_is_refused(drop: Drop) -> None:
    # As Greater Manchester's file of August 2022: one incident and copies of one crime.
    receipt = drop.take(file_of([row(1, crime_id="", crime_type="Anti-social behaviour"), *[row(2)] * 13]))

    assert (receipt.outcome, receipt.rows_accepted) == ("refused", 0)
    assert "12 of 14 rows (85.7%) repeat another; at most 50% may." in for_owner(receipt.reasons)[0]


def test_a_preference_that_cannot_be_judged_is_a_mistake(tmp_path: Path) -> None:
    file = changed(tmp_path, "lsoa_code in {home_lsoas}", "lsoa in {home_lsoas}")
    with pytest.raises(ContractError, match=r"crime_id_repeated\.preference.*lsoa"):
        load_contract(file)
