"""Suite of `deliveries`: shape; row counts; one standing delivery of each file."""

from expectations.expectation import (
    ROWS_JUDGED,
    Expectation,
    Suite,
    columns_are,
    is_filled,
    is_one_of,
    keeps,
    nearest_to_breaking,
    no_personal_columns,
)

TABLE = "deliveries"
KEY = ("agency", "feed", "file_name", "file_sha256")
COLUMNS = (
    *("file_sha256", "agency", "feed", "file_name", "supplier", "period_start", "period_end", "received_at"),
    *("rows_delivered", "rows_accepted", "rows_rejected", "status", "is_synthetic", "is_suppressed", "reason"),
)

SUITE = Suite(
    TABLE,
    (
        columns_are(TABLE, COLUMNS),
        no_personal_columns(TABLE),
        is_one_of(
            TABLE,
            "status",
            ("accepted", "partly_accepted", "refused", "duplicate", "superseded", "withdrawn"),
        ),
        is_filled(TABLE, "agency", KEY),
        is_filled(TABLE, "feed", KEY),
        is_filled(TABLE, "file_name", KEY),
        is_filled(TABLE, "received_at", KEY),
        Expectation(
            "file_sha256_is_a_digest",
            "A delivery is named by the sha256 of its bytes: 64 hexadecimal digits.",
            f"select coalesce(file_sha256, '') as file_sha256, file_name from {TABLE}",
            lambda gxe: gxe.ExpectColumnValuesToMatchRegex(column="file_sha256", regex=r"^[0-9a-f]{64}$"),
        ),
        keeps(
            "rows_not_negative",
            "A delivery has no negative number of rows.",
            nearest_to_breaking(
                TABLE, KEY, "least(rows_delivered, rows_accepted, rows_rejected)", worst="asc nulls last"
            ),
            low=0,
            high=None,
        ),
        keeps(
            "rows_in_equal_rows_out",
            "The rows delivered are the rows accepted and the rows rejected, for every file.",
            nearest_to_breaking(
                TABLE, KEY, "coalesce(abs(rows_delivered - rows_accepted - rows_rejected), 1)", "not is_suppressed"
            ),
            high=0,
        ),
        Expectation(
            "status_follows_from_the_rows",
            "Accepted: no row rejected; partly accepted: some rejected, some not; refused: none accepted.",
            "select *, case status when 'accepted' then rows_rejected = 0 "
            "when 'partly_accepted' then rows_rejected > 0 and rows_accepted > 0 "
            "when 'refused' then rows_accepted = 0 else true end as agrees "
            f"from (select {', '.join(KEY)}, status, rows_accepted, rows_rejected from {TABLE} "
            "where not is_suppressed) "
            f"order by agrees nulls first limit {ROWS_JUDGED}",
            lambda gxe: gxe.ExpectColumnValuesToBeInSet(column="agrees", value_set=[True]),
        ),
        Expectation(
            "refusals_have_a_reason",
            "A delivery that was refused, superseded, withdrawn or a duplicate says why.",
            nearest_to_breaking(
                TABLE,
                KEY,
                "nullif(reason, '')",
                "status in ('refused', 'superseded', 'withdrawn', 'duplicate')",
                "is null desc",
            ),
            lambda gxe: gxe.ExpectColumnValuesToNotBeNull(column="measure"),
        ),
        Expectation(
            "period_ends_after_it_starts",
            "A delivered period does not end before it starts.",
            f"select file_name, period_start, period_end from {TABLE} "
            f"order by period_end - period_start nulls last limit {ROWS_JUDGED}",
            lambda gxe: gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="period_end",
                column_B="period_start",
                or_equal=True,
                ignore_row_if="either_value_is_missing",
            ),
        ),
        keeps(
            "one_standing_delivery_of_a_file",
            "A file name stands once in a feed and period: a later delivery supersedes an earlier one.",
            f"select agency, feed, period_start, file_name, count(*) as measure from {TABLE} "
            "where status in ('accepted', 'partly_accepted') group by all "
            f"order by measure desc limit {ROWS_JUDGED}",
            high=1,
        ),
    ),
)
