"""Rows of a partnership's catalogue that only contracts show to be wrong: they would count nothing, unnoticed."""

import csv
import shutil
from pathlib import Path

import pytest

from sources.contract.catalogue_check import catalogue_problems
from sources.contract.load import contracts_with
from sources.folder.data_folder import DataFolder
from sources.partnership.check import check
from sources.partnership.folder import SHIPPED, PartnershipFolder
from sources.partnership.for_models import FolderMistakesError, write_partnership
from tests.warehouse.golden_data_folder import GOLDEN

OWN = GOLDEN / "own_feed" / "partnership"
PARTNERS = "plans/MASCP-2008-11/partners.csv"


@pytest.fixture
def folder(tmp_path: Path) -> PartnershipFolder:
    """The shipped folder with two own feeds and what counts them."""
    root = Path(shutil.copytree(SHIPPED, tmp_path / "partnership"))
    return PartnershipFolder(Path(shutil.copytree(OWN, root, dirs_exist_ok=True)))


def problems(folder: PartnershipFolder) -> list[str]:
    rows = check(folder).rows
    return [str(problem) for problem in catalogue_problems(rows, contracts_with(folder))]


def changed(folder: PartnershipFolder, file: str, old: str, new: str) -> int:
    """Change a text that a file has once; return its line."""
    text = (folder.root / file).read_text()
    assert text.count(old) == 1
    (folder.root / file).write_text(text.replace(old, new))
    return text[: text.index(old)].count("\n") + 1


def test_a_sound_folder_has_none(folder: PartnershipFolder) -> None:
    assert problems(folder) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (
            "catalogue/measure_categories.csv",
            "homes_visited,fire/safety_visits,Home visit",
            "homes_visited,fire/safety_visits,Home visits",
            "column category: 'Home visits': is no category of fire/safety_visits. Did you mean Home visit?",
        ),
        (
            "catalogue/measure_categories.csv",
            "every row",
            "any",
            "column category: 'any': is no category of council/graffiti. Known are every row.",
        ),
        (
            "catalogue/measure_categories.csv",
            "alarm_fitted true",
            "alarm true",
            "column required_tag: 'alarm true': is no tag: write a column that countedAs has under tags, a blank and "
            "its value. Known are alarm_fitted ….",
        ),
        (
            "catalogue/measure_categories.csv",
            "graffiti,council/graffiti",
            "graffiti,fire/safety_visits",
            "column source_feed: 'fire/safety_visits': is not the feed that measures.csv says for graffiti",
        ),
        (
            "catalogue/measures.csv",
            "Reports of graffiti,council/graffiti",
            "Reports of graffiti,council/grafiti",
            "column source_feed: 'council/grafiti': is no feed. Did you mean council/graffiti?",
        ),
        (
            "catalogue/indicator_catalogue.csv",
            "district;ward,quarterly",
            "district;beat,quarterly",
            "column allowed_area_levels: 'beat': is no level of area that the contract of council/graffiti has in "
            "areaLevels. Known are district, ward.",
        ),
        (
            PARTNERS,
            "council,melton,539",
            "council,meltn,539",
            "column suppliers: 'meltn': is no supplier of council in suppliers.csv of the catalogue, or the "
            "national list of that name. Did you mean melton?",
        ),
        (
            "catalogue/indicator_catalogue.csv",
            "district;ward,quarterly",
            "ward,quarterly",
            "column allowed_area_levels: 'ward': has no row that says that nothing of a period was delivered. Name a "
            "larger level of area beside it, such as district.",
        ),
        (PARTNERS, "council,melton,539", "counsel,melton,539", "column agency: 'counsel': is no agency"),
    ],
)
def test_a_mistake_is_named_with_line_column_value_and_what_is_expected(
    folder: PartnershipFolder, file: str, old: str, new: str, expected: str
) -> None:
    line = changed(folder, file, old, new)
    found = [problem for problem in problems(folder) if problem.startswith(f"{folder.root / file}, line {line}, ")]
    assert any(expected in problem for problem in found), problems(folder)


@pytest.mark.parametrize(
    ("feed", "category", "is_told"),
    [
        ("police/recorded_crime", "28AA", True),  # its codes are listed
        ("police/street_crime", "Burglery", True),  # nearly one of those known
        ("police/street_crime", "Piracy", False),  # one of which nobody has heard, of a feed without a list
    ],
)
def test_a_category_of_a_shipped_feed(folder: PartnershipFolder, feed: str, category: str, *, is_told: bool) -> None:
    with (folder.root / "catalogue" / "measures.csv").open("a") as text:
        text.write(f"mine,Mine,{feed},offences,none\n")
    with (folder.root / "catalogue" / "measure_categories.csv").open("a", newline="") as text:
        csv.writer(text).writerow(["mine", feed, category, "", "verified", "Own"])
    assert [f"'{category}'" in one for one in problems(folder)] == [True] * is_told


def test_people_are_not_counted_exactly(folder: PartnershipFolder) -> None:
    contract = folder.root / "contracts" / "council" / "graffiti.odcs.yaml"
    of_people = "  - {property: rowsArePeople, value: true}\n  - property: countedAs"
    contract.write_text(contract.read_text().replace("  - property: countedAs", of_people))
    [problem] = problems(folder)
    expected = "'none': publishes exact counts, and the rows of council/graffiti are people. Write person_counts."
    assert problem.endswith(f"measures.csv, line 4, column disclosure_rule: {expected}")


def test_a_night_is_held_by_such_a_mistake(folder: PartnershipFolder, tmp_path: Path) -> None:
    changed(folder, "catalogue/measure_categories.csv", "every row", "any")
    contracts = contracts_with(folder)
    with pytest.raises(FolderMistakesError, match=r"1 mistake in .*\n- .*'any': is no category of council/graffiti"):
        write_partnership(DataFolder(tmp_path / "data"), folder, lambda rows: catalogue_problems(rows, contracts))
