"""Text of unknown origin, made fit for a terminal and a log."""

import os
import unicodedata
from pathlib import Path

_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # steer a terminal, turn the direction of text, or end a line


def printable(text: str, kept: str = "") -> str:
    """Return a text with every character spelled out that shows nothing itself and changes how others show.

    A file name may hold any. Those in `kept` stay.
    """
    return "".join(
        character if character in kept or unicodedata.category(character) not in _UNSEEN else ascii(character)[1:-1]
        for character in text
    )


def path_text(path: Path) -> str:
    """Return a path as text; bytes that are no UTF-8 are spelled out too."""
    return printable(os.fsencode(path).decode("utf-8", "backslashreplace"))
