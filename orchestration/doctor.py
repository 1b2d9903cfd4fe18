"""What a data engineer looks at first when something is wrong, one line a point.

Looking changes nothing, but for one thing: a switch of the current release that was interrupted is completed, and a
broken link restored.
"""

import fcntl
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from packaging.requirements import Requirement

from orchestration import releases, room
from orchestration.alerts.outbox import read_outbox
from orchestration.alerts.settings import alert_settings, settings_file
from orchestration.dbt.project import prepare_manifest
from orchestration.mending import mended
from orchestration.provenance import PROJECT_ROOT
from orchestration.ui import running_ui
from orchestration.writer_lock import WarehouseBusyError, require_free_warehouse, writer_lock
from sources.contract.load import load_contracts
from sources.folder import rights
from sources.folder.data_folder import DataFolder
from sources.folder.format import format_of
from sources.intake.incoming import by_reason, staying
from sources.intake.landing import outside_every_feed
from sources.intake.left_out import pending_in_feeds, unknown_suppliers, unreadable_in_feeds
from sources.ledger.counting import REMEDY
from sources.ledger.erasures import undone, unrecorded
from sources.ledger.lateness import clock_behind, local_today, overdue
from sources.ledger.migrations import told_of_format
from sources.ledger.receipts import Ledger, standing
from sources.ledger.unfinished import require_finished
from sources.partnership.check import check, told
from sources.partnership.folder import partnership_folder
from sources.partnership.for_models import require_own
from sources.personal.link_key import link_key

FILES_NAMED = 5


class BrokenError(Exception):
    """Something that keeps a night from working; the message says what to do."""


@dataclass(frozen=True)
class Finding:
    """What was found at one point; what is not sound says what to do."""

    point: str
    said: str
    is_sound: bool = True

    def __str__(self) -> str:
        return f"{'ok    ' if self.is_sound else 'BROKEN'}  {self.point}: {self.said}"


def examine(folder: DataFolder) -> Iterator[Finding]:
    """Yield what is found at each point; an error that a look ends in is a finding too.

    Of a data folder that does not exist nothing more is looked at, which would make it.
    """
    points: dict[str, Callable[[DataFolder], str]] = {
        "environment": environment,
        "data folder": data_folder,
        "form": form,
        "partnership": partnership,
        "contracts": contracts,
        "ledger": ledger,
        "link key": key,
        "writers": writers,
        "dbt project": dbt_project,
        "current release": current_release,
        "partners' release": partners,
        "UI and schedule": schedule,
        "last run": last_run,
        "alerts": alerts,
        "deliveries": deliveries,
    }
    for point, look in points.items():
        try:
            yield Finding(point, look(folder))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what was to be found
            yield Finding(point, str(error) or type(error).__name__, is_sound=False)
        if point == "data folder" and not folder.root.is_dir():
            return


def environment(_: DataFolder) -> str:
    """Compare the installed packages with the lock."""
    differing = []
    count = 0
    for line in (PROJECT_ROOT / "requirements.lock").read_text().splitlines():
        if not line[:1].isalnum():
            continue
        wanted = Requirement(line.removesuffix("\\"))
        if wanted.marker and not wanted.marker.evaluate():
            continue
        count += 1
        try:
            installed = version(wanted.name)
        except PackageNotFoundError:
            installed = "missing"
        if installed not in wanted.specifier:
            differing.append(f"{wanted.name} is {installed}, locked {wanted.specifier}")
    if differing:
        raise BrokenError(f"{len(differing)} package(s) not as locked: {'; '.join(differing[:3])}. Run `make setup`")
    return f"Python {sys.version.split()[0]}, {count} packages as in requirements.lock"


def data_folder(folder: DataFolder) -> str:
    """See that the data folder can be written, has room, and shows others nothing that is not for them."""
    if not folder.root.is_dir():
        raise BrokenError(f"{folder.root} does not exist: run `csp samples` or set CSP_DATA_DIR")
    if not os.access(folder.root, os.W_OK):
        raise BrokenError(f"{folder.root} cannot be written by this user: `chown` it, or run as its owner")
    if lacking := room.lack_of_room(folder.root):
        raise BrokenError(lacking)
    _require_rights(folder)
    return f"{folder.root}, {room.free_in(folder.root) / 1e9:.0f} GB free"


def form(folder: DataFolder) -> str:
    """Say of which form the data folder is: what an earlier version left works, what a newer one wrote does not."""
    return told_of_format(folder) or f"{format_of(folder)}, as this version writes it"


def _require_rights(folder: DataFolder) -> None:
    changes = {rights.OWNER_ALONE: "go=", rights.OWNER_AND_GROUP: "g-w,o="}
    remedies: dict[str, list[str]] = {}
    for path, allowed in rights.too_open(folder):
        remedies.setdefault(changes.get(allowed, "go-w"), []).append(str(path))
    if remedies:
        told = "; ".join(f"`chmod {change} {' '.join(paths)}`" for change, paths in remedies.items())
        raise BrokenError(f"others can read or write what they may not: {told}, or run `csp nightly`")
    if closed := rights.closed_to_readers(folder):
        raise BrokenError(f"nobody but you can open a release: `chmod 755 {' '.join(map(str, closed))}`")


def partnership(folder: DataFolder) -> str:
    """Say which partnership's folder is in use, and check it."""
    own = partnership_folder()
    problems = check(own).problems
    if problems:
        raise BrokenError(f"{told(problems)} in {own.root}: `csp plan check` names them")
    require_own(folder, own)
    in_force = ", ".join(plan.name for plan in own.plans()) or "no plan"
    return f"{own.settings().name}, {own.root}; in force: {in_force}"


def contracts(_: DataFolder) -> str:
    """Read every contract."""
    known = load_contracts()
    return f"{len(known)} feeds in {sum(len(contract.documents) for contract in known.values())} contracts"


def ledger(folder: DataFolder) -> str:
    """Read every receipt, and see that no command was interrupted and no clock set back."""
    receipts = Ledger(folder).receipts()
    require_finished(folder)
    if behind := clock_behind(receipts, datetime.now(UTC)):
        raise BrokenError(behind)
    if back := undone(folder):
        raise BrokenError(f"a backup was put back, and {len(back)} erased file(s) with it: `csp nightly` removes them")
    return f"{len(receipts)} receipts, {len(standing(receipts))} deliveries stand{unrecorded(receipts)}"


def key(folder: DataFolder) -> str:
    """Read the link key where the folder was filled under one."""
    if not folder.link_key_fingerprint.exists():
        return "not needed so far"
    link_key(folder)
    return "the one under which the folder was filled"


def writers(folder: DataFolder) -> str:
    """See whether somebody writes, or has the warehouse open, which would stop a night."""
    try:
        with writer_lock(folder):
            pass
    except WarehouseBusyError as error:
        return f"a run is under way or stuck: {error}"
    if folder.warehouse.exists():
        with folder.warehouse.open("r+b") as file:
            try:
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # as DuckDB locks
            except OSError:
                require_free_warehouse(folder.warehouse)  # names the process; it opens nothing that is held
    return "nobody writes or has the warehouse open"


def dbt_project(folder: DataFolder) -> str:
    """Parse the dbt project where it has changed since."""
    return f"parses, {Path(prepare_manifest(folder)).name}"


def current_release(folder: DataFolder) -> str:
    """Compare the current release with its manifest, and say whether it is the latest; a broken link is restored."""
    done = mended(folder)
    release = releases.require_current(folder)
    problems = releases.verify(folder, release.release_id)
    if problems:
        raise BrokenError(
            f"{release.release_id} has {len(problems)} problem(s), the first {problems[0]}. "
            "Go to another with `csp rollback`"
        )
    damaged = [*map(str, releases.damaged_releases(folder)), *releases.damaged_history(folder)]
    if damaged:
        raise BrokenError(f"{release.release_id} is as its manifest says, but {'; '.join(damaged)}")
    rolled_back = releases.rollback_in_force(folder)
    return "; ".join(
        [f"{release.release_id}, as its manifest says", *done, *([str(rolled_back)] if rolled_back else [])]
    )


def partners(folder: DataFolder) -> str:
    """Say whether the partners' release is asked for in this shell, and whether the current release has its twin."""
    is_wanted = releases.wants_partners_release()
    current = releases.current_id(folder)
    if current and releases.has_twin(folder, current):
        made = f"{current} has its twin in {folder.partners}"
    else:
        made = "the next night makes the twin of the current release" if is_wanted else "the current release has none"
    return f"{releases.PARTNERS_SWITCH} is {'on' if is_wanted else 'off'}; {made}"


def schedule(folder: DataFolder) -> str:
    """See whether a schedule that is switched on has a daemon to run it."""
    from orchestration.runs import is_schedule_on  # noqa: PLC0415 - Dagster takes seconds to import

    is_on = is_schedule_on(folder)
    where = running_ui(folder)
    if is_on and not where:
        raise BrokenError("the nightly schedule is on, but no daemon runs it: start `csp ui`")
    return f"UI {f'at {where}' if where else 'not running'}, nightly schedule {'on' if is_on else 'off'}"


def last_run(folder: DataFolder) -> str:
    """Say how the last night ended."""
    from orchestration import runs  # noqa: PLC0415 - Dagster takes seconds to import

    run = runs.last_run(folder)
    if run is None:
        return "none yet: run `csp nightly`"
    told = f"{run.began:%Y-%m-%d %H:%M} UTC, {run.outcome}{f': {run.reason}' if run.reason else ''}"
    if run.outcome == "interrupted":
        raise BrokenError(f"{told}: `csp nightly`")
    if run.outcome in {"held", "failed", "failure"}:
        raise BrokenError(f"{told}. Run {run.run_id} in the UI shows why; see docs/failures.md")
    if run.outcome == runs.PUBLISH_DUE:
        raise BrokenError(
            f"{told}; no publish has followed yet. The sensor publish_after_intake of a running `csp ui` starts one "
            "within a minute; or run `csp nightly`"
        )
    return told


def alerts(folder: DataFolder) -> str:
    """Say who is told of nights, when they last were, and what waits; its settings must be sound and its secrets there.

    Raises:
        BrokenError: somebody has not been told.
        AlertSettingsError, OutboxError: nobody can be.
    """
    settings = alert_settings(folder)
    if settings is None:
        return f"off: {settings_file(folder)} asks for none"
    channels = settings.labelled()
    for channel in channels.values():
        channel.require_secrets()
    outbox = read_outbox(folder)
    last = max((at for message in outbox.messages for at in message.sent.values()), default=None)
    if waiting := outbox.waiting():
        label, why = next(iter(waiting[-1].waiting.items()))
        raise BrokenError(
            f"{len(waiting)} message(s) wait since {waiting[0].written_at}: {label}, {why or 'not tried yet'}. "
            "The next night tries again; `csp alerts --try` does now"
        )
    return f"by {', '.join(channels)}; last sent {last or 'never: `csp alerts --try`'}"


def deliveries(folder: DataFolder) -> str:
    """Say what is overdue, and what lies where no feed looks; agencies' delays are not ours to mend."""
    known = load_contracts()
    receipts = Ledger(folder).receipts()
    stand = standing(receipts)
    late = Counter(one.source_feed for one in overdue(known, stand, local_today()))
    told = "; ".join(f"{feed}: {count} overdue" for feed, count in sorted(late.items())) or "nothing overdue"
    if unknown := unknown_suppliers(stand):
        told += (
            f"; nobody has said which area these answer for, so they count for nothing: {', '.join(unknown)}: {REMEDY}"
        )
    unread = unreadable_in_feeds(folder, known)
    pending = set(pending_in_feeds(folder, known.values(), receipts)) - {one.path for one in unread}
    if pending:
        told += f"; not taken in so far: {', '.join(f'landing/{path}' for path in sorted(pending))}"
    if strays := outside_every_feed(folder, known):
        raise BrokenError(f"{told}; {len(strays)} file(s) in no feed's folder, such as landing/{strays[0]}: move them")
    if left := by_reason(staying(folder, known.values())):
        each = "; ".join(f"{', '.join(_named_first(paths))}: {why}" for why, paths in left.items())
        raise BrokenError(f"{told}; left in landing/incoming: {each}")
    if unread:
        raise BrokenError(f"{told}; not read: " + " ".join(f"landing/{one.path} {one.why}" for one in unread))
    return told


def _named_first(paths: list[str]) -> list[str]:
    """Return the first paths in landing, and how many more there are."""
    more = len(paths) - FILES_NAMED
    return [*(f"landing/{path}" for path in paths[:FILES_NAMED]), *([f"and {more} more"] if more > 0 else [])]
