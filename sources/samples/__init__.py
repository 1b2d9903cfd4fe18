"""The bundled samples: 24 months of real street-level crime, and made-up extracts of the plan's time."""

import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from sources.folder.data_folder import DataFolder
from sources.folder.durable import put_in_place
from sources.folder.landed import look_below
from sources.folder.rights import READERS, make_data_folder, make_folder

SAMPLE_FEED = "police/street_crime"
SAMPLE = Path(__file__).parent / "leicestershire-street-2020-04-2022-03.zip"


class LandingNotEmpty(Exception):
    """The landing folder holds something already; samples are not mixed with real deliveries."""


def landing_is_empty(folder: DataFolder) -> bool:
    """Return whether nothing lies anywhere in the landing folder."""
    landed = look_below(folder.landing, folder.landing)
    return not landed.files and not landed.unread


def _write_open_data(work: Path) -> list[Path]:
    copy = work / SAMPLE_FEED / SAMPLE.name
    copy.parent.mkdir(parents=True)
    shutil.copyfile(SAMPLE, copy)
    return [copy]


def _write_plan_time(work: Path) -> list[Path]:
    from sources.samples.synthetic import write_all  # noqa: PLC0415 - only who asks for it waits for DuckDB

    return write_all(work)


SETS: dict[str, Callable[[Path], list[Path]]] = {"open-data": _write_open_data, "plan-time": _write_plan_time}


def put_samples(folder: DataFolder, sets: Iterable[str] = tuple(SETS)) -> list[Path]:
    """Put the sample sets into the empty landing folder, each file into its feed's; return the files put there.

    Raises:
        LandingNotEmpty: something lies in the landing folder.
    """
    if not landing_is_empty(folder):
        raise LandingNotEmpty(
            f"{folder.landing} is not empty: samples go only into an empty landing folder. "
            "Set CSP_DATA_DIR to another folder to try them."
        )
    make_folder(folder.root, READERS)
    placed = []
    # Not intake's work folder, which an intake that runs meanwhile empties.
    with tempfile.TemporaryDirectory(prefix=".samples-", dir=folder.root) as name:
        work = Path(name)
        # Everything is written before the first file is put, so that a full disk leaves landing empty.
        written = [file for chosen in sets for file in SETS[chosen](work)]
        make_data_folder(folder)
        for file in written:
            place = folder.landing / file.relative_to(work)
            put_in_place(file, place)
            placed.append(place)
    return placed
