"""Where in the code an error was raised: what can be told of one whose message may hold values of a file."""

import traceback
from pathlib import Path


def place_in_code(error: BaseException) -> str:
    """Return the kind of an error and where it was raised, such as `ValueError in rows.py, line 7`."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" in {Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}"
