"""What a command takes: wall time, CPU of its whole tree of processes, and peak memory."""

import os
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Measured:
    """Seconds by the clock, seconds of CPU (user and system, of the process and its children), and megabytes.

    Memory is the peak resident size of the largest of the processes.
    """

    wall: float
    cpu: float
    megabytes: float


def measure(
    label: str, command: Sequence[str], environment: Mapping[str, str], cwd: Path = PROJECT_ROOT
) -> Measured:
    """Run a command to its end, print and return what it took.

    Raises:
        SystemExit: the command failed; the end of its output is printed.
    """
    started = time.perf_counter()
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(command, env=environment, cwd=cwd, stdout=output, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - started
        if process.returncode:
            output.seek(0)
            raise SystemExit(f"{label} ended with {process.returncode}:\n{output.read()[-3000:]}")
    taken = Measured(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
    print(f"{label:<48}{taken.cpu:8.1f} s CPU{taken.wall:8.1f} s wall{taken.megabytes:8,.0f} MB", flush=True)  # noqa: T201
    return taken
