"""Which models are made twice: by the disclosure rules for everybody, and exact for partners."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

PARTNERS = "partners"
_ASKS_FOR_WHOM = "for_the_public"  # the macro by which a model obeys the rules


def forked_models(manifest: Mapping[str, Any]) -> list[str]:
    """Return the unique ids of the models that depend on whom they are for, directly or through others, in order."""
    macro = f"macro.{manifest['metadata']['project_name']}.{_ASKS_FOR_WHOM}"
    asking = _reached({macro}, manifest["macros"], "macros")
    models = {key: node for key, node in manifest["nodes"].items() if node["resource_type"] == "model"}
    themselves = {key for key, node in models.items() if asking.intersection(node["depends_on"]["macros"])}
    return sorted(_reached(themselves, models, "nodes"))


def manifest_for_partners(manifest: Mapping[str, Any], forked: Sequence[str]) -> dict[str, Any]:
    """Return the manifest with these models in the schemas where they are exact."""
    nodes = manifest["nodes"]
    exact = {key: {**nodes[key], "schema": f"{PARTNERS}_{nodes[key]['schema']}"} for key in forked}
    return {**manifest, "nodes": {**nodes, **exact}}


def partners_selection(manifest: Mapping[str, Any], forked: Sequence[str]) -> str:
    """Return the dbt selection of exactly these models; a name alone would be that of a folder too."""
    return " ".join(f"fqn:{'.'.join(manifest['nodes'][key]['fqn'])}" for key in forked)


def partners_vars(manifest: Mapping[str, Any], forked: Sequence[str]) -> str:
    """Return the dbt vars by which these models are exact, and in schemas of their own."""
    return json.dumps({"audience": PARTNERS, "forked": [manifest["nodes"][key]["name"] for key in forked]})


def _reached(start: set[str], nodes: Mapping[str, Any], by: str) -> set[str]:
    """Return `start` and every one of `nodes` that depends on it."""
    reached = set(start)
    while new := {
        key for key, node in nodes.items() if key not in reached and reached.intersection(node["depends_on"][by])
    }:
        reached |= new
    return reached
