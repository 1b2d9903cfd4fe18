"""What holds of targets: signs, periods and arithmetic; significance, projection and colour."""

from expectations.expectation import Expectation, holds, keeps, nearest_to_breaking

_FOLLOWED = ("target_id", "as_at")
_ALPHA = 0.05
_ROUNDING = 1e-5  # figures of targets are published with six decimals


def _percentage_error(percentage: str, base: str) -> str:
    """Return the SQL of how far a percentage is from the actual against its base, relative to the base."""
    return f"abs({percentage} / 100 * {base} - (actual_to_date - {base})) / greatest({base}, 1)"


_TARGETS = (
    holds(
        "reductions_go_down",
        "The target of a reduction is below its baseline.",
        "targets",
        ("target_id", "target_change_pct", "target_change_points"),
        "coalesce(target_change_pct, target_change_points) < 0",
        where="target_type = 'reduction'",
    ),
    holds(
        "tolerance_not_negative",
        "A tolerance is zero or more.",
        "targets",
        ("target_id", "tolerance"),
        "tolerance >= 0",
    ),
    holds(
        "target_period_after_baseline_period",
        "A target's period comes after its baseline's.",
        "targets",
        ("target_id", "target_period", "baseline_period"),
        "coalesce(target_period > baseline_period, false)",
    ),
    Expectation(
        "illustrations_say_so",
        "A target of an illustrative plan, or given as an example, has ILLUSTRATIVE in its label.",
        "select target_id, label from targets where 'illustrative' in (plan_status, target_status)",
        lambda gxe: gxe.ExpectColumnValuesToMatchRegex(column="label", regex="ILLUSTRATIVE"),
    ),
)

_TARGET_VS_BASELINE = (
    keeps(
        "target_value_follows_from_baseline",
        "A target value is its baseline changed by the target's percentage or points, or as named.",
        nearest_to_breaking(
            "target_vs_baseline join (select target_id, target_absolute from targets) as named using (target_id)",
            (*_FOLLOWED, "baseline_value", "target_change_pct", "target_change_points", "target_value"),
            "abs(target_value - coalesce(target_absolute, baseline_value + target_change_points, "
            "baseline_value * (1 + target_change_pct / 100.0)))",
        ),
        high=_ROUNDING,
    ),
    keeps(
        "variance_follows_from_profile",
        "The variance to profile is the actual to date against the profiled target to date.",
        nearest_to_breaking(
            "target_vs_baseline",
            (*_FOLLOWED, "actual_to_date", "profiled_target_to_date", "variance_to_profile_pct"),
            _percentage_error("variance_to_profile_pct", "profiled_target_to_date"),
        ),
        high=_ROUNDING,
    ),
    keeps(
        "change_follows_from_baseline",
        "The change on baseline is the actual to date against the same months of the baseline.",
        nearest_to_breaking(
            "target_vs_baseline",
            (*_FOLLOWED, "actual_to_date", "baseline_to_date", "change_on_baseline_pct"),
            _percentage_error("change_on_baseline_pct", "baseline_to_date"),
        ),
        high=_ROUNDING,
    ),
    holds(
        "months_elapsed_within_the_year",
        "Between no month and twelve months of the target period have passed.",
        "target_vs_baseline",
        (*_FOLLOWED, "months_elapsed"),
        "months_elapsed between 0 and 12",
    ),
    holds(
        "significance_follows_from_p_value",
        f"A change is significant exactly when its p value is below {_ALPHA} or its interval leaves out zero.",
        "target_vs_baseline",
        (*_FOLLOWED, "change_p_value", "change_lower_95", "change_upper_95", "change_is_significant"),
        f"change_is_significant is not distinct from "
        f"coalesce(change_p_value < {_ALPHA}, change_lower_95 > 0 or change_upper_95 < 0)",
    ),
    holds(
        "projection_within_its_bounds",
        "A projected outturn lies within its 95% bounds.",
        "target_vs_baseline",
        (*_FOLLOWED, "projected_outturn", "projected_lower_95", "projected_upper_95"),
        "projected_outturn between projected_lower_95 and projected_upper_95",
    ),
    holds(
        "grey_exactly_without_a_figure",
        "A status is grey exactly without a figure, a profiled target, a series or an agreed good direction.",
        "target_vs_baseline",
        (*_FOLLOWED, "rag", "actual_to_date", "profiled_target_to_date", "comparable", "is_contested"),
        "(rag = 'grey') = (actual_to_date is null or profiled_target_to_date is null or not comparable "
        "or is_contested)",
        where="actual_lower_95 is not null or actual_to_date is null",
    ),
    holds(
        "rag_follows_from_variance",
        "Green is at or better than the profiled target, amber worse within the tolerance, red beyond; "
        "what is to be held is green within the tolerance on either side.",
        """(
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
                select target_vs_baseline.*, targets.target_type, targets.rag_basis, targets.tolerance,
                    case
                        when target_type = 'maintain' then sign(variance_to_profile)
                        when target_type = 'reduction' then 1
                        when target_type = 'increase' then -1
                        when polarity = 'lower_is_better' then 1
                        when polarity = 'higher_is_better' then -1
                    end as direction
                from target_vs_baseline join targets using (target_id)
                join indicators on indicators.indicator_code = target_vs_baseline.indicator_code
            )
            where rag <> 'grey'
        )""",
        (*_FOLLOWED, "rag", "worse_by", "tolerated"),
        "rag = case when worse_by <= 0 then 'green' when worse_by > tolerated then 'red' "
        "when target_type = 'maintain' then 'green' else 'amber' end",
        where=f"abs(worse_by) > {_ROUNDING} and abs(worse_by - tolerated) > {_ROUNDING}",
    ),
    holds(
        "not_measurable_is_grey",
        "A target that cannot be measured is grey.",
        "target_vs_baseline",
        (*_FOLLOWED, "rag"),
        "rag = 'grey'",
        where="outcome = 'not_measurable'",
    ),
    holds(
        "no_verdict_over_a_series_break",
        "Over a series break a target is neither met nor missed, and no change is called significant.",
        "target_vs_baseline",
        (*_FOLLOWED, "outcome", "change_is_significant"),
        "outcome not in ('met', 'not_met') and change_is_significant is null",
        where="not comparable",
    ),
    holds(
        "no_verdict_where_the_direction_is_contested",
        "Where it is contested which way is good, a target is neither met nor missed.",
        "target_vs_baseline",
        (*_FOLLOWED, "outcome", "months_elapsed"),
        "outcome not in ('met', 'not_met', 'in_progress') or months_elapsed = 0",
        where="is_contested",
    ),
    holds(
        "years_without_a_target_have_none",
        "A year for which the plan sets no target has neither a target value nor an outcome.",
        "target_vs_baseline",
        (*_FOLLOWED, "target_value", "outcome"),
        "target_value is null and outcome = 'no_target'",
        where="target_status = 'not_set'",
    ),
)

TARGETS: dict[str, tuple[Expectation, ...]] = {
    "targets": _TARGETS,
    "target_vs_baseline": _TARGET_VS_BASELINE,
    "target_consistency": (),
    "target_links": (),
}
