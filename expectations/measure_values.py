"""Suite of `measure_values`: shape and keys; counts; levels that add up to the same total."""

from expectations.expectation import (
    Expectation,
    Suite,
    columns_are,
    is_filled,
    is_listed_in,
    is_one_of,
    keeps,
    key_is_unique,
    nearest_to_breaking,
    no_personal_columns,
    not_empty_after_deliveries,
)
from expectations.indicator_values import AREA_LEVELS

TABLE = "measure_values"
# Levels whose areas, those without geography included, share out every row of every supplier. A force has none of what
# comes as one partnership's extract; that each delivery adds up at its own levels is a dbt test.
PARTITIONS = ("district", "ward", "lsoa", "beat")
KEY = ("measure_code", "area_code", "month")
COLUMNS = ("measure_code", "area_code", "area_level", "month", "value", "source_feed", "is_synthetic", "is_suppressed")

SUITE = Suite(
    TABLE,
    (
        columns_are(TABLE, COLUMNS),
        no_personal_columns(TABLE),
        not_empty_after_deliveries(TABLE),
        key_is_unique(TABLE, KEY),
        is_listed_in(TABLE, "area_code", "areas"),
        is_one_of(TABLE, "area_level", AREA_LEVELS),
        is_filled(TABLE, "is_suppressed", KEY),
        Expectation(
            "value_is_there_unless_suppressed",
            "A value is missing exactly where it is suppressed.",
            nearest_to_breaking(TABLE, KEY, "((value is null) = is_suppressed)::int", "true", "asc nulls first"),
            lambda gxe: gxe.ExpectColumnValuesToBeInSet(column="measure", value_set=[1]),
        ),
        is_filled(TABLE, "source_feed", KEY),
        is_filled(TABLE, "is_synthetic", KEY),
        keeps(
            "value_not_negative",
            "A count of events is zero or more, except in published counts that net off earlier quarters.",
            nearest_to_breaking(TABLE, KEY, "value", "source_feed not like 'home_office/%'", "asc nulls last"),
            low=0,
            high=None,
        ),
        keeps(
            "month_is_its_first_day",
            "A month is given as its first day.",
            f"select month, day(month) as measure from {TABLE} group by all",
            low=1,
            high=1,
        ),
        keeps(
            "levels_add_up",
            "In every month a measure has the same total at every level that shares out all rows.",
            "select measure_code, month, max(total) - min(total) as measure from ("
            f"select measure_code, month, area_level, sum(value) as total from {TABLE} "
            f"where area_level in {PARTITIONS} group by all) "
            "group by all order by measure desc",
            high=1e-6,
        ),
    ),
)
