"""Figures worked out by hand: small extracts and the figures that they must give, both readable in a spreadsheet.

Each folder of `tests/golden` holds `landing/`, as agencies would fill it, and `expected.csv`. All of them are taken in
by the real intake into one data folder and built by the real dbt. What is compared is not suppressed: counts are small.
"""

import csv
import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from sources.contract import load_contracts
from sources.data_folder import DataFolder
from sources.intake import take_in
from tests.dbt_project.warehouse import Warehouse

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
CASES = sorted(folder.name for folder in GOLDEN.iterdir() if folder.is_dir())
AS_AT = date(2011, 6, 30)
FIGURES = ("numerator", "denominator", "value", "lower_95", "upper_95")


@pytest.fixture(scope="module")
def golden(tmp_path_factory: pytest.TempPathFactory, dbt_target: Path) -> Warehouse:
    """All cases in one warehouse: no two share feed, supplier and period."""
    root = tmp_path_factory.mktemp("golden")
    for case in CASES:
        shutil.copytree(GOLDEN / case / "landing", root / "landing", dirs_exist_ok=True)
    folder = DataFolder(root)
    receipts = [
        receipt
        for contract in load_contracts().values()
        for receipt in take_in(contract, folder, lambda _: None, settle_seconds=0).receipts
    ]
    assert len(receipts) == len([file for file in GOLDEN.glob("*/landing/**/*") if file.is_file()])
    assert {receipt.file_name: receipt.reasons for receipt in receipts if receipt.outcome == "refused"} == {}
    folder.root.joinpath("run_inputs.json").write_text(json.dumps({"as_at": AS_AT.isoformat(), "fingerprint": "-"}))
    return Warehouse(root, dbt_target).build()


def expectations() -> Iterator[tuple[str, dict[str, str]]]:
    """Yield every line of every expected.csv with its case."""
    for case in CASES:
        with (GOLDEN / case / "expected.csv").open(newline="", encoding="utf-8") as text:
            yield from ((case, line) for line in csv.DictReader(text))


@pytest.mark.parametrize(
    ("case", "line"),
    [
        pytest.param(case, line, id=f"{case}: {line['indicator_code']} {line['area_code']} {line['period_label']}")
        for case, line in expectations()
    ],
)
def test_a_figure_is_as_worked_out_by_hand(golden: Warehouse, case: str, line: dict[str, str]) -> None:
    found = golden.query(
        f"""select {", ".join(FIGURES)} from intermediate.int_indicators__computed
        where indicator_code = '{line["indicator_code"]}' and area_code = '{line["area_code"]}'
            and period_label = '{line["period_label"]}'"""
    )
    assert len(found) == 1, f"{case}: {len(found)} figures"
    given = {figure: float(line[figure]) for figure in FIGURES if line[figure]}
    assert given, f"{case}: the line checks nothing"
    assert {figure: float(found[figure].iloc[0]) for figure in given} == pytest.approx(given, abs=6e-5), line["why"]


def test_every_case_expects_something() -> None:
    assert {case for case, _ in expectations()} == set(CASES)
