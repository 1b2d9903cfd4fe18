"""Headless Chromium, for tests that look at what people look at."""

import shutil
from pathlib import Path

import pytest
from selenium import webdriver

BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
needs_a_browser = pytest.mark.skipif(
    not (BROWSER and shutil.which("chromedriver")),
    reason="chromium and chromedriver are not installed (apt-get install chromium chromium-driver)",
)


def headless(profile: Path) -> webdriver.Chrome:
    """Start a browser with a profile folder of its own."""
    options = webdriver.ChromeOptions()
    options.binary_location = str(BROWSER)
    for argument in (
        *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
        *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
        *("--disable-dev-shm-usage", "--window-size=2200,1400", f"--user-data-dir={profile}"),
    ):
        options.add_argument(argument)
    return webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))
