"""dbt while it runs: what it writes, a line an event, and its end."""

import contextlib
import json
import subprocess
from collections.abc import Iterator

from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage

SECONDS_TO_END = 10  # that dbt has before it is killed


def written_events(process: subprocess.Popen[bytes], said: list[str]) -> Iterator[DbtCoreCliEventMessage]:
    """Yield each event when dbt writes it, and add to `said` all that it says; returns when dbt has ended.

    `DbtCliInvocation.stream_raw_events` catches every exception while it reads, the end of this process too.
    """
    for line in process.stdout or ():
        try:
            event = DbtCoreCliEventMessage(raw_event=json.loads(line), event_history_metadata={})
        except ValueError:
            said.append(line.decode(errors="replace").rstrip())
            continue
        said.append(str(event))
        yield event
    process.wait()


@contextlib.contextmanager
def ended_at_last(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Leave no dbt behind that goes on writing when this run is interrupted: the next one would find it there."""
    try:
        yield
    finally:
        for end in (process.terminate, process.kill):
            if process.poll() is None:
                end()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(SECONDS_TO_END)
