"""A damaged store of Dagster's is set aside and made anew; the message says which, and what is lost with it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from orchestration.cli.main import app
from orchestration.dagster_stores import DamagedStoreError, set_damaged_aside
from orchestration.instance import open_instance
from sources.folder.data_folder import DataFolder

STORES = ("history/runs.db", "history/runs/index.db", "schedules/schedules.db")


def overwritten(content: bytes) -> bytes:
    return b"garbage" * 100 + content[700:]


def cut_short(content: bytes) -> bytes:
    return content[: len(content) // 2]


def damaged_inside(content: bytes) -> bytes:
    """Return it with every page after the schema's spoiled."""
    return content[:16384] + b"\xff" * (len(content) - 16384)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataFolder:
    folder = DataFolder(tmp_path / "data")
    monkeypatch.setenv("CSP_DATA_DIR", str(folder.root))
    with open_instance(folder):
        pass
    return folder


def damage(folder: DataFolder, store: str, how: Callable[[bytes], bytes]) -> Path:
    file = folder.dagster_home / store
    file.write_bytes(how(file.read_bytes()))
    return file


@pytest.mark.parametrize("store", STORES)
def test_a_night_goes_on_without_it(folder: DataFolder, store: str) -> None:
    file = damage(folder, store, overwritten)
    with pytest.raises(DamagedStoreError, match=rf"{store} is damaged: the next `csp nightly` sets it aside"):
        open_instance(folder)
    ended = CliRunner().invoke(app, ["nightly"])
    assert ended.exit_code == 0, ended.output
    assert f"{store} was damaged and is set aside as {file.name}.damaged: " in ended.stderr
    assert ended.stdout.splitlines()[-1].startswith("nothing new")
    assert file.with_name(f"{file.name}.damaged").read_bytes().startswith(b"garbage")


@pytest.mark.parametrize("how", [cut_short, damaged_inside])
@pytest.mark.parametrize("store", STORES)
def test_damage_deep_inside_is_found_where_the_whole_file_is_read(
    folder: DataFolder, store: str, how: Callable[[bytes], bytes]
) -> None:
    assert set_damaged_aside(folder, is_whole_file_read=True) == []
    damage(folder, store, how)
    (told,) = set_damaged_aside(folder, is_whole_file_read=True)
    assert store in told
    with open_instance(folder) as instance:
        assert list(instance.get_runs()) == []
