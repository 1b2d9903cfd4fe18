"""The plan as rows: every code, line and error of the published plan is represented, and its text is left as it is."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.data_folder import ask
from tests.places import DBT_PROJECT, REPOSITORY
from tests.seeds import Row, extended_partnership, rows_of
from tests.seeds import seed_rows as seed
from tests.warehouse.warehouse import Warehouse

PLAN = "MASCP-2008-11"


def of_plan(name: str) -> list[Row]:
    """Return the rows of a seed that belong to the plan of 2008-11."""
    return [row for row in seed(name) if row["plan_id"] == PLAN]


def indicator_tables() -> list[Row]:
    """Return the rows of the plan's indicator tables, as copied from it."""
    return rows_of(Path(__file__).with_name("plan_indicator_tables.csv"))


@pytest.fixture(scope="module")
def published() -> list[str]:
    """The lines of the published plan, which is not part of the repository."""
    folder = REPOSITORY.parent / "shared" / "plan"
    texts = sorted(folder.glob("*.txt"))
    if not texts:
        pytest.skip(f"the published plan is not in {folder}")
    return [re.sub(r"</?[a-z]+[^>]*>|[*#\\]", "", line) for line in texts[0].read_text().splitlines()]


def test_every_row_of_the_indicator_tables_is_linked_as_published() -> None:
    linked = {
        (row["plan_line"], row["published_code"], row["published_text"])
        for row in of_plan("plan_indicator_links")
        if row["published_code"]
    }
    assert linked == {(row["plan_line"], row["published_code"], row["published_text"]) for row in indicator_tables()}


def test_a_published_code_is_read_as_another_only_where_the_note_says_why() -> None:
    differing = {
        (row["published_code"], row["indicator_code"])
        for row in of_plan("plan_indicator_links")
        if row["published_code"].replace(" ", "") != row["indicator_code"]
    }
    assert differing == {
        ("APACS", "SPI4.2"),
        ("APACS", "NI41"),
        ("NI 21 or 27", "NI21"),
        ("NI 21 or 27", "NI27"),
        ("NI19", "NI48"),
        *(("NI 195", f"NI195{part}") for part in "ABCD"),
        ("", "ASB"),
        ("", "LOC-CD"),
        ("", "LOC-BDW"),
        ("", "LOC-TFMV"),
        *(("", f"NI{number}") for number in ("30", "33I", "33II", "111")),
    }
    unexplained = [
        row
        for row in of_plan("plan_indicator_links")
        if row["published_code"].replace(" ", "") != row["indicator_code"] and not row["interpretation_note"]
    ]
    assert unexplained == []


def test_youth_reoffending_is_no_indicator_of_road_safety() -> None:
    codes = {
        row["indicator_code"]
        for row in of_plan("plan_indicator_links")
        if row["priority_code"] == "safety_in_the_borough"
    }
    assert codes == {"NI47", "NI48", "NI21", "NI27"}


def test_a_code_is_published_once_in_a_section() -> None:
    published = {
        (row["priority_code"], row["plan_line"], row["published_code"])
        for row in of_plan("plan_indicator_links")
        if row["published_code"]
    }
    assert len(published) == len({(priority, code) for priority, _, code in published}) == len(indicator_tables())


def test_two_that_the_plan_joins_are_alternatives_of_each_other() -> None:
    joined = {
        (row["plan_line"], row["indicator_code"])
        for row in of_plan("plan_indicator_links")
        if row["link_type"] == "alternative"
    }
    assert joined == {(line, code) for line in ("403", "448") for code in ("NI21", "NI27")}


def test_the_priorities_are_four_and_four_in_the_published_order() -> None:
    rows = of_plan("plan_priorities")
    assert [(row["series"], row["priority_number"], row["plan_line"]) for row in rows] == [
        *(("HL", str(number), str(112 + number)) for number in range(1, 5)),
        *(("XC", str(number), str(119 + number)) for number in range(1, 5)),
    ]
    assert [row["priority_code"] for row in rows if row["section_present"] == "false"] == ["first_time_offending"]


def test_every_known_erratum_is_represented() -> None:
    expected = [
        *(f"E{number}" for number in range(1, 10)),
        *(f"T{number}" for number in range(1, 12)),
        *(f"O{number}" for number in range(1, 17)),
    ]
    assert [row["erratum_id"] for row in of_plan("plan_errata")] == expected


def test_the_neighbourhoods_are_the_three_published_ones() -> None:
    assert [row["published_name"] for row in of_plan("plan_neighbourhoods")] == [
        "Fairmead Estate",
        "Melton Town Centre",
        "Egerton Ward",
    ]


@pytest.mark.parametrize(
    "name", ["plan_statements", "plan_indicator_links", "plan_leads", "plan_partners", "plan_neighbourhoods"]
)
def test_every_row_names_a_priority_and_a_line_of_its_plan(name: str) -> None:
    priorities = {(row["plan_id"], row["priority_code"]) for row in seed("plan_priorities")}
    for row in seed(name):
        assert "priority_code" not in row or (row["plan_id"], row["priority_code"]) in priorities, row
        assert row["plan_line"] or row["plan_id"] != PLAN, row


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("plan_priorities", "published_title", "plan_line"),
        ("plan_priorities", "section_title", "section_line"),
        ("plan_priorities", "section_purpose", "section_purpose_line"),
        ("plan_statements", "published_text", "plan_line"),
        ("plan_indicator_links", "published_text", "plan_line"),
        ("plan_indicator_links", "published_code", "plan_line"),
        ("plan_leads", "published_name", "plan_line"),
        ("plan_name_variants", "published_name", "plan_line"),
        ("plan_neighbourhoods", "published_name", "plan_line"),
        ("plan_partnership_statements", "published_text", "plan_line"),
        ("plan_targets", "published_text", "plan_line"),
        ("plan_framework_strands", "published_text", "plan_line"),
    ],
)
def test_published_text_stands_on_its_line(published: list[str], name: str, text: str, line: str) -> None:
    for row in of_plan(name):
        if row[text]:
            assert row[text].lower() in published[int(row[line]) - 1].lower(), row


def test_every_place_of_a_target_has_its_words(published: list[str]) -> None:
    """A target that is stated twice is worded as its first place, unless the second says otherwise."""
    targets = {row["target_id"]: row for row in of_plan("plan_targets")}
    stated = [row for row in seed("target_priorities") if targets.get(row["target_id"], {}).get("published_text")]
    assert [row["plan_line"] for row in stated] == [
        "187",
        "233",
        "188",
        "234",
        "327",
        "287",
        "287",
        "327",
        "328",
        "329",
        "330",
        "331",
        "599",
    ]
    for row in stated:
        text = row["published_text"] or targets[row["target_id"]]["published_text"]
        assert text in published[int(row["plan_line"]) - 1], row


def test_every_line_of_the_form_is_a_field_with_its_own_text(published: list[str]) -> None:
    """Lines 581 to 603; the label of a field stands on its line or above, alone on three lines."""
    form = {number: " ".join(published[number - 1].split()) for number in range(581, 604)}
    fields = of_plan("plan_framework_fields")
    assert [int(row["field_number"]) for row in fields] == list(range(1, len(fields) + 1))
    for row in fields:
        line = int(row["plan_line"])
        assert row["published_text"] in form[line], row
        assert row["field"] in " ".join(form[number] for number in range(581, line + 1)), row
    labels = {" ".join(row["field"].split()) for row in fields}
    alone = set(form) - {int(row["plan_line"]) for row in fields}
    assert {number: form[number] for number in alone} == {
        587: "Purpose and Priorities",
        590: "Relates To Other Strategies/Priorities",
        592: "Outcomes/Measurable Targets Progress to date",
    }
    assert {"Purpose and Priorities", "Relates To Other Strategies/Priorities", "Progress to date"} <= labels


def test_the_examples_of_the_form_are_its_text_of_targets() -> None:
    (targets,) = [row for row in of_plan("plan_framework_fields") if row["filled_from"] == "targets"]
    examples = of_plan("plan_framework_examples")
    assert " ".join(f"• {row['published_text']}" for row in examples) == targets["published_text"]
    assert {row["plan_line"] for row in examples} == {targets["plan_line"]}


def test_nobody_invents_what_the_meetings_say() -> None:
    assert of_plan("meeting_notes") == []
    assert all(row["note_text"].startswith("ILLUSTRATIVE") for row in seed("meeting_notes"))


def test_what_is_said_of_the_partnership_as_a_whole_is_whole() -> None:
    lines: dict[str, list[int]] = {}
    for row in of_plan("plan_partnership_statements"):
        lines.setdefault(row["kind"], []).append(int(row["plan_line"]))
    assert lines == {
        "mission": [47],
        "assessment_requirement": [82, 83, 84],
        "structure": [460, 462, 464],
        "performance_management": [470, 474, 494],
        "engagement": list(range(520, 526)),
        "equalities": [529, 531, 533],
        "partner_duty": [570, *range(572, 577)],
    }


def test_claims_are_quoted_in_the_plans_own_words_and_order(published: list[str]) -> None:
    for row in of_plan("plan_claims"):
        spans = [re.escape(span) for span in row["published_text"].split(" … ")]
        assert re.search(".*".join(spans), published[int(row["plan_line"]) - 1]), row


def test_the_extract_of_the_indicator_tables_is_whole(published: list[str]) -> None:
    tables, inside = [], False
    for number, line in enumerate(published, start=1):
        cells = [cell.strip() for cell in line.split("\t")]
        if cells[:2] == ["Indicator", "Description"]:
            inside = True
        elif inside and len(cells) > 1:
            tables.append({"plan_line": str(number), "published_code": cells[0], "published_text": cells[1]})
        elif line.strip():
            inside = False
    assert tables == indicator_tables()


def test_every_name_that_differs_is_published_with_an_erratum() -> None:
    [names] = [row for row in of_plan("plan_errata") if row["represented_in"] == "plan_name_variants"]
    differing = {row["plan_line"] for row in of_plan("plan_name_variants")}
    assert differing <= set(names["plan_lines"].split(";"))


def test_lines_of_errata_are_lines_of_the_plan(published: list[str]) -> None:
    for row in of_plan("plan_errata"):
        for line in row["plan_lines"].split(";"):
            assert published[int(line) - 1].strip(), row


def properties(kind: str, folder: str) -> list[dict[str, Any]]:
    """Return what the properties files of a folder of the marts say of a kind of thing, such as models."""
    files = sorted((DBT_PROJECT / "models/marts" / folder).rglob("*.yml"))
    return [each for file in files for each in yaml.safe_load(file.read_text()).get(kind, [])]


def test_each_report_is_published_and_has_its_reader() -> None:
    release, *exposures = sorted(properties("exposures", ""), key=lambda one: one["name"] != "published_release")
    reports = {f'ref("{model["name"]}")' for model in properties("models", "plan")} | {'ref("agency_returns")'}
    assert {reference for exposure in exposures for reference in exposure["depends_on"]} == reports
    assert reports <= set(release["depends_on"])
    for exposure in exposures:
        assert exposure["owner"]["name"]
        assert exposure["description"]


def test_partners_deliver_under_known_names() -> None:
    known = {(row["agency"], row["supplier"]) for row in seed("suppliers")}
    known |= {("police", row["supplier"]) for row in seed("police_forces")}
    named = {
        (row["agency"], supplier)
        for row in seed("plan_partners")
        if row["agency"]
        for supplier in row["suppliers"].split(";")
    }
    assert named - known == set()


def test_youth_reoffending_never_shows_under_road_safety(plan: Warehouse) -> None:
    """The plan prints NI19 there; its row has the code and the figure of NI 48, and says so."""
    rows = plan.table("priority_scorecard", f"plan_id = '{PLAN}' and priority_code = 'safety_in_the_borough'")
    assert set(rows["indicator_code"].dropna()) == {"NI47", "NI48", "NI21", "NI27"}
    (children,) = rows[rows["plan_line"] == 447].to_dict("records")
    assert children["indicator_code"] == "NI48"
    assert "Children" in children["label"] or "children" in children["label"]
    (read,) = plan.table("plan_indicators", "plan_line = 447").to_dict("records")
    assert (read["published_code"], read["indicator_code"], read["erratum_ids"]) == ("NI19", "NI48", "E1")
    young = set(plan.table("plan_indicators", "indicator_code = 'NI19'")["priority_code"])
    assert young == {"acquisitive_crime", "re_offending"}


def test_a_target_stated_twice_is_found_under_both_priorities_and_counted_once(plan: Warehouse) -> None:
    """Domestic abuse has the two targets of line 233 and 234, led as line 238 says; the plan has eight in all."""
    own = plan.table("targets", f"plan_id = '{PLAN}' and target_status = 'set'")
    links = plan.table("target_links", f"plan_id = '{PLAN}' and priority_code = 'domestic_abuse'").set_index(
        "target_id"
    )
    two = links.loc[[f"{PLAN}-SVC", f"{PLAN}-ALSI"]]
    assert list(two["plan_line"]) == [233, 234]
    assert set(two["lead_agency"]) == {"Leicestershire County Council, Melton Borough Council"}
    rows = plan.table("priority_scorecard", f"plan_id = '{PLAN}' and item_kind = 'target' and item_status = 'set'")
    twice = rows[rows["item_code"].isin(two.index)]
    assert set(zip(twice["priority_code"], twice["lead_agency"], strict=True)) == {
        ("alcohol_misuse", "Leicestershire and Rutland Primary Care Trust"),
        ("domestic_abuse", "Leicestershire County Council, Melton Borough Council"),
    }
    assert set(rows["item_code"]) == set(own["target_id"])
    assert len(own) == 8


def test_every_theme_tells_how_it_performs_and_leaves_words_to_people(plan: Warehouse) -> None:
    """Each of the eight has every field of a theme; what is measured is told, and who writes has not been guessed."""
    rows = plan.table("performance_framework", f"plan_id = '{PLAN}' and section = 'theme'")
    themes = {row["priority_code"] for row in of_plan("plan_priorities")}
    fields = {int(row["field_number"]) for row in of_plan("plan_framework_fields") if row["section"] == "theme"}
    assert set(zip(rows["theme_code"], rows["field_number"], strict=True)) == {
        (theme, field) for theme in themes for field in fields
    }
    assert set(rows[rows["content"].isna()]["filled_from"]) == {"project", "issue", "risk"}
    performance = rows[rows["filled_from"] == "performance"]
    assert set(performance["theme_code"]) == themes
    assert performance["indicator_code"].notna().all()
    abuse = rows[(rows["theme_code"] == "domestic_abuse") & (rows["item_status"] == "set")]
    assert set(abuse["content_line"]) == {233, 234}
    unmeasured = rows[(rows["item_status"] == "example") & rows["indicator_code"].isna()]
    assert len(unmeasured) == 2
    assert unmeasured["note"].notna().all()


def test_a_second_plan_is_rows_alone(plan: Warehouse) -> None:
    """No model names a plan, a priority, a neighbourhood or an indicator of one; both plans have their rows."""
    names = {row["plan_id"] for row in seed("plans")} | {row["priority_code"] for row in seed("plan_priorities")}
    names |= {row["area_code"] for row in seed("plan_neighbourhoods")}
    models = [
        model for folder in ("marts", "intermediate") for model in (DBT_PROJECT / "models" / folder).rglob("*.sql")
    ]
    assert [(model.name, name) for model in models for name in names if f"'{name}'" in model.read_text()] == []
    for table, name in (
        ("plan_items", "plan_priorities"),
        ("plan_indicators", "plan_indicator_links"),
        ("priority_scorecard", "plan_priorities"),
        ("lead_agency_scorecard", "plan_partners"),
        ("performance_framework", "plan_framework_fields"),
    ):
        assert set(plan.table(table)["plan_id"]) == {row["plan_id"] for row in seed(name)} > {PLAN}, table


def test_a_plan_of_a_county_is_a_row_too(plan: Warehouse, small: Warehouse, tmp_path: Path) -> None:
    """Its own figures are the county's, the force is its context, and every data test passes."""
    plan_row = {
        **{
            "plan_id": "COUNTY-2008-11",
            "title": "County plan",
            "partnership": "A partnership",
            "area_code": "E10000018",
        },
        **{"starts_on": "2008-04-01", "ends_on": "2011-03-31", "status": "agreed", "source": "a test"},
    }
    added = {"plans": [plan_row], "plan_frameworks": [{"plan_id": "COUNTY-2008-11", "framework": "NI"}]}
    of_county = plan.copy_to(tmp_path / "data")
    ask(of_county.folder, date(2009, 7, 31), extended_partnership(tmp_path, added))
    assert of_county.build_by_the_sql_of(small).failed_data_tests(small) == []
    figures = of_county.table("ni_indicators", "plan_id = 'COUNTY-2008-11'")
    assert dict(zip(figures["area_level"], figures["is_context"], strict=True)) == {"county": False, "force": True}
    assert set(of_county.table("strategic_assessment", "plan_id = 'COUNTY-2008-11'")["area_level"]) == {"county"}


def test_frameworks_hold_each_strand_of_the_plan_and_the_indicators_that_stand_for_it(plan: Warehouse) -> None:
    """APACS has its five domains, with what nothing here can give; of twins each names the other."""
    stand_for: dict[int, set[str]] = {}
    for table in ("apacs_indicators", "psa_indicators", "laa_indicators"):
        for row in plan.table(table, "plan_strand is not null").itertuples():
            stand_for.setdefault(int(row.strand_line), set()).add(row.indicator_code)
    assert set(stand_for) == {int(row["plan_line"]) for row in of_plan("plan_framework_strands")}
    assert stand_for[490] == {"SPI3.1", "SPI3.2"}
    assert stand_for[502] >= {"NI15", "NI32"}
    assert stand_for[503] == {"NI18", "NI19", "NI30"}
    assert stand_for[512] == {"NI41", "NI42"}
    domains = plan.table("apacs_indicators")
    assert set(domains["domain_number"]) == {1, 2, 3, 4, 5}
    assert domains[domains["domain_number"] == 5]["note"].str.contains("no agency of the partnership").all()
    twinned = domains.dropna(subset="twin_indicator_codes")
    twins = set(zip(twinned["indicator_code"], twinned["twin_indicator_codes"], strict=True))
    pairs = {("SPI2.1", "NI27"), ("SPI2.2", "NI21"), ("SPI4.1", "NI17"), ("SPI4.2", "NI41")}
    assert twins == pairs | {(twin, code) for code, twin in pairs}


def test_one_list_says_which_framework_holds_an_indicator(plan: Warehouse) -> None:
    listed: dict[str, set[str]] = {}
    for row in seed("framework_indicators"):
        listed.setdefault(row["indicator_code"], set()).add(row["framework"])
    for row in plan.table("indicators").fillna({"frameworks": ""}).itertuples():
        assert set(row.frameworks.split(";")) - {""} == listed.get(row.main_indicator_code, set()), row


def test_the_targets_of_ni_16_are_found_from_ni_16(plan: Warehouse) -> None:
    found = plan.table("target_vs_baseline", "main_indicator_code = 'NI16' and change_is_significant is not null")
    assert set(found["indicator_code"]) == {"NI16-COUNT"}
    assert set(found["indicator_title"]) == {"NI 16 Serious acquisitive crime, count"}
    assert set(zip(found["area_name"], found["area_level"], strict=True)) == {("Melton", "district")}


def test_no_figure_of_a_larger_area_is_shown_as_the_boroughs(plan: Warehouse) -> None:
    for table in ("ni_indicators", "apacs_indicators", "psa_indicators", "laa_indicators"):
        rows = plan.table(table)
        assert len(rows), table
        assert set(rows[~rows["is_context"]]["area_code"]) <= {"E07000133", "E22000169"}, table
        assert not set(rows[rows["is_context"]]["area_code"]) & {"E07000133", "E22000169"}, table


def test_the_partnership_and_the_district_are_one_place_in_the_county(plan: Warehouse) -> None:
    areas = plan.table("areas").set_index("area_code")
    assert areas.loc["E07000133", "parent_code"] == "E10000018"
    assert areas.loc["E10000018", "parent_code"] == areas.loc["E07000133", "home_force_code"] == "E23000021"
    assert list(areas.loc[["E07000133", "E22000169"], "place_code"]) == ["E07000133"] * 2
