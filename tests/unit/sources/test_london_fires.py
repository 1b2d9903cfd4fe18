"""London Fire Brigade's records: years below each other in a text or workbook, cut by the month of the call."""

import csv
import io
from collections import Counter
from pathlib import Path

import pytest

from sources.contract.load import load_contracts
from sources.folder.data_folder import DataFolder
from sources.intake.incoming import place_incoming

from .conftest import Drop
from .test_workbooks import Cell, workbook

FEED = "fire/incidents"
HEADER: list[Cell] = [
    "IncidentNumber", "DateOfCall", "CalYear", "TimeOfCall", "HourOfCall", "IncidentGroup", "StopCodeDescription",
    "SpecialServiceType", "PropertyCategory", "PropertyType", "AddressQualifier", "Postcode_full", "Postcode_district",
    "UPRN", "USRN", "IncGeo_BoroughCode", "IncGeo_BoroughName", "ProperCase", "IncGeo_WardCode", "IncGeo_WardName",
    "IncGeo_WardNameNew", "Easting_m", "Northing_m", "Easting_rounded", "Northing_rounded", "Latitude", "Longitude",
    "FRS", "IncidentStationGround", "NumCalls",
]  # fmt: skip
STOPS = {
    "Fire": ["Primary Fire", "Secondary Fire", "Chimney Fire", "Late Call"],
    "False Alarm": ["AFA", "False alarm - Good intent"],
    "Special Service": ["Special Service"],
}
KINDS = [(group, stop) for group, stops in STOPS.items() for stop in stops]
MONTHS = ("Jan", "Feb", "Dec")


def record(number: int, day: str) -> list[Cell]:
    group, stop = KINDS[number % len(KINDS)]
    place: list[Cell] = ["SE1 0AA", "SE1", "100023336956", "20500001", "E09000022", "LAMBETH", "Lambeth", "E05013667"]
    rest: list[Cell] = ["OVAL", "OVAL", "NULL", "NULL", 531050, 177950, 51.48, -0.11, "London", "Lambeth", 1]
    return [
        f"{number:06}-{day}",
        day,
        2018,
        "00:04:25",
        0,
        group,
        stop,
        "NULL",
        "Dwelling",
        "House",
        "x",
        *place,
        *rest,
    ]


def records(form: str) -> list[list[Cell]]:
    days = {"Jan": 1, "Feb": 2, "Dec": 12}
    return [
        record(number, form.format(day=number % 28 + 1, name=month, month=days[month]))
        for month in MONTHS
        for number in range(30 + days[month])
    ]


def as_text(form: str) -> bytes:
    stream = io.StringIO()
    csv.writer(stream).writerows([HEADER, *records(form)])
    return stream.getvalue().encode("utf-8-sig")


def as_workbook() -> bytes:
    return workbook({"Sheet1": [[*HEADER], *records("2018-{month:02}-{day:02}")]})


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (as_text("{day:02}-{name}-18"), "LFB Incident data from 2018 onwards.csv"),
        (as_text("2018-{month:02}-{day:02} 00:00:00"), "download.csv"),
        (as_workbook(), "LFB Incident data from 2018 - 2023.xlsx"),
    ],
    ids=["days in words", "days with a time", "workbook"],
)
def test_each_month_is_a_delivery_and_nothing_of_a_building_is_kept(tmp_path: Path, content: bytes, name: str) -> None:
    drop = Drop(DataFolder(tmp_path / "data"), load_contracts()[FEED])
    drop.put(content, f"../../incoming/{name}")
    place_incoming(drop.folder, load_contracts().values(), drop.said.append, settle_seconds=0.2)
    receipts = drop.take_in().receipts
    assert [(one.file_name, one.outcome, one.rows_accepted, one.warnings) for one in receipts] == [
        (f"lfb-incidents-2018-{month:02}.csv", "accepted", 30 + month, []) for month in (1, 2, 12)
    ]
    assert {one.supplier for one in receipts} == {"london"}
    expected = Counter((f"{row[5]}", f"{row[6]}") for row in records("{day}"))
    assert Counter(drop.raw("incident_category, stop_code")) == expected
    assert set(drop.raw("district")) == {("E09000022",)}
    assert "100023336956" not in str(drop.raw())
