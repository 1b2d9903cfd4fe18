"""Releases of a small warehouse, built once a test file and copied where a test changes them."""

import shutil
from pathlib import Path

import pytest

from orchestration import releases
from orchestration.releases import Release
from sources.folder.data_folder import DataFolder
from tests.unit.orchestration.releases.warehouse import WAREHOUSE, Published, build, change_warehouse


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    """A warehouse and two releases built from it, neither published; shared by all tests, which only read it."""
    folder = DataFolder(tmp_path_factory.mktemp("shared") / "data with 'quote")
    folder.root.mkdir()
    change_warehouse(folder, WAREHOUSE)
    build(folder)
    build(folder)
    return folder


@pytest.fixture(scope="module")
def release(shared: DataFolder) -> Release:
    """A release to read."""
    return releases.get_release(shared, "2022-03-31.1")


@pytest.fixture
def folder(tmp_path: Path, shared: DataFolder) -> DataFolder:
    """The warehouse, and no release."""
    folder = DataFolder(tmp_path / "data with 'quote")
    folder.root.mkdir()
    shutil.copy(shared.warehouse, folder.warehouse)
    return folder


@pytest.fixture
def built(tmp_path: Path, shared: DataFolder) -> DataFolder:
    """The warehouse and two releases, neither published."""
    return DataFolder(Path(shutil.copytree(shared.root, tmp_path / "built")))


@pytest.fixture
def published(built: DataFolder) -> Published:
    """The warehouse and two releases, both published, the second current."""
    first, second = (
        releases.publish(built, release.release_id, reason="test") for release in releases.list_releases(built)
    )
    return built, first, second
