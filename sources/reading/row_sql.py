"""SQL generated from a contract, over rows: read the numbered copy of a CSV file, type its values, judge its rows.

The rows pass through these stages, each a SELECT over the one before:

    scanned   the row's number, and every value as text by position (c0, c1, ...); damaged rows go to a reject table
    sent      the contract's columns, trimmed, blank as NULL
    typed     and beside each column that is not text its typed value, NULL where it does not parse
"""

from pathlib import Path

from sources.contract.load import Column
from sources.contract.personal_list import personal_list
from sources.contract.rules import FileCondition, RowRule
from sources.folder.sql_text import identifier, literal
from sources.personal.keyed_hash import hashed_sql
from sources.reading.delivery import Delivery
from sources.reading.row_numbering import LONGEST_ROW, NumberedFile
from sources.reading.value_sql import escaped, joined_sql, text_sql, trimmed_sql, typed_sql

# Smaller than DuckDB's own, so that files of one month are read by several threads.
_BUFFER_BYTES = 8_000_000
# The reject table of a reading that finds the same damage again.
AGAIN = "damaged_again"
# Stands in a rejected row for what is never kept.
HIDDEN = "(hidden)"


class RowSql:
    """The SQL for one delivery."""

    def __init__(self, delivery: Delivery, numbered: NumberedFile) -> None:
        self.delivery = delivery
        self.contract = delivery.contract
        self.header = delivery.header
        self.numbered = numbered

    def scan(self, rejects: str) -> str:
        """Return the relation of every readable row; the others go to the table `rejects`."""
        columns = "'row_number': 'BIGINT', " + ", ".join(
            f"'c{position}': 'VARCHAR'" for position in range(len(self.header.headers))
        )
        return (
            f"read_csv({literal(str(self.numbered.file))}, auto_detect = false, header = false, "
            f"delim = {literal(self.header.layout.delimiter)}, buffer_size = {_BUFFER_BYTES}, "
            f"max_line_size = {LONGEST_ROW}, "
            "quote = '\"', escape = '\"', nullstr = '', store_rejects = true, rejects_limit = 0, "
            f"rejects_table = {literal(rejects)}, rejects_scan = {literal(rejects + '_scan')}, "
            f"encoding = 'utf-8', columns = {{{columns}}})"
        )

    def typed(self, rejects: str = AGAIN, only: str = "") -> str:
        """Return the SELECT of the last stage, of the rows that the join `only` leaves: typing costs most."""
        every = ", ".join(f"c{position}" for position in range(len(self.header.headers)))
        sent = ", ".join(f"{self._value(column)} AS {text_sql(column)}" for column in self.contract.columns)
        typed = ", ".join(
            f"{typed_sql(column)} AS {identifier(column.name)}"
            for column in self.contract.columns
            if column.logical_type != "string"
        )
        return (
            f"SELECT *{', ' + typed if typed else ''} "
            f"FROM (SELECT row_number, {every}, {sent} FROM {self.scan(rejects)} {only})"
        )

    def accepted(self, rejects: str) -> str:
        """Return the SELECT of the rows that keep every rule, as raw holds them; damaged rows go to `rejects`."""
        return (
            f"SELECT {self.kept_columns()}, {literal(self.delivery.sha256)} AS file_sha256, row_number "
            f"FROM ({self.typed(rejects)}) WHERE {self.is_sound()}"
        )

    def broken(self, accepted: Path) -> str:
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
            f"FROM ({self.typed(only=others)}) WHERE NOT ({self.is_sound()}))"
        )

    def broken_conditions(self, accepted: Path) -> str:
        """Return the SELECT of one row: for each condition on the file, whether the accepted rows break it."""
        verdicts = [f"coalesce(NOT {self._predicate(condition)}, false)" for condition in self.contract.file_conditions]
        return f"SELECT {', '.join(verdicts)} FROM read_parquet({literal(str(accepted))})"

    def _findings(self, rules: list[tuple[int, RowRule]]) -> str:
        """Return SQL for the list of the rules that a row breaks, NULL for each that it keeps."""
        judged = [
            f"CASE WHEN NOT ({self._predicate(rule)}) "
            f"THEN {{'rule_order': {order}, 'value': {self._value_sent(rule)}}} END"
            for order, rule in rules
        ]
        return f"[{', '.join(judged)}]"

    def as_sent(self, rule: RowRule, numbers: str) -> str:
        """Return the SELECT of (row_number, value, record), with what the rule judges, of the rows in `numbers`."""
        return (
            f"SELECT row_number, {self._value_sent(rule)} AS value, {self._record()} AS record "
            f"FROM ({self.typed(only=f'SEMI JOIN ({numbers}) USING (row_number)')})"
        )

    def type_failures(self) -> str:
        """Return the SELECT of (column name, values sent, how many do not parse, the first): a line a column not text.

        The first is its row and what was sent; NULL of a column that is hashed.
        """
        aggregates = ", ".join(
            f"{{'name': {literal(column.name)}, 'sent': count({text_sql(column)}), "
            f"'failed': count({text_sql(column)}) - count({identifier(column.name)}), "
            f"'first': {self._first_failure(column)}}}"
            for column in self.contract.columns
            if column.logical_type != "string"
        )
        return (
            "SELECT finding.name, finding.sent, finding.failed, finding.first FROM "
            f"(SELECT unnest([{aggregates}]) AS finding FROM ({self.typed()}))"
        )

    def _first_failure(self, column: Column) -> str:
        if column in self.contract.hashed_columns:
            return "NULL"
        text = text_sql(column)
        return (
            f"min({{'row': row_number, 'value': {text}}}) "
            f"FILTER ({text} IS NOT NULL AND {identifier(column.name)} IS NULL)"
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

    def full_postcodes(self) -> str:
        """Return the SELECT of (header, values that hold a full postcode), one line a column that never may."""
        pattern = literal("(?i)" + personal_list().full_postcode)
        counts = ", ".join(
            f"{{'header': {literal(column.header)}, "
            f"'found': count(*) FILTER (regexp_matches({text_sql(column)}, {pattern}))}}"
            for column in self.contract.columns
            if column.never_full_postcode
        )
        return f"SELECT finding.header, finding.found FROM (SELECT unnest([{counts}]) AS finding FROM ({self.typed()}))"

    def _predicates(self) -> list[tuple[int, RowRule]]:
        return [(order, rule) for order, rule in enumerate(self.contract.row_rules, 1) if not rule.is_unique]

    def _predicate(self, rule: RowRule | FileCondition) -> str:
        delivery = self.delivery
        return f"({rule.predicate_for(delivery.period_start, delivery.period_end, delivery.supplier)})"

    def _value_sent(self, rule: RowRule) -> str:
        if rule.column is None or rule.column in {column.name for column in self.contract.hashed_columns}:
            return "NULL::VARCHAR"
        return joined_sql([f"c{position}" for position in self.header.positions[rule.column]])

    def _value(self, column: Column) -> str:
        """Return SQL for the value of a column, as it was meant; NULL where it is missing."""
        value = joined_sql(
            [trimmed_sql(f"c{position}", self.numbered.around) for position in self.header.positions[column.name]]
        )
        if column.drops_apostrophe:
            value = f"CASE WHEN starts_with({value}, chr(39)) THEN nullif(substr({value}, 2), '') ELSE {value} END"
        for marker in self.contract.missing_values:
            value = f"nullif({value}, {literal(marker)})"
        return value

    def _record(self) -> str:
        """Return SQL for the row as CSV, quoted where it must be, without the values of hashed columns.

        Where the rows are people, without those of columns that the contract does not have, too.
        """
        hidden = {place for column in self.contract.hashed_columns for place in self.header.positions[column.name]}
        if self.contract.rows_are_people:
            hidden.update(self.header.extra_positions)
        delimiter = self.header.layout.delimiter
        special = literal(f'["\\r\\n{escaped(delimiter)}]')
        values = [
            f"coalesce(CASE WHEN regexp_matches(c{position}, {special}) "
            f"""THEN '"' || replace(c{position}, '"', '""') || '"' ELSE c{position} END, '')"""
            if position not in hidden
            else literal(HIDDEN)
            for position in range(len(self.header.headers))
        ]
        return f"concat_ws({literal(delimiter)}, {', '.join(values)})"
