"""The tables of a partnership's folder and their rules, read from dbt's properties files: one home for both."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sources.folder.reference import DBT_PROJECT
from sources.folder.yaml_text import from_yaml

PROPERTIES = DBT_PROJECT / "models" / "staging" / "partnership"
NATIONAL = DBT_PROJECT / "catalogue"
"""Where the national lists are."""
REPLACES = "replaces"
"""The column of the folder's own rows that says why they stand in for a national one."""
DEFINED_BY = "defined_by"
"""The column, of no file, that says whose a row is."""
PLAN_KEY = "plan_id"
"""The column that no file of a plan has: its folder's name says it."""
_DOC = re.compile(r"\{\{\s*doc\('(\w+)'\)\s*\}\}")
_DOC_BLOCK = re.compile(r"\{%\s*docs (\w+)\s*%\}(.*?)\{%\s*enddocs\s*%\}", re.DOTALL)
_REF = re.compile(r"ref\(['\"](\w+)['\"]\)")


@dataclass(frozen=True)
class Column:
    """A column: its name, the type that dbt reads, and what it means."""

    name: str
    data_type: str
    description: str


@dataclass(frozen=True)
class Rule:
    """A data test of a table, as dbt runs it: its kind, its arguments and what it says."""

    kind: str
    name: str
    description: str
    arguments: Mapping[str, Any]
    column: str | None = None

    @property
    def table_named(self) -> str | None:
        """The table in which a relationship must find its values."""
        found = _REF.search(str(self.arguments.get("to", "")))
        return found and found.group(1)


@dataclass(frozen=True)
class Table:
    """A table of the folder: the files that hold it, relative to the folder, its columns and its rules.

    Where there is a national list of the same columns, the folder's rows are added to it.
    """

    name: str
    file: str
    national_file: str | None
    description: str
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...]

    @property
    def of_a_plan(self) -> bool:
        """Whether each plan has a file of its own."""
        return self.file.startswith("plans/")

    @property
    def file_name(self) -> str:
        """The name of its files."""
        return self.file.rpartition("/")[2]

    @property
    def file_columns(self) -> tuple[Column, ...]:
        """The columns that a file has; which plan and whose a row is, its folder says."""
        told = {DEFINED_BY, *([PLAN_KEY] if self.of_a_plan else [])}
        return tuple(column for column in self.columns if column.name not in told)

    @property
    def key(self) -> tuple[str, ...]:
        """The columns by which a row is known."""
        return next(tuple(rule.arguments["columns"]) for rule in self.rules if rule.kind == "unique_key")

    @property
    def needed(self) -> frozenset[str]:
        """Columns that are never empty: of the key, or said to be filled in."""
        kinds = ("unique_key", "never_null")
        return frozenset(column for rule in self.rules if rule.kind in kinds for column in rule.arguments["columns"])


@cache
def tables() -> Mapping[str, Table]:
    """Return every table of a partnership's folder by its name."""
    texts = _doc_blocks()
    found = {}
    for file in sorted(PROPERTIES.glob("*.yml")):
        for model in from_yaml(file.read_text(encoding="utf-8")).get("models", []):
            found[model["name"]] = _table(model, texts)
    return found


def _doc_blocks() -> dict[str, str]:
    pages = sorted((DBT_PROJECT / "models" / "docs").glob("*.md"))
    return {
        name: " ".join(text.split()) for page in pages for name, text in _DOC_BLOCK.findall(page.read_text("utf-8"))
    }


def _table(model: Mapping[str, Any], texts: Mapping[str, str]) -> Table:
    columns, rules = [], [_rule(one) for one in model.get("data_tests", [])]
    for column in model["columns"]:
        description = _DOC.sub(lambda named: texts[named.group(1)], column["description"])
        columns.append(Column(column["name"], column["data_type"], description))
        rules += [_rule(one, column["name"]) for one in column.get("data_tests", [])]
    meta = model["config"]["meta"]
    files = meta["partnership_file"], meta.get("national_file")
    return Table(model["name"], *files, model["description"], tuple(columns), tuple(rules))


def _rule(test: Mapping[str, Any], column: str | None = None) -> Rule:
    ((kind, said),) = test.items()
    return Rule(kind, said["name"], said["description"], said.get("arguments", {}), column)
