"""A traced figure in words: what it is, what was counted for it, and in which files and rows."""

from collections.abc import Iterator

from orchestration.releases.trace.model import DENOMINATOR, NUMERATOR, Contribution, Part, Trace
from sources.contract.load import load_contracts
from sources.folder.data_folder import DataFolder
from sources.ledger.withdrawals import place_of_bytes
from sources.reading.workbook import is_workbook_name

ROWS_SHOWN = 300  # of a figure with more rows the numbers are shown only when asked for


def told(found: Trace, folder: DataFolder, part: str | None = None, rows: bool | None = None) -> Iterator[str]:
    """Yield the lines of a trace.

    Args:
        found: the traced figure.
        folder: the data folder, for the places of the archived files.
        part: only the rows of the numerator or of the denominator.
        rows: show row numbers; None shows them where they are few.
    """
    row_count = _rows_of(found, part)
    shows_rows = row_count <= ROWS_SHOWN if rows is None else rows
    yield from _figure(found)
    for one in found.parts:
        if part in (None, one.name) and one.contributions:
            yield f"  {one.name}:"
            yield from _files(one, folder, shows_rows)
    for component in found.components:
        yield ""
        yield from told(component, folder, part, shows_rows)
    if not row_count:
        yield f"  no row of a delivery stands behind the {part or 'figure'}"
    elif rows is None and not shows_rows:
        yield f"  `--rows` adds the numbers of {row_count:,} rows"


def _rows_of(found: Trace, part: str | None) -> int:
    own = sum(one.row_count for one in found.parts if part in (None, one.name))
    return own + sum(_rows_of(component, part) for component in found.components)


def _figure(found: Trace) -> Iterator[str]:
    yield f"{found.indicator_code}  {found.title}"
    yield f"  {found.definition}"
    yield f"  {found.area}, {found.period} ({found.period_start} to {found.period_end}), release {found.release_id}"
    if found.is_suppressed:
        yield "  suppressed in the release; what follows must not be passed on: see docs/disclosure.md"
    elif found.value is None:
        yield "  no value"
    else:
        yield f"  value {number(found.value)} {found.unit}{_from_components(found)}"
    if found.note:
        yield f"  note: {found.note}"
    if found.rounded_to:
        yield "  published are rounded counts; the exact ones that follow must not be passed on: see docs/disclosure.md"
    for one in found.parts:
        yield f"  {_summary(one)}"
    if found.denominator_kind and not found.is_suppressed and found.denominator is not None:
        yield f"  {DENOMINATOR} {number(found.denominator)}: {found.denominator_kind}, an estimate that counts no rows"
    if found.age_groups:
        group = found.age_groups[0]
        yield f"  of the {NUMERATOR}, by age group, each rate weighted by the {group.standard_population} population:"
    for group in found.age_groups:
        yield (
            f"    {group.part.name}: {number(group.part.counted)} from {group.part.row_count:,} rows, "
            f"weight {group.weight:,.0f} of {group.total_weight:,.0f}"
        )


def _from_components(found: Trace) -> str:
    """Say which figures a gap or a sum is made of."""
    if not found.components:
        return ""
    sign = " - " if found.formula_kind == "gap" else " + "
    return " = " + sign.join(
        f"{one.indicator_code} {'(no value)' if one.value is None else number(one.value)}" for one in found.components
    )


def _summary(one: Part) -> str:
    """Say what a part counts and from how many rows and files, which add up to it."""
    files = len(one.contributions)
    rows = f"{one.row_count:,} rows of {files} file{'' if files == 1 else 's'}"
    average = (
        f", {number(one.counted * one.years_averaged)} in {one.years_averaged} years" if one.years_averaged > 1 else ""
    )
    return (
        f"{one.name} {number(one.counted)}{average} from {rows} "
        f"({one.measure_code}, {one.period_start} to {one.period_end})"
    )


def _files(one: Part, folder: DataFolder, shows_rows: bool) -> Iterator[str]:
    for file in one.contributions:
        yield (
            f"    {number(file.counted)} from {file.row_count:,} rows of {file.feed}/{file.file_name}  "
            f"sha256 {file.file_sha256}"
        )
        if shows_rows:
            yield f"      {place_of_bytes(folder, file.file_sha256)}"
            yield f"      {_where(file)}: {file.row_numbers}"


def _where(file: Contribution) -> str:
    """Say how the rows of a file are numbered: as the sender sees them in a spreadsheet, titles and header included."""
    contract = load_contracts().get(file.feed) if is_workbook_name(file.file_name) else None
    document = contract.document_for(file.file_name) if contract else None
    if document and document.sheet:
        return f"rows of the sheet {document.sheet!r}, as the workbook numbers them"
    return "rows, the first of the file being row 1"


def number(value: float) -> str:
    """Return a count as a person writes it: thousands set apart, and no digit that is only rounding."""
    return f"{round(value, 6):,.6f}".rstrip("0").rstrip(".")
