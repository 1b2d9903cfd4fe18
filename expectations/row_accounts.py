"""Suite of `row_accounts`: shape; counts; the accounts of a feed and period add up to what was delivered."""

from expectations.expectation import (
    ROWS_JUDGED,
    Suite,
    columns_are,
    is_filled,
    keeps,
    key_is_unique,
    nearest_to_breaking,
    no_personal_columns,
    not_empty_after_deliveries,
)

TABLE = "row_accounts"
KEY = ("feed", "period_start", "stage", "outcome")
COLUMNS = ("feed", "period_start", "stage", "outcome", "row_count", "is_suppressed")

SUITE = Suite(
    TABLE,
    (
        columns_are(TABLE, COLUMNS),
        no_personal_columns(TABLE),
        not_empty_after_deliveries(TABLE),
        key_is_unique(TABLE, KEY),
        is_filled(TABLE, "stage", KEY),
        is_filled(TABLE, "outcome", KEY),
        is_filled(TABLE, "is_suppressed", KEY),
        keeps(
            "row_count_not_negative",
            "An account holds zero rows or more.",
            nearest_to_breaking(TABLE, KEY, "row_count", worst="asc nulls last"),
            low=0,
            high=None,
        ),
        keeps(
            "accounts_add_up_to_deliveries",
            "The accounts of a feed and period add up to the rows of its standing deliveries.",
            f"""
            select feed, period_start, sum(accounted) as accounted, sum(delivered) as delivered,
                abs(sum(accounted) - sum(delivered)) as measure
            from (
                select feed, period_start, row_count as accounted, 0 as delivered from {TABLE}
                union all
                select agency || '/' || feed, period_start, 0, rows_delivered from deliveries
                where status in ('accepted', 'partly_accepted')
            )
            group by all order by measure desc limit {ROWS_JUDGED}
            """,
            high=0,
        ),
    ),
)
