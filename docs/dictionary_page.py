"""docs/data_dictionary.md: every published table, from the properties files of the marts."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import yaml

from docs.diagram import diagram
from docs.markdown import COMMAND, ROOT, plain, table

MARTS = ROOT / "dbt_project" / "models" / "marts"
COLUMN_TEXTS = ROOT / "dbt_project" / "models" / "docs"
Model = dict[str, Any]


def described() -> tuple[list[Model], list[Model]]:
    """Return the published tables and the exposures that read them, as their properties files describe them."""
    models, exposures = [], []
    for file in sorted(MARTS.rglob("*.yml")):
        content = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        models += content.get("models", [])
        exposures += content.get("exposures", [])
    return models, exposures


@cache
def column_texts() -> dict[str, str]:
    """Return the texts that columns of several tables share, dbt's doc blocks, by name."""
    text = "".join(file.read_text(encoding="utf-8") for file in sorted(COLUMN_TEXTS.glob("*.md")))
    return dict(re.findall(r"{% docs (\w+) %}(.*?){% enddocs %}", text))


def description(column: Mapping[str, Any]) -> str:
    """Return a column's description: its own, or the doc block that it names."""
    return re.sub(r"{{ doc\('(\w+)'\) }}", lambda named: column_texts()[named[1]], column["description"])


def tests_of(holder: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """Return the arguments of each data test of one kind."""
    return [test[name]["arguments"] for test in holder.get("data_tests", []) if isinstance(test, dict) and name in test]


def column_row(column: Mapping[str, Any]) -> list[str]:
    """Return one column of a table: name, type, description with its values and what it leads to."""
    remarks = [plain(description(column))]
    for values in tests_of(column, "accepted_values"):
        remarks.append("Values: " + ", ".join(f"`{value}`" for value in values["values"]) + ".")
    for leads_to in tests_of(column, "relationships"):
        name = re.sub(r"""ref\(['"](\w+)['"]\)""", r"\1", leads_to["to"])
        remarks.append(f"In `{name}.{leads_to['field']}`.")
    return [f"`{column['name']}`", column["data_type"], " ".join(remarks)]


def keys_and_references(models: list[Model]) -> tuple[dict[str, list[str]], dict[str, dict[str, str]]]:
    """Return by table the shortest key of columns alone, and the columns that lead to the key of another table."""
    keys: dict[str, list[str]] = {}
    for model in models:
        columns = {column["name"] for column in model["columns"]}
        found = [key["columns"] for key in tests_of(model, "unique_key") if columns >= set(key["columns"])]
        keys[model["name"]] = min(found, key=len, default=[])
    references = {
        model["name"]: {
            column["name"]: other
            for column in model["columns"]
            for leads_to in tests_of(column, "relationships")
            if keys.get(other := re.sub(r"""ref\(['"](\w+)['"]\)""", r"\1", leads_to["to"])) == [leads_to["field"]]
        }
        for model in models
    }
    return keys, references


def dictionary_page() -> str:
    """Return docs/data_dictionary.md."""
    models, exposures = described()
    lines = [
        "# Data dictionary",
        "",
        f"The published tables, generated from `dbt_project/models/marts/` by `{COMMAND}`; do not edit it here. "
        "dbt holds each table to these columns and types. The same descriptions are comments in the database: "
        "`select table_name, column_name, comment from duckdb_columns() where not internal`. "
        "What changed: [changes.md](changes.md).",
        "",
        *table(
            ["table", "grain", "columns"],
            (
                [f"[{model['name']}](#{model['name']})", plain(grain(model)), str(len(model["columns"]))]
                for model in sorted(models, key=lambda model: model["name"])
            ),
        ),
    ]
    lines += [
        "",
        "## Relationships",
        "",
        "Keys and references as data tests check them: the primary and foreign keys of `datapackage.json`, "
        "`csv/csv-metadata.json` and PostgreSQL. The DuckDB file declares none, which would cost an index a table. "
        "Tables of a plan, which are not drawn, have `plan_id`, and `indicator_code` or `target_id`.",
        "",
        diagram(models, *keys_and_references(models)),
        "",
    ]
    for model in sorted(models, key=lambda model: model["name"]):
        lines += [
            f"## {model['name']}",
            "",
            plain(model["description"].removesuffix(grain(model))),
            "",
            f"**{grain(model)}**",
            "",
        ]
        for key in tests_of(model, "unique_key"):
            # A column that may be missing is in the key as coalesce(column, value).
            columns = [re.sub(r"^coalesce\((\w+),.*", r"\1", column) for column in key["columns"]]
            lines.append("- Key: " + ", ".join(f"`{column}`" for column in columns) + ".")
        for filled in tests_of(model, "never_null"):
            lines.append("- Never missing: " + ", ".join(f"`{column}`" for column in filled["columns"]) + ".")
        readers = [
            f"- {plain(exposure['label'])} ({plain(exposure['owner']['name'])}): {plain(exposure['description'])}"
            for exposure in exposures
            if any(re.search(rf"""['"]{model["name"]}['"]""", reference) for reference in exposure["depends_on"])
        ]
        lines += ["", "Read by:", "", *readers, "", f"<details><summary>{len(model['columns'])} columns</summary>", ""]
        lines += table(["column", "type", "holds"], map(column_row, model["columns"]))
        lines += ["</details>", ""]
    return "\n".join(lines).rstrip() + "\n"


def grain(model: Mapping[str, Any]) -> str:
    """Return the last sentence of a table's description, which says what one row is."""
    text: str = model["description"].strip()
    return text[text.rindex("One row per ") :]
