"""Views of a release read its own tables, wherever it lies and whoever opens it."""

import duckdb
import pytest

from orchestration import releases
from orchestration.releases import Described, Exact, ReleaseBuildError
from orchestration.releases.database import attach
from sources.folder.data_folder import DataFolder
from tests.unit.orchestration.releases.warehouse import CHECKS, TABLES, change_warehouse, facts

VIEWS = """
create view marts.whole as select value, 'a marts of it' as words from marts.indicator_values where value < 1;
create view partners_marts.whole as select note as value, 'exact' as words from partners_marts.indicator_values;
"""


def facts_with(*views: str) -> releases.ReleaseFacts:
    told = facts()
    words = {**told.dictionary, "whole": Described("All of it. One row per value.", {"value": "What it is"})}
    return releases.ReleaseFacts("2022-03-31", "run-1", "f1", checks=CHECKS, dictionary=words, views=views)


def test_a_view_reads_the_tables_beside_it(folder: DataFolder) -> None:
    change_warehouse(folder, VIEWS)
    exact = Exact(["indicator_values", "whole"], CHECKS)
    release = releases.build_release(folder, folder.warehouse, TABLES, facts_with("whole"), exact)
    manifest = releases.read_manifest(folder, release.release_id)
    assert manifest["views"] == {
        "whole": {"columns": [{"name": "value", "type": "DOUBLE"}, {"name": "words", "type": "VARCHAR"}]}
    }
    assert [name for name in manifest["files"] if "whole" in name] == []
    with duckdb.connect() as connection:
        for name, place in (("public", release.path), ("exact", folder.partners / release.release_id)):
            attach(connection, place / "indicators.duckdb", name)
        assert connection.execute("select count(*), max(value) from public.whole").fetchall() == [(7, 6 / 7)]
        assert connection.execute("select count(*) from exact.whole where value = 'exact'").fetchall() == [(34,)]
        described = "select comment from duckdb_views() where view_name = 'whole' and database_name = 'public'"
        assert connection.execute(described).fetchall() == [("All of it. One row per value.",)]
    assert releases.verify(folder, release.release_id) == []


def test_a_view_that_the_warehouse_lacks_is_named(folder: DataFolder) -> None:
    with pytest.raises(ReleaseBuildError, match="the warehouse has no view whole: run `csp nightly`"):
        releases.build_release(folder, folder.warehouse, TABLES, facts_with("whole"))
