"""Population estimates in the layouts of their publishers: each gives the estimates that it was made from."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from sources.contract.load import load_contracts
from sources.folder.data_folder import DataFolder
from sources.intake.identify import identify
from sources.intake.incoming import place_incoming
from tests.places import SHARED

from .conftest import Drop
from .test_workbooks import Cell, workbook

FEED = "ons/population"
AGES = [*map(str, range(90)), "90+"]
SEXES = ("Females", "Males")
DISTRICTS = {"E06000063": "Cumberland", "E07000133": "Melton", "W06000001": "Isle of Anglesey"}
LSOAS = {"E01025890": "Melton 003A", "E01035000": "Melton 009F"}
Rows = list[list[Cell]]


def people(code: str, year: int, sex: str, age: int) -> int:
    """Return an estimate that differs by area, year, sex and age; some need a separator of thousands."""
    return 900 + 7 * age + 3 * (year - 2000) + 11 * SEXES.index(sex) + sum(map(int, code[1:]))


def of_ages(code: str, year: int, sex: str) -> list[int]:
    ages = range(len(AGES))
    if sex == "Persons":
        return [people(code, year, "Females", age) + people(code, year, "Males", age) for age in ages]
    return [people(code, year, sex, age) for age in ages]


def text(rows: Rows, delimiter: str = ",", above: str = "", encoding: str = "utf-8") -> bytes:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    return (above + stream.getvalue()).encode(encoding)


def by_local_authority() -> bytes:
    """Write the workbook of one year: sheets of both sexes and each, a title and notes above the header."""
    sheets: dict[str, Sequence[Sequence[Cell]]] = {"Contents": [["Population estimates, mid-2001 to mid-2023"]]}
    for sheet in ("Persons", "Females", "Males"):
        rows: Rows = [
            [code, name, "Unitary Authority", sum(ages := of_ages(code, 2023, sheet)), *ages]
            for code, name in {"K02000001": "UNITED KINGDOM", **DISTRICTS}.items()
        ]
        title: Rows = [[f"MYE2: Population estimates by single year of age, {sheet.lower()}, mid-2023"], [], ["Notes"]]
        header: list[Cell] = ["Code", "Name", "Geography", "All ages", *map(int, AGES[:-1]), "90+"]
        sheets[f"MYE2 - {sheet}"] = [*title, header, *rows, [], ["Source: ONS"]]
    sheets["MYE5"] = [
        ["Code", "Name", "Geography", "Area (sq km)", "2023 people per sq. km"],
        ["E07000133", "x", "y", 481, 108],
    ]
    return workbook(sheets)


def by_lsoa() -> bytes:
    """Write the workbook by LSOA of 2021: a sheet a year, sexes and ages in columns."""
    header: list[Cell] = ["LAD 2021 Code", "LAD 2021 Name", "LSOA 2021 Code", "LSOA 2021 Name", "Total"]
    header += [f"{sex}{age}" for sex in "FM" for age in range(91)]
    sheets: dict[str, Sequence[Sequence[Cell]]] = {}
    for year in (2021, 2022):
        rows: Rows = []
        for code, name in LSOAS.items():
            ages = [*of_ages(code, year, "Females"), *of_ages(code, year, "Males")]
            rows.append(["E07000133", "Melton", code, name, sum(ages), *ages])
        sheets[f"Mid-{year} LSOA 2021"] = [[f"Mid-{year} population estimates"], ["Source: ONS"], [], header, *rows]
    return workbook(sheets)


def detailed_series(sexes: Sequence[str] = ("F", "M"), title: str = "") -> bytes:
    """Write the series of all years: a row an area, sex and age, a column a year."""
    years = range(2011, 2024)
    rows: Rows = [["ladcode23", "laname23", "country", "sex", "age", *(f"population_{year}" for year in years)]]
    for code, name in DISTRICTS.items():
        for letter, sex in zip(sexes, SEXES, strict=True):
            for age in range(91):
                rows.append([code, name, code[0], letter, age, *(people(code, year, sex, age) for year in years)])
    return text(rows, above=title)


def nomis_below_each_other() -> bytes:
    """Write what nomis hands out: a table for each date and sex, and lines about it above each."""
    parts = []
    for year in (2022, 2023):
        for sex in ("Male", "Female"):
            above = f'"Estimates"\n"[from Nomis on 3 May 2025]"\n\n"date:","{year}"\n"gender:","{sex}"\n\n'
            rows: Rows = [["Area", "mnemonic", "All Ages", *(f"Age {age}" for age in range(90)), "Aged 90+"]]
            for code, name in DISTRICTS.items():
                ages = of_ages(code, year, f"{sex}s")
                rows.append([name, code, f"{sum(ages):,}", *(f"{one:,}" for one in ages)])
            parts.append(text(rows, above=above).decode() + "\n")
    return "".join(parts).encode()


def nomis_lines() -> bytes:
    """Write what the programming interface of nomis gives: a row an estimate, codes beside names."""
    rows: Rows = [
        [
            "DATE_NAME",
            "GEOGRAPHY_NAME",
            "GEOGRAPHY_CODE",
            "GENDER",
            "GENDER_NAME",
            "C_AGE_NAME",
            "MEASURES_NAME",
            "OBS_VALUE",
        ]
    ]
    for code, name in DISTRICTS.items():
        for number, sex in enumerate(("Total", "Male", "Female")):
            ages = of_ages(code, 2022, "Persons" if sex == "Total" else f"{sex}s")
            rows += [
                ["2022", name, code, number, sex, label, "Value", estimate]
                for label, estimate in zip(
                    ["All Ages", *(f"Age {age}" for age in range(90)), "Aged 90+"], [sum(ages), *ages], strict=True
                )
            ]
    return text(rows, encoding="utf-8-sig")


def a_file_of_several(
    year_header: str, sex_header: str, words: Sequence[str], day: str = "{}-06-30", thousands: bool = True
) -> bytes:
    """Write districts and years one below another, a column an age, with columns that nobody asked for."""
    rows: Rows = [
        [
            year_header,
            "area_code",
            "area_name",
            "note",
            sex_header,
            "All Ages",
            *(f"age_{age}" for age in range(90)),
            "age_90_and_over",
        ]
    ]
    for year in (2020, 2021):
        for code, name in DISTRICTS.items():
            for word, sex in zip(words, ("Persons", *SEXES), strict=True):
                ages = of_ages(code, year, sex)
                rows.append(
                    [
                        day.format(year),
                        code,
                        name,
                        "x",
                        word,
                        *(f"{one:,}" if thousands else one for one in [sum(ages), *ages]),
                    ]
                )
    return text(rows, encoding="utf-8-sig")


def ons_data_set() -> bytes:
    """Write a version of a data set of the ONS: names and codes of the same things, an age in words."""
    rows: Rows = [
        [
            "v4_0",
            "calendar-years",
            "Time",
            "administrative-geography",
            "Geography",
            "sex",
            "Sex",
            "single-year-of-age",
            "Age",
        ]
    ]
    for code, name in DISTRICTS.items():
        for sex in ("all", "male", "female"):
            ages = of_ages(code, 2021, {"all": "Persons", "male": "Males", "female": "Females"}[sex])
            rows += [
                [estimate, 2021, 2021, code, name, sex, sex.title(), age.lower(), age]
                for age, estimate in zip(["Total", *AGES], [sum(ages), *ages], strict=True)
            ]
    return text(rows)


SERIES = "MYEB1_detailed_population_estimates_series_UK_(2023).csv"
LAYOUTS: dict[str, tuple[str, Callable[[], bytes], Sequence[int]]] = {
    "workbook by local authority": ("mye23tablesew.xlsx", by_local_authority, [2023]),
    "workbook by LSOA": ("sapelsoasyoa20212022.xlsx", by_lsoa, [2021, 2022]),
    "detailed series": (SERIES, detailed_series, range(2011, 2024)),
    "sexes as numbers": ("a.csv", lambda: detailed_series("21", "Annual mid-year estimates\n"), range(2011, 2024)),
    "nomis, table below table": ("nomis_2025_05_03.csv", nomis_below_each_other, [2022, 2023]),
    "nomis, lines": ("data.csv", nomis_lines, [2022]),
    "ONS data set": ("mid-year-pop-est-2021-v3.csv", ons_data_set, [2021]),
    "years below each other": ("all.csv", lambda: a_file_of_several("Year", "gender", "PFM", "{}"), [2020, 2021]),
    "words": ("a.csv", lambda: a_file_of_several("Mid-year", "Sex", ["All persons", "female", "MALE"]), [2020, 2021]),
}


@pytest.fixture
def drop(tmp_path: Path) -> Drop:
    return Drop(DataFolder(tmp_path / "data"), load_contracts()[FEED])


def taken_in(drop: Drop, content: bytes, name: str) -> None:
    drop.put(content, f"../../incoming/{name}")
    place_incoming(drop.folder, load_contracts().values(), drop.said.append, settle_seconds=0.2)
    drop.take_in()


def estimates(drop: Drop) -> Iterator[tuple[str, int, str, list[int]]]:
    """Yield area, year, sex and the estimates: all ages, then each age that is there."""
    ages = ", ".join(f"age_{age}" for age in range(90))
    years = {one.file_sha256: int(str(one.period_start)[:4]) for one in drop.receipts()}
    columns = f"file_sha256, area_code, sexes, [all_ages, {ages}, age_90_and_over]"
    for sha256, code, sex, numbers in drop.raw(columns, "ALL"):
        assert isinstance(numbers, list)
        yield str(code), years[str(sha256)], str(sex), [int(one) for one in numbers if one is not None]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_table_gives_the_estimates_that_it_was_made_from(drop: Drop, layout: str) -> None:
    name, content, years = LAYOUTS[layout]
    areas = LSOAS if layout.endswith("LSOA") else DISTRICTS
    taken_in(drop, content(), name)
    assert {(one.outcome, one.rows_rejected) for one in drop.receipts()} == {("accepted", 0)}, drop.receipts()
    found = list(estimates(drop))
    assert {(code, year) for code, year, *_ in found if not code.startswith("K")} == {
        (c, y) for c in areas for y in years
    }
    told = set()
    for code, year, sex, (total, *ages) in found:
        expected = of_ages(code, year, sex)
        assert total == sum(expected)
        assert ages in ([expected, []] if sex == "Persons" else [expected]), (code, year, sex)
        told.add((code, year, sex))
    assert len(told) == len(found)
    assert {sex for *_, sex in told} in ({"Persons", *SEXES}, set(SEXES))
    assert {one for (one,) in drop.raw("DISTINCT series_to", "ALL")} == {max(years)}


def test_a_row_tells_in_which_row_it_was_sent(drop: Drop) -> None:
    taken_in(drop, by_lsoa(), "a.xlsx")
    assert drop.raw("DISTINCT sent_as", "ALL") == [
        (f"Mid-{year} LSOA 2021, row {row}",) for year in (2021, 2022) for row in (5, 6)
    ]


def test_the_same_areas_to_a_later_year_stand_beside_the_earlier_table(drop: Drop) -> None:
    taken_in(drop, nomis_lines(), "first.csv")
    taken_in(drop, detailed_series(), "later.csv")
    of_2022 = [one for one in drop.receipts() if one.period_start == "2022-01-01"]
    assert [one.file_name for one in of_2022] == [
        f"mid-year-estimates-2022-e06000063-3-to-{year}.csv" for year in (2022, 2023)
    ]


def test_a_table_without_its_year_stays_unless_its_name_tells(tmp_path: Path) -> None:
    rows: Rows = [["Area", "Code", *AGES], ["Melton", "E07000133", *of_ages("E07000133", 2022, "Persons")]]
    file = tmp_path / "sent"
    file.write_bytes(text(rows, delimiter=";"))
    known = load_contracts().values()
    nameless = identify(known, file, "estimates.csv", tmp_path)
    assert (nameless.feeds, nameless.document) == ((), f"{FEED}.published")
    assert nameless.why.endswith("nothing tells the year. Name it as in 'population-estimates-mid-2022.csv'.")
    assert identify(known, file, "Melton mid 2019.csv", tmp_path).name == "population-estimates-mid-2019.csv"


@pytest.mark.parametrize(
    "table",
    [
        "Area Code,Area Name,Time period,Value,Lower CI,Upper CI,Count\nE07000133,Melton,2019,9,8,10,5\n",
        "CSP code,Code,Offences,Burglary,Theft,Drugs,Population\nE22000001,E07000133,1,2,3,4,5\n",
        "Code,Name,2011,2012,2013\nE07000133,Melton,1,2,3\n",
        "Code,Age 0 to 15,Age 16 to 64,Age 65+,Total\nE07000133,1,2,3,6\n",
    ],
    ids=["an indicator", "crimes beside a population", "years of anything", "bands"],
)
def test_other_tables_are_no_estimates(tmp_path: Path, table: str) -> None:
    file = tmp_path / "sent"
    file.write_text(table)
    assert not identify(load_contracts().values(), file, "mid-2019.csv", tmp_path).feeds


def test_one_sex_alone_is_refused(drop: Drop) -> None:
    lines = detailed_series().decode().splitlines(keepends=True)
    taken_in(drop, "".join(line for line in lines if ",M," not in line).encode(), "a.csv")
    reasons = {reason.told["rule"] for one in drop.receipts() for reason in one.reasons if "rule" in reason.told}
    assert {one.outcome for one in drop.receipts()} == {"refused"}, reasons


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real files are not here")
def test_the_trafford_form_is_read_alike(drop: Drop) -> None:
    """Under its own document and as a table: another name of one column makes no other figure."""
    sent = (SHARED / "ons_lsoa21" / "trafford_mid_2022_lsoa21.csv").read_bytes()
    taken_in(drop, sent, "a.csv")
    taken_in(drop, sent.replace(b",sex,", b",Gender,"), "b.csv")
    assert [one.rows_accepted for one in drop.receipts()] == [417, 417]
    own, table = (
        [row for row in drop.raw("file_sha256, area_code, sexes, all_ages, age_7", "ALL") if row[0] == sha]
        for sha in [one.file_sha256 for one in drop.receipts()]
    )
    assert [row[1:] for row in own] == [row[1:] for row in table]
