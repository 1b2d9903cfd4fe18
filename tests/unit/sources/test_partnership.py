"""A partnership's folder: each mistake is named with file, line, column, value and what is expected."""

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from sources.folder.data_folder import DataFolder
from sources.folder.rights import too_open
from sources.partnership.check import check
from sources.partnership.folder import SHIPPED, FolderError, PartnershipFolder, partnership_folder
from sources.partnership.for_models import FolderMistakesError, OtherPartnershipError, write_partnership
from sources.partnership.new_plan import new_plan
from sources.partnership.read import _national_list
from sources.partnership.tables import NATIONAL, tables
from tests.seeds import seed_rows

PLAN = "plans/MASCP-2008-11"
LATEST_MONTHS = "Of the latest months, 1 to 12 have a period, or all: blank."
# The plan of docs/plans.md: a district's, on open data.
CHARNWOOD = {
    "plan.csv": "Community safety plan,Charnwood Community Safety Partnership,E07000130,2021-04-01,2022-03-31,agreed,"
    "Plan of the partnership",
    "priorities.csv": "burglary,HL,1,Fewer burglaries,12,true,1,BURGLARY,40,To make homes safer,41,",
    "frameworks.csv": "NI,",
}


@pytest.fixture
def folder(tmp_path: Path) -> PartnershipFolder:
    """A copy of the shipped folder."""
    return PartnershipFolder(Path(shutil.copytree(SHIPPED, tmp_path / "partnership")))


def told(folder: PartnershipFolder) -> list[str]:
    """Return the mistakes, with files as seen from the folder."""
    return [str(problem).replace(f"{folder.root}/", "") for problem in check(folder).problems]


def test_the_shipped_folder_has_no_mistake() -> None:
    checked = check(PartnershipFolder(SHIPPED))
    assert checked.problems == []
    assert {row.values["plan_id"] for row in checked.rows["plans"]} > {"MASCP-2008-11", "ILLUSTRATIVE-2021-22"}
    assert all(any(rule.kind == "unique_key" for rule in table.rules) for table in tables().values())


def in_line(number: int, change: Callable[[str], str]) -> Callable[[str], str]:
    """Return what changes one line of a text."""

    def changed(text: str) -> str:
        lines = text.splitlines(keepends=True)
        lines[number - 1] = change(lines[number - 1])
        return "".join(lines)

    return changed


def swapped(old: str, new: str, line: int = 2) -> Callable[[str], str]:
    """Return what replaces a text that a line holds."""

    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return in_line(line, change)


MISTAKES = {
    "a day written as in Britain": (
        *(f"{PLAN}/plan.csv", swapped("2008-04-01", "01/04/2008")),
        "line 2, column starts_on: '01/04/2008': must be a day written as 2008-04-01",
    ),
    "a plan of no area": (
        *(f"{PLAN}/plan.csv", swapped("E07000133", "")),
        "line 2, column area_code: '': is never empty",
    ),
    "a plan that ends before it starts": (
        *(f"{PLAN}/plan.csv", swapped("2011-03-31", "2008-03-31")),
        "line 2: The last day of a plan comes after its first.",
    ),
    "a number with a percent sign": (
        *(f"{PLAN}/targets.csv", swapped("-3,", "-3%,")),
        "line 2, column target_change_pct: '-3%': must be a number such as 12.5",
    ),
    "an example whose label does not say that it is one": (
        *("plans/ILLUSTRATIVE-2021-22/targets.csv", swapped("ILLUSTRATIVE: ", "")),
        "targets.csv, line 2: A target that nobody agreed has ILLUSTRATIVE in its label",
    ),
    "a truth in other words": (f"{PLAN}/priorities.csv", swapped("true", "yes"), "'yes': must be true or false"),
    "a word that is none of those known": (
        *(f"{PLAN}/leads.csv", swapped(",lead,", ",leader,")),
        "column role: 'leader': is none of lead, action_plan_manager, support. Did you mean lead?",
    ),
    "an indicator misspelt": (
        *(f"{PLAN}/indicator_links.csv", swapped(",NI20,stated", ",NI 20,stated")),
        "column indicator_code: 'NI 20': is no indicator_code of indicator_catalogue.csv. Did you mean NI20?",
    ),
    "a priority misspelt": (
        *(f"{PLAN}/leads.csv", swapped("alcohol_misuse", "alcohol")),
        "line 2, column priority_code: 'alcohol': Each priority_code is a priority of the plan.",
    ),
    "a row twice": (
        *(f"{PLAN}/frameworks.csv", lambda text: text + text.splitlines()[1] + "\n"),
        "repeats line 2 (plan_id MASCP-2008-11, framework NI). Keep one.",
    ),
    "a needed value left out": (
        *(f"{PLAN}/targets.csv", in_line(2, lambda line: line[line.index(",") :])),
        "line 2, column target_id: '': is never empty",
    ),
    "a column misspelt": (
        *(f"{PLAN}/frameworks.csv", swapped("framework,", "frame,", line=1)),
        "line 1, column frame: 'frame': is no column of this table. Its columns are framework,plan_line",
    ),
    "the plan in a column": (
        *(f"{PLAN}/frameworks.csv", lambda text: text.replace("framework,", "plan_id,framework,", 1)),
        "The folder names the plan (MASCP-2008-11). Take the column out.",
    ),
    "semicolons": (f"{PLAN}/frameworks.csv", lambda text: text.replace(",", ";"), "has semicolons between its columns"),
    "a comma in a text": (
        *(f"{PLAN}/frameworks.csv", lambda text: text + "LAA, local,594\n"),
        "has 3 values; the header has 2 columns. A comma in a text needs quotation marks.",
    ),
    "a quotation mark never closed": (f"{PLAN}/frameworks.csv", lambda text: text + '"LAA,1\n', "is no CSV"),
    "a target that would make it worse": (
        *(f"{PLAN}/targets.csv", swapped(",reduction,", ",increase,")),
        "What should be low is never to be increased",
    ),
    "a plan's area with a digit left out": (
        *(f"{PLAN}/plan.csv", swapped("E07000133", "E0700133")),
        "A plan covers a district, a county or a partnership, by its ONS code. Here: ",
    ),
    "a plan's status that nobody knows": (
        *(f"{PLAN}/plan.csv", swapped(",agreed,", ",Agreed,")),
        "column status: 'Agreed': is none of agreed, illustrative, past. Did you mean agreed?",
    ),
    "a plan without a row": (f"{PLAN}/plan.csv", lambda text: text.splitlines()[0] + "\n", "line 1: has no row."),
    "a target's area with two digits swapped": (
        *(f"{PLAN}/targets.csv", swapped("E07000133", "E07000313")),
        "A target is set for an area that is known by its code",
    ),
    "a target without an indicator": (
        *(f"{PLAN}/targets.csv", swapped(",NI15-COUNT,", ",,")),
        "column indicator_code: '': is never empty",
    ),
    "a lead that is no partner": (
        *(f"{PLAN}/leads.csv", in_line(2, lambda line: line.replace(line.split(",")[1], "NOBODY", 1))),
        "column partner_code: 'NOBODY': Each partner_code is a partner of the plan in partners.csv.",
    ),
    "a place of a ward that nobody knows": (
        *("catalogue/local_area_parts.csv", swapped("E05005501", "E05999999")),
        "A place is made of wards and beats that are known, by their codes: ward codes of 2017.",
    ),
    "a target with two kinds of change": (
        *(f"{PLAN}/targets.csv", swapped("-3,,,", "-3,-3,,")),
        "says one of a change in percent, in points or a value",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named_where_it_is(folder: PartnershipFolder, mistake: str) -> None:
    name, damage, expected = MISTAKES[mistake]
    file = folder.root / name
    file.write_text(damage(file.read_text()))
    found = told(folder)
    assert any(one.startswith(f"{name}, line ") and expected in one for one in found), found


@pytest.mark.parametrize(
    ("latest_months", "is_told"), [("", False), ("1", False), ("12", False), ("0", True), ("-1", True), ("36", True)]
)
def test_rolling_years_are_to_each_of_twelve_months_at_most(
    folder: PartnershipFolder, latest_months: str, is_told: bool
) -> None:
    header = "area_level,period_type,latest_months"
    (folder.root / "catalogue" / "indicator_area_levels.csv").write_text(f"{header}\ntown,month,{latest_months}\n")
    expected = [f"catalogue/indicator_area_levels.csv, line 2: {LATEST_MONTHS}"] if is_told else []
    assert told(folder) == expected


def test_a_file_of_another_encoding_and_an_unknown_file_are_named(folder: PartnershipFolder) -> None:
    (folder.root / PLAN / "leads.csv").write_bytes("priority_code\nÉ".encode("latin-1"))
    (folder.root / PLAN / "aims.csv.csv").write_text("")
    found = told(folder)
    assert any(one.startswith(f"{PLAN}/leads.csv, line 2: is not UTF-8.") for one in found), found
    assert any(one.startswith(f"{PLAN}/aims.csv.csv, line 1: is no table.") for one in found), found


def test_a_plan_without_a_row_is_one_mistake(folder: PartnershipFolder) -> None:
    (folder.root / PLAN / "plan.csv").unlink()
    (folder.root / "catalogue").rename(folder.root / "catalog")
    found = told(folder)
    assert f"{PLAN}/plan.csv, line 1: is missing; partnership.yaml has this plan in force." in found
    assert "catalog, line 1: is no folder that anything reads. Did you mean catalogue/?" in found
    assert not any("plan_id" in one for one in found), found


def test_a_target_stands_under_its_priority_too(folder: PartnershipFolder) -> None:
    (folder.root / PLAN / "target_priorities.csv").unlink()
    assert any("targets.csv" in one and "stands under it in target_priorities.csv" in one for one in told(folder))


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("", "name: is missing. The keys are name, plans_in_force"),
        ("nam: x", "nam: is no key"),
        ("name: [", "cannot be read as YAML"),
        ("name: x\nplans_in_force: [NONE]", "plans_in_force: NONE is no folder of"),
    ],
)
def test_settings_that_cannot_be_used_are_named(folder: PartnershipFolder, settings: str, expected: str) -> None:
    (folder.root / "partnership.yaml").write_text(settings)
    with pytest.raises(FolderError) as error:
        check(folder)
    assert f"{folder.root / 'partnership.yaml'}: " in str(error.value)
    assert expected in str(error.value)


def test_a_new_plan_is_headers_that_pass_once_filled(tmp_path: Path) -> None:
    folder = PartnershipFolder(tmp_path / "ours")
    written = new_plan(folder, "CHARNWOOD-2021-22")
    place = folder.root / "plans" / "CHARNWOOD-2021-22"
    of_plan = {table.file_name for table in tables().values() if table.of_a_plan}
    assert {file.name for file in written} == {"partnership.yaml", "README.md", *of_plan}
    for name, row in CHARNWOOD.items():
        with (place / name).open("a") as file:
            file.write(row + "\n")
    assert told(folder) == []
    assert [row.values["plan_id"] for row in check(folder).rows["plans"]] == ["CHARNWOOD-2021-22"]
    with pytest.raises(FolderError, match="is there already"):
        new_plan(folder, "CHARNWOOD-2021-22")
    for wrong in ("", "../out", ".hidden", "a/b"):
        with pytest.raises(FolderError, match="cannot name a plan"):
            new_plan(folder, wrong)


def test_own_rows_stand_beside_the_national_ones_and_replace_none_without_a_word(folder: PartnershipFolder) -> None:
    national = {row["indicator_code"]: row for row in seed_rows("indicator_catalogue")}
    file = folder.root / "catalogue" / "indicator_catalogue.csv"

    def write(**changes: str) -> None:
        row = {**national["OD-BURGLARY"], **changes}
        del row["defined_by"]
        with file.open("w", newline="") as text:
            writer = csv.DictWriter(text, list(row), lineterminator="\n")
            writer.writeheader()
            writer.writerow(row)

    write(indicator_code="OURS", title="Burglary of ours")
    listed = {row.values["indicator_code"]: row for row in check(folder).rows["indicator_catalogue"]}
    assert told(folder) == []
    assert listed.keys() == {*national, "OURS"}
    write(title="Burglary otherwise")
    [mistake] = told(folder)
    assert mistake.startswith(
        "catalogue/indicator_catalogue.csv, line 2, column indicator_code: 'OD-BURGLARY': repeats"
    )
    assert mistake.endswith("Say in `replaces` why yours stands in for it.")
    write(title="Burglary otherwise", replaces="Agreed by our group in May 2026")
    rows = [row.values for row in check(folder).rows["indicator_catalogue"]]
    assert told(folder) == []
    [replacing] = [row for row in rows if row["indicator_code"] == "OD-BURGLARY"]
    assert (replacing["title"], replacing["defined_by"]) == ("Burglary otherwise", "partnership")
    assert {row["defined_by"] for row in rows if row is not replacing} == {"nation"}
    assert len(rows) == len(national)


def test_only_plans_in_force_count(folder: PartnershipFolder, tmp_path: Path) -> None:
    (folder.root / "partnership.yaml").write_text("name: x\nplans_in_force: [ILLUSTRATIVE-2021-22]")
    data = DataFolder(tmp_path / "data")
    write_partnership(data, folder)
    parquet = str(data.partnership_for_models / "plan_targets.parquet")
    assert {row[0] for row in duckdb.sql(f"select plan_id from '{parquet}'").fetchall()} == {"ILLUSTRATIVE-2021-22"}


def test_another_national_list_is_written_anew(
    folder: PartnershipFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lists = Path(shutil.copytree(NATIONAL, tmp_path / "catalogue"))
    monkeypatch.setattr("sources.partnership.read.NATIONAL", lists)
    monkeypatch.setattr("sources.partnership.for_models.NATIONAL", lists)
    data = DataFolder(tmp_path / "data")
    write_partnership(data, folder)
    catalogue = lists / "indicator_catalogue.csv"
    catalogue.write_text(catalogue.read_text().replace(",Drug offences,", ",Offences with drugs,", 1))
    _national_list.cache_clear()  # a newer product is another process
    write_partnership(data, folder)
    _national_list.cache_clear()
    parquet = str(data.partnership_for_models / "indicator_catalogue.parquet")
    found = duckdb.sql(f"select title from '{parquet}' where indicator_code = 'LOC-DRUG-OFFENCES'").fetchall()
    assert found == [("Offences with drugs",)]


def test_others_cannot_read_what_is_written_for_the_models(folder: PartnershipFolder, tmp_path: Path) -> None:
    data = DataFolder(tmp_path / "data")
    write_partnership(data, folder)
    assert data.partnership_for_models.stat().st_mode & 0o077 == 0
    data.partnership_for_models.chmod(0o755)
    assert data.partnership_for_models in dict(too_open(data))


def test_models_read_types_and_a_mistake_leaves_what_they_had(folder: PartnershipFolder, tmp_path: Path) -> None:
    data = DataFolder(tmp_path / "data")
    write_partnership(data, folder)
    for name, table in tables().items():
        parquet = str(data.partnership_for_models / f"{name}.parquet")
        described = duckdb.sql(f"describe select * from '{parquet}'").fetchall()
        assert [(row[0], row[1].lower()) for row in described] == [
            (column.name, column.data_type) for column in table.columns
        ]
    before = {file: file.read_bytes() for file in data.partnership_for_models.iterdir()}
    file = folder.root / PLAN / "plan.csv"
    file.write_text(file.read_text().replace("2008-04-01", "April 2008"))
    with pytest.raises(FolderMistakesError, match=r"1 mistake in the partnership's folder:\n- .*plan\.csv, line 2"):
        write_partnership(data, folder)
    assert before == {file: file.read_bytes() for file in data.partnership_for_models.iterdir()}


def test_a_data_folder_is_one_partnerships(folder: PartnershipFolder, tmp_path: Path) -> None:
    data = DataFolder(tmp_path / "data")
    write_partnership(data, folder)
    (folder.root / "partnership.yaml").write_text("name: Melton under a new name\n")
    write_partnership(data, folder)
    moved = PartnershipFolder(Path(shutil.copytree(folder.root, tmp_path / "moved")))
    write_partnership(data, moved)
    before = (data.partnership_for_models / "plans.parquet").read_bytes()
    other = PartnershipFolder(tmp_path / "other")
    new_plan(other, "CHARNWOOD-2021-22")
    with pytest.raises(OtherPartnershipError, match=r"is that of Melton under a new name .* Set CSP_PARTNERSHIP"):
        write_partnership(data, other)
    assert (data.partnership_for_models / "plans.parquet").read_bytes() == before


def test_the_environment_names_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CSP_PARTNERSHIP", str(tmp_path))
    assert partnership_folder().root == tmp_path
    monkeypatch.setenv("CSP_PARTNERSHIP", str(tmp_path / "none"))
    with pytest.raises(FolderError, match="which is no folder"):
        partnership_folder()
    monkeypatch.delenv("CSP_PARTNERSHIP")
    assert partnership_folder().root == SHIPPED
