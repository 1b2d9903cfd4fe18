"""Which engine makes cells, what is said where Spark cannot run, and when what it has run is kept."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from orchestration.dbt.cells import RulesOfCells
from orchestration.doctor import examine
from orchestration.spark import engine
from orchestration.spark.cells import rows_pass
from orchestration.spark.engine import RUN_RESULTS, EngineError, lack_of_java, pinned_spark, require_engine, wants_spark
from sources.folder.data_folder import DataFolder
from tests.places import REPOSITORY
from tests.spark import needs_spark


def test_duckdb_makes_cells_unless_told() -> None:
    assert [wants_spark({"CSP_ENGINE": said}) for said in ("", "DuckDB", " Spark ")] == [False, False, True]
    assert not wants_spark({})


def test_another_engine_is_refused() -> None:
    with pytest.raises(EngineError, match=r"CSP_ENGINE is 'flink': set it to `duckdb` or `spark`"):
        wants_spark({"CSP_ENGINE": "flink"})


def test_the_doctor_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CSP_ENGINE", "flink")
    found = next(examine(DataFolder(tmp_path / "nowhere")))
    assert (found.point, found.is_sound) == ("environment", False)
    assert "CSP_ENGINE is 'flink'" in found.said


def java(folder: Path, script: str) -> None:
    program = folder / "bin" / "java"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("""echo 'openjdk version "11.0.2" 2019-01-15' >&2""", "is Java 11"),
        ("""echo 'java version "1.8.0_412"' >&2""", "is Java 8"),
        ("exit 3", "does not run"),
        ("""echo 'openjdk version "17.0.15" 2025-04-15' >&2""", None),
        ("""echo 'openjdk version "21" 2023-09-19' >&2""", None),
    ],
)
def test_a_java_that_spark_cannot_run_on_is_named(
    script: str, why: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    java(tmp_path, script)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    said = lack_of_java()
    if why is None:
        assert said is None
    else:
        assert said is not None
        assert why in said
        assert "`apt-get install openjdk-17-jre-headless`" in said


@needs_spark
def test_without_java_nothing_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CSP_ENGINE", "duckdb")
    require_engine()
    monkeypatch.setenv("CSP_ENGINE", "spark")
    with pytest.raises(EngineError, match=r"needs Java 17: there is no `java`: `apt-get install openjdk-17"):
        require_engine()


def test_without_pyspark_what_installs_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CSP_ENGINE", "spark")
    monkeypatch.setattr(engine, "_PACKAGES", ("a_package_that_is_nowhere",))
    with pytest.raises(EngineError, match="`make setup-spark`"):
        require_engine()


def test_the_lock_pins_what_the_extra_asks_for() -> None:
    lock = Path(engine.__file__).with_name("requirements.lock").read_text()
    pinned = dict(re.findall(r"^([\w-]+)==(\S+)", lock, re.MULTILINE))
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    asked = [Requirement(one) for one in project["optional-dependencies"]["spark"]]
    assert all(pinned[one.name] in one.specifier for one in asked)
    assert pinned["pyspark"] == pinned_spark()


def ended(folder: DataFolder, **statuses: str) -> bool:
    """Return whether rows pass where the nodes of the job's dbt ended so."""
    kinds = {"cells": "model", "rows": "test", "other": "test"}
    results = [{"unique_id": f"{kinds[name]}.small.{name}", "status": status} for name, status in statuses.items()]
    folder.spark.mkdir(exist_ok=True)
    (folder.spark / RUN_RESULTS).write_text(json.dumps({"results": results}))
    return rows_pass(folder, RulesOfCells(frozenset(), "", frozenset({"model.small.cells", "test.small.rows"})))


def test_rows_pass_where_each_of_their_tests_has_run_and_passed(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    assert ended(folder, cells="success", rows="pass")
    assert not ended(folder, cells="skipped", rows="fail")
    for lacking in ({"cells": "success"}, {"cells": "success", "other": "pass"}, {"cells": "success", "rows": "warn"}):
        with pytest.raises(EngineError, match=r"^Spark made no cells, .*: its dbt did not run rows$"):
            ended(folder, **lacking)
    with pytest.raises(EngineError, match=r"its dbt did not run cells, rows$"):
        ended(folder)
