"""What the nights have made, who is told of it, and whether the next one will run."""

from orchestration import releases
from orchestration.alerts.outbox import read_outbox
from orchestration.alerts.settings import alert_settings, settings_file
from orchestration.doctor.broken import BrokenError
from orchestration.mending import mended
from orchestration.ui import running_ui
from sources.folder.data_folder import DataFolder


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
