"""What holds of the figures and of the catalogues that explain them."""

from expectations.expectation import (
    Expectation,
    holds,
    keeps,
    nearest_to_breaking,
    not_empty_after_deliveries,
)

# Levels whose areas, those without geography included, share out every row of every supplier. A force has none of what
# comes as one partnership's extract; that each delivery adds up at its own levels is a dbt test.
_PARTITIONS = ("district", "ward", "lsoa", "beat")
# Below the district there are rows of what was counted alone: coverage says which levels there should be in a month.
_LEVELS_TO_ADD_UP = (
    "select distinct measure_code, area_level, month from measure_levels join coverage using (source_feed, area_level) "
    "join (select distinct source_feed, month from measure_values) as months using (source_feed) "
    f"where area_level in {_PARTITIONS} and not is_suppressed and month between first_month and last_month"
)
_MEASURE = ("measure_code", "area_code", "month")
_FIGURE = ("indicator_code", "area_code", "period_type", "period_start", "period_end")
_PERIODS = "(select distinct period_type, period_start, period_end, period_label from indicator_values)"
_WITH_INDICATOR = "indicator_values join indicators using (indicator_code)"
# A share's denominator may be nothing, and a count of transfers and no-crimes netted off less than nothing.
_DENOMINATOR = "case when formula_kind in ('count', 'sum') then 1 else indicator_values.denominator end"
_CHANGES = ("rolling_average_change", "percentage_difference")
_LABELS = (
    r"^month \d{4}-\d{2}$",
    r"^quarter \d{4}/\d{2} Q[1-4]$",
    r"^year_to_date \d{4}/\d{2} to \d{4}-\d{2}$",
    r"^rolling_4_quarters four quarters to \d{4}/\d{2} Q[1-4]$",
    r"^rolling_12_months 12 months to \d{4}-\d{2}$",
    r"^financial_year \d{4}/\d{2}$",
    r"^calendar_year \d{4}$",
    r"^(?:tranche|wave) .+$",
)

_MEASURE_VALUES = (
    not_empty_after_deliveries("measure_values"),
    holds(
        "value_not_negative",
        "A count of events is zero or more, except in published counts that net off earlier quarters.",
        "measure_values",
        (*_MEASURE, "value"),
        "value >= 0",
        where="source_feed not like 'home_office/%'",
    ),
    holds(
        "month_is_its_first_day",
        "A month is given as its first day.",
        "(select distinct month from measure_values)",
        ("month",),
        "day(month) = 1",
    ),
    keeps(
        "levels_add_up",
        "In every month a measure has the same total at every level that shares out all rows.",
        "select measure_code, month, max(total) - min(total) as measure from ("
        "select measure_code, month, area_level, coalesce(sum(value), 0) as total "
        f"from ({_LEVELS_TO_ADD_UP}) left join measure_values using (measure_code, area_level, month) group by all) "
        "group by all order by measure desc",
        high=1e-6,
    ),
)

_INDICATOR_VALUES = (
    not_empty_after_deliveries("indicator_values"),
    holds(
        "period_ends_after_it_starts",
        "A period does not end before it starts.",
        _PERIODS,
        ("*",),
        "period_end >= period_start",
    ),
    holds(
        "period_is_as_long_as_its_type",
        "A month is one whole month, a quarter three, a year twelve, and a year to date twelve at most.",
        f"(select *, date_diff('month', period_start, period_end) + 1 as months from {_PERIODS})",
        ("*",),
        "day(period_start) = 1 and period_end = last_day(period_end) and case period_type when 'month' then months = 1 "
        "when 'quarter' then months = 3 when 'year_to_date' then months between 1 and 12 else months = 12 end",
        where="period_type not in ('tranche', 'wave')",
    ),
    Expectation(
        "label_is_as_its_period_type",
        "A period is labelled as its type is: 2021-04, 2021/22 Q1, 2021/22, 12 months to 2021-12.",
        f"select period_type || ' ' || period_label as typed_label from {_PERIODS}",
        lambda gxe: gxe.ExpectColumnValuesToMatchRegexList(
            column="typed_label", regex_list=list(_LABELS), match_on="any"
        ),
    ),
    holds(
        "complete_periods_have_a_numerator",
        "A figure of a complete period that is not suppressed has its numerator: missing is never zero.",
        _WITH_INDICATOR,
        _FIGURE,
        "numerator is not null",
        where="is_complete and not is_suppressed and formula_kind not in ('rolling_average_change', 'gap')",
    ),
    holds(
        "complete_figures_have_a_value",
        "A figure of a complete period has a value, unless suppressed or without anything to divide by.",
        _WITH_INDICATOR,
        _FIGURE,
        "value is not null",
        where=f"is_complete and not is_suppressed and numerator is not null and coalesce({_DENOMINATOR}, 0) <> 0",
    ),
    holds(
        "incomplete_figures_have_no_value",
        "A period with an absent month has no value: it is incomplete, not small.",
        "indicator_values",
        (*_FIGURE, "value"),
        "value is null",
        where="not is_complete",
    ),
    keeps(
        "value_within_its_interval",
        "A value lies within its 95% limits.",
        nearest_to_breaking("indicator_values", _FIGURE, "greatest(lower_95 - value, value - upper_95)"),
        high=0,
    ),
    holds(
        "interval_is_whole",
        "Lower limit, upper limit and method of an interval are all there or all missing.",
        "indicator_values",
        (*_FIGURE, "lower_95", "upper_95", "interval_method"),
        "(lower_95 is null) = (upper_95 is null) and (lower_95 is null) = (interval_method is null)",
    ),
    holds(
        "numerator_not_negative",
        "A numerator is zero or more, except in published counts that net off earlier quarters.",
        _WITH_INDICATOR,
        (*_FIGURE, "numerator"),
        "numerator >= 0",
        where="source_feed not like 'home_office/%'",
    ),
    holds(
        "numerator_is_whole",
        "A count that is shown without decimals is a whole number.",
        _WITH_INDICATOR,
        (*_FIGURE, "numerator"),
        "numerator = round(numerator)",
        where="formula_kind = 'count' and decimals = 0",
    ),
    keeps(
        "base_is_no_smaller_than_effective_base",
        "Weights can only make an effective number of respondents smaller than their number.",
        nearest_to_breaking("indicator_values", _FIGURE, "effective_base - base_count"),
        high=1e-6,
    ),
    holds(
        "denominator_is_positive",
        "A population or number of households is more than zero.",
        _WITH_INDICATOR,
        (*_FIGURE, "indicator_values.denominator"),
        "indicator_values.denominator > 0",
        where="formula_kind = 'rate'",
    ),
    keeps(
        "value_follows_from_its_parts",
        "A value is multiplier x numerator / denominator (1 for a count), or the change from the one to the other.",
        nearest_to_breaking(
            _WITH_INDICATOR,
            (*_FIGURE, "numerator", "indicator_values.denominator", "value"),
            f"abs(value - multiplier * (numerator - case when formula_kind in {_CHANGES} "
            f"then indicator_values.denominator else 0 end) / {_DENOMINATOR}) / greatest(abs(value), 1)",
            "formula_kind not in ('standardised_rate', 'gap')",
        ),
        high=1e-9,
    ),
)

_ROUNDING = 1e-8  # figures are published with ten decimals
_STANDING = ("indicator_code", "area_code", "period_label")

_AS_AT = (
    holds(
        "suppressed_figures_show_nothing",
        "A suppressed figure shows no number of any kind, nor a change.",
        "indicators_as_at",
        _STANDING,
        "coalesce(value, numerator, denominator, lower_95, upper_95, change, p_value, change_lower_95) is null "
        "and direction is null",
        where="is_suppressed",
    ),
    holds(
        "change_follows_from_both_figures",
        "A change is the figure less that of the year before, and there is none without both.",
        "indicators_as_at",
        (*_STANDING, "value", "previous_value", "change"),
        f"coalesce(abs(value - previous_value - change) <= {_ROUNDING}, "
        "change is null and (value is null or previous_value is null))",
    ),
    holds(
        "periods_compared_are_as_long",
        "The period compared has as many months, and ends before the other begins.",
        "indicators_as_at",
        (*_STANDING, "previous_period_label"),
        "previous_period_end < period_start and date_diff('month', period_start, period_end) "
        "= date_diff('month', previous_period_start, previous_period_end)",
        where="previous_period_start is not null",
    ),
)

FIGURES: dict[str, tuple[Expectation, ...]] = {
    "indicators_as_at": _AS_AT,
    "series_breaks": (),
    "coverage": (),
    "measure_levels": (),
    "measure_values_with_zeros": (),
    "areas": (not_empty_after_deliveries("areas"),),
    "indicators": (
        not_empty_after_deliveries("indicators"),
        holds(
            "multiplier_is_positive",
            "A figure is multiplied by something more than zero.",
            "indicators",
            ("indicator_code", "multiplier"),
            "coalesce(multiplier, 0) > 0",
            where="availability in ('data', 'no data')",
        ),
        holds(
            "months_follow_from_availability",
            "An indicator with data says from which month to which; one without says nothing.",
            "indicators",
            ("indicator_code", "availability", "first_month", "last_month"),
            "case when availability = 'data' then coalesce(first_month <= last_month, false) "
            "else coalesce(first_month, last_month) is null end",
        ),
    ),
    "measure_values": _MEASURE_VALUES,
    "indicator_values": _INDICATOR_VALUES,
}
