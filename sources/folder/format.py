"""The number of a data folder's form, which goes up when a version writes something that an older one would misread.

`sources/ledger/migrations.py` has what brings a folder from each form to the next.
"""

from sources.folder.data_folder import DataFolder
from sources.folder.durable import write_whole

CURRENT = 2
"""The form that this version writes: 2 since 0.3.0. Folders of 0.1.0 and 0.2.0 have no number and count as 1."""


class FolderFormatError(Exception):
    """The data folder is of a form that this version does not know; the message says what to do."""


def format_of(folder: DataFolder) -> int:
    """Return the number of a data folder's form; one in which nothing has been written yet has the current.

    Raises:
        FolderFormatError: the file that says so holds no number.
    """
    if not folder.format.exists():
        return 1 if folder.receipts.exists() or folder.releases.is_dir() else CURRENT
    text = folder.format.read_text(encoding="utf-8").strip()
    if not text.isdecimal():
        raise FolderFormatError(f"{folder.format} holds {text[:20]!r}, not the number of a form: put {CURRENT} there")
    return int(text)


def note_format(folder: DataFolder, number: int) -> None:
    """Write down the number of a data folder's form, durably."""
    write_whole(folder.format, f"{number}\n")


def require_known_format(folder: DataFolder) -> None:
    """See that this version may write to a data folder.

    Raises:
        FolderFormatError: a newer version has written to it.
    """
    number = format_of(folder)
    if number > CURRENT:
        raise FolderFormatError(
            f"{folder.root} is of form {number}, which a newer version wrote; this version knows forms up to "
            f"{CURRENT} and changes nothing: run the newer version, or restore a copy from before the upgrade"
        )
