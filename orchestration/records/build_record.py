"""The record beside the warehouse of which run built it: what the release step trusts instead of the graph."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from sources.folder.data_folder import DataFolder
from sources.folder.durable import write_whole


@dataclass(frozen=True)
class BuildRecord:
    """Which run built the candidate marts, from which inputs and with which code, and what they then held."""

    run_id: str
    as_at: str
    input_fingerprint: str
    rules_digest: str
    git_commit: str | None
    versions: dict[str, str]
    complete: bool
    warehouse_size: int
    warehouse_modified_ns: int
    content_hashes: dict[str, str]
    """By relation (`marts.areas`), of every table that a release may hold."""
    month_hashes: dict[str, dict[str, str]] = field(default_factory=dict)
    """By relation its hash, or those of its months where it is large, by the fingerprint of the rows."""
    beside_current: bool = False
    """Whether a release of it is kept beside the current one: a backfill of a past date."""
    month: str | None = None
    """Of a backfill the month (its first day) whose run built it."""
    settled_by: str | None = None
    """The release that holds these tables, once the release step has published or recognised it."""

    def still_describes(self, folder: DataFolder) -> bool:
        """Whether the warehouse file has the size and the time of change that it had when the build ended.

        A write-ahead log beside it holds changes that the file does not show.
        """
        if not folder.warehouse.exists() or folder.warehouse_log.exists():
            return False
        state = folder.warehouse.stat()
        return (state.st_size, state.st_mtime_ns) == (self.warehouse_size, self.warehouse_modified_ns)


def write_build_record(path: Path, record: BuildRecord) -> None:
    """Write the record whole or not at all."""
    write_whole(path, json.dumps(asdict(record), indent=2))


def read_build_record(path: Path) -> BuildRecord | None:
    """Return the record of the last build, or None where there is none that can be read."""
    try:
        return BuildRecord(**json.loads(path.read_text()))
    except (OSError, ValueError, TypeError):
        return None
