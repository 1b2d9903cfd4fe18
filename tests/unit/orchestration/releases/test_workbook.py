"""The workbook of a release: no cell is empty or run, nothing depends on the clock, and it says what it is."""

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest
from python_calamine import CalamineWorkbook

from orchestration import releases
from orchestration.releases.workbook import build as workbook
from orchestration.releases.workbook.build import write_workbook
from sources.folder.data_folder import DataFolder
from tests.unit.orchestration.releases.warehouse import EXACT, TABLES, facts, overwrite

DAY = date(2022, 3, 31)
DELIVERIES = """
create table deliveries as
select 'police' as agency, 'incidents' as feed, 'a, receipt 1' as delivery_name, date '2020-04-01' as period_start,
    date '2020-04-30' as period_end, timestamp '2026-11-23 10:00:00' as received_at, 'partly_accepted' as status,
    100 as rows_delivered, 99 as rows_accepted, null::integer as rows_rejected, false as is_synthetic,
    false as is_suppressed, $reason as reason
union all
select 'pct', 'drugs', 'b, receipt 2', null, null, timestamp '2026-11-22', 'refused', null, null, null, true, true, null
"""


@pytest.fixture
def tables() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def written(connection: duckdb.DuckDBPyConnection, target: Path, is_exact: bool = False) -> CalamineWorkbook:
    write_workbook(connection, DAY, is_exact, target)
    return CalamineWorkbook.from_path(target)


def test_each_cell_has_its_value_or_says_why_it_has_none(tables: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    tables.execute(DELIVERIES, {"reason": None})
    book = written(tables, tmp_path / "a.xlsx")
    assert book.sheet_names == ["Cover", "Contents", "Notes", "Deliveries"]
    header, first, second = book.get_sheet_by_name("Deliveries").to_python()[-3:]
    assert header[-6:] == ["Status", "Rows", "Rows accepted", "Rows rejected", "Made-up figures", "Remark"]
    assert first[3:] == [
        date(2020, 4, 1),
        date(2020, 4, 30),
        date(2026, 11, 23),
        "partly accepted",
        100,
        99,
        "[x]",
        "No",
        "[z]",
    ]
    assert second[3:] == ["[z]", "[z]", date(2026, 11, 22), "refused", "[c]", "[c]", "[c]", "Yes", "[z]"]


def test_a_figure_as_at_the_date_carries_its_flags_and_note(tables: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    for table in ("target_vs_baseline", "ni_indicators", "apacs_indicators"):
        tables.execute(f"create table {table} as select 'E07000133' as area_code")
    tables.execute("create table neighbourhood_scorecard as select 'PN' as neighbourhood_code")
    tables.execute("create table indicators as select 'NI20' as indicator_code, 1 as decimals")
    tables.execute("""
        create table indicators_as_at as
        select
            'NI20' as indicator_code, 'Assault' as indicator_title, 'E07000133' as area_code, 'Melton' as area_name,
            'district' as area_level, '2008/09' as period_label, date '2008-10-31' as period_end, 50::double as value,
            false as is_suppressed, 'crimes' as unit, null as previous_period_label, null::double as previous_value,
            false as previous_is_suppressed, null::double as change, null::double as change_percent,
            null::boolean as is_significant, null as direction, false as is_complete, 'provisional' as status,
            true as comparable, 'unverified' as definition_status, true as is_synthetic, null as why_no_figure,
            'nothing of the year before' as why_no_comparison, 'counts to the nearest 5' as note
    """)
    header, row = written(tables, tmp_path / "a.xlsx").get_sheet_by_name("As at").to_python()[-2:]
    shown = dict(zip(header, row, strict=True))
    assert (shown["Complete"], shown["Status"], shown["Made-up figures"]) == ("No", "provisional", "Yes")
    assert shown["Remark"] == "nothing of the year before; counts to the nearest 5"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        *((start + "1+1", start + "1+1") for start in ("=", "+", "-", "@")),
        ("[here](http://example.org) and [there](x)", "[here] (http://example.org) and [there] (x)"),
        ("http://example.org/a", "http://example.org/a"),
        ("$$chance$$", "$$chance$$"),
        ("…", "[z]"),
        ("a" * 40_000, "a" * 32_000),
    ],
)
def test_a_text_is_a_text(tables: duckdb.DuckDBPyConnection, tmp_path: Path, text: str, shown: str) -> None:
    tables.execute(DELIVERIES, {"reason": text})
    book = written(tables, tmp_path / "a.xlsx")
    assert book.get_sheet_by_name("Deliveries").to_python()[-2][-1] == shown
    with zipfile.ZipFile(tmp_path / "a.xlsx") as parts:
        sheets = [parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
    assert [sheet for sheet in sheets if b"<f>" in sheet] == []
    assert b"<hyperlink " not in sheets[-1]


def test_the_same_tables_give_the_same_bytes(tables: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    tables.execute(DELIVERIES, {"reason": "late"})
    for name in ("a.xlsx", "b.xlsx"):
        written(tables, tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as parts:
        assert b"2022-03-31T00:00:00Z" in parts.read("docProps/core.xml")
        assert {part.date_time[0] for part in parts.infolist()} == {1980}


def test_a_sheet_is_bounded_and_says_where_the_rest_is(
    tables: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "SHEET_ROWS", 1)
    tables.execute(DELIVERIES, {"reason": None})
    rows = written(tables, tmp_path / "a.xlsx").get_sheet_by_name("Deliveries").to_python()
    assert (rows[-2][0], rows[-1][0]) == ("Agency", "police")
    assert "The first 1 rows; csv/deliveries.csv.gz" in rows[2][0]


def test_tables_that_are_not_there_make_no_sheet(tables: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Nor do those of the release before, which may be attached beside them."""
    tables.execute("attach ':memory:' as before")
    tables.execute("create table before.deliveries as select 1 as agency")
    assert written(tables, tmp_path / "a.xlsx").sheet_names == ["Cover"]


def test_release_and_twin_have_their_own_and_say_for_whom(tmp_path: Path, folder: DataFolder) -> None:
    def write(connection: duckdb.DuckDBPyConnection, is_exact: bool, target: Path) -> None:
        connection.execute("select note from indicator_values")
        with duckdb.connect() as nothing:
            write_workbook(nothing, DAY, is_exact, target)

    told = replace(facts(), write_workbook=write)
    release = releases.build_release(folder, folder.warehouse, TABLES, told, EXACT)
    shown = [
        str(
            CalamineWorkbook.from_path(root / release.release_id / "indicators.xlsx")
            .get_sheet_by_name("Cover")
            .to_python()
        )
        for root in (folder.releases, folder.partners)
    ]
    assert ["For partners alone" in text for text in shown] == [False, True]
    assert releases.verify(folder, release.release_id) == []
    overwrite(release.path / "indicators.xlsx", b"x")
    assert [problem.where for problem in releases.verify(folder, release.release_id)] == ["indicators.xlsx"]
