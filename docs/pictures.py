"""Takes the pictures of docs/images from the report of the current release, in headless Chromium."""

import base64
import os
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image

from docs.markdown import ROOT
from tests.browser import headless

IMAGES = ROOT / "docs" / "images"
WIDTH, HEIGHT = 1000, 1100
PICTURES = {
    "report-overview": ("index", "h1"),
    "report-priority": ("priority-ILLUSTRATIVE-2021-22-acquisitive_crime", "h2:nth-of-type(2)"),
    "report-indicator": ("indicator-NI20", "h1"),
    "report-neighbourhoods": ("neighbourhoods-MASCP-2008-11", "h1"),
    "report-framework": ("framework-MASCP-2008-11", "h1"),
    "report-data-quality": ("data-quality", "h1"),
}
"""The page of each picture, and with what it begins: its heading, and so the whole top, or one further down."""


def take(report: Path) -> None:
    """Write every picture anew from the pages in the folder `report`; ends where it is not of the samples."""
    if missing := [page for page, _ in PICTURES.values() if not (report / f"{page}.html").is_file()]:
        raise SystemExit(f"{report} has no page {missing[0]}: it is not the report of the bundled samples")
    with tempfile.TemporaryDirectory() as profile:
        driver = headless(Path(profile))
        try:
            for picture, (page, top) in PICTURES.items():
                driver.get((report / f"{page}.html").resolve().as_uri())
                size = {"width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False}
                driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
                find = f"return document.querySelector('main {top}').getBoundingClientRect().top"
                y = 0 if top == "h1" else float(driver.execute_script(find)) - 16
                clip = {"x": 0, "y": y, "width": WIDTH, "height": HEIGHT, "scale": 1}
                options = {"captureBeyondViewport": True, "clip": clip}
                shot = driver.execute_cdp_cmd("Page.captureScreenshot", options)
                drawn = Image.open(BytesIO(base64.b64decode(shot["data"])))
                drawn.convert("RGB").quantize(128).save(IMAGES / f"{picture}.png", optimize=True)
        finally:
            driver.quit()


if __name__ == "__main__":
    take(Path(os.environ["CSP_DATA_DIR"]) / "published" / "current" / "report")
