"""Which rules changed between two releases, which indicators they define, and that a release's rules are read again."""

from copy import deepcopy
from pathlib import Path

import duckdb
import pytest

from orchestration.releases import read_rules
from orchestration.releases.lineage import LINEAGE_TABLES, write_lineage
from orchestration.report.tables import Tables
from orchestration.report.why import RulesBetween, rules_between, why_figures_changed
from orchestration.rules_in_use import (
    Rules,
    changed_files,
    changed_rules,
    reasons_by_indicator,
    rules_in_use,
    told_of_changes,
)
from sources.folder.data_folder import DataFolder


@pytest.fixture(scope="module")
def in_use() -> Rules:
    return rules_in_use()


def test_rules_are_every_row_of_the_lists_and_every_other_file(in_use: Rules) -> None:
    assert in_use["lists"]["measures"]["burglary"]["source_feed"] == "police/street_crime"
    assert "dbt_project/models/marts/figures/indicator_values.sql" in in_use["files"]
    assert not [name for name in in_use["files"] if "catalogue/" in name and name.endswith(".csv")]
    assert (changed_rules(in_use, in_use), changed_files(in_use, in_use), told_of_changes(in_use, in_use)) == (
        [],
        [],
        "",
    )


def test_a_changed_row_names_what_it_defines(in_use: Rules) -> None:
    """A measure's categories define its indicators, and an indicator the sums that it is a part of."""
    now = deepcopy(dict(in_use))
    key = next(key for key, row in now["lists"]["measure_categories"].items() if row["measure_code"] == "burglary")
    del now["lists"]["measure_categories"][key]
    now["lists"]["indicator_catalogue"]["OD-BURGLARY-RATE"]["multiplier"] = "10000"
    now["lists"]["indicator_catalogue"]["OD-ROBBERY-RATE"]["definition"] = "Said better."
    now["files"]["dbt_project/models/new.sql"] = "0"
    rules = changed_rules(in_use, now)
    assert [str(rule) for rule in rules] == [
        "indicator catalogue, OD-BURGLARY-RATE: multiplier is 10000, was 1000",
        "indicator catalogue, OD-ROBBERY-RATE: another definition",
        f"measure categories, {key}: no longer there",
    ]
    reasons = reasons_by_indicator(rules)
    assert len(reasons["OD-BURGLARY-RATE"]) == 2
    assert len(reasons["OD-BURGLARY"]) == 1
    assert "OD-ROBBERY-RATE" not in reasons
    assert (
        told_of_changes(in_use, now)
        == "2 row(s) of indicator catalogue, 1 row(s) of measure categories, 1 other file(s)"
    )
    part = next(iter(now["lists"]["indicator_sums"].values()))
    now["lists"]["indicator_catalogue"][part["part_indicator"]]["decimals"] = "7"
    assert part["indicator_code"] in reasons_by_indicator(changed_rules(in_use, now))


def test_the_lineage_of_a_release_keeps_its_rules(tmp_path: Path, in_use: Rules) -> None:
    folder = DataFolder(tmp_path)
    with duckdb.connect() as connection:
        connection.execute("create schema restricted")
        for table in LINEAGE_TABLES:
            connection.execute(f"create table restricted.{table} (month date)")
        told = write_lineage(connection, folder, "2021-07-31.1", in_use)
        again = write_lineage(connection, folder, "2021-07-31.1", in_use)
    assert read_rules(folder, "2021-07-31.1") == in_use
    assert told == again
    assert "lineage/2021-07-31.1/rules.json.gz" in told
    assert (folder.lineage / "2021-07-31.1" / "rules.json.gz").stat().st_mode & 0o077 == 0
    (folder.lineage / "2021-07-31.1" / "rules.json.gz").write_bytes(b"\x1f\x8b damaged")
    assert read_rules(folder, "2021-07-31.1") is None
    assert read_rules(folder, "2021-07-31.2") is None


@pytest.fixture
def tables() -> Tables:
    """Two releases: burglary is another figure by rule, robbery by a delivery, theft by neither."""
    connection = duckdb.connect()
    connection.execute("create schema previous")
    figures = "indicator_code, area_code, period_type, period_label, value"
    for schema, values in (("main", (2, 5, 8)), ("previous", (1, 4, 7))):
        rows = ", ".join(
            f"('{code}', 'E07000133', 'month', 'April 2021', {value}::double)"
            for code, value in zip(("OD-BURGLARY", "OD-ROBBERY", "OD-THEFT"), values, strict=True)
        )
        connection.execute(f"create table {schema}.indicator_values as from (values {rows}) as t ({figures})")
    connection.execute(
        "create table indicators as from (values ('OD-BURGLARY', 'Burglary', 'police/a'), "
        "('OD-ROBBERY', 'Robbery', 'police/b'), ('OD-THEFT', 'Theft', 'police/a')) "
        "as t (indicator_code, title, source_feed)"
    )
    returns = "return_id, feed, feed_title, status"
    connection.execute(
        f"create table agency_returns as from (values (1, 'police/b', 'Feed B', 'received')) as t ({returns})"
    )
    connection.execute("create table previous.agency_returns as from agency_returns limit 0")
    return Tables(connection, "2021-07-31.1")


def test_each_indicator_says_what_changed_with_its_figures(tables: Tables, in_use: Rules) -> None:
    now = deepcopy(dict(in_use))
    now["lists"]["indicator_catalogue"]["OD-BURGLARY"]["multiplier"] = "2"

    def reasons(rules: RulesBetween | None) -> dict[str, list[str]]:
        return {row["indicator_code"]: row["reasons"] for row in why_figures_changed(tables, rules) or []}

    told = reasons(RulesBetween(in_use, now))
    assert told["OD-BURGLARY"] == ["rule: indicator catalogue, OD-BURGLARY: multiplier is 2, was 1"]
    assert told["OD-ROBBERY"] == ["1 delivery of Feed B came in or count otherwise"]
    assert told["OD-THEFT"] == ["nothing of its own: what it is divided by or added up from may have"]
    now["files"]["dbt_project/models/new.sql"] = "0"
    assert reasons(RulesBetween(in_use, now))["OD-THEFT"] == ["other rules: dbt_project/models/new.sql"]
    assert reasons(RulesBetween(None, now))["OD-THEFT"] == [
        "models or lists of this version, which the last release did not keep"
    ]


def test_rules_that_the_release_before_did_not_keep_are_not_compared(in_use: Rules) -> None:
    assert rules_between(None) is None
    assert (rules_between(RulesBetween(None, in_use)) or {})["rows"] is None
    assert rules_between(RulesBetween(in_use, in_use)) == {"rows": [], "more": 0, "files": []}


def test_releases_that_cannot_be_compared_give_no_reasons() -> None:
    assert why_figures_changed(Tables(duckdb.connect(), None), None) is None
