"""What a contract is once it is read: one document of a feed, its columns, and the periods that its file names tell."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sources.contract.counted_as import CountedAs
from sources.contract.expected_size import ExpectedSize
from sources.contract.file_names import MONTH_CODES, plain_name
from sources.contract.months import months_later
from sources.contract.personal_list import personal_list
from sources.contract.rules import FileCondition, FileRule, RowRule
from sources.contract.table_of_estimates import TableOfEstimates
from sources.contract.title import Title
from sources.contract.told_by_content import ToldByContent
from sources.contract.workbook_of_periods import WorkbookOfPeriods

_NOTE = re.compile(r"(read[ _-]?me|licen[cs]e)(\.(txt|md|html?|pdf))?", re.IGNORECASE)


@dataclass(frozen=True)
class Column:
    """One column: its canonical name, its header in the file, and what its values must be."""

    name: str
    header: str
    title: str
    description: str
    logical_type: str
    required: bool
    is_personal: bool
    headers: tuple[str, ...]
    """Whose values, with a blank between them, are the column's value: its own header, for most."""
    date_formats: tuple[str, ...] = ()
    """strptime formats of a date column; a date fits one of them, and no two can read it differently."""
    other_headers: tuple[str, ...] = ()
    """Under which the column is sent too."""
    takes_excel_serials: bool = False
    thousands_separator: str | None = None
    drops_apostrophe: bool = False
    """Whether a value may start with the apostrophe by which a spreadsheet marks text."""
    hash_namespace: str | None = None
    """Where set, a keyed hash takes the value's place at intake; equal values of one namespace have equal hashes."""
    never_full_postcode: bool = False
    """Whether one value that holds a full postcode has the file refused, and nothing of it kept."""
    lacking_before: date | None = None
    """Where set, files of periods that begin earlier may lack the column; its values are then missing."""
    is_free_text: bool = False
    """Whether it may hold any text: no pattern, list, keyed hash or rule against repeats says what."""
    is_agreed_text: bool = False
    """Whether its texts are agreed as they are, and are not looked at."""

    @property
    def written_date_form(self) -> str | None:
        """Return the form, of those agreed, in which a date is written by us; None for a column of another type."""
        return next((form for form in self.date_formats if "%Y" in form), next(iter(self.date_formats), None))


@dataclass(frozen=True)
class Contract:
    """One document: what deliveries of a feed must look like, and when they are due.

    A feed has one base document, and may have variants: other forms in which the same facts are sent. The base holds
    its variants; which of them decides about a file is told by the file's name.
    """

    agency: str
    feed: str
    variant: str | None
    version: str
    title: str
    description: str
    owner: str
    licence: str
    file_format: str
    delimiter: str
    encoding: str
    header_row: int
    sheet: str | None
    """Sheet of an Excel workbook; None where no workbook may be sent."""
    sheet_header_row: int
    missing_values: tuple[str, ...]
    """What is sent in place of a value that is missing."""
    columns: tuple[Column, ...]
    ignored_columns: tuple[str, ...]
    """Headers of columns that are sent as agreed, and left out without a word."""
    forbidden_columns: tuple[tuple[str, str], ...]
    """(header, what it holds): personal data that this feed must not carry, beside what none may."""
    rows_are_people: bool
    """Whether a row is a person: a column that is not agreed is refused, and no number of rows is published."""
    row_rules: tuple[RowRule, ...]
    file_rules: tuple[FileRule, ...]
    file_conditions: tuple[FileCondition, ...]
    """What must hold of the accepted rows together; where one is broken, the file is refused."""
    file_name_pattern: re.Pattern[str]
    file_name_example: str
    supplier: str | None
    """Who sends every file of this document; None where the file name tells it."""
    period_format: str
    """strptime format of the `period` in a file name."""
    period_start_month: int | None
    """A month in which a period of more than one month starts; None where it may start in any."""
    names_last_month: bool
    """Whether the file name tells the last month of the period, and not the first."""
    maximum_rejected_share: float
    """Of broken rows; those that only repeat a value are counted apart."""
    maximum_repeated_share: float
    expected_size: ExpectedSize
    """What is said of the number of accepted rows, beside what stands and what is usual."""
    cadence: str
    months_per_period: int
    due_days: int
    slack_days: int
    first_period: str
    """ISO date: no earlier period is taken in."""
    last_day: str | None
    """ISO date: the series ended, no period after it is taken in or owed."""
    is_owed: bool
    """Whether a supplier that delivered once owes every later period."""
    revision_window_months: int
    title_above: Title | None = None
    """The title above the table, which must be there and tells the period; None where none is agreed."""
    told_by_content: ToldByContent | None = None
    """What the rows tell of period and supplier where a file name tells nothing; None where they do not."""
    workbook_of_periods: WorkbookOfPeriods | None = None
    """How a workbook that holds several periods is cut; None where none may be sent."""
    table_of_estimates: TableOfEstimates | None = None
    """How tables of population estimates are turned into the document's columns; None where none may be sent."""
    counted_as: CountedAs | None = None
    """How the rows of a partnership's own feed count; None of a shipped feed, which has a model of its own."""
    variants: "tuple[Contract, ...]" = ()
    names_beside: tuple[re.Pattern[str], ...] = ()
    """The file names of other open feeds of the same owner: publishers hand them out together, as in one zip."""

    @property
    def key(self) -> str:
        """Return `<agency>/<feed>`, the feed's name everywhere."""
        return f"{self.agency}/{self.feed}"

    @property
    def document_id(self) -> str:
        """Return `<agency>/<feed>` or `<agency>/<feed>.<variant>`, the document's name."""
        return f"{self.key}.{self.variant}" if self.variant else self.key

    @property
    def version_label(self) -> str:
        """Return the version of the document, after the variant's name where it is one."""
        return f"{self.variant} {self.version}" if self.variant else self.version

    @property
    def documents(self) -> "tuple[Contract, ...]":
        """Return the document itself and its variants."""
        return self, *self.variants

    @property
    def feed_version(self) -> str:
        """Return what changes when any document of the feed does."""
        return ", ".join(document.version_label for document in self.documents)

    @property
    def feed_columns(self) -> tuple[Column, ...]:
        """Return the columns of all documents of the feed, each once."""
        by_name: dict[str, Column] = {}
        for document in self.documents:
            for column in document.columns:
                by_name.setdefault(column.name, column)
        return tuple(by_name.values())

    @property
    def hashed_columns(self) -> tuple[Column, ...]:
        """Return the columns whose values are replaced by keyed hashes."""
        return tuple(column for column in self.columns if column.hash_namespace)

    @property
    def is_open_data(self) -> bool:
        """Return whether its files are published for everybody, as its licence says."""
        return personal_list().is_open(self.licence)

    @property
    def feed_first_period(self) -> str:
        """Return the first period, as an ISO date, that any document of the feed takes."""
        return min(document.first_period for document in self.documents)

    @property
    def is_of_people(self) -> bool:
        """Return whether the rows of any document of the feed are people."""
        return any(document.rows_are_people for document in self.documents)

    def document_for(self, file_name: str) -> "Contract | None":
        """Return the document whose pattern the base name of a file fits."""
        return next((one for one in self.documents if one.file_name_pattern.fullmatch(file_name)), None)

    def document_of_periods(self, file_name: str) -> "Contract | None":
        """Return the document under which a file of this name holds several periods."""
        cuts = [(one, one.workbook_of_periods or one.table_of_estimates) for one in self.documents]
        return next((one for one, cut in cuts if cut and cut.file_name_pattern.fullmatch(file_name)), None)

    def is_of_another_feed(self, file_name: str) -> bool:
        """Return whether a file has the name of another open feed of the owner, as in a download of several feeds."""
        name = plain_name(file_name)
        return not self.document_for(name) and any(pattern.fullmatch(name) for pattern in self.names_beside)

    def is_beside_data(self, file_name: str) -> bool:
        """Return whether a file is a note of who publishes the open data, such as README.txt, by its name."""
        name = plain_name(file_name)
        return self.is_open_data and not self.document_for(name) and bool(_NOTE.fullmatch(name))

    def passes_over(self, file_name: str) -> bool:
        """Return whether a file that came with this feed's, by its name, is none of it and wrong in nothing."""
        return self.is_of_another_feed(file_name) or self.is_beside_data(file_name)

    def version_for(self, file_name: str) -> str:
        """Return the version that decides about a file; where no document fits, or any may (a zip), that of all."""
        document = self.document_for(file_name)
        return document.version_label if document else self.feed_version

    def period(self, text: str) -> tuple[date, date]:
        """Return first and last day of the period that `text`, from a file name, tells.

        Raises:
            ValueError: there is no such period.
        """
        told = datetime.strptime(text, self.period_format).date().replace(day=1)  # noqa: DTZ007 a calendar date
        start = self.start_named_by(told)
        if not any(code in self.period_format for code in MONTH_CODES):
            start = told.replace(month=self.period_start_month or 1)
        if self.period_start(start) != start:
            raise ValueError(f"no {self.cadence} period starts in {start:%B}")
        return start, months_later(start, self.months_per_period) - timedelta(days=1)

    def tells_period(self, file_name: str) -> bool:
        """Return whether a base name that fits the pattern names a period that exists."""
        told = self.file_name_pattern.fullmatch(file_name)
        try:
            return told is not None and bool(self.period(told["period"]))
        except ValueError:
            return False

    def start_named_by(self, month: date) -> date:
        """Return the first month of the period that is called by `month`: its first or its last."""
        return months_later(month, 1 - self.months_per_period) if self.names_last_month else month

    def month_naming(self, start: date) -> date:
        """Return the month by which the period that starts so is called."""
        return months_later(start, self.months_per_period - 1) if self.names_last_month else start

    def period_start(self, month: date) -> date:
        """Return the start of the document's regular period in which `month` lies."""
        if self.period_start_month is None:
            return month
        return months_later(month, -((month.month - self.period_start_month) % self.months_per_period))

    def starting_months(self) -> Iterator[int]:
        """Yield the months of the year in which regular periods start: all, where a period may start in any."""
        if self.period_start_month is None:
            yield from range(1, 13)
            return
        first = self.period_start_month
        yield from sorted((first - 1 + months) % 12 + 1 for months in range(0, 12, self.months_per_period))


def rows_are_people(contracts: Mapping[str, Contract], feed_key: str) -> bool:
    """Return whether rows of a feed are people; those of a feed without a contract may be."""
    contract = contracts.get(feed_key)
    return contract is None or contract.is_of_people
