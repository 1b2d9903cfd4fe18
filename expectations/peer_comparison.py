"""Suite of `peer_comparison`: shape and keys; means, bounds and ranks of the group; standing by polarity."""

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
)

TABLE = "peer_comparison"
GROUP = ("peer_group_id", "indicator_code", "period_type", "period_start", "period_end")
KEY = (*GROUP, "area_code")
COLUMNS = (
    *("peer_group_id", "peer_group_title", "peer_group_status", "indicator_code", "area_code", "area_name"),
    *("period_type", "period_start", "period_end", "period_label", "value", "members_with_value", "peer_mean"),
    *("lower_bound", "upper_bound", "peer_rank", "standing", "is_synthetic", "comparable"),
)
_ROUNDING = 1e-8  # figures are published with ten decimals
_FEWEST_MEMBERS = 3
# How far a value lies outside the bounds; not above nothing when it is in line.
_OUTSIDE = "greatest(lower_bound - value, value - upper_bound)"
_WITH_POLARITY = f"{TABLE} join indicators using (indicator_code)"
_BADNESS = "value * case polarity when 'higher_is_better' then -1 else 1 end"

SUITE = Suite(
    TABLE,
    (
        columns_are(TABLE, COLUMNS),
        no_personal_columns(TABLE),
        key_is_unique(TABLE, KEY),
        is_listed_in(TABLE, "indicator_code", "indicators"),
        is_listed_in(TABLE, "area_code", "areas"),
        is_one_of(TABLE, "period_type", ("quarter", "rolling_12_months", "financial_year")),
        is_one_of(TABLE, "standing", ("in line", "better", "worse", "outside")),
        is_one_of(TABLE, "peer_group_status", ("agreed", "illustrative")),
        is_filled(TABLE, "value", KEY),
        is_filled(TABLE, "peer_mean", KEY),
        is_filled(TABLE, "is_synthetic", KEY),
        is_filled(TABLE, "comparable", KEY),
        Expectation(
            "illustrations_say_so",
            "A group that nobody agreed is called ILLUSTRATIVE in its title.",
            f"select distinct peer_group_id, peer_group_title from {TABLE} where peer_group_status = 'illustrative'",
            lambda gxe: gxe.ExpectColumnValuesToMatchRegex(column="peer_group_title", regex="ILLUSTRATIVE"),
        ),
        keeps(
            "values_are_the_published_ones",
            "The value of a member is the published value of the indicator.",
            f"select {', '.join(KEY)}, coalesce(abs({TABLE}.value - published.value), 1) as measure "
            f"from {TABLE} left join indicator_values as published using ({', '.join(KEY[1:])}) "
            f"order by measure desc limit {ROWS_JUDGED}",
            high=_ROUNDING,
        ),
        keeps(
            "groups_have_members_enough",
            "A group is compared only when three of its members have a value.",
            nearest_to_breaking(TABLE, KEY, "coalesce(members_with_value, 0)", worst="asc"),
            low=_FEWEST_MEMBERS,
            high=None,
        ),
        keeps(
            "members_are_counted",
            "The members with a value are the rows of the group.",
            f"select {', '.join(GROUP)}, max(abs(members_with_value - row_count)) as measure from ("
            f"select *, count(*) over (partition by {', '.join(GROUP)}) as row_count from {TABLE}) "
            f"group by all order by measure desc nulls first limit {ROWS_JUDGED}",
            high=0,
        ),
        keeps(
            "mean_is_of_the_members",
            "The mean of a group is that of its members' values.",
            f"select {', '.join(GROUP)}, max(abs(peer_mean - mean)) as measure from ("
            f"select *, avg(value) over (partition by {', '.join(GROUP)}) as mean from {TABLE}) "
            f"group by all order by measure desc nulls first limit {ROWS_JUDGED}",
            high=_ROUNDING,
        ),
        keeps(
            "bounds_lie_evenly_around_the_mean",
            "The bounds lie as far below the mean as above it, and not the wrong way round.",
            nearest_to_breaking(
                TABLE,
                KEY,
                "greatest(abs(upper_bound - peer_mean - (peer_mean - lower_bound)), lower_bound - upper_bound)",
                worst="desc nulls first",
            ),
            high=_ROUNDING,
        ),
        keeps(
            "in_line_lies_within_the_bounds",
            "A member that is in line lies within the bounds.",
            nearest_to_breaking(TABLE, KEY, _OUTSIDE, "standing = 'in line'"),
            high=_ROUNDING,
        ),
        keeps(
            "others_lie_outside_the_bounds",
            "A member that is better, worse or outside lies outside the bounds.",
            nearest_to_breaking(TABLE, KEY, _OUTSIDE, "standing <> 'in line'", "asc nulls last"),
            low=-_ROUNDING,
            high=None,
        ),
        Expectation(
            "better_and_worse_follow_from_polarity",
            "Lower is better only where low is good; where polarity is neutral or contested nobody is.",
            f"select {', '.join(KEY)}, value, peer_mean, standing, polarity, coalesce(standing = case "
            "when polarity = 'neutral' or polarity_contested then 'outside' "
            "when (value < peer_mean) = (polarity = 'lower_is_better') then 'better' else 'worse' end, false) "
            f"as follows from {_WITH_POLARITY} where standing <> 'in line' order by follows limit {ROWS_JUDGED}",
            lambda gxe: gxe.ExpectColumnValuesToBeInSet(column="follows", value_set=[True]),
        ),
        keeps(
            "rank_counts_the_better_members",
            "A rank is one more than the members that do better; equal values share it.",
            f"select {', '.join(KEY)}, peer_rank, coalesce(abs(peer_rank - place), 1) as measure from ("
            f"select *, rank() over (partition by {', '.join(GROUP)} order by {_BADNESS}) as place "
            f"from {_WITH_POLARITY}) order by measure desc limit {ROWS_JUDGED}",
            high=0,
        ),
    ),
)
