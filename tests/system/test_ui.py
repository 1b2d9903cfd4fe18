"""The Dagster UI, opened in headless Chromium on the published sample, shows the lineage and the checks."""

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from tests.system.conftest import PROJECT_ROOT, Warehouse

pytestmark = [
    pytest.mark.system,
    pytest.mark.browser,
    pytest.mark.skipif(
        not (shutil.which("chromium") and shutil.which("chromedriver")),
        reason="chromium and chromedriver are not installed (apt-get install chromium chromium-driver)",
    ),
]


@pytest.fixture(scope="module")
def address(published_sample: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    opened = published_sample.copy_to(tmp_path_factory.mktemp("opened") / "data")  # a webserver writes to its instance
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [
            str(Path(sys.executable).with_name("dagster-webserver")),
            *("--port", str(port), "--read-only"),
        ],
        env={**opened.environment, "DAGSTER_HOME": str(opened.root / "dagster")},
        cwd=PROJECT_ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    base = f"http://127.0.0.1:{port}"
    try:
        for _ in range(120):
            try:
                with urllib.request.urlopen(f"{base}/server_info"):
                    break
            except OSError:
                assert server.poll() is None, "the webserver ended"
                time.sleep(1)
        yield base
    finally:
        server.terminate()
        server.wait()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = str(shutil.which("chromium"))
    for argument in (
        *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
        *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
        *("--disable-dev-shm-usage", "--window-size=2200,1400"),
        f"--user-data-dir={tmp_path_factory.mktemp('chromium')}",
    ):
        options.add_argument(argument)
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))
    try:
        yield driver
    finally:
        driver.quit()


def text_of(browser: webdriver.Chrome, address: str, *expected: str) -> str:
    """Open a page and return its text once it holds everything expected."""
    browser.get(address)

    def shown(driver: webdriver.Chrome) -> str | None:
        text = str(driver.find_element(By.TAG_NAME, "body").text)
        return text if all(part in text for part in expected) else None

    return WebDriverWait(browser, 90, ignored_exceptions=[Exception]).until(
        shown, f"{address} does not show {expected}"
    )


def test_groups_are_subjects(browser: webdriver.Chrome, address: str) -> None:
    text_of(
        browser,
        f"{address}/asset-groups",
        *("police", "feeds", "measures", "indicators", "targets", "figures", "release"),
    )


def test_a_mart_shows_its_checks_passed(browser: webdriver.Chrome, address: str) -> None:
    text = text_of(browser, f"{address}/assets/marts/indicator_values?view=checks", "Passed")
    assert "Failed" not in text


def test_deliveries_show_how_many_months_are_there(browser: webdriver.Chrome, address: str) -> None:
    text_of(browser, f"{address}/assets/deliveries/police/street_crime?view=partitions", "Materialized (24)")


def test_the_list_of_runs_tells_how_the_night_ended(browser: webdriver.Chrome, address: str) -> None:
    text_of(browser, f"{address}/runs", "intake", "publish", "outcome: published")
