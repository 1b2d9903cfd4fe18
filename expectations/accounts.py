"""What holds of the tables that account for deliveries, rows and revisions."""

from expectations.expectation import ROWS_JUDGED, Expectation, holds, keeps, not_empty_after_deliveries

_DELIVERY = ("agency", "feed", "delivery_name")
_ROWS = ("rows_delivered", "rows_accepted", "rows_rejected")
_STANDING = "status in ('accepted', 'partly_accepted')"

ACCOUNTS: dict[str, tuple[Expectation, ...]] = {
    "deliveries": (
        holds(
            "file_sha256_is_a_digest",
            "The sha256 of a delivery's bytes has 64 hexadecimal digits.",
            "deliveries",
            (*_DELIVERY, "file_sha256"),
            "regexp_full_match(file_sha256, '[0-9a-f]{64}')",
        ),
        holds(
            "rows_not_negative",
            "A delivery has no negative number of rows.",
            "deliveries",
            (*_DELIVERY, *_ROWS),
            "least(rows_delivered, rows_accepted, rows_rejected) >= 0",
        ),
        holds(
            "status_follows_from_the_rows",
            "Accepted: no row rejected; partly accepted: some rejected, some not; refused: none accepted.",
            "deliveries",
            (*_DELIVERY, "status", *_ROWS),
            "case status when 'accepted' then rows_rejected = 0 "
            "when 'partly_accepted' then rows_rejected > 0 and rows_accepted > 0 "
            "when 'refused' then rows_accepted = 0 else true end",
            where="not is_suppressed",
        ),
        holds(
            "refusals_have_a_reason",
            "A delivery that was refused, superseded, withdrawn or a duplicate says why.",
            "deliveries",
            (*_DELIVERY, "status"),
            "coalesce(reason, '') <> ''",
            where="status in ('refused', 'superseded', 'withdrawn', 'duplicate')",
        ),
        holds(
            "period_ends_after_it_starts",
            "A delivered period does not end before it starts.",
            "deliveries",
            (*_DELIVERY, "period_start", "period_end"),
            "period_end >= period_start",
        ),
        holds(
            "one_standing_delivery_of_a_period",
            "A period of a supplier stands once in a feed: a later delivery supersedes an earlier one.",
            f"(select *, count(*) over (partition by feed, supplier, period_start, is_synthetic) as standing "
            f"from deliveries where supplier is not null and {_STANDING})",
            (*_DELIVERY, "period_start", "standing"),
            "standing = 1",
        ),
    ),
    "row_accounts": (
        not_empty_after_deliveries("row_accounts"),
        keeps(
            "accounts_add_up_to_deliveries",
            "The accounts of a feed and period add up to the rows of its standing deliveries.",
            f"""
            select feed, period_start, sum(accounted) as accounted, sum(delivered) as delivered,
                abs(sum(accounted) - sum(delivered)) as measure
            from (
                select feed, period_start, row_count as accounted, 0 as delivered from row_accounts
                union all
                select feed, period_start, 0, rows_delivered from deliveries where {_STANDING}
            )
            group by all order by measure desc limit {ROWS_JUDGED}
            """,
            high=0,
        ),
    ),
    "unknown_codes": (
        Expectation(
            "codes_are_known",
            "Every code stands on a list of its feed; else add it to dbt_project/seeds/rows/category_spellings.csv or "
            "the list itself, or ask the supplier (the table unknown_codes has the months).",
            f"""
            select
                feed || ': ' || code || ' (' || column_name || ') in ' || coalesce(sum(row_count)::varchar, 'some')
                || ' rows of ' || count(distinct month) || ' months is on no list and may concern '
                || coalesce(len(string_split(max(indicator_codes), ', '))::varchar, 'no') || ' indicators'
                || case when bool_or(is_over_limit) then ', whose figures of these months are incomplete' else '' end
                as told,
                false as is_known
            from unknown_codes
            group by feed, column_name, code
            order by bool_or(is_over_limit) desc, sum(row_count) desc nulls first, told limit {ROWS_JUDGED}
            """,
            lambda gxe: gxe.ExpectColumnValuesToBeInSet(column="is_known", value_set=[True]),
            severity="warn",
        ),
    ),
    "revisions": (
        holds(
            "files_differ",
            "A revision is between two different files.",
            "revisions",
            ("*",),
            "previous_file_sha256 <> file_sha256",
        ),
    ),
    "revised_records": (
        holds(
            "files_differ",
            "A record is followed between two different files.",
            "revised_records",
            ("*",),
            "previous_file_sha256 <> file_sha256",
        ),
        holds(
            "movement_fits_the_files",
            "A new record is in the later file only, a removed one in the earlier only, any other in both.",
            "revised_records",
            ("*",),
            "(previous_row_number is null) = (movement = 'new') and (row_number is null) = (movement = 'removed')",
        ),
        holds(
            "category_stands_where_the_record_is",
            "A record has a category in each file that holds it, and in no other.",
            "revised_records",
            ("*",),
            "(previous_category is null) = (previous_row_number is null) and (category is null) = (row_number is null)",
        ),
        holds(
            "reclassified_changes_the_category",
            "A reclassified record has another category than before.",
            "revised_records",
            ("*",),
            "coalesce(previous_category <> category, false)",
            where="movement = 'reclassified'",
        ),
        holds(
            "rows_lie_below_the_header",
            "A row number is that of a spreadsheet, whose first row holds the headings.",
            "revised_records",
            ("*",),
            "least(previous_row_number, row_number) >= 2",
        ),
        holds(
            "explained_revisions_have_records",
            "A revision that names movements has records of the same two files.",
            "(select distinct previous_file_sha256, file_sha256 from revisions where movements is not null)",
            ("previous_file_sha256", "file_sha256"),
            "(previous_file_sha256, file_sha256) in (select (previous_file_sha256, file_sha256) from revised_records)",
        ),
    ),
}
