"""What holds of the tables that compare figures: with peers, with a funnel, with the months or events before."""

from expectations.expectation import ROWS_JUDGED, Expectation, holds, keeps, nearest_to_breaking

_GROUP = ("peer_group_id", "indicator_code", "period_type", "period_start", "period_end")
_MEMBER = (*_GROUP, "area_code")
_OF_GROUP = f"over (partition by {', '.join(_GROUP)}"
_ROUNDING = 1e-8  # figures of peers are published with ten decimals
_FEWEST_MEMBERS = 3
# How far a value lies outside the bounds; not above nothing when it is in line.
_OUTSIDE = "greatest(lower_bound - value, value - upper_bound)"
_BADNESS = "value * case polarity when 'higher_is_better' then -1 else 1 end"
_PEERS_WITH_INDICATOR = "peer_comparison join indicators using (indicator_code)"

_PEER_COMPARISON = (
    Expectation(
        "illustrations_say_so",
        "A group that nobody agreed is called ILLUSTRATIVE in its title.",
        "select distinct peer_group_id, peer_group_title from peer_comparison where peer_group_status = 'illustrative'",
        lambda gxe: gxe.ExpectColumnValuesToMatchRegex(column="peer_group_title", regex="ILLUSTRATIVE"),
    ),
    keeps(
        "values_are_the_published_ones",
        "The value of a member is the published value of the indicator.",
        nearest_to_breaking(
            f"peer_comparison left join indicator_values as published using ({', '.join(_MEMBER[1:])})",
            _MEMBER,
            "coalesce(abs(peer_comparison.value - published.value), 1)",
        ),
        high=_ROUNDING,
    ),
    holds(
        "groups_have_members_enough",
        "A group is compared only when three of its members have a value.",
        "peer_comparison",
        (*_MEMBER, "members_with_value"),
        f"coalesce(members_with_value, 0) >= {_FEWEST_MEMBERS}",
    ),
    holds(
        "members_are_counted",
        "The members with a value are the rows of the group.",
        f"(select *, count(*) {_OF_GROUP}) as counted from peer_comparison)",
        (*_MEMBER, "members_with_value", "counted"),
        "members_with_value = counted",
    ),
    keeps(
        "mean_is_of_the_members",
        "The mean of a group is that of its members' values.",
        nearest_to_breaking(
            f"(select *, avg(value) {_OF_GROUP}) as mean from peer_comparison)", _MEMBER, "abs(peer_mean - mean)"
        ),
        high=_ROUNDING,
    ),
    keeps(
        "bounds_lie_evenly_around_the_mean",
        "The bounds lie as far below the mean as above it, and not the wrong way round.",
        nearest_to_breaking(
            "peer_comparison",
            _MEMBER,
            "greatest(abs(upper_bound - peer_mean - (peer_mean - lower_bound)), lower_bound - upper_bound)",
        ),
        high=_ROUNDING,
    ),
    keeps(
        "in_line_lies_within_the_bounds",
        "A member that is in line lies within the bounds.",
        nearest_to_breaking("peer_comparison", _MEMBER, _OUTSIDE, "standing = 'in line'"),
        high=_ROUNDING,
    ),
    keeps(
        "others_lie_outside_the_bounds",
        "A member that is better, worse or outside lies outside the bounds.",
        nearest_to_breaking("peer_comparison", _MEMBER, _OUTSIDE, "standing <> 'in line'", "asc nulls last"),
        low=-_ROUNDING,
    ),
    holds(
        "better_and_worse_follow_from_polarity",
        "Lower is better only where low is good; where polarity is neutral or contested nobody is.",
        _PEERS_WITH_INDICATOR,
        (*_MEMBER, "value", "peer_mean", "standing", "polarity"),
        "coalesce(standing = case when polarity = 'neutral' or polarity_contested then 'outside' "
        "when (value < peer_mean) = (polarity = 'lower_is_better') then 'better' else 'worse' end, false)",
        where="standing <> 'in line'",
    ),
    holds(
        "rank_counts_the_better_members",
        "A rank is one more than the members that do better; equal values share it.",
        f"(select *, rank() {_OF_GROUP} order by {_BADNESS}) as place from {_PEERS_WITH_INDICATOR})",
        (*_MEMBER, "peer_rank", "place"),
        "coalesce(peer_rank = place, false)",
    ),
)

_POINT = ("indicator_code", "area_code", "period_start")

_CONTROL_CHARTS = (
    holds(
        "mean_lies_within_the_limits",
        "The limits of a control chart lie on both sides of its mean, or on it where no month differs.",
        "control_charts",
        (*_POINT, "lower_limit", "centre_line", "upper_limit"),
        "centre_line between lower_limit and upper_limit",
    ),
    holds(
        "months_outside_lie_outside",
        "A month is said to be outside the limits exactly when its value is.",
        "control_charts",
        (*_POINT, "value", "lower_limit", "upper_limit", "signals"),
        "coalesce(signals like 'outside the limits%', false) "
        f"= (value > upper_limit + {_ROUNDING} or value < lower_limit - {_ROUNDING})",
    ),
)

_TIME_BETWEEN_EVENTS = (
    holds(
        "median_lies_within_the_limits",
        "The limits of times between events lie on both sides of their median.",
        "time_between_events",
        ("indicator_code", "area_code", "wait_number", "lower_limit", "centre_line", "upper_limit"),
        "lower_limit >= 0 and lower_limit < centre_line and centre_line < upper_limit",
    ),
    holds(
        "waits_are_months_apart",
        "A wait is as many months long as its two months are apart.",
        "time_between_events",
        ("indicator_code", "area_code", "wait_number", "wait_start", "period_start", "months_waited"),
        "months_waited = date_diff('month', wait_start, period_start)",
    ),
)

_FUNNEL_LIMITS = (
    holds(
        "areas_outside_lie_outside",
        "An area is said to be beyond a limit exactly when its figure is.",
        "funnel_limits",
        ("funnel_group_id", "indicator_code", "area_code", "period_label", "value", "lower_95", "upper_95", "position"),
        # A limit that is hardly above 0 differs from a figure of 0 by less than what both are rounded to.
        f"((position like 'above%') = (value > upper_95) or abs(value - upper_95) <= {_ROUNDING}) "
        f"and ((position like 'below%') = (value < lower_95) or abs(value - lower_95) <= {_ROUNDING})",
    ),
    holds(
        "centre_lies_among_the_areas",
        "The pooled figure of a group lies between the lowest and the highest of its areas.",
        "(select *, min(value) over of_group as lowest, max(value) over of_group as highest from funnel_limits "
        "window of_group as (partition by funnel_group_id, indicator_code, area_level, period_start))",
        ("funnel_group_id", "indicator_code", "area_code", "period_label", "lowest", "centre_line", "highest"),
        f"centre_line between lowest - {_ROUNDING} and highest + {_ROUNDING}",
    ),
)

_PEER_GROUP_COVERAGE = (
    holds(
        "no_more_have_a_figure_than_there_are",
        "No more areas of a group have a figure than the group has.",
        "peer_group_coverage",
        ("peer_group_id", "indicator_code", "members", "members_with_value"),
        "members_with_value between 1 and members",
    ),
)

_CRIME_OUTCOMES_BY_AGE = (
    holds(
        "the_charged_do_not_become_fewer",
        "Of the crimes of a month no fewer are charged at a later age.",
        "(select *, lag(charged) over (partition by area_code, crime_month, crime_type, is_synthetic "
        "order by months_after) as charged_before from crime_outcomes_by_age)",
        ("area_code", "crime_month", "crime_type", "months_after", "charged", "charged_before"),
        "charged >= coalesce(charged_before, 0)",
    ),
)

_PROXY_COMPARISON = (
    Expectation(
        "proxies_are_near_official_counts",
        "Street-level crime lies near the official count of the same partnership and period: by how much it may differ "
        "is in dbt_project/seeds/indicators/proxy_comparisons.csv, and known_causes of the table says why it may.",
        f"""
            select
                area_name || ', ' || period_label || ': ' || comparison || ' ' || proxy_count || ' in street files, '
                || official_count || ' official' as told,
                false as is_near
            from proxy_comparison where not is_within_tolerance
            order by abs(difference) desc, told limit {ROWS_JUDGED}
            """,
        lambda gxe: gxe.ExpectColumnValuesToBeInSet(column="is_near", value_set=[True]),
        severity="warn",
    ),
)

COMPARISONS: dict[str, tuple[Expectation, ...]] = {
    "peer_comparison": _PEER_COMPARISON,
    "peer_group_coverage": _PEER_GROUP_COVERAGE,
    "funnel_limits": _FUNNEL_LIMITS,
    "control_charts": _CONTROL_CHARTS,
    "crime_outcomes_by_age": _CRIME_OUTCOMES_BY_AGE,
    "health_context": (),
    "proxy_comparison": _PROXY_COMPARISON,
    "time_between_events": _TIME_BETWEEN_EVENTS,
}
