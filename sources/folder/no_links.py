"""Files below a folder, reached through no link: nobody who may write there can lead a reader or a deletion elsewhere.

The folder itself may be a link, such as to another disk. A hard link is a file like any other: it shows what its maker
could read, and deleting it deletes nothing else.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def folder_of(root: Path, file: Path) -> Iterator[int]:
    """Open the folder in which `file` lies, below `root`, and yield its descriptor.

    Raises:
        OSError: a folder is gone, cannot be read, or is a link.
    """
    descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for part in file.relative_to(root).parts[:-1]:
            inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = inner
        yield descriptor
    finally:
        os.close(descriptor)


def open_below(root: Path, file: Path) -> int:
    """Open a regular file below `root` for reading and return its descriptor.

    Raises:
        OSError: it is gone, cannot be read, is no regular file, or a link leads to it.
    """
    with folder_of(root, file) as folder:
        # A pipe put in its place would wait for a writer, and a link lead elsewhere.
        descriptor = os.open(file.name, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError("it is no file any more")
    return descriptor


def delete_below(root: Path, file: Path) -> None:
    """Delete a file below `root`, durably.

    Raises:
        OSError: it cannot be deleted, or a link leads to it.
    """
    with folder_of(root, file) as folder:
        os.unlink(file.name, dir_fd=folder)
        os.fsync(folder)
