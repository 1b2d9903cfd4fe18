"""The Department for Transport's tables of several years: cut by year, under whatever name they come."""

from collections import Counter
from pathlib import Path

import pytest

from sources.contract.load import load_contracts
from sources.folder.data_folder import DataFolder
from sources.intake.incoming import place_incoming
from sources.intake.take_in import take_in

COLLISIONS = (
    "collision_index,police_force,collision_severity,number_of_vehicles,number_of_casualties,date,time,"
    "local_authority_district,local_authority_ons_district",
    "{year}041{number:06},4,3,2,1,{day:02}/05/{year},23:10,-1,E06000008",
)
CASUALTIES = (
    "{first}_index,{first}_year,vehicle_reference,casualty_reference,casualty_class,sex_of_casualty,age_of_casualty,"
    "casualty_severity,casualty_type",
    "{year}041{number:06},{year},1,1,1,1,30,3,9",
)
YEARS = [2021, 2023, 2021, 2022, 2023, 2021]


def table(header: str, row: str, first: str = "collision") -> bytes:
    """Return a table of YEARS; `first` is the first word of two headers."""
    rows = [row.format(year=year, number=number, day=number + 1) for number, year in enumerate(YEARS)]
    return "\n".join([header.replace("{first}", first), *rows, ""]).encode()


@pytest.mark.parametrize(
    ("feed", "sent", "name"),
    [
        ("dft/collisions", table(*COLLISIONS), "dft-road-casualty-statistics-collision-last-5-years.csv"),
        ("dft/collisions", table(*COLLISIONS), "Road (1).csv"),
        ("dft/casualties", table(*CASUALTIES), "dft-road-casualty-statistics-casualty-1979-latest-published-year.csv"),
        ("dft/casualties", table(*CASUALTIES, first="accident"), "casualties.csv"),
    ],
)
def test_a_table_of_several_years_is_cut_by_year(tmp_path: Path, feed: str, sent: bytes, name: str) -> None:
    folder = DataFolder(tmp_path / "data")
    folder.incoming.mkdir(parents=True)
    (folder.incoming / name).write_bytes(sent)
    place_incoming(folder, load_contracts().values(), lambda _: None, settle_seconds=0)
    receipts = take_in(load_contracts()[feed], folder, lambda _: None, settle_seconds=0).receipts
    accepted = {receipt.period_start: receipt.rows_accepted for receipt in receipts}
    assert accepted == {f"{year}-01-01": count for year, count in Counter(YEARS).items()}
