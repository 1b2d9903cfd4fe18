"""`csp rejected`: refused rows, to send back to the agency."""

import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from orchestration.cli.console import WRONG_USAGE, complain, data_folder, fail
from orchestration.cli.contracts import known_contracts


def rejected(
    feed: Annotated[str | None, typer.Option(help="A feed, e.g. police/street_crime.")] = None,
    file: Annotated[str | None, typer.Option(help="A delivery, by file name or the start of its sha256.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write the CSV here instead of printing it.")] = None,
) -> None:
    """Export rejected rows with rule, column, value and reason, as a CSV to send back to the agency."""
    from sources.intake.rejections import export_rejected

    if feed is not None and feed not in (known := known_contracts()):
        raise fail(f"{feed!r} is no feed. Known are: {', '.join(known)}.", WRONG_USAGE)
    is_sha256 = file is not None and re.fullmatch(r"[0-9a-f]{6,64}", file) is not None
    folder = data_folder()
    chosen = {"feed": feed, "file_sha256": file if is_sha256 else None, "file_name": None if is_sha256 else file}
    folder.root.mkdir(parents=True, exist_ok=True)
    if out:
        lines = export_rejected(folder, out, **chosen)
    else:
        with tempfile.TemporaryDirectory(dir=folder.root) as work:
            printed = Path(work, "rejected.csv")
            lines = export_rejected(folder, printed, **chosen)
            with printed.open("rb") as exported:
                shutil.copyfileobj(exported, sys.stdout.buffer)
    said = f"{lines:,} lines" if lines else "no rejected rows match; the table `deliveries` lists what was received"
    complain(said + (f", written to {out}" if out else ""))
