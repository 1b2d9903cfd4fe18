"""Folders that earlier versions made, under tests/folders, are read as they are and brought to today's form."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from orchestration.cli.main import app
from orchestration.mending import mended
from orchestration.records.build_record import read_build_record
from orchestration.records.run_inputs import read_run_inputs
from orchestration.releases import (
    LineageError,
    current_id,
    get_release,
    latest_published_release,
    read_history,
    read_manifest,
    remove_releases,
)
from orchestration.releases.lineage import lineage_in, lineage_of
from orchestration.releases.verification import verify
from orchestration.whats_new import sections_since, summary_of
from orchestration.writer_lock import writer_lock
from sources.folder import format as folder_format
from sources.folder.data_folder import DataFolder
from sources.folder.format import CURRENT, FolderFormatError, format_of
from sources.ledger import migrations, unfinished
from sources.ledger.receipts import Ledger, standing
from sources.ledger.unfinished import UnfinishedError, require_finished
from sources.reasons.reason import for_owner, published
from tests.places import REPOSITORY

MADE = REPOSITORY / "tests" / "folders"
FORMS = ["0.1.0-first", "0.1.0-last", "0.2.0", "0.2.0-before-partnership"]


def test_every_folder_is_tried() -> None:
    assert sorted(path.name for path in MADE.iterdir() if path.is_dir()) == FORMS


def made_by(version: str, root: Path) -> DataFolder:
    """Return a copy of what a version made, with whatever else was there as empty files."""
    shutil.copytree(MADE / version, root, symlinks=True)
    for line in (root / "tree.txt").read_text().splitlines():
        path = root / line
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir(exist_ok=True) if line.endswith("/") else path.touch()
    (root / "tree.txt").unlink()
    return DataFolder(root)


@pytest.fixture(params=FORMS)
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> DataFolder:
    return made_by(request.param, tmp_path / "data")


def content(folder: DataFolder) -> dict[str, bytes]:
    return {
        path.relative_to(folder.root).as_posix(): path.read_bytes()
        for path in folder.root.rglob("*")
        if path.is_file() and not path.is_symlink()
    }


def upgrade(folder: DataFolder, *options: str, exit_code: int = 0) -> str:
    ended = CliRunner(env={"CSP_DATA_DIR": str(folder.root)}).invoke(app, ["upgrade", *options])
    assert ended.exit_code == exit_code, ended.output
    return ended.output


def read(folder: DataFolder) -> list[Any]:
    """Return what today's version reads of ledger, records, releases and history."""
    receipts = Ledger(folder).receipts()
    latest = latest_published_release(folder)
    current = current_id(folder)
    assert current
    return [
        [(one.receipt_number, one.outcome, for_owner(one.reasons), one.erasure is not None) for one in receipts],
        [one.receipt_number for one in standing(receipts)],
        read_run_inputs(folder.run_inputs),
        read_build_record(folder.build_record),
        current,
        get_release(folder, current).as_at,
        latest,
        lineage_in(read_manifest(folder, current)).keys(),
        read_history(folder),
    ]


def test_what_an_earlier_version_made_is_read(folder: DataFolder) -> None:
    receipts = Ledger(folder).receipts()
    assert {one.outcome for one in receipts} == {"accepted", "refused"}
    refused = next(one for one in receipts if one.outcome == "refused")
    assert "Missing columns" in for_owner(refused.reasons)[0]
    assert published(refused.reasons, of_people=True)
    erased = [one for one in receipts if one.erasure]
    assert len(erased) == (1 if folder.withdrawals.exists() and folder.withdrawals.stat().st_size else 0)
    assert len(standing(receipts)) == 4 - len(erased)
    assert current_id(folder) == read_history(folder)[-1]["to"]
    assert mended(folder) == []
    problems = verify(folder, str(current_id(folder)))
    assert not [problem for problem in problems if problem.where.startswith("lineage")], problems


def test_the_lineage_of_a_release_is_used_or_said_to_be_of_an_earlier_version(folder: DataFolder) -> None:
    manifest = read_manifest(folder, str(current_id(folder)))
    if "path" in manifest["lineage"]:
        with pytest.raises(LineageError, match=f"git commit {manifest['git_commit']}"):
            lineage_of(folder, manifest)
    else:
        assert all(file.stat().st_size for files in lineage_of(folder, manifest).values() for file in files)


def test_an_upgrade_is_said_then_done_and_loses_nothing(folder: DataFolder) -> None:
    before, said = read(folder), content(folder)
    told = upgrade(folder)
    assert content(folder) == said
    assert f"form 1, this version writes form {CURRENT}" in told
    assert "nothing is done: add --yes" in told
    assert "changelog [Unreleased]:" in told
    done = upgrade(folder, "--yes")
    assert f"done: the folder is of form {CURRENT}" in done
    now = content(folder)
    assert {name for name in said if name not in now} == {"ledger/feeds.jsonl"} & said.keys()
    assert {name for name, was in said.items() if name in now and now[name] != was} <= {"writer.lock"}
    assert read(folder) == before
    assert "nothing is to be done" in upgrade(folder)
    assert migrations.told_of_format(folder) is None


def test_exact_figures_of_earlier_releases_are_kept_for_the_owner_alone(tmp_path: Path) -> None:
    folder = made_by("0.1.0-last", tmp_path / "data")
    exact = folder.root / "partner" / "2021-07-31.1.duckdb"
    exact.parent.mkdir()
    exact.write_bytes(b"exact")
    upgrade(folder, "--yes")
    assert not exact.parent.exists()
    assert (folder.partners / "before-0.3.0" / exact.name).read_bytes() == b"exact"
    assert folder.partners.stat().st_mode & 0o077 == 0


def test_an_upgrade_that_dies_is_repeated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever step it dies at: nothing is built until it was run again, which ends as if it had not died."""
    calls = [(migrations, "_make"), (migrations, "note_format"), (unfinished, "end")]
    for number, (module, name) in enumerate(calls):
        folder = made_by("0.1.0-last", tmp_path / str(number))

        def die(*_: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(module, name, die)
            with pytest.raises(KeyboardInterrupt):
                migrations.upgrade(folder, lambda _: None)
        with pytest.raises(UnfinishedError, match="`csp upgrade --yes`, begun"):
            require_finished(folder)
        assert migrations.upgrade(folder, lambda _: None) == CURRENT
        require_finished(folder)
        assert not (folder.ledger / "feeds.jsonl").exists()


def test_an_upgrade_waits_for_another_command_to_be_finished(folder: DataFolder) -> None:
    unfinished.begin(folder, "rehash")
    assert "run `csp rehash` again" in upgrade(folder, "--yes", exit_code=1)
    assert format_of(folder) == 1


def test_a_newer_folder_is_read_and_not_written(folder: DataFolder) -> None:
    folder_format.note_format(folder, CURRENT + 1)
    before = content(folder)
    with (
        pytest.raises(FolderFormatError, match=f"of form {CURRENT + 1}, which a newer version wrote"),
        writer_lock(folder),
    ):
        pytest.fail("it may not be written")
    assert f"of form {CURRENT + 1}" in upgrade(folder, "--yes", exit_code=1)
    night = CliRunner(env={"CSP_DATA_DIR": str(folder.root)}).invoke(app, ["nightly"])
    assert night.exit_code == 1
    assert night.stdout.strip().startswith("failed: ")
    assert "which a newer version wrote" in night.stdout
    assert mended(folder) == []
    assert read(folder)
    assert content(folder) == before


def test_a_night_settles_what_needs_no_change_and_says_the_rest(tmp_path: Path) -> None:
    new, plain, older = DataFolder(tmp_path), made_by("0.1.0-first", tmp_path / "1"), made_by("0.2.0", tmp_path / "2")
    (plain.ledger / "feeds.jsonl").unlink()
    assert migrations.settle_format(new) is None
    assert migrations.settle_format(plain) is None
    assert plain.format.read_text() == f"{CURRENT}\n"
    assert str(migrations.settle_format(older)).startswith("the data folder is of form 1")
    assert not older.format.exists()


def test_a_number_that_is_none_is_named(folder: DataFolder) -> None:
    folder.format.write_text("two\n")
    with pytest.raises(FolderFormatError, match="holds 'two', not the number of a form"):
        format_of(folder)


def test_migrations_lead_from_each_form_to_the_next() -> None:
    assert [one.to for one in migrations.MIGRATIONS] == list(range(2, CURRENT + 1))
    assert all(one.changes.__doc__ for one in migrations.MIGRATIONS)


def test_a_pruned_release_takes_its_lineage_of_one_file_along(tmp_path: Path) -> None:
    folder = made_by("0.1.0-last", tmp_path / "data")
    lineage = folder.lineage / "2021-07-31.1.parquet"
    assert lineage.exists()
    remove_releases(folder, ["2021-07-31.1"])
    assert not lineage.exists()
    assert (folder.lineage / "2021-07-31.2.parquet").exists()


def test_sections_of_the_changelog_since_a_version() -> None:
    text = (
        "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- a\n- b\n  c\n\n### Fixed\n\n- d\n\n"
        "## [0.2.0] - 2026\n\nold\n\n## [0.1.0] - 2026\n\nfirst\n"
    )
    assert [version for version, _ in sections_since("0.1.0", text)] == ["Unreleased", "0.2.0"]
    assert [version for version, _ in sections_since(None, text)] == ["Unreleased", "0.2.0", "0.1.0"]
    ((_, unreleased),) = sections_since("0.3.0.dev0", text)
    assert summary_of(unreleased) == "Added 2, Fixed 1"
    assert dict(sections_since("0.1.0", text))["0.2.0"] == "old"
