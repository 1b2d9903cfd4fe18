"""What a delivery may cost to read, so that no file takes the memory or the night of the others.

Each limit is far above what an honest extract has, and what lies above it is refused within seconds. The limits of
a zip are `zip_members.ZipLimits`.
"""

MAXIMUM_COLUMNS = 1_000
"""Columns of a CSV file. The widest agreed form has under 300; DuckDB needs about 300 KB of memory a column."""

MAXIMUM_DAMAGED_VALUES = 500_000
"""Values that the rows of a CSV file lack, and rows that have too many: DuckDB notes each in 700 bytes of memory."""

MAXIMUM_EXPANDED_BYTES = 1 << 30
"""What a workbook expands to. A sheet of 300,000 crimes is about 400 MB of XML, and takes as much memory again."""

MAXIMUM_COPIED_CHARACTERS = 1 << 30
"""What a sheet may be as CSV: a text that the workbook holds once may stand in every cell."""

MAXIMUM_CELLS = 30_000_000
"""Places between the first and the last cell of a sheet, at about 30 bytes of memory. 300,000 crimes are under 7m."""

MAXIMUM_SHEET_ELEMENTS = 64_000_000
"""XML elements of one sheet: two or three a cell."""

MAXIMUM_PART_ELEMENTS = 10_000_000
"""XML elements of another part of a workbook, such as the texts that its cells share: two or three a text."""

MAXIMUM_DEPTH = 100
"""XML elements within each other. Those of a workbook are under 20."""

MAXIMUM_TOKEN_BYTES = 8 << 20
"""A tag or comment of a workbook. The XML parser starts each anew with every megabyte that comes."""

MAXIMUM_ERROR_CELLS = 1_000_000
"""Cells of a workbook that hold an error such as #N/A, at 8 bytes of memory."""

MAXIMUM_SHEETS = 300
"""Sheets of a workbook."""

MAXIMUM_PERIODS_OF_A_SHEET = 240
"""Periods into which a sheet or text is cut, each an open file: a service publishes nine years in one, by month."""

MAXIMUM_ROWS_WITHOUT_PERIOD = 10_000
"""Rows of such a sheet that do not say of which period they are, such as totals and notes."""
