"""Reads one delivery under its contract: accepted rows to Parquet, refused rows with reasons to another.

A sound file is copied once, to number its rows, and read once. Only a file with trouble is read again, to say what is
wrong with each row. Both results are finished files in a work folder; moving them into place is the caller's.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb

from sources.contract.load import Contract
from sources.contract.rules import RowRule
from sources.folder.sql_text import identifier, literal
from sources.personal.detection import REMEDY
from sources.personal.link_key import variables_sql
from sources.reading.outcomes import FILE_REFUSED, PersonalData, Refused, Rows
from sources.reading.row_numbering import Care, NumberedFile, marked_rule_sql, number_rows, unmarked_sql
from sources.reading.row_sql import HIDDEN, Judging

# Well under the 1.5 GB that a nightly may use; what does not fit spills to the work folder.
MEMORY_LIMIT = "1GB"
# Half the bytes of snappy for a tenth more time, measured on street crime files.
PARQUET = "FORMAT parquet, COMPRESSION zstd"
# A column whose values mostly do not parse was sent as something else; single ones are mistakes in rows.
RETYPED_SHARE = 0.5

# What DuckDB's reject table calls it, and what the supplier reads.
DAMAGE_RULES = {
    "MISSING COLUMNS": ("too_few_values", "The row has fewer values than the header has columns."),
    "TOO MANY COLUMNS": ("too_many_values", "The row has more values than the header has columns."),
    "UNQUOTED VALUE": ("unterminated_quote", "A quotation mark is opened and not closed, or stands inside a value."),
    "INVALID ENCODING": ("wrong_encoding", "The row holds bytes that are no text in the agreed encoding."),
    "LINE SIZE OVER MAXIMUM": ("row_too_long", "The row is longer than 2,000,000 bytes."),
    "NULL BYTES": ("null_bytes", "The row holds null bytes."),
}
OTHER_DAMAGE = ("unreadable_row", "The row cannot be read as CSV.")

EMPTY_REJECTED = (
    "SELECT NULL::VARCHAR AS file_sha256, NULL::BIGINT AS row_number, NULL::INTEGER AS rule_order, "
    "NULL::VARCHAR AS rule, NULL::VARCHAR AS column_name, "
    "NULL::VARCHAR AS value, NULL::VARCHAR AS reason, NULL::VARCHAR AS record WHERE false"
)


class RowsLost(Exception):
    """The rows accepted and rejected do not add up to those of the file: a fault of this program, not of the file."""


@contextmanager
def engine(work: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a DuckDB connection that is bounded in memory and spills into `work`."""
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY_LIMIT,
        "temp_directory": str(work / "spill"),
        "preserve_insertion_order": True,
        # They would work out trimmed and typed values once more for every rule, at three times the cost.
        "disabled_optimizers": "filter_pushdown,projection_pullup,projection_placement",
    }
    with duckdb.connect(config=settings) as connection:
        yield connection


def read_rows(
    database: duckdb.DuckDBPyConnection, judging: Judging, sha256: str, work: Path, key: bytes | None = None
) -> Rows:
    """Read the file that `judging` is about, of a delivery with this `sha256`, and return the account of its rows.

    `database` is an `engine`; the results are files in the folder `work`. `key` is needed for a contract with hashed
    columns.

    Raises:
        Refused: the file as a whole breaks its contract.
        PersonalData: it holds personal data that is not agreed.
        RowsLost: the account does not add up.
    """
    # A cursor has temporary tables of its own, which go with it.
    with database.cursor() as connection:
        # On standard output it would stand between the lines of the nightly.
        connection.execute("SET enable_progress_bar = false")
        if judging.contract.hashed_columns:
            if key is None:
                raise ValueError(f"{judging.contract.document_id} has hashed columns, and no key was given")
            # As variables, so that no statement, plan or error shows it.
            connection.execute(variables_sql(key))
        return _Reading(connection, judging, sha256, work).rows()


class _Reading:
    """One reading; its temporary tables are

    damaged_n  DuckDB's own, one a reading: rows that are no CSV row, as in the numbered copy
    damage     (row_number, rule, record): the same, one line a row and rule
    broken     (row_number, rule_order, value, record): rules that readable rows break
    repeated   (row_number, rule_order): accepted rows that repeat a value which may appear once
    findings   what the rejected Parquet holds, but for the sha256
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, judging: Judging, sha256: str, work: Path) -> None:
        self.connection = connection
        self.judging = judging
        self.contract: Contract = judging.contract
        self.layout = judging.header.layout
        self.sha256 = sha256
        self.work = work
        self.numbered_file = work / "numbered.csv"
        self.accepted_file = work / "accepted.parquet"
        self.rejected_file = work / "rejected.parquet"
        self.readings = 0
        self.damaged = ""

    def rows(self) -> Rows:
        """Return the account of the rows, from the first way of copying under which it adds up."""
        stopped: duckdb.Error | None = None
        for care in Care:
            try:
                rows = self._attempt(care)
            except duckdb.InvalidInputException as error:
                stopped = error
            else:
                if rows is not None:
                    return rows
        problem = str(stopped).splitlines()[0]
        raise Refused([f"The file cannot be read as CSV ({problem}) Export it again and send it."])

    def _attempt(self, care: Care) -> Rows | None:
        """Return the account of the rows; None where a more careful copy is needed."""
        numbered = number_rows(self.layout, self.numbered_file, care)
        if care is Care.PLAIN and numbered.has_null_bytes:
            return None
        self.judging = replace(self.judging, around=numbered.around)
        accepted = self._write_sound_rows(numbered)
        self._check_postcodes()
        damaged, astray = self._look_at_damage()
        if care is not Care.EACH_LINE and (astray or (care is Care.PLAIN and damaged)):
            return None
        repeated = self._any_repeated(accepted)
        if not damaged and not repeated and accepted == numbered.records:
            return self._judged(Rows(accepted, accepted, {}, self.accepted_file))
        self._describe_damage()
        self._find_broken_rows(any_broken=accepted < numbered.records)
        accepted -= self._leave_out_repeated() if repeated else 0
        self._gather_findings()
        rejected = self._count("SELECT count(DISTINCT row_number) FROM findings")
        if numbered.records - rejected == accepted:
            return self._judged(self._with_findings(numbered.records, accepted))
        if care is Care.EACH_LINE:
            raise RowsLost(
                f"{numbered.records} rows delivered, {rejected} rejected, {accepted} accepted: "
                "nothing of this file was taken in"
            )
        return None

    def _write_sound_rows(self, numbered: NumberedFile) -> int:
        """Write the rows that keep every rule of their own; return how many they are."""
        self.damaged = self._other_rejects()
        return self._count(
            f"COPY ({self.judging.accepted(numbered.file, self.damaged, self.sha256)}) "
            f"TO {literal(str(self.accepted_file))} ({PARQUET})"
        )

    def _check_postcodes(self) -> None:
        """Check the columns in which no full postcode may stand.

        Raises:
            PersonalData: one of them holds one.
        """
        if not any(column.never_full_postcode for column in self.contract.columns):
            return
        found = self.connection.execute(
            self.judging.full_postcodes(self.numbered_file, self._other_rejects())
        ).fetchall()
        reasons = [
            f"Column {header!r} holds {count:,} full postcodes, and must hold none." for header, count in found if count
        ]
        if reasons:
            raise PersonalData([*reasons, REMEDY])

    def _look_at_damage(self) -> tuple[int, bool]:
        """Return the number of findings in damaged rows, and whether the copy was not careful enough for one of them.

        It was not where a row took the next line with it, or lost its number to the row before.
        """
        damaged = self._count(f"SELECT count(*) FROM {self.damaged}")
        astray = f"contains({_COPIED_LINE}, chr(10)) OR {_ROW_NUMBER} IS NULL"
        return damaged, bool(damaged and self._count(f"SELECT count(*) FROM {self.damaged} WHERE {astray}"))

    def _any_repeated(self, accepted: int) -> bool:
        """Return whether a value that may appear once repeats; check on the way that every accepted row was written.

        Raises:
            RowsLost: the file written holds another number of rows.
        """
        unique = [rule for rule in self.contract.row_rules if rule.is_unique]
        # Hashes are small to compare; the few rows that meet are compared in full afterwards.
        counts = [
            f"count(*) FILTER ({filled}) > count(DISTINCT hash({columns})) FILTER ({filled})"
            for columns, filled in map(_unique_sql, unique)
        ]
        ((written, *repeated),) = self.connection.execute(
            f"SELECT {', '.join(['count(*)', *counts])} FROM read_parquet({literal(str(self.accepted_file))})"
        ).fetchall()
        if written != accepted:
            raise RowsLost(f"{accepted} rows accepted, {written} written: nothing of this file was taken in")
        return any(repeated)

    def _describe_damage(self) -> None:
        kinds = " ".join(f"WHEN {literal(kind)} THEN {literal(rule)}" for kind, (rule, _) in DAMAGE_RULES.items())
        kind_rule = f"CASE error_type::VARCHAR {kinds} ELSE {literal(OTHER_DAMAGE[0])} END"
        record = unmarked_sql(_SENT_LINE, literal(self.layout.delimiter))
        if self.contract.hashed_columns:
            # Which part of a damaged row is to be hidden, nobody knows.
            record = literal(HIDDEN)
        self._execute(
            f"CREATE OR REPLACE TEMP TABLE damage AS SELECT DISTINCT {_ROW_NUMBER} AS row_number, "
            f"coalesce({marked_rule_sql(_SENT_LINE)}, {kind_rule}) AS rule, "
            f"{record} AS record FROM {self.damaged}"
        )

    def _find_broken_rows(self, any_broken: bool) -> None:
        columns = "row_number BIGINT, rule_order INTEGER, value VARCHAR, record VARCHAR"
        self._execute(f"CREATE OR REPLACE TEMP TABLE broken ({columns})")
        if any_broken:
            broken = self.judging.broken(self.numbered_file, self._other_rejects(), self.accepted_file)
            self._execute(f"INSERT INTO broken {broken}")

    def _leave_out_repeated(self) -> int:
        """Take the rows that repeat a value out of the accepted ones (the first stays); return how many they are."""
        accepted = f"read_parquet({literal(str(self.accepted_file))})"
        self._execute("CREATE OR REPLACE TEMP TABLE repeated (row_number BIGINT, rule_order INTEGER)")
        for order, rule in enumerate(self.contract.row_rules, 1):
            if not rule.is_unique:
                continue
            columns, filled = _unique_sql(rule)
            self._execute(
                f"INSERT INTO repeated SELECT row_number, {order} FROM {accepted} "
                f"WHERE {filled} AND hash({columns}) IN "
                f"(SELECT hash({columns}) FROM {accepted} WHERE {filled} GROUP BY ALL HAVING count(*) > 1) "
                f"QUALIFY row_number() OVER (PARTITION BY {columns} ORDER BY row_number) > 1"
            )
            numbers = f"SELECT row_number FROM repeated WHERE rule_order = {order}"
            self._execute(
                f"INSERT INTO broken SELECT row_number, {order}, value, record FROM "
                f"({self.judging.as_sent(rule, self.numbered_file, self._other_rejects(), numbers)})"
            )
        first_writing = self.accepted_file.rename(self.work / "first_writing.parquet")
        self._execute(
            f"COPY (FROM read_parquet({literal(str(first_writing))}) "
            "WHERE row_number NOT IN (SELECT row_number FROM repeated)) "
            f"TO {literal(str(self.accepted_file))} ({PARQUET})"
        )
        return self._count("SELECT count(DISTINCT row_number) FROM repeated")

    def _gather_findings(self) -> None:
        """Make `findings`: the rejected Parquet but for the sha256."""
        rules: dict[int, RowRule] = dict(enumerate(self.contract.row_rules, 1))
        headers = {column.name: column.header for column in self.contract.columns}
        damage_reasons = dict([*DAMAGE_RULES.values(), OTHER_DAMAGE])
        self._execute(
            "CREATE OR REPLACE TEMP TABLE findings AS SELECT row_number, "
            "(row_number() OVER (PARTITION BY row_number ORDER BY rule))::INTEGER AS rule_order, "
            "rule, NULL::VARCHAR AS column_name, NULL::VARCHAR AS value, "
            f"{_choice('rule', damage_reasons)} AS reason, record FROM damage UNION ALL "
            "SELECT row_number, row_number() OVER (PARTITION BY row_number ORDER BY rule_order), "
            f"{_choice('rule_order', {order: rule.name for order, rule in rules.items()})}, "
            f"{_choice('rule_order', {order: headers[rule.column] for order, rule in rules.items() if rule.column})}, "
            f"value, {_choice('rule_order', {order: rule.expected for order, rule in rules.items()})}, record "
            "FROM broken"
        )

    def _with_findings(self, delivered: int, accepted: int) -> Rows:
        """Write the rejected rows, and return the account with the rules that they break first."""
        self._execute(
            f"COPY (SELECT {literal(self.sha256)} AS file_sha256, * FROM findings ORDER BY row_number, rule_order) "
            f"TO {literal(str(self.rejected_file))} ({PARQUET})"
        )
        by_rule = dict(
            self.connection.execute(
                "SELECT rule, count(*) FROM findings WHERE rule_order = 1 GROUP BY rule ORDER BY count(*) DESC, rule"
            ).fetchall()
        )
        return Rows(delivered, accepted, by_rule, self.accepted_file, self.rejected_file)

    def _judged(self, rows: Rows) -> Rows:
        """Return the account.

        Raises:
            Refused: too much of the file is wrong, or it breaks a rule on files.
        """
        reasons = self._broken_file_rules(rows.delivered)
        by_rule = dict(rows.rejected_by_rule)
        if rows.rejected:
            reasons += [*self._retyped_columns(rows.delivered), *self._too_many(rows.delivered, by_rule)]
        if not reasons:
            # Of what is left of a file full of broken rows they would say nothing.
            reasons = self._broken_conditions()
        if not reasons:
            return rows
        if rows.accepted:
            by_rule[FILE_REFUSED] = rows.accepted
        raise Refused(reasons, Rows(rows.delivered, 0, by_rule, None, rows.rejected_file))

    def _broken_file_rules(self, delivered: int) -> list[str]:
        return [
            f"{rule.expected} The file holds {delivered:,} rows."
            for rule in self.contract.file_rules
            if not rule.holds(delivered)
        ]

    def _broken_conditions(self) -> list[str]:
        conditions = self.contract.file_conditions
        if not conditions:
            return []
        (verdicts,) = self.connection.execute(self.judging.broken_conditions(self.accepted_file)).fetchall()
        return [condition.expected for condition, broken in zip(conditions, verdicts, strict=True) if broken]

    def _retyped_columns(self, delivered: int) -> list[str]:
        orders = {order: rule for order, rule in enumerate(self.contract.row_rules, 1) if rule.is_type}
        # A few mistakes in a column that few rows fill are mistakes in rows.
        limit = delivered * self.contract.maximum_rejected_share
        if not orders or not self._count(
            "SELECT count(*) FROM (SELECT rule_order FROM broken "
            f"WHERE rule_order IN ({_list(orders)}) GROUP BY rule_order HAVING count(*) > {limit})"
        ):
            return []
        found = self.connection.execute(
            self.judging.type_failures(self.numbered_file, self._other_rejects())
        ).fetchall()
        expected = {rule.column: rule.expected for rule in orders.values()}
        return [
            f"{expected[name]} {failed:,} of {sent:,} values are not: the column seems to be exported in another form."
            for name, sent, failed in found
            if failed > sent * RETYPED_SHARE and failed > limit
        ]

    def _too_many(self, delivered: int, by_rule: dict[str, int]) -> list[str]:
        rejected = sum(by_rule.values())
        if rejected <= delivered * self.contract.maximum_rejected_share:
            return []
        reasons = self.connection.execute(
            "SELECT reason, count(*) FROM findings WHERE rule_order = 1 "
            "GROUP BY reason ORDER BY count(*) DESC, reason LIMIT 3"
        ).fetchall()
        causes = " ".join(f"{reason} ({rows:,} rows)" for reason, rows in reasons)
        text = (
            f"{rejected:,} of {delivered:,} rows ({rejected / delivered:.1%}) break the contract; "
            f"at most {self.contract.maximum_rejected_share:.0%} may. {causes}"
        )
        if by_rule.get("wrong_encoding", 0) * 2 > rejected:
            text += (
                f" The file is probably in Windows-1252 (what Excel saves as plain CSV) and not in "
                f"{self.contract.encoding.upper()}: save it as 'CSV UTF-8' and send it again."
            )
        return [text]

    def _other_rejects(self) -> str:
        """Return a new name for the reject table of a reading; a further reading finds the same damage again."""
        self.readings += 1
        return f"damaged_{self.readings}"

    def _execute(self, sql: str) -> None:
        self.connection.execute(sql)

    def _count(self, sql: str) -> int:
        # DuckDB fills its reject tables when the last row of a result was fetched, so fetch them all.
        return int(self.connection.execute(sql).fetchall()[0][0])


_COPIED_LINE = "trim(csv_line, chr(10))"
_NUMBER = f"regexp_extract({_COPIED_LINE}, '^\\d+')"
_ROW_NUMBER = f"try_cast({_NUMBER} AS BIGINT)"
# Behind the number and a delimiter.
_SENT_LINE = f"substr({_COPIED_LINE}, length({_NUMBER}) + 2)"


def _unique_sql(rule: RowRule) -> tuple[str, str]:
    """Return the columns whose values together may appear once, and the condition that they are filled."""
    columns = list(map(identifier, rule.unique_columns))
    return ", ".join(columns), " AND ".join(f"{column} IS NOT NULL" for column in columns)


def _choice(column: str, texts: Mapping[int, str] | Mapping[str, str]) -> str:
    cases = " ".join(f"WHEN {literal(key)} THEN {literal(text)}" for key, text in texts.items())
    return f"CASE {column} {cases} END" if texts else "NULL"


def _list(values: Iterable[int]) -> str:
    return ", ".join(map(str, values))
