"""The partners' release of the whole sample: exact, with the tables and rows of the public one, apart from it and for
its owner alone, and held with it by a check of either.
"""

import json
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from dagster import AssetCheckEvaluation, AssetCheckSeverity, AssetKey

from orchestration import releases
from orchestration.checks.gate import Check, read_checks
from orchestration.code_location import build_definitions
from orchestration.dbt.fork import forked_models
from orchestration.instance import open_instance
from orchestration.records.build_record import read_build_record
from sources.folder.data_folder import DataFolder, PartnersFolder
from sources.ledger.receipts import Ledger
from tests.csp import Installation
from tests.seeds import seed_rows

# The public form of these leaves rows out: that a count of people changed in a month is one already, and charts and
# funnels are of figures that are shown.
ROWS_LEFT_OUT = {"measure_values", "revisions", "revised_records", "control_charts", "funnel_limits"}


@pytest.fixture(scope="module")
def manifest(whole_sample: Installation) -> dict:
    return json.loads(next((whole_sample.root / "dbt" / "manifests").glob("*.json")).read_text())


@pytest.fixture(scope="module")
def both(whole_sample: Installation) -> Iterator[duckdb.DuckDBPyConnection]:
    """The two databases, as `public` and `exact`."""
    with duckdb.connect() as connection:
        twin = whole_sample.root / "partners" / "current" / "indicators.duckdb"
        connection.execute(f"attach '{whole_sample.database}' as public (read_only)")
        connection.execute(f"attach '{twin}' as exact (read_only)")
        yield connection


def published(manifest: dict) -> list[str]:
    exposure = next(one for one in manifest["exposures"].values() if one["name"] == "published_release")
    return sorted(manifest["nodes"][node]["name"] for node in exposure["depends_on"]["nodes"])


def key_of(manifest: dict, table: str) -> str:
    """Return the columns that dbt tests to be the key of a table; a delivery may come twice."""
    if table == "deliveries":
        return "agency, feed, supplier, period_start, received_at, status"
    named = table.removesuffix("_with_zeros")  # a view has the key of the table that it fills up
    [test] = [node for node in manifest["nodes"].values() if node["name"] == f"{named}_key_is_unique"]
    return ", ".join(test["test_metadata"]["kwargs"]["columns"])


def counted(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    return connection.execute(f"select count(*) from ({sql})").fetchall()[0][0]


def test_it_has_the_tables_the_columns_and_the_rows_of_the_public_one(
    both: duckdb.DuckDBPyConnection, manifest: dict
) -> None:
    columns = "select table_name, column_name, data_type, comment from duckdb_columns() where database_name = '{}'"
    assert sorted(both.execute(columns.format("public")).fetchall(), key=str) == sorted(
        both.execute(columns.format("exact")).fetchall(), key=str
    )
    for table in published(manifest):
        key = key_of(manifest, table)
        assert not counted(both, f"select {key} from public.{table} except all select {key} from exact.{table}"), table
        more = counted(both, f"select {key} from exact.{table} except all select {key} from public.{table}")
        assert bool(more) == (table in ROWS_LEFT_OUT), table


def test_what_no_rule_is_about_is_the_same_in_both(both: duckdb.DuckDBPyConnection, manifest: dict) -> None:
    forked = {manifest["nodes"][node]["name"] for node in forked_models(manifest)}
    without_rule = [row["measure_code"] for row in seed_rows("measures") if row["disclosure_rule"] == "none"]
    both.execute("create or replace temp table without_rule as select unnest($1) as measure_code", [without_rule])
    for table in set(published(manifest)) - forked:
        assert not counted(both, f"from public.{table} except all from exact.{table}"), table
        assert not counted(both, f"from exact.{table} except all from public.{table}"), table
    measures = "from {}.measure_values where measure_code in (from without_rule)"
    figures = """
        from {}.indicator_values where indicator_code in (
            select indicator_code from public.indicators
            where numerator_measure in (from without_rule)
                and (denominator_measure is null or denominator_measure in (from without_rule))
        )"""
    for shown in (measures, figures):  # what rests on too few respondents is hidden without a rule of its measure
        public = f"{shown.format('public')} and not is_suppressed"
        assert counted(both, public) > 10_000
        assert not counted(both, f"({public}) except all ({shown.format('exact')})")


def test_no_figure_in_it_is_hidden_and_each_is_what_its_rows_count(
    both: duckdb.DuckDBPyConnection, whole_sample: Installation
) -> None:
    for table in ("indicator_values", "measure_values", "deliveries", "agency_returns", "row_accounts"):
        assert counted(both, f"from public.{table} where is_suppressed"), table
        assert not counted(both, f"from exact.{table} where is_suppressed"), table
    rows = whole_sample.root / "lineage" / whole_sample.current / "counted_rows" / "*.parquet"
    both.execute(
        f"""
        create or replace temp table counted as
        select measure_code, area_code, month, sum(quantity) as counted
        from '{rows}', unnest(list_distinct(string_split(measure_codes, ', '))) as m(measure_code),
            unnest(list_distinct(string_split(area_codes, ', '))) as a(area_code)
        group by all
        """
    )
    exact = (
        "from exact.measure_values left join counted using (measure_code, area_code, month) "
        "where value is not null and abs(value - coalesce(counted, 0)) {} 1e-6"
    )
    assert counted(both, exact.format("<=")) > 100_000
    assert not counted(both, exact.format(">"))


def test_deliveries_have_the_numbers_that_the_ledger_has(
    both: duckdb.DuckDBPyConnection, whole_sample: Installation
) -> None:
    said = sorted(
        (receipt.agency, receipt.source_feed, receipt.rows_delivered, receipt.rows_accepted, receipt.rows_rejected)
        for receipt in Ledger(DataFolder(whole_sample.root)).receipts()
    )
    columns = "agency, feed, rows_delivered, rows_accepted, rows_rejected"
    assert sorted(both.execute(f"select {columns} from exact.deliveries").fetchall()) == said


def test_it_is_apart_and_for_its_owner_alone(whole_sample: Installation) -> None:
    folder, release_id = DataFolder(whole_sample.root), whole_sample.current
    twin = folder.partners / release_id
    assert (folder.partners / "current").readlink() == Path(release_id)
    assert {stat.S_IMODE(path.stat().st_mode) for path in [folder.partners, twin, *twin.rglob("*")]} == {0o700, 0o600}
    assert not releases.verify(folder, release_id)
    for reached in (folder.releases, folder.published):
        named = [path for path in reached.rglob("*") if "partners" in path.name and path.is_dir()]
        assert not named
    public = releases.read_manifest(folder, release_id)
    assert not [check for check in public["checks"] if check["asset"].startswith("partners/")]
    exact = releases.read_manifest(PartnersFolder(folder.root), release_id)
    assert {check["name"] for check in exact["checks"] if check["asset"] == "partners/marts/indicator_values"} == {
        check["name"] for check in public["checks"] if check["asset"] == "marts/indicator_values"
    }


def test_a_hidden_figure_is_asked_for_and_leads_to_its_rows(
    both: duckdb.DuckDBPyConnection, whole_sample: Installation
) -> None:
    [figure] = both.execute(
        "select indicator_code, area_code, period_label, exact.value from exact.indicator_values as exact "
        "join public.indicator_values as public using (indicator_code, area_code, period_type, period_label) "
        "join public.indicators using (indicator_code) "
        "where public.is_suppressed and exact.value is not null and exact.numerator > 0 "
        "and formula_kind in ('count', 'rate', 'percentage') order by all limit 1"
    ).fetchall()
    *names, value = figure
    where = "indicator_code = '{}' and area_code = '{}' and period_label = '{}'".format(*names)
    asked = whole_sample.csp("query", "--partners", "--format", "json", f"from indicator_values where {where}")
    assert [row["value"] for row in json.loads(asked.stdout)] == [value]
    traced = whole_sample.csp("trace", "--partners", *names)
    assert traced.returncode == 0, traced.stderr
    assert f"{value:,.6g}"[:3] in traced.stdout
    assert "with its twin for partners" in whole_sample.last_line("releases")


def release_alone(folder: Installation, monkeypatch: pytest.MonkeyPatch, partners: str) -> str:
    """Launch the release step alone and return how it ended."""
    monkeypatch.setenv("CSP_PARTNERS_RELEASE", partners)
    with open_instance(DataFolder(folder.root)) as instance:
        job = build_definitions(DataFolder(folder.root)).resolve_job_def("publish")
        job.execute_in_process(instance=instance, asset_selection=[AssetKey("release")], raise_on_error=False)
    return folder.ending()[0]


def test_a_failed_check_of_a_table_for_partners_holds_both(
    whole_sample: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The release that stands stays, and so does its twin; without the setting nobody asks that check."""
    folder = whole_sample.copy_to(tmp_path / "data")
    assert release_alone(folder, monkeypatch, "on") == "nothing new"
    key = Check("partners/marts/indicator_values", "indicator_values_key_is_unique")
    with open_instance(DataFolder(folder.root)) as instance:
        build = read_build_record(DataFolder(folder.root).build_record)
        assert build is not None
        reading = read_checks(instance, [key], build.run_id)[key]
        assert reading.passed
        instance.report_runless_asset_event(
            AssetCheckEvaluation(
                asset_key=AssetKey(key.asset.split("/")),
                check_name=key.name,
                passed=False,
                metadata={},
                severity=AssetCheckSeverity.ERROR,
            )
        )
    before = folder.current
    assert release_alone(folder, monkeypatch, "on") == "held"
    assert "indicator_values_key_is_unique on partners/marts/indicator_values failed" in folder.ending()[1]
    assert (folder.current, (folder.root / "partners" / "current").readlink().name) == (before, before)
    assert release_alone(folder, monkeypatch, "off") == "nothing new"


def test_a_lost_twin_is_made_again(whole_sample: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not without the setting; and the release itself stays what it is."""
    folder = whole_sample.copy_to(tmp_path / "data")
    twin, before = folder.root / "partners" / folder.current, folder.current
    shutil.rmtree(twin)
    assert release_alone(folder, monkeypatch, "off") == "nothing new"
    assert not twin.exists()
    assert release_alone(folder, monkeypatch, "on") == "nothing new"
    assert folder.current == before
    assert not releases.verify(DataFolder(folder.root), before)
    assert (folder.root / "partners" / "current").resolve() == twin.resolve()
