"""dbt's own documentation of the project, every model with its columns, tests, SQL and lineage, as one page."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dbt.task.docs import DOCS_INDEX_FILE_PATH

from orchestration.dbt.project import prepare_manifest
from sources.folder.data_folder import DataFolder
from sources.folder.durable import write_whole


def write_site(folder: DataFolder) -> Path:
    """Write the page below the data folder and return it; it opens from disk and calls nobody.

    It is `dbt docs generate --static` without the warehouse, which a night may hold: the types of columns are those of
    the contracts.

    Raises:
        DbtParseError: dbt cannot read the project.
    """
    manifest = prepare_manifest(folder).read_text(encoding="utf-8")
    page = Path(DOCS_INDEX_FILE_PATH).read_text(encoding="utf-8")
    catalog = json.dumps(catalog_of(json.loads(manifest)))
    for place, content in {"MANIFEST": manifest, "CATALOG": catalog}.items():
        page = page.replace(f'"{place}.JSON INLINE DATA"', content)
    site = folder.dbt_target.parent / "docs" / "static_index.html"
    site.parent.mkdir(exist_ok=True)
    write_whole(site, page)
    return site


def catalog_of(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return dbt's catalogue of the models and seeds of a manifest, with the types that their columns are held to."""
    return {
        "metadata": {},
        "nodes": {key: _described(node) for key, node in manifest["nodes"].items() if node.get("columns")},
        "sources": {},
        "errors": None,
    }


def _described(node: Mapping[str, Any]) -> dict[str, Any]:
    kind = node["config"]["materialized"]
    columns = {
        name: {"name": name, "type": column["data_type"] or "", "index": number, "comment": None}
        for number, (name, column) in enumerate(node["columns"].items(), 1)
    }
    metadata = {"type": kind, "schema": node["schema"], "name": node["name"], "comment": None, "owner": None}
    return {"unique_id": node["unique_id"], "metadata": metadata, "columns": columns, "stats": {}}


if __name__ == "__main__":
    print(f"written: {write_site(DataFolder.from_environment())}")  # noqa: T201
