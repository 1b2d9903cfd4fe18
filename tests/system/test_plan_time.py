"""The whole sample: real open data and synthetic plan-time extracts side by side, published by the real nightly job.

Figures are checked against what the plan of 2008-11 states, and against counts made here with pandas from the extracts
as they lie in the landing folder, later versions of a month in place of earlier ones.
"""

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from sources.samples import synthetic
from tests.seeds import seed_file
from tests.system.conftest import Warehouse

pytestmark = pytest.mark.system

MELTON, TOWN = "E07000133", "MELTON-MOWBRAY"
FROM_APRIL_2008 = pd.Timestamp("2008-04-01")
# Home Office classes of NI 16, by the month of recording.
SERIOUS_ACQUISITIVE = {
    "before": {"28", "29", "34A", "34B", "37.2", "45", "48"},
    "after": {"28A", "28B", "28C", "28D", "29", "34A", "34B", "37.2", "45", "48"},
}


@pytest.fixture(scope="module")
def published(whole_sample: Warehouse) -> Warehouse:
    return whole_sample


def values(
    warehouse: Warehouse, indicator: str, area: str = MELTON, period_type: str = "financial_year"
) -> dict[str, float]:
    rows = warehouse.query(
        f"select period_label, value from indicator_values where indicator_code = '{indicator}' "
        f"and area_code = '{area}' and period_type = '{period_type}' and value is not null"
    )
    return dict(rows)


def codes_of_the_plan() -> list[str]:
    """Return every indicator that the tables of a plan name, as each published code is read."""
    seed = seed_file("plan_indicator_links")
    with seed.open(newline="") as file:
        return sorted({row["indicator_code"] for row in csv.DictReader(file)})


@pytest.mark.parametrize("code", codes_of_the_plan())
def test_every_code_of_the_plan_has_a_value_or_a_reason(published: Warehouse, code: str) -> None:
    [(values_shown, availability, reason)] = published.query(
        "select count(shown.value), any_value(availability), any_value(availability_reason) "
        f"from indicators left join indicator_values as shown using (indicator_code) where indicator_code = '{code}'"
    )
    explained = availability in {"not_collected", "no_national_series", "not_measurable_here"} and reason
    assert values_shown > 0 or explained, (code, availability, reason)


def test_crime_fell_by_nine_percent_and_was_yet_the_highest_of_four_years(published: Warehouse) -> None:
    years = values(published, "BCS")
    assert round(100 * (years["2007/08"] / years["2003/04"] - 1)) == -9
    assert 190 <= years["2003/04"] - years["2007/08"] <= 210
    assert years["2007/08"] == max(years[year] for year in ("2004/05", "2005/06", "2006/07", "2007/08"))


@pytest.mark.parametrize(
    ("indicator", "share"),
    [("BCS-SHARE-CRIMINAL-DAMAGE", 40), ("BCS-SHARE-THEFT-FROM-VEHICLE", 17), ("BCS-SHARE-BURGLARY-DWELLING", 11)],
)
def test_shares_of_comparator_crime_are_the_plans(published: Warehouse, indicator: str, share: int) -> None:
    assert round(values(published, indicator)["2007/08"]) == share


def test_domestic_abuse_incidents_are_within_the_plans_band(published: Warehouse) -> None:
    years = values(published, "CS2")
    assert all(years[year] > 400 for year in ("2005/06", "2006/07", "2007/08"))
    months = values(published, "CS2", period_type="month")
    assert len([month for month in months if "2005-04" <= month <= "2008-03"]) == 36
    assert all(33 <= count <= 50 for month, count in months.items() if "2005-04" <= month <= "2008-03")


def test_anti_social_behaviour_complaints_are_the_plans(published: Warehouse) -> None:
    assert values(published, "ASB")["2007/08"] > 1500
    assert values(published, "LOC-UNDERAGE-DRINKING")["2007/08"] == 521


def test_more_than_half_of_crime_is_in_the_town(published: Warehouse) -> None:
    town, borough = values(published, "LOC-ALL-CRIME", TOWN), values(published, "LOC-ALL-CRIME")
    assert all(town[year] > borough[year] / 2 for year in borough)


def test_real_and_synthetic_stand_side_by_side_and_never_together(published: Warehouse) -> None:
    assert values(published, "OD-SERIOUS-ACQUISITIVE-CRIME")["2021/22"] == 326
    by_feed = dict(
        published.query(
            "select source_feed, list(distinct v.is_synthetic order by v.is_synthetic) "
            "from indicator_values as v join indicators using (indicator_code) where value is not null "
            "group by source_feed"
        )
    )
    assert by_feed.pop("police/street_crime") == [False]
    assert set(map(tuple, by_feed.values())) == {(True,)}
    with (synthetic.PLAN_TIME / "extracts.csv").open(newline="", encoding="utf-8") as text:
        assert set(by_feed) == {line["feed"] for line in csv.DictReader(text)} - {"ons/population"}


def extracts(warehouse: Warehouse, feed: str) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield every extract of a feed, as text, by its name."""
    for path in sorted((warehouse.root / "landing" / feed).iterdir()):
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                for name in archive.namelist():
                    yield name, read(name, archive.read(name))
        else:
            yield path.name, read(path.name, path.read_bytes())


def read(name: str, content: bytes) -> pd.DataFrame:
    if Path(name).suffix == ".xlsx":
        return pd.read_excel(io.BytesIO(content), dtype=str, engine="calamine")
    return pd.read_csv(io.BytesIO(content), dtype=str, encoding_errors="replace", on_bad_lines="skip")


@pytest.fixture(scope="module")
def crimes(published: Warehouse) -> pd.DataFrame:
    """Every crime in its latest version, with its month and class, read from the landing folder with pandas alone."""
    latest: dict[str, tuple[str, pd.DataFrame]] = {}
    for name, rows in extracts(published, "police/recorded_crime"):
        month = Path(name).name[:7]
        version = name.partition("-synthetic")[2]
        if month not in latest or version > latest[month][0].replace(".csv", "").replace(".xlsx", ""):
            latest[month] = (version.replace(".csv", "").replace(".xlsx", ""), rows)
    frames = [rows.assign(month=pd.Timestamp(f"{month}-01")) for month, (_, rows) in latest.items()]
    together = pd.concat(frames)
    # Total rows and damaged ones carry no such flag.
    return together[together["No Crime"].isin(["Y", "N"])].reset_index(drop=True)


def test_serious_acquisitive_crime_equals_a_count_from_the_extracts(published: Warehouse, crimes: pd.DataFrame) -> None:
    era = crimes["month"].lt(FROM_APRIL_2008).map({True: "before", False: "after"})
    is_counted = (crimes["No Crime"] == "N") & crimes["Transferred To"].isna()
    is_in_class = [code in SERIOUS_ACQUISITIVE[when] for code, when in zip(classes_of(crimes), era, strict=True)]
    chosen = crimes[is_counted & pd.Series(is_in_class)]
    expected = chosen.groupby(chosen["month"].dt.strftime("%Y-%m")).size().to_dict()
    rejected = dict(
        published.query(
            "select strftime(period_start, '%Y-%m'), rows_rejected from deliveries "
            "where feed = 'recorded_crime' and status in ('accepted', 'partly_accepted')"
        )
    )
    found = values(published, "NI16-COUNT", period_type="month")
    assert len(found) == 96
    # A rejected row, such as a repeated crime number, is in the extract and not in the count.
    assert {
        month: (value, expected[month], rejected[month])
        for month, value in found.items()
        if not 0 <= expected[month] - value <= rejected[month]
    } == {}


def classes_of(crimes: pd.DataFrame) -> pd.Series:
    """Return the class of each crime: a subcode (028/01, 2801) is looked up in the list of spellings for its month."""
    spellings = pd.read_csv(seed_file("category_spellings"), dtype=str)
    spellings = spellings[spellings["source_feed"] == "police/recorded_crime"]
    slashed = crimes["HO Class"].str.replace(r"^(\d{2,3})(\d\d)$", r"\1/\2", regex=True)
    # 028 is a class and 2801 a class with its subcode: three digits are never split.
    slashed = slashed.where(crimes["HO Class"].str.len() > 3, crimes["HO Class"])
    sent = slashed.str.lstrip("0").str.replace("/0", "/")
    rows = pd.DataFrame({"spelling": sent.to_numpy(), "month": crimes["month"].to_numpy()}).reset_index()
    found = rows.merge(spellings, on="spelling", how="left")
    month = found["month"].dt.strftime("%Y-%m-%d")
    in_force = (found["valid_from"].fillna("") <= month) & (month <= found["valid_to"].fillna("9999"))
    category = found[in_force].set_index("index")["category"].dropna()
    return rows["spelling"].where(~rows.index.isin(category.index), category.reindex(rows.index))


def test_every_row_is_accounted_for(published: Warehouse) -> None:
    assert (
        published.query(
            "select feed, period_start, sum(row_count) from row_accounts group by all "
            "except select agency || '/' || feed, period_start, sum(rows_delivered) from deliveries "
            "where status in ('accepted', 'partly_accepted') group by all"
        )
        == []
    )


def test_a_target_over_the_violence_break_is_not_comparable(published: Warehouse) -> None:
    [(comparable, note)] = published.query(
        "select comparable, note from target_vs_baseline where target_id = 'MASCP-2008-11-SVC' and months_elapsed = 12"
    )
    assert not comparable
    assert "1 April 2008" in note


@pytest.mark.parametrize(
    ("indicator", "area", "period"),
    [
        ("NI16", MELTON, "2007/08"),
        ("CS2", MELTON, "2007-11"),
        ("NI47", MELTON, "2008"),
        ("NI33II", "E10000018", "2008/09"),
        ("NI 17", "Melton", "2008/09"),
        ("NI 39", "pct_area", "2008/09"),
        ("NI 40", "drug action", "12 months to 2008-06"),
        ("NI25-GAP-SEX", "Melton", "2008/09"),
        ("LOC-ASB-COMPLAINTS", "Melton", "12 months to 2009-01"),
    ],
)
def test_a_figure_leads_to_its_rows(published: Warehouse, indicator: str, area: str, period: str) -> None:
    ended = published.csp("trace", indicator, area, period)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "-synthetic" in ended.stdout


def test_restated_months_say_which_records_moved(published: Warehouse) -> None:
    movements = {
        movement
        for (movement,) in published.query(
            "select distinct movement from revised_records where feed = 'police/recorded_crime'"
        )
    }
    assert {"reclassified", "no-crimed", "new", "removed"} <= movements
    assert published.query(
        "select count(*) from revisions where feed = 'police/recorded_crime' and movements is null"
    ) == [(0,)]
