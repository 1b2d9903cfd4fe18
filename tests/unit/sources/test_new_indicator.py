"""An indicator of a partnership's own, written into its catalogue: sound rows, and nothing where something is wrong."""

import csv
import shutil
from pathlib import Path

import pytest

from sources.contract.catalogue_check import catalogue_problems
from sources.contract.load import contracts_with
from sources.partnership.check import check
from sources.partnership.folder import SHIPPED, FolderError, PartnershipFolder
from sources.start.new_indicator import Asked, new_indicator
from tests.warehouse.golden_data_folder import GOLDEN


@pytest.fixture
def folder(tmp_path: Path) -> PartnershipFolder:
    root = Path(shutil.copytree(SHIPPED, tmp_path / "partnership"))
    return PartnershipFolder(Path(shutil.copytree(GOLDEN / "own_feed" / "partnership", root, dirs_exist_ok=True)))


def added(folder: PartnershipFolder, asked: Asked) -> dict[str, list[dict[str, str]]]:
    """Write an indicator, see that the folder is sound, and return the new rows by the name of their file."""
    before = {file.name: file.read_text() for file in (folder.root / "catalogue").glob("*.csv")}
    contracts = contracts_with(folder)
    new_indicator(folder, contracts, asked)
    checked = check(folder)
    assert [*checked.problems, *catalogue_problems(checked.rows, contracts)] == []
    found = {}
    for file in (folder.root / "catalogue").glob("*.csv"):
        text = file.read_text()
        assert text.startswith(before.get(file.name, "")), "what was there stays as it was"
        if text != before.get(file.name):
            lines = list(csv.DictReader(text.splitlines()))
            found[file.name] = lines[len(before.get(file.name, "x\n").splitlines()) - 1 :]
    return found


def test_one_like_another_counts_the_same_under_its_own_name(folder: PartnershipFolder) -> None:
    shutil.rmtree(folder.root / "catalogue")
    shutil.copytree(SHIPPED / "catalogue", folder.root / "catalogue")
    rows = added(folder, Asked("LOC-BURGLARY", like="OD-BURGLARY-RATE", title="Burglary, ours"))
    [measure], [category], [indicator] = (
        rows[f"{name}.csv"] for name in ("measures", "measure_categories", "indicator_catalogue")
    )
    assert (measure["measure_code"], measure["source_feed"], measure["unit"]) == (
        "loc_burglary",
        "police/street_crime",
        "offences",
    )
    assert (category["measure_code"], category["category"]) == ("loc_burglary", "Burglary")
    assert (indicator["numerator_measure"], indicator["formula_kind"], indicator["denominator"]) == (
        "loc_burglary",
        "rate",
        "population",
    )
    assert (indicator["title"], indicator["definition_status"], indicator["proxy_for"]) == (
        "Burglary, ours",
        "unverified",
        "",
    )


def test_one_of_an_own_feed_counts_what_its_contract_lists(folder: PartnershipFolder) -> None:
    rows = added(
        folder, Asked("LOC-VISITS", feed="fire/safety_visits", required_tag="alarm_fitted true", title="Visits")
    )
    assert [row["category"] for row in rows["measure_categories.csv"]] == ["Home visit", "School talk"]
    assert {row["required_tag"] for row in rows["measure_categories.csv"]} == {"alarm_fitted true"}
    [indicator] = rows["indicator_catalogue.csv"]
    assert (indicator["allowed_area_levels"], indicator["frequency"]) == ("fire_service;district", "monthly")


def test_a_count_of_people_follows_the_rule_for_people(folder: PartnershipFolder) -> None:
    contract = folder.root / "contracts" / "council" / "graffiti.odcs.yaml"
    of_people = "  - {property: rowsArePeople, value: true}\n  - property: countedAs"
    contract.write_text(contract.read_text().replace("  - property: countedAs", of_people))
    measures = folder.root / "catalogue" / "measures.csv"
    measures.write_text(
        measures.read_text().replace("council/graffiti,reports,none", "council/graffiti,reports,person_counts")
    )
    rows = added(folder, Asked("LOC-PEOPLE", feed="council/graffiti", title="People"))
    assert rows["measures.csv"][0]["disclosure_rule"] == "person_counts"
    assert rows["indicator_catalogue.csv"][0]["frequency"] == "quarter_and_year"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (Asked("loc burglary", like="OD-BURGLARY"), "cannot be a code"),
        (Asked("OD-BURGLARY", like="OD-BURGLARY-RATE"), "there is an indicator OD-BURGLARY already"),
        (Asked("LOC-X", like="OD-BURGLERY"), "there is no indicator OD-BURGLERY"),
        (Asked("LOC-X"), "name the feed"),
        (Asked("LOC-X", feed="fire/safety_visit"), "is no feed"),
        (Asked("LOC-X", feed="police/street_crime"), "say with --category"),
        (Asked("GRAFFITI", feed="council/graffiti"), "there is a measure graffiti already"),
        (Asked("LOC-X", like="NI25-GAP"), "counts no measure of its own"),
    ],
)
def test_what_cannot_be_written_is_said_and_nothing_is(folder: PartnershipFolder, asked: Asked, expected: str) -> None:
    before = {file: file.read_bytes() for file in (folder.root / "catalogue").iterdir()}
    contracts = contracts_with(folder)
    with pytest.raises(FolderError, match=expected):
        new_indicator(folder, contracts, asked)
    assert {file: file.read_bytes() for file in (folder.root / "catalogue").iterdir()} == before


def test_a_file_without_a_needed_column_is_named(folder: PartnershipFolder) -> None:
    measures = folder.root / "catalogue" / "measures.csv"
    measures.write_text(measures.read_text().replace("unit,", "unit_of_it,", 1))
    contracts = contracts_with(folder)
    with pytest.raises(FolderError, match=r"measures\.csv, line 1: lacks the column unit\. Add it"):
        new_indicator(folder, contracts, Asked("LOC-X", like="OD-BURGLARY"))
