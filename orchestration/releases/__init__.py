"""The release store: immutable release folders, the one that is current, and the history of publications.

A release is built in a hidden folder, made durable, and renamed into place; `published/current` is a symbolic
link switched by one rename. So a reader sees a whole release at any moment, and a process that dies leaves
the last one standing. Whether a release may be published is for the gate to say, not for the store.
"""

from orchestration.releases.asked import NotAQueryError, answered
from orchestration.releases.build import build_release, build_twin
from orchestration.releases.content_hash import MonthHashes, content_hashes
from orchestration.releases.current import current_id, follow_current, mend, was_published
from orchestration.releases.files import DATABASE, MANIFEST, MANIFEST_DIGEST, REPORT
from orchestration.releases.find import (
    current_release,
    damaged_releases,
    get_release,
    last_receipt_published,
    latest_published_release,
    list_releases,
    published_ids,
    read_manifest,
    releases_not_to_repeat,
    require_any_published,
    require_current,
    rollback_in_force,
    why_unreadable,
)
from orchestration.releases.history import PUBLISHED, ROLLED_BACK, damaged_history, read_history, this_user
from orchestration.releases.lineage import LINEAGE_TABLES, LineageError, read_rules
from orchestration.releases.model import (
    ChangedTablesError,
    CheckResult,
    DamagedReleaseError,
    Described,
    Exact,
    NothingPublishedError,
    Problem,
    Release,
    ReleaseBuildError,
    ReleaseError,
    ReleaseFacts,
    Rollback,
    UnknownReleaseError,
    UnpublishedReleaseError,
)
from orchestration.releases.partners import (
    PARTNERS_SWITCH,
    PartnersSettingError,
    has_twin,
    needs_twin,
    require_twin,
    wants_partners_release,
    with_equal_twins,
)
from orchestration.releases.previous import previous_id, reading_with_previous
from orchestration.releases.prune import (
    Fate,
    PruneError,
    Retention,
    bytes_freed_with_releases,
    fates,
    is_asked_for,
    retention,
    runs_of,
)
from orchestration.releases.publication import publish, rollback
from orchestration.releases.removal import remove_releases
from orchestration.releases.tables import STORAGE_VERSION, equal_releases, relation_of
from orchestration.releases.unfinished import unfinished_release
from orchestration.releases.verification import verify

__all__ = [
    "DATABASE",
    "LINEAGE_TABLES",
    "MANIFEST",
    "MANIFEST_DIGEST",
    "PARTNERS_SWITCH",
    "PUBLISHED",
    "REPORT",
    "ROLLED_BACK",
    "STORAGE_VERSION",
    "ChangedTablesError",
    "CheckResult",
    "DamagedReleaseError",
    "Described",
    "Exact",
    "Fate",
    "LineageError",
    "MonthHashes",
    "NotAQueryError",
    "NothingPublishedError",
    "PartnersSettingError",
    "Problem",
    "PruneError",
    "Release",
    "ReleaseBuildError",
    "ReleaseError",
    "ReleaseFacts",
    "Retention",
    "Rollback",
    "UnknownReleaseError",
    "UnpublishedReleaseError",
    "answered",
    "build_release",
    "build_twin",
    "bytes_freed_with_releases",
    "content_hashes",
    "current_id",
    "current_release",
    "damaged_history",
    "damaged_releases",
    "equal_releases",
    "fates",
    "follow_current",
    "get_release",
    "has_twin",
    "is_asked_for",
    "last_receipt_published",
    "latest_published_release",
    "list_releases",
    "mend",
    "needs_twin",
    "previous_id",
    "publish",
    "published_ids",
    "read_history",
    "read_manifest",
    "read_rules",
    "reading_with_previous",
    "relation_of",
    "releases_not_to_repeat",
    "remove_releases",
    "require_any_published",
    "require_current",
    "require_twin",
    "retention",
    "rollback",
    "rollback_in_force",
    "runs_of",
    "this_user",
    "unfinished_release",
    "verify",
    "wants_partners_release",
    "was_published",
    "why_unreadable",
    "with_equal_twins",
]
