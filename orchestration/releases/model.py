"""What a release is: the facts it is built from, what is known of it afterwards, and what can be wrong with it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration.releases.content_hash import MonthHashes

ERROR = "error"
WARN = "warn"


class ReleaseError(Exception):
    """A release cannot be built, found, trusted or published; the message says what, where and what to do."""


class NothingPublishedError(ReleaseError):
    """There is no current release."""


class UnknownReleaseError(ReleaseError):
    """There is no release of that id."""


class UnpublishedReleaseError(ReleaseError):
    """A release was built, but never was the current one."""


class DamagedReleaseError(ReleaseError):
    """A release is not as it was when it was built."""


class ChangedTablesError(ReleaseError):
    """Tables are not those that were built and checked; the message names them."""


class ReleaseBuildError(ReleaseError):
    """The warehouse does not hold what a release needs."""


@dataclass(frozen=True)
class CheckResult:
    """What a check said of a table of the release; `severity` is `error` or `warn`, `evaluated_at` an ISO time."""

    asset: str
    name: str
    severity: str
    passed: bool
    evaluated_at: str
    description: str

    def __post_init__(self) -> None:
        """Refuse a severity of another spelling, whose failures would be no warnings.

        Raises:
            ValueError: the severity is neither `error` nor `warn`.
        """
        if self.severity not in (ERROR, WARN):
            raise ValueError(f"check {self.name} on {self.asset}: severity {self.severity!r} is not {ERROR} or {WARN}")


@dataclass(frozen=True)
class Described:
    """What the dictionary says of a table: its own description, and that of each column by name.

    `key` are the columns that no two rows share; `references` names the table to whose only key column a column leads.
    """

    description: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    key: Sequence[str] = ()
    references: Mapping[str, str] = field(default_factory=dict)
    partitioned_by: str | None = None
    """Of a large table the dates by which it is parted: Parquet by financial years, the hash by months, and no CSV."""


@dataclass(frozen=True)
class ReleaseFacts:
    """What the store cannot know of a release and the manifest must say; `dictionary` is by published table."""

    as_at: str
    run_id: str
    input_fingerprint: str
    git_commit: str | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    checks: Sequence[CheckResult] = ()
    dictionary: Mapping[str, Described] = field(default_factory=dict)
    views: Sequence[str] = ()
    """Views of the warehouse that the release has beside its tables; `dictionary` describes them too."""
    built_as: Mapping[str, str] | None = None
    """The content hash, by relation (`marts.areas`), of each table that was built and checked; None compares none."""
    month_hashes: Mapping[str, MonthHashes] = field(default_factory=dict)
    """By relation, the hashes of what was built, of large tables by month: what is equal need not be hashed again."""
    rules: Mapping[str, Any] | None = None
    """The rules that the tables were computed by, to be kept with the lineage; None keeps none."""
    write_pages: Callable[[duckdb.DuckDBPyConnection, str | None, Path], object] | None = None
    """Writes the report of the tables of a connection into a folder; None writes none.

    What it is given in between is the id of the release before, whose tables are in the schema `previous`; None where
    there is none.
    """
    write_workbook: Callable[[duckdb.DuckDBPyConnection, bool, Path], object] | None = None
    """Writes the workbook of the tables of a connection; told whether these are exact. None writes none."""
    beside_current: bool = False
    """Whether it is kept beside the current release: a backfill of a past date."""
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def warnings(self) -> list[str]:
        """What readers must know: a sentence for each failed check that does not hold a release."""
        return [
            f"{check.asset}: {check.description}"
            for check in self.checks
            if check.severity == WARN and not check.passed
        ]


@dataclass(frozen=True)
class Exact:
    """What partners see of a release instead: the tables that are exact, and what checks said of those and the rest."""

    tables: Collection[str]
    checks: Sequence[CheckResult] = ()


@dataclass(frozen=True)
class Release:
    """A release as its manifest describes it; `content_hashes` and `row_counts` are by table."""

    release_id: str
    path: Path
    as_at: str
    created_at: str
    input_fingerprint: str
    row_counts: Mapping[str, int]
    content_hashes: Mapping[str, str]
    partitioned_by: Mapping[str, str] = field(default_factory=dict)
    """The dates of which tables the hash is one of months."""
    beside_current: bool = False
    """Whether it was made to be kept beside the current one; somebody may have published it since."""


@dataclass(frozen=True)
class Rollback:
    """A rollback in force: readers see `release_id`, though `latest_id` was published last."""

    release_id: str
    latest_id: str
    at: str
    user: str
    reason: str

    def __str__(self) -> str:
        return (
            f"readers see the older {self.release_id}: rolled back at {self.at} by {self.user}, reason: {self.reason}. "
            f"This ends with the next night that publishes, for a delivery (a refused one too) or a rule, or with "
            f"`csp rollback {self.latest_id} --reason TEXT`"
        )

    @property
    def ended(self) -> str:
        """What is said when a newer release has taken the place of the one rolled back to."""
        return (
            f"this ends the rollback to {self.release_id} of {self.at} by {self.user}, reason: {self.reason}. "
            f"`csp rollback {self.release_id} --reason TEXT` goes back to it"
        )


@dataclass(frozen=True)
class Problem:
    """One way in which a release differs from its manifest."""

    kind: str
    where: str
    detail: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.where}: {self.detail}"
