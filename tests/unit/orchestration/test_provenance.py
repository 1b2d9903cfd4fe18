"""The rules that a run computes with are those that its process has loaded, not those on disk at another time."""

import os
from pathlib import Path

import pytest

from orchestration import provenance


@pytest.fixture
def suite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A suite that this process has loaded."""
    rooms = [tmp_path / room for room in ("dbt_project", "sources", "expectations")]
    for room in rooms:
        room.mkdir()
    suite = rooms[-1] / "figures.py"
    suite.write_text("LEAST = 1")
    monkeypatch.setattr(provenance, "PROJECT_ROOT", tmp_path)
    monkeypatch.setattr(provenance, "DBT_PROJECT_DIR", rooms[0])
    monkeypatch.setattr(provenance, "_STATES_AS_LOADED", provenance._states())
    monkeypatch.setattr(provenance, "LOADED_RULES", provenance.rules_digest())
    return suite


def test_a_rule_written_to_since_is_noticed(suite: Path) -> None:
    assert provenance.rules_are_as_loaded()
    suite.with_name("more.py").write_text("")
    assert not provenance.rules_are_as_loaded()
    suite.with_name("more.py").unlink()
    assert provenance.rules_are_as_loaded()
    suite.write_text("LEAST = 2")
    assert not provenance.rules_are_as_loaded()


def test_so_is_one_that_was_changed_and_changed_back_while_it_may_have_been_read(suite: Path) -> None:
    suite.write_text("LEAST = 2")
    suite.write_text("LEAST = 1")
    os.utime(suite, (1, 1))
    assert provenance.rules_digest() == provenance.LOADED_RULES
    assert not provenance.rules_are_as_loaded()


def test_so_is_one_that_was_changed_without_a_trace_but_its_bytes(suite: Path) -> None:
    state = suite.stat()
    suite.write_text("LEAST = 2")
    os.utime(suite, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert provenance._states() == provenance._STATES_AS_LOADED
    assert not provenance.rules_are_as_loaded()


def test_a_link_to_nothing_is_no_rule(suite: Path) -> None:
    before = provenance.rules_digest()
    (provenance.DBT_PROJECT_DIR / "gone.sql").symlink_to(suite.with_name("nowhere.sql"))
    assert provenance.rules_digest() == before
