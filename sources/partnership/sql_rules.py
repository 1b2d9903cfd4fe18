"""Rules over several tables: dbt tests in SQL that name the folder's table which they judge, run on the folder alone.

Such a test says in its properties, under `meta.partnership`, which table's rows it judges, the columns by which its
result names a row, and what stands in the folder, or in a national list, for each model that it reads.
"""

import re
from collections.abc import Iterator

import duckdb
import yaml

from sources.folder.reference import DBT_PROJECT
from sources.folder.sql_text import literal
from sources.partnership.read import Problem
from sources.partnership.rules import Rows
from sources.partnership.tables import tables
from sources.partnership.typed import create_typed

TESTS = DBT_PROJECT / "tests"
NATIONAL_LISTS = ("seeds", "reference")
_REF = re.compile(r"\{\{\s*ref\([\"'](\w+)[\"']\)\s*\}\}")


def broken_sql_rules(rows: Rows) -> Iterator[Problem]:
    """Return the rows of the folder that break a rule over several tables."""
    properties = yaml.safe_load((TESTS / "tests.yml").read_text(encoding="utf-8"))
    for test in properties["data_tests"]:
        judged = test["config"]["meta"].get("partnership")
        if not judged:
            continue
        table, key, stands_for = tables()[judged["table"]], judged["key"], judged.get("stands_for", {})
        sql = (TESTS / f"{test['name']}.sql").read_text(encoding="utf-8")
        with duckdb.connect() as connection:
            for named in set(_REF.findall(sql)):
                _hold(connection, named, stands_for.get(named, named), rows)
            found = connection.execute(_REF.sub(r"\1", sql))
            columns = [column[0] for column in found.description]
            broken = [dict(zip(columns, values, strict=True)) for values in found.fetchall()]
        at = {tuple(row.values[column] for column in key): row for row in rows[table.name]}
        for one in broken:
            row = at[tuple(one[column] for column in key)]
            said = ", ".join(f"{name} {value}" for name, value in one.items() if value is not None)
            yield Problem(row.file, row.line, None, None, f"{test['description']} Here: {said}.")


def _hold(connection: duckdb.DuckDBPyConnection, name: str, held: str, rows: Rows) -> None:
    if held in rows:
        create_typed(connection, name, tables()[held], rows[held])
    else:
        national = next(file for home in NATIONAL_LISTS for file in (DBT_PROJECT / home).rglob(f"{held}.csv"))
        connection.execute(f'CREATE VIEW "{name}" AS SELECT * FROM read_csv({literal(str(national))}, header = true)')
