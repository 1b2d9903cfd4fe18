"""landing/incoming/ takes a file of any feed under any name, and tells of what is of none."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from sources.contract.load import load_contracts
from sources.folder.reference import seed_rows
from sources.intake import incoming
from sources.intake.identify import Identified, identify
from sources.intake.incoming import by_reason, place_incoming, staying
from sources.intake.landing import outside_every_feed
from tests.extracts import headers
from tests.places import SHARED

from .conftest import NAME, Drop, file_of, row, sound_rows
from .feed_forms_police_uk import OUTCOMES as FORM_OF_OUTCOMES
from .feed_forms_police_uk import STOPS as FORM_OF_SEARCHES
from .test_period_workbooks import HEADER as PERIODS_HEADER
from .test_period_workbooks import book, year_rows
from .test_zips import MAY, MAY_NAME, outcomes, zip_of

SOUND = file_of(sound_rows())
CUMBRIA = file_of([row(number, falls_within="Cumbria Constabulary") for number in range(2, 42)])
OUTCOMES, SEARCHES = FORM_OF_OUTCOMES.name, FORM_OF_SEARCHES.name
NAMED_OTHERWISE = {
    "btp": "British Transport Police",
    "city-of-london": "City of London Police",
    "devon-and-cornwall": "Devon & Cornwall Police",
    "hampshire": "Hampshire & Isle of Wight Constabulary",
    "metropolitan": "Metropolitan Police Service",
    "northern-ireland": "Police Service of Northern Ireland",
}
OLD_STREET = (
    b"Month,Reported by,Falls within,Easting,Northing,Location,Crime type,Context\n"
    b"2012-04,Avon and Somerset Constabulary,Avon and Somerset Constabulary,360667,169714,On or near X,Burglary,\n"
)
PEOPLE = b"Surname,Forename,Date of birth,Address\r\nDoe,Jane,1990-01-02,1 High Street\r\n"


@pytest.fixture
def told(tmp_path: Path) -> Callable[[bytes, str], Identified]:
    """Identify a file of these bytes that was sent under this name."""

    def tell(content: bytes, name: str) -> Identified:
        file = tmp_path / "sent"
        file.write_bytes(content)
        return identify(load_contracts().values(), file, name, tmp_path)

    return tell


def drop_in(drop: Drop, content: bytes, name: str) -> Path:
    return drop.put(content, f"../../incoming/{name}")


def place(drop: Drop) -> None:
    place_incoming(drop.folder, load_contracts().values(), drop.said.append, settle_seconds=0.2)


def names_in(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.rglob("*") if file.is_file())


@pytest.mark.parametrize(
    ("sent", "into"),
    [
        (NAME, NAME),
        ("2021-04-leicestershire-street (1).csv", NAME),
        ("Copy of 2021-04-Leicestershire-street - Copy (2).csv", "2021-04-Leicestershire-street.csv"),
        ("street.txt", NAME),
        ("John Smith's crimes", NAME),
    ],
)
def test_the_name_tells_or_the_rows_do(told: Callable[[bytes, str], Identified], sent: str, into: str) -> None:
    found = told(SOUND, sent)
    assert (found.feeds, found.name) == (("police/street_crime",), into)
    assert "John" not in found.why


def test_a_force_is_named_as_its_file_names_do(told: Callable[[bytes, str], Identified]) -> None:
    assert told(CUMBRIA, "a.csv").name == "2021-04-cumbria-street.csv"
    btp = file_of([row(number, month="Apr-21", falls_within="British Transport Police") for number in range(2, 9)])
    assert told(btp, "a.csv").name == "2021-04-btp-street.csv"


def test_every_force_of_england_and_wales_is_known_by_the_name_in_its_rows(tmp_path: Path) -> None:
    """Constabulary, Police or Police Service: the word follows the force, and no rule needs to know which."""
    forces = {one["supplier"]: one["force_name"] for one in seed_rows("areas", "police_forces")}
    names = {**{slug: f"{name} Constabulary" for slug, name in forces.items()}, **NAMED_OTHERWISE}
    assert len(names) == 43 + len(NAMED_OTHERWISE.keys() - forces.keys()) == 45
    for slug, name in names.items():
        file = tmp_path / "sent"
        file.write_bytes(file_of([row(2, falls_within=name)]))
        found = identify([load_contracts()["police/street_crime"]], file, "download.csv", tmp_path)
        assert found.name == f"2021-04-{slug}-street.csv"


def test_files_of_each_age_are_taken_in_whole(drop: Drop) -> None:
    """Crime types, Crime IDs and codes of LSOAs as the archive of data.police.uk has them, recounted with csv."""
    ages = {
        "2010-12": ("Anti-social behaviour", "Burglary", "Other crime", "Robbery", "Vehicle crime", "Violent crime"),
        "2011-09": ("Criminal damage and arson", "Drugs", "Public disorder and weapons", "Shoplifting", "Other theft"),
        "2013-04": ("Violent crime", "Public disorder and weapons", "Other theft"),
        "2013-05": ("Violence and sexual offences", "Public order", "Possession of weapons", "Theft from the person"),
        "2025-06": ("Bicycle theft", "Violence and sexual offences"),
    }
    sent = {}
    for month, kinds in ages.items():
        has_ids = month >= "2011-09"
        rows = [
            row(number, month=month, crime_type=kind, **({} if has_ids else {"crime_id": ""}))
            for number, kind in enumerate(kinds * 3, 2)
        ]
        sent[month] = len(list(csv.reader(io.StringIO(file_of(rows).decode())))) - 1
        drop_in(drop, file_of(rows), f"{month}-leicestershire-street (1).CSV")
    place(drop)
    taken = {receipt.period_start: receipt for receipt in drop.take_in().receipts}
    assert {start[:7]: receipt.rows_accepted for start, receipt in taken.items() if start} == sent
    assert {receipt.outcome for receipt in taken.values()} == {"accepted"}


def test_a_few_odd_rows_hide_no_period_and_many_do(told: Callable[[bytes, str], Identified]) -> None:
    months = ["2021-05", *["2021-04"] * 39]
    assert told(file_of([row(2 + one, month=month) for one, month in enumerate(months)]), "a.csv").name == NAME
    both = told(file_of([row(2 + one, month=f"2021-0{4 + one % 2}") for one in range(40)]), "a.csv")
    assert (both.feeds, both.name) == ((), None)
    assert both.why.endswith("but its rows are of several periods or suppliers. Send a file for each.")
    none = told(file_of([row(2, month="spring")]), "a.csv")
    assert none.feeds == ()
    assert "'2021-04-leicestershire-street.csv'" in none.why


@pytest.mark.parametrize("name", [one.file_name_example for c in load_contracts().values() for one in c.documents])
def test_every_document_is_known_by_its_header(told: Callable[[bytes, str], Identified], name: str) -> None:
    contract, document = next(
        (contract, document)
        for contract in load_contracts().values()
        for document in contract.documents
        if document.file_name_example == name
    )
    above = "explanation\r\n" * (document.header_row - 1)
    header = document.delimiter.join(f'"{one}"' for one in headers(document.document_id))
    content = f"{above}{header}\r\n".encode(document.encoding)
    found = told(content, name)
    assert (found.feeds, found.document, found.name) == ((contract.key,), document.document_id, name)
    assert told(content, "download.csv").document == document.document_id


def test_what_its_header_lacks_of_the_nearest_feed_is_told(told: Callable[[bytes, str], Identified]) -> None:
    header = ",".join(headers("police/street_crime")[:-1])
    found = told(file_of(["x"], header=header), NAME)
    assert found == Identified("of no feed: of the 12 columns of the nearest, police/street_crime, it lacks 'Context'.")
    assert told(b'{"type": "Topology", "arcs": [0, 1]}', "map.json").why == (
        "of no feed: its header has no column of any."
    )


def test_a_workbook_of_periods_needs_no_name(told: Callable[[bytes, str], Identified]) -> None:
    sheets = {"2023-24": [PERIODS_HEADER, *year_rows("2023/24")]}
    found = told(book(sheets), "Open data tables.xlsx")
    assert (found.feeds, found.name) == (("home_office/csp_recorded_crime",), "prc-csp-tables.xlsx")


def test_a_zip_goes_to_the_feed_of_its_members(told: Callable[[bytes, str], Identified]) -> None:
    members = {f"2021-04/{NAME}": SOUND, f"2021-04/{OUTCOMES}": b"x", f"2021-05/{MAY_NAME}": MAY}
    found = told(zip_of(members), "8a7f.zip")
    assert (found.feeds, found.name) == (("police/street_crime",), "8a7f.zip")
    assert found.why == (
        "a zip that holds 2 of police/street_crime, by header and name; 1 more, of none by header and name, not counted"
    )
    assert told(zip_of({OUTCOMES: b"x"}), "a.zip").feeds == ()
    estimates = b",".join(one.encode() for one in headers("ons/population")) + b"\r\n"
    mixed = told(zip_of({**members, "2008-mid-year-estimates.csv": estimates}), "a.zip")
    assert mixed.feeds == ()
    assert mixed.why.startswith("a zip of several feeds: 1 of ons/population, 2 of police/street_crime")
    assert told(b"PK\x03\x04 and no more", "a.zip").why.startswith("cannot be looked into: ")


def test_a_custom_download_goes_to_each_of_its_feeds(drop: Drop) -> None:
    """A member goes by what it is, under the name of a second copy too; no feed refuses those of the others."""
    forms = (FORM_OF_OUTCOMES, FORM_OF_SEARCHES)
    members = {f"2021-04/{one.name}": one.content([one.row(7_000_000 + n) for n in range(9)]) for one in forms}
    copy = OUTCOMES.replace(".csv", " (1).csv")
    members = {f"2021-04/{NAME}": SOUND, f"2021-04/{copy}": members.pop(f"2021-04/{OUTCOMES}"), **members}
    drop_in(drop, zip_of(members), "8a7f.zip")
    place(drop)
    feeds = ("police/outcomes", "police/stop_and_search", "police/street_crime")
    drops = [Drop(drop.folder, load_contracts()[feed]) for feed in feeds]
    found = {feed: outcomes(one.take_in().receipts) for feed, one in zip(feeds, drops, strict=True)}
    assert found == {
        "police/outcomes": {OUTCOMES: "accepted"},
        "police/stop_and_search": {SEARCHES: "accepted"},
        "police/street_crime": {NAME: "accepted"},
    }


def test_what_is_of_a_feed_is_taken_in_and_the_rest_stays(drop: Drop) -> None:
    drop_in(drop, SOUND, "2021-04/street (1).csv")
    drop_in(drop, zip_of({MAY_NAME: MAY, OUTCOMES: b"x"}), "custom download.zip")
    drop_in(drop, b"x,y\r\n1,2\r\n", "Jane Doe.csv")
    drop_in(drop, SOUND, "half.csv.part")
    place(drop)
    assert outcomes(drop.take_in().receipts) == {NAME: "accepted", MAY_NAME: "accepted"}
    assert names_in(drop.folder.incoming) == ["Jane Doe.csv", "half.csv.part"]
    left = by_reason(staying(drop.folder, load_contracts().values()))
    assert left == {"of no feed: its header has no column of any.": ["incoming/Jane Doe.csv"]}
    assert outside_every_feed(drop.folder, load_contracts()) == []
    assert "police/street_crime: 2 of landing/incoming/, found to be of this feed by what they hold" in drop.said
    assert not any("Jane" in line or "(1)" in line for line in drop.said)
    place(drop)
    assert drop.take_in().receipts == ()


def test_a_correction_replaces_and_the_same_bytes_again_change_nothing(drop: Drop) -> None:
    for content in (SOUND, file_of(sound_rows(41)), SOUND):
        drop_in(drop, content, "a.csv")
        place(drop)
        drop.take_in()
    assert [one.outcome for one in drop.receipts()] == ["accepted", "accepted", "duplicate"]


@pytest.mark.parametrize("step", ["move_in_place", "delete_from_landing"])
def test_an_interrupted_move_loses_nothing(
    drops: Callable[[], Drop], monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    undisturbed, drop = drops(), drops()
    for one in (undisturbed, drop):
        drop_in(one, SOUND, "a.csv")

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(incoming, step, die)
        with pytest.raises(KeyboardInterrupt):
            place(drop)
    # The intake of a feed may come before the move is repeated.
    drop.take_in()
    for one in (undisturbed, drop):
        place(one)
        one.take_in()
    assert drop.state() == undisturbed.state()
    assert names_in(drop.folder.incoming) == []


def test_personal_data_ends_in_quarantine_and_not_in_archive(drop: Drop) -> None:
    contract = load_contracts()["council/asb_cases"]
    header = ",".join([*headers(contract.key), "Surname"])
    people = Drop(drop.folder, contract)
    drop_in(drop, f"{header}\r\n".encode(), "2008-04-melton-asb-cases (1).csv")
    # Of no feed by its header; this one is nearest.
    nearest = ",".join([*headers(contract.key)[1:], "Surname", "Date of birth"])
    drop_in(drop, f"{nearest}\r\n".encode(), "our cases.csv")
    place(drop)
    receipts = people.take_in().receipts
    assert [one.carries_personal_data for one in receipts] == [True, True]
    assert names_in(drop.folder.landing) == []
    assert names_in(drop.folder.archive) == []
    # What has no column of any feed stays, and is told.
    drop_in(drop, PEOPLE, "people.csv")
    place(drop)
    (left,) = staying(drop.folder, load_contracts().values())
    assert left.why.endswith("seems to carry personal data that no feed agrees. Take it out of landing.")


def test_no_link_leads_out_of_landing(drop: Drop, tmp_path: Path) -> None:
    drop_in(drop, SOUND, "a.csv")
    (tmp_path / "elsewhere").mkdir()
    drop.landing.rmdir()
    drop.landing.symlink_to(tmp_path / "elsewhere")
    place(drop)
    assert names_in(drop.folder.incoming) == ["a.csv"]
    assert names_in(tmp_path / "elsewhere") == []


REAL = {
    "police_uk_2024/2024-01-cumbria-street.csv": "police/street_crime",
    "police_uk_2024/2024-01-btp-street.csv": "police/street_crime",
    "police_uk_outcomes/2014-03-metropolitan-outcomes.csv": "police/outcomes",
    "home_office/ons_la_crime_policeforceareatablesyejune25final.csv": "home_office/csp_headline_crime",
    "home_office/crime_data_by_csp.csv": None,
    "fire/afrs_attended_incidents_july_2014.csv": "fire/incidents",
    "population/humaniverse_households21_ltla21.csv": "ons/population",
    "population/humaniverse_population19_lsoa11_leics.csv": "ons/population",
    "population/humaniverse_population20_ltla21.csv": "ons/population",
    "population/nomis_NM_2002_1_mye_leics.tsv": None,
    "ons_lsoa21/trafford_mid_2022_la.csv": "ons/population",
    "ons_lsoa21/trafford_mid_2024_lsoa21.csv": "ons/population",
}


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"the real files are not there: {SHARED}")
@pytest.mark.parametrize(("file", "feed"), REAL.items(), ids=REAL)
def test_real_files_under_their_publishers_names(tmp_path: Path, file: str, feed: str | None) -> None:
    place = SHARED / file
    found = identify(load_contracts().values(), place, place.name, tmp_path)
    assert (found.feeds, found.name) == (((feed,), place.name) if feed else ((), None))


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"the real files are not there: {SHARED}")
def test_the_rows_of_real_street_files_tell_their_names(tmp_path: Path) -> None:
    for place in sorted((SHARED / "police_uk_2024").glob("*.csv")):
        assert identify(load_contracts().values(), place, "download", tmp_path).name == place.name


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"the real files are not there: {SHARED}")
def test_the_rows_of_real_estimates_tell_year_level_and_district(tmp_path: Path) -> None:
    for place in sorted((SHARED / "ons_lsoa21").glob("*.csv")):
        assert identify(load_contracts().values(), place, "estimates.csv", tmp_path).name == place.name


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"the real files are not there: {SHARED}")
def test_days_of_one_year_tell_the_year_of_real_collisions(tmp_path: Path) -> None:
    place = SHARED / "stats19/dft_collision_2023_excerpt_lancashire.csv"
    found = identify(load_contracts().values(), place, place.name, tmp_path)
    assert (found.feeds, found.name) == (("dft/collisions",), "dft-road-casualty-statistics-collision-2023.csv")


def test_a_street_file_of_before_2014_may_lack_what_came_later(told: Callable[[bytes, str], Identified]) -> None:
    found = told(OLD_STREET, "2012-04-avon-and-somerset-street.csv")
    assert (found.feeds, found.name) == (("police/street_crime",), "2012-04-avon-and-somerset-street.csv")
    assert "but 'Crime ID', 'Longitude', 'Latitude', 'LSOA code', 'LSOA name', 'Last outcome category'" in found.why
    assert told(OLD_STREET, "download.csv").name == "2012-04-avon-and-somerset-street.csv"


@pytest.mark.parametrize(
    ("content", "told_of_it"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "an old Excel workbook (.xls), not a CSV file. Export it"),
        (SOUND.decode().encode("utf-16"), "in UTF-16, not UTF-8. Save it"),
        (b"caf\xe9", "cannot be read as CSV"),
    ],
)
def test_what_is_no_text_is_told(told: Callable[[bytes, str], Identified], content: bytes, told_of_it: str) -> None:
    found = told(content, "download.csv")
    assert not found.feeds
    assert found.why.startswith("cannot be looked into: ")
    assert told_of_it in found.why
