"""Warehouses built once a session: each start of dbt costs seconds."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.built_once import built_once
from tests.data_folder import ask
from tests.dbt_parse import give_parse
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
from tests.warehouse.warehouse import Warehouse


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
        folder.deliver(month, [(MELTON, burglary), *([(MELTON, "Piracy")] if month == "2020-08" else [])])
    folder.deliver("2021-05", [(MELTON, "Shoplifting")], is_synthetic=True)
    folder.deliver(
        "2021-06", [(MELTON, burglary)], outcome="partly_accepted", rejected_by_rule={"month is the delivered month": 2}
    )
    folder.deliver("2021-06", [(MELTON, burglary)], supplier="btp")
    folder.deliver("2021-06", [], outcome="duplicate")
    return folder


Build = Callable[[str, Callable[[Path], object], date], Warehouse]


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The small folder as at the end of its last month, built with its data tests, as the nightly run does."""

    def build(root: Path) -> None:
        small_folder(root)
        ask(root, date(2021, 6, 30))
        give_parse(tmp_path_factory, root)
        Warehouse(root).build()

    return Warehouse(built_once(tmp_path_factory, "small", build))


@pytest.fixture(scope="session")
def built(small: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Return what makes the warehouse of a name: a data folder as `fill` leaves it, and its models as at a day."""

    def made(name: str, fill: Callable[[Path], object], as_at: date) -> Warehouse:
        def build(root: Path) -> None:
            fill(root)
            ask(root, as_at)
            Warehouse(root).build_by_the_sql_of(small)

        return Warehouse(built_once(tmp_path_factory, name, build))

    return made


@pytest.fixture(scope="session")
def early(built: Build) -> Warehouse:
    """The small folder as at a day before most of it, with a later month restated and a file taken in again."""

    def fill(root: Path) -> None:
        folder = small_folder(root)
        folder.deliver("2021-03", [(MELTON, "Robbery")])
        before = folder.deliver(
            "2020-11", [(LINCOLNSHIRE, "Burglary")], "lincolnshire", "partly_accepted", {"crime type is known": 2}
        )
        folder.deliver("2020-11", [(LINCOLNSHIRE, "Burglary")] * 3, "lincolnshire", same_bytes_as=before)

    return built("early", fill, date(2020, 12, 30))


@pytest.fixture(scope="session")
def too_early(built: Build) -> Warehouse:
    """The small folder as at a day on which none of its months had ended."""
    return built("too_early", small_folder, date(2020, 4, 29))


@pytest.fixture(scope="session")
def nothing_delivered(built: Build) -> Warehouse:
    """No delivery at all."""
    return built("nothing", StreetDataFolder, date(2022, 3, 31))


@pytest.fixture(scope="session")
def plan(built: Build) -> Warehouse:
    """The small extracts of the plan's time, taken in by the real intake."""

    def fill(root: Path) -> None:
        assert plan_folder(root).take_in() == []

    return built("plan", fill, date(2009, 7, 31))


@pytest.fixture(scope="session")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """All cases of `tests/golden` in one warehouse, exact, as the partners see them."""

    def build(root: Path) -> None:
        golden_folder(root, date(2015, 9, 30))
        give_parse(tmp_path_factory, root, audience="partners")
        Warehouse(root).build_models("partners")

    return Warehouse(built_once(tmp_path_factory, "golden", build))
