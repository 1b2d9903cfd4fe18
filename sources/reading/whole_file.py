"""What is wrong with a file as a whole: too many broken rows, a retyped column, a rule on files."""

import duckdb

from sources.folder.sql_text import literal
from sources.reading.engine import number
from sources.reading.outcomes import FILE_REFUSED, PersonalData, Refused, Rows
from sources.reading.row_sql import RowSql
from sources.reading.spreadsheet_damage import spreadsheet_damage
from sources.reasons.reason import Reason, reason

# A column whose values mostly do not parse was sent as something else; single ones are mistakes in rows.
RETYPED_SHARE = 0.5


def check_postcodes(connection: duckdb.DuckDBPyConnection, sql: RowSql) -> None:
    """Check the columns in which no full postcode may stand.

    Raises:
        PersonalData: one of them holds one.
    """
    if not any(column.never_full_postcode for column in sql.contract.columns):
        return
    found = connection.execute(sql.full_postcodes()).fetchall()
    reasons = [reason("full_postcodes", column=header, rows=count) for header, count in found if count]
    if reasons:
        raise PersonalData(reasons)


def judged(connection: duckdb.DuckDBPyConnection, sql: RowSql, rows: Rows) -> Rows:
    """Return the account of the rows; where some are rejected, the tables `broken` and `findings` tell why.

    Raises:
        Refused: too much of the file is wrong, or it breaks a rule on files.
    """
    reasons = [
        reason("file_rule_broken", expected=rule.expected, rows=rows.delivered)
        for rule in sql.contract.file_rules
        if not rule.holds(rows.delivered)
    ]
    if rows.rejected:
        reasons += [
            *_retyped_columns(connection, sql, rows.delivered),
            *_too_many(connection, sql, rows),
            *_too_many_repeated(sql, rows),
        ]
    reasons += spreadsheet_damage(connection, sql, rows, is_refused=bool(reasons))
    if not reasons:
        # Of what is left of a file full of broken rows they would say nothing.
        reasons = _broken_conditions(connection, sql, rows)
    if not reasons:
        return rows
    by_rule = dict(rows.rejected_by_rule)
    if rows.accepted:
        by_rule[FILE_REFUSED] = rows.accepted
    raise Refused(reasons, Rows(rows.delivered, 0, by_rule, None, rows.rejected_file, rows.repeated))


def _broken_conditions(connection: duckdb.DuckDBPyConnection, sql: RowSql, rows: Rows) -> list[Reason]:
    conditions = sql.contract.file_conditions
    if not conditions or rows.accepted_file is None:
        return []
    (verdicts,) = connection.execute(sql.broken_conditions(rows.accepted_file)).fetchall()
    return [
        reason("file_condition_broken", expected=condition.expected)
        for condition, broken in zip(conditions, verdicts, strict=True)
        if broken
    ]


def _retyped_columns(connection: duckdb.DuckDBPyConnection, sql: RowSql, delivered: int) -> list[Reason]:
    orders = {order: rule for order, rule in enumerate(sql.contract.row_rules, 1) if rule.is_type}
    # A few mistakes in a column that few rows fill are mistakes in rows.
    limit = delivered * sql.contract.maximum_rejected_share
    if not orders or not number(
        connection,
        "SELECT count(*) FROM (SELECT rule_order FROM broken "
        f"WHERE rule_order IN ({', '.join(map(literal, orders))}) GROUP BY rule_order HAVING count(*) > {limit})",
    ):
        return []
    expected = {rule.column: rule.expected for rule in orders.values()}
    return [
        reason(
            "column_retyped",
            f"The first is in row {first['row']}: {first['value']!r}." if first else "",
            expected=expected[name],
            rows=failed,
            rows_sent=sent,
        )
        for name, sent, failed, first in connection.execute(sql.type_failures()).fetchall()
        if failed > sent * RETYPED_SHARE and failed > limit
    ]


def _too_many(connection: duckdb.DuckDBPyConnection, sql: RowSql, rows: Rows) -> list[Reason]:
    contract = sql.contract
    broken = rows.broken
    if broken <= rows.delivered * contract.maximum_rejected_share:
        return []
    repeats = ", ".join(literal(rule.name) for rule in contract.row_rules if rule.is_unique) or "''"
    causes = connection.execute(
        f"SELECT reason, count(*) FROM findings WHERE rule_order = 1 AND rule NOT IN ({repeats}) "
        "GROUP BY reason ORDER BY count(*) DESC, reason LIMIT 3"
    ).fetchall()
    reasons = [
        reason(
            "rows_rejected_too_many",
            rows_rejected=broken,
            rows_delivered=rows.delivered,
            rows_share=broken / rows.delivered,
            limit=contract.maximum_rejected_share,
        ),
        *(reason("rule_broken", expected=expected, rows=count) for expected, count in causes),
    ]
    if rows.rejected_by_rule.get("wrong_encoding", 0) * 2 > broken:
        reasons.append(reason("encoding_seems_other", agreed=contract.encoding.upper()))
    return reasons


def _too_many_repeated(sql: RowSql, rows: Rows) -> list[Reason]:
    contract = sql.contract
    if rows.repeated <= rows.delivered * contract.maximum_repeated_share:
        return []
    rules = " ".join(
        rule.expected for rule in contract.row_rules if rule.is_unique and rule.name in rows.rejected_by_rule
    )
    return [
        reason(
            "rows_repeated_too_many",
            rows_repeated=rows.repeated,
            rows_delivered=rows.delivered,
            rows_share=rows.repeated / rows.delivered,
            limit=contract.maximum_repeated_share,
            rules=rules,
        )
    ]
