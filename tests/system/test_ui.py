"""`csp ui` on the published open data: what a browser shows and changes, one UI a folder, a signal that ends it."""

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser import headless, needs_a_browser
from tests.csp import Installation
from tests.system.running_ui import DELETION, RunningUi, ask, has_run, run_in, running_ui, wait_for


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


def test_on_this_machine_its_own_pages_can_delete_and_no_others(ui: RunningUi) -> None:
    run_id = run_in(ui.folder)
    for headers in ({"Origin": "http://evil.example"}, {"Sec_Fetch_Site": "cross-site"}, {"Host": "evil.example"}):
        for by_get in (False, True):
            assert ask(ui, DELETION.format(run_id), by_get, **headers)[0] in {400, 403}
    assert has_run(ui.folder, run_id)
    assert "DeletePipelineRunSuccess" in ask(ui, DELETION.format(run_id), Origin=ui.address)[1]
    assert not has_run(ui.folder, run_id)


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
