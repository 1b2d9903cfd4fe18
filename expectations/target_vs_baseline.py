"""Suite of `target_vs_baseline`: shape and keys; target arithmetic; significance and projection; status."""

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
)

TABLE = "target_vs_baseline"
KEY = ("target_id", "as_at")
COLUMNS = (
    *("target_id", "plan_id", "priority_code", "lead_agency", "indicator_code", "area_code", "basis", "target_status"),
    *("baseline_period", "baseline_value", "target_period", "target_change_pct", "target_change_points"),
    *("target_value", "as_at", "months_elapsed", "actual_to_date", "actual_lower_95", "actual_upper_95"),
    *("baseline_to_date", "profile", "profiled_target_to_date", "variance_to_profile", "variance_to_profile_pct"),
    *("change_on_baseline", "change_on_baseline_pct", "change_p_value", "change_lower_95", "change_upper_95"),
    *("change_is_significant", "projected_outturn", "projected_lower_95", "projected_upper_95", "rag_scheme", "rag"),
    *("direction_of_travel", "outcome", "comparable", "is_contested", "is_synthetic", "note"),
)
_ALPHA = 0.05
_ROUNDING = 1e-5  # figures are published with six decimals


def _percentage_error(percentage: str, base: str) -> str:
    """Return the SQL of how far a percentage is from the actual against its base, relative to the base."""
    return f"abs({percentage} / 100 * {base} - (actual_to_date - {base})) / greatest({base}, 1)"


SUITE = Suite(
    TABLE,
    (
        columns_are(TABLE, COLUMNS),
        no_personal_columns(TABLE),
        key_is_unique(TABLE, KEY),
        is_listed_in(TABLE, "target_id", "targets"),
        is_listed_in(TABLE, "indicator_code", "indicators"),
        is_one_of(TABLE, "basis", ("count", "rate", "percentage", "ratio", "mean_score")),
        is_one_of(TABLE, "target_status", ("set", "not_set", "illustrative", "derived")),
        is_one_of(TABLE, "rag", ("green", "amber", "red", "grey")),
        is_one_of(
            TABLE,
            "outcome",
            ("met", "not_met", "in_progress", "not_measurable", "not_comparable", "contested", "no_target"),
        ),
        is_one_of(TABLE, "direction_of_travel", ("improving", "steady", "worsening"), or_missing=True),
        is_filled(TABLE, "comparable", KEY),
        is_filled(TABLE, "is_synthetic", KEY),
        keeps(
            "target_value_follows_from_baseline",
            "A target value is its baseline changed by the target's percentage or points, or as named.",
            nearest_to_breaking(
                f"{TABLE} join (select target_id, target_absolute from targets) as named using (target_id)",
                (*KEY, "baseline_value", "target_change_pct", "target_change_points", "target_value"),
                "abs(target_value - coalesce(target_absolute, baseline_value + target_change_points, "
                "baseline_value * (1 + target_change_pct / 100.0)))",
            ),
            high=_ROUNDING,
        ),
        keeps(
            "variance_follows_from_profile",
            "The variance to profile is the actual to date against the profiled target to date.",
            nearest_to_breaking(
                TABLE,
                (*KEY, "actual_to_date", "profiled_target_to_date", "variance_to_profile_pct"),
                _percentage_error("variance_to_profile_pct", "profiled_target_to_date"),
            ),
            high=_ROUNDING,
        ),
        keeps(
            "change_follows_from_baseline",
            "The change on baseline is the actual to date against the same months of the baseline.",
            nearest_to_breaking(
                TABLE,
                (*KEY, "actual_to_date", "baseline_to_date", "change_on_baseline_pct"),
                _percentage_error("change_on_baseline_pct", "baseline_to_date"),
            ),
            high=_ROUNDING,
        ),
        keeps(
            "months_elapsed_within_the_year",
            "Between no month and twelve months of the target period have passed.",
            f"select target_id, as_at, months_elapsed as measure from {TABLE}",
            low=0,
            high=12,
        ),
        keeps(
            "p_value_is_a_probability",
            "A p value lies between 0 and 1.",
            f"select target_id, as_at, change_p_value as measure from {TABLE}",
            low=0,
            high=1,
        ),
        Expectation(
            "significance_follows_from_p_value",
            f"A change is significant exactly when its p value is below {_ALPHA} or its interval leaves out zero.",
            "select target_id, as_at, change_p_value, change_lower_95, change_upper_95, change_is_significant, "
            f"change_is_significant is not distinct from coalesce(change_p_value < {_ALPHA}, "
            f"change_lower_95 > 0 or change_upper_95 < 0) as agrees from {TABLE}",
            lambda gxe: gxe.ExpectColumnValuesToBeInSet(column="agrees", value_set=[True]),
        ),
        keeps(
            "projection_within_its_bounds",
            "A projected outturn lies within its 95% bounds.",
            nearest_to_breaking(
                TABLE,
                KEY,
                "greatest(projected_lower_95 - projected_outturn, projected_outturn - projected_upper_95, "
                "projected_lower_95 - projected_upper_95)",
            ),
            high=0,
        ),
        Expectation(
            "grey_exactly_without_a_figure",
            "A status is grey exactly without a figure, a profiled target, a series or an agreed good direction.",
            "select target_id, as_at, rag, actual_to_date, profiled_target_to_date, comparable, is_contested, "
            "(rag = 'grey') = (actual_to_date is null or profiled_target_to_date is null or not comparable "
            f"or is_contested) as agrees from {TABLE} where actual_lower_95 is not null or actual_to_date is null",
            lambda gxe: gxe.ExpectColumnValuesToBeInSet(column="agrees", value_set=[True]),
        ),
        Expectation(
            "rag_follows_from_variance",
            "Green is at or better than the profiled target, amber worse within the tolerance, red beyond; "
            "what is to be held is green within the tolerance on either side.",
            f"""
            select target_id, as_at, rag, worse_by, tolerated,
                case when worse_by <= 0 then 'green' when worse_by > tolerated then 'red'
                    when target_type = 'maintain' then 'green' else 'amber' end as due,
                due = rag as agrees
            from (
                select target_id, as_at, rag, target_type, variance_to_profile * direction as worse_by,
                    case rag_basis
                        when 'relative' then abs(profiled_target_to_date) * tolerance / 100
                        when 'points' then tolerance
                        when 'interval' then case
                            when direction > 0 then actual_to_date - actual_lower_95
                            else actual_upper_95 - actual_to_date
                        end
                    end as tolerated
                from (
                    select {TABLE}.*, targets.target_type, targets.rag_basis, targets.tolerance,
                        case
                            when target_type = 'maintain' then sign(variance_to_profile)
                            when target_type = 'reduction' then 1
                            when target_type = 'increase' then -1
                            when polarity = 'lower_is_better' then 1
                            when polarity = 'higher_is_better' then -1
                        end as direction
                    from {TABLE} join targets using (target_id)
                    join indicators on indicators.indicator_code = {TABLE}.indicator_code
                )
                where rag <> 'grey'
            )
            where abs(worse_by) > {_ROUNDING} and abs(worse_by - tolerated) > {_ROUNDING}
            """,
            lambda gxe: gxe.ExpectColumnValuesToBeInSet(column="agrees", value_set=[True]),
        ),
        Expectation(
            "not_measurable_is_grey",
            "A target that cannot be measured is grey.",
            f"select target_id, as_at, rag from {TABLE} where outcome = 'not_measurable'",
            lambda gxe: gxe.ExpectColumnValuesToBeInSet(column="rag", value_set=["grey"]),
        ),
        Expectation(
            "no_verdict_over_a_series_break",
            "Over a series break a target is neither met nor missed, and no change is called significant.",
            f"select target_id, as_at, outcome in ('met', 'not_met') or change_is_significant is not null as judged "
            f"from {TABLE} where not comparable",
            lambda gxe: gxe.ExpectColumnValuesToBeInSet(column="judged", value_set=[False]),
        ),
        Expectation(
            "no_verdict_where_the_direction_is_contested",
            "Where it is contested which way is good, a target is neither met nor missed.",
            f"select target_id, as_at, outcome in ('met', 'not_met', 'in_progress') and months_elapsed > 0 as judged "
            f"from {TABLE} where is_contested",
            lambda gxe: gxe.ExpectColumnValuesToBeInSet(column="judged", value_set=[False]),
        ),
        Expectation(
            "years_without_a_target_have_none",
            "A year for which the plan sets no target has neither a target value nor an outcome.",
            f"select target_id, as_at, target_value is null and outcome = 'no_target' as agrees from {TABLE} "
            "where target_status = 'not_set'",
            lambda gxe: gxe.ExpectColumnValuesToBeInSet(column="agrees", value_set=[True]),
        ),
        Expectation(
            "decided_only_after_the_period",
            "A target is met or not met only once all twelve months of its period have passed.",
            f"select target_id, as_at, months_elapsed from {TABLE} where outcome in ('met', 'not_met')",
            lambda gxe: gxe.ExpectColumnValuesToBeInSet(column="months_elapsed", value_set=[12]),
        ),
    ),
)
