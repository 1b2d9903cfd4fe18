"""A warehouse of two tables, and releases built from it."""

from dataclasses import replace
from pathlib import Path

import duckdb

from orchestration import releases
from orchestration.releases import CheckResult, Described, Exact, Release, ReleaseFacts
from sources.folder.data_folder import DataFolder

Published = tuple[DataFolder, Release, Release]  # the release before, and the current one
TABLES = ["indicator_values", "deliveries"]
DICTIONARY = {
    "indicator_values": Described(
        "The analyst's figures. One row per area.", {"value": "The figure; not a count"}, ("area_code", "period_start")
    )
}
CHECKS = [
    CheckResult("marts/indicator_values", "unique", "error", True, "2026-11-23T10:00:01+00:00", "No area twice."),
    CheckResult("raw/police/street_crime", "on_time", "warn", False, "2026-11-23T10:00:02+00:00", "A month is late."),
    CheckResult("marts/deliveries", "whole", "warn", True, "2026-11-23T10:00:03+00:00", "Nothing was refused."),
]
WAREHOUSE = """
create schema marts;
create schema partners_marts;
create schema intermediate;
create schema restricted;
create table marts.indicator_values as
select 'E0700013' || (i % 7) as area_code, date '2020-04-01' + i::int as period_start,
    i / 7.0::double as value, case when i % 3 = 0 then null else 'a "quoted", note' end as note,
    i % 2 = 0 as is_complete
from range(100) as numbers(i);
create table partners_marts.indicator_values as
select * replace (coalesce(note, 'exact') as note) from marts.indicator_values;
create table marts.deliveries as
select repeat('a', 64) as file_sha256, 'police' as agency, 'police/street_crime' as feed,
    'a, receipt 1' as delivery_name,
    date '2020-04-01' as period_start, date '2020-04-30' as period_end,
    timestamptz '2026-11-23 10:00:00+00' as received_at, 100 as rows_delivered, 99 as rows_accepted,
    1 as rows_rejected, 'partly_accepted' as status, null::varchar as reason;
create table intermediate.rows_of_deliveries as select i from range(100) as numbers(i);
create view restricted.counted_rows as
select 'police/street_crime' as feed, repeat('a', 64) as file_sha256, 100 - i as row_number,
    date '2020-06-01' - (i // 50)::integer * 31 as month,
    ['OD-BURGLARY'] as measure_codes
from "warehouse"."intermediate"."rows_of_deliveries";
create table restricted.indicator_components as select 'GAP' as indicator_code, 1 as component_number;
create table restricted.age_group_weights as select 'all_ages' as measure_code, 8000 as weight;
"""


EXACT = Exact(
    ["indicator_values"],
    [
        *CHECKS,
        CheckResult("partners/marts/indicator_values", "unique", "error", True, "2026-11-23T10:00:04+00:00", "3"),
    ],
)


def facts(as_at: str = "2022-03-31") -> ReleaseFacts:
    return ReleaseFacts(
        as_at=as_at,
        run_id="run-1",
        input_fingerprint="f1",
        git_commit="0" * 40,
        versions={"duckdb": duckdb.__version__},
        checks=CHECKS,
        dictionary=DICTIONARY,
    )


def build(folder: DataFolder, as_at: str = "2022-03-31", beside_current: bool = False) -> Release:
    told = replace(facts(as_at), beside_current=beside_current)
    return releases.build_release(folder, folder.warehouse, TABLES, told)


def build_and_publish(folder: DataFolder) -> Release:
    return releases.publish(folder, build(folder).release_id, reason="test")


def build_pair(folder: DataFolder, as_at: str = "2022-03-31") -> Release:
    return releases.build_release(folder, folder.warehouse, TABLES, facts(as_at), EXACT)


def change_warehouse(folder: DataFolder, sql: str) -> None:
    with duckdb.connect(str(folder.warehouse)) as connection:
        connection.execute(sql)


def overwrite(path: Path, content: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(content)
