"""What a failed check says: its rule, and of the rows that break it how many they are and the first in words."""

from collections.abc import Mapping, Sequence
from typing import Any

CELLS_TOLD = 8  # a sentence that tells more is not read to its end; all are in the check's metadata
_SAYS_NOTHING = {"holds", "told"}  # whether the rule is kept, which is what the sentence is about


def broken(rule: str, found: int, rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the sentence of a check that `found` rows broke; `rows` are the first of them."""
    if not rows:
        return rule
    one = found <= 1
    return f"{rule} Not so in {'one row' if one else f'{found:,} rows, the first'}: {_in_words(rows[0])}."


def _in_words(row: Mapping[str, Any]) -> str:
    cells = [(name, value) for name, value in row.items() if name not in _SAYS_NOTHING]
    # The value that is judged stands last.
    told = cells if len(cells) <= CELLS_TOLD else [*cells[: CELLS_TOLD - 1], cells[-1]]
    return ", ".join(f"{name} {'missing' if value is None else value}" for name, value in told)
