"""The release step: asks the gate, builds the release beside the others, and switches `published/current`."""

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from platform import python_version
from typing import Any

from dagster import (
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    Failure,
    MaterializeResult,
    MetadataValue,
    asset,
)

from orchestration.assets import ENGINEERS, WRITER_POOL
from orchestration.assets.outcome import RELEASE_KEY, say_outcome
from orchestration.build_record import BuildRecord, read_build_record, write_build_record
from orchestration.code_digest import PROJECT_ROOT
from orchestration.gate import CheckName, Verdict, judge, read_checks
from orchestration.progress import report
from orchestration.release_store import (
    ReleaseFacts,
    build_release,
    latest_published_release,
    publish,
    table_content_hashes,
)
from orchestration.resources import DataFolderResource
from orchestration.writer_lock import writer_lock
from sources.data_folder import DataFolder


def build_release_asset(
    tables: Sequence[str],
    descriptions: Mapping[str, Mapping[str, str]],
    expected_checks: Sequence[CheckName],
) -> AssetsDefinition:
    """Return the release asset, downstream of the published marts and held by every expected check."""

    @asset(
        key=RELEASE_KEY,
        group_name="release",
        deps=[AssetKey(["marts", table]) for table in tables],
        description=(
            "The published release: an immutable folder with indicators.duckdb, Parquet, CSV and a manifest, to which "
            "published/current points. Held when any check of the tables in the warehouse is not a pass."
        ),
        owners=ENGINEERS,
        kinds={"duckdb", "parquet", "csv"},
        output_required=False,
        pool=WRITER_POOL,
    )
    def release(context: AssetExecutionContext, data_folder: DataFolderResource) -> Iterator[MaterializeResult[None]]:
        folder = data_folder.open()
        with writer_lock(folder):
            build = read_build_record(folder.build_record)
            verdict = judge(
                expected_checks,
                read_checks(context.instance, expected_checks),
                build,
                build is not None and build.still_describes(folder.warehouse),
            )
            if build is None or not verdict.passed:
                raise _held(context, verdict)
            report(f"gate: {len(verdict.passed_checks)} checks passed for the tables in the warehouse")
            yield from _publish_if_new(context, folder, build, verdict, tables, descriptions)

    return release


def _held(context: AssetExecutionContext, verdict: Verdict) -> Failure:
    say_outcome(context, "held", "; ".join(verdict.reasons[:5]))
    return Failure(
        "held: the last release stands, because " + "; ".join(verdict.reasons),
        metadata={"reasons": MetadataValue.json(list(verdict.reasons))},
        allow_retries=False,
    )


def _publish_if_new(
    context: AssetExecutionContext,
    folder: DataFolder,
    build: BuildRecord,
    verdict: Verdict,
    tables: Sequence[str],
    descriptions: Mapping[str, Mapping[str, str]],
) -> Iterator[MaterializeResult[None]]:
    latest = latest_published_release(folder)
    if latest and latest.content_hashes == table_content_hashes(folder.warehouse, tables):
        _settle(folder, build, latest.release_id)
        say_outcome(context, "nothing new", f"every table equals release {latest.release_id}")
        return
    facts = ReleaseFacts(
        as_at=build.as_at,
        run_id=build.run_id,
        input_fingerprint=build.input_fingerprint,
        git_commit=git_commit(),
        versions=_versions(),
        checks_passed=list(verdict.passed_checks),
        descriptions=descriptions,
    )
    built = build_release(folder, folder.warehouse, tables, facts)
    publish(folder, built.release_id, reason=f"run {context.run_id}")
    _settle(folder, build, built.release_id)
    report(f"release {built.release_id}: {sum(built.row_counts.values()):,} rows in {len(tables)} tables")
    yield MaterializeResult(
        metadata={
            "release": built.release_id,
            "as at": build.as_at,
            "folder": MetadataValue.path(str(built.path)),
            "manifest": MetadataValue.path(str(built.path / "manifest.json")),
            "checks passed": len(verdict.passed_checks),
            "dagster/row_count": sum(built.row_counts.values()),
            "rows": MetadataValue.json(built.row_counts),
            "content sha256": MetadataValue.json(built.content_hashes),
        }
    )


def _settle(folder: DataFolder, build: BuildRecord, release_id: str) -> None:
    """Note which release holds the warehouse's tables, so that the next night need not build them to see it."""
    write_build_record(folder.build_record, replace(build, settled_by=release_id))


def git_commit() -> str | None:
    """Return the commit of the code, with `+changes` where the checkout differs from it; None outside git."""
    try:
        described = subprocess.run(
            ["git", "describe", "--always", "--abbrev=40", "--dirty=+changes", "--exclude=*"],
            cwd=PROJECT_ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return described.stdout.strip()


def _versions() -> dict[str, str]:
    packages = (
        "csp-indicator-warehouse",
        "duckdb",
        "dbt-core",
        "dbt-duckdb",
        "dagster",
        "great-expectations",
    )
    return {"python": python_version(), **{package: version(package) for package in packages}}


def descriptions_of(manifest: Mapping[str, Any], tables: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return what dbt documents of the published tables: by table, by column; the table's own under ''."""
    nodes = {node["name"]: node for node in manifest["nodes"].values() if node["resource_type"] == "model"}
    return {
        table: {
            "": nodes[table]["description"],
            **{name: column["description"] for name, column in nodes[table]["columns"].items()},
        }
        for table in tables
    }
