"""A PostgreSQL server, and a data folder of two releases with one row for each oddity that a value can have."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from orchestration import releases
from orchestration.releases import Described
from sources.folder.data_folder import DataFolder
from tests.postgres import Database, fresh_database, running_server
from tests.unit.orchestration.releases.warehouse import EXACT, WAREHOUSE, change_warehouse, facts

TABLES = ["areas", "deliveries", "indicator_values", "oddities"]
FIRST, SECOND = "2022-03-31.1", "2022-03-31.2"
ODDITIES = r"""
create table marts.areas as select distinct area_code, 'Area "' || area_code || '"' as name
from marts.indicator_values;
create table marts.oddities as
select i::integer as id, text, double_value, float_value::float as float_value, amount::decimal(18, 4) as amount,
    whole::hugeint as whole, big::ubigint as big, small::tinyint as small, truth, day, moment,
    moment::timestamptz as instant
from (values
    (1, '', 1e-300::double, 0.1, 12345678901234.5678, 170141183460469231731687303715884105727, 18446744073709551615,
        -128, true, date '0001-01-01', timestamp '2022-03-31 23:59:59.123456'),
    (2, null, null, null, null, null, null, null, null, null, null),
    (3, 'two' || chr(10) || 'lines, "quoted"' || chr(13) || chr(10), 'nan'::double, 'nan'::double, -0.0001, -1, 0,
        127, false, date '9999-12-31', timestamp '1969-12-31 00:00:00'),
    (4, '\.', 'inf'::double, '-inf'::double, 0, 0, 0, 0, false, date '2022-03-27', timestamp '2022-03-27 01:30:00'),
    (5, ' NULL \N ', 0.1::double + 0.2, 1e-45, 1, 1, 1, 1, true, date '2022-10-30', timestamp '2022-10-30 01:30:00'),
    (6, 'Zażółć 🦆' || chr(9), 9007199254740993.0::double, 3.4e38, 1, 1, 1, 1, true, date '2000-02-29',
        timestamp '2000-02-29 12:00:00')
) as rows(i, text, double_value, float_value, amount, whole, big, small, truth, day, moment);
"""
DICTIONARY = {
    "areas": Described("Areas. One row per area.", {"name": "What it's called"}, ["area_code"]),
    "indicator_values": Described(
        "The analyst's figures. One row per area and day.",
        {"value": "The figure; 100% sure"},
        ["area_code", "period_start"],
        {"area_code": "areas"},
    ),
    "oddities": Described(key=["id", "text"]),
}


def build(folder: DataFolder) -> str:
    """Publish a release of the warehouse with its twin, and return its id."""
    told = replace(facts(), dictionary=DICTIONARY)
    return releases.publish(
        folder, releases.build_release(folder, folder.warehouse, TABLES, told, EXACT).release_id, "test"
    ).release_id


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Database]:
    """The server."""
    with running_server() as server:
        yield server


@pytest.fixture
def database(
    postgres_server: Database, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Database]:
    """A database of this test's own, which the environment names."""
    with fresh_database(postgres_server, request.node.name[:60]) as database:
        for name, value in database.environment.items():
            monkeypatch.setenv(name, value)
        yield database


@pytest.fixture(scope="module")
def two_releases(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    """Two releases, the second current, whose values all are 1 higher."""
    folder = DataFolder(tmp_path_factory.mktemp("shared") / "data with blanks")
    folder.root.mkdir()
    change_warehouse(folder, WAREHOUSE + ODDITIES)
    build(folder)
    change_warehouse(
        folder,
        "".join(f"update {schema}.indicator_values set value = value + 1;" for schema in ("marts", "partners_marts")),
    )
    build(folder)
    return folder


@pytest.fixture
def folder(two_releases: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataFolder:
    """A copy of them, which the environment names."""
    shutil.copytree(two_releases.root, tmp_path / "data with blanks", symlinks=True)
    monkeypatch.setenv("CSP_DATA_DIR", str(tmp_path / "data with blanks"))
    return DataFolder(tmp_path / "data with blanks")
