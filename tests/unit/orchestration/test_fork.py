"""Which models are made twice follows from dbt's manifest: who asks for whom it is, and what builds on that."""

import json
from typing import Any

from orchestration.dbt.fork import forked_models, manifest_for_partners, partners_selection, partners_vars


def node(name: str, *parents: str, macros: tuple[str, ...] = (), kind: str = "model") -> dict[str, Any]:
    return {
        "name": name,
        "resource_type": kind,
        "schema": "marts",
        "fqn": ["small", "marts", name],
        "depends_on": {"nodes": [f"model.small.{parent}" for parent in parents], "macros": list(macros)},
    }


NODES = [
    node("counted"),
    node("shown", "counted", macros=("macro.small.for_the_public",)),
    node("rounded", "counted", macros=("macro.small.rounded_for_the_public",)),
    node("areas"),
    node("scorecard", "shown", "areas"),
    node("on_the_scorecard", "scorecard"),
    node("a_test", "shown", kind="test"),
]
MANIFEST = {
    "metadata": {"project_name": "small"},
    "macros": {
        "macro.small.for_the_public": {"depends_on": {"macros": []}},
        "macro.small.rounded_for_the_public": {"depends_on": {"macros": ["macro.small.for_the_public"]}},
        "macro.small.other": {"depends_on": {"macros": []}},
    },
    "nodes": {f"{one['resource_type']}.small.{one['name']}": one for one in NODES},
}
FORKED = [f"model.small.{name}" for name in ("on_the_scorecard", "rounded", "scorecard", "shown")]


def test_forked_is_what_asks_for_whom_it_is_and_all_that_builds_on_it() -> None:
    assert forked_models(MANIFEST) == FORKED
    assert forked_models({**MANIFEST, "nodes": {"model.small.areas": NODES[3]}}) == []


def test_the_second_build_is_of_these_models_alone() -> None:
    assert partners_selection(MANIFEST, FORKED[1:2]) == "fqn:small.marts.rounded"
    assert json.loads(partners_vars(MANIFEST, FORKED[1:3])) == {
        "audience": "partners",
        "forked": ["rounded", "scorecard"],
    }
    nodes = manifest_for_partners(MANIFEST, FORKED)["nodes"]
    assert {key for key, one in nodes.items() if one["schema"] == "partners_marts"} == set(FORKED)
    assert {key for key, one in nodes.items() if one["schema"] == "marts"} == set(nodes) - set(FORKED)
