"""Extracts of any size come straight from the engine, and are sound deliveries."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from sources.contract.load import load_contracts
from sources.folder.data_folder import DataFolder
from sources.intake.take_in import take_in
from sources.samples import generate
from tests.places import PLAN_TIME, REPOSITORY
from tests.seeds import rows_of


def write(out: Path, crimes: int = 6_000, months: int = 2, supplier: str = "kent") -> list[Path]:
    return [file for file, _ in generate.write_months(out, crimes, months, supplier, PLAN_TIME / "places.csv")]


def test_files_are_sound_and_of_the_size_asked_for(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    files = write(folder.landing_of("police/recorded_crime"))
    assert [file.name for file in files] == [
        "2011-02-kent-recorded-crime-synthetic.csv",
        "2011-03-kent-recorded-crime-synthetic.csv",
    ]
    receipts = take_in(load_contracts()["police/recorded_crime"], folder, lambda _: None, settle_seconds=0).receipts
    assert [(receipt.outcome, receipt.is_synthetic) for receipt in receipts] == [("accepted", True)] * 2
    assert sum(receipt.rows_accepted for receipt in receipts) == pytest.approx(6_000, rel=0.03)


def test_the_same_bytes_again_and_other_crimes_for_another_supplier(tmp_path: Path) -> None:
    first, again = (write(tmp_path / name, crimes=600, months=1) for name in ("1", "2"))
    other = write(tmp_path / "3", crimes=600, months=1, supplier="essex")
    assert [file.read_bytes() for file in first] == [file.read_bytes() for file in again]
    assert [file.read_bytes() for file in first] != [file.read_bytes() for file in other]
    assert sorted(file.name for file in tmp_path.rglob("*.*")) == sorted(file.name for file in first + again + other)


def test_crimes_are_numbered_once_and_lie_in_the_places_given(tmp_path: Path) -> None:
    places = tmp_path / "places.csv"
    places.write_text(
        "locality,ward_code,beat_code,easting,northing,radius,spread,town,centre,rural\n"
        ",E05000001,,500000,300000,1000,1,1,1,1\n,E05000002,,510000,300000,1000,3,3,3,3\n"
    )
    ((file, rows),) = generate.write_months(tmp_path / "out", 4_000, 1, "kent", places)
    crimes = rows_of(file)
    assert len({crime["Crime No"] for crime in crimes}) == len(crimes) == rows
    wards = Counter(crime["Ward"] for crime in crimes)
    assert set(wards) == {"E05000001", "E05000002"}
    assert wards["E05000002"] / wards["E05000001"] == pytest.approx(3, rel=0.15)


def test_it_is_a_command(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sources.samples.generate", "--crimes", "500", "--months", "1", "--out", "out"]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    result = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert result.stdout.splitlines()[-1].endswith("in all")
    assert [file.name for file in (tmp_path / "out").iterdir()] == [
        "2011-03-leicestershire-recorded-crime-synthetic.csv"
    ]
