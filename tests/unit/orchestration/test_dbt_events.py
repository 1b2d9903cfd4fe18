"""What dbt writes, read line by line."""

import subprocess
import sys

from orchestration.dbt.events import written_events

EVENT = '{"info": {"name": "LogModelResult", "level": "info", "msg": "built"}, "data": {}}'


def writing(*lines: str) -> subprocess.Popen[bytes]:
    """Return a process that writes these lines."""
    return subprocess.Popen([sys.executable, "-c", f"print({chr(10).join(lines)!r})"], stdout=subprocess.PIPE)


def test_events_are_yielded_and_everything_said_is_kept() -> None:
    said: list[str] = []
    with writing("no json", EVENT, '{"cut') as process:
        events = list(written_events(process, said))
    assert [event.raw_event["info"]["name"] for event in events] == ["LogModelResult"]
    assert said == ["no json", "built", '{"cut']
    assert process.returncode == 0


def test_an_interrupted_reader_ends_without_a_word() -> None:
    """A night that is interrupted drops the generator: whatever it yielded then would be printed as a traceback."""
    with writing(EVENT, EVENT) as process:
        events = written_events(process, [])
        next(events)
        events.close()
