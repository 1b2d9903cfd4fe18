"""Of which feed a file is, by what it holds: its header first, then who sent it and of when it is.

A header has to hold every agreed column of a document. Period and supplier are told by the file name, if it fits the
document's pattern, else by the rows, if the document says how. Nothing is guessed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sources.contract.file_names import plain_name
from sources.contract.load import Contract
from sources.contract.workbook_of_periods import WorkbookOfPeriods
from sources.intake.told_by_rows import Untold, name_told_by_rows
from sources.reading.estimate_files import tells_year
from sources.reading.first_look import check_unread
from sources.reading.header import agreed_headers, no_text
from sources.reading.outcomes import PersonalData, Refused
from sources.reading.sent_headers import SentHeaders, sent_headers
from sources.reading.workbook import is_workbook_name
from sources.reading.zip_members import Member, ZipReader, is_zip_of_files, open_zip
from sources.reasons.reason import Reason, published

_COLUMNS_NAMED = 5
_PLACE = "Put it into the folder of its feed."
_UNPACK = "Unpack it, and each file is told of."


@dataclass(frozen=True)
class Identified:
    """What a file was found to be; nothing in `why` is its sender's."""

    why: str
    feeds: tuple[str, ...] = ()
    """Into whose folders it goes; more than one for a zip alone; none where it stays."""
    name: str | None = None
    """The base name under which it goes."""
    document: str | None = None


@dataclass(frozen=True)
class _Fit:
    """How well a header fits a document."""

    contract: Contract
    document: Contract
    missing: tuple[str, ...]
    """What it must have and lacks."""
    lacking: tuple[str, ...]
    """That, and what files of some periods may lack."""

    @property
    def agreed(self) -> int:
        return len(agreed_headers(self.document))

    @property
    def share(self) -> float:
        return 1 - len(self.lacking) / self.agreed


def identify(contracts: Iterable[Contract], file: Path, name: str, work: Path) -> Identified:
    """Return of which feed the file is that was sent as `name`; `work` is a folder for unfinished files."""
    known = list(contracts)
    try:
        if is_zip_of_files(file):
            return _zip(known, file, name, work)
        return _by_header(known, file, name, work)
    except Refused as refused:
        return Identified(_unreadable(refused.reasons))


def _by_header(known: Sequence[Contract], file: Path, name: str, work: Path) -> Identified:
    plain, headers = plain_name(name), sent_headers(file)
    fits = [
        _Fit(one, document, headers.missing(document), headers.lacking(document))
        for one in known
        for document in one.documents
    ]
    if other := None if headers.sheets else no_text(headers.first, "utf-8"):
        return _personal(known, fits, file, name) or Identified(_unreadable([other]))
    found = _most_specific([fit for fit in fits if not fit.missing], plain)
    if len(found) == 1:
        one = _of(found[0], headers, file, name, work)
        table = None if one.feeds else _table_of_estimates(known, file, plain, headers.suffix)
        return table if table and table.feeds else one
    if table := _table_of_estimates(known, file, plain, headers.suffix):
        return table
    if found:
        return Identified(f"fits several: {', '.join(fit.document.document_id for fit in found)}. {_PLACE}")
    return _personal(known, fits, file, name) or Identified(_no_feed(fits))


def _unreadable(reasons: Sequence[Reason]) -> str:
    return f"cannot be looked into: {' '.join(published(reasons, of_people=True))}"


def _most_specific(fits: Sequence[_Fit], name: str) -> list[_Fit]:
    """Return the documents left when one holds all columns of another, or the file name fits one alone."""
    columns = {fit.document.document_id: set(agreed_headers(fit.document)) for fit in fits}
    left = [fit for fit in fits if not any(columns[fit.document.document_id] < other for other in columns.values())]
    named = [fit for fit in fits if fit.document.file_name_pattern.fullmatch(name)]
    return named if len(named) == 1 else left


def _of(fit: _Fit, headers: SentHeaders, file: Path, name: str, work: Path) -> Identified:
    """Return under which name a file of a document goes, if anything tells its period and supplier."""
    document, plain = fit.document, plain_name(name)
    but = f" but {', '.join(map(repr, fit.lacking))}, which older files lack" if fit.lacking else ""
    header = f"its header has the {fit.agreed} columns of {document.title!r}{but}"
    cut = document.workbook_of_periods
    if fit.contract.document_for(plain) == document and document.tells_period(plain):
        into, why = plain, f"{header}, and its name tells the period"
    elif cut and headers.holds_periods(document) and not document.told_by_content:
        into, why = _name_of_periods(cut, headers, plain), f"{header}, and its rows tell the periods"
    elif document.told_by_content or document.title_above:
        try:
            into = name_told_by_rows(document, file, headers.suffix, work)
        except PersonalData:
            # The feed's own intake refuses it, and moves it to quarantine.
            into, why = name, f"{header}; it carries personal data that is not agreed, so the feed refuses it"
        except Untold as untold:
            if not cut or not headers.holds_periods(document):
                return Identified(f"{header}, but {untold}", document=document.document_id)
            into, why = _name_of_periods(cut, headers, plain), f"{header}, and its rows tell the periods"
        else:
            why = f"{header}, and its {'title tells' if document.title_above else 'rows tell'} the period"
    else:
        example = document.file_name_example
        why = f"{header}, but neither its name nor its rows tell the period. Name it as in {example!r}."
        return Identified(why, document=document.document_id)
    return Identified(why, (fit.contract.key,), into, document.document_id)


def _name_of_periods(cut: WorkbookOfPeriods, headers: SentHeaders, plain: str) -> str:
    """Return the name under which a file of several periods goes."""
    suffix = headers.suffix or ".csv"
    is_named = cut.file_name_pattern.fullmatch(plain) and Path(plain).suffix.casefold() == suffix
    return plain if is_named else str(Path(cut.file_name_example).with_suffix(suffix))


def _table_of_estimates(contracts: Sequence[Contract], file: Path, name: str, suffix: str) -> Identified | None:
    """Return the feed that takes a table of estimates in other columns than its own, if the file is one."""
    for contract in contracts:
        for document in contract.documents:
            table = document.table_of_estimates
            told = tells_year(document, file) if table else None
            if table is None or told is None:
                continue
            years = {one["year"] for one in table.year_in_words.finditer(name)}
            title = f"holds tables of {document.title!r}"
            if not told and len(years) != 1:
                why = f"{title}, but nothing tells the year. Name it as in {table.example('2022', suffix)!r}."
                return Identified(why, document=document.document_id)
            into = (
                name if table.file_name_pattern.fullmatch(name) else table.example(None if told else min(years), suffix)
            )
            by = "they tell" if told else "its name tells"
            return Identified(f"{title}, and {by} the years", (contract.key,), into, document.document_id)
    return None


def _personal(contracts: Sequence[Contract], fits: Sequence[_Fit], file: Path, name: str) -> Identified | None:
    """Return the nearest feed that refuses a file for personal data, if no feed agrees to what it carries."""
    try:
        check_unread([one for contract in contracts for one in contract.documents if not one.rows_are_people], file)
    except PersonalData:
        carries = "it seems to carry personal data that no feed agrees"
    else:
        return None
    for fit in sorted(fits, key=lambda fit: -fit.share):
        if not fit.share:
            break
        try:
            check_unread(fit.contract.documents, file)
        except PersonalData:
            return Identified(f"{carries}; of the feeds its header is nearest to this one", (fit.contract.key,), name)
    return Identified(f"of no feed, and {carries}. Take it out of landing.")


def _no_feed(fits: Sequence[_Fit]) -> str:
    nearest = max(fits, key=lambda fit: (fit.share, fit.agreed))
    if not nearest.share:
        return "of no feed: its header has no column of any."
    lacking = ", ".join(map(repr, nearest.lacking[:_COLUMNS_NAMED]))
    more = f" and {len(nearest.lacking) - _COLUMNS_NAMED} more" if len(nearest.lacking) > _COLUMNS_NAMED else ""
    return (
        f"of no feed: of the {nearest.agreed} columns of the nearest, {nearest.document.document_id}, "
        f"it lacks {lacking}{more}."
    )


def _zip(contracts: Sequence[Contract], file: Path, name: str, work: Path) -> Identified:
    """Return the feeds of which a zip holds members: the intake of each takes them out of the zip."""
    members: dict[str, list[str]] = {}
    others = 0
    reader = open_zip(file)
    with reader.archive:
        for member in reader.members():
            feed = _feed_of_member(contracts, reader, member, work)
            if feed:
                members.setdefault(feed, []).append(member.name)
            else:
                others += 1
    if not members:
        return _personal(contracts, [], file, name) or Identified(f"a zip without a file of a feed. {_UNPACK}")
    held = ", ".join(f"{len(members[key])} of {key}" for key in sorted(members))
    if any(_are_mixed_up(one, members) for one in contracts):
        return Identified(f"a zip of several feeds: {held}. {_UNPACK}")
    rest = f"; {others:,} more, of none by header and name, not counted" if others else ""
    why = f"a zip that holds {held}, by header and name{rest}"
    return Identified(why, tuple(sorted(members)), name)


def _feed_of_member(contracts: Sequence[Contract], reader: ZipReader, member: Member, work: Path) -> str | None:
    """Return the feed that a member fits by its name and, if it is a text, by its header."""
    part = work / "first_bytes"
    for contract in contracts:
        document = contract.document_for(plain_name(member.name))
        if document and is_workbook_name(member.name):
            return contract.key
        if document:
            try:
                part.write_bytes(reader.first(member))
                if not sent_headers(part).missing(document):
                    return contract.key
            except Refused:
                continue
    return None


def _are_mixed_up(contract: Contract, members: Mapping[str, Sequence[str]]) -> bool:
    """Return whether a feed would refuse members of a zip that are of other feeds, and not pass over them."""
    of_others = [name for key, names in members.items() if key != contract.key for name in names]
    return contract.key in members and not all(map(contract.is_of_another_feed, of_others))
