"""How dbt is started and parsed: one subprocess, one target folder, one manifest.

dbt runs as a subprocess, because in process it can keep DuckDB's lock.
"""

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from orchestration.progress import report
from orchestration.provenance import DBT_PROJECT_DIR, dbt_project_digest
from sources.folder.data_folder import DataFolder
from sources.folder.durable import write_whole
from sources.folder.rights import OWNER_ALONE, make_folder

PARTIAL_PARSE = "partial_parse.msgpack"


class DbtParseError(Exception):
    """The dbt project does not parse; the message is dbt's own."""


def dbt_command(*arguments: str) -> list[str]:
    """Return the command line of this environment's dbt."""
    return [str(Path(sys.executable).with_name("dbt")), *arguments]


def dbt_environment(folder: DataFolder) -> dict[str, str]:
    """Return the environment in which dbt writes only inside the data folder and calls nobody."""
    return {
        **os.environ,
        "CSP_DATA_DIR": str(folder.root),
        "DBT_PROJECT_DIR": str(DBT_PROJECT_DIR),
        "DBT_PROFILES_DIR": str(DBT_PROJECT_DIR),
        "DBT_TARGET_PATH": str(folder.dbt_target),
        "DBT_LOG_PATH": str(folder.dbt_logs),
        "DBT_LOG_LEVEL_FILE": "info",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DBT_VERSION_CHECK": "false",
        "DO_NOT_TRACK": "1",
        "PYTHONUNBUFFERED": "1",
    }


def prepare_manifest(folder: DataFolder) -> Path:
    """Return the manifest of the dbt project as it is now, parsing it only when the project has changed.

    Raises:
        DbtParseError: dbt cannot parse the project.
    """
    digest = dbt_project_digest()
    manifests = folder.dbt_target.parent / "manifests"
    parse_target = folder.dbt_target.parent / "parse"  # apart from a build that may be running
    manifest = manifests / f"{digest[:16]}.json"
    if manifest.exists():
        return manifest
    make_folder(manifests.parent, OWNER_ALONE)
    manifests.mkdir(exist_ok=True)
    with (manifests / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if manifest.exists():
            return manifest
        report("dbt: reading the project (once for each change of it)")
        parsed = subprocess.run(
            # dbt takes a description that moved between files for a second one if it starts from an older parse.
            dbt_command("--quiet", "parse", "--no-partial-parse"),
            cwd=DBT_PROJECT_DIR,
            env={**dbt_environment(folder), "DBT_TARGET_PATH": str(parse_target)},
            capture_output=True,
            text=True,
            check=False,
        )
        if parsed.returncode:
            raise DbtParseError(f"dbt cannot parse {DBT_PROJECT_DIR}:\n{parsed.stdout}{parsed.stderr}")
        for stale in manifests.glob("*.json"):
            stale.unlink()
        write_whole(manifest, (parse_target / "manifest.json").read_bytes())
        # What the parse has read a build need not read again.
        write_whole(folder.dbt_target / PARTIAL_PARSE, (parse_target / PARTIAL_PARSE).read_bytes())
        (folder.dbt_partners_target / PARTIAL_PARSE).unlink(missing_ok=True)
    return manifest


def current_manifest(folder: DataFolder) -> dict[str, Any]:
    """Return the manifest of the dbt project as it is now; one that cannot be read is made anew.

    Raises:
        DbtParseError: dbt cannot parse the project.
    """
    manifest = prepare_manifest(folder)
    try:
        return read_manifest(manifest)
    except ValueError:
        manifest.unlink()
        return read_manifest(prepare_manifest(folder))


def read_manifest(path: Path) -> dict[str, Any]:
    """Return a manifest as a dictionary."""
    manifest: dict[str, Any] = json.loads(path.read_text())
    return manifest


def released_relations(manifest: Mapping[str, Any]) -> dict[str, str | None]:
    """Return every relation that leaves the warehouse as a table of a release (`marts.areas`): what exposures name.

    Of a large one, with the dates that it is parted by.
    """
    exposed = {node for exposure in manifest["exposures"].values() for node in exposure["depends_on"]["nodes"]}
    nodes = [manifest["nodes"][unique_id] for unique_id in exposed]
    return {
        f"{node['schema']}.{node['alias']}": node["config"]["meta"].get("partitioned_by")
        for node in nodes
        if not _is_view(node)
    }


def published_tables(manifest: Mapping[str, Any], exposure_name: str = "published_release") -> list[str]:
    """Return the names of the marts that the release publishes: what the exposure depends on, in order of name."""
    return sorted(node["name"] for node in _exposed(manifest, exposure_name) if not _is_view(node))


def published_views(manifest: Mapping[str, Any], exposure_name: str = "published_release") -> list[str]:
    """Return the names of the views that the release has beside its tables, in order of name."""
    return sorted(node["name"] for node in _exposed(manifest, exposure_name) if _is_view(node))


def _exposed(manifest: Mapping[str, Any], exposure_name: str) -> list[Mapping[str, Any]]:
    exposure = next(exposure for exposure in manifest["exposures"].values() if exposure["name"] == exposure_name)
    return [manifest["nodes"][unique_id] for unique_id in exposure["depends_on"]["nodes"]]


def _is_view(node: Mapping[str, Any]) -> bool:
    return bool(node["config"]["materialized"] == "view")
