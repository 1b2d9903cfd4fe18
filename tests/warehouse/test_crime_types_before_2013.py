"""The crime types that data.police.uk had before May 2013 count as today's where they can, and as no zero elsewhere."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from tests.warehouse.conftest import Build
from tests.warehouse.street_data_folder import MELTON, StreetDataFolder
from tests.warehouse.warehouse import Warehouse

DISTRICT = "E07000133"
SIX = ["Burglary", "Violent crime", "Other crime"]
ELEVEN = [*SIX, "Public disorder and weapons", "Drugs"]
FOURTEEN = ["Burglary", "Violence and sexual offences", "Other crime", "Public order", "Drugs", "Bicycle theft"]


@pytest.fixture(scope="module")
def old(built: Build) -> Warehouse:
    def fill(root: Path) -> None:
        folder = StreetDataFolder(root)
        for month in pd.period_range("2011-04", "2014-05", freq="M"):
            types = SIX if str(month) < "2011-09" else ELEVEN if str(month) < "2013-05" else FOURTEEN
            folder.deliver(str(month), [(MELTON, kind) for kind in types for _ in range(10)])

        # Somebody cut this month to one type.
        folder.deliver("2014-06", [(MELTON, "Burglary")] * 60)

    return built("old_crime_types", fill, date(2014, 6, 30))


@pytest.mark.parametrize(
    ("indicator", "period", "value"),
    [
        ("OD-VIOLENCE-AND-SEXUAL-OFFENCES", "2011/12", 120),
        ("OD-VIOLENCE-AND-SEXUAL-OFFENCES", "2013/14", 120),
        ("OD-TOTAL-RECORDED-CRIME", "2011/12", 5 * 30 + 7 * 50),
        ("OD-TOTAL-RECORDED-CRIME", "2012/13", 12 * 50),
        ("OD-PUBLIC-ORDER", "2012/13", 120),
    ],
)
def test_old_types_count_as_those_of_today(old: Warehouse, indicator: str, period: str, value: int) -> None:
    (found,) = _figures(old, indicator, period)["value"]
    assert found == value


@pytest.mark.parametrize(
    ("indicator", "period", "months"),
    [
        ("OD-DRUGS", "2011/12", "before September 2011 in 2011-04, 2011-05, 2011-06, 2011-07, 2011-08"),
        ("OD-BICYCLE-THEFT", "2012/13", "before May 2013 in 2012-04"),
        ("OD-BICYCLE-THEFT", "2013/14", "before May 2013 in 2013-04"),
    ],
)
def test_a_type_that_there_was_not_is_missing_and_never_zero(
    old: Warehouse, indicator: str, period: str, months: str
) -> None:
    (found,) = _figures(old, indicator, period).itertuples()
    assert pd.isna(found.value)
    assert months in str(found.note)


@pytest.mark.parametrize("indicator", ["OD-DRUGS", "OD-TOTAL-RECORDED-CRIME"])
def test_a_file_of_one_type_alone_says_nothing_of_the_others(old: Warehouse, indicator: str) -> None:
    (burglaries,) = _figures(old, "OD-BURGLARY", "2014-06")["value"]
    assert burglaries == 60
    (found,) = _figures(old, indicator, "2014-06").itertuples()
    assert pd.isna(found.value)
    assert "the file holds rows of one crime type alone in 2014-06" in str(found.note)


def test_what_a_file_of_one_type_counts_of_other_measures_is_not_published(old: Warehouse, small: Warehouse) -> None:
    """Total recorded crime of the month would be its burglaries."""
    counted = "value > 0 and month = date '{}' and area_level = 'district'"
    assert {"burglary", "total_recorded_crime"} < set(
        old.table("measure_values", counted.format("2014-05-01")).measure_code
    )
    assert set(old.table("measure_values", counted.format("2014-06-01")).measure_code) == {"burglary"}
    assert old.failed_data_tests(small, "measure_values_equal_raw_counts") == []


@pytest.mark.parametrize("measure", ["other_crime", "other_theft", "public_order", "violence_and_sexual_offences"])
def test_a_comparison_across_the_change_says_so(old: Warehouse, measure: str) -> None:
    indicator = f"OD-{measure.upper().replace('_', '-')}"
    (found,) = _figures(old, indicator, "2013/14").itertuples()
    assert not found.comparable
    assert "April 2013" in str(found.note) or "1 May 2013" in str(found.note)


def _figures(warehouse: Warehouse, indicator: str, period: str) -> pd.DataFrame:
    return warehouse.table(
        "indicator_values",
        f"indicator_code = '{indicator}' and area_code = '{DISTRICT}' and period_label = '{period}'",
    )
