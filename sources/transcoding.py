"""Files in Windows-1252, copied to UTF-8: what Excel saves as plain CSV, and what older systems export."""

import codecs
from pathlib import Path

_CHUNK = 1 << 20
# Five bytes stand for nothing in Windows-1252. A byte that is no UTF-8 in their place makes the reader refuse the row.
_STAND_IN, _NO_TEXT = "\ue000", b"\xff"
_ERRORS = "csp_stand_in"
codecs.register_error(_ERRORS, lambda error: (_STAND_IN, error.end))  # type: ignore[attr-defined]


def to_utf8(source: Path, target: Path) -> None:
    """Write the UTF-8 copy of a Windows-1252 file, a chunk at a time; an undefined byte becomes one that is no text."""
    stand_in = _STAND_IN.encode()
    with source.open("rb") as original, target.open("wb") as copy:
        while chunk := original.read(_CHUNK):
            copy.write(chunk.decode("windows-1252", _ERRORS).encode().replace(stand_in, _NO_TEXT))
