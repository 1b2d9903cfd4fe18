"""SQL generated from a contract: read a numbered copy of a CSV file, type its values, judge its rows.

The rows pass through these stages, each a SELECT over the one before:

    scanned   the row's number, and every value as text by position (c0, c1, ...); damaged rows go to a reject table
    sent      the contract's columns, trimmed, blank as NULL
    typed     and beside each column that is not text its typed value, NULL where it does not parse
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sources.contract.load import Column, Contract
from sources.contract.rules import SQL_TYPES, RowRule, text_column
from sources.folder.sql_text import identifier, literal
from sources.personal.detection import personal_list
from sources.personal.link_key import hashed_sql
from sources.reading.header import Header
from sources.reading.row_numbering import BLANK, NO_BREAK_SPACE, TAB

# Smaller than DuckDB's own, so that files of one month are read by several threads.
_BUFFER_BYTES = 8_000_000
_LONGEST_ROW = 2_000_000
# Stands in a rejected row for what is never kept.
HIDDEN = "(hidden)"


@dataclass(frozen=True)
class Judging:
    """The SQL for one delivery."""

    contract: Contract
    header: Header
    period_start: date
    period_end: date
    supplier: str | None
    around: str = BLANK + TAB + NO_BREAK_SPACE
    """Characters that stand around values in this file and mean nothing."""

    def scan(self, file: Path, rejects: str) -> str:
        """Return the relation of every readable row of `file`; the others go to the table `rejects`."""
        columns = "'row_number': 'BIGINT', " + ", ".join(
            f"'c{position}': 'VARCHAR'" for position in range(len(self.header.headers))
        )
        return (
            f"read_csv({literal(str(file))}, auto_detect = false, header = false, "
            f"delim = {literal(self.header.layout.delimiter)}, buffer_size = {_BUFFER_BYTES}, "
            f"max_line_size = {_LONGEST_ROW}, "
            "quote = '\"', escape = '\"', nullstr = '', store_rejects = true, rejects_limit = 0, "
            f"rejects_table = {literal(rejects)}, rejects_scan = {literal(rejects + '_scan')}, "
            f"encoding = 'utf-8', columns = {{{columns}}})"
        )

    def typed(self, file: Path, rejects: str, only: str = "") -> str:
        """Return the SELECT of the last stage, of the rows that the join `only` leaves: typing costs most."""
        every = ", ".join(f"c{position}" for position in range(len(self.header.headers)))
        sent = ", ".join(f"{self._value(column)} AS {_text(column)}" for column in self.contract.columns)
        typed = ", ".join(
            f"{_typed(column)} AS {identifier(column.name)}"
            for column in self.contract.columns
            if column.logical_type != "string"
        )
        return (
            f"SELECT *{', ' + typed if typed else ''} "
            f"FROM (SELECT row_number, {every}, {sent} FROM {self.scan(file, rejects)} {only})"
        )

    def accepted(self, file: Path, rejects: str, sha256: str) -> str:
        """Return the SELECT of the rows that keep every rule, as raw holds them."""
        return (
            f"SELECT {self.kept_columns()}, {literal(sha256)} AS file_sha256, row_number "
            f"FROM ({self.typed(file, rejects)}) WHERE {self.is_sound()}"
        )

    def broken(self, file: Path, rejects: str, accepted: Path) -> str:
        """Return the SELECT of (row_number, rule_order, value, record), one line a row and broken rule.

        Rows in the Parquet file `accepted` break none.
        """
        others = f"ANTI JOIN read_parquet({literal(str(accepted))}) USING (row_number)"
        judged = self._findings([(order, rule) for order, rule in self._predicates() if not rule.is_alone])
        for order, rule in self._predicates():
            if rule.is_alone:
                judged = (
                    f"CASE WHEN NOT ({self._predicate(rule)}) THEN {self._findings([(order, rule)])} ELSE {judged} END"
                )
        return (
            "SELECT row_number, finding.rule_order AS rule_order, finding.value AS value, record FROM ("
            f"SELECT row_number, {self._record()} AS record, "
            f"unnest(list_filter({judged}, lambda x: x IS NOT NULL)) AS finding "
            f"FROM ({self.typed(file, rejects, others)}) WHERE NOT ({self.is_sound()}))"
        )

    def broken_conditions(self, accepted: Path) -> str:
        """Return the SELECT of one row: for each condition on the file, whether the accepted rows break it."""
        verdicts = [
            f"coalesce(NOT ({condition.predicate_for(self.period_start, self.period_end, self.supplier)}), false)"
            for condition in self.contract.file_conditions
        ]
        return f"SELECT {', '.join(verdicts)} FROM read_parquet({literal(str(accepted))})"

    def _findings(self, rules: list[tuple[int, RowRule]]) -> str:
        """Return SQL for the list of the rules that a row breaks, NULL for each that it keeps."""
        judged = [
            f"CASE WHEN NOT ({self._predicate(rule)}) "
            f"THEN {{'rule_order': {order}, 'value': {self._value_sent(rule)}}} END"
            for order, rule in rules
        ]
        return f"[{', '.join(judged)}]"

    def as_sent(self, rule: RowRule, file: Path, rejects: str, numbers: str) -> str:
        """Return the SELECT of (row_number, value, record), with what the rule judges, of the rows in `numbers`."""
        return (
            f"SELECT row_number, {self._value_sent(rule)} AS value, {self._record()} AS record "
            f"FROM ({self.typed(file, rejects, f'SEMI JOIN ({numbers}) USING (row_number)')})"
        )

    def type_failures(self, file: Path, rejects: str) -> str:
        """Return the SELECT of (column name, values sent, values that do not parse), one line a column not text."""
        aggregates = ", ".join(
            f"{{'name': {literal(column.name)}, 'sent': count({_text(column)}), "
            f"'failed': count({_text(column)}) - count({identifier(column.name)})}}"
            for column in self.contract.columns
            if column.logical_type != "string"
        )
        return (
            "SELECT finding.name, finding.sent, finding.failed FROM "
            f"(SELECT unnest([{aggregates}]) AS finding FROM ({self.typed(file, rejects)}))"
        )

    def is_sound(self) -> str:
        """Return the predicate of a row that breaks no rule of its own."""
        rules = [f"coalesce({self._predicate(rule)}, true)" for _, rule in self._predicates()]
        # A column that the contract leaves out is looked at too, so that every reading refuses the same damaged rows.
        extra = [f"coalesce(strlen(c{position}) >= 0, true)" for position in self.header.extra_positions]
        return " AND ".join([*rules, *extra]) or "true"

    def kept_columns(self) -> str:
        """Return the contract's columns as a select list, with the keyed hash of what only links."""
        return ", ".join(
            f"{hashed_sql(identifier(column.name), column.hash_namespace)} AS {identifier(column.name)}"
            if column.hash_namespace
            else identifier(column.name)
            for column in self.contract.columns
        )

    def full_postcodes(self, file: Path, rejects: str) -> str:
        """Return the SELECT of (header, values that hold a full postcode), one line a column that never may."""
        pattern = literal("(?i)" + personal_list().full_postcode)
        counts = ", ".join(
            f"{{'header': {literal(column.header)}, "
            f"'found': count(*) FILTER (regexp_matches({_text(column)}, {pattern}))}}"
            for column in self.contract.columns
            if column.never_full_postcode
        )
        return (
            "SELECT finding.header, finding.found FROM "
            f"(SELECT unnest([{counts}]) AS finding FROM ({self.typed(file, rejects)}))"
        )

    def _predicates(self) -> list[tuple[int, RowRule]]:
        return [(order, rule) for order, rule in enumerate(self.contract.row_rules, 1) if not rule.is_unique]

    def _predicate(self, rule: RowRule) -> str:
        return f"({rule.predicate_for(self.period_start, self.period_end, self.supplier)})"

    def _value_sent(self, rule: RowRule) -> str:
        if rule.column is None or rule.column in {column.name for column in self.contract.hashed_columns}:
            return "NULL::VARCHAR"
        return _joined([f"c{position}" for position in self.header.positions[rule.column]])

    def _value(self, column: Column) -> str:
        """Return SQL for the value of a column, as it was meant; NULL where it is missing."""
        value = _joined([_trimmed(f"c{position}", self.around) for position in self.header.positions[column.name]])
        if column.drops_apostrophe:
            value = f"CASE WHEN starts_with({value}, chr(39)) THEN nullif(substr({value}, 2), '') ELSE {value} END"
        for marker in self.contract.missing_values:
            value = f"nullif({value}, {literal(marker)})"
        return value

    def _record(self) -> str:
        """Return SQL for the row as CSV, quoted where it must be, without the values of hashed columns."""
        hidden = {place for column in self.contract.hashed_columns for place in self.header.positions[column.name]}
        delimiter = self.header.layout.delimiter
        special = literal(f'["\\r\\n{_escaped(delimiter)}]')
        values = [
            f"coalesce(CASE WHEN regexp_matches(c{position}, {special}) "
            f"""THEN '"' || replace(c{position}, '"', '""') || '"' ELSE c{position} END, '')"""
            if position not in hidden
            else literal(HIDDEN)
            for position in range(len(self.header.headers))
        ]
        return f"concat_ws({literal(delimiter)}, {', '.join(values)})"


def _trimmed(value: str, around: str) -> str:
    """Return SQL for the value without what stands around it, NULL if nothing is left.

    Trimming costs more than all rules together, so only a value that begins or ends with something to trim pays.
    """
    marks = [f"suffix({value}, {literal(mark)})" for mark in around]
    # Blanks and tabs sort before '!', no-break spaces at or after themselves.
    if BLANK in around or TAB in around:
        marks.insert(0, f"{value} < '!'")
    if NO_BREAK_SPACE in around:
        marks.insert(0, f"{value} >= {literal(NO_BREAK_SPACE)}")
    if not marks:
        return value
    return f"CASE WHEN {' OR '.join(marks)} THEN nullif(trim({value}, {literal(around)}), '') ELSE {value} END"


def _escaped(delimiter: str) -> str:
    return delimiter if delimiter.isalnum() else "\\" + delimiter


def _text(column: Column) -> str:
    return identifier(text_column(column.name, column.logical_type))


def _joined(values: list[str]) -> str:
    """Return SQL for the values with a blank between them, NULL where all are."""
    return values[0] if len(values) == 1 else f"nullif(concat_ws(' ', {', '.join(values)}), '')"


def _typed(column: Column) -> str:
    """Return SQL for the typed value; NULL where the text does not parse."""
    text = _text(column)
    if column.logical_type == "date":
        return _date(column, text)
    if column.thousands_separator:
        text = _without_separators(text, column.thousands_separator)
    if column.logical_type == "integer":
        # A cast alone would round 3.7 to 4.
        return f"CASE WHEN regexp_full_match({text}, '[+-]?\\d+') THEN try_cast({text} AS BIGINT) END"
    if column.logical_type == "number":
        return f"CASE WHEN isfinite(try_cast({text} AS DOUBLE)) THEN try_cast({text} AS DOUBLE) END"
    # Y and N are what nearly every file has.
    return (
        f"CASE {text} WHEN 'Y' THEN true WHEN 'N' THEN false ELSE CASE "
        f"WHEN lower({text}) IN ('true', 'yes', 'y', '1') THEN true "
        f"WHEN lower({text}) IN ('false', 'no', 'n', '0') THEN false END END"
    )


def _date(column: Column, text: str) -> str:
    formats = list(column.date_formats)
    parsed = f"try_strptime({text}, [{', '.join(map(literal, formats))}])" if formats else "NULL::TIMESTAMP"
    # Where four digits are asked for, 08 would be the year 8.
    value = f"CASE WHEN {parsed} >= TIMESTAMP '1000-01-01' THEN {parsed}::DATE END"
    if column.takes_excel_serials:
        serial = f"DATE '1899-12-30' + floor(try_cast({text} AS DOUBLE))::INTEGER"
        value = f"coalesce({value}, CASE WHEN regexp_full_match({text}, '\\d{{5}}(\\.\\d+)?') THEN {serial} END)"
    return value


def _without_separators(text: str, separator: str) -> str:
    """Return SQL for a number without its thousands separators, where they stand as they should."""
    mark = _escaped(separator)
    grouped = literal(f"[+-]?\\d{{1,3}}({mark}\\d{{3}})+(\\.\\d+)?")
    return (
        f"CASE WHEN regexp_full_match({text}, {grouped}) THEN replace({text}, {literal(separator)}, '') ELSE {text} END"
    )


def empty_raw(contract: Contract) -> str:
    """Return the SELECT of no rows with the columns of the feed's raw files, whatever document they came under."""
    columns = ", ".join(
        f"NULL::{SQL_TYPES[column.logical_type]} AS {identifier(column.name)}" for column in contract.feed_columns
    )
    return f"SELECT {columns}, NULL::VARCHAR AS file_sha256, NULL::BIGINT AS row_number WHERE false"
