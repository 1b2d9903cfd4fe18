"""A night that is killed leaves nothing half done, and the next one ends as an undisturbed one would."""

import json
import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from tests.system.conftest import CSP, Warehouse

pytestmark = pytest.mark.system


@pytest.mark.parametrize("sign_of_life", ["2020-09", "model ", "expectations of"])
def test_a_killed_night_leaves_nothing_half_done(
    tmp_path: Path, published_sample: Warehouse, sign_of_life: str
) -> None:
    warehouse = Warehouse(tmp_path / "data")
    shutil.copytree(published_sample.root / "dbt", warehouse.root / "dbt")  # the project need not be parsed again
    warehouse.csp("samples", "--set", "open-data")
    night = subprocess.Popen(
        [CSP, "nightly"], env=warehouse.environment, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert night.stderr is not None
    for line in night.stderr:
        if sign_of_life in line:
            break
    os.killpg(night.pid, signal.SIGKILL)
    night.wait()
    assert not (warehouse.root / "published" / "current").exists()
    assert warehouse.last_line("nightly").startswith("published")
    hashes = [
        {
            table: facts["content_sha256"]
            for table, facts in json.loads((one.root / "published/current/manifest.json").read_text())["tables"].items()
        }
        for one in (warehouse, published_sample)
    ]
    assert hashes[0] == hashes[1]
