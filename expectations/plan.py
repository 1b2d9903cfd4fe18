"""What holds of the tables that a partnership reads: the plan as rows, frameworks and scorecards."""

from collections.abc import Sequence

from expectations.expectation import Expectation, holds

_NEIGHBOURHOOD = ("plan_id", "neighbourhood_code", "indicator_code", "period_label")
_ASSESSED = ("plan_id", "section", "assessment_period", "indicator_code", "area_code")
_AIM_INDICATORS = ("plan_id", "priority_code", "aim_number", "indicator_code")
_FIGURES = ("value", "lower_95", "upper_95")
# Every figure of its own period that a suppressed row could show; the other period's stands or falls with its own.
_ASSESSMENT_FIGURES = (
    *(*_FIGURES, "change", "change_pct", "change_p_value", "change_lower_95", "change_upper_95"),
    *("change_is_significant", "direction_of_travel", "raises_priority", "recorded_value"),
)
_NEIGHBOURHOOD_FIGURES = (
    *("value", "change_pct", "change_p_value", "change_is_significant", "share_of_plan_area_pct"),
    *("difference_p_value", "moves_differently", "expected_value", "rate_per_1000", "plan_area_rate_per_1000"),
)


def _suppressed_shows_nothing(table: str, key: Sequence[str], figures: Sequence[str] = _FIGURES) -> Expectation:
    return holds(
        "suppressed_figures_show_nothing",
        f"A suppressed row of {table} has no figure of any kind.",
        table,
        key,
        " and ".join(f"{figure} is null" for figure in figures),
        where="is_suppressed",
    )


_FRAMEWORKS = {
    table: (_suppressed_shows_nothing(table, ("plan_id", "indicator_code", "area_code")),)
    for table in ("ni_indicators", "apacs_indicators", "psa_indicators", "laa_indicators")
}
PLAN: dict[str, tuple[Expectation, ...]] = {
    "plan_items": (),
    "plan_indicators": (),
    "errata": (),
    **_FRAMEWORKS,
    "claims": (),
    "aims": (),
    "aim_indicators": (_suppressed_shows_nothing("aim_indicators", _AIM_INDICATORS),),
    "strategic_assessment": (_suppressed_shows_nothing("strategic_assessment", _ASSESSED, _ASSESSMENT_FIGURES),),
    "neighbourhood_scorecard": (
        _suppressed_shows_nothing("neighbourhood_scorecard", _NEIGHBOURHOOD, _NEIGHBOURHOOD_FIGURES),
    ),
    "priority_scorecard": (
        holds(
            "targets_are_coloured_as_published",
            "A target has the colour and outcome of target_vs_baseline at its latest month.",
            "priority_scorecard as scorecard left join (select * from target_vs_baseline "
            "qualify months_elapsed = max(months_elapsed) over (partition by target_id)) as latest "
            "on scorecard.item_code = latest.target_id",
            ("item_code", "scorecard.rag", "scorecard.outcome"),
            "coalesce(scorecard.rag = latest.rag and scorecard.outcome = latest.outcome, false)",
            where="item_kind = 'target'",
        ),
    ),
    "agency_returns": (
        holds(
            "holds_every_delivery",
            "Every delivery is a return, and nothing else but what is missing.",
            "(select (select count(*) from deliveries) as deliveries, count(*) as received from agency_returns "
            "where status <> 'missing')",
            ("*",),
            "deliveries = received",
        ),
    ),
    "lead_agency_scorecard": (),
    "performance_framework": (),
}
