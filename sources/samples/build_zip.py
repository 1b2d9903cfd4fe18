"""Builds the sample zip from a folder of extracts: `python -m sources.samples.build_zip <folder>`.

The same extracts give the same bytes: the members are in the order of their names and carry a fixed time.
"""

import sys
import zipfile
from pathlib import Path

from sources.samples import SAMPLE
from sources.samples.packing import write_member

FIRST_MONTH, LAST_MONTH = "2020-04", "2022-03"


def build_zip(extracts: Path, target: Path) -> int:
    """Write the extracts of the sample's months, uncut, to `target`; return how many."""
    files = [
        file
        for file in sorted(extracts.glob("????-??-leicestershire-street.csv"))
        if FIRST_MONTH <= file.name[:7] <= LAST_MONTH
    ]
    with zipfile.ZipFile(target, "w") as archive:
        for file in files:
            write_member(archive, f"{file.name[:7]}/{file.name}", file.read_bytes())
    return len(files)


if __name__ == "__main__":
    sys.stdout.write(f"{build_zip(Path(sys.argv[1]), SAMPLE)} files in {SAMPLE}\n")
