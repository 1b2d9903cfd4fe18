"""The dictionary of the published tables: what dbt's manifest says of their columns, keys and references."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from orchestration.releases import Described

_REFERENCED = re.compile(r"""ref\(['"](\w+)['"]\)""")


def dictionary_of(manifest: Mapping[str, Any], tables: Sequence[str]) -> dict[str, Described]:
    """Return what dbt documents of the published tables; keys and references are those that its data tests check.

    The key of a table is the first one checked, where it is made of columns alone.
    """
    nodes = list(manifest["nodes"].values())
    models = {node["name"]: node for node in nodes if node["resource_type"] == "model"}
    names_of = {models[table]["unique_id"]: table for table in tables}
    tests: dict[str, list[dict[str, Any]]] = {table: [] for table in tables}
    for node in sorted(nodes, key=lambda node: node["name"]):
        if node.get("attached_node") in names_of and node.get("test_metadata"):
            tests[names_of[node["attached_node"]]].append(node)
    keys = {table: _key(models[table]["columns"], tests[table]) for table in tables}
    return {
        table: Described(
            description=models[table]["description"],
            columns={name: column["description"] for name, column in models[table]["columns"].items()},
            key=keys[table],
            partitioned_by=models[table].get("config", {}).get("meta", {}).get("partitioned_by"),
            references={
                arguments["column_name"]: other
                for arguments in _arguments(tests[table], "relationships")
                if keys.get(other := _referenced(arguments["to"])) == (arguments["field"],)
            },
        )
        for table in tables
    }


def _key(columns: Mapping[str, Any], tests: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    keys = [arguments["columns"] for arguments in _arguments(tests, "unique_key")]
    return next((tuple(key) for key in sorted(keys, key=len) if columns.keys() >= set(key)), ())


def _arguments(tests: Iterable[Mapping[str, Any]], name: str) -> list[Mapping[str, Any]]:
    return [test["test_metadata"]["kwargs"] for test in tests if test["test_metadata"]["name"] == name]


def _referenced(to: str) -> str:
    found = _REFERENCED.fullmatch(to)
    return found[1] if found else ""
