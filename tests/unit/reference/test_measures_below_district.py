"""What is not shown below the district must not follow there, by adding and taking away, from what is."""

from collections import defaultdict
from itertools import chain, combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.seeds import seed_rows

LEVELS_BELOW = {"ward", "lsoa", "beat", "town", "priority_neighbourhood"}
FEEDS = sorted(
    {row["source_feed"] for row in seed_rows("shipped_feed_area_levels") if row["area_level"] in LEVELS_BELOW}
)
RULES = {row["measure_code"]: row["disclosure_rule"] for row in seed_rows("measures")}


def subsets(tags: set[str]) -> list[frozenset[str]]:
    """Return every set of some of these tags."""
    sizes = range(len(tags) + 1)
    return [frozenset(some) for some in chain.from_iterable(combinations(sorted(tags), size) for size in sizes)]


def counted(feed: str, day: str) -> dict[str, NDArray[np.float64]]:
    """Return, for each measure of a feed, which kinds of rows of that day it counts: one number for each kind."""
    valid = [
        row
        for row in seed_rows("measure_categories")
        if row["source_feed"] == feed and (row["valid_from"] or day) <= day <= (row["valid_to"] or day)
    ]
    tags = {tag for row in valid for tag in (row["required_tag"], row["excluded_tag"]) if tag}
    kinds = {
        kind: at
        for at, kind in enumerate((row, some) for row in {r["category"] for r in valid} for some in subsets(tags))
    }
    vectors: dict[str, NDArray[np.float64]] = defaultdict(lambda: np.zeros(len(kinds)))
    for row in valid:
        for (category, some), at in kinds.items():
            is_counted = row["required_tag"] in {"", *some} and row["excluded_tag"] not in some
            vectors[row["measure_code"]][at] += category == row["category"] and is_counted
    return vectors


def follows(hidden: NDArray[np.float64], shown: list[NDArray[np.float64]]) -> bool:
    """Return whether a measure is a sum and difference of others."""
    basis = np.array(shown).T
    weights = np.linalg.lstsq(basis, hidden, rcond=None)[0]
    return bool(np.allclose(basis @ weights, hidden))


def days() -> list[str]:
    """Return a day of each time in which the lists of what is counted differ."""
    bounds = {row[end] for row in seed_rows("measure_categories") for end in ("valid_from", "valid_to")} - {""}
    return sorted(bounds | {"2000-01-01", "2030-01-01"})


def given_away(feed: str, is_shown: dict[str, bool]) -> set[tuple[str, str]]:
    """Return the hidden measures of a feed that follow from shown ones, each with a day on which they do."""
    found = set()
    for day in days():
        vectors = counted(feed, day)
        shown = [vector for measure, vector in vectors.items() if is_shown[measure]]
        found |= {
            (measure, day)
            for measure, vector in vectors.items()
            if shown and not is_shown[measure] and follows(vector, shown)
        }
    return found


@pytest.mark.parametrize("feed", FEEDS)
def test_no_hidden_measure_follows_from_shown_ones(feed: str) -> None:
    assert given_away(feed, {measure: rule == "none" for measure, rule in RULES.items()}) == set()


@pytest.mark.parametrize("feed", FEEDS)
def test_no_shown_measure_is_of_hidden_rows_alone(feed: str) -> None:
    """A part of what is hidden tells of few people as the whole does; wounding is nearly all violence with injury."""
    parts = {
        (measure, whole)
        for day in days()
        for vectors in [counted(feed, day)]
        for measure, vector in vectors.items()
        for whole, hidden in vectors.items()
        if RULES[measure] == "none"
        and RULES[whole] == "not_below_district"
        and vector.any()
        and (vector <= hidden).all()
    }
    assert parts == set()


def test_one_hidden_kind_of_incident_alone_would_follow() -> None:
    """The total less the other kinds is what is hidden: with one kind alone the test must find it."""
    found = given_away("police/incidents", {measure: measure != "asb_nuisance_neighbours" for measure in RULES})
    assert {measure for measure, _ in found} == {"asb_nuisance_neighbours"}
