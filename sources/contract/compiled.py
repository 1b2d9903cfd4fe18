"""Contracts as an earlier process read them, beside Python's own compiled modules: reading them takes half a second.

They count as long as the documents, the code that reads them and its libraries are the same to the byte.
"""

import hashlib
import os
import pickle
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib.metadata import version
from importlib.util import cache_from_source
from pathlib import Path

from sources.contract.model import Contract

_ROOMS = [Path(__file__).parents[1] / room for room in ("contract", "folder", "partnership")]
_LIBRARIES = ("duckdb", "open-data-contract-standard", "pydantic", "PyYAML", "confusable-homoglyphs")
_KEPT = Path(cache_from_source(__file__)).with_suffix(".contracts")


def compiled(documents: Sequence[Path], read: Callable[[], list[Contract]], kept: Path = _KEPT) -> list[Contract]:
    """Return what `read` makes of the documents, or what it made of the same ones in an earlier process.

    Whoever could change what is kept could change the code too: it lies where Python keeps its own.
    """
    try:
        made_of = _digest(documents)
    except OSError:  # of which document, and what to do, `read` says
        return read()
    with suppress(Exception):  # none, or one cut short, or of other classes
        before, contracts = pickle.loads(kept.read_bytes())
        if before == made_of:
            return list(contracts)
    contracts = read()
    if not sys.dont_write_bytecode:
        with suppress(OSError):  # an installation that nobody may write to
            _write(kept, pickle.dumps((made_of, contracts)))
    return contracts


def _digest(documents: Sequence[Path]) -> str:
    code = sorted(file for room in _ROOMS for file in room.iterdir() if file.is_file())
    digest = hashlib.sha256(repr([sys.version, *(f"{name} {version(name)}" for name in _LIBRARIES)]).encode())
    for file in [*code, *documents]:
        digest.update(f"\0{file}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(exist_ok=True)
    unfinished = file.with_name(f"{file.name}.{os.getpid()}")
    unfinished.write_bytes(content)
    unfinished.replace(file)
