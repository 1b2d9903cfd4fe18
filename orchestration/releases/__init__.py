"""The release store: immutable release folders, the one that is current, and the history of publications.

A release is built in a hidden folder, made durable, and renamed into place; `published/current` is a symbolic
link switched by one rename. So a reader sees a whole release at any moment, and a process that dies leaves
the last one standing. Whether a release may be published is for the gate to say, not for the store.
"""

from orchestration.releases.asked import NotAQueryError, answered
from orchestration.releases.build import build_release
from orchestration.releases.content_hash import content_hashes
from orchestration.releases.current import current_id, mend, was_published
from orchestration.releases.files import DATABASE, MANIFEST, MANIFEST_DIGEST
from orchestration.releases.find import (
    current_release,
    damaged_releases,
    get_release,
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
from orchestration.releases.history import PUBLISHED, ROLLED_BACK, damaged_history, read_history
from orchestration.releases.lineage import LINEAGE_TABLES, LineageError
from orchestration.releases.model import (
    ChangedTablesError,
    CheckResult,
    DamagedReleaseError,
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
from orchestration.releases.partner import PARTNER_SWITCH, PARTNER_TABLES, wants_partner_file, write_partner_file
from orchestration.releases.publication import publish, rollback
from orchestration.releases.tables import STORAGE_VERSION, equal_releases
from orchestration.releases.unfinished import unfinished_release
from orchestration.releases.verification import verify

RESTRICTED_TABLES = (*LINEAGE_TABLES, *(f"partner_{table}" for table in PARTNER_TABLES))
"""The models of the layer `restricted` that a release reads beside the marts."""

__all__ = [
    "DATABASE",
    "MANIFEST",
    "MANIFEST_DIGEST",
    "PARTNER_SWITCH",
    "PUBLISHED",
    "RESTRICTED_TABLES",
    "ROLLED_BACK",
    "STORAGE_VERSION",
    "ChangedTablesError",
    "CheckResult",
    "DamagedReleaseError",
    "LineageError",
    "NotAQueryError",
    "NothingPublishedError",
    "Problem",
    "Release",
    "ReleaseBuildError",
    "ReleaseError",
    "ReleaseFacts",
    "Rollback",
    "UnknownReleaseError",
    "UnpublishedReleaseError",
    "answered",
    "build_release",
    "content_hashes",
    "current_id",
    "current_release",
    "damaged_history",
    "damaged_releases",
    "equal_releases",
    "get_release",
    "latest_published_release",
    "list_releases",
    "mend",
    "publish",
    "published_ids",
    "read_history",
    "read_manifest",
    "releases_not_to_repeat",
    "require_any_published",
    "require_current",
    "rollback",
    "rollback_in_force",
    "unfinished_release",
    "verify",
    "wants_partner_file",
    "was_published",
    "why_unreadable",
    "write_partner_file",
]
