"""What counts as what: categories, spellings and composites say what the frameworks say, at each time."""

import itertools
import re
from collections import defaultdict
from datetime import date, timedelta

import pytest
import yaml

from tests.places import CONTRACTS, PLAN_TIME
from tests.seeds import Row, holds, rows_of, span
from tests.seeds import seed_rows as seed

LAST_OF_OLD, FIRST_OF_NEW = date(2008, 3, 31), date(2008, 4, 1)
MARCH_2008, APRIL_2008 = date(2008, 3, 1), FIRST_OF_NEW
CRIME, INCIDENTS, FIRES = "police/recorded_crime", "police/incidents", "fire/incidents"
# Numbers that are no class of their own: 130/1 is class 48, 131/1 class 37.2.
OF_ANOTHER_CLASS = {"130": "48", "131": "37"}
DAMAGE = {f"58{letter}" for letter in "ABCDEFGH"}


def categories(measure: str, month: date) -> set[str]:
    return {
        row["category"] for row in seed("measure_categories") if row["measure_code"] == measure and holds(row, month)
    }


def overlapping(rows: list[Row], *key: str) -> list[tuple[Row, Row]]:
    """Return the pairs of rows of one key that hold at the same time."""
    groups = defaultdict(list)
    for row in rows:
        groups[tuple(row[column] for column in key)].append(row)
    return [
        (one, other)
        for group in groups.values()
        for one, other in itertools.combinations(group, 2)
        if span(one)[0] <= span(other)[1] and span(other)[0] <= span(one)[1]
    ]


def incident_headings() -> set[str]:
    return {row["category"] for row in seed("incident_categories")}


@pytest.mark.parametrize("month", [MARCH_2008, APRIL_2008, date(2010, 6, 1)])
def test_serious_acquisitive_crime_holds_no_criminal_damage(month: date) -> None:
    codes = categories("ni_16_serious_acquisitive_crime", month)
    groups = {row["offence_code"]: row["offence_group"] for row in seed("offences")}
    assert codes
    assert not codes & (DAMAGE | {"56", "56A", "56B", "57", "59"})
    assert {groups[code] for code in codes} == {"Burglary", "Robbery", "Offences against vehicles"}


@pytest.mark.parametrize(
    ("measure", "before", "after"),
    [
        ("burglary_dwelling", "28 29", "28A 28B 28C 28D 29"),
        ("ni_16_serious_acquisitive_crime", "28 29 34A 34B 37.2 45 48", "28A 28B 28C 28D 29 34A 34B 37.2 45 48"),
        (
            "ni_15_most_serious_violence",
            "1 2 4.1 4.2 4.3 4.4 4.6 5 6 7 37.1",
            "1 2 4.1 4.2 4.3 4.4 4.6 4.10 5A 5B 5C 6 7 8F 8H 37.1",
        ),
        ("ni_20_assault_with_injury", "8A 8D", "8G 8J 8K"),
        ("arson", "56", "56A 56B"),
        ("theft_from_vehicle", "45", "45"),
        ("theft_of_vehicle", "48 37.2", "48 37.2"),
        ("robbery_business_and_personal", "34A 34B", "34A 34B"),
    ],
)
def test_composites_change_their_codes_on_1_april_2008(measure: str, before: str, after: str) -> None:
    assert categories(measure, MARCH_2008) == set(before.split())
    assert categories(measure, APRIL_2008) == set(after.split())


def test_death_by_careless_driving_counts_from_august_2008() -> None:
    assert "4.8" not in categories("ni_15_most_serious_violence", date(2008, 7, 1))
    assert "4.8" in categories("ni_15_most_serious_violence", date(2008, 8, 1))


@pytest.mark.parametrize("month", [MARCH_2008, APRIL_2008])
def test_violence_with_injury_is_ni_15_and_ni_20_without_overlap(month: date) -> None:
    serious, assault = (
        categories("ni_15_most_serious_violence", month),
        categories("ni_20_assault_with_injury", month),
    )
    assert not serious & assault
    assert categories("ni_15_and_20_violence_with_injury", month) == serious | assault


@pytest.mark.parametrize("month", [MARCH_2008, APRIL_2008])
def test_the_plans_basket_is_ni_16_and_criminal_damage(month: date) -> None:
    assert categories("criminal_damage", month) == DAMAGE
    assert (
        categories("sac_including_criminal_damage", month)
        == categories("ni_16_serious_acquisitive_crime", month) | DAMAGE
    )


@pytest.mark.parametrize("month", [MARCH_2008, APRIL_2008])
def test_bcs_comparator_crime_is_the_sum_of_its_parts(month: date) -> None:
    parts = {row["measure_code"] for row in seed("measures") if re.match("bcs_(?!comparator)", row["measure_code"])}
    codes = [code for part in sorted(parts) for code in sorted(categories(part, month))]
    assert len(parts) == 10
    assert len(codes) == len(set(codes)), "a code lies in two parts"
    assert set(codes) == categories("bcs_comparator_crime", month)


def test_bcs_comparator_crime_includes_arson_and_leaves_business_robbery_out() -> None:
    assert "56" in categories("bcs_comparator_crime", MARCH_2008)
    assert {"56A", "56B"} <= categories("bcs_comparator_crime", APRIL_2008)
    assert "34A" not in categories("bcs_comparator_crime", APRIL_2008)
    assert {"56", "56A", "56B"} & categories("criminal_damage", APRIL_2008) == set()


def test_every_offence_of_a_composite_is_known_and_in_use_throughout() -> None:
    offences = {row["offence_code"]: row for row in seed("offences")}
    feeds = {CRIME, "home_office/csp_recorded_crime", "home_office/csp_recorded_crime_annual"}
    wrong = []
    for row in seed("measure_categories"):
        if row["source_feed"] in feeds:
            offence = offences.get(row["category"])
            if offence is None or span(row)[0] < span(offence)[0] or span(row)[1] > span(offence)[1]:
                wrong.append(row)
    assert not wrong


@pytest.mark.parametrize("month", [date(2003, 4, 1), MARCH_2008, APRIL_2008, date(2011, 3, 1)])
@pytest.mark.parametrize("measure", ["all_recorded_crime", "ho_all_recorded_crime"])
def test_all_recorded_crime_is_every_offence_in_use(measure: str, month: date) -> None:
    assert categories(measure, month) == {row["offence_code"] for row in seed("offences") if holds(row, month)}


def test_offences_that_end_name_successors_that_are_known() -> None:
    offences = {row["offence_code"] for row in seed("offences")}
    for row in seed("offences"):
        assert set(filter(None, row["successor_code"].split(";"))) <= offences, row["offence_code"]


def test_national_indicators_hold_no_flag_of_the_police() -> None:
    feeds = {CRIME, INCIDENTS, "home_office/csp_recorded_crime"}
    rows = (row for row in seed("measure_categories") if row["source_feed"] in feeds)
    tagged = {row["measure_code"] for row in rows if row["required_tag"]}
    assert "alcohol_flagged_violence" in tagged
    assert not {code for code in tagged if code.startswith(("ni_", "ho_", "bcs_"))}


def test_children_count_to_15_and_severity_makes_ksi() -> None:
    rows = {
        (row["measure_code"], row["category"]): row["required_tag"]
        for row in seed("measure_categories")
        if row["source_feed"] == "police/road_casualties"
    }
    assert (
        rows["road_casualties_ksi_children", "fatal"] == rows["road_casualties_ksi_children", "serious"] == "age 0-15"
    )
    assert rows["road_casualties_ksi", "serious"] == ""
    assert ("road_casualties_ksi", "slight") not in rows


def test_spellings_mean_one_category_at_a_time() -> None:
    rows = seed("category_spellings")
    assert not overlapping(rows, "source_feed", "spelling")
    assert not overlapping(seed("measure_categories"), "measure_code", "category")
    assert not overlapping(seed("incident_categories"), "category")


def test_spellings_are_those_that_staging_hands_over() -> None:
    """Class and subcode without leading zeros for offences, lower case for incidents; what they mean is known."""
    known = {row["offence_code"] for row in seed("offences")}
    headings = incident_headings()
    for row in seed("category_spellings"):
        if row["source_feed"] == INCIDENTS:
            assert row["spelling"] == row["spelling"].strip().lower()
            assert row["category"] in headings
            assert row["spelling"] not in headings, "a heading is its own spelling"
        elif row["source_feed"] == FIRES:
            assert row["spelling"] == row["spelling"].strip().lower()
            assert row["category"] in {entry["category"] for entry in seed("measure_categories")}
        else:
            is_subcode = re.fullmatch(r"[1-9]\d{0,2}/(0|[1-9]\d?)", row["spelling"])
            assert is_subcode or row["spelling"] in OF_ANOTHER_CLASS, row["spelling"]
            assert row["category"] in known


def test_no_spelling_means_a_class_that_was_not_in_use() -> None:
    offences = {row["offence_code"]: row for row in seed("offences")}
    for row in seed("category_spellings"):
        if row["source_feed"] not in {INCIDENTS, FIRES}:
            of_class = span(offences[row["category"]])
            assert of_class[0] <= span(row)[0] <= span(row)[1] <= of_class[1], row


def test_a_subcode_means_a_class_of_its_number_or_the_one_that_this_came_from() -> None:
    """9/1 is of class 9A, and of 8C while there was no class 9."""
    successors = {row["offence_code"]: row["successor_code"].split(";") for row in seed("offences")}
    for row in seed("category_spellings"):
        if row["source_feed"] not in {INCIDENTS, FIRES}:
            sent = row["spelling"].split("/")[0]
            number = OF_ANOTHER_CLASS.get(sent, sent)
            line = [row["category"], *successors[row["category"]]]
            line += [code for code, others in successors.items() if row["category"] in others]
            assert number in {"".join(re.findall(r"^\d+", code)) for code in line}, row


def test_every_cause_of_fire_that_a_contract_takes_has_a_meaning() -> None:
    """Deliberate includes suspected, doubtful and malicious; a cause that nobody knows counts with accidental."""
    meaning = {row["spelling"]: row["category"] for row in seed("category_spellings") if row["source_feed"] == FIRES}
    for name in ("incidents", "incidents.avon", "incidents.fdr"):
        contract = yaml.safe_load((CONTRACTS / f"fire/{name}.odcs.yaml").read_text())
        (rule,) = (rule for rule in contract["schema"][0]["quality"] if rule["name"] == "motive_known")
        causes = re.findall(r"'([a-z -]+)'", rule["implementation"].split(" in (")[1])
        assert {f"{kind} {cause}" for kind in ("primary", "secondary") for cause in causes} == {
            *meaning,
            "primary deliberate",
            "secondary deliberate",
        }
    not_deliberate = {spelling for spelling, category in meaning.items() if category.endswith("not deliberate")}
    assert not_deliberate == {
        f"{kind} {cause}" for kind in ("primary", "secondary") for cause in ("accidental", "not known", "unknown")
    }
    assert all(category.split()[0] == spelling.split()[0] for spelling, category in meaning.items())


def test_a_subcode_follows_the_reclassification() -> None:
    def meaning(spelling: str, month: date) -> list[str]:
        return [
            row["category"]
            for row in seed("category_spellings")
            if (row["source_feed"], row["spelling"]) == (CRIME, spelling) and holds(row, month)
        ]

    assert (meaning("28/1", MARCH_2008), meaning("28/1", APRIL_2008)) == (["28"], ["28A"])
    assert (meaning("8/1", MARCH_2008), meaning("8/1", APRIL_2008)) == (["8A"], ["8F"])
    assert (meaning("8/2", MARCH_2008), meaning("8/2", APRIL_2008)) == (["8A"], ["8K"])
    assert (meaning("10/7", MARCH_2008), meaning("10/7", APRIL_2008)) == (["8B"], ["10D"])
    assert meaning("105/1", APRIL_2008) == ["105A"]


def test_every_incident_heading_that_counts_is_listed_while_it_counts() -> None:
    listed = defaultdict(list)
    for row in seed("incident_categories"):
        listed[row["category"]].append(row)
    for row in seed("measure_categories"):
        if row["source_feed"] == INCIDENTS:
            assert any(
                span(entry)[0] <= span(row)[0] and span(row)[1] <= span(entry)[1] for entry in listed[row["category"]]
            ), row


def test_strands_make_up_anti_social_behaviour_and_never_overlap() -> None:
    rows = [row for row in seed("measure_categories") if row["source_feed"] == INCIDENTS]
    strands = {row["category"]: span(row) for row in rows if row["measure_code"].startswith("asb_")}
    total = {row["category"]: span(row) for row in rows if row["measure_code"] == "anti_social_behaviour_incidents"}
    headings = {
        row["category"]: span(row)
        for row in seed("incident_categories")
        if row["heading_group"] == "anti-social behaviour"
    }
    assert strands == total == headings
    assert len([row for row in rows if row["measure_code"].startswith("asb_")]) == len(strands)


def test_anti_social_behaviour_that_became_crime_is_excluded_by_name() -> None:
    excluded = {row["category"]: row["reason"] for row in seed("row_exclusions") if row["tag"] == "crime_result"}
    asb = {row["category"] for row in seed("incident_categories") if row["heading_group"] == "anti-social behaviour"}
    assert set(excluded) == asb
    assert "domestic incident" not in excluded
    assert all(excluded.values())


def test_domestic_abuse_is_crime_and_non_crime() -> None:
    rows = {
        row["measure_code"]: (row["category"], row["required_tag"], row["excluded_tag"])
        for row in seed("measure_categories")
        if row["measure_code"].startswith("domestic_abuse")
    }
    assert rows == {
        "domestic_abuse_incidents": ("domestic incident", "", ""),
        "domestic_abuse_crimes": ("domestic incident", "crime_result", ""),
        "domestic_abuse_non_crime": ("domestic incident", "", "crime_result"),
    }


def test_dated_rows_begin_with_a_month_and_end_with_one() -> None:
    for name in ("offences", "measure_categories", "category_spellings", "incident_categories"):
        for row in seed(name):
            first, last = span(row)
            assert first < last, (name, row)
            assert first.day == 1, (name, row)
            assert last == date.max or (last + timedelta(days=1)).day == 1, (name, row)
    assert LAST_OF_OLD + timedelta(days=1) == FIRST_OF_NEW


def sampled(name: str) -> list[Row]:
    """Return a list of the sample generator, whose made-up rows must be lost for no spelling."""
    return rows_of(PLAN_TIME / f"{name}.csv")


def sampled_months(row: Row) -> list[date]:
    """Return the first and last month of each financial year for which the generator makes rows of this kind."""
    first, last = row["first_month"] or "0001-01", row["last_month"] or "9999-12"
    months = [
        date(int(year[:4]) + years, month, 1)
        for year, number in row.items()
        if re.fullmatch(r"\d{4}/\d{2}", year) and number not in {"", "0"}
        for years, month in ((0, 4), (1, 3))
    ]
    return [month for month in months if first <= f"{month:%Y-%m}" <= last]


def test_sampled_offences_are_in_use_and_their_subcodes_mean_them() -> None:
    offences = {row["offence_code"]: row for row in seed("offences")}
    spellings = [row for row in seed("category_spellings") if row["source_feed"] == CRIME]
    for row in sampled("offences"):
        for month in sampled_months(row):
            meant = {
                s["category"] for s in spellings if s["spelling"] == row["written_with_subcode"] and holds(s, month)
            }
            assert meant == {row["code"]}, (row["code"], row["written_with_subcode"], month)
            assert holds(offences[row["code"]], month), (row["code"], month)


def test_sampled_incident_headings_are_listed() -> None:
    spelt = {row["spelling"] for row in seed("category_spellings") if row["source_feed"] == INCIDENTS}
    written = {row["closing_category"].lower() for row in sampled("incident_categories")}
    assert written <= incident_headings() | spelt
