"""What is not shown below the district must not follow there, by adding and taking away, from what is."""

from collections import defaultdict
from functools import cache
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


@cache
def counted(feed: str, day: str) -> dict[str, NDArray[np.float64]]:
    """Return, for each measure of a feed, which kinds of rows of that day it counts: one number for each kind."""
    valid = [
        row
        for row in seed_rows("measure_categories")
        if row["source_feed"] == feed and (row["valid_from"] or day) <= day <= (row["valid_to"] or day)
    ]
    some_tags = subsets({tag for row in valid for tag in (row["required_tag"], row["excluded_tag"]) if tag})
    categories = {category: at for at, category in enumerate(sorted({row["category"] for row in valid}))}
    kinds = (len(categories), len(some_tags))
    vectors: dict[str, NDArray[np.float64]] = defaultdict(lambda: np.zeros(kinds))
    for row in valid:
        counts = [row["required_tag"] in {"", *some} and row["excluded_tag"] not in some for some in some_tags]
        vectors[row["measure_code"]][categories[row["category"]]] += counts
    return {measure: vector.ravel() for measure, vector in vectors.items()}


def following(hidden: dict[str, NDArray[np.float64]], shown: list[NDArray[np.float64]]) -> set[str]:
    """Return the measures that are sums and differences of others."""
    # Kinds of rows that all measures count alike tell nothing more than one of them.
    alike = np.unique(np.array([*shown, *hidden.values()]), axis=1)
    basis, parts = alike[: len(shown)].T, alike[len(shown) :].T
    weights = np.linalg.lstsq(basis, parts, rcond=None)[0]
    follows = np.isclose(basis @ weights, parts).all(axis=0)
    return {measure for measure, is_sum in zip(hidden, follows, strict=True) if is_sum}


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
        hidden = {measure: vector for measure, vector in vectors.items() if not is_shown[measure]}
        if shown and hidden:
            found |= {(measure, day) for measure in following(hidden, shown)}
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
