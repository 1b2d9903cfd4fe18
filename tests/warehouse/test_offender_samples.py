"""What the models make of the cases that are planted in the samples on offenders and on domestic abuse."""

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from sources.contract.load import load_contracts
from sources.folder.data_folder import DataFolder
from sources.intake.take_in import take_in
from sources.ledger.for_models import write_for_models
from sources.samples import synthetic

from .warehouse import Warehouse

FEEDS = ("marac_cases", "priority_offenders", "probation_reoffending", "young_offenders")


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory, dbt_target: Path) -> Warehouse:
    root = tmp_path_factory.mktemp("offenders")
    synthetic.write_all(root / "written")
    (root / "landing").mkdir()
    (root / "written" / "partners").rename(root / "landing" / "partners")
    for feed in FEEDS:
        take_in(load_contracts()[f"partners/{feed}"], DataFolder(root), lambda _: None, settle_seconds=0)
    (root / "run_inputs.json").write_text(json.dumps({"as_at": "2011-03-31", "fingerprint": "-"}))
    write_for_models(DataFolder(root), load_contracts(), date(2011, 3, 31))
    warehouse = Warehouse(root, dbt_target)
    warehouse.dbt("build", "--full-refresh", "--select", "+int_rows__located", "--resource-type", "model", "seed")
    return warehouse


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
def test_a_planted_case_is_judged_by_its_days(judged: Warehouse, case: str, measures: str, reason: str | None) -> None:
    (row,) = judged.query(
        "select measure_codes, exclusion_reason from intermediate.int_rows__located "
        f"where feed = 'partners/marac_cases' and record_key = '{case}' and is_standing"
    ).to_dict("records")
    assert row == {"measure_codes": measures, "exclusion_reason": reason}


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
        ("priority_offenders", "convictions before", 2010, {"the 12 months after are not over": 187}),
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
    judged: Warehouse, feed: str, category: str, year: int, expected: dict[str, int]
) -> None:
    rows = judged.query(
        "select coalesce(exclusion_reason, 'counted') as outcome from intermediate.int_rows__located "
        f"where feed = 'partners/{feed}' and category_sent = '{category}' and year(month) = {year} and is_standing"
    )
    assert Counter(rows["outcome"]) == expected


def test_nobody_enters_twice(judged: Warehouse) -> None:
    rows = judged.query(
        "select coalesce(exclusion_reason, 'counted') as outcome from intermediate.int_rows__located "
        "where feed = 'partners/young_offenders' "
        "and category_sent = 'first-time entrant' and month = date '2009-02-01' and is_standing"
    )
    assert Counter(rows["outcome"])["entered the youth justice system before"] == 1
