"""Warehouses built once a session: each start of dbt costs seconds."""

from datetime import date
from pathlib import Path

import pytest

from tests.built_once import built_once
from tests.warehouse.golden_data_folder import golden_folder
from tests.warehouse.plan_data_folder import plan_folder
from tests.warehouse.street_data_folder import (
    LEICESTER,
    LINCOLNSHIRE,
    MELTON,
    MELTON_TOO,
    UNKNOWN,
    StreetDataFolder,
)
from tests.warehouse.warehouse import SHARED, Warehouse


@pytest.fixture(scope="session")
def dbt_target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One target folder, so that dbt reads the project once."""
    return tmp_path_factory.mktemp("dbt_target")


def small_folder(root: Path) -> StreetDataFolder:
    """Two forces, a missing and a restated month, rows without geography, an unknown supplier and crime type."""
    folder = StreetDataFolder(root)
    burglary, robbery, nuisance = "Burglary", "Robbery", "Anti-social behaviour"
    folder.deliver("2020-04", [(MELTON, burglary)] * 12 + [(LEICESTER, nuisance)] * 3 + [(None, robbery)])
    folder.deliver("2020-05", [(MELTON, burglary)] * 2 + [(LINCOLNSHIRE, robbery)])
    folder.deliver("2020-05", [(MELTON, burglary)] * 3 + [(MELTON_TOO, "Vehicle crime"), (UNKNOWN, "Drugs")])
    folder.deliver("2020-06", [(MELTON, burglary), (LINCOLNSHIRE, burglary)])
    folder.deliver("2020-06", [(LINCOLNSHIRE, burglary)] * 4 + [(MELTON, robbery)], supplier="lincolnshire")
    folder.deliver("2020-07", [], outcome="refused")
    for month in ("2020-08", "2020-09", "2020-10", "2020-11", "2020-12", "2021-01", "2021-02", "2021-03", "2021-04"):
        folder.deliver(month, [(MELTON, burglary), (MELTON, "Piracy")])
    folder.deliver("2021-05", [(MELTON, "Shoplifting")], is_synthetic=True)
    folder.deliver(
        "2021-06", [(MELTON, burglary)], outcome="partly_accepted", rejected_by_rule={"month is the delivered month": 2}
    )
    folder.deliver("2021-06", [(MELTON, burglary)], supplier="btp")
    folder.deliver("2021-06", [], outcome="duplicate")
    return folder


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory, dbt_target: Path) -> Warehouse:
    """The small folder as at the end of its last month."""

    def build(root: Path) -> None:
        small_folder(root).ask(date(2021, 6, 30))
        Warehouse(root, dbt_target).build()

    return Warehouse(built_once(tmp_path_factory, "small", build), dbt_target)


@pytest.fixture(scope="session")
def early(tmp_path_factory: pytest.TempPathFactory, dbt_target: Path) -> Warehouse:
    """The small folder as at a day before most of it, with a later month restated and a file taken in again."""
    folder = small_folder(tmp_path_factory.mktemp("early"))
    folder.deliver("2021-03", [(MELTON, "Robbery")])
    before = folder.deliver(
        "2020-11", [(LINCOLNSHIRE, "Burglary")], "lincolnshire", "partly_accepted", {"crime type is known": 2}
    )
    folder.deliver("2020-11", [(LINCOLNSHIRE, "Burglary")] * 3, "lincolnshire", same_bytes_as=before)
    folder.ask(date(2020, 12, 30))
    return Warehouse(folder.root, dbt_target).build()


@pytest.fixture(scope="session")
def too_early(tmp_path_factory: pytest.TempPathFactory, dbt_target: Path) -> Warehouse:
    """The small folder as at a day on which none of its months had ended."""
    folder = small_folder(tmp_path_factory.mktemp("too_early"))
    folder.ask(date(2020, 4, 29))
    return Warehouse(folder.root, dbt_target).build()


@pytest.fixture(scope="session")
def nothing_delivered(tmp_path_factory: pytest.TempPathFactory, dbt_target: Path) -> Warehouse:
    """No delivery at all."""
    folder = StreetDataFolder(tmp_path_factory.mktemp("nothing"))
    folder.ask(date(2022, 3, 31))
    return Warehouse(folder.root, dbt_target).build()


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory, dbt_target: Path) -> Warehouse:
    """The 28 months of Leicestershire, as data.police.uk published them."""
    street_files = sorted((SHARED / "police_uk_street").glob("*-street.csv"))
    if not street_files:
        pytest.skip(f"the real street files are not in {SHARED}")
    folder = StreetDataFolder(tmp_path_factory.mktemp("real"))
    for path in street_files:
        folder.deliver_csv(path)
    folder.ask(date(2022, 3, 31))
    return Warehouse(folder.root, dbt_target).build()


@pytest.fixture(scope="session")
def plan(tmp_path_factory: pytest.TempPathFactory, dbt_target: Path) -> Warehouse:
    """The small extracts of the plan's time, taken in by the real intake."""

    def build(root: Path) -> None:
        folder = plan_folder(root)
        assert folder.take_in() == []
        folder.ask(date(2009, 7, 31))
        Warehouse(root, dbt_target).build()

    return Warehouse(built_once(tmp_path_factory, "plan", build), dbt_target)


@pytest.fixture(scope="session")
def golden(tmp_path_factory: pytest.TempPathFactory, dbt_target: Path) -> Warehouse:
    """All cases of `tests/golden` in one warehouse."""

    def build(root: Path) -> None:
        Warehouse(golden_folder(root), dbt_target).build()

    return Warehouse(built_once(tmp_path_factory, "golden", build), dbt_target)
