"""Published data folders, built once a session by the real command line on the bundled extracts."""

import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.built_once import built_once
from tests.csp import Installation
from tests.dbt_parse import give_parse
from tests.places import SAMPLE
from tests.system.ended_nights import end_two_nights

MARCH = "2022-03-leicestershire-street.csv"


def month(name: str) -> bytes:
    with zipfile.ZipFile(SAMPLE) as archive:
        return archive.read(f"{name[:7]}/{name}")


def damaged(content: bytes, rows: int) -> bytes:
    """Return the file with `rows` rows whose crime type nobody knows."""
    lines = content.decode().splitlines(keepends=True)
    for number in range(1, rows + 1):
        cells = lines[number].split(",")
        cells[9] = "Jaywalking"
        lines[number] = ",".join(cells)
    return "".join(lines).encode()


Build = Callable[[Installation], object]


def installed(factory: pytest.TempPathFactory, name: str, build: Build) -> Installation:
    """Return the data folder of this name, which the first worker to ask builds. Who changes something copies it."""
    return Installation(built_once(factory, name, lambda root: build(Installation(root / "data"))) / "data")


AS_PUT = "landing_as_put"


def first_night(*samples: str, has_partners: bool = False) -> Build:
    """Return what puts samples and publishes them; beside the data folder they stay as they were put."""

    def build(folder: Installation) -> None:
        folder.last_line("samples", *samples)
        shutil.copytree(folder.root / "landing", folder.root.with_name(AS_PUT))
        replace(folder, has_partners=has_partners).last_line("nightly")

    return build


@pytest.fixture(scope="session")
def whole_sample(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Real open data and synthetic plan-time extracts side by side, with the partners' release."""
    return installed(tmp_path_factory, "whole_sample", first_night(has_partners=True))


@pytest.fixture(scope="session")
def open_data(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """The real open data alone: 24 months of street-level crime."""

    def build(folder: Installation) -> None:
        give_parse(tmp_path_factory, folder.root)
        first_night("--set", "open-data")(folder)

    return installed(tmp_path_factory, "open_data", build)


@pytest.fixture(scope="session")
def corrected(open_data: Installation, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """The open data and, as a second release, March sent again with three rows that are rejected.

    Two nights are ended before they publish it; then Dagster launches the jobs, as its schedule does.
    """

    def build(folder: Installation) -> None:
        open_data.copy_to(folder.root)
        folder.drop(MARCH, damaged(month(MARCH), 3))
        end_two_nights(folder)
        for job in ("intake", "publish"):
            ended = folder.dg("launch", "--job", job)
            assert ended.returncode == 0, ended.stdout + ended.stderr
            assert "is superseded" not in ended.stderr

    return installed(tmp_path_factory, "corrected", build)


@pytest.fixture
def folder(open_data: Installation, tmp_path: Path) -> Installation:
    """A copy of the open data."""
    return open_data.copy_to(tmp_path / "data")
