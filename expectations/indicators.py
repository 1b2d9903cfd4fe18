"""Suite of `indicators`, the catalogue: shape and keys; what a reader needs to understand a figure."""

from expectations.expectation import (
    Suite,
    columns_are,
    is_filled,
    is_one_of,
    keeps,
    key_is_unique,
    no_personal_columns,
    not_empty_after_deliveries,
)

TABLE = "indicators"
KEY = ("indicator_code",)
COLUMNS = (
    *(
        "indicator_code",
        "title",
        "plan_wording",
        "definition",
        "formula_kind",
        "numerator_measure",
        "denominator",
        "denominator_measure",
        "multiplier",
    ),
    *(
        "unit",
        "decimals",
        "polarity",
        "polarity_contested",
        "source_feed",
        "collector",
        "sample_design",
        "minimum_base",
        "plausible_low",
        "plausible_high",
        "allowed_area_levels",
    ),
    *("frequency", "frameworks", "proxy_for", "definition_version", "valid_from", "valid_to"),
    *("definition_status", "source", "availability", "availability_reason", "first_month", "last_month"),
)

SUITE = Suite(
    TABLE,
    (
        columns_are(TABLE, COLUMNS),
        no_personal_columns(TABLE),
        not_empty_after_deliveries(TABLE),
        key_is_unique(TABLE, KEY),
        *(
            is_filled(TABLE, column, KEY)
            for column in (
                "indicator_code",
                "title",
                "definition",
                "unit",
                "definition_status",
            )
        ),
        is_one_of(TABLE, "polarity", ("lower_is_better", "higher_is_better", "neutral")),
        is_one_of(
            TABLE,
            "availability",
            ("data", "no data", "not_collected", "no_national_series", "not_measurable_here"),
        ),
        keeps(
            "multiplier_is_positive",
            "A figure is multiplied by something more than zero.",
            f"select indicator_code, coalesce(multiplier, 0) as measure from {TABLE} "
            "where availability in ('data', 'no data')",
            low=1e-9,
            high=None,
        ),
        keeps(
            "months_follow_from_availability",
            "An indicator with data says from which month to which; one without says nothing.",
            "select indicator_code, availability, first_month, last_month, "
            "case when availability = 'data' then coalesce(first_month <= last_month, false) "
            f"else coalesce(first_month, last_month) is null end::int as measure from {TABLE}",
            low=1,
            high=None,
        ),
    ),
)
