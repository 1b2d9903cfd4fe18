"""Nights that are ended from outside before they publish."""

import os
import signal
import subprocess
from collections.abc import Callable

from tests.csp import CSP, Installation, has_ended


def end_two_nights(folder: Installation) -> None:
    """End one by SIGTERM while dbt builds, and kill the next while the gate judges: readers see what they saw."""
    before = folder.current
    for end_a_night, sign_of_life in ((interrupt_a_night, "model "), (kill_a_night, "expectations of")):
        end_a_night(folder, lambda line, sign=sign_of_life: sign in line)
        assert folder.current == before
        assert folder.csp("verify").returncode == 0


def kill_a_night(folder: Installation, is_far_enough: Callable[[str], bool]) -> None:
    """Start a night and kill it with all its children once it says that it has come so far."""
    with subprocess.Popen(
        [CSP, "nightly", "-v"], env=folder.environment, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as night:
        assert night.stderr is not None
        assert any(map(is_far_enough, night.stderr)), "the night ended by itself"
        os.killpg(night.pid, signal.SIGKILL)


def interrupt_a_night(folder: Installation, is_far_enough: Callable[[str], bool]) -> None:
    """Start a night and end it by SIGTERM, as a service manager does, to its own process alone."""
    with subprocess.Popen(
        [CSP, "nightly", "-v"],
        env=folder.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as night:
        assert night.stderr is not None
        assert any(map(is_far_enough, night.stderr)), "the night ended by itself"
        night.terminate()
        said, complained = night.communicate()
    assert (night.returncode, said) == (130, "interrupted; nothing is lost, run again\n")
    assert "Traceback" not in complained
    assert has_ended(night.pid, "bin/dbt")  # watchers of logs see within a second that it is gone
    assert folder.ending() == ("interrupted", "nothing is lost, run again")
