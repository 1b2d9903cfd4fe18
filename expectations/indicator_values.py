"""Suite of `indicator_values`: shape and keys; periods; figures and their intervals; flags."""

from expectations.expectation import (
    ROWS_JUDGED,
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

TABLE = "indicator_values"
KEY = ("indicator_code", "area_code", "period_type", "period_start", "period_end")
COLUMNS = (
    *("indicator_code", "area_code", "area_name", "area_level"),
    *("period_type", "period_start", "period_end", "period_label"),
    *("numerator", "denominator", "value", "unit", "lower_95", "upper_95", "interval_method"),
    *("base_count", "effective_base", "design_effect"),
    *("is_complete", "status", "definition_status", "is_synthetic", "is_suppressed", "comparable", "note"),
)
AREA_LEVELS = (
    *("nation", "force", "fire_service", "yot_area", "dat_area", "marac_area", "pct_area"),
    *("county", "district", "csp", "ward", "lsoa", "beat"),
    *("town", "priority_neighbourhood"),
)
# A share's denominator may be nothing, and a count of transfers and no-crimes netted off less than nothing.
_DENOMINATOR = f"case when indicators.formula_kind in ('count', 'sum') then 1 else {TABLE}.denominator end"
CHANGES = ("rolling_average_change", "percentage_difference")
PERIOD_TYPES = (
    *("month", "quarter", "year_to_date", "rolling_12_months", "financial_year"),
    *("calendar_year", "tranche", "wave"),
)
LABELS = (
    r"^month \d{4}-\d{2}$",
    r"^quarter \d{4}/\d{2} Q[1-4]$",
    r"^year_to_date \d{4}/\d{2} to \d{4}-\d{2}$",
    r"^rolling_12_months 12 months to \d{4}-\d{2}$",
    r"^financial_year \d{4}/\d{2}$",
    r"^calendar_year \d{4}$",
    r"^(?:tranche|wave) .+$",
)
_PERIODS = f"select distinct period_type, period_start, period_end, period_label from {TABLE}"
_MONTHS = "date_diff('month', period_start, period_end) + 1"
_LIMITS = (
    f"select indicator_code, area_level, (lower_95 is null)::int + (upper_95 is null)::int "
    f"+ (interval_method is null)::int as measure, count(*) as row_count from {TABLE} group by all"
)

SUITE = Suite(
    TABLE,
    (
        columns_are(TABLE, COLUMNS),
        no_personal_columns(TABLE),
        not_empty_after_deliveries(TABLE),
        key_is_unique(TABLE, KEY),
        is_listed_in(TABLE, "indicator_code", "indicators"),
        is_listed_in(TABLE, "area_code", "areas"),
        is_one_of(TABLE, "area_level", AREA_LEVELS),
        is_one_of(TABLE, "period_type", PERIOD_TYPES),
        is_one_of(TABLE, "status", ("provisional", "revised", "final")),
        is_filled(TABLE, "unit", KEY),
        is_filled(TABLE, "definition_status", KEY),
        Expectation(
            "period_ends_after_it_starts",
            "A period does not end before it starts.",
            _PERIODS,
            lambda gxe: gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="period_end", column_B="period_start", or_equal=True
            ),
        ),
        Expectation(
            "period_is_as_long_as_its_type",
            "A month is one whole month, a quarter three, a year twelve, and a year to date twelve at most.",
            f"select period_type || ' of ' || {_MONTHS} || case "
            "when day(period_start) = 1 and period_end = last_day(period_end) then ' whole months' "
            "else ' months and days' end as length, "
            f"period_start, period_end from ({_PERIODS}) where period_type not in ('tranche', 'wave')",
            lambda gxe: gxe.ExpectColumnValuesToMatchRegex(
                column="length",
                regex=(
                    r"^(?:month of 1|quarter of 3|year_to_date of (?:[1-9]|1[0-2])"
                    r"|(?:rolling_12_months|financial_year|calendar_year) of 12) whole months$"
                ),
            ),
        ),
        Expectation(
            "label_is_as_its_period_type",
            "A period is labelled as its type is: 2021-04, 2021/22 Q1, 2021/22, 12 months to 2021-12.",
            f"select distinct period_type || ' ' || coalesce(period_label, '') as typed_label from {TABLE}",
            lambda gxe: gxe.ExpectColumnValuesToMatchRegexList(
                column="typed_label", regex_list=list(LABELS), match_on="any"
            ),
        ),
        Expectation(
            "complete_periods_have_a_numerator",
            "A figure of a complete period that is not suppressed has its numerator: missing is never zero.",
            nearest_to_breaking(
                f"{TABLE} join indicators using (indicator_code)",
                KEY,
                "numerator",
                "is_complete and not is_suppressed and formula_kind not in ('rolling_average_change', 'gap')",
                "is null desc",
            ),
            lambda gxe: gxe.ExpectColumnValuesToNotBeNull(column="measure"),
        ),
        Expectation(
            "complete_figures_have_a_value",
            "A figure of a complete period has a value, unless suppressed or without anything to divide by.",
            nearest_to_breaking(
                f"{TABLE} join indicators using (indicator_code)",
                KEY,
                f"{TABLE}.value",
                "is_complete and not is_suppressed "
                f"and {TABLE}.numerator is not null and coalesce({_DENOMINATOR}, 0) <> 0",
                "is null desc",
            ),
            lambda gxe: gxe.ExpectColumnValuesToNotBeNull(column="measure"),
        ),
        Expectation(
            "incomplete_figures_have_no_value",
            "A period with an absent month has no value: it is incomplete, not small.",
            nearest_to_breaking(TABLE, KEY, "value", "not is_complete", "is not null desc"),
            lambda gxe: gxe.ExpectColumnValuesToBeNull(column="measure"),
        ),
        Expectation(
            "suppressed_figures_show_nothing",
            "A suppressed figure shows no number of any kind.",
            nearest_to_breaking(
                TABLE,
                KEY,
                "coalesce(value, numerator, denominator, lower_95, upper_95, base_count, effective_base)",
                "is_suppressed",
                "is not null desc",
            ),
            lambda gxe: gxe.ExpectColumnValuesToBeNull(column="measure"),
        ),
        keeps(
            "value_within_its_interval",
            "A value lies within its 95% limits.",
            nearest_to_breaking(TABLE, KEY, "greatest(lower_95 - value, value - upper_95)"),
            high=0,
        ),
        Expectation(
            "interval_is_whole",
            "Lower limit, upper limit and method of an interval are all there or all missing.",
            _LIMITS,
            lambda gxe: gxe.ExpectColumnValuesToBeInSet(column="measure", value_set=[0, 3]),
        ),
        keeps(
            "numerator_not_negative",
            "A numerator is zero or more, except in published counts that net off earlier quarters.",
            nearest_to_breaking(
                f"{TABLE} join indicators using (indicator_code)",
                KEY,
                "numerator",
                "source_feed not like 'home_office/%'",
                worst="asc nulls last",
            ),
            low=0,
            high=None,
        ),
        keeps(
            "numerator_is_whole",
            "A count that is shown without decimals is a whole number.",
            nearest_to_breaking(
                f"{TABLE} join indicators using (indicator_code)",
                KEY,
                "abs(numerator - round(numerator))",
                "formula_kind = 'count' and decimals = 0",
            ),
            high=0,
        ),
        keeps(
            "base_is_no_smaller_than_effective_base",
            "Weights can only make an effective number of respondents smaller than their number.",
            nearest_to_breaking(TABLE, KEY, "effective_base - base_count"),
            high=1e-6,
        ),
        keeps(
            "denominator_is_positive",
            "A population or number of households is more than zero.",
            nearest_to_breaking(
                f"{TABLE} join indicators using (indicator_code)",
                KEY,
                f"{TABLE}.denominator",
                f"{TABLE}.denominator <= 1 and formula_kind = 'rate'",
                "asc nulls last",
            ),
            low=1e-9,
            high=None,
        ),
        keeps(
            "value_follows_from_its_parts",
            "A value is multiplier x numerator / denominator (1 for a count), or the change from the one to the other.",
            nearest_to_breaking(
                f"{TABLE} join indicators using (indicator_code)",
                (*KEY, "numerator", f"{TABLE}.denominator", "value"),
                f"abs(value - multiplier * (numerator - case when formula_kind in {CHANGES} "
                f"then {TABLE}.denominator else 0 end) / {_DENOMINATOR}) / greatest(abs(value), 1)",
                "formula_kind not in ('standardised_rate', 'gap')",
            ),
            high=1e-9,
        ),
        keeps(
            "flags_are_filled",
            "Every figure says whether it is complete, synthetic, suppressed and comparable.",
            "select indicator_code, (is_complete is null)::int + (is_synthetic is null)::int "
            f"+ (is_suppressed is null)::int + (comparable is null)::int as measure, count(*) as row_count "
            f"from {TABLE} group by all order by measure desc limit {ROWS_JUDGED}",
            high=0,
        ),
    ),
)
