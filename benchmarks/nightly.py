"""Times a night on the bundled sample beside a bare `dbt build` of the same project on the same rows.

Run with `make benchmark`. Everything happens in a temporary data folder. CPU seconds, user and system, are of a command
and of all that it starts: on a shared machine they mislead less than wall time. Memory is the peak resident size of the
largest process of each command.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent

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
    print(f"{label:<44}{cpu:8.1f} CPU s{elapsed:8.1f} s{usage.ru_maxrss / 1024:10.0f} MB")  # noqa: T201
    return cpu


def main() -> None:
    """Measure the first night, a night with nothing new, a forced rebuild, and bare dbt."""
    with tempfile.TemporaryDirectory() as temporary:
        data = Path(temporary) / "data"
        environment = {**os.environ, "CSP_DATA_DIR": str(data)}
        environment.pop("DAGSTER_HOME", None)
        csp = [str(BIN / "csp")]
        subprocess.run([*csp, "samples"], env=environment, check=True, stdout=subprocess.DEVNULL)
        measure("first nightly on the sample", [*csp, "nightly"], environment)
        quiet = measure("nightly with nothing new", [*csp, "nightly"], environment)
        bare_dagster = [sys.executable, "-c", OPEN_INSTANCE]
        opened = measure("Dagster imported, its instance opened", bare_dagster, environment)
        print(f"{'nothing new / Dagster opened':<44}{quiet / opened:8.2f}")  # noqa: T201
        rebuild = measure("nightly, models rebuilt", [*csp, "nightly", "--rebuild"], environment)
        (data / "warehouse.duckdb").unlink()
        dbt_environment = {
            **environment,
            "DBT_PROFILES_DIR": str(PROJECT_ROOT / "dbt_project"),
            "DBT_TARGET_PATH": str(data / "dbt" / "target"),
            "DBT_LOG_PATH": str(data / "dbt" / "logs"),
        }
        build = [str(BIN / "dbt"), "build", "--full-refresh", "--exclude-resource-type", "unit_test"]
        bare = measure("bare dbt build, project parsed before", build, dbt_environment, PROJECT_ROOT / "dbt_project")
        print(f"{'nightly with rebuild / bare dbt build':<44}{rebuild / bare:8.2f}")  # noqa: T201
        (data / "warehouse.duckdb").unlink()
        shutil.rmtree(data / "dbt")
        measure("bare dbt build, project not parsed before", build, dbt_environment, PROJECT_ROOT / "dbt_project")


if __name__ == "__main__":
    main()
