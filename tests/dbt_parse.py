"""What dbt has read of the project is read once a session: that takes dbt longer than to build little data."""

import hashlib
import os
import pprint
import shutil
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import jinja2
import msgpack
import pytest
import yaml
from dbt.adapters.duckdb.credentials import DuckDBCredentials
from dbt.version import __version__

from orchestration.dbt.project import PARTIAL_PARSE, prepare_manifest
from sources.folder.data_folder import DataFolder
from tests.built_once import built_once
from tests.places import DBT_PROJECT


def give_parse(factory: pytest.TempPathFactory, root: Path, **variables: str) -> None:
    """Give a new data folder what dbt has read of the project in this session.

    Of its variables those that are given may have other values: on them no reading depends, but dbt would read anew.
    """
    parsed = built_once(factory, "parsed", lambda folder: prepare_manifest(DataFolder(folder)))
    shutil.copytree(parsed / "dbt", root / "dbt")
    readdress_parse(parsed, root, {_hash_of_variables({}): _hash_of_variables(variables)})


def readdress_parse(before: Path, root: Path, hashes: Mapping[str, str] = MappingProxyType({})) -> None:
    """Have dbt take for its own what it read in the data folder of which this one is a copy.

    dbt reads the project anew where the folder's path is another, or the hash of a connection that names it.
    """
    changed = {str(before): str(root), _hash_of_connection(before): _hash_of_connection(root), **hashes}
    for parse in (root / "dbt").glob(f"*/{PARTIAL_PARSE}"):
        parse.write_bytes(msgpack.packb(_replaced(msgpack.unpackb(parse.read_bytes()), changed)))


def _replaced(value: Any, changed: dict[str, str]) -> Any:
    """Return a value with texts replaced in all that it holds."""
    if isinstance(value, dict):
        return {_replaced(key, changed): _replaced(one, changed) for key, one in value.items()}
    if isinstance(value, list):
        return [_replaced(one, changed) for one in value]
    if isinstance(value, str):
        for old, new in changed.items():
            value = value.replace(old, new)
    return value


def _hash_of_connection(root: Path) -> str:
    """Return what dbt keeps of the connection beside what it has read."""
    environment = {**os.environ, "CSP_DATA_DIR": str(root)}
    template = jinja2.Template((DBT_PROJECT / "profiles.yml").read_text())
    profile = yaml.safe_load(template.render(env_var=lambda name, default="": environment.get(name, default)))
    output = profile["csp_indicator_warehouse"]["outputs"]["duckdb"]
    credentials = DuckDBCredentials(
        database=Path(output["path"]).stem, schema="main", path=output["path"], settings=output["settings"]
    )
    return hashlib.sha256(pprint.pformat(sorted(credentials.connection_info())).encode()).hexdigest()


def _hash_of_variables(variables: dict[str, str]) -> str:
    """Return what dbt keeps of the variables, profile and target that it was given, and of its version."""
    return hashlib.sha256("\0".join([pprint.pformat(variables), "", "", __version__]).encode()).hexdigest()
