"""Suites of the tables that a partnership reads: the plan as rows, frameworks and scorecards."""

from collections.abc import Sequence

from expectations.expectation import (
    ROWS_JUDGED,
    Expectation,
    Suite,
    is_filled,
    is_one_of,
    keeps,
    key_is_unique,
    no_personal_columns,
)

_FRAMEWORK_KEY = ("plan_id", "indicator_code", "area_code")
_ASSESSMENT_KEY = ("plan_id", "section", "assessment_period", "indicator_code", "area_code")
_NEIGHBOURHOOD_KEY = ("plan_id", "neighbourhood_code", "indicator_code", "period_label")
# Every figure of its own period that a suppressed row could show; the other period's stands or falls with its own.
_ASSESSMENT_FIGURES = (
    *("value", "lower_95", "upper_95", "change", "change_pct", "change_p_value", "change_lower_95"),
    *("change_upper_95", "change_is_significant", "direction_of_travel", "raises_priority"),
)
_NEIGHBOURHOOD_FIGURES = (
    *("value", "change_pct", "change_p_value", "change_is_significant", "share_of_plan_area_pct"),
    *("difference_p_value", "moves_differently"),
)
_RETURN_STATUS = ("accepted", "partly_accepted", "refused", "duplicate", "superseded", "withdrawn", "missing")
_FIGURE_STATUS = ("figure", "suppressed", "no_figure")


def _suppressed_shows_nothing(table: str, key: Sequence[str], figures: Sequence[str]) -> Expectation:
    shown = " + ".join(f"({figure} is not null)::integer" for figure in figures)
    return keeps(
        "suppressed_figures_show_nothing",
        f"A suppressed row of {table} has no figure of any kind.",
        f"select {', '.join(key)}, {shown} as measure from {table} where is_suppressed "
        f"order by measure desc limit {ROWS_JUDGED}",
        high=0,
    )


def _framework(table: str, key: Sequence[str] = _FRAMEWORK_KEY, *more: Expectation) -> Suite:
    return Suite(
        table,
        (
            no_personal_columns(table),
            key_is_unique(table, key),
            is_one_of(table, "figure_status", _FIGURE_STATUS),
            _suppressed_shows_nothing(table, key, ("value", "lower_95", "upper_95")),
            *more,
        ),
    )


PLAN_SUITES: tuple[Suite, ...] = (
    Suite(
        "plan_items",
        (
            no_personal_columns("plan_items"),
            key_is_unique("plan_items", ("plan_id", "priority_code", "item_kind", "item_number")),
            is_one_of("plan_items", "item_kind", ("priority", "section", "purpose", "aim", "objective")),
            is_filled("plan_items", "published_text", ("plan_id", "priority_code", "item_kind", "item_number")),
        ),
    ),
    Suite(
        "plan_indicators",
        (
            no_personal_columns("plan_indicators"),
            key_is_unique("plan_indicators", ("plan_id", "priority_code", "link_number")),
            is_one_of("plan_indicators", "link_type", ("stated", "part", "alternative", "twin", "proposed")),
            is_filled("plan_indicators", "indicator_code", ("plan_id", "priority_code", "link_number")),
        ),
    ),
    Suite(
        "errata",
        (
            no_personal_columns("errata"),
            key_is_unique("errata", ("plan_id", "erratum_id")),
            is_filled("errata", "representation", ("plan_id", "erratum_id")),
        ),
    ),
    _framework("ni_indicators"),
    _framework(
        "apacs_indicators",
        _FRAMEWORK_KEY,
        is_one_of("apacs_indicators", "peer_standing", ("in line", "better", "worse", "outside"), or_missing=True),
    ),
    _framework("psa_indicators", ("plan_id", "psa", "indicator_code", "area_code")),
    _framework("laa_indicators"),
    Suite(
        "claims",
        (
            no_personal_columns("claims"),
            key_is_unique("claims", ("claim_id",)),
            is_one_of("claims", "verdict", ("supported", "not_supported", "not_recomputable")),
            keeps(
                "judged_with_a_figure_on_a_stated_basis",
                "A claim is supported or not only with a figure, and on a basis that the plan states.",
                "select claim_id, (computed_value is null or basis <> 'stated')::integer as measure from claims "
                "where verdict <> 'not_recomputable'",
                high=0,
            ),
        ),
    ),
    Suite(
        "strategic_assessment",
        (
            no_personal_columns("strategic_assessment"),
            key_is_unique("strategic_assessment", _ASSESSMENT_KEY),
            is_one_of("strategic_assessment", "section", ("levels_of_crime", "changes_in_crime", "community_views")),
            is_one_of(
                "strategic_assessment", "direction_of_travel", ("improving", "steady", "worsening"), or_missing=True
            ),
            _suppressed_shows_nothing("strategic_assessment", _ASSESSMENT_KEY, _ASSESSMENT_FIGURES),
        ),
    ),
    Suite(
        "neighbourhood_scorecard",
        (
            no_personal_columns("neighbourhood_scorecard"),
            key_is_unique("neighbourhood_scorecard", _NEIGHBOURHOOD_KEY),
            is_one_of("neighbourhood_scorecard", "rag", ("green", "amber", "red", "grey")),
            _suppressed_shows_nothing("neighbourhood_scorecard", _NEIGHBOURHOOD_KEY, _NEIGHBOURHOOD_FIGURES),
            keeps(
                "context_has_no_colour",
                "A figure of a larger area beside a neighbourhood is context, and grey.",
                f"select {', '.join(_NEIGHBOURHOOD_KEY)}, (is_context = (area_level = 'priority_neighbourhood') "
                "or is_context and rag <> 'grey')::integer as measure from neighbourhood_scorecard "
                f"order by measure desc limit {ROWS_JUDGED}",
                high=0,
            ),
        ),
    ),
    Suite(
        "priority_scorecard",
        (
            no_personal_columns("priority_scorecard"),
            key_is_unique("priority_scorecard", ("plan_id", "priority_code", "item_kind", "item_code")),
            is_one_of("priority_scorecard", "item_kind", ("priority", "target", "indicator")),
            is_one_of("priority_scorecard", "rag", ("green", "amber", "red", "grey"), or_missing=True),
            keeps(
                "targets_are_coloured_as_published",
                "A target has the colour and outcome of target_vs_baseline at its latest month.",
                "select item_code, (coalesce(scorecard.rag = latest.rag and scorecard.outcome = latest.outcome, false) "
                "= false)::integer as measure from priority_scorecard as scorecard left join ("
                "select * from target_vs_baseline qualify months_elapsed = max(months_elapsed) over "
                "(partition by target_id)) as latest on scorecard.item_code = latest.target_id "
                f"where item_kind = 'target' order by measure desc limit {ROWS_JUDGED}",
                high=0,
            ),
        ),
    ),
    Suite(
        "agency_returns",
        (
            no_personal_columns("agency_returns"),
            key_is_unique("agency_returns", ("return_id",)),
            is_one_of("agency_returns", "status", _RETURN_STATUS),
            _suppressed_shows_nothing(
                "agency_returns", ("return_id",), ("rows_delivered", "rows_accepted", "rows_rejected", "accepted_pct")
            ),
            keeps(
                "holds_every_delivery",
                "Every delivery is a return, and nothing else but what is missing.",
                "select abs((select count(*) from deliveries) - count(*)) as measure from agency_returns "
                "where status <> 'missing'",
                high=0,
            ),
        ),
    ),
    Suite(
        "lead_agency_scorecard",
        (
            no_personal_columns("lead_agency_scorecard"),
            key_is_unique("lead_agency_scorecard", ("plan_id", "partner_code")),
            keeps(
                "colours_add_up",
                "The targets of a partner are green, amber, red or grey.",
                "select plan_id, partner_code, abs(target_count - green_targets - amber_targets - red_targets "
                "- grey_targets) as measure from lead_agency_scorecard order by measure desc "
                f"limit {ROWS_JUDGED}",
                high=0,
            ),
        ),
    ),
    Suite(
        "performance_framework",
        (
            no_personal_columns("performance_framework"),
            key_is_unique("performance_framework", ("plan_id", "theme_code", "field_number")),
            is_one_of("performance_framework", "section", ("partnership", "theme")),
        ),
    ),
)
