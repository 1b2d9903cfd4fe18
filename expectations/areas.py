"""Suite of `areas`: shape and keys; every area but the outermost lies in another area."""

from expectations.expectation import (
    ROWS_JUDGED,
    Expectation,
    Suite,
    columns_are,
    is_filled,
    is_one_of,
    key_is_unique,
    no_personal_columns,
    not_empty_after_deliveries,
)
from expectations.indicator_values import AREA_LEVELS

TABLE = "areas"
OUTERMOST = ("force", "fire_service", "yot_area", "dat_area", "marac_area", "pct_area", "nation")
KEY = ("area_code",)
COLUMNS = ("area_code", "area_name", "area_level", "parent_code", "home_force_code", "vintage", "source")

SUITE = Suite(
    TABLE,
    (
        columns_are(TABLE, COLUMNS),
        no_personal_columns(TABLE),
        not_empty_after_deliveries(TABLE),
        key_is_unique(TABLE, KEY),
        is_filled(TABLE, "area_code", KEY),
        is_filled(TABLE, "area_name", KEY),
        is_one_of(TABLE, "area_level", AREA_LEVELS),
        Expectation(
            "parent_is_listed",
            "Every area but a force, another service's area or a nation has a parent that is listed too.",
            "select area_code, parent_code, "
            f"coalesce(parent_code in (select area_code from {TABLE}), false) as listed "
            f"from {TABLE} where area_level not in {OUTERMOST} order by listed limit {ROWS_JUDGED}",
            lambda gxe: gxe.ExpectColumnValuesToBeInSet(column="listed", value_set=[True]),
        ),
        Expectation(
            "outermost_areas_have_no_parent",
            "A force, another service's area or a nation has no parent.",
            f"select area_code, parent_code from {TABLE} where area_level in {OUTERMOST}",
            lambda gxe: gxe.ExpectColumnValuesToBeNull(column="parent_code"),
        ),
    ),
)
