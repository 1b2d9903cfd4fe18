"""The bundled sample is what data.police.uk published; samples go only where nothing lies yet."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from orchestration.cli.main import app
from sources.folder.data_folder import DataFolder
from sources.samples import SAMPLE, LandingNotEmpty, landing_is_empty, put_samples

from .conftest import Drop


def test_a_set_that_there_is_not_is_a_mistake(drop: Drop) -> None:
    with pytest.raises(KeyError):
        put_samples(drop.folder, ["of-another-plan"])


def test_csp_samples_puts_what_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CSP_DATA_DIR", str(tmp_path / "data"))
    result = CliRunner().invoke(app, ["samples", "--set", "open-data"])
    assert result.exit_code == 0, result.output
    landing = DataFolder(tmp_path / "data").landing
    (file,) = (file for file in landing.rglob("*") if file.is_file())
    assert result.output.splitlines() == [f"1 sample file(s) put into 1 feed(s) of {landing}"]
    assert file == landing / "police/street_crime" / SAMPLE.name
    again = CliRunner().invoke(app, ["samples"])
    assert again.exit_code == 1
    assert "is not empty" in again.output
    assert CliRunner().invoke(app, ["samples", "--if-empty"]).output == ""


def test_samples_go_only_into_an_empty_landing_folder(drop: Drop) -> None:
    assert landing_is_empty(drop.folder)
    drop.take_in()
    assert landing_is_empty(drop.folder), "empty folders are no deliveries"
    drop.put(b"x", "anything.part")
    with pytest.raises(LandingNotEmpty, match="is not empty"):
        put_samples(drop.folder)
    assert [file.name for file in drop.landing.iterdir()] == ["anything.part"]


def test_samples_do_not_lie_in_the_work_folder_of_an_intake(drop: Drop, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = shutil.copyfile

    def while_an_intake_ends(source: Path, target: Path) -> None:
        copy(source, target)
        shutil.rmtree(drop.folder.intake_work, ignore_errors=True)

    monkeypatch.setattr(shutil, "copyfile", while_an_intake_ends)
    (file,) = put_samples(drop.folder, ["open-data"])
    assert file.read_bytes() == SAMPLE.read_bytes()
    assert list(drop.folder.root.iterdir()) == [drop.folder.landing]


def test_samples_that_could_not_be_put_leave_nothing_behind(drop: Drop, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(source: Path, target: Path) -> None:
        target.write_bytes(b"half")
        raise OSError("No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(OSError, match="No space"):
        put_samples(drop.folder, ["open-data"])
    assert list(drop.folder.root.iterdir()) == []


def test_the_attribution_is_there() -> None:
    text = (SAMPLE.parent / "ATTRIBUTION.md").read_text().replace("\n", " ")
    assert "Contains public sector information licensed under the" in text
    assert "Open Government Licence v3.0" in text
