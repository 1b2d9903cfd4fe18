"""The errors in the cells of one sheet, such as #N/A: eight bytes each, however many there are."""

from array import array
from bisect import bisect_left

# Columns of a sheet end at 16,384, and Excel knows some ten errors.
_COLUMN_BITS, _TEXT_BITS = 24, 8
_OTHER = "#ERROR!"


class CellErrors:
    """Errors by row and column, from 1."""

    def __init__(self) -> None:
        self._packed = array("Q")
        self._texts: list[str] = [_OTHER]
        self._is_sorted = True

    def __len__(self) -> int:
        """Return how many cells hold an error."""
        return len(self._packed)

    def add(self, row: int, column: int, text: str) -> None:
        """Note what a cell shows."""
        if text not in self._texts and len(self._texts) < 1 << _TEXT_BITS:
            self._texts.append(text)
        code = self._texts.index(text) if text in self._texts else 0
        packed = (row << _COLUMN_BITS | column) << _TEXT_BITS | code
        self._is_sorted = self._is_sorted and (not self._packed or self._packed[-1] <= packed)
        self._packed.append(packed)

    def of_row(self, row: int) -> dict[int, str]:
        """Return the errors of a row by column."""
        if not self._is_sorted:
            self._packed = array("Q", sorted(self._packed))
            self._is_sorted = True
        found: dict[int, str] = {}
        for place in range(bisect_left(self._packed, row << _COLUMN_BITS + _TEXT_BITS), len(self._packed)):
            cell, code = divmod(self._packed[place], 1 << _TEXT_BITS)
            if cell >> _COLUMN_BITS != row:
                break
            found[cell & (1 << _COLUMN_BITS) - 1] = self._texts[code]
        return found
