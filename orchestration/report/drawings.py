"""Draws Vega-Lite specifications to SVG, without a browser or network, and keeps the drawings.

A drawing is kept by the hash of its specification: the charts of a release that did not change are not drawn again.
"""

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from orchestration.report.lean_svg import lean
from sources.folder.durable import write_whole

VEGA_LITE = "5.20"
WRITTEN_AS = 2  # raise it when `lean` writes the same drawing in other words


class Drawings:
    """Draws specifications, and keeps each drawing in a folder by the hash of its specification."""

    def __init__(self, kept: Path) -> None:
        self._kept = kept
        self._used: set[Path] = set()

    def draw(self, specification: Mapping[str, Any]) -> str:
        """Return the SVG of a specification, the same text for the same specification."""
        text = json.dumps(specification, sort_keys=True, default=str)
        file = self._kept / f"{hashlib.sha256((_drawn_by() + text).encode()).hexdigest()}.svg"
        self._used.add(file)
        if file.exists():
            return file.read_text(encoding="utf-8")
        import vl_convert  # noqa: PLC0415 - a second of start that only a new chart pays

        drawing = lean(vl_convert.vegalite_to_svg(text, vl_version=VEGA_LITE))
        self._kept.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(file, drawing)
        return drawing

    def forget_others(self) -> None:
        """Delete what was kept and has not been drawn since; nothing where nothing has been drawn."""
        for file in self._kept.glob("*") if self._used else ():
            if file not in self._used:
                file.unlink(missing_ok=True)


@cache
def _drawn_by() -> str:
    return f"{VEGA_LITE} {version('vl-convert-python')} {WRITTEN_AS} "
