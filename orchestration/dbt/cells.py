"""Cells that earlier nights have kept: which deliveries need not be read again, and what to keep of those that were.

A file in `cells/` is named after the delivery, a key of all that its cells are made of, and the digest of its own
bytes: `<name in raw>.<key>.<digest>.parquet`. So nothing is trusted that was made by other rules, of other rows, or
damaged since, and nothing but the names has to be kept right.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.progress import report
from orchestration.spark.engine import pinned_spark
from sources.folder.data_folder import DataFolder
from sources.folder.durable import put_in_place, write_whole
from sources.folder.rights import OWNER_ALONE, make_folder
from sources.folder.sql_text import literal
from sources.ledger.receipts import Ledger

KEPT_CELLS = "CSP_KEPT_CELLS"
"""Environment variable by which dbt finds the kept cells; without it, every delivery is read."""
ADDED_CELLS = "int_cells__added"
WITHOUT_CELLS = "without_cells.jsonl"
FEED_IN_CELLS = "feed_in_cells"
"""Argument of a dbt test that asks the rows of a delivery only while it has no kept cells."""
_DIGITS = 32
_DUCKDB, _OTHER_DIALECTS = ".duckdb__", (".default__", ".spark__")


@dataclass(frozen=True)
class RulesOfCells:
    """The feeds whose deliveries are kept as cells, and a digest of all that decides what these are.

    `nodes` are the dbt nodes that must have gone well before cells are kept: their model, and the tests of delivered
    rows that pass over deliveries with kept cells.
    """

    feeds: frozenset[str]
    digest: str
    nodes: frozenset[str]


@dataclass(frozen=True)
class UnreadDelivery:
    """A delivery without kept cells. `raw_file` is its name in raw, `key` what its cells will be kept under."""

    feed: str
    file_sha256: str
    raw_file: str
    key: str


def rules_of_cells(manifest: Mapping[str, Any]) -> RulesOfCells:
    """Return the rules of the cells: the SQL of their model, of tests of its rows, of what both read and their macros.

    They are the same whichever engine makes the cells, so they are of both: every form of a macro that engines have in
    their own words, and the versions of DuckDB and of the Spark that this product pins.

    Raises:
        ValueError: cells are made of something else than delivered rows, which no key would tell; or a test that passes
            over deliveries with kept cells reads others than it says.
    """
    model = f"model.{manifest['metadata']['project_name']}.{ADDED_CELLS}"
    nodes = {**manifest["nodes"], **manifest["sources"]}
    tests = {key: feed for key, node in nodes.items() if (feed := _feed_in_cells(node))}
    above = {key: nodes[key] for key in _reached([model, *tests], nodes, "nodes")}
    if others := sorted(key for key, node in above.items() if key not in {model, *tests} and not _is_of_rows(node)):
        raise ValueError(f"cells are made of delivered rows and nothing else, not of {', '.join(others)}")
    feeds = _feeds_read([model], nodes)
    if astray := sorted(test for test, feed in tests.items() if _feeds_read([test], nodes) != {feed} & feeds):
        raise ValueError(f"not of the feed in cells that their `{FEED_IN_CELLS}` names: {', '.join(astray)}")
    sources = {key: node for key, node in above.items() if node["resource_type"] == "source"}
    used = {macro for node in above.values() for macro in _macros_of(node)}
    said = {
        **{key: _said_by(node) for key, node in above.items() if key not in sources},
        **{key: [node["identifier"], node["config"]["meta"]] for key, node in sources.items()},
        **{key: manifest["macros"][key]["macro_sql"] for key in _in_every_dialect(used, manifest["macros"])},
        "duckdb": duckdb.__version__,
        "spark": pinned_spark(),
    }
    digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    return RulesOfCells(feeds, digest, frozenset({model, *tests}))


@contextlib.contextmanager
def kept_cells(folder: DataFolder, rules: RulesOfCells) -> Iterator[list[UnreadDelivery]]:
    """Yield the deliveries that a dbt which is started meanwhile reads: those without kept cells."""
    try:
        yield find_kept_cells(folder, rules)
    finally:
        os.environ.pop(KEPT_CELLS, None)  # another dbt of this process may be of another data folder


def find_kept_cells(folder: DataFolder, rules: RulesOfCells) -> list[UnreadDelivery]:
    """Have dbt read no delivery whose sound cells are kept, and return the others.

    Whatever else lies in `cells/` is removed: it is damaged, or no delivery has those rows and rules any more. The
    caller holds the writer lock.
    """
    unread, kept = [], set()
    for feed, file_sha256, raw_file in _delivered(folder, rules.feeds):
        rows = _digest(folder.raw / raw_file)
        key = hashlib.sha256(f"{rules.digest}|{rows}|{file_sha256}".encode()).hexdigest()[:_DIGITS]
        sound = [file for file in folder.cells_of(raw_file) if file == _place(folder, raw_file, key, _digest(file))]
        if sound:
            kept.add(sound[0])
        else:
            unread.append(UnreadDelivery(feed, file_sha256, raw_file, key))
    for file in [*folder.cells.rglob("*")]:
        if file not in kept and not file.is_dir():
            file.unlink()
    os.environ.pop(KEPT_CELLS, None)
    if kept:
        lines = (json.dumps({"feed": one.feed, "file_sha256": one.file_sha256}) + "\n" for one in unread)
        write_whole(folder.cells / WITHOUT_CELLS, "".join(lines))
        os.environ[KEPT_CELLS] = str(folder.cells)
    return unread


def keep_cells(folder: DataFolder, unread: Sequence[UnreadDelivery], made_in: Path | None = None) -> None:
    """Keep the cells of deliveries that dbt has read, one file each, whole or not at all.

    They are in the database `made_in`, or in the warehouse. What cannot be kept is read again: that costs the next
    night time, and this one nothing.
    """
    try:
        with duckdb.connect(str(made_in or folder.warehouse), read_only=True, config={"threads": 1}) as warehouse:
            for delivery in unread:
                _keep(folder, warehouse, delivery)
    except (OSError, duckdb.Error) as error:
        report(f"cells: not all could be kept, so the next night reads their deliveries again ({error})")


def _keep(folder: DataFolder, warehouse: duckdb.DuckDBPyConnection, delivery: UnreadDelivery) -> None:
    unfinished = (folder.cells / delivery.raw_file).with_suffix(".new")
    for above in (folder.cells, unfinished.parent):
        make_folder(above, OWNER_ALONE)
    unfinished.unlink(missing_ok=True)
    os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL, 0o600))  # before a row is in it
    warehouse.execute(
        f"copy (from intermediate.{ADDED_CELLS} where feed = {literal(delivery.feed)} "
        f"and file_sha256 = {literal(delivery.file_sha256)} order by row_number) to {literal(str(unfinished))} "
        "(format parquet, compression zstd, parquet_version v2, use_tmp_file false)"
    )
    put_in_place(unfinished, _place(folder, delivery.raw_file, delivery.key, _digest(unfinished)))


def _delivered(folder: DataFolder, feeds: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Yield feed, sha256 and name in raw of every delivery of `feeds` with rows, withdrawn ones too."""
    receipts = Ledger(folder).receipts()
    files = {one.raw_file: (one.source_feed, one.file_sha256) for one in receipts if one.raw_file}
    for raw_file, (feed, file_sha256) in sorted(files.items()):
        if feed in feeds and (folder.raw / raw_file).exists():
            yield feed, file_sha256, raw_file


def _place(folder: DataFolder, raw_file: str, key: str, digest: str) -> Path:
    return (folder.cells / raw_file).with_suffix(f".{key}.{digest[:_DIGITS]}.parquet")


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _feed_in_cells(node: Mapping[str, Any]) -> str | None:
    """Return the feed of a test that passes over its deliveries with kept cells, and of all else nothing."""
    arguments = (node.get("test_metadata") or {}).get("kwargs", {})
    feed: str | None = {**arguments, **arguments.get("arguments", {})}.get(FEED_IN_CELLS)
    return feed


def _feeds_read(start: Iterable[str], nodes: Mapping[str, Any]) -> frozenset[str]:
    read = (nodes[key] for key in _reached(start, nodes, "nodes"))
    return frozenset(node["identifier"] for node in read if node["resource_type"] == "source")


def _macros_of(node: Mapping[str, Any]) -> list[str]:
    """Return the macros of a node; of a test its own, as dbt adds those of running it once it has run."""
    macros: list[str] = node.get("depends_on", {}).get("macros", [])
    if node["resource_type"] != "test":
        return macros
    return [macro for macro in macros if macro.endswith(f".test_{node['test_metadata']['name']}")]


def _said_by(node: Mapping[str, Any]) -> list[Any]:
    """Return what a node itself says: of a test, which is a call of a macro, with what."""
    return [node["raw_code"], *([node["test_metadata"], node["config"]] if node["resource_type"] == "test" else [])]


def _is_of_rows(node: Mapping[str, Any]) -> bool:
    return node["resource_type"] == "model" or (node["resource_type"], node.get("source_name")) == ("source", "raw")


def _in_every_dialect(start: Iterable[str], macros: Mapping[str, Any]) -> set[str]:
    """Return the macros that `start` reach in the manifest of DuckDB's dbt, with what other engines have for them."""
    reached, found = set(start), set[str]()
    while reached != found:
        found = _reached(reached, macros, "macros")
        others = {key.replace(_DUCKDB, dialect) for key in found if _DUCKDB in key for dialect in _OTHER_DIALECTS}
        reached = found | others & macros.keys()
    return found


def _reached(start: Iterable[str], nodes: Mapping[str, Any], by: str) -> set[str]:
    """Return `start` and every one of `nodes` on which one of them depends."""
    reached: set[str] = set()
    new = set(start)
    while new:
        reached |= new
        new = {key for one in new for key in nodes[one].get("depends_on", {}).get(by, [])} - reached
    return reached
