"""Suite of `targets`: shape and keys; every target belongs to an indicator and a plan; signs and periods."""

from expectations.expectation import (
    Expectation,
    Suite,
    columns_are,
    is_filled,
    is_listed_in,
    is_one_of,
    keeps,
    key_is_unique,
    no_personal_columns,
)

TABLE = "targets"
KEY = ("target_id",)
COLUMNS = (
    *("target_id", "plan_id", "plan_title", "plan_status", "priority_code", "lead_agency", "indicator_code"),
    *("area_code", "basis", "baseline_period", "target_period", "target_change_pct", "target_change_points"),
    *("target_absolute", "target_type", "target_status", "profile", "rag_scheme", "rag_basis", "tolerance"),
    *("label", "plan_line", "remark", "source"),
)

SUITE = Suite(
    TABLE,
    (
        columns_are(TABLE, COLUMNS),
        no_personal_columns(TABLE),
        key_is_unique(TABLE, KEY),
        *(is_filled(TABLE, column, KEY) for column in ("plan_id", "lead_agency", "area_code")),
        is_listed_in(TABLE, "indicator_code", "indicators"),
        is_one_of(TABLE, "basis", ("count", "rate", "percentage", "ratio", "mean_score")),
        is_one_of(TABLE, "target_status", ("set", "not_set", "illustrative", "derived")),
        is_one_of(TABLE, "target_type", ("reduction", "increase", "absolute", "maintain", "none")),
        keeps(
            "reductions_go_down",
            "The target of a reduction is below its baseline.",
            "select target_id, coalesce(target_change_pct, target_change_points) as measure "
            f"from {TABLE} where target_type = 'reduction'",
            high=-1e-9,
        ),
        keeps(
            "tolerance_not_negative",
            "A tolerance is zero or more.",
            f"select target_id, tolerance as measure from {TABLE}",
            low=0,
            high=None,
        ),
        Expectation(
            "target_period_after_baseline_period",
            "A target's period comes after its baseline's.",
            f"select target_id, target_period, baseline_period from {TABLE}",
            lambda gxe: gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="target_period", column_B="baseline_period"
            ),
        ),
        Expectation(
            "illustrations_say_so",
            "A target of an illustrative plan, or given as an example, has ILLUSTRATIVE in its label.",
            f"select target_id, label from {TABLE} where 'illustrative' in (plan_status, target_status)",
            lambda gxe: gxe.ExpectColumnValuesToMatchRegex(column="label", regex="ILLUSTRATIVE"),
        ),
    ),
)
