"""The 95% prediction interval of a projected outturn holds its coverage (see int_outturns__projected)."""

import numpy as np
import pytest
from numpy.typing import NDArray

LIMIT = 3.841458820694124
RUNS = 40_000


def covered(
    actual: NDArray[np.int64], remaining: NDArray[np.int64], to_date: NDArray[np.int64], rest: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Return whether the remaining count lies in the interval: the cubic of the model, not solved but evaluated."""
    a, r, y, m = (counts.astype(float) for counts in (actual, remaining, to_date, rest))
    b = y + m
    return (a + r + b) * (a * m - r * y) ** 2 <= LIMIT * b * (a + y) * (a + r) * (r + m)


@pytest.mark.parametrize("seasonality", [0.0, 0.4])
@pytest.mark.parametrize("change", [0.8, 1.0, 1.2])
@pytest.mark.parametrize("monthly_mean", [1, 2, 3, 5, 10, 30, 100, 300])
def test_coverage_for_poisson_months(monthly_mean: int, change: float, seasonality: float) -> None:
    """Between 93% and 97% at every month elapsed, in years whose profile is that of the baseline year.

    Below five a month whole numbers leave no choice but to cover more; no month covers less than 93%.
    """
    most = 0.97 if monthly_mean >= 5 else 0.995
    random = np.random.default_rng(20220331)
    months = 1 + seasonality * np.cos(np.arange(12) * np.pi / 6)
    months *= monthly_mean / months.mean()
    for elapsed in range(1, 12):
        so_far, to_come = months[:elapsed].sum(), months[elapsed:].sum()
        actual, remaining = random.poisson(change * so_far, RUNS), random.poisson(change * to_come, RUNS)
        to_date, rest = random.poisson(so_far, RUNS), random.poisson(to_come, RUNS)
        projected = to_date > 0
        share = covered(actual, remaining, to_date, rest)[projected].mean()
        assert 0.93 <= share <= most, f"{share:.3f} after {elapsed} months with a mean of {monthly_mean}"
