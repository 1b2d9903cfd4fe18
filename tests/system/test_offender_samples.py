"""What the models make of the cases that are planted in the samples on offenders and on domestic abuse."""

from collections import Counter

import duckdb
import pandas as pd
import pytest

from tests.csp import Installation


@pytest.fixture(scope="module")
def located(whole_sample: Installation) -> pd.DataFrame:
    """The standing rows of the partners' feeds."""
    with duckdb.connect(str(whole_sample.root / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute(
            "select feed, record_key, category_sent, month, measure_codes, exclusion_reason "
            "from intermediate.int_rows__located where feed like 'partners/%' and is_standing"
        ).df()


@pytest.mark.parametrize(
    ("case", "measures", "reason"),
    [
        ("MR/9001", "marac_cases", None),
        # Day 366 after a leap day, marked as a repeat.
        ("MR/9002", "marac_cases, marac_flag_differs", None),
        # Day 365, not marked.
        ("MR/9004", "marac_cases, marac_flag_differs, marac_repeat_cases", None),
        # Day 366, marked.
        ("MR/9006", "marac_cases, marac_flag_differs", None),
        # The victim has moved.
        ("MR/9008", "marac_cases, marac_flag_differs, marac_repeat_cases", None),
        ("MR/9009", "marac_cases", "the place lies outside the supplier's area"),
        # The pair in the other order, in small letters.
        ("MR/9011", "marac_cases, marac_flag_differs, marac_repeat_cases", None),
        ("MR/9012", "marac_cases", None),
        ("MR/9013", "marac_cases, marac_flag_differs", "the same referral is on an earlier sheet or line"),
    ],
)
def test_a_planted_case_is_judged_by_its_days(
    located: pd.DataFrame, case: str, measures: str, reason: str | None
) -> None:
    rows = located[(located["feed"] == "partners/marac_cases") & (located["record_key"] == case)]
    found = rows[["measure_codes", "exclusion_reason"]].astype(object).where(rows.notna(), None)
    assert found.values.tolist() == [[measures, reason]]


@pytest.mark.parametrize(
    ("feed", "category", "year", "expected"),
    [
        (
            "priority_offenders",
            "convictions after",
            2008,
            {"counted": 188, "came onto the list after 1 April": 1},
        ),
        (
            "priority_offenders",
            "convictions after",
            2009,
            {"counted": 187, "the place lies outside the supplier's area": 1},
        ),
        # In 2008 a second disposal of one young person, and another who had turned 18.
        (
            "young_offenders",
            "re-offences in 12 months",
            2008,
            {"counted": 292, "in the cohort by an earlier disposal of the quarter": 1, "older than 17": 1},
        ),
    ],
)
def test_who_does_not_count_is_left_out_by_name(
    located: pd.DataFrame, feed: str, category: str, year: int, expected: dict[str, int]
) -> None:
    rows = located[(located["feed"] == f"partners/{feed}") & (located["category_sent"] == category)]
    assert Counter(rows[rows["month"].dt.year == year]["exclusion_reason"].fillna("counted")) == expected


def test_nobody_enters_twice(located: pd.DataFrame) -> None:
    entrants = located[(located["category_sent"] == "first-time entrant") & (located["month"] == "2009-02-01")]
    assert Counter(entrants["exclusion_reason"])["entered the youth justice system before"] == 1
