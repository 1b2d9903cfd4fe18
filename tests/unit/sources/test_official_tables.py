"""Tables of the Home Office and of ONS as published, through landing/incoming/ under their publishers' names."""

import csv
import io
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from sources.contract.load import load_contracts
from sources.folder.data_folder import DataFolder
from sources.intake.incoming import place_incoming
from sources.reading import limits
from sources.reasons.reason import for_owner

from .conftest import Drop
from .feed_forms import TABLE_C2
from .ods_files import TYPE, document, ods
from .test_workbooks import Cell, workbook

COUNTS, HEADLINES = "home_office/csp_recorded_crime", "home_office/csp_headline_crime"
HEADER: list[Cell] = [
    "Financial Year", "Financial Quarter", "Force Name", "CSP Name", "Offence Description", "Offence Group",
    "Offence Subgroup", "Offence Code", "Offence Count",
]  # fmt: skip
OFFENCES = [
    ("Assault with injury", "Violence against the person", "Violence with injury", "8N"),
    ("Residential burglary of a home", "Theft offences", "Residential burglary", "028E"),
    ("Manslaughter", "Violence against the person", "Homicide", 4.1),
    ("Shoplifting", "Theft offences", "Shoplifting", 46),
]
PLACES = [("Leicestershire", "Melton"), ("Cumbria", "Cumberland"), ("Leicestershire", "Unassigned - Leicestershire")]
NOTES: list[list[Cell]] = [["Police recorded crime open data tables"], [""], ["Updated: 24 July 2025"]]
WORKBOOKS = {".xlsx": workbook, ".ods": ods}


def year(name: str, revised: int = 0) -> list[list[Cell]]:
    """Return the sheet of a financial year: some counts are negative, some written with thousands separators."""
    rows: list[list[Cell]] = [HEADER]
    for quarter in (1, 2, 3, 4):
        for place, (force, csp) in enumerate(PLACES):
            for number, (what, group, subgroup, code) in enumerate(OFFENCES):
                count: Cell = (
                    "1,204 " if number == 3 and place == 1 else 7 * number - 3 * place + revised * (quarter == 2)
                )
                rows.append([name, quarter, force, csp, what, group, subgroup, code, count])
    return rows


def published(suffix: str, revised: int = 0) -> bytes:
    sheets = {
        "Contents": NOTES,
        "2022-23": year("2022/23"),
        "2023-24": year("2023/24", revised),
        "2023-24 notes": NOTES,
    }
    return WORKBOOKS[suffix](sheets)


def independent(rows: list[list[Cell]], quarter: int) -> Counter[str]:
    """Return the sum of each partnership in a quarter of a sheet."""
    totals: Counter[str] = Counter()
    for row in rows[1:]:
        if row[1] == quarter:
            totals[str(row[3])] += int(str(row[8]).replace(",", ""))
    return totals


@pytest.fixture
def drop(tmp_path: Path) -> Drop:
    return Drop(DataFolder(tmp_path / "data"), load_contracts()[COUNTS])


def place(drop: Drop, content: bytes, name: str) -> None:
    drop.put(content, f"../../incoming/{name}")
    place_incoming(drop.folder, load_contracts().values(), drop.said.append, settle_seconds=0.2)


@pytest.mark.parametrize("suffix", WORKBOOKS)
@pytest.mark.parametrize("name", ["prc-csp-mar21-mar25-tables", "prc-csp-0708-to-1011-tabs", "open data (1)"])
def test_a_workbook_of_years_goes_in_as_published(drop: Drop, suffix: str, name: str) -> None:
    place(drop, published(suffix), f"{name}{suffix}")
    receipts = drop.take_in().receipts
    assert [(one.outcome, one.rows_accepted) for one in receipts] == [("accepted", 12)] * 8, for_owner(
        receipts[0].reasons
    )
    assert [one.period_start for one in receipts[:2]] == ["2022-04-01", "2022-07-01"]
    for sheet in ("2022/23", "2023/24"):
        for quarter in (1, 2, 3, 4):
            totals: Counter[str] = Counter()
            for csp, number, *of in drop.raw("csp_name, number_of_offences, financial_year, financial_quarter"):
                totals[str(csp)] += int(str(number)) if of == [sheet, quarter] else 0
            assert totals == independent(year(sheet), quarter)
    assert min(int(str(number)) for (number,) in drop.raw("number_of_offences")) < 0
    assert {code for (code,) in drop.raw("offence_code")} == {"8N", "028E", "4.1", "46"}


def test_a_quarter_revised_later_replaces_that_quarter_alone(drop: Drop) -> None:
    place(drop, published(".ods"), "prc-csp-mar21-mar24-tables-250724.ods")
    drop.take_in()
    place(drop, published(".ods", revised=5), "prc-csp-mar21-mar25-tables-240725.ods")
    receipts = drop.take_in().receipts
    assert [one.period_start for one in receipts if one.outcome == "accepted"] == ["2023-07-01"]


def test_a_year_without_its_columns_is_missed_and_a_sheet_under_another_name_is_found(drop: Drop) -> None:
    place(drop, ods({"Notes": NOTES, "Table 1": year("2023/24")}), "prc-csp-tables.ods")
    assert len(drop.take_in().receipts) == 4
    lacking = [row[1:] for row in year("2022/23")]
    receipt = drop.take(ods({"2023-24": year("2023/24"), "2022-23": lacking}), "prc-csp-later-tables.ods")
    assert (receipt.outcome, receipt.reasons[0].code) == ("refused", "sheet_without_periods")


def zipped(content: str, manifest: str = "<manifest/>") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", TYPE)
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return buffer.getvalue()


ROWS, COLUMNS = ' table:number-rows-repeated="{}"', ' table:number-columns-repeated="9999"'
FULL_ROW = '<table:table-row{}><table:table-cell office:value-type="float" office:value="1"{}/></table:table-row>'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (ods({"2023-24": [HEADER]}, FULL_ROW.format(ROWS.format(9999999), "")), "workbook_sheet_too_large"),
        (ods({"2023-24": [HEADER]}, FULL_ROW.format(ROWS.format(9999), COLUMNS)), "workbook_sheet_too_large"),
        (zipped("<!DOCTYPE a><a/>"), "workbook_document_type"),
        (zipped("<a><b></a>"), "workbook_damaged"),
        (zipped(document(""), "<encryption-data/>"), "workbook_protected"),
    ],
    ids=["rows", "columns", "document type", "no XML", "encrypted"],
)  # fmt: skip
def test_a_document_that_would_take_all_memory_is_refused(drop: Drop, content: bytes, code: str) -> None:
    assert limits.MAXIMUM_CELLS < 9999 * 9999
    receipt = drop.take(content, "prc-csp-tables.ods")
    assert (receipt.outcome, receipt.reasons[0].code) == ("refused", code)


def test_a_document_in_a_feed_that_takes_none_is_looked_at_for_personal_data(tmp_path: Path) -> None:
    drop = Drop(DataFolder(tmp_path / "data"), load_contracts()["police/recorded_crime"])
    note = "<office:annotation><text:p>Jane Doe, date of birth 03/02/1990</text:p></office:annotation>"
    more = f'<table:table-row><table:table-cell office:value-type="string">{note}</table:table-cell></table:table-row>'
    assert drop.take(ods({"2023-24": year("2023/24")}, more), "2008-04-leicestershire-melton.ods").carries_personal_data


def c2(title: str, lines_above: int = 6) -> list[list[Cell]]:
    """Return table C2 of two partnerships with this title."""
    header: list[Cell] = [f"{name} [note 4]" if name == "Homicide" else name for name in TABLE_C2.sound]
    rows: list[list[Cell]] = [list(TABLE_C2.row(n)) for n in (1, 2)]
    return [[title], *[["explanation"]] * lines_above, header, *rows]


TITLE = "Table C2: Number of police recorded crimes for headline offences by CSP area, year ending {} [note 1][note 2]"


def as_csv(rows: list[list[Cell]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


@pytest.mark.parametrize(
    "name", ["policeforceareatablesyemar25final", "policeforceareatablesyemarch25final", "table c2"]
)
@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".ods"])
@pytest.mark.parametrize("lines_above", [2, 6, 9])
def test_the_title_tells_the_year(tmp_path: Path, name: str, suffix: str, lines_above: int) -> None:
    drop = Drop(DataFolder(tmp_path / "data"), load_contracts()[HEADLINES])
    rows = c2(TITLE.format("March 2025"), lines_above)
    sheets = {"Cover": [["Police force area data tables"]], "Notes": [["note 1"]], "Table C2": rows}
    content = as_csv(rows) if suffix == ".csv" else WORKBOOKS[suffix](sheets)
    place(drop, content, f"{name}{suffix}")
    (receipt,) = drop.take_in().receipts
    assert (receipt.outcome, receipt.period_start, receipt.period_end, receipt.rows_accepted) == (
        "accepted", "2024-04-01", "2025-03-31", 2,
    ), for_owner(receipt.reasons)  # fmt: skip
    header = lines_above + 2
    assert [row for (row,) in drop.raw("row_number")] == [header + 1, header + 2] or suffix == ".csv"
    assert drop.raw("total_recorded_crime, homicide") == [(3416.0, None)] * 2


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("Table C3: Rate of police recorded crimes per 1,000 population, year ending June 2025", "title_other"),
        (TITLE.format("March 2025"), "title_of_other_period"),
        ("explanation", "title_other"),
    ],
)
def test_a_table_of_another_title_counts_for_nothing(tmp_path: Path, title: str, code: str) -> None:
    drop = Drop(DataFolder(tmp_path / "data"), load_contracts()[HEADLINES])
    receipt = drop.take(as_csv(c2(title)), "policeforceareatablesyejune25final.csv")
    assert (receipt.outcome, receipt.reasons[0].code) == ("refused", code)
