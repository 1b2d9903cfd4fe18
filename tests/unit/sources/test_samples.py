"""The bundled sample is what data.police.uk published; samples go only where nothing lies yet."""

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from orchestration.cli.main import app
from sources.folder.data_folder import DataFolder
from sources.samples import SAMPLE, LandingNotEmpty, landing_is_empty, put_samples
from sources.samples.build_zip import build_zip

from .conftest import Drop
from .test_samples_plan_time import FEEDS

SHARED = Path(__file__).parents[4] / "shared" / "data" / "police_uk_street"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason=f"the larger real files are not at {SHARED}")


def test_the_sample_is_taken_in_whole(drop: Drop) -> None:
    (file,) = put_samples(drop.folder, ["open-data"])
    assert file.parent == drop.landing
    receipts = drop.take_in().receipts
    assert len(receipts) == 24
    assert {receipt.outcome for receipt in receipts} == {"accepted"}
    assert (receipts[0].period_start, receipts[-1].period_end) == ("2020-04-01", "2022-03-31")
    assert sum(receipt.rows_accepted for receipt in receipts) == 199_362
    assert len(drop.raw("row_number")) == 199_362
    assert all(not receipt.warnings for receipt in receipts)
    melton = drop.raw(
        "count(*) FILTER (crime_type = 'Burglary' AND month BETWEEN '2020-04-01' AND '2021-03-31')", order="ALL"
    )
    assert melton[0][0] > 0  # type: ignore[operator]


def test_samples_are_put_set_by_set(drop: Drop, drops: Callable[[], Drop]) -> None:
    every = [file.relative_to(drop.folder.landing).as_posix() for file in put_samples(drop.folder)]
    other = drops()
    made_up = [file.relative_to(other.folder.landing).as_posix() for file in put_samples(other.folder, ["plan-time"])]
    assert every == [f"police/street_crime/{SAMPLE.name}", *made_up]
    assert all("-synthetic" in file for file in made_up)
    with pytest.raises(KeyError):
        put_samples(drops().folder, ["of-another-plan"])


@pytest.mark.parametrize(("chosen", "feeds"), [("open-data", 1), (None, 1 + len(FEEDS))])
def test_csp_samples_puts_what_is_asked_for(
    chosen: str | None, feeds: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CSP_DATA_DIR", str(tmp_path / "data"))
    result = CliRunner().invoke(app, ["samples", *(["--set", chosen] if chosen else [])])
    assert result.exit_code == 0, result.output
    landing = DataFolder(tmp_path / "data").landing
    files = [file for file in landing.rglob("*") if file.is_file()]
    assert sorted(result.output.splitlines()) == sorted(f"sample put at {file}" for file in files)
    assert len({file.parent for file in files}) == feeds
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


@needs_shared
def test_the_sample_holds_the_extracts_uncut(tmp_path: Path) -> None:
    rebuilt = tmp_path / "sample.zip"
    assert build_zip(SHARED, rebuilt) == 24
    with zipfile.ZipFile(SAMPLE) as bundled, zipfile.ZipFile(rebuilt) as again:
        assert bundled.namelist() == again.namelist()
        for name in bundled.namelist():
            assert name == f"{name[-33:-26]}/{name[-33:]}"
            assert bundled.read(name) == (SHARED / name[-33:]).read_bytes()


@needs_shared
def test_every_row_of_the_real_files_is_accepted(drop: Drop) -> None:
    expected = {}
    for file in sorted(SHARED.glob("*.csv")):
        content = file.read_bytes()
        drop.put(content, file.name)
        # No value of these files holds a line break, so lines are rows.
        expected[file.name] = content.count(b"\n") - 1
    receipts = drop.take_in().receipts
    assert len(receipts) == 28
    for receipt in receipts:
        assert (receipt.outcome, receipt.rows_rejected, receipt.warnings) == ("accepted", 0, [])
        assert receipt.rows_delivered == receipt.rows_accepted == expected[receipt.file_name]
    assert len(drop.raw("row_number")) == sum(expected.values()) == 232_309
