"""The reference seeds say what the frameworks say: read as CSV, without a warehouse."""

import csv
import itertools
import re
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta

import pytest
import yaml

from tests.seeds import SEEDS, seed_rows
from tests.warehouse.warehouse import DBT_PROJECT, REPOSITORY, SHARED

REFERENCE = DBT_PROJECT / "reference"
LAST_OF_OLD, FIRST_OF_NEW = date(2008, 3, 31), date(2008, 4, 1)
MARCH_2008, APRIL_2008 = date(2008, 3, 1), FIRST_OF_NEW
CRIME, INCIDENTS, FIRES = "police/recorded_crime", "police/incidents", "fire/incidents"
DAMAGE = {f"58{letter}" for letter in "ABCDEFGH"}
Row = dict[str, str]


def seed(name: str) -> list[Row]:
    return seed_rows(name)


def span(row: Row) -> tuple[date, date]:
    """Return the first and last day on which a dated row holds."""
    return date.fromisoformat(row["valid_from"] or "0001-01-01"), date.fromisoformat(row["valid_to"] or "9999-12-31")


def holds(row: Row, month: date) -> bool:
    first, last = span(row)
    return first <= month <= last


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


def test_every_measure_has_a_category_of_its_own_feed() -> None:
    feeds = {row["measure_code"]: row["source_feed"] for row in seed("measures")}
    rows = seed("measure_categories")
    assert len(feeds) == len(seed("measures"))
    assert {row["measure_code"] for row in rows} == set(feeds)
    assert all(row["source_feed"] == feeds[row["measure_code"]] for row in rows)
    assert len({(row["measure_code"], row["category"]) for row in rows}) == len(rows)


def indicators_with_a_formula() -> list[Row]:
    """Return the indicators of the catalogue but those that nothing here can give, which say why and have none."""
    rows = seed("indicator_catalogue")
    without = [row for row in rows if not row["formula_kind"]]
    for row in without:
        assert row["availability"] in {"not_collected", "not_measurable_here"}, row["indicator_code"]
        assert row["availability_reason"], row["indicator_code"]
        assert not row["numerator_measure"] + row["source_feed"] + row["allowed_area_levels"], row["indicator_code"]
    assert [row["indicator_code"] for row in without] == ["NI26", "NI28", "NI29", "NI34", "NI38"]
    return [row for row in rows if row["formula_kind"]]


def test_every_indicator_stands_on_a_measure_of_its_feed() -> None:
    feeds = {row["measure_code"]: row["source_feed"] for row in seed("measures")}
    for row in indicators_with_a_formula():
        if row["formula_kind"] in {"gap", "sum"}:
            # It stands on other indicators.
            assert not row["numerator_measure"] + row["denominator_measure"]
            continue
        assert feeds[row["numerator_measure"]] == row["source_feed"], row["indicator_code"]
        if row["denominator_measure"]:
            assert feeds[row["denominator_measure"]] == row["source_feed"], row["indicator_code"]


POPULATIONS = {"population", "households", *(f"population {row['age_group']}" for row in seed("age_groups"))}


def by_measure(row: Row) -> bool:
    """Tell whether one measure is divided by another, and by no population."""
    return bool(not row["denominator"] and row["denominator_measure"])


def test_formulas_name_what_they_divide_by() -> None:
    expected: dict[str, Callable[[Row], object]] = {
        "count": lambda row: (
            not row["denominator"] and not row["denominator_measure"] and float(row["multiplier"]) == 1
        ),
        "rate": lambda row: row["denominator"] in POPULATIONS and not row["denominator_measure"],
        "standardised_rate": lambda row: row["denominator"] and not row["denominator_measure"],
        "percentage": lambda row: by_measure(row) and row["multiplier"] == "100",
        "weighted_percentage": lambda row: by_measure(row) and row["multiplier"] == "100",
        "percentage_difference": lambda row: by_measure(row) and row["multiplier"] == "100",
        "ratio": by_measure,
        "mean_score": by_measure,
        **dict.fromkeys(
            ("gap", "sum"),
            lambda row: not row["numerator_measure"] and not row["denominator"] and not row["denominator_measure"],
        ),
        "rolling_average_change": lambda row: (
            not row["denominator"] and row["frequency"] == "calendar_year" and row["multiplier"] == "100"
        ),
    }
    for row in indicators_with_a_formula():
        assert expected[row["formula_kind"]](row), row["indicator_code"]


def test_indicators_keep_to_the_levels_that_their_feed_is_placed_at() -> None:
    placed = defaultdict(set)
    for row in seed("feed_area_levels"):
        placed[row["source_feed"]].add(row["area_level"])
    published = {row["area_level"] for row in seed("indicator_area_levels")}
    for row in indicators_with_a_formula():
        levels = set(row["allowed_area_levels"].split(";"))
        assert levels <= placed[row["source_feed"]] & published, row["indicator_code"]
        if row["indicator_code"].startswith("NI"):
            services = {"force", "fire_service", "yot_area", "dat_area", "marac_area", "pct_area"}
            assert levels <= services | {"county", "district"}, row["indicator_code"]


def test_every_indicator_has_a_kind_of_period_at_each_of_its_levels() -> None:
    of_frequency, of_level = defaultdict(set), defaultdict(set)
    for row in seed("frequency_period_types"):
        of_frequency[row["frequency"]].add(row["period_type"])
    for row in seed("indicator_area_levels"):
        of_level[row["area_level"]].add(row["period_type"])
    for row in indicators_with_a_formula():
        for level in row["allowed_area_levels"].split(";"):
            assert of_frequency[row["frequency"]] & of_level[level], (row["indicator_code"], level)


def test_the_register_is_complete() -> None:
    rows = {row["indicator_code"]: row for row in seed("indicator_catalogue")}
    assert len(rows) == len(seed("indicator_catalogue"))
    register = "NI15 NI16 NI20 NI15-20 NI33I NI33II NI47 NI48 NI49I NI49II NI49III CS2 ASB BCS"
    local = "LOC-BDW LOC-TOMV LOC-TFMV LOC-CD LOC-ARSON LOC-ROBBERY LOC-SAC-CD LOC-ALCOHOL-VIOLENCE LOC-ALL-CRIME"
    assert set(f"{register} {local}".split()) <= set(rows)
    assert (rows["CS2"]["polarity"], rows["CS2"]["polarity_contested"]) == ("higher_is_better", "true")
    assert rows["ASB"]["polarity_contested"] == "true"
    assert rows["NI33I"]["multiplier"] == "10000"
    assert rows["NI49I"]["multiplier"] == "100000"
    assert rows["LOC-BDW-HOUSEHOLDS"]["denominator"] == "households"
    assert all(row["definition_status"] == "unverified" for code, row in rows.items() if code.startswith("NI"))


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
            assert re.fullmatch(r"[1-9]\d{0,2}/(0|[1-9]\d?)", row["spelling"]), row["spelling"]
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
            number = row["spelling"].split("/")[0]
            line = [row["category"], *successors[row["category"]]]
            line += [code for code, others in successors.items() if row["category"] in others]
            assert number in {"".join(re.findall(r"^\d+", code)) for code in line}, row


def test_every_cause_of_fire_that_a_contract_takes_has_a_meaning() -> None:
    """Deliberate includes suspected, doubtful and malicious; a cause that nobody knows counts with accidental."""
    meaning = {row["spelling"]: row["category"] for row in seed("category_spellings") if row["source_feed"] == FIRES}
    for name in ("incidents", "incidents.avon", "incidents.fdr"):
        contract = yaml.safe_load((REPOSITORY / f"sources/contracts/fire/{name}.odcs.yaml").read_text())
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


def test_violence_and_fire_break_where_they_changed() -> None:
    breaks = {(row["measure_code"], row["break_date"]) for row in seed("series_breaks")}
    measures = {row["measure_code"]: row["source_feed"] for row in seed("measures")}
    assert {code for code, _ in breaks} <= set(measures)
    assert ("ni_15_most_serious_violence", "2008-04-01") in breaks
    assert ("ni_20_assault_with_injury", "2008-04-01") in breaks
    assert ("ni_15_and_20_violence_with_injury", "2008-04-01") not in breaks, "it is the fallback across the break"
    assert {code for code, feed in measures.items() if feed == "fire/incidents"} == {
        code for code, day in breaks if day == "2009-04-01"
    }


def test_dated_rows_begin_with_a_month_and_end_with_one() -> None:
    for name in ("offences", "measure_categories", "category_spellings", "incident_categories"):
        for row in seed(name):
            first, last = span(row)
            assert first < last, (name, row)
            assert first.day == 1, (name, row)
            assert last == date.max or (last + timedelta(days=1)).day == 1, (name, row)
    assert LAST_OF_OLD + timedelta(days=1) == FIRST_OF_NEW


def test_every_definition_says_how_sure_it_is_and_where_it_comes_from() -> None:
    for path in sorted(SEEDS.rglob("*.csv")):
        for row in seed(path.stem):
            if "definition_status" in row:
                assert row["definition_status"] in {"verified", "unverified", "proxy"}, (path.name, row)
            if "source" in row:
                assert row["source"].strip(), (path.name, row)
                assert "/" not in row["source"] or "shared/" not in row["source"], (path.name, row)
            if row.get("definition_status") == "verified":
                assert "own knowledge" not in row.get("source", "").lower(), (path.name, row)


def test_aliases_and_places_lead_to_known_districts_and_wards() -> None:
    with (REFERENCE / "districts.csv").open(newline="") as file:
        districts = {row["district_code"]: row for row in csv.DictReader(file)}
    with (REFERENCE / "wards.csv").open(newline="") as file:
        wards = {row["ward_code"]: row["ward_name"] for row in csv.DictReader(file)}
    aliases = {row["alias"]: row["area_code"] for row in seed("area_aliases")}
    assert (aliases["stats19:365"], aliases["stats19:364"]) == ("E07000133", "E06000016")
    for name in ("counties", "home_area_districts", "beats", "local_areas"):
        assert {row["district_code"] for row in seed(name)} <= set(districts)
    assert set(aliases.values()) <= set(districts)
    parts = seed("local_area_parts")
    assert {row["part_code"] for row in parts if row["part_kind"] == "ward"} <= set(wards)
    assert {row["part_code"] for row in parts if row["part_kind"] == "beat"} <= {
        row["beat_code"] for row in seed("beats")
    }
    town = [wards[row["part_code"]] for row in parts if row["area_code"] == "MELTON-MOWBRAY"]
    assert len(town) == 6
    assert all(name.startswith("Melton ") for name in town)


def test_the_peer_group_is_illustrative_and_none_is_claimed_for_melton() -> None:
    assert {row["status"] for row in seed("peer_groups")} == {"illustrative"}
    assert all("ILLUSTRATIVE" in row["title"] for row in seed("peer_groups"))
    with (REFERENCE / "partnerships.csv").open(newline="") as file:
        partnerships = {row["csp_code"] for row in csv.DictReader(file)}
    assert {row["area_code"] for row in seed("peer_group_members")} <= partnerships


def test_counts_published_by_the_home_office_belong_to_partnerships_only() -> None:
    levels = {
        row["allowed_area_levels"]
        for row in seed("indicator_catalogue")
        if row["source_feed"].startswith("home_office/")
    }
    assert levels == {"csp"}


def test_published_annual_counts_are_all_counted() -> None:
    """Each offence code of the Home Office file and each heading of the ONS table has its measure."""
    if not SHARED.exists():
        pytest.skip(f"the originals are not in {SHARED}")
    counted = {
        row["category"]
        for row in seed("measure_categories")
        if row["source_feed"] in {"home_office/csp_recorded_crime_annual", "home_office/csp_headline_crime"}
    }
    with (SHARED / "home_office" / "crime_data_by_csp.csv").open(newline="", encoding="utf-8-sig") as file:
        codes = {row["Offence Code"] for row in csv.DictReader(file)}
    table = SHARED / "home_office" / "ons_la_crime_policeforceareatablesyejune25final.csv"
    with table.open(newline="", encoding="utf-8-sig") as file:
        headings = next(row for row in csv.reader(file) if len(row) > 6 and row[6].startswith("Total recorded crime"))[
            6:
        ]
    names = {re.sub(r"\W+", "_", heading.split("\n")[0].strip().lower()) for heading in headings}
    assert counted == codes | {f"headline: {name}" for name in names}


def sampled(name: str) -> list[Row]:
    """Return a list of the sample generator, whose made-up rows must be lost for no spelling."""
    path = REPOSITORY / "sources" / "samples" / "plan_time" / f"{name}.csv"
    if not path.exists():
        pytest.skip("the sample generator is not there")
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


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


def test_labels_of_targets_have_no_stray_punctuation() -> None:
    assert [row["label"] for row in seed("plan_targets") if re.search(r"[,;:]\s*[,;:]", row["label"])] == []
