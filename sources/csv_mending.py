"""A working copy of a damaged CSV file, in which every damaged line is a row of its own.

DuckDB tells the record number of a row that it cannot read, but skips blank lines when it numbers the others, can
miscount CRLF at the edge of its buffers, loses null bytes at the end, and lets a stray quote swallow every line up to
the next one. The copy has plain line ends, and marks blank and damaged lines so that they are refused each by itself
and nothing after them moves. Only a file with such damage is copied; the archive keeps the bytes as sent.
"""

from collections.abc import Iterator
from pathlib import Path

MARK = "\x1a"
_BLANK_LINES = (b"\n\n", b"\n\r\n", b"\r\r")
_CHUNK = 1 << 20
_QUOTE, _DELIMITER, _NULL = "\x1b", "\x1c", "\x1d"


def looks_uneven(file: Path, records: int) -> bool:
    """Return whether the file, in which DuckDB finds `records` besides blank lines, holds blank lines or null bytes.

    Row numbers would shift behind them. Counting line feeds is cheap, and most files have one for each record.
    """
    feeds, last, null_bytes = 0, b"\n", False
    for chunk in _chunks(file):
        feeds += chunk.count(b"\n")
        null_bytes = null_bytes or b"\0" in chunk
        last = chunk[-1:]
    if null_bytes or feeds + (last != b"\n") == records:
        return null_bytes
    before = b""
    for chunk in _chunks(file):
        seen = before + chunk
        if any(blank in seen for blank in _BLANK_LINES):
            return True
        before = seen[-2:]
    return False


def _chunks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def mend(source: Path, target: Path, delimiter: str, header_lines: int, mark_unbalanced: bool) -> None:
    """Write the working copy of `source` to `target`.

    `mark_unbalanced` says that a quote swallowed lines, so that a line with an odd number of quotes is damaged. The
    first `header_lines` lines, preamble and header, stay as they are.
    """
    # Latin-1 maps every byte to a character and back; text mode reads every kind of line end as "\n".
    with (
        source.open(encoding="latin-1", newline=None) as lines,
        target.open("w", encoding="latin-1", newline="\n") as copy,
    ):
        inside_quotes = False
        for number, line in enumerate(lines):
            content = line.rstrip("\n")
            odd = content.count('"') % 2 == 1
            if number < header_lines:
                pass
            elif "\0" in content or (odd and mark_unbalanced) or (not inside_quotes and not content.strip()):
                content = MARK + content.strip().replace('"', _QUOTE).replace(delimiter, _DELIMITER).replace(
                    "\0", _NULL
                )
            elif odd and not mark_unbalanced:
                inside_quotes = not inside_quotes
            copy.write(content + "\n")


def unmarked_sql(text: str, delimiter_sql: str) -> str:
    """Return SQL that turns the text of a marked line back into what was sent (null bytes as spaces)."""
    plain = f"replace(replace(replace({text}, chr(27), '\"'), chr(28), {delimiter_sql}), chr(29), ' ')"
    return f"CASE WHEN starts_with({text}, chr(26)) THEN substr({plain}, 2) ELSE {text} END"


def marked_rule_sql(text: str) -> str:
    """Return SQL for the rule that a marked line breaks; NULL for a line that is not marked, '' for a blank one."""
    return (
        f"CASE WHEN NOT starts_with({text}, chr(26)) THEN NULL WHEN contains({text}, chr(29)) THEN 'null_bytes' "
        f"WHEN contains({text}, chr(27)) THEN 'unterminated_quote' ELSE '' END"
    )
