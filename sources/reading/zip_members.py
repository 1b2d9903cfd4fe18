"""Members of a zip, without trust: no member path becomes a path, and a size that is claimed is not believed."""

import lzma
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from sources.reading.outcomes import Refused
from sources.reasons.reason import reason


@dataclass(frozen=True)
class ZipLimits:
    """What a zip may expand to; above it, the zip is more likely an attack or an accident than an extract."""

    members: int = 20_000
    """The whole archive of data.police.uk, 45 forces, three kinds, 36 months, has fewer than 5,000."""
    member_bytes: int = 8 << 30
    """A national year of street crime as one file is under 2 GB."""
    total_bytes: int = 64 << 30
    """Three years of all forces are about 5 GB; more than this would fill a small server's disk."""
    ratio: int = 250
    """CSV deflates to a fifth or a twentieth; a member of zeros reaches 1,000."""
    ratio_from_bytes: int = 10 << 20
    """Small members may repeat themselves more without harm."""


LIMITS = ZipLimits()
_CHUNK = 1 << 20
_MEMBER_HEADER = 30
_ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_ZIP_START = b"PK\x03\x04"
# bz2 raises OSError; a name whose bytes are not what its flag says raises UnicodeDecodeError, which is a ValueError.
DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError, ValueError)


@dataclass(frozen=True)
class Member:
    """A member that is a delivery: its base name, and its path in the zip for messages alone."""

    name: str
    path: str
    info: zipfile.ZipInfo


@dataclass
class ZipReader:
    """Reads the members of one zip under limits on what all of them expand to together."""

    archive: zipfile.ZipFile
    limits: ZipLimits
    expanded: int = 0

    def members(self) -> list[Member]:
        """Return the members in the order of their names, without folders and what operating systems add.

        Raises:
            Refused: there are more members than a zip may have.
        """
        infos = self.archive.infolist()
        if len(infos) > self.limits.members:
            raise Refused([reason("zip_too_many_members", members=len(infos), limit=self.limits.members)])
        infos.sort(key=lambda info: (info.orig_filename, info.header_offset))
        named = [(info, info.orig_filename.replace("\\", "/")) for info in infos]
        return [
            Member(PurePosixPath(path).name or path, info.orig_filename, info)
            for info, path in named
            if not path.endswith("/") and not _is_added_by_system(path)
        ]

    def chunks(self, member: Member) -> Iterator[bytes]:
        """Yield the bytes of a member.

        Raises:
            Refused: the member is encrypted, damaged, nested, oversized, or has a path that leads elsewhere.
        """
        _check(member)
        size = 0
        try:
            with self.archive.open(member.info) as stream:
                while chunk := self._read(stream):
                    size += len(chunk)
                    self.expanded += len(chunk)
                    self._check_size(size, member)
                    yield chunk
        except NotImplementedError as error:
            raise Refused([reason("member_compression_unknown", f"What reads it says: {error}.")]) from error
        except DAMAGE as error:
            raise Refused([reason("member_damaged", f"What reads it says: {error}.")]) from error

    def first(self, member: Member) -> bytes:
        """Return the first bytes of a member, up to a mebibyte.

        Raises:
            Refused: as `chunks`.
        """
        return next(self.chunks(member), b"")

    @staticmethod
    def _read(stream: IO[bytes]) -> bytes:
        return stream.read(_CHUNK)

    def _check_size(self, size: int, member: Member) -> None:
        limits = self.limits
        sent = max(member.info.compress_size, 1)
        if size > limits.ratio_from_bytes and size > sent * limits.ratio:
            raise Refused([reason("member_expands", ratio=limits.ratio)])
        if size > limits.member_bytes or self.expanded > limits.total_bytes:
            raise Refused([reason("zip_expands", member_limit=limits.member_bytes, limit=limits.total_bytes)])


def is_zip_of_files(file: Path) -> bool:
    """Return whether a file is a zip and no workbook, as its bytes tell; also where it is damaged."""
    with file.open("rb") as stream:
        if stream.read(len(_ZIP_START)) != _ZIP_START:
            return False
    try:
        with zipfile.ZipFile(file) as archive:
            return "xl/workbook.xml" not in archive.namelist() and not is_ods(archive)
    except DAMAGE:
        return True


def is_ods(archive: zipfile.ZipFile) -> bool:
    """Return whether a zip is a spreadsheet of the Open Document format."""
    try:
        return archive.getinfo("mimetype").file_size < 100 and archive.read("mimetype").strip() == _ODS_TYPE
    except (KeyError, *DAMAGE):
        return False


def open_zip(file: Path, limits: ZipLimits = LIMITS) -> ZipReader:
    """Return a reader of the zip `file`; close its `archive` after use.

    Raises:
        Refused: the zip is broken, or is a workbook.
    """
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Refused([reason("zip_unreadable", f"What reads it says: {error}.")]) from error
    try:
        check_overlaps(archive, "The zip")
    except Refused:
        archive.close()
        raise
    if {"[Content_Types].xml", "xl/workbook.xml"} <= set(archive.namelist()):
        archive.close()
        raise Refused([reason("zip_is_workbook")])
    return ZipReader(archive, limits)


def check_overlaps(archive: zipfile.ZipFile, what: str) -> None:
    """Check that no two members claim the same bytes, by which a small zip could expand to any size.

    Raises:
        Refused: some do; `what` is what they are in, in words.
    """
    end = 0
    for info in sorted(archive.infolist(), key=lambda info: info.header_offset):
        if info.header_offset < end:
            raise Refused([reason("members_overlap", what=what)])
        # At least: its own header may hold more than that of the directory tells.
        end = info.header_offset + _MEMBER_HEADER + len(info.orig_filename) + info.compress_size
    if end > archive.start_dir:
        raise Refused([reason("members_claim_too_much", what=what)])


def check_sizes(archive: zipfile.ZipFile, limit: int, what: str, look: Callable[[str, bytes], None]) -> None:
    """Check, by reading, that the members expand to no more than `limit` bytes together.

    Each member's name is given to `look` with its bytes, piece by piece, and with none at its end.

    Raises:
        Refused: they expand to more; `what` is what they are, in words.
        OSError, zipfile.BadZipFile and the like (`DAMAGE`): a member is damaged.
    """
    check_overlaps(archive, what)
    expanded = 0
    for info in archive.infolist():
        if info.flag_bits & 0x1:
            raise Refused([reason("archive_encrypted", what=what)])
        before = expanded
        bomb = max(LIMITS.ratio_from_bytes, info.compress_size * LIMITS.ratio)
        with archive.open(info) as stream:
            while chunk := stream.read(_CHUNK):
                expanded += len(chunk)
                if expanded > limit:
                    raise Refused([reason("archive_expands", what=what, limit=limit)])
                if expanded - before > bomb:
                    raise Refused([reason("archive_part_expands", ratio=LIMITS.ratio)])
                look(info.filename, chunk)
            look(info.filename, b"")


def _check(member: Member) -> None:
    info, path, as_sent = member.info, member.path, f"It is {member.path!r}."
    parts = path.replace("\\", "/").split("/")
    if path.startswith(("/", "\\")) or ".." in parts or ":" in parts[0] or "\0" in path:
        raise Refused([reason("member_leads_outside", as_sent)])
    if stat.S_ISLNK(info.external_attr >> 16):
        raise Refused([reason("member_is_link", as_sent)])
    if info.flag_bits & 0x1:
        raise Refused([reason("member_encrypted", as_sent)])
    if member.name.casefold().endswith(".zip"):
        raise Refused([reason("member_is_zip", as_sent)])


def _is_added_by_system(path: str) -> bool:
    parts = path.split("/")
    return "__MACOSX" in parts or parts[-1] in {".DS_Store", "Thumbs.db", "desktop.ini"}
