"""How far dbt is, and what it did."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from orchestration.progress import advance, detail

_ENDS = {"LogModelResult": "total", "LogSeedResult": "total", "LogTestResult": "num_models"}
"""Events that end a node, and where each says how many nodes there are."""


def report_progress(raw_event: Mapping[str, Any]) -> None:
    """Report a node that dbt has ended: a model in any case, a test that found something."""
    name, data = raw_event["info"]["name"], raw_event["data"]
    if name not in _ENDS:
        return
    advance("dbt", data.get("index", 0), data.get(_ENDS[name], 0))
    if name == "LogModelResult":
        detail(f"model {data['node_info']['node_name']}: {data['status']}")
    elif name == "LogTestResult" and data["status"] != "pass":
        detail(f"check {data['node_info']['node_name']}: {data['status']}")


def built_line(run_results: Mapping[str, Any]) -> str:
    """Return what dbt built and checked, in one line."""
    ended = Counter(
        ("checks" if result["unique_id"].startswith("test.") else "models", result["status"] in {"success", "pass"})
        for result in run_results["results"]
        if result["status"] != "no-op"  # as of an exposure, which is no model
    )
    told = f"dbt: {ended['models', True]} models built, {ended['checks', True]} checks passed"
    wrong = [
        f"{ended[kind, False]} {what}"
        for kind, what in (("models", "models not built"), ("checks", "checks not passed"))
        if ended[kind, False]
    ]
    return "; ".join([told, *wrong])
