"""Kills a night at many of its steps, one night after the other, and lets the last one end.

`python -m tests.system.kill_nights FOLDER [NIGHTS]` takes minutes, and is run by hand before a version goes out. The
release that the last night publishes holds what an undisturbed night publishes, and every release in between is whole.
"""

import os
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from orchestration import releases
from sources.folder.data_folder import DataFolder
from tests.csp import Installation
from tests.kills import KILLED
from tests.system.conftest import MARCH, damaged, month

NIGHT = """
import os, sys
from pathlib import Path
from tests.kills import die_before
made = die_before(int(sys.argv[1]), Path(os.environ["CSP_DATA_DIR"]))
from orchestration.cli.main import main
sys.argv[1:] = ["nightly"]
try:
    main()
finally:
    sys.stderr.write(f"{made()}\\n")
"""


def night(folder: Installation, step: int) -> tuple[int, str]:
    """Run a night that is killed, with all that it started, before its change number `step`; return code and output."""
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(
            [sys.executable, "-c", NIGHT, str(step)],
            env=folder.environment,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
        code = process.wait()
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        said.seek(0)
        return code, said.read()


def content(folder: Installation) -> dict[str, str]:
    """Return the content hash of every table that readers see."""
    return dict(releases.require_current(DataFolder(folder.root)).content_hashes)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(root: Path, nights: int) -> None:
    """Kill `nights` nights of a data folder that is made below `root`."""
    first = Installation(root / "first")
    first.last_line("samples", "--set", "open-data")
    first.last_line("nightly")
    first.drop(MARCH, damaged(month(MARCH), 3))
    undisturbed, killed = first.copy_to(root / "undisturbed"), first.copy_to(root / "killed")
    code, said = night(undisturbed, 0)
    assert code == 0, said
    steps = int(said.strip().splitlines()[-1])
    deaths = 0
    for number in range(1, nights + 1):
        step = number * steps // (nights + 1)
        code, said = night(killed, step)
        say(f"night {number}, step {step} of {steps}: {'killed' if code == KILLED else 'ended'}")
        assert code in (0, KILLED), said
        deaths += code == KILLED
        assert killed.csp("verify").returncode == 0
    assert killed.csp("nightly").returncode == 0
    assert content(killed) == content(undisturbed)
    assert killed.csp("verify").returncode == 0
    say(f"{deaths} nights of {nights} killed, and the last one published what an undisturbed one does")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 10)
