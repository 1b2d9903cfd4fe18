"""The bytes of one delivery, copied into the work folder and hashed on the way."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sources.folder.landed import Candidate, cannot_be_read
from sources.folder.printable import printable

_CHUNK = 1 << 20


class ChangedWhileRead(Exception):
    """A landing file was written to while it was copied."""


class CannotBeRead(Exception):
    """A landing file cannot be opened; the message is the rest of a sentence, why not and what to do."""


@dataclass(frozen=True)
class IncomingBytes:
    """The copy, and where it came from."""

    file: Path
    sha256: str
    size: int
    name: str
    """Base name of the landing file, or of the member of a zip."""
    candidate: Candidate
    container_sha256: str | None = None
    """Hash of the zip of which it is a member."""

    @property
    def landed_sha256(self) -> str:
        """Return the hash of the landing file."""
        return self.container_sha256 or self.sha256


def copied_file(candidate: Candidate, work: Path) -> IncomingBytes:
    """Copy a landing file into the folder `work`.

    Raises:
        ChangedWhileRead: someone wrote to it meanwhile.
        CannotBeRead: it is gone, or there is no right to read it.
    """
    try:
        opened = candidate.open()
    except OSError as error:
        raise CannotBeRead(cannot_be_read(error)) from error
    with opened as stream:
        incoming = copied(chunks_of(stream), candidate.name, candidate, work)
    if not candidate.is_unchanged():
        raise ChangedWhileRead
    return incoming


def chunks_of(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the bytes of a stream."""
    while chunk := stream.read(_CHUNK):
        yield chunk


def copied(
    chunks: Iterable[bytes], name: str, candidate: Candidate, work: Path, container_sha256: str | None = None
) -> IncomingBytes:
    """Copy the bytes of a delivery into the folder `work`, in place of those of the delivery before."""
    file = work / "incoming"
    digest = hashlib.sha256()
    size = 0
    with file.open("wb") as copy:
        for chunk in chunks:
            digest.update(chunk)
            copy.write(chunk)
            size += len(chunk)
    return IncomingBytes(file, digest.hexdigest(), size, printable(name), candidate, container_sha256)
