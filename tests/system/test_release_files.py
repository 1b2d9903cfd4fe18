"""What a release of the sample holds beside its database, read by the tools that people have."""

import gzip
from pathlib import Path

import duckdb
import pytest
from csvw import TableGroup
from frictionless import Package
from python_calamine import CalamineWorkbook

from sources.folder.data_folder import DataFolder, PartnersFolder
from tests.csp import Installation

ROWS = 2_000  # these tools are slow


@pytest.fixture
def release(whole_sample: Installation) -> Path:
    return DataFolder(whole_sample.root).current_release.resolve()


def test_the_twin_for_partners_has_the_same_files(whole_sample: Installation, release: Path) -> None:
    twin = PartnersFolder(whole_sample.root).current_release.resolve()
    csvs = [file.name for file in sorted((release / "csv").iterdir())]
    assert csvs == [file.name for file in sorted((twin / "csv").iterdir())]
    assert (twin / "csv" / "csv-metadata.json").read_bytes() == (release / "csv" / "csv-metadata.json").read_bytes()


def test_figures_of_the_workbook_are_those_of_the_table(whole_sample: Installation, release: Path) -> None:
    book = CalamineWorkbook.from_path(release / "indicators.xlsx")
    assert book.sheet_names == ["Cover", "Contents", "Notes", "Targets", "As at", "Years", "Deliveries"]
    rows = book.get_sheet_by_name("Years").to_python()
    header = next(number for number, row in enumerate(rows) if row[0] == "Indicator code")
    shown = [dict(zip(rows[header], row, strict=True)) for row in rows[header + 1 :]]
    assert len(shown) > 500
    query = """
        select round(value, coalesce(decimals, 2)), is_suppressed
        from indicator_values join indicators using (indicator_code)
        where indicator_code = ? and area_name = ? and period_label = ? and period_end = ?"""
    with duckdb.connect(str(whole_sample.database), read_only=True) as connection:
        for row in shown[::5]:
            key = [row["Indicator code"], row["Area"], row["Period"]]
            figures = connection.execute(query, [*key, row["To"]]).fetchall()
            expected = {value if value is not None else "[c]" if hidden else "[x]" for value, hidden in figures}
            assert row["Figure"] in expected, (key, figures)


def test_csvw_and_data_package_describe_every_table_rightly(release: Path, tmp_path: Path) -> None:
    described = TableGroup.from_file(release / "csv" / "csv-metadata.json")
    resources = {resource.name: resource for resource in Package(str(release / "datapackage.json")).resources}
    csvs = sorted(str(table.url).removesuffix(".csv") for table in described.tables)
    assert sorted(name for name, resource in resources.items() if resource.format == "csv") == csvs
    large = {name for name, resource in resources.items() if resource.format == "parquet"}
    assert large == {"indicator_values", "measure_values"} == resources.keys() - set(csvs)
    (tmp_path / "csv-metadata.json").write_bytes((release / "csv" / "csv-metadata.json").read_bytes())
    read = 0
    for table in TableGroup.from_file(tmp_path / "csv-metadata.json").tables:
        content = gzip.decompress((release / "csv" / f"{table.url}.gz").read_bytes())
        (tmp_path / str(table.url)).write_bytes(b"".join(content.splitlines(keepends=True)[: ROWS + 1]))
        assert all(column.common_props.get("dc:description") for column in table.tableSchema.columns), table.url
        if content.count(b"\n") <= ROWS:
            rows = sum(1 for _ in table.iterdicts(strict=True))
            report = resources[str(table.url).removesuffix(".csv")].validate()
            assert (report.valid, report.tasks[0].stats.get("rows", 0)) == (True, rows), report.flatten()
            read += 1
    assert read > 20
