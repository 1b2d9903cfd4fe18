"""What partnership.yaml says of a night holds, unless a variable says otherwise."""

from pathlib import Path

import pytest

from orchestration.releases import (
    PartnersSettingError,
    PruneError,
    is_asked_for,
    retention,
    wants_partners_release,
)
from sources.intake.quarantine import QuarantineError, days_kept
from sources.partnership.in_force import VARIABLES

SAID = "name: Ours\npartners_release: true\nprune_keep: 12\nprune_older_than: 90\nquarantine_days: 7\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A partnership's folder in use, in an environment without the variables."""
    monkeypatch.setenv("CSP_PARTNERSHIP", str(tmp_path))
    for variable in VARIABLES.values():
        monkeypatch.delenv(variable, raising=False)
    (tmp_path / "partnership.yaml").write_text(SAID)
    return tmp_path


def in_force() -> tuple[bool, int | None, int | None, int]:
    asked = retention(None, None)
    return wants_partners_release(), asked.keep, asked.older_than, days_kept()


@pytest.mark.usefixtures("folder")
def test_the_folder_says_it() -> None:
    assert in_force() == (True, 12, 90, 7)


@pytest.mark.usefixtures("folder")
def test_a_variable_goes_before_it_unless_it_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, value in zip(VARIABLES.values(), ("off", "3", "", "0"), strict=True):
        monkeypatch.setenv(variable, value)
    assert in_force() == (False, 3, 90, 0)


def test_without_either_nothing_is_asked(folder: Path) -> None:
    (folder / "partnership.yaml").write_text("name: Ours\n")
    assert (wants_partners_release(), is_asked_for(), days_kept()) == (False, False, 30)


@pytest.mark.parametrize("line", ["prune_keep: twelve", "prune_keep: 0", "quarantine_days: -1", "prune_kept: 12"])
def test_a_mistake_names_file_and_key(folder: Path, line: str) -> None:
    (folder / "partnership.yaml").write_text(f"name: Ours\n{line}\n")
    expected = rf"partnership\.yaml: {line.partition(':')[0]}: "
    for error, ask in (
        (PartnersSettingError, wants_partners_release),
        (PruneError, is_asked_for),
        (QuarantineError, days_kept),
    ):
        with pytest.raises(error, match=expected):
            ask()
