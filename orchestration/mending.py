"""Mending the current release from a command that only looks: where nobody writes and the folder is ours."""

import errno

from orchestration import releases
from orchestration.writer_lock import WarehouseBusyError, writer_lock
from sources.folder.data_folder import DataFolder
from sources.folder.format import FolderFormatError


def mended(folder: DataFolder) -> list[str]:
    """Complete an interrupted switch and restore a broken link, and return what was done, in sentences.

    A run under way does it itself, and whoever may not write, or is of an older version, leaves it to others.
    """
    if not folder.published.is_dir():
        return []
    try:
        with writer_lock(folder):
            return releases.mend(folder)
    except (WarehouseBusyError, FolderFormatError, PermissionError):
        return []
    except OSError as error:
        if error.errno == errno.EROFS:
            return []
        raise
