"""Reads one CSV delivery under its contract: accepted rows to Parquet, refused rows with reasons to another.

A sound file is read once to count its rows and once to write them. Only a file with trouble is read again, to say what
is wrong with each row. Both results are finished files in a work folder; moving them into place is the caller's.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb

from sources.contract import Contract
from sources.contract_rules import RowRule
from sources.csv_mending import looks_uneven, marked_rule_sql, mend, unmarked_sql
from sources.judging_sql import Judging
from sources.outcomes import FILE_REFUSED, Refused, Rows
from sources.sql_text import identifier, literal

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
    }
    with duckdb.connect(config=settings) as connection:
        yield connection


def read_rows(database: duckdb.DuckDBPyConnection, judging: Judging, sha256: str, work: Path) -> Rows:
    """Read the file that `judging` is about, of a delivery with this `sha256`, and return the account of its rows.

    `database` is an `engine`; the results are files in the folder `work`.

    Raises:
        Refused: the file as a whole breaks its contract.
        RowsLost: the account does not add up.
    """
    # A cursor has temporary tables of its own, which go with it.
    with database.cursor() as connection:
        return _Reading(connection, judging, sha256, work).rows()


class _Reading:
    """One reading; its temporary tables are

    damaged    DuckDB's own: rows that are no CSV row, by `line`, the record's number in the file
    damage     (line, rule, record): the same, one line a row and rule
    shift      (position, rows): behind that position, so many damaged or blank rows stand before
    broken     (position, rule_order, value, record): rules that readable rows break
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, judging: Judging, sha256: str, work: Path) -> None:
        self.connection = connection
        self.judging = judging
        self.contract: Contract = judging.contract
        layout = judging.header.layout
        self.layout = layout
        self.file = layout.file
        # The header's number among the records of the file that is read, and among the rows of what was sent.
        self.header_line = layout.rows_before + 1
        self.header_row = layout.header_row
        self.sha256 = sha256
        self.work = work
        self.accepted_file = work / "accepted.parquet"
        self.rejected_file = work / "rejected.parquet"
        self.readings = 0

    def rows(self) -> Rows:
        readable, sound = self._read()
        self._number_damage()
        self._find_broken_rows(readable > sound)
        repeated = self._find_repeated_values()
        self._renumber(repeated)
        return self._account(readable, sound - repeated)

    def _read(self) -> tuple[int, int]:
        """Write the sound rows; return how many rows can be read, and how many of them are sound."""
        try:
            records = self._count_records()
            if not looks_uneven(self.file, records + self.layout.header_lines):
                result = self._write_sound_rows(records)
                if not self._count("SELECT count(*) FROM damaged"):
                    return result
                return self._read_mended_copy(self._lines_swallowed())
        except duckdb.InvalidInputException:
            # Mixed line ends, for one, can stop the reader altogether.
            pass
        try:
            return self._read_mended_copy(swallowed=False)
        except duckdb.InvalidInputException as error:
            problem = str(error).splitlines()[0]
            raise Refused([f"The file cannot be read as CSV ({problem}) Export it again and send it."]) from error

    def _read_mended_copy(self, swallowed: bool) -> tuple[int, int]:
        original, self.file = self.file, self.work / "mended.csv"
        delimiter, header_lines = self.layout.delimiter, self.layout.header_lines
        mend(original, self.file, delimiter, header_lines, mark_unbalanced=swallowed)
        result = self._write_sound_rows(self._count_records())
        if not swallowed and self._lines_swallowed():
            mend(original, self.file, delimiter, header_lines, mark_unbalanced=True)
            result = self._write_sound_rows(self._count_records())
        return result

    def _count_records(self) -> int:
        """Return the number of records, readable or not.

        This is a reading of its own, so that the account is checked and does not merely add up by definition.
        """
        self._drop("counted")
        readable = self._count(f"SELECT count(*) FROM {self.judging.scan(self.file, 'counted')}")
        return readable + self._count("SELECT count(DISTINCT line) FROM counted")

    def _write_sound_rows(self, records: int) -> tuple[int, int]:
        """Write the sound rows, numbered as if no row were damaged; return as `_read` does."""
        self._drop("damaged")
        sound = self._count(
            f"COPY ({self.judging.accepted(self.file, 'damaged', self.sha256)}) "
            f"TO {literal(str(self.accepted_file))} ({PARQUET})"
        )
        return records - self._count("SELECT count(DISTINCT line) FROM damaged"), sound

    def _drop(self, rejects: str) -> None:
        self._execute(f"DROP TABLE IF EXISTS {rejects}; DROP TABLE IF EXISTS {rejects}_scan")

    def _lines_swallowed(self) -> bool:
        return bool(self._count(f"SELECT count(*) FROM damaged WHERE contains({_SENT_LINE}, chr(10))"))

    def _number_damage(self) -> None:
        kinds = " ".join(f"WHEN {literal(kind)} THEN {literal(rule)}" for kind, (rule, _) in DAMAGE_RULES.items())
        kind_rule = f"CASE error_type::VARCHAR {kinds} ELSE {literal(OTHER_DAMAGE[0])} END"
        self._execute(
            f"CREATE TEMP TABLE damage AS SELECT DISTINCT line::BIGINT AS line, "
            f"coalesce({marked_rule_sql(_SENT_LINE)}, {kind_rule}) AS rule, "
            f"{unmarked_sql(_SENT_LINE, literal(self.layout.delimiter))} AS record FROM damaged"
        )
        self._execute(
            "CREATE TEMP TABLE shift AS SELECT position, max(rows) AS rows FROM ("
            f"SELECT line - {self.header_line} - rows AS position, rows "
            "FROM (SELECT line, row_number() OVER (ORDER BY line) AS rows FROM (SELECT DISTINCT line FROM damage))"
            ") GROUP BY position"
        )
        # A blank line moves the rows behind it, but is none itself.
        self._execute("DELETE FROM damage WHERE rule = ''")

    def _find_broken_rows(self, any_broken: bool) -> None:
        self._execute("CREATE TEMP TABLE broken (position BIGINT, rule_order INTEGER, value VARCHAR, record VARCHAR)")
        if any_broken:
            self._execute(f"INSERT INTO broken {self.judging.broken(self.file, self._other_rejects())}")

    def _find_repeated_values(self) -> int:
        """Add the rows that repeat a value which may appear once (the first stays); return how many they are."""
        accepted = f"read_parquet({literal(str(self.accepted_file))})"
        self._execute("CREATE TEMP TABLE repeated (position BIGINT, rule_order INTEGER)")
        for order, rule in enumerate(self.contract.row_rules, 1):
            if not rule.is_unique:
                continue
            columns = ", ".join(map(identifier, rule.unique_columns))
            filled = " AND ".join(f"{identifier(column)} IS NOT NULL" for column in rule.unique_columns)
            # Hashes are small to group by; the few that meet twice are compared in full.
            self._execute(
                f"CREATE OR REPLACE TEMP TABLE suspects AS SELECT hash({columns}) AS value_hash FROM {accepted} "
                f"WHERE {filled} GROUP BY value_hash HAVING count(*) > 1"
            )
            if self._count("SELECT count(*) FROM suspects"):
                self._execute(
                    f"INSERT INTO repeated SELECT row_number - {self.header_row}, {order} FROM {accepted} "
                    f"WHERE {filled} AND hash({columns}) IN (FROM suspects) "
                    f"QUALIFY row_number() OVER (PARTITION BY {columns} ORDER BY row_number) > 1"
                )
                self._execute(
                    "INSERT INTO broken SELECT position, rule_order, value, record FROM "
                    f"({self.judging.as_sent(rule, self.file, self._other_rejects())}) "
                    f"JOIN (FROM repeated WHERE rule_order = {order}) USING (position)"
                )
        return self._count("SELECT count(DISTINCT position) FROM repeated")

    def _renumber(self, repeated: int) -> None:
        """Write the accepted rows again where a row number changes or a row goes."""
        if not repeated and not self._count("SELECT count(*) FROM shift"):
            return
        first_writing = self.accepted_file.rename(self.work / "first_writing.parquet")
        self._execute(
            f"COPY (SELECT {self.judging.raw_columns()}, file_sha256, "
            f"{_SHIFTED} + {self.header_row} AS row_number "
            f"FROM (SELECT *, row_number - {self.header_row} AS position "
            f"FROM read_parquet({literal(str(first_writing))})) AS rows "
            "ASOF LEFT JOIN shift ON rows.position > shift.position "
            "WHERE rows.position NOT IN (SELECT position FROM repeated) ORDER BY row_number) "
            f"TO {literal(str(self.accepted_file))} ({PARQUET})"
        )

    def _account(self, readable: int, accepted: int) -> Rows:
        self._gather_findings()
        delivered = readable + self._count("SELECT count(DISTINCT line) FROM damage")
        rejected = self._count("SELECT count(DISTINCT row_number) FROM findings")
        written = self._count(f"SELECT count(*) FROM read_parquet({literal(str(self.accepted_file))})")
        if not delivered - rejected == accepted == written:
            raise RowsLost(
                f"{delivered} rows delivered, {rejected} rejected, {accepted} accepted, {written} written: "
                "nothing of this file was taken in"
            )
        by_rule = dict(
            self.connection.execute(
                "SELECT rule, count(*) FROM findings WHERE rule_order = 1 GROUP BY rule ORDER BY count(*) DESC, rule"
            ).fetchall()
        )
        if rejected:
            self._execute(
                f"COPY (SELECT {literal(self.sha256)} AS file_sha256, * FROM findings ORDER BY row_number, rule_order) "
                f"TO {literal(str(self.rejected_file))} ({PARQUET})"
            )
        rejected_file = self.rejected_file if rejected else None
        reasons = [*self._broken_file_rules(delivered), *self._retyped_columns(), *self._too_many(delivered, by_rule)]
        if reasons:
            if delivered > rejected:
                by_rule[FILE_REFUSED] = delivered - rejected
            raise Refused(reasons, Rows(delivered, 0, by_rule, None, rejected_file))
        return Rows(delivered, accepted, by_rule, self.accepted_file, rejected_file)

    def _gather_findings(self) -> None:
        """Make `findings`: the rejected Parquet but for the sha256."""
        rules: dict[int, RowRule] = dict(enumerate(self.contract.row_rules, 1))
        headers = {column.name: column.header for column in self.contract.columns}
        damage_reasons = dict([*DAMAGE_RULES.values(), OTHER_DAMAGE])
        self._execute(
            "CREATE TEMP TABLE findings AS "
            f"SELECT line + {self.header_row - self.header_line} AS row_number, "
            "(row_number() OVER (PARTITION BY line ORDER BY rule))::INTEGER AS rule_order, "
            "rule, NULL::VARCHAR AS column_name, NULL::VARCHAR AS value, "
            f"{_choice('rule', damage_reasons)} AS reason, record FROM damage UNION ALL "
            f"SELECT {_SHIFTED} + {self.header_row}, "
            "row_number() OVER (PARTITION BY rows.position ORDER BY rule_order), "
            f"{_choice('rule_order', {order: rule.name for order, rule in rules.items()})}, "
            f"{_choice('rule_order', {order: headers[rule.column] for order, rule in rules.items() if rule.column})}, "
            "value, "
            f"{_choice('rule_order', {order: rule.expected for order, rule in rules.items()})}, record "
            "FROM broken AS rows ASOF LEFT JOIN shift ON rows.position > shift.position"
        )

    def _broken_file_rules(self, delivered: int) -> list[str]:
        return [
            f"{rule.expected} The file holds {delivered:,} rows."
            for rule in self.contract.file_rules
            if not rule.holds(delivered)
        ]

    def _retyped_columns(self) -> list[str]:
        orders = {order: rule for order, rule in enumerate(self.contract.row_rules, 1) if rule.is_type}
        if not orders or not self._count(f"SELECT count(*) FROM broken WHERE rule_order IN ({_list(orders)})"):
            return []
        found = self.connection.execute(self.judging.type_failures(self.file, self._other_rejects())).fetchall()
        expected = {rule.column: rule.expected for rule in orders.values()}
        return [
            f"{expected[name]} {failed:,} of {sent:,} values are not: the column seems to be exported in another form."
            for name, sent, failed in found
            if failed > sent * RETYPED_SHARE
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
        """Return a new name for the reject table of a further reading, which finds the same damage again."""
        self.readings += 1
        return f"damaged_again_{self.readings}"

    def _execute(self, sql: str) -> None:
        self.connection.execute(sql)

    def _count(self, sql: str) -> int:
        # DuckDB fills its reject tables when the last row of a result was fetched, so fetch them all.
        return int(self.connection.execute(sql).fetchall()[0][0])


# The reject table keeps the line feed before the row where lines end with CRLF.
_SENT_LINE = "trim(csv_line, chr(10) || chr(13))"
_SHIFTED = "rows.position + coalesce(shift.rows, 0)"


def _choice(column: str, texts: Mapping[int, str] | Mapping[str, str]) -> str:
    cases = " ".join(f"WHEN {literal(key)} THEN {literal(text)}" for key, text in texts.items())
    return f"CASE {column} {cases} END" if texts else "NULL"


def _list(values: Iterable[int]) -> str:
    return ", ".join(map(str, values))
