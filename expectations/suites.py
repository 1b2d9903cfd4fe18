"""The suites of the published tables, in the order in which they are judged."""

from expectations import (
    areas,
    deliveries,
    indicator_values,
    indicators,
    measure_values,
    peer_comparison,
    revised_records,
    revisions,
    row_accounts,
    target_consistency,
    target_vs_baseline,
    targets,
)
from expectations.expectation import Suite
from expectations.plan_reports import PLAN_SUITES

SUITES: tuple[Suite, ...] = (
    *(
        module.SUITE
        for module in (
            deliveries,
            row_accounts,
            areas,
            indicators,
            targets,
            measure_values,
            indicator_values,
            target_vs_baseline,
            target_consistency,
            revisions,
            revised_records,
            peer_comparison,
        )
    ),
    *PLAN_SUITES,
)
