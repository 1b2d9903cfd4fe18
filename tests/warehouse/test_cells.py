"""A warehouse of kept cells holds what one holds that was made of nothing, whatever has become of its deliveries."""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from orchestration.dbt.cells import ADDED_CELLS, KEPT_CELLS, RulesOfCells, find_kept_cells, keep_cells, rules_of_cells
from orchestration.dbt.project import released_relations
from orchestration.releases import content_hashes
from sources.contract.load import contracts_with
from sources.folder.data_folder import DataFolder
from sources.intake.rehash import rehash
from sources.ledger.receipts import Ledger
from sources.ledger.withdrawals import withdraw
from sources.partnership.folder import PartnershipFolder
from sources.personal.link_key import KEY_VARIABLE
from tests.data_folder import ask
from tests.dbt_parse import give_parse
from tests.places import DBT_PROJECT
from tests.warehouse.conftest import small_folder
from tests.warehouse.street_data_folder import FEED, LEICESTER, MELTON, MELTON_TOO, StreetDataFolder
from tests.warehouse.warehouse import Warehouse

SUMS_OF = """
select distinct strftime(month, '%Y-%m'), home_area_code, fingerprint from intermediate.int_measures__by_delivery
"""
IN_CELLS = {FEED: "stg_police__street_crime", "police/road_casualties": "stg_police__road_casualties"}


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEPT_CELLS, "-")  # so that what a test sets is taken back
    monkeypatch.delenv(KEPT_CELLS)


class Nights:
    """The small folder and what nights do with its cells, by the SQL of the models but without a dbt that starts."""

    def __init__(self, small: Warehouse, root: Path) -> None:
        root.mkdir()
        self.deliveries: StreetDataFolder = small_folder(root)
        self.folder = DataFolder(root)
        manifest = small.manifest()
        self.rules: RulesOfCells = rules_of_cells(manifest)
        nodes = {node["name"]: node for node in manifest["nodes"].values()}
        self.sql = {
            name: nodes[name]["compiled_code"].replace(str(small.folder), str(root))
            for name in (*IN_CELLS.values(), ADDED_CELLS)
        }

    def read_anew(self) -> list[str]:
        """Add to the kept cells what they lack, and return the deliveries that were read: supplier and month."""
        unread = find_kept_cells(self.folder, self.rules)
        self.folder.warehouse.unlink(missing_ok=True)
        with duckdb.connect(str(self.folder.warehouse)) as warehouse:
            warehouse.execute("create schema staging; create schema intermediate")
            for model in IN_CELLS.values():
                warehouse.execute(f"create view staging.{model} as {self.sql[model]}")
            warehouse.execute(f"create view intermediate.whole as {self.sql[ADDED_CELLS]}")
            warehouse.execute(
                f"create table intermediate.{ADDED_CELLS} as from intermediate.whole where file_sha256 in ?",
                [[one.file_sha256 for one in unread]],
            )
        keep_cells(self.folder, unread)
        with duckdb.connect(str(self.folder.warehouse), read_only=True) as warehouse:
            cells = f"read_parquet('{self.folder.cells}/**/*.parquet')"
            for one, other in ((cells, "intermediate.whole"), ("intermediate.whole", cells)):
                assert warehouse.execute(f"from {one} except all from {other}").fetchall() == []
        return sorted(" ".join(Path(one.raw_file).name.split("_")[:2]) for one in unread)


@pytest.fixture
def nights(small: Warehouse, tmp_path: Path) -> Iterator[Nights]:
    nights = Nights(small, tmp_path / "data")
    assert len(nights.read_anew()) == 17
    assert nights.read_anew() == []
    yield nights
    assert nights.read_anew() == []


def a_new_month(nights: Nights) -> None:
    nights.deliveries.deliver("2021-07", [(MELTON, "Burglary"), (LEICESTER, "Drugs")])


def a_corrected_month(nights: Nights) -> None:
    nights.deliveries.deliver("2020-06", [(MELTON_TOO, "Burglary")] * 2)


def a_new_contract(nights: Nights) -> None:
    """The same bytes give other rows."""
    before = nights.deliveries.receipts[0]["file_sha256"]
    nights.deliveries.deliver("2020-04", [(MELTON, "Burglary")] * 9, same_bytes_as=before)


def rows_under_a_new_link_key(nights: Nights) -> None:
    """Rows are written anew; of those that cells are made of, none changes."""
    raw = next(nights.folder.raw_of(FEED).glob("2020-08*"))
    duckdb.sql(f"copy (from '{raw}') to '{raw}' (format parquet, compression zstd)")


def a_withdrawal(nights: Nights) -> None:
    withdraw(nights.folder, "5", "sent in error")


def an_erasure(nights: Nights) -> None:
    (raw,) = (one.raw_file for one in Ledger(nights.folder).receipts() if one.receipt_number == 8)
    assert len(nights.folder.cells_of(str(raw))) == 1
    withdraw(nights.folder, "8", "sent in error", erase=True)
    assert nights.folder.cells_of(str(raw)) == []


CHANGES: list[tuple[Callable[[Nights], None], list[str]]] = [
    (a_new_month, ["2021-07 leicestershire"]),
    (a_corrected_month, ["2020-06 leicestershire"]),
    (a_new_contract, ["2020-04 leicestershire"]),
    (rows_under_a_new_link_key, ["2020-08 leicestershire"]),
    (a_withdrawal, []),
    (an_erasure, []),
]


@pytest.mark.parametrize(("change", "read"), CHANGES, ids=[change.__name__ for change, _ in CHANGES])
def test_a_night_reads_what_came_and_holds_the_cells_of_all(
    nights: Nights, change: Callable[[Nights], None], read: list[str]
) -> None:
    change(nights)
    assert nights.read_anew() == read


KILLED_AT = (
    "int_cells__added: rename to",  # the table of the night before has made room, and the new one has not its name
    "int_measures__by_delivery: delete from",
    "int_measures__by_delivery: insert into",  # and not yet committed
    "int_measures__by_delivery: by name",  # nor is this, of the first of the other batches
)
"""Of a model, words of the statement after which dbt is killed."""


ADDED_AGAIN = {
    ("2020-04", "E23000021"): "a new contract",
    ("2020-05", "E23000021"): "another ward, and a code that counts no more",
    ("2020-06", "E23000020"): "another home area",
    ("2020-08", "E23000021"): "a code that counts now",
    ("2020-09", "E23000021"): "erased",
    ("2021-06", "E23000021"): "after the as-at date",
}
"""Sums of the night before that do not stand any more, and why."""


def a_changed_project(place: Path) -> Path:
    """Return a copy of the dbt project in which an LSOA lies in another ward, and two forces change places."""
    project = Path(shutil.copytree(DBT_PROJECT, place, ignore=shutil.ignore_patterns("target", "logs")))
    for file, changes in {
        "reference/lsoas.csv": {f"{MELTON_TOO},Melton 001B,E05005496": f"{MELTON_TOO},Melton 001B,E05005444"},
        "seeds/areas/police_forces.csv": {
            "E23000020,Lincolnshire,lincolnshire": "E23000019,Lincolnshire,lincolnshire",
            "E23000019,Nottinghamshire,nottinghamshire": "E23000020,Nottinghamshire,nottinghamshire",
        },
    }.items():
        text = (project / file).read_text()
        for before, after in changes.items():
            assert text.count(f"\n{before}") == 1
            text = text.replace(f"\n{before}", f"\n{after}")
        (project / file).write_text(text)
    return project


def test_every_table_is_that_of_a_warehouse_made_of_nothing(
    nights: Nights, small: Warehouse, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """After all changes, with another code list, look-up, home area and as-at date, of which no cell knows.

    The night is killed on its way, and again.
    """
    for change, _ in CHANGES:
        change(nights)
    root = nights.folder.root
    # As the night before left it: from there on sums are kept too.
    shutil.copy(small.folder / nights.folder.warehouse.name, nights.folder.warehouse)
    ask(root, date(2021, 5, 30))
    for table, column, value, which in (
        ("suppliers", "home_area_code", "E07000133", "agency = 'fire'"),
        ("measure_categories", "category", "Piracy", f"source_feed = '{FEED}' and category = 'Drugs'"),
    ):
        file = nights.folder.partnership_for_models / f"{table}.parquet"
        changed = f"select * replace (case when {which} then '{value}' else {column} end as {column}) from '{file}'"
        duckdb.sql(f"copy ({changed}) to '{file}' (format parquet)")
    unread = find_kept_cells(nights.folder, nights.rules)
    assert len(unread) == 4
    warehouse = Warehouse(root, a_changed_project(tmp_path / "project"))
    give_parse(tmp_path_factory, root)
    relations = released_relations(small.manifest())
    models = ("--resource-type", "model", "--resource-type", "seed")
    warehouse.dbt_killed_at(KILLED_AT, "build", "--full-refresh", *models, "--vars", "{cells_of_a_batch: 3}")
    assert len(warehouse.query("select distinct batch from intermediate.int_measures__fingerprinted")) > 3
    incremental = content_hashes(nights.folder.warehouse, relations)
    assert warehouse.query(f"select count(distinct file_sha256) as n from intermediate.{ADDED_CELLS}")["n"].item() == 4
    keep_cells(nights.folder, unread)
    # What is kept meanwhile is not read beside what is new.
    assert content_hashes(nights.folder.warehouse, relations) == incremental
    before, kept = (set(map(tuple, one.query(SUMS_OF).to_numpy())) for one in (small, warehouse))
    assert {(month, area) for month, area, _ in before - kept} == ADDED_AGAIN.keys()
    assert before & kept
    assert kept - before
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(KEPT_CELLS)
        rebuilt = content_hashes(nights.folder.warehouse, relations) if warehouse.build_by_the_sql_of(small) else {}
    assert warehouse.query(f"select count(distinct file_sha256) as n from intermediate.{ADDED_CELLS}")["n"].item() > 4
    assert incremental == rebuilt
    assert kept == set(map(tuple, warehouse.query(SUMS_OF).to_numpy()))


def test_rows_hashed_under_a_new_link_key_give_the_same_sums_and_tables(
    golden: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fingerprints are those of the sums that dbt has made: a night adds none up again and keeps them all."""
    copy = golden.copy_to(tmp_path / "data")
    folder = DataFolder(copy.folder)
    raw = sorted(folder.raw_of("partners/priority_offenders").glob("2*.parquet"))
    before = [file.read_bytes() for file in raw]
    monkeypatch.setenv(KEY_VARIABLE, hashlib.sha256(b"a new key").hexdigest())
    rehash(folder, lambda _: None, contracts_with(PartnershipFolder(copy.folder / "golden_partnership")))
    assert raw
    assert not set(before) & {file.read_bytes() for file in raw}
    copy.build_by_the_sql_of(golden)
    sums = "from intermediate.int_measures__by_delivery order by all"
    pd.testing.assert_frame_equal(copy.query(sums), golden.query(sums))
    relations = released_relations(golden.manifest())
    assert content_hashes(folder.warehouse, relations) == content_hashes(DataFolder(golden.folder).warehouse, relations)


def test_nothing_but_cells_is_made_of_rows_kept_as_cells(small: Warehouse) -> None:
    """Else a night would read the rows after all, or other deliveries would have a say in them."""
    manifest = small.manifest()
    assert rules_of_cells(manifest).feeds == set(IN_CELLS)
    project = manifest["metadata"]["project_name"]
    for feed, model in IN_CELLS.items():
        built = {
            child.split(".")[2] for child in manifest["child_map"][f"model.{project}.{model}"] if "model." in child
        }
        assert built - {"int_records__moved", "int_outcomes__linked", "int_crimes__decided"} == {ADDED_CELLS}
        assert f"'{feed}' as feed" in manifest["nodes"][f"model.{project}.{model}"]["compiled_code"]
    judged = set(small.query("select source_feed from reference.feeds_of_records")["source_feed"])
    assert not judged & set(IN_CELLS)
