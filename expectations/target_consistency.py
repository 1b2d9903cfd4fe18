"""Suite of `target_consistency`: shape and keys; parts and rest are the whole."""

from expectations.expectation import (
    Suite,
    columns_are,
    is_listed_in,
    is_one_of,
    keeps,
    key_is_unique,
    nearest_to_breaking,
    no_personal_columns,
)

TABLE = "target_consistency"
KEY = ("target_id",)
COLUMNS = (
    *("target_id", "plan_id", "part_target_ids", "baseline_value", "target_value", "parts_baseline", "parts_target"),
    *("rest_baseline", "rest_target", "rest_change_pct", "finding"),
)
_ROUNDING = 1e-5  # figures are published with six decimals

SUITE = Suite(
    TABLE,
    (
        columns_are(TABLE, COLUMNS),
        no_personal_columns(TABLE),
        key_is_unique(TABLE, KEY),
        is_listed_in(TABLE, "target_id", "targets"),
        is_one_of(
            TABLE,
            "finding",
            ("consistent", "consistent_if_the_rest_follows", "inconsistent", "parts_exceed_whole", "not_measurable"),
        ),
        keeps(
            "parts_and_rest_are_the_whole",
            "The baselines of the parts and of the rest are the baseline of the whole, and so are their targets.",
            nearest_to_breaking(
                TABLE,
                KEY,
                "abs(baseline_value - parts_baseline - rest_baseline) + abs(target_value - parts_target - rest_target)",
            ),
            high=_ROUNDING,
        ),
    ),
)
