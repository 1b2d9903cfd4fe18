"""Suite of `revisions`: shape and keys; a revision is a change between two deliveries."""

from expectations.expectation import (
    ROWS_JUDGED,
    Expectation,
    Suite,
    columns_are,
    is_listed_in,
    is_one_of,
    keeps,
    key_is_unique,
    nearest_to_breaking,
    no_personal_columns,
)
from expectations.indicator_values import AREA_LEVELS

TABLE = "revisions"
KEY = ("feed", "period_start", "month", "measure_code", "area_code", "file_sha256", "previous_file_sha256")
COLUMNS = (
    *("feed", "period_start", "month", "measure_code", "area_code", "area_level"),
    *("previous_value", "value", "change", "movements", "previous_file_sha256", "file_sha256"),
    "reason",
)

SUITE = Suite(
    TABLE,
    (
        columns_are(TABLE, COLUMNS),
        no_personal_columns(TABLE),
        key_is_unique(TABLE, KEY),
        is_listed_in(TABLE, "area_code", "areas"),
        is_one_of(TABLE, "area_level", AREA_LEVELS),
        is_listed_in(TABLE, "file_sha256", "deliveries"),
        keeps(
            "change_is_the_difference",
            "A change is the value less the previous value.",
            nearest_to_breaking(TABLE, KEY, "coalesce(abs(change - (value - previous_value)), 1)"),
            high=0,
        ),
        keeps(
            "change_is_not_nothing",
            "A revision changes a value: what stayed the same is not listed.",
            nearest_to_breaking(TABLE, KEY, "abs(change)", worst="asc nulls last"),
            low=1e-9,
            high=None,
        ),
        Expectation(
            "files_differ",
            "A revision is between two different files.",
            f"select *, previous_file_sha256 <> file_sha256 as differ from {TABLE} order by differ limit {ROWS_JUDGED}",
            lambda gxe: gxe.ExpectColumnValuesToBeInSet(column="differ", value_set=[True]),
        ),
    ),
)
