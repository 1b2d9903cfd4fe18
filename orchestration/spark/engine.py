"""Which engine makes cells, and whether Spark can run here."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

ENGINE = "CSP_ENGINE"
MASTER = "CSP_SPARK_MASTER"
ON_THIS_MACHINE = "local[2]"
RUN_RESULTS = "run_results.json"
"""In `spark/` of the data folder: how each node of the job's dbt ended, in the form of dbt's own file."""
OLDEST_JAVA = 17
_LOCK = Path(__file__).with_name("requirements.lock")
_PACKAGES = ("pyspark", "dbt.adapters.spark")


class EngineError(Exception):
    """The engine is none that we know, or cannot run here; the message says what to do."""


def wants_spark(environment: Mapping[str, str] = os.environ) -> bool:
    """Return whether CSP_ENGINE asks for Spark; unless told, DuckDB makes the cells.

    Raises:
        EngineError: it names another engine.
    """
    engine = environment.get(ENGINE, "").strip().lower()
    if engine not in {"", "duckdb", "spark"}:
        raise EngineError(f"{ENGINE} is {environment[ENGINE]!r}: set it to `duckdb` or `spark`")
    return engine == "spark"


def require_engine() -> None:
    """See that the engine that is asked for is known and can run.

    Raises:
        EngineError: it is not, or Java or PySpark is missing.
    """
    if not wants_spark():
        return
    if any(find_spec(package) is None for package in _PACKAGES):
        raise EngineError(f"{ENGINE}=spark needs PySpark and dbt-spark: `make setup-spark` installs them")
    if why := lack_of_java():
        raise EngineError(f"{ENGINE}=spark needs Java {OLDEST_JAVA}: {why}")


def lack_of_java() -> str | None:
    """Return why Spark finds no Java that it can run on, and what to do; None when it finds one."""
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home, "bin", "java")) if home else shutil.which("java")
    remedy = f"`apt-get install openjdk-{OLDEST_JAVA}-jre-headless`, or set JAVA_HOME to one"
    if java is None:
        return f"there is no `java`: {remedy}"
    try:
        told = subprocess.run([java, "-XX:-UsePerfData", "-version"], capture_output=True, text=True, check=True).stderr
    except (OSError, subprocess.CalledProcessError) as error:
        return f"{java} does not run ({error}): {remedy}"
    number = re.search(r'version "(?:1\.)?(\d+)', told)
    if number and int(number[1]) < OLDEST_JAVA:
        return f"{java} is Java {number[1]}: {remedy}"
    return None


def pinned_spark() -> str:
    """Return the version of Spark that this product is tested with, be it installed here or not."""
    (pinned,) = re.findall(r"^pyspark==(\S+)", _LOCK.read_text(), re.MULTILINE)
    return str(pinned)


def master() -> str:
    """Return the Spark that does the work: two threads of this machine, or the cluster that CSP_SPARK_MASTER names."""
    return os.environ.get(MASTER) or ON_THIS_MACHINE


if __name__ == "__main__":
    print(lack_of_java() or "Spark can run: set CSP_ENGINE=spark")  # noqa: T201 - the end of `make setup-spark`
