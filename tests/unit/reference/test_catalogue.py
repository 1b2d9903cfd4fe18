"""The catalogue of indicators, their measures, levels and breaks, and the places that they are of."""

import csv
import re
from collections import defaultdict
from collections.abc import Callable
from datetime import date

import pytest

from sources.contract.load import load_contracts
from sources.partnership.tables import tables
from tests.places import SHARED
from tests.seeds import SEEDS, Row, holds, reference_rows, rows_of
from tests.seeds import seed_rows as seed


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
    assert [row["indicator_code"] for row in without] == [
        *(
            "OD-STOPS-DISPROPORTIONALITY",
            "SVD-SERIOUS-VIOLENCE",
            "SSM-KNIFE-CRIME",
            "SPI3.1",
            "SPI3.2",
            "NI26",
            "NI28",
            "NI29",
            "NI34",
            "NI38",
        ),
    ]
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
    for row in seed("shipped_feed_area_levels"):
        placed[row["source_feed"]].add(row["area_level"])
    for contract in load_contracts().values():
        placed[contract.key].update(contract.counted_as.area_levels if contract.counted_as else ())
    published = {row["area_level"] for row in seed("indicator_area_levels")}
    for row in indicators_with_a_formula():
        levels = set(row["allowed_area_levels"].split(";"))
        assert levels <= placed[row["source_feed"]] & published, row["indicator_code"]
        # A national rate is defined for authorities; its count may go down to listed neighbourhoods.
        if row["indicator_code"].startswith("NI") and row["formula_kind"] != "count":
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


def test_violence_and_fire_break_where_they_changed() -> None:
    days = {row["break_code"]: row["break_date"] for row in seed("series_break_events")}
    breaks = {(row["measure_code"], days[row["break_code"]]) for row in seed("series_break_measures")}
    measures = {row["measure_code"]: row["source_feed"] for row in seed("measures")}
    assert {code for code, _ in breaks} <= set(measures)
    assert ("ni_15_most_serious_violence", "2008-04-01") in breaks
    assert ("ni_20_assault_with_injury", "2008-04-01") in breaks
    assert ("ni_15_and_20_violence_with_injury", "2008-04-01") not in breaks, "it is the fallback across the break"
    assert {code for code, feed in measures.items() if feed == "fire/incidents"} == {
        code for code, day in breaks if day == "2009-04-01"
    }


def test_every_definition_says_how_sure_it_is_and_where_it_comes_from() -> None:
    for name in sorted({*(path.stem for path in SEEDS.rglob("*.csv")), *tables()}):
        for row in seed(name):
            if "definition_status" in row:
                assert row["definition_status"] in {"verified", "unverified", "proxy"}, (name, row)
            if "source" in row:
                assert row["source"].strip(), (name, row)
                assert "/" not in row["source"] or "shared/" not in row["source"], (name, row)
            if row.get("definition_status") == "verified":
                assert "own knowledge" not in row.get("source", "").lower(), (name, row)


def test_aliases_and_places_lead_to_known_districts_and_wards() -> None:
    districts = {row["district_code"] for row in reference_rows("districts")}
    wards = {row["ward_code"]: row["ward_name"] for row in reference_rows("wards")}
    aliases = {row["alias"]: row["area_code"] for row in seed("area_aliases")}
    assert (aliases["stats19:365"], aliases["stats19:364"]) == ("E07000133", "E06000016")
    for name in ("counties", "home_area_districts", "beats", "local_areas"):
        assert {row["district_code"] for row in seed(name)} <= districts
    assert set(aliases.values()) <= districts
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
    partnerships = {row["csp_code"] for row in reference_rows("partnerships")}
    assert {row["area_code"] for row in seed("peer_group_members")} <= partnerships


def test_similar_areas_are_twenty_others_of_each_district_and_no_most_similar_group() -> None:
    senses = {row["sense"] for row in seed("similar_area_senses")}
    lists = defaultdict(set)
    for row in reference_rows("similar_areas"):
        near = row["similar_area_codes"].split(";")
        assert len(set(near) - {row["area_code"]}) == 20, row["area_code"]
        lists[row["area_code"]].add(row["sense"])
    assert lists["E07000133"] == senses
    assert all(listed == senses for listed in lists.values())
    assert not any("most similar" in row["title"].lower() for row in seed("similar_area_senses"))


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
        and holds(row, date(2011, 4, 1))
    }
    codes = {row["Offence Code"] for row in rows_of(SHARED / "home_office" / "crime_data_by_csp.csv")}
    table = SHARED / "home_office" / "ons_la_crime_policeforceareatablesyejune25final.csv"
    with table.open(newline="", encoding="utf-8-sig") as file:
        headings = next(row for row in csv.reader(file) if len(row) > 6 and row[6].startswith("Total recorded crime"))[
            6:
        ]
    names = {re.sub(r"\W+", "_", heading.split("\n")[0].strip().lower()) for heading in headings}
    assert counted == codes | {f"headline: {name}" for name in names}


def test_labels_of_targets_have_no_stray_punctuation() -> None:
    assert [row["label"] for row in seed("plan_targets") if re.search(r"[,;:]\s*[,;:]", row["label"])] == []


def test_forms_of_an_indicator_are_of_one_that_is_no_form_itself() -> None:
    main = {row["indicator_code"]: row["main_indicator_code"] for row in seed("indicator_catalogue")}
    assert (main["NI16-COUNT"], main["NI25-GAP"], main["NI16"]) == ("NI16", "NI25", "")
    assert {of for of in main.values() if of and main[of]} == set()
    assert {row["indicator_code"] for row in seed("framework_indicators") if main[row["indicator_code"]]} == set()


def test_strands_of_a_plan_cover_headings_of_their_framework_once() -> None:
    headings = {(row["framework"], row["domain_number"]) for row in seed("framework_indicators")}
    covered = [
        (row["plan_id"], row["framework"], number)
        for row in seed("plan_framework_strands")
        for number in row["domain_numbers"].split(";")
    ]
    assert len(set(covered)) == len(covered)
    assert {(framework, number) for _, framework, number in covered} <= headings
    assert {number for framework, number in headings if framework == "APACS"} == set("12345")
