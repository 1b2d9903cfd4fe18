"""Fills the table of what a night costs, each figure beside its goal, from the bundled sample in one sitting.

Run with `make benchmark`. Everything happens in a temporary data folder. CPU seconds, user and system, are of a command
and of all that it starts: on a shared machine they mislead less than wall time. Memory is the peak resident size of the
largest process of each command. What a nation costs is for `make benchmark-nation`.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from zipfile import ZipFile

from benchmarks.intake import MONTH_OF_CRIMES, compare_with_bare

PROJECT_ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
QUIET_NIGHTS = 5
STREET_CRIME = Path("landing", "police", "street_crime")

OPEN_INSTANCE = """
from orchestration.instance import open_instance
from sources.folder.data_folder import DataFolder
with open_instance(DataFolder.from_environment()):
    pass
"""


def measure(label: str, command: list[str], environment: dict[str, str], cwd: Path = PROJECT_ROOT) -> float:
    """Run a command, print its CPU and wall time in seconds and its peak memory in MB, and return the CPU seconds.

    Raises:
        SystemExit: the command failed; its output is printed.
    """
    started = time.perf_counter()
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(command, env=environment, cwd=cwd, stdout=output, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        elapsed = time.perf_counter() - started
        if process.returncode:
            output.seek(0)
            raise SystemExit(f"{label} ended with {process.returncode}:\n{output.read()[-3000:]}")
    cpu = usage.ru_utime + usage.ru_stime
    print(f"{label:<44}{cpu:8.1f} CPU s{elapsed:8.1f} s{usage.ru_maxrss / 1024:10.0f} MB", flush=True)  # noqa: T201
    return cpu


def correct_a_month(data: Path) -> None:
    """Deliver the last month of the street extract anew, with one crime less; nothing waits for it to settle."""
    extract = next((data / STREET_CRIME).glob("*.zip"))
    with ZipFile(extract) as months:
        last = max(name for name in months.namelist() if name.endswith("street.csv"))
        lines = months.read(last).splitlines(keepends=True)
    corrected = data / STREET_CRIME / Path(last).name
    corrected.write_bytes(b"".join(lines[:-1]))
    os.utime(corrected, (0, extract.stat().st_mtime))


def size_of(folder: Path) -> float:
    """Return the MB of all files below a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


def main() -> None:
    """Measure nights and what each is compared with, and print the table."""
    with tempfile.TemporaryDirectory() as temporary:
        data = Path(temporary) / "data"
        environment = {**os.environ, "CSP_DATA_DIR": str(data)}
        environment.pop("DAGSTER_HOME", None)
        csp = [str(BIN / "csp")]
        subprocess.run([*csp, "samples"], env=environment, check=True, stdout=subprocess.DEVNULL)
        measure("first night on the sample", [*csp, "nightly"], environment)
        release = size_of((data / "published" / "current").resolve())
        quiet, opened = [], []
        for _ in range(QUIET_NIGHTS):
            quiet.append(measure("night with nothing new", [*csp, "nightly"], environment))
            bare_dagster = [sys.executable, "-c", OPEN_INSTANCE]
            opened.append(measure("Dagster imported, its instance opened", bare_dagster, environment))
        shutil.rmtree(data / "cells")  # what nights keep to add up again: bare dbt has none of it
        (data / "warehouse.duckdb").unlink()
        rebuilt = measure("night with the models rebuilt", [*csp, "nightly", "--rebuild"], environment)
        correct_a_month(data)
        corrected = measure("night with one month corrected", [*csp, "nightly"], environment)
        (data / "warehouse.duckdb").unlink()
        dbt_environment = {
            **environment,
            "DBT_PROFILES_DIR": str(PROJECT_ROOT / "dbt_project"),
            "DBT_TARGET_PATH": str(data / "dbt" / "target"),
            "DBT_LOG_PATH": str(data / "dbt" / "logs"),
        }
        build = [str(BIN / "dbt"), "build", "--full-refresh", "--exclude-resource-type", "unit_test"]
        bare = measure("bare dbt build, project parsed before", build, dbt_environment, PROJECT_ROOT / "dbt_project")
    with tempfile.TemporaryDirectory() as temporary:
        intake = compare_with_bare(MONTH_OF_CRIMES, Path(temporary))
    print(f"\n{'':<52}{'measured':>10}{'goal':>10}")  # noqa: T201
    for what, measured, goal in (
        ("nothing new / Dagster opened, CPU, medians", median(quiet) / median(opened), "<= 1.5"),
        ("rebuilt night / bare dbt build, CPU", rebuilt / bare, "<= 1.5"),
        ("corrected month / rebuilt night, CPU", corrected / rebuilt, "nation"),
        ("release of the sample, MB", release, "<= 30"),
        ("intake / bare DuckDB typed, CPU", intake, "<= 1.6"),
    ):
        print(f"{what:<52}{measured:>10.2f}{goal:>10}")  # noqa: T201


if __name__ == "__main__":
    main()
