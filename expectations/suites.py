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
    target_vs_baseline,
    targets,
)
from expectations.expectation import Suite

SUITES: tuple[Suite, ...] = tuple(
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
        revisions,
        revised_records,
        peer_comparison,
    )
)
