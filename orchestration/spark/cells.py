"""Cells that Spark makes: a process of its own reads the raw files, and what it has made is kept as any night's cells.

A delivery of which this fails stays unread, and the night fails before it has built anything. Where a delivered row
fails a test, the deliveries stay unread too and the night goes on: DuckDB reads them, and holds it with the rows.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence

import duckdb

from orchestration.dbt.cells import ADDED_CELLS, RulesOfCells, UnreadDelivery, keep_cells, kept_cells
from orchestration.dbt.project import dbt_environment
from orchestration.dbt.results import went_well
from orchestration.progress import report
from orchestration.spark.engine import RUN_RESULTS, EngineError, master, require_engine, wants_spark
from sources.folder.data_folder import DataFolder
from sources.folder.durable import write_whole
from sources.folder.rights import OWNER_ALONE, make_folder
from sources.folder.sql_text import literal
from sources.intake.prepare import NO_ROWS

_NOTHING_MADE = "Spark made no cells, so nothing was built or published"


def make_cells_on_spark(folder: DataFolder, rules: RulesOfCells) -> None:
    """Have Spark make and keep the cells of each delivery without, where CSP_ENGINE asks for it and their rows pass.

    The caller holds the writer lock.

    Raises:
        EngineError: Spark cannot run here, or did not make them; the message says why, and that nothing is lost.
    """
    shutil.rmtree(folder.spark, ignore_errors=True)  # of a night that died
    if not wants_spark():
        return
    require_engine()
    with kept_cells(folder, rules) as unread:
        if not unread:
            return
        report(f"spark: reading {len(unread):,} deliveries on {master()}")
        try:
            _run_job(folder, rules, unread)
            if rows_pass(folder, rules):
                _collect(folder)
                keep_cells(folder, unread, folder.spark_cells)
            else:
                report("spark: delivered rows fail a test, so DuckDB reads these deliveries and tells which")
        finally:
            shutil.rmtree(folder.spark, ignore_errors=True)


def _run_job(folder: DataFolder, rules: RulesOfCells, unread: Sequence[UnreadDelivery]) -> None:
    """Run `orchestration.spark.job` to its end. It ends when this process does, which holds its standard input."""
    scratch = folder.spark / "tmp"
    for above in (folder.spark, scratch, folder.dbt_logs):
        make_folder(above, OWNER_ALONE)
    asked = []
    for number, feed in enumerate(sorted(rules.feeds)):
        # What tells a feed's columns is copied, as Spark reads no file whose name begins with an underscore.
        columns = shutil.copy(folder.raw_of(feed) / NO_ROWS, scratch / f"columns_{number}.parquet")
        files = [str(folder.raw / one.raw_file) for one in unread if one.feed == feed]
        asked.append({"feed": feed, "columns": str(columns), "files": files})
    select = sorted(node.split(".")[2] for node in rules.nodes)
    write_whole(folder.spark / "unread.json", json.dumps({"sources": asked, "select": select}))
    log = folder.dbt_logs / "spark.log"
    with log.open("wb") as errors:
        job = subprocess.Popen(
            [sys.executable, "-m", "orchestration.spark.job"],
            env=_environment(folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
        )
        with job:
            said = (job.stdout.read() if job.stdout else b"").decode(errors="replace").strip()
    if job.returncode:
        why = _cause(said, log.read_text(errors="replace"))
        raise EngineError(f"{_NOTHING_MADE}: {why} (more in {log})")


def rows_pass(folder: DataFolder, rules: RulesOfCells) -> bool:
    """Return whether a job that came to its end made the cells and each test of delivered rows passed.

    Raises:
        EngineError: something of it did not run, though no row failed a test.
    """
    run_results = json.loads((folder.spark / RUN_RESULTS).read_text())
    if went_well(run_results, rules.nodes):
        return True
    if any(result["status"] == "fail" for result in run_results["results"]):
        return False
    lacking = [node.split(".")[2] for node in sorted(rules.nodes) if not went_well(run_results, {node})]
    raise EngineError(f"{_NOTHING_MADE}: its dbt did not run {', '.join(lacking)}")


def _environment(folder: DataFolder) -> dict[str, str]:
    scratch = folder.spark / "tmp"
    return {
        **{name: value for name, value in dbt_environment(folder).items() if name != "SPARK_LOCAL_DIRS"},
        "TMPDIR": str(scratch),
        # Of each Java that is started, the one too that starts the others.
        "JDK_JAVA_OPTIONS": f'{os.environ.get("JDK_JAVA_OPTIONS", "")} -Djava.io.tmpdir="{scratch}" -XX:-UsePerfData',
    }


def _cause(said: str, log: str) -> str:
    """Return why the job failed: what Spark itself died of, or what the job said, or else the last that it wrote."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    died = [
        line for line in lines if line.startswith('Exception in thread "main"') or "has been killed. Reason" in line
    ]
    return next(iter([*died, *filter(None, [said]), *reversed(lines)]), "it was ended by another process")


def _collect(folder: DataFolder) -> None:
    """Put what Spark has written into a database like that of a build."""
    made = literal(f"{folder.spark}/warehouse/intermediate.db/{ADDED_CELLS}/*.parquet")
    with duckdb.connect(str(folder.spark_cells)) as cells:
        cells.execute("create schema intermediate")
        cells.execute(
            f"create table intermediate.{ADDED_CELLS} as from read_parquet({made}) "
            "order by feed, file_sha256, row_number"
        )
