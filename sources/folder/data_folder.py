"""The data folder: where everything that runs lives, and the only place where its paths are spelled out."""

import os
from dataclasses import dataclass
from pathlib import Path

ENVIRONMENT_VARIABLE = "CSP_DATA_DIR"
_REPOSITORY = Path(__file__).resolve().parents[2]


class DataFolderError(Exception):
    """The data folder cannot lie where it does; the message says why."""


def _is_usable(character: str) -> bool:
    """Return whether paths may hold it: none that SQL, a glob, a URL or a template reads as its own."""
    return character.isprintable() and character not in "'\"\\#?*%${}[]"


@dataclass(frozen=True)
class DataFolder:
    """The paths below one data folder. Making one touches no disk."""

    root: Path

    @classmethod
    def from_environment(cls) -> "DataFolder":
        """Return the folder that CSP_DATA_DIR names, or `data/` of the repository.

        Raises:
            DataFolderError: its path holds a character with which DuckDB, dbt or Dagster would find another.
        """
        root = Path(os.environ.get(ENVIRONMENT_VARIABLE) or _REPOSITORY / "data").absolute()
        if unusable := sorted({character for character in str(root) if not _is_usable(character)}):
            raise DataFolderError(
                f"the path of the data folder, {str(root)!a}, holds {' '.join(map(ascii, unusable))}: move it to "
                "one without quotes, backslashes, control characters and # ? * % $ { } [ ]. Blanks and accents are fine"
            )
        return cls(root)

    @property
    def landing(self) -> Path:
        """What agencies drop; intake changes nothing in it, but moves personal data not agreed to quarantine."""
        return self.root / "landing"

    @property
    def incoming(self) -> Path:
        """Where a file of any feed may be dropped under any name; intake finds the feed by what the file holds."""
        return self.landing / "incoming"

    @property
    def archive(self) -> Path:
        """Bytes of every delivery, by sha256; its owner alone can read it."""
        return self.root / "archive"

    @property
    def raw(self) -> Path:
        """Accepted rows, one Parquet file a delivery."""
        return self.root / "raw"

    @property
    def cells(self) -> Path:
        """Accepted rows of whole deliveries added up, so that no night reads them again; can be deleted."""
        return self.root / "cells"

    @property
    def rejected(self) -> Path:
        """Refused rows with their reasons, one Parquet file a delivery."""
        return self.root / "rejected"

    @property
    def quarantine(self) -> Path:
        """Landing files with personal data that nobody agreed to send, by sha256; its owner alone can read it."""
        return self.root / "quarantine"

    @property
    def ledger(self) -> Path:
        """Receipts and what was seen in landing."""
        return self.root / "ledger"

    @property
    def receipts(self) -> Path:
        """One JSON line a receipt, append-only: the commit point of a delivery."""
        return self.ledger / "receipts.jsonl"

    @property
    def acceptances(self) -> Path:
        """One JSON line for each refused delivery that someone confirmed to be right, append-only."""
        return self.ledger / "acceptances.jsonl"

    @property
    def withdrawals(self) -> Path:
        """One JSON line a withdrawal of deliveries, append-only: its commit point."""
        return self.ledger / "withdrawals.jsonl"

    @property
    def unfinished(self) -> Path:
        """There while a command rewrites many files, and after it was interrupted: nothing is built until it ends."""
        return self.ledger / "unfinished.json"

    @property
    def landing_files(self) -> Path:
        """One JSON line for each landing file that is done with."""
        return self.ledger / "landing_files.jsonl"

    @property
    def ledger_for_models(self) -> Path:
        """What dbt reads of ledger and contracts, written by each intake."""
        return self.ledger / "for_models"

    @property
    def partnership_for_models(self) -> Path:
        """What dbt reads of the partnership's folder, written by each run."""
        return self.root / "partnership"

    @property
    def link_key(self) -> Path:
        """The key of keyed hashes, unless the environment gives it; its owner alone can read it."""
        return self.root / "secrets" / "link.key"

    @property
    def link_key_fingerprint(self) -> Path:
        """Tells whether the key is the one under which raw was written."""
        return self.ledger / "link_key_fingerprint"

    @property
    def intake_work(self) -> Path:
        """Unfinished files of intake, on the same file system so that a rename is atomic; emptied by each intake."""
        return self.root / "intake_work"

    @property
    def rehash_work(self) -> Path:
        """Accepted rows under a new link key, until all are there; its owner alone can read it."""
        return self.root / "rehash_work"

    @property
    def warehouse(self) -> Path:
        """The warehouse, written by dbt alone."""
        return self.root / "warehouse.duckdb"

    @property
    def warehouse_log(self) -> Path:
        """DuckDB's write-ahead log of the warehouse: there while someone writes, or where they were cut short."""
        return self.root / "warehouse.duckdb.wal"

    @property
    def build_record(self) -> Path:
        """Which run built the warehouse, and from what."""
        return self.root / "warehouse.build.json"

    @property
    def run_inputs(self) -> Path:
        """The as-at date and input fingerprint of the run under way."""
        return self.root / "run_inputs.json"

    @property
    def spill(self) -> Path:
        """What DuckDB cannot hold in memory while a release is built or verified."""
        return self.root / ".spill"

    @property
    def spark(self) -> Path:
        """What Spark writes while it makes cells; there only meanwhile."""
        return self.root / "spark"

    @property
    def spark_cells(self) -> Path:
        """The cells that Spark has made, as a database, before each delivery's are kept."""
        return self.spark / "cells.duckdb"

    @property
    def releases(self) -> Path:
        """Immutable releases, one folder each."""
        return self.root / "releases"

    @property
    def published(self) -> Path:
        """What readers open: `current` points to one release."""
        return self.root / "published"

    @property
    def current_release(self) -> Path:
        """The link that one atomic rename switches."""
        return self.published / "current"

    @property
    def publication_history(self) -> Path:
        """One JSON line for each switch of the current release."""
        return self.published / "history.jsonl"

    @property
    def removed_releases(self) -> Path:
        """One JSON line for each release that was pruned: its number is not given again."""
        return self.published / "removed.jsonl"

    @property
    def intended_switch(self) -> Path:
        """The line of a switch under way, for whoever comes next if its process dies."""
        return self.published / ".switch.json"

    @property
    def lineage(self) -> Path:
        """Counted rows of each release, for tracing."""
        return self.root / "lineage"

    @property
    def drawings(self) -> Path:
        """Charts already drawn, by the hash of what they show; its owner alone can read it, and it can be deleted."""
        return self.root / "drawings"

    @property
    def partners(self) -> Path:
        """Exact twins of releases and the link `current`, for partners who may see them; only its owner can enter."""
        return self.root / "partners"

    @property
    def alerts(self) -> Path:
        """What someone is told of nights; its owner alone can read it."""
        return self.root / "alerts"

    @property
    def outbox(self) -> Path:
        """Messages until every channel has them, and what was told before."""
        return self.alerts / "outbox.json"

    @property
    def dagster_home(self) -> Path:
        """Dagster's own state."""
        return self.root / "dagster"

    @property
    def dbt_target(self) -> Path:
        """Compiled models and artifacts of dbt."""
        return self.root / "dbt" / "target"

    @property
    def dbt_partners_target(self) -> Path:
        """What dbt compiles and reports of the partners' tables; apart, so that either reading of the project lasts."""
        return self.root / "dbt" / "partners"

    @property
    def dbt_logs(self) -> Path:
        """Logs of dbt."""
        return self.root / "dbt" / "logs"

    @property
    def format(self) -> Path:
        """The number of the folder's form: see `sources/folder/format.py`."""
        return self.root / "format"

    @property
    def writer_lock(self) -> Path:
        """Held by the one process that may write."""
        return self.root / "writer.lock"

    def landing_of(self, feed_key: str) -> Path:
        """Return the folder into which deliveries of `<agency>/<feed>` are dropped."""
        return self.landing / feed_key

    def raw_of(self, feed_key: str) -> Path:
        """Return the folder of the accepted rows of `<agency>/<feed>`."""
        return self.raw / feed_key

    def cells_of(self, raw_file: str) -> list[Path]:
        """Return what is kept of the cells of a delivery, whose accepted rows are `raw/<raw_file>`."""
        place = (self.cells / raw_file).with_suffix("")
        return sorted(place.parent.glob(f"{place.name}.*"))

    def rejected_of(self, feed_key: str) -> Path:
        """Return the folder of the refused rows of `<agency>/<feed>`."""
        return self.rejected / feed_key

    def archived(self, sha256: str) -> Path:
        """Return where the bytes with this sha256 (64 hex digits) are kept."""
        return self.archive / sha256[:2] / sha256

    def quarantined(self, sha256: str) -> Path:
        """Return where the landing file with this sha256 (64 hex digits) is in quarantine; a note lies beside it."""
        return self.quarantine / sha256

    def quarantine_note(self, sha256: str) -> Path:
        """Return the note on a file in quarantine: where it came from, and when."""
        return self.quarantine / f"{sha256}.json"


@dataclass(frozen=True)
class PartnersFolder(DataFolder):
    """The data folder as partners see it: its releases are the exact twins of those that everybody sees."""

    @property
    def releases(self) -> Path:
        """The exact twins, one folder each, named as their releases."""
        return self.partners

    @property
    def current_release(self) -> Path:
        """The link to the twin of the current release."""
        return self.partners / "current"
