"""The control charts of the whole sample, month by month, against the rules worked out anew in plain Python."""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from statistics import mean

import duckdb
import pytest
from scipy.stats import gamma, norm

from tests.csp import Installation
from tests.seeds import seed_rows

BASELINE, LEAST, FACTOR, NEAR, RUN, TREND, LEAST_COUNT = 24, 13, 2.66, 0.6667, 7, 6, 4.0
MONTHS, SAME_MONTH = 4, 0.3333
Point = tuple[date, float, float | None]
WORDS = {
    "outside": "outside the limits",
    "run": "in a row on one side of the mean",
    "near": "near the same limit",
    "trend": "in a row that rise or fall",
}


def _rows(installation: Installation, sql: str) -> list[tuple]:
    with duckdb.connect(installation.database, read_only=True) as connection:
        return connection.execute(sql).fetchall()


def _series(installation: Installation) -> dict[tuple[str, str], list[Point]]:
    series = defaultdict(list)
    for code, area, month, value, count in _rows(
        installation,
        """
        select indicator_code, area_code, period_start, value, numerator
        from indicator_values inner join indicators using (indicator_code)
        where period_type = 'month' and value is not null and is_complete
            and formula_kind not in ('gap', 'sum', 'rolling_average_change')
        order by all
        """,
    ):
        series[code, area].append((month, value, count))
    return series


def _stretches(points: Sequence[Point], length: int) -> Iterator[range]:
    """Yield the places of every `length` months in a row."""
    numbers = [month.year * 12 + month.month for month, _, _ in points]
    for start in range(len(points) - length + 1):
        if numbers[start + length - 1] - numbers[start] == length - 1:
            yield range(start, start + length)


def _charted(points: Sequence[Point]) -> dict[date, tuple[float, float, set[str]]]:
    """Return of each month its mean, upper limit and the rules that fired; nothing where there are no limits."""
    baseline = points[:BASELINE]
    counts = [count for _, _, count in baseline if count is not None]
    if len(baseline) < LEAST or (counts and mean(counts) < LEAST_COUNT):
        return {}
    centre = mean(value for _, value, _ in baseline)
    distance = FACTOR * mean(abs(baseline[b][1] - baseline[a][1]) for a, b in _stretches(baseline, 2))
    off = [round(value - centre, 10) for _, value, _ in points]
    fired: list[set[str]] = [{"outside"} if abs(distance_off) > distance else set() for distance_off in off]
    for places in _stretches(points, RUN):
        if all(off[place] > 0 for place in places) or all(off[place] < 0 for place in places):
            for place in places:
                fired[place].add("run")
    for places in _stretches(points, TREND):
        steps = [round(off[later] - off[earlier], 10) for earlier, later in pairwise(places)]
        if all(step > 0 for step in steps) or all(step < 0 for step in steps):
            for place in places:
                fired[place].add("trend")
    for places in _stretches(points, 3):
        for sign in (1, -1):
            near = [place for place in places if sign * off[place] > NEAR * distance]
            for place in near if len(near) >= 2 else []:
                fired[place].add("near")
    return {month: (centre, centre + distance, fired[place]) for place, (month, _, _) in enumerate(points)}


def _since(measures: set[str], month: date) -> str:
    """Return the last stated break of a series before a month; empty before any."""
    days = {row["break_code"]: row["break_date"] for row in seed_rows("series_break_events")}
    breaks = [days[row["break_code"]] for row in seed_rows("series_break_measures") if row["measure_code"] in measures]
    return max((day for day in breaks if day <= month.isoformat()), default="")


def _waits(points: Sequence[Point]) -> tuple[int, list[tuple[date, date]]]:
    """Return how many events make a wait of some months, and the months of the events that bound each wait."""
    busy = next(place for place, (_, value, _) in enumerate(points) if value)
    events = math.ceil(MONTHS * mean(value for _, value, _ in points[busy : busy + BASELINE]))
    bounds: list[list[date]] = [[]]
    seen = 0
    for place, (month, value, _) in enumerate(points):
        if place and (month - points[place - 1][0]).days > 31:
            bounds.append([])
            seen = 0
        for _ in range(int(value)):
            seen += 1
            if seen % events == 0:
                bounds[-1].append(month)
    return events, [pair for stretch in bounds for pair in pairwise(stretch)]


def test_times_between_events_are_charted_by_the_distribution_of_their_waits(whole_sample: Installation) -> None:
    """Every r-th event is found by counting events one by one; limits are near those of scipy's gamma distribution."""
    measures = dict(
        _rows(whole_sample, "select indicator_code, numerator_measure from indicators where formula_kind = 'count'")
    )
    rounded = {
        code for (code,) in _rows(whole_sample, "select indicator_code from indicator_values where rounded_to > 0")
    }
    expected = {}
    for (code, area), points in _series(whole_sample).items():
        if code not in measures or code in rounded:
            continue
        parts: dict[str, list[Point]] = defaultdict(list)
        for point in points:
            parts[_since({measures[code]}, point[0])].append(point)
        for part in parts.values():
            values = [value for _, value, _ in part]
            if mean(values[:BASELINE]) >= LEAST_COUNT or min(values) < 0 or not any(values):
                continue
            events, waits = _waits(part)
            lengths = [(end.year - start.year) * 12 + end.month - start.month for start, end in waits[:BASELINE]]
            if len(lengths) >= LEAST:
                spread = gamma(events, scale=mean(length or SAME_MONTH for length in lengths) / events)
                limits = [float(spread.ppf(norm.cdf(sigmas))) for sigmas in (-3, 0, 3)]
                expected |= {(code, area, start, end): (events, limits) for start, end in waits}
    got = {
        (code, area, start, end): (events, limits)
        for code, area, start, end, events, *limits in _rows(
            whole_sample,
            """
            select
                indicator_code, area_code, wait_start, period_start, events_per_wait,
                lower_limit, centre_line, upper_limit
            from time_between_events
            """,
        )
    }
    assert len({code for code, *_ in got}) > 3
    assert got.keys() == expected.keys()
    for wait, (events, limits) in expected.items():
        assert got[wait][0] == events
        assert got[wait][1] == pytest.approx(limits, rel=0.02, abs=0.1), wait


def test_every_month_of_every_chart_is_what_the_rules_say(whole_sample: Installation) -> None:
    measures = {
        code: {numerator, denominator}
        for code, numerator, denominator in _rows(
            whole_sample, "select indicator_code, numerator_measure, denominator_measure from indicators"
        )
    }
    expected = {}
    for (code, area), points in _series(whole_sample).items():
        parts: dict[str, list[Point]] = defaultdict(list)
        for point in points:
            parts[_since(measures[code], point[0])].append(point)
        for part in parts.values():
            expected |= {(code, area, month): chart for month, chart in _charted(part).items()}
    got = {
        (code, area, month): (centre, upper, {rule for rule, words in WORDS.items() if words in (signals or "")})
        for code, area, month, centre, upper, signals in _rows(
            whole_sample,
            "select indicator_code, area_code, period_start, centre_line, upper_limit, signals from control_charts",
        )
    }
    assert got.keys() == expected.keys()
    assert {rule for _, _, rules in got.values() for rule in rules} == set(WORDS)
    wrong = {
        key: (got[key], chart)
        for key, chart in expected.items()
        if got[key][2] != chart[2] or any(abs(a - b) > 1e-8 for a, b in zip(got[key][:2], chart[:2], strict=True))
    }
    assert not wrong
