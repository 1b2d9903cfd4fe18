"""`csp rejected`: refused rows, to send back to the agency."""

import os
import re
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer

from orchestration.cli.console import WRONG_USAGE, complain, data_folder, fail
from orchestration.cli.contracts import known_contracts
from sources.folder.rights import READERS, make_folder


def rejected(
    feed: Annotated[str | None, typer.Option(help="A feed, e.g. police/street_crime.")] = None,
    file: Annotated[
        str | None, typer.Option(help="A delivery, by file name, receipt number or the start of its sha256.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write the CSV here instead of printing it.")] = None,
) -> None:
    """Export rejected rows with rule, column, value and reason, as a CSV to send back to the agency."""
    from sources.intake.rejections import export_rejected

    if feed is not None and feed not in (known := known_contracts()):
        raise fail(f"{feed!r} is no feed. Known are: {', '.join(known)}.", WRONG_USAGE)
    is_number = file is not None and re.fullmatch(r"[0-9]{1,5}", file) is not None
    is_sha256 = file is not None and re.fullmatch(r"[0-9a-f]{6,64}", file) is not None
    folder = data_folder()
    chosen: Any = {
        "feed": feed,
        "file_sha256": file if is_sha256 else None,
        "file_name": None if is_sha256 or is_number else file,
        "receipt_number": int(file) if file and is_number else None,
    }
    make_folder(folder.root, READERS)
    with tempfile.TemporaryDirectory(dir=folder.root) as work:
        written = Path(work, "rejected.csv")
        lines = export_rejected(folder, written, **chosen)
        with written.open("rb") as exported, _opened(out) as target:
            shutil.copyfileobj(exported, target)
    said = f"{lines:,} lines" if lines else "no rejected rows match; the table `deliveries` lists what was received"
    complain(said + (f", written to {out}" if out else ""))


@contextmanager
def _opened(out: Path | None) -> Iterator[BinaryIO]:
    """Yield what the rows are written to; a file is for its owner alone, whoever could read it before."""
    if out is None:
        yield sys.stdout.buffer
        return
    descriptor = os.open(out, os.O_WRONLY | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "wb") as target:
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.fchmod(descriptor, 0o600)
            os.ftruncate(descriptor, 0)
        yield target
