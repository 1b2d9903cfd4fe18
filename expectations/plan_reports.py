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


def _context_is_larger(table: str, key: Sequence[str]) -> Expectation:
    return keeps(
        "context_is_no_figure_of_the_plan_area",
        f"In {table} a county, force or other larger area is marked as context, and the plan's own area is not.",
        f"select {', '.join(key)}, (is_context = (area_level in ('district', 'csp')))::integer as measure "
        f"from {table} order by measure desc limit {ROWS_JUDGED}",
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
            _context_is_larger(table, key),
            *more,
        ),
    )


PLAN_SUITES: tuple[Suite, ...] = (
    Suite(
        "plan_items",
        (
            no_personal_columns("plan_items"),
            key_is_unique("plan_items", ("plan_id", "priority_code", "item_kind", "item_number")),
            is_one_of("plan_items", "item_kind", ("priority", "aim", "objective")),
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
)
