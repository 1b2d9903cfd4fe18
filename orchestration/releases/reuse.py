"""Files of the release before that hold the same rows: a new release has them as links, and does not write them anew.

A release is never altered, so a file may stand in several: its bytes are gone when the last of them is.
"""

import hashlib
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from orchestration.releases.files import FILE_FOR_OWNER, FILE_FOR_READERS, MANIFEST, MANIFEST_DIGEST, fingerprint
from orchestration.releases.find import read_manifest
from orchestration.releases.previous import previous_id
from sources.folder import sql_text
from sources.folder.data_folder import DataFolder, PartnersFolder

# What decides in which order and form the rows of copies and lineage are written is in these files.
WRITERS = (*sorted(Path(__file__).parent.glob("*.py")), Path(sql_text.__file__))


@cache
def written_as() -> str:
    """Return what tells the form of files: after any change of what writes them, all are written anew once."""
    digest = hashlib.sha256()
    for writer in WRITERS:
        digest.update(hashlib.sha256(writer.read_bytes()).digest())
    return digest.hexdigest()


@dataclass(frozen=True)
class Earlier:
    """What the release before says of its tables and files; empty where there is none whose files can stand again."""

    path: Path = Path()
    tables: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    files: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    lineage: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    rights: int = FILE_FOR_READERS

    def has_rows(self, table: str, described: Mapping[str, Any]) -> bool:
        """Return whether it has exactly the rows of a table that is `described` as in a manifest."""
        return self._has_columns(table, described) and (
            self.tables[table]["content_sha256"] == described["content_sha256"]
        )

    def has_year(self, table: str, described: Mapping[str, Any], year: int) -> bool:
        """Return whether it has exactly the rows of a large table in the financial year that begins in `year`."""
        return self._has_columns(table, described) and (
            months_by_year(self.tables[table].get("months_sha256", {})).get(year)
            == months_by_year(described["months_sha256"])[year]
        )

    def _has_columns(self, table: str, described: Mapping[str, Any]) -> bool:
        """Return whether columns and hash are alike, so that equal hashes say that every value is."""
        alike = ("columns", "left_out_of_content_sha256", "partitioned_by")
        return (
            table in self.tables
            and not described["left_out_of_content_sha256"]
            and all(self.tables[table].get(what) == described.get(what) for what in alike)
        )

    def link(self, name: str, building: Path) -> bool:
        """Have a release that is built hold its file `name`; False where that is missing, or not as it was sealed."""
        return name in self.files and link_unchanged(
            self.path / name, building / name, self.files[name]["sha256"], self.rights
        )


def earlier_release(folder: DataFolder, release_id: str, beside_current: bool = False) -> Earlier:
    """Return what stands in the release that readers saw before this one, if the same versions wrote it."""
    previous = previous_id(folder, release_id, beside_current)
    if previous is None:
        return Earlier()
    path, manifest = folder.releases / previous, read_manifest(folder, previous)
    told = (manifest.get("written_as"), manifest["versions"].get("duckdb"))
    if told != (written_as(), duckdb.__version__) or not _is_sealed(path):
        return Earlier()
    rights = FILE_FOR_OWNER if isinstance(folder, PartnersFolder) else FILE_FOR_READERS
    return Earlier(path, manifest["tables"], manifest["files"], manifest["lineage"], rights)


def _is_sealed(release: Path) -> bool:
    try:
        return (release / MANIFEST_DIGEST).read_text().split()[:1] == [fingerprint(release / MANIFEST)["sha256"]]
    except OSError:
        return False


def link_unchanged(file: Path, place: Path, sha256: str, rights: int) -> bool:
    """Link a file to another place, if it has that sha256, those rights and the owner that a new file would have.

    What is linked is what was hashed, and nothing of it need be changed, which would change the earlier release.
    """
    try:
        os.link(file, place, follow_symlinks=False)
    except OSError:  # missing, or of a file system without links
        return False
    state = place.lstat()
    as_sealed = (state.st_mode, state.st_uid) == (stat.S_IFREG | rights, os.geteuid())
    if as_sealed and fingerprint(place)["sha256"] == sha256:
        return True
    place.unlink()
    return False


def months_by_year(months: Mapping[str, str]) -> dict[int, dict[str, str]]:
    """Return hashes of months (`2020-04`) by the year in which their financial year begins."""
    years: dict[int, dict[str, str]] = {}
    for month, found in sorted(months.items()):
        year, number = map(int, month.split("-"))
        years.setdefault(year if number >= 4 else year - 1, {})[month] = found
    return years
