"""Proposes the contract of a partnership's own feed from a sample file, for a person to check and correct."""

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sources.contract.document import SUFFIX
from sources.contract.load import CONTRACTS_FOLDER
from sources.folder.reference import seed_rows
from sources.partnership.folder import FolderError, PartnershipFolder
from sources.partnership.read import read_table
from sources.partnership.tables import tables
from sources.reading.engine import engine
from sources.start.proposal import Proposal
from sources.start.sample import read_sample
from sources.start.sample_columns import sample_columns
from sources.start.sample_name import name_of_sample

_NAME = re.compile(r"[a-z][a-z0-9_]*/[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class NewFeed:
    """The file that was written, and what a person has to know of it."""

    file: Path
    proposal: Proposal


def new_feed(folder: PartnershipFolder, feed: str, sample_file: Path) -> NewFeed:
    """Write a contract into a partnership's folder; `feed` is <agency>/<feed>.

    Raises:
        FolderError: the feed has no such name, or there is a contract of it.
        SampleError: the sample is no table.
        Refused: the sample is a workbook that cannot be read.
    """
    if not _NAME.fullmatch(feed):
        raise FolderError(
            f"{feed!r} cannot name a feed: write <agency>/<feed> in small letters, digits and underscores, such as "
            "council/graffiti."
        )
    agency, name = feed.split("/")
    file = folder.root / "contracts" / agency / f"{name}{SUFFIX}"
    for there in (file, CONTRACTS_FOLDER / agency / f"{name}{SUFFIX}"):
        if there.exists():
            raise FolderError(
                f"{there} is there already. Edit it, give the feed another name, or remove the file to start anew."
            )
    with tempfile.TemporaryDirectory() as work, engine(Path(work)) as database:
        sample = read_sample(database, sample_file, Path(work))
        columns, marks = sample_columns(database, sample)
    days = [day for column in columns for day in (column.first_day, column.last_day) if day and not column.personal]
    levels = _home_levels(folder, agency)
    proposal = Proposal(
        agency=agency,
        feed=name,
        sample_name=sample_file.name,
        sample=sample,
        columns=columns,
        missing_marks=marks,
        name=name_of_sample(sample_file.name, name, min(days, default=None), list(levels)),
        suppliers=levels,
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(proposal.text(), encoding="utf-8")
    return NewFeed(file, proposal)


def _home_levels(folder: PartnershipFolder, agency: str) -> dict[str, str]:
    """Return the level of the area that each known supplier of an agency answers for."""
    listed = [row.values for row in read_table(folder, tables()["suppliers"]).rows]
    known = {str(row["supplier"]): str(row["home_area_level"]) for row in listed if row["agency"] == agency}
    if agency == "police":
        known |= {row["supplier"]: "force" for row in seed_rows("areas", "police_forces") if row["supplier"]}
    return known
