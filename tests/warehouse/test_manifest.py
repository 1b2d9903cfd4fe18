"""The manifest that a build starts from is read from the project as it is now, never from an older reading of it."""

import shutil
from pathlib import Path

import pytest

from orchestration import provenance as code_digest
from orchestration.dbt import project as dbt
from orchestration.dbt.project import PARTIAL_PARSE, current_manifest, prepare_manifest, read_manifest
from sources.folder.data_folder import DataFolder


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A dbt project of one model."""
    root = tmp_path / "dbt_project"
    (root / "models").mkdir(parents=True)
    shutil.copy(code_digest.DBT_PROJECT_DIR / "profiles.yml", root)
    (root / "dbt_project.yml").write_text("name: small\nversion: '1.0'\nprofile: csp_indicator_warehouse\n")
    (root / "models" / "crimes.sql").write_text("select 1 as one")
    (root / "models" / "_models.yml").write_text("models:\n  - name: crimes\n    description: The crimes.\n")
    for module in (code_digest, dbt):
        monkeypatch.setattr(module, "DBT_PROJECT_DIR", root)
    return root


def test_what_an_older_reading_of_the_project_says_is_forgotten(project: Path, tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    before = prepare_manifest(folder)
    older = folder.dbt_target.parent / "parse" / PARTIAL_PARSE
    said = older.read_bytes()
    assert b"The crimes." in said
    older.write_bytes(said.replace(b"The crimes.", b"Old crimes."))
    (project / "models" / "more.sql").write_text("select 2 as two")
    after = prepare_manifest(folder)
    assert [*after.parent.glob("*.json")] == [after] != [before]
    nodes = read_manifest(after)["nodes"]
    assert "model.small.more" in nodes
    assert nodes["model.small.crimes"]["description"] == "The crimes."
    assert b"The crimes." in (folder.dbt_target / PARTIAL_PARSE).read_bytes()


def test_one_that_was_damaged_is_read_anew(project: Path, tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    manifest = prepare_manifest(folder)
    manifest.write_bytes(manifest.read_bytes()[:1000])
    assert "model.small.crimes" in current_manifest(folder)["nodes"]
