"""The bundled sample: 24 months of real street-level crime in Leicestershire, as data.police.uk hands them out."""

import os
import shutil
import tempfile
from pathlib import Path

from sources.data_folder import DataFolder
from sources.durable import put_in_place

SAMPLE_FEED = "police/street_crime"
SAMPLE = Path(__file__).parent / "leicestershire-street-2020-04-2022-03.zip"


class LandingNotEmpty(Exception):
    """The landing folder holds something already; samples are not mixed with real deliveries."""


def landing_is_empty(folder: DataFolder) -> bool:
    """Return whether nothing lies anywhere in the landing folder."""
    return not any(names for _, _, names in os.walk(folder.landing))


def put_samples(folder: DataFolder) -> list[Path]:
    """Copy the sample into the empty landing folder; return the files put there.

    Raises:
        LandingNotEmpty: something lies in the landing folder.
    """
    if not landing_is_empty(folder):
        raise LandingNotEmpty(
            f"{folder.landing} is not empty: samples go only into an empty landing folder. "
            "Set CSP_DATA_DIR to another folder to try them."
        )
    place = folder.landing_of(SAMPLE_FEED) / SAMPLE.name
    folder.root.mkdir(parents=True, exist_ok=True)
    # Not intake's work folder, which an intake that runs meanwhile empties.
    with tempfile.TemporaryDirectory(prefix=".samples-", dir=folder.root) as work:
        copy = Path(work, SAMPLE.name)
        shutil.copyfile(SAMPLE, copy)
        put_in_place(copy, place)
    return [place]
