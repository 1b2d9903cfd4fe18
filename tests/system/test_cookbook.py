"""Every query of the cookbook runs on a published release and gives the result that the page shows.

`COOKBOOK_WRITE=1 pytest tests/system/test_cookbook.py` writes the results of the page anew.
"""

import os
import re

import duckdb

from tests.csp import Installation
from tests.places import REPOSITORY

PAGE = REPOSITORY / "docs" / "cookbook.md"
QUERY = re.compile(
    r"```sql\n(?P<sql>.*?)```\n(?:\n<!-- result -->\n(?P<result>.*?)<!-- end of result -->\n)?", re.DOTALL
)
QUESTIONS = 9


def as_table(connection: duckdb.DuckDBPyConnection, sql: str) -> str:
    """Return the result of a query as a table of Markdown."""
    result = connection.execute(sql)
    names = [column[0] for column in result.description or []]
    rows = [["" if cell is None else str(cell) for cell in row] for row in result.fetchall()]
    lines = [names, ["---"] * len(names), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def filled_page(connection: duckdb.DuckDBPyConnection, page: str) -> str:
    """Return the page with the result of each query below it."""

    def with_result(found: re.Match[str]) -> str:
        sql = found["sql"]
        return f"```sql\n{sql}```\n\n<!-- result -->\n{as_table(connection, sql)}<!-- end of result -->\n"

    return QUERY.sub(with_result, page)


def test_every_question_has_a_query_and_shows_its_result(whole_sample: Installation) -> None:
    page = PAGE.read_text()
    with duckdb.connect(str(whole_sample.database), read_only=True) as connection:
        filled = filled_page(connection, page)
    if os.environ.get("COOKBOOK_WRITE"):
        PAGE.write_text(filled)
        page = filled
    questions = [section for section in page.split("\n## ")[1:] if section.partition("\n")[0].endswith("?")]
    assert len(questions) == QUESTIONS
    assert all(QUERY.search(question) for question in questions)
    assert page == filled
