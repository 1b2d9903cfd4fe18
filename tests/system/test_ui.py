"""`csp ui` on the published open data: what a browser shows, one UI a folder, and a signal that ends all of it."""

import contextlib
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser import headless, needs_a_browser
from tests.csp import CSP, Installation, has_ended

PATIENCE_SECONDS = 180  # to start; a code server that lost its webserver ends by itself within half a minute


def wait_for(condition: Callable[[], bool], what: str) -> None:
    for _ in range(PATIENCE_SECONDS):
        if condition():
            return
        time.sleep(1)
    pytest.fail(f"not after {PATIENCE_SECONDS} s: {what}")


@dataclass(frozen=True)
class RunningUi:
    """`csp ui` in the background of a shell."""

    folder: Installation
    port: int
    process: int
    group: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answers(self) -> bool:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.address}/server_info"):
            return True
        return False

    def has_ended(self) -> bool:
        return has_ended(self.group)


@contextlib.contextmanager
def running_ui(folder: Installation, *options: str) -> Iterator[RunningUi]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with subprocess.Popen(
        ["sh", "-c", f"'{CSP}' ui --port {port} {' '.join(options)} >/dev/null 2>&1 & echo $!; wait"],
        env=folder.environment,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as shell:
        try:
            assert shell.stdout is not None
            ui = RunningUi(folder, port, int(shell.stdout.readline()), shell.pid)
            wait_for(ui.answers, "the UI answers")
            yield ui
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(shell.pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def ui(open_data: Installation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningUi]:
    with running_ui(open_data.copy_to(tmp_path_factory.mktemp("opened") / "data")) as started:
        yield started


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    driver = headless(tmp_path_factory.mktemp("chromium"))
    try:
        yield driver
    finally:
        driver.quit()


@needs_a_browser
@pytest.mark.parametrize(
    ("page", "shown", "not_shown"),
    [
        (
            "asset-groups",
            ("police", "feeds", "measures", "indicators", "targets", "figures", "release"),
            None,
        ),
        ("assets/marts/indicator_values?view=checks", ("Passed",), "Failed"),
        ("assets/deliveries/police/street_crime?view=partitions", ("Materialized (24)",), None),
        ("runs", ("intake", "publish", "outcome: published"), None),
    ],
)
def test_a_page_shows(
    browser: webdriver.Chrome, ui: RunningUi, page: str, shown: tuple[str, ...], not_shown: str | None
) -> None:
    browser.get(f"{ui.address}/{page}")

    def text_of(driver: webdriver.Chrome) -> str | None:
        text = str(driver.find_element(By.TAG_NAME, "body").text)
        return text if all(part in text for part in shown) else None

    waiting = WebDriverWait(browser, 90, ignored_exceptions=[Exception])
    text = waiting.until(text_of, f"{page} does not show {shown}")
    assert not_shown is None or not_shown not in text


def test_a_second_ui_of_the_folder_names_the_first_and_a_signal_ends_it(ui: RunningUi) -> None:
    second = ui.folder.csp("ui", "--port", str(ui.port))
    assert second.returncode == 1
    assert f"{ui.address}, process {ui.process} (`kill {ui.process}` ends it)" in second.stderr
    os.kill(ui.process, signal.SIGTERM)
    wait_for(ui.has_ended, "every process has ended")


def test_a_port_that_something_else_has_is_named(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ended = Installation(tmp_path / "data").csp("ui", "--port", str(port))
    assert ended.returncode == 1
    assert f"port {port} of 127.0.0.1 is taken" in ended.stderr
