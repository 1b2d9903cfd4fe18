"""dbt while it runs: what it writes, a line an event, and its end."""

import contextlib
import json
import subprocess
from collections.abc import Iterator

from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage

_STACK = "Traceback (most recent call last)"
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


def without_stack(said: str) -> str:
    """Return what dbt said last, or of a fault in dbt or DuckDB what it is, without the calls that led to it."""
    if _STACK not in said:
        return said[-4000:]
    lines = said.rstrip().splitlines()
    last_call = max(number for number, line in enumerate(lines) if line.startswith((" ", _STACK)))
    return "\n".join(lines[last_call + 1 :]) or lines[-1]


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
