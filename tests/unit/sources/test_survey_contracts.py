"""What a survey's file must be as a whole: weights that mean something, and no scale that was turned round."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sources.contract.load import load_contracts
from sources.folder.data_folder import DataFolder
from sources.ledger.receipts import Receipt
from sources.reasons.reason import for_owner
from sources.samples import synthetic
from tests.seeds import Row, rows_of, seed_rows

from .conftest import Drop
from .feed_forms_surveys import STRANDS

Sheets = dict[str, list[Row]]


@pytest.fixture(scope="module")
def sheets(tmp_path_factory: pytest.TempPathFactory) -> Sheets:
    """Return the rows of each made-up survey file, without planted defects."""
    folder = tmp_path_factory.mktemp("surveys")
    found = {}
    with synthetic.generator(scripts=("common", "surveys")) as connection:
        for extract in synthetic.extracts_of(connection):
            if extract.file_name.endswith(".csv") and extract.kind in {
                "place_survey",
                "fear_of_crime_survey",
                "young_people_survey",
                "user_survey",
            }:
                file = synthetic.write_extract(connection, extract, folder)
                found[f"{extract.feed}/{extract.file_name}"] = rows_of(file)
    return found


PLACE = "council/place_survey/2008-09-melton-place-survey-synthetic.csv"
INTERVIEWS = "police/user_survey/2008-09-leicestershire-user-survey-synthetic.csv"
PUPILS = "council/young_people_survey/2008-09-leicestershire-young-people-survey-synthetic.csv"
PANEL = "council/fear_of_crime_survey/2008-09-melton-fear-of-crime-survey-synthetic.csv"


def taken(root: Path, file: str, rows: list[Row]) -> Receipt:
    feed, _, name = file.rpartition("/")
    lines = [",".join(row) for row in (list(rows[0]), *(list(row.values()) for row in rows))]
    return Drop(DataFolder(root / "data"), load_contracts()[feed]).take("\n".join(lines).encode() + b"\n", name)


def turned_round(rows: list[Row], highest: int, *headers: str) -> list[Row]:
    codes = {str(code): str(highest + 1 - code) for code in range(1, highest + 1)}
    return [{**row, **{header: codes.get(row[header], row[header]) for header in headers}} for row in rows]


def weighed(rows: list[Row], change: Callable[[float], float]) -> list[Row]:
    return [{**row, "Weight": f"{change(float(row['Weight'])):.4f}"} for row in rows]


@pytest.mark.parametrize("file", [PLACE, INTERVIEWS, PUPILS, PANEL])
def test_a_sound_wave_is_taken_in(file: str, sheets: Sheets, tmp_path: Path) -> None:
    assert taken(tmp_path, file, sheets[file]).outcome == "accepted"


@pytest.mark.parametrize(("file", "people"), [(PLACE, 35), (INTERVIEWS, 1000), (PUPILS, 18)])
def test_weights_may_sum_to_people(file: str, people: int, sheets: Sheets, tmp_path: Path) -> None:
    assert taken(tmp_path, file, weighed(sheets[file], lambda weight: weight * people)).outcome == "accepted"


@pytest.mark.parametrize("file", [PLACE, INTERVIEWS, PUPILS])
@pytest.mark.parametrize("factor", [0.9, 2, 100_000])
def test_weights_that_are_neither_are_refused(file: str, factor: float, sheets: Sheets, tmp_path: Path) -> None:
    receipt = taken(tmp_path, file, weighed(sheets[file], lambda weight: weight * factor))
    assert receipt.outcome == "refused"
    (reason,) = for_owner(receipt.reasons)
    assert reason.startswith("The weights must have a mean of 1, or sum to a plausible number of ")


@pytest.mark.parametrize("file", [PLACE, INTERVIEWS])
def test_a_block_of_problems_turned_round_is_refused(file: str, sheets: Sheets, tmp_path: Path) -> None:
    receipt = taken(tmp_path, file, turned_round(sheets[file], 4, *STRANDS))
    assert receipt.outcome == "refused"
    assert any(reason.startswith("Fewer than half of the answers") for reason in for_owner(receipt.reasons))


@pytest.mark.parametrize("header", STRANDS)
def test_a_single_problem_turned_round_is_refused(header: str, sheets: Sheets, tmp_path: Path) -> None:
    for number, file in enumerate((PLACE, INTERVIEWS)):
        receipt = taken(tmp_path / str(number), file, turned_round(sheets[file], 4, header))
        assert receipt.outcome == "refused", file
        (reason,) = for_owner(receipt.reasons)
        assert reason.startswith(f"{header}: who finds one of the seven problems big")


@pytest.mark.parametrize("header", ["Dealing", "Seek views"])
def test_agreement_turned_round_is_refused(header: str, sheets: Sheets, tmp_path: Path) -> None:
    for number, file in enumerate((PLACE, INTERVIEWS)):
        receipt = taken(tmp_path / str(number), file, turned_round(sheets[file], 5, header))
        assert receipt.outcome == "refused", file
        assert for_owner(receipt.reasons)[0].startswith("Who agrees that police and council deal with problems")


@pytest.mark.parametrize(
    ("header", "highest", "reason"),
    [
        ("Safe in the day", 5, "People feel at least as safe by day as after dark."),
        ("Safe after dark", 5, "Who worries about crime tends to feel unsafe after dark."),
        ("Worry about crime", 4, "Who worries about crime tends to feel unsafe after dark."),
    ],
)
def test_feelings_turned_round_are_refused(
    header: str, highest: int, reason: str, sheets: Sheets, tmp_path: Path
) -> None:
    receipt = taken(tmp_path, PANEL, turned_round(sheets[PANEL], highest, header))
    assert receipt.outcome == "refused"
    assert any(one.startswith(reason) for one in for_owner(receipt.reasons))


def test_drinking_turned_round_is_refused(sheets: Sheets, tmp_path: Path) -> None:
    receipt = taken(tmp_path, PUPILS, turned_round(sheets[PUPILS], 4, "Drunk"))
    assert receipt.outcome == "refused"
    assert for_owner(receipt.reasons)[0].startswith("Pupils of year 10 were drunk more often")


def test_of_few_respondents_nothing_is_said(sheets: Sheets, tmp_path: Path) -> None:
    rows = weighed([{**row, "Weight": "1"} for row in turned_round(sheets[PLACE], 4, *STRANDS)[:99]], lambda one: one)
    assert taken(tmp_path, PLACE, rows).outcome == "accepted"


def test_the_scales_of_contracts_are_those_of_the_seed() -> None:
    """The codes that a contract lets in are those of the scale on which an item reads the question."""
    scales: dict[str, set[str]] = {}
    for row in seed_rows("survey_answers"):
        scales.setdefault(row["scale"], set()).add(row["answer_code"])
    items = seed_rows("survey_items")
    contracts = load_contracts()
    assert {item["source_feed"] for item in items} < contracts.keys()
    for item in items:
        rules = {rule.name: rule for rule in contracts[item["source_feed"]].row_rules}
        for question in item["questions"].split(";"):
            stated = rules[f"{question}_on_the_scale"].predicate
            codes = {code.strip("' ") for code in stated[stated.index("(") + 1 : stated.rindex(")")].split(",")}
            assert codes == scales[item["scale"]], (item["item"], question, stated)
