"""What dbt writes while it runs: a line an event."""

import json
import subprocess
from collections.abc import Iterator

from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage


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
