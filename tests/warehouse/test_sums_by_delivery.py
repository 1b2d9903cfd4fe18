"""What a delivery adds to measures is added up again where something that it is made of changed, and nowhere else."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.street_data_folder import LEICESTER, MELTON_TOO
from tests.warehouse.warehouse import Warehouse

MODELS = ("int_categories__judged", "int_rows__located", "int_measures__fingerprinted", "int_measures__by_delivery")
"""From what is changed here to the sums, each made of those before it."""
BY_DELIVERY = "intermediate.int_measures__by_delivery"


@dataclass(frozen=True)
class Change:
    """Relations as a later night finds them, each as SQL on the one before, and whose sums are to be added again."""

    name: str
    relations: Mapping[str, str]
    months: set[str]
    suppliers: str = "E23000021"
    changes_sums: bool = True


def of_lsoa(lsoa: str, column: str, value: str) -> str:
    return f"select * replace (case lsoa_code when '{lsoa}' then '{value}' else {column} end as {column}) from before"


ONE_MONTH = "month = date '2020-08-01'"
NOTHING: set[str] = set()
CHANGES = [
    Change(
        "a look-up gives another ward",
        {"stg_reference__lsoas": of_lsoa(MELTON_TOO, "ward_code", "E05005444")},
        {"2020-05"},
    ),
    Change(
        "a look-up gives another district",
        {"stg_reference__lsoas": of_lsoa(LEICESTER, "district_code", "E07000133")},
        {"2020-04"},
    ),
    Change(
        "a code belongs to no measure any more",
        {"int_categories__measured": "select * from before where category_sent <> 'Vehicle crime'"},
        {"2020-05"},
    ),
    Change(
        "an earlier as-at date",
        {"stg_run__inputs": "select date '2021-02-28' as as_at, date '2021-02-01' as last_month"},
        {"2021-03", "2021-04", "2021-06"},
    ),
    Change(
        "another home area",
        {
            "int_rows__dated": "select * replace (case home_area_code when 'E23000020' then 'E23000021' "
            "else home_area_code end as home_area_code) from before"
        },
        {"2020-06"},
        suppliers="E23000020",
    ),
    Change(
        "one more row",
        {"int_rows__dated": f"select * replace (row_count + cast({ONE_MONTH} as int) as row_count) from before"},
        {"2020-08"},
    ),
    Change(
        "another quantity",
        {
            "int_rows__dated": f"select * replace (case when {ONE_MONTH} then 0.5 else counts_for end as counts_for) "
            "from before"
        },
        {"2020-08"},
    ),
    Change("an erased delivery", {"int_rows__dated": f"select * from before where not {ONE_MONTH}"}, {"2020-08"}),
    Change(
        "the same rows in another order, superseded",
        {
            "int_rows__dated": "select * replace (false as is_standing, -row_number as row_number) "
            "from before order by random()"
        },
        NOTHING,
        changes_sums=False,
    ),
]


@pytest.fixture(scope="module")
def database(small: Warehouse) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(small.folder / "warehouse.duckdb"), read_only=True) as connection:
        yield connection


def made_anew(database: duckdb.DuckDBPyConnection, small: Warehouse, changed: Mapping[str, str]) -> dict[str, str]:
    """Make the models by their own SQL, of changed relations; return the name of each."""
    nodes = {node["name"]: node for node in small.manifest()["nodes"].values()}
    names = {name: f"temp.changed_{name}" for name in (*changed, *MODELS)}
    for name, sql in changed.items():
        before = f"with before as (from {nodes[name]['relation_name']})"
        database.execute(f"create or replace temp table changed_{name} as {before} {sql}")
    for name in MODELS:
        made = nodes[name]["compiled_code"]
        for other, relation in names.items():
            made = made.replace(nodes[other]["relation_name"], relation)
        database.execute(f"create or replace temp table changed_{name} as {made}")
    return names


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.name)
def test_sums_are_added_again_where_what_they_are_made_of_changed(
    database: duckdb.DuckDBPyConnection, small: Warehouse, change: Change
) -> None:
    names = made_anew(database, small, change.relations)
    sums, fingerprints = names["int_measures__by_delivery"], names["int_measures__fingerprinted"]
    # What a night leaves: the sums whose fingerprint is still true, and beside them the others as they are now.
    night = (
        f"(from {BY_DELIVERY} where fingerprint in (select fingerprint from {fingerprints}) union all "
        f"from {sums} where fingerprint not in (select fingerprint from {BY_DELIVERY}))"
    )
    assert database.execute(f"(from {night} except all from {sums})").fetchall() == []
    assert database.execute(f"(from {sums} except all from {night})").fetchall() == []
    gone = database.execute(
        f"select distinct strftime(month, '%Y-%m'), home_area_code from {BY_DELIVERY} "
        f"where fingerprint not in (select fingerprint from {fingerprints})"
    ).fetchall()
    assert set(gone) == {(month, change.suppliers) for month in change.months}
    columns = "* exclude (fingerprint)"
    differing = database.execute(f"select {columns} from {sums} except all select {columns} from {BY_DELIVERY}")
    lacking = database.execute(f"select {columns} from {BY_DELIVERY} except all select {columns} from {sums}")
    assert bool(differing.fetchall() or lacking.fetchall()) == change.changes_sums


def test_other_coverage_levels_or_local_areas_add_up_again_whom_they_concern(
    database: duckdb.DuckDBPyConnection, small: Warehouse
) -> None:
    for relation, change in {
        "int_areas__covered": "select * from before where area_level <> 'district'",
        "feed_area_levels": "select * from before where area_level <> 'ward'",
        "local_areas": "select * replace (area_code || '-too' as area_code) from before",
    }.items():
        fingerprints = made_anew(database, small, {relation: change})["int_measures__fingerprinted"]
        kept = f"select count(*) from {BY_DELIVERY} where fingerprint in (select fingerprint from {fingerprints})"
        assert database.execute(kept).fetchall() == [(0,)], relation


def test_sums_are_the_same_of_batches_of_any_size(small: Warehouse, tmp_path: Path) -> None:
    """Of a first build, whose batch 0 is empty, and of one that finds some of them, which have other numbers now."""
    copy = small.copy_to(tmp_path / "data")
    models = ("run", "--select", "int_measures__fingerprinted", "int_measures__by_delivery")
    in_the_hook = "int_measures__by_delivery: by name"
    batches = []
    for cells, lost in ((1, f"drop table {BY_DELIVERY}"), (5, f"delete from {BY_DELIVERY} where fingerprint % 3 = 0")):
        with duckdb.connect(str(copy.folder / "warehouse.duckdb")) as connection:
            connection.execute(f"create table if not exists sums as from {BY_DELIVERY}")
            connection.execute(lost)
        copy.dbt_killed_at([in_the_hook], *models, "--vars", f"{{cells_of_a_batch: {cells}}}")
        assert copy.query(
            f"(from {BY_DELIVERY} except all from sums) union all (from sums except all from {BY_DELIVERY})"
        ).empty
        batches.append(set(copy.query("select batch from intermediate.int_measures__fingerprinted")["batch"]))
    assert 0 not in batches[0]
    assert 1 < len(batches[1]) < len(batches[0])


def test_all_that_sums_are_made_of_is_in_their_fingerprint(small: Warehouse) -> None:
    """No macro that `rules_of_sums` does not tell, and the relations of which the fingerprint is made."""
    nodes = {node["name"]: node for node in small.manifest()["nodes"].values()}
    sums, fingerprint = nodes["int_measures__by_delivery"], nodes["int_measures__fingerprinted"]
    own = {"keeps_fingerprints", "remove_changed_deliveries", "add_up_other_batches", "is_incremental", "hash_of"}
    assert {macro.rpartition(".")[2] for macro in sums["depends_on"]["macros"]} <= own
    above = {node.rpartition(".")[2] for node in sums["depends_on"]["nodes"]}
    told = {node.rpartition(".")[2] for node in fingerprint["depends_on"]["nodes"]}
    # The measures of a row are a column of the row that is located.
    assert above - {"int_measures__fingerprinted"} == told
