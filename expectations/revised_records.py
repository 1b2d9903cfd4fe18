"""Suite of `revised_records`: shape and keys; what happened to a record agrees with where it is found."""

from expectations.expectation import (
    ROWS_JUDGED,
    Expectation,
    Suite,
    columns_are,
    is_filled,
    is_listed_in,
    keeps,
    key_is_unique,
    nearest_to_breaking,
    no_personal_columns,
)

TABLE = "revised_records"
COLUMNS = (
    *("feed", "period_start", "movement", "previous_category", "category"),
    *("previous_file_sha256", "previous_row_number", "file_sha256", "row_number"),
)
# A row can hold several records, such as a fire and the people in it; their categories differ.
KEY = (
    *("feed", "period_start", "previous_file_sha256", "file_sha256"),
    *("previous_row_number", "row_number", "previous_category", "category"),
)

SUITE = Suite(
    TABLE,
    (
        columns_are(TABLE, COLUMNS),
        no_personal_columns(TABLE),
        key_is_unique(TABLE, KEY),
        is_filled(TABLE, "movement", KEY),
        is_listed_in(TABLE, "file_sha256", "deliveries"),
        Expectation(
            "previous_file_is_listed",
            "The earlier file of every record is a row of deliveries.",
            "select previous_file_sha256, count(*) as row_count, "
            "coalesce(previous_file_sha256 in (select file_sha256 from deliveries), false) as is_listed "
            f"from {TABLE} group by all order by is_listed limit {ROWS_JUDGED}",
            lambda gxe: gxe.ExpectColumnValuesToBeInSet(column="is_listed", value_set=[True]),
        ),
        Expectation(
            "files_differ",
            "A record is followed between two different files.",
            f"select *, previous_file_sha256 <> file_sha256 as differ from {TABLE} order by differ limit {ROWS_JUDGED}",
            lambda gxe: gxe.ExpectColumnValuesToBeInSet(column="differ", value_set=[True]),
        ),
        Expectation(
            "movement_fits_the_files",
            "A new record is in the later file only, a removed one in the earlier only, any other in both.",
            "select *, case movement when 'new' then previous_row_number is null and row_number is not null "
            "when 'removed' then previous_row_number is not null and row_number is null "
            "else previous_row_number is not null and row_number is not null end as fits "
            f"from {TABLE} order by fits limit {ROWS_JUDGED}",
            lambda gxe: gxe.ExpectColumnValuesToBeInSet(column="fits", value_set=[True]),
        ),
        Expectation(
            "category_stands_where_the_record_is",
            "A record has a category in each file that holds it, and in no other.",
            "select *, (previous_category is null) = (previous_row_number is null) "
            f"and (category is null) = (row_number is null) as fits from {TABLE} order by fits limit {ROWS_JUDGED}",
            lambda gxe: gxe.ExpectColumnValuesToBeInSet(column="fits", value_set=[True]),
        ),
        Expectation(
            "reclassified_changes_the_category",
            "A reclassified record has another category than before.",
            "select *, coalesce(previous_category <> category, false) as changed "
            f"from {TABLE} where movement = 'reclassified' order by changed limit {ROWS_JUDGED}",
            lambda gxe: gxe.ExpectColumnValuesToBeInSet(column="changed", value_set=[True]),
        ),
        keeps(
            "rows_lie_below_the_header",
            "A row number is that of a spreadsheet, whose first row holds the headings.",
            nearest_to_breaking(TABLE, KEY, "least(previous_row_number, row_number)", worst="asc nulls last"),
            low=2,
            high=None,
        ),
        Expectation(
            "explained_revisions_have_records",
            "A revision that names movements has records of the same two files.",
            "select previous_file_sha256, file_sha256, count(*) as row_count, "
            f"(previous_file_sha256, file_sha256) in (select (previous_file_sha256, file_sha256) from {TABLE}) "
            "as has_records from revisions where movements is not null group by all "
            f"order by has_records limit {ROWS_JUDGED}",
            lambda gxe: gxe.ExpectColumnValuesToBeInSet(column="has_records", value_set=[True]),
        ),
    ),
)
