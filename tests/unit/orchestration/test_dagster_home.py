"""`dg` and `dagster` started in a checkout open the instance that `csp` opens."""

import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from dotenv import dotenv_values

from orchestration.dagster_home import write_env_file
from orchestration.provenance import PROJECT_ROOT


@pytest.mark.parametrize("named", [None, "/somewhere/else"])
def test_a_checkout_opens_the_data_folder_of_the_environment_or_else_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str | None
) -> None:
    monkeypatch.delenv("CSP_DATA_DIR", raising=False)
    if named:
        monkeypatch.setenv("CSP_DATA_DIR", named)
    write_env_file(tmp_path)
    data = named or f"{tmp_path}/data"
    assert dotenv_values(tmp_path / ".env") == {"CSP_DATA_DIR": data, "DAGSTER_HOME": f"{data}/dagster"}


def test_the_file_of_one_checkout_is_not_handed_to_others() -> None:
    tracked = subprocess.run(["git", "ls-files", ".env"], cwd=PROJECT_ROOT, capture_output=True, text=True, check=True)
    assert tracked.stdout == ""


def test_dagster_and_dg_load_the_same_code_location() -> None:
    project = tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text())["tool"]["dg"]["project"]
    [location] = yaml.safe_load((PROJECT_ROOT / "workspace.yaml").read_text())["load_from"]
    assert location == {
        "python_module": {
            "module_name": project["code_location_target_module"],
            "attribute": "defs",
            "location_name": project["code_location_name"],
        }
    }
