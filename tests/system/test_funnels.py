"""The funnels of the whole sample against numpy and scipy."""

from collections import defaultdict

import duckdb
import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import norm, poisson

from tests.csp import Installation
from tests.seeds import seed_rows

FEWEST = 5
Area = tuple[str, float, float]


def _rows(installation: Installation, sql: str) -> list[tuple]:
    with duckdb.connect(installation.database, read_only=True) as connection:
        return connection.execute(sql).fetchall()


def _funnel(areas: list[Area], multiplier: float, *, is_proportion: bool) -> dict[str, tuple[float, ...]]:
    """Return of each area the centre, lower and upper 95%, lower and upper 99.8% limit, and z-score."""
    names, counts, bases = zip(*areas, strict=True)
    part, whole = np.array(counts), np.array(bases)

    def scaled(share: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.arcsin(np.sqrt(share)) if is_proportion else np.sqrt(share)

    def figure(place: NDArray[np.float64]) -> NDArray[np.float64]:
        return multiplier * (np.sin(place.clip(0, np.pi / 2)) ** 2 if is_proportion else place.clip(0, None) ** 2)

    centre = scaled(part.sum() / whole.sum())
    by_chance = 1 / (4 * whole)
    scores = (scaled(part / whole) - centre) / np.sqrt(by_chance)
    winsorised = scores.clip(np.quantile(scores, 0.1), np.quantile(scores, 0.9))
    weights = 1 / by_chance
    excess = (winsorised**2).sum() - (len(areas) - 1)
    between = max(excess / (weights.sum() - (weights**2).sum() / weights.sum()), 0)
    spread = np.sqrt(by_chance + between)
    limits = [figure(centre + norm.ppf(share) * spread) for share in (0.025, 0.975, 0.001, 0.999)]
    pooled = np.full(len(areas), multiplier * part.sum() / whole.sum())
    columns = (pooled, *limits, (scaled(part / whole) - centre) / spread)
    return {name: tuple(float(column[place]) for column in columns) for place, name in enumerate(names)}


def test_every_limit_of_every_funnel_is_what_numpy_finds(whole_sample: Installation) -> None:
    levels = {row["area_level"]: row["grouped_by"] for row in seed_rows("funnel_levels")}
    declared = [(row["peer_group_id"], row["area_code"]) for row in seed_rows("peer_group_members")]
    places = _rows(
        whole_sample,
        "select area_code, area_level, parent_code, home_force_code from areas where vintage <> 'none'",
    )
    groups: dict[str, list[str]] = defaultdict(list)
    for group, code in declared:
        groups[code].append(group)
    for code, level, parent, force in places:
        if outer := {"parent": parent, "home_force": force}.get(levels.get(level, "")):
            groups[code].append(f"{outer}:{level}")
    funnels: dict[tuple, list[Area]] = defaultdict(list)
    hidden = set()
    for code, area, start, part, whole, value, multiplier, kind, is_shown in _rows(
        whole_sample,
        """
        select
            indicator_code, area_code, period_start, numerator, indicator_values.denominator, value, multiplier,
            interval_method, not is_suppressed
        from indicator_values
        inner join indicators using (indicator_code)
        where formula_kind in ('rate', 'percentage') and period_type = 'financial_year' and rounded_to is null
        """,
    ):
        for group in groups.get(area, []):
            if not is_shown:
                hidden.add((group, code, start))
            elif value is not None and kind in {"byar", "poisson_exact", "wilson"}:
                funnels[group, code, start, multiplier, kind == "wilson"].append((area, part, whole))
    expected = {
        (group, code, start, area): figures
        for (group, code, start, multiplier, is_proportion), areas in funnels.items()
        if len(areas) >= FEWEST and (group, code, start) not in hidden and any(part for _, part, _ in areas)
        for area, figures in _funnel(areas, multiplier, is_proportion=is_proportion).items()
    }
    got = {
        (group, code, start, area): figures
        for group, code, start, area, *figures in _rows(
            whole_sample,
            """
            select
                funnel_group_id, indicator_code, period_start, area_code,
                centre_line, lower_95, upper_95, lower_998, upper_998, z_score
            from funnel_limits
            where funnel_group_id not like 'ONS-%'
            """,
        )
    }
    assert len(got) > 5000
    assert got.keys() == expected.keys()
    for key, figures in expected.items():
        assert got[key] == pytest.approx(figures, abs=1e-6), key


@pytest.mark.parametrize("expected", [5, 20, 100, 1000])
def test_limits_without_a_difference_between_areas_are_those_of_a_poisson_distribution(expected: int) -> None:
    """The scale of square roots is within one and a half counts of the exact limits, even of few."""
    areas = [(str(place), float(expected), float(expected) * 100) for place in range(10)]
    _, *limits, score = _funnel(areas, 1, is_proportion=False)["0"]
    exact = poisson.ppf([0.025, 0.975, 0.001, 0.999], expected)
    assert np.array(limits) * expected * 100 == pytest.approx(exact, abs=1.5)
    assert score == 0
