"""Spark's driver: opens the session, shows dbt the raw files as its sources, and has it build the cells.

A process of its own, started by `orchestration.spark.cells`. It says on standard output why it failed, and nothing
else; it ends when whoever started it does.
"""

import json
import os
import re
import sys
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from dbt.cli.main import dbtRunner
from pyspark.sql import SparkSession

from orchestration.provenance import DBT_PROJECT_DIR
from orchestration.spark.engine import RUN_RESULTS, master
from sources.folder.data_folder import DataFolder
from sources.folder.durable import write_whole

_OF_A_STACK = re.compile(r"^(at |\.\.\. |JVM stacktrace|==)|\((\w+\.(java|scala)(:\d+)?|Native Method)\)$")
_SOURCES = "raw"  # the source's name in dbt, and the schema of what the session alone sees


def main() -> int:
    """Build the cells, and return the exit code."""
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    folder = DataFolder.from_environment()
    asked = json.loads((folder.spark / "unread.json").read_text())
    try:
        session = _session(folder)
        for source in asked["sources"]:
            _show_source(session, source)
        problem = _build(folder, asked["select"])
        session.stop()
    except Exception as error:  # noqa: BLE001 - Java's and Python's: whatever it is ends as a sentence
        problem = _sentence(str(error) or type(error).__name__)
    if problem:
        sys.stdout.write(problem)
    return 1 if problem else 0


def _end_with_the_parent() -> None:
    while os.read(0, 1024):
        pass
    os._exit(1)


def settings(folder: DataFolder, spark_master: str) -> dict[str, str]:
    """Return what must hold of every session; all else is for `spark-defaults.conf` in SPARK_CONF_DIR.

    It serves no page, listens to this machine alone unless a cluster has to reach it, writes in its scratch, and dates
    know no time zone.
    """
    at_home = spark_master.startswith("local")
    loopback = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"} if at_home else {}
    return {
        "spark.app.name": "csp cells",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.eventLog.enabled": "false",
        "spark.local.dir": str(folder.spark / "tmp"),
        "spark.sql.warehouse.dir": str(folder.spark / "warehouse"),
        "spark.sql.catalogImplementation": "in-memory",  # Hive's would leave files of Derby where it was started
        "spark.sql.globalTempDatabase": _SOURCES,
        "spark.sql.session.timeZone": "UTC",
        **loopback,
    }


def _session(folder: DataFolder) -> SparkSession:
    builder = SparkSession.builder.master(master())
    for name, value in settings(folder, master()).items():
        builder = builder.config(name, value)
    session: SparkSession = builder.getOrCreate()
    return session


def _show_source(session: Any, source: Mapping[str, Any]) -> None:
    """Show a feed's unread files as the table that dbt calls its source, with the columns of its empty file."""
    no_rows = session.read.parquet(source["columns"])
    rows = session.read.schema(no_rows.schema).parquet(*source["files"]) if source["files"] else no_rows
    rows.createOrReplaceGlobalTempView(f"`{source['feed']}`")


def _build(folder: DataFolder, select: Sequence[str]) -> str:
    """Have dbt build the cells and test the rows of which they are, and return what it could not run, if anything.

    How each node ended is for `orchestration.spark.cells` to judge: a row that fails a test is no fault of Spark's.
    """
    project = str(DBT_PROJECT_DIR)
    ended = dbtRunner().invoke(
        [
            *("--log-format", "text", "--log-level", "none", "--no-version-check", "--no-send-anonymous-usage-stats"),
            *("build", "--target", "spark", "--indirect-selection", "empty", "--exclude-resource-type", "unit_test"),
            *("--select", *select),
            *("--project-dir", project, "--profiles-dir", project),
            *("--target-path", str(folder.dbt_target.parent / "spark"), "--log-path", str(folder.dbt_logs)),
        ]
    )
    results: Any = ended.result or []
    statuses = [{"unique_id": one.node.unique_id, "status": one.status} for one in results]
    write_whole(folder.spark / RUN_RESULTS, json.dumps({"results": statuses}))
    problems = [f"{one.node.name}: {one.message}" for one in results if one.status == "error"]
    problems += [str(ended.exception)] if ended.exception else []
    return _sentence(problems[0]) if problems else ""


def _sentence(message: str) -> str:
    """Return a message without the lines of its stack."""
    lines = [line.strip() for line in message.splitlines()]
    said = [line for line in lines if line and not _OF_A_STACK.search(line)]
    return " ".join(said)[:600]


if __name__ == "__main__":
    sys.exit(main())
