"""The prepared look-ups and populations, and the seed of Poisson limits, against their originals."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

from tests.places import REFERENCE, SHARED
from tests.seeds import seed_file


def load(script: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(script, REFERENCE / f"{script}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_melton_of_2011_has_its_published_population() -> None:
    populations = pd.read_csv(REFERENCE / "populations.csv")
    melton = populations[(populations["area_code"] == "E07000133") & (populations["mid_year"] == 2011)]
    assert melton["population"].item() == 50_495


def test_wards_of_the_same_name_are_kept_apart_by_code() -> None:
    lsoas, wards = pd.read_csv(REFERENCE / "lsoas.csv"), pd.read_csv(REFERENCE / "wards.csv")
    namesakes = wards.loc[wards["ward_name"].str.startswith("Melton"), "ward_code"]
    districts = lsoas[lsoas["ward_code"].isin(namesakes)].groupby("ward_code")["district_code"].unique()
    assert len(districts) > 1
    assert (districts.map(len) == 1).all()
    assert len({district[0] for district in districts}) > 1


def test_prepared_files_come_from_the_originals(tmp_path: Path) -> None:
    if not SHARED.exists():
        pytest.skip(f"the originals are not in {SHARED}")
    load("prepare").prepare(SHARED, tmp_path)
    for path in sorted(tmp_path.glob("*.csv")):
        assert path.read_bytes() == (REFERENCE / path.name).read_bytes(), path.name


def test_poisson_limits_are_those_of_scipy(tmp_path: Path) -> None:
    load("poisson_limits").write_seed(tmp_path / "limits.csv")
    assert (tmp_path / "limits.csv").read_bytes() == seed_file("poisson_limits").read_bytes()
