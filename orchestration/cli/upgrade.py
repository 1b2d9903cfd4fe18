"""`csp upgrade`: what this version changes for the data folder and the partnership's folder, and the change itself."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.cli.console import data_folder, fail, failing_on, say
from sources.folder.data_folder import DataFolder
from sources.folder.format import CURRENT, FolderFormatError, format_of

if TYPE_CHECKING:
    from sources.partnership.read import Problem

_NAMED = 5


def upgrade(
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without, it is only said.")] = False,
    changes: Annotated[
        bool, typer.Option("--changes", help="Print what the changelog says of the versions since.")
    ] = False,
) -> None:
    """Say what this version changes for the data folder and the partnership's folder; do it with --yes.

    No delivery, receipt or release is lost, and one that dies half-way is repeated. Mistakes in the partnership's
    folder are its owner's to mend: exit code 1 until there is none.
    """
    from orchestration.writer_lock import WarehouseBusyError, writer_lock
    from sources.ledger import migrations
    from sources.ledger.unfinished import UnfinishedError

    folder = data_folder()
    if not folder.root.is_dir():
        raise fail(f"{folder.root} does not exist, so there is nothing to upgrade: set CSP_DATA_DIR")
    with failing_on(FolderFormatError, UnfinishedError, WarehouseBusyError):
        due = migrations.due(folder)
        say(f"data folder {folder.root}: form {format_of(folder)}, this version writes form {CURRENT}")
        say(*_versions(folder, in_full=changes))
        if yes:
            with writer_lock(folder):
                say(f"done: the folder is of form {migrations.upgrade(folder, say)}")
        else:
            would = [change.told(folder) for migration in due for change in migration.changes(folder)]
            say(*(f"would {one}" for one in would))
            say(f"nothing is done: add --yes to bring it to form {CURRENT}" if due else "nothing is to be done")
    problems = _mistakes()
    say(f"partnership's folder: {len(problems)} mistake(s)" if problems else "partnership's folder: no mistake")
    if problems:
        say(*(f"- {problem}" for problem in problems[:_NAMED]))
        raise fail("`csp plan check` names every mistake; a night fails until they are mended")
    say("next: `csp nightly`; where figures change with rules, the report's overview says which rules")


def _versions(folder: DataFolder, in_full: bool) -> Iterator[str]:
    """Yield which version made the latest release, which this is, and what the changelog says of those between."""
    from orchestration import releases
    from orchestration.provenance import PACKAGE, git_commit, package_version
    from orchestration.whats_new import CHANGELOG, sections_since, summary_of

    latest = releases.latest_published_release(folder)
    manifest = releases.read_manifest(folder, latest.release_id) if latest else {}
    earlier, commit = manifest.get("versions", {}).get(PACKAGE), manifest.get("git_commit")
    now = git_commit()
    if latest:
        yield f"release {latest.release_id} was made by version {earlier} ({commit or 'outside git'})"
    yield f"this is version {package_version()} ({now or 'outside git'})"
    if now and now == commit:
        return
    for version, text in sections_since(earlier, CHANGELOG.read_text(encoding="utf-8")):
        yield f"[{version}] {text}" if in_full else f"changelog [{version}]: {summary_of(text)}"
    if not in_full:
        yield "`csp upgrade --changes` prints these; docs/changes.md has what changed in published tables"


def _mistakes() -> "list[Problem]":
    from sources.partnership.check import check
    from sources.partnership.folder import FolderError, partnership_folder

    with failing_on(FolderError):
        return list(check(partnership_folder()).problems)
