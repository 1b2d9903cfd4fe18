"""The agreed name of a file whose rows tell its period, supplier and part."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from sources.contract.load import Contract
from sources.contract.title import Title
from sources.folder.sql_text import identifier
from sources.reading.delivery import Delivery
from sources.reading.engine import engine
from sources.reading.header import read_header
from sources.reading.row_numbering import Care, number_rows
from sources.reading.row_sql import RowSql


class Untold(Exception):
    """The rows do not tell it; the message says why, as the rest of a sentence, and what to do."""


def name_told_by_rows(document: Contract, file: Path, suffix: str, work: Path) -> str:
    """Return the file name under which the document takes a file, from what nearly all of its rows tell.

    The others, no more than the document's share of rejected rows, are for intake to reject.

    Raises:
        PersonalData: it holds what the document does not agree.
        Refused: its header cannot be read.
        Untold: the rows tell several periods or suppliers, or none that a file name may tell.
    """
    told = document.told_by_content
    header = read_header(document, file, f"file{suffix}", work)
    if document.title_above:
        return _name_told_by_title(document, document.title_above, header.title, suffix)
    if told is None:
        raise ValueError(f"{document.document_id} does not say what its rows tell")
    numbered = number_rows(header.layout, work / "numbered.csv", Care.EXACT, len(header.headers))
    rows = RowSql(Delivery(document, header, date.min, date.max, None, ""), numbered).typed("damaged")
    supplier_sql, part_sql = told.supplier or "NULL::VARCHAR", told.part or "NULL::VARCHAR"
    day_sql = identifier(told.period) if told.period else f"max({told.latest}) OVER ()"
    with engine(work) as database:
        kinds = database.execute(
            "SELECT day, supplier, part, count(*) AS number "
            f"FROM (SELECT {day_sql} AS day, {supplier_sql} AS supplier, {part_sql} AS part FROM ({rows})) "
            "GROUP BY day, supplier, part ORDER BY day, supplier, part"
        ).fetchall()
    if not kinds:
        raise Untold("no row can be read")
    numbers: Counter[tuple[date | None, str | None, str | None]] = Counter()
    for day, supplier, part, number in kinds:
        numbers[document.period_start(day.replace(day=1)) if day else None, supplier, part] += number
    ((start, supplier, part), count) = numbers.most_common(1)[0]
    if count < (1 - document.maximum_rejected_share) * numbers.total():
        several = "periods, suppliers or parts" if told.part else "periods or suppliers"
        raise Untold(f"its rows are of several {several}. Send a file for each.")
    name = _named(document, start, {"supplier": supplier or document.supplier, "part": part}, suffix) if start else None
    if name is None:
        example = document.file_name_example
        raise Untold(f"its rows tell no period and supplier that a file name may. Name it as in {example!r}.")
    return name


def _name_told_by_title(document: Contract, agreed: Title, title: str, suffix: str) -> str:
    month = agreed.month(title)
    name = _named(document, document.start_named_by(month), {"supplier": document.supplier}, suffix) if month else None
    if name is None:
        raise Untold(f"its first line is not the title of the agreed table, such as {agreed.example!r}.")
    return name


def _named(document: Contract, start: date, told: Mapping[str, str | None], suffix: str) -> str | None:
    """Return the document's example of a file name with other facts in its groups; None where they do not fit."""
    name = document.file_name_example
    match = document.file_name_pattern.fullmatch(name)
    if match is None:
        return None
    period = document.month_naming(start).strftime(document.period_format)
    # As the publisher writes it.
    values = {"period": period.lower() if match["period"].islower() else period, **told}
    for group in sorted((one for one in values if one in match.groupdict()), key=match.start, reverse=True):
        name = f"{name[: match.start(group)]}{values[group]}{name[match.end(group) :]}"
    name = str(Path(name).with_suffix(suffix)) if suffix else name
    fits = document.file_name_pattern.fullmatch(name)
    try:
        is_told = fits is not None and document.period(fits["period"])[0] == start
    except ValueError:
        is_told = False
    return name if is_told else None
