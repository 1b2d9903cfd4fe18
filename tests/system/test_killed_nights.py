"""Nights that are killed leave nothing half done: the next one publishes what an undisturbed one would.

The nights are those of the fixture `corrected`; intake dies at each of its steps in the unit tests.
"""

import json
from pathlib import Path

from tests.csp import Installation


def content(folder: Installation) -> dict[str, str]:
    manifest = json.loads((folder.root / "published/current/manifest.json").read_text())
    return {table: facts["content_sha256"] for table, facts in manifest["tables"].items()}


def test_what_was_published_after_them_is_what_a_night_makes_of_nothing(
    corrected: Installation, tmp_path: Path
) -> None:
    """The night finds the release lost; of the same tables it says elsewhere that there is nothing new."""
    folder = corrected.copy_to(tmp_path / "data")
    before = content(folder)
    (folder.root / "releases" / folder.current).rename(folder.root / "gone")
    assert folder.night("--rebuild").splitlines()[-1].startswith("published 2022-03-31.")
    assert (folder.root / "releases" / folder.current).is_dir()
    assert content(folder) == before
    assert folder.query("select count(*) > 0 from indicator_values") == [(True,)]
