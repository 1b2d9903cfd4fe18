"""Failing rows show in Dagster; of tables before the published ones without what a sender may have written."""

import duckdb
import pytest

from orchestration.checks.wording import broken
from orchestration.dbt.results import WITHHELD, _failing_rows, _reads_what_is_published, went_well

REST = "period_label 2021-04, measure -1."
MANIFEST = {
    "nodes": {
        "test.of_marts": {"depends_on": {"nodes": ["model.deliveries", "seed.suppliers"]}},
        "test.of_staging": {"depends_on": {"nodes": ["model.deliveries", "source.raw"]}},
        "model.deliveries": {"schema": "marts"},
        "seed.suppliers": {"schema": "reference"},
    },
    "sources": {"source.raw": {"schema": "raw"}},
}


@pytest.mark.parametrize(("test", "shown"), [("test.of_marts", "Jane Doe"), ("test.of_staging", WITHHELD)])
def test_texts_are_shown_of_published_tables_alone(test: str, shown: str) -> None:
    with duckdb.connect() as connection:
        rows = _failing_rows(
            connection, "select 'Jane Doe' as who, 7 as row_number", _reads_what_is_published(MANIFEST, test)
        )
    assert rows == [{"who": shown, "row_number": "7"}]


def test_a_failed_check_names_row_and_value() -> None:
    rows = [{"area_code": "E07000133", "period_label": "2021-04", "measure": -1, "holds": False}, {}]
    rule = "No value is below zero."
    assert broken(rule, 2, rows) == f"{rule} Not so in 2 rows, the first: area_code E07000133, {REST}"
    assert broken(rule, 1, [{"value": None}]) == f"{rule} Not so in one row: value missing."
    wide = {f"column_{number}": number for number in range(30)}
    assert broken(rule, 1, [wide]).endswith(", column_6 6, column_29 29.")
    assert broken(rule, 0, []) == rule


def test_an_error_of_the_sql_tells_no_value() -> None:
    with duckdb.connect() as connection:
        rows = _failing_rows(connection, "select cast('Jane Doe' as integer)", shows_texts=True)
    assert rows == "the test's SQL could not be run: ConversionException"


@pytest.mark.parametrize(
    ("of_model", "of_test", "well"),
    [
        ("success", "pass", True),
        ("success", "fail", False),
        ("success", "warn", False),
        ("success", "error", False),
        ("success", "skipped", False),
        ("success", None, False),
        ("error", "pass", False),
        ("skipped", "pass", False),
    ],
)
def test_all_went_well_where_each_was_built_or_passed(of_model: str, of_test: str | None, well: bool) -> None:
    """A test that a selection left out did not go well."""
    statuses = {"model.small.cells": of_model, "test.small.of_rows": of_test, "model.small.other": "error"}
    results = [{"unique_id": name, "status": status} for name, status in statuses.items() if status]
    assert went_well({"results": results}, {"model.small.cells", "test.small.of_rows"}) is well
