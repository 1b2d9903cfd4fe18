"""The release step: asks the gate, builds the release beside the others, and switches `published/current`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
from dagster import (
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    Failure,
    MaterializeResult,
    MetadataValue,
    asset,
)

from orchestration.assets import ENGINEERS, WRITER_POOL, require_readers_see, writing
from orchestration.assets.release_metadata import release_metadata
from orchestration.checks.gate import Check, CheckReading, Found, judge, read_checks
from orchestration.dbt.fork import PARTNERS
from orchestration.outcome import HELD, NOTHING_NEW, PUBLISHED, RELEASE_KEY, say_outcome
from orchestration.progress import report
from orchestration.provenance import LOADED_RULES, rules_are_as_loaded
from orchestration.records.build_record import BuildRecord, read_build_record, write_build_record
from orchestration.records.run_inputs import input_fingerprint
from orchestration.releases import (
    LINEAGE_TABLES,
    ChangedTablesError,
    CheckResult,
    Described,
    Exact,
    ReleaseFacts,
    build_release,
    build_twin,
    content_hashes,
    equal_releases,
    follow_current,
    has_twin,
    mend,
    previous_id,
    publish,
    read_rules,
    relation_of,
    releases_not_to_repeat,
    rollback_in_force,
    unfinished_release,
    with_equal_twins,
)
from orchestration.report.build import write_report
from orchestration.report.drawings import Drawings
from orchestration.report.why import RulesBetween
from orchestration.resources import DataFolderResource
from orchestration.rules_in_use import Rules, rules_in_use, told_of_changes
from sources.contract.load import load_contracts
from sources.folder.data_folder import DataFolder
from sources.ledger.receipts import Ledger
from sources.partnership.folder import partnership_folder


def build_release_asset(
    tables: Sequence[str],
    views: Sequence[str],
    exact: Sequence[str],
    dictionary: Mapping[str, Described],
    expected_checks: Sequence[Check],
) -> AssetsDefinition:
    """Return the release asset, downstream of the published marts and held by every expected check.

    Where tables and views are `exact` for partners, it makes the twin for partners too.
    """

    @asset(
        key=RELEASE_KEY,
        group_name="release",
        deps=[
            *(AssetKey(["marts", relation]) for relation in [*tables, *views]),
            *(AssetKey([PARTNERS, "marts", relation]) for relation in exact),
            *(AssetKey(["restricted", table]) for table in LINEAGE_TABLES),
        ],
        description=(
            "The published release: an immutable folder with indicators.duckdb, XLSX, Parquet, CSV and a manifest, to "
            "which published/current points. Held when any check of the tables in the warehouse is not a pass."
        ),
        owners=ENGINEERS,
        kinds={"duckdb", "parquet", "csv"},
        tags={"domain": "release"},
        output_required=False,
        pool=WRITER_POOL,
    )
    def release(context: AssetExecutionContext, data_folder: DataFolderResource) -> Iterator[MaterializeResult[None]]:
        folder = data_folder.open()
        with writing(folder):
            build = read_build_record(folder.build_record)
            readings = read_checks(context.instance, expected_checks, build.run_id if build else None)
            verdict = judge(expected_checks, readings, build, _found(folder, build))
            if build is None or not verdict.passed:
                raise _held(context, verdict.reasons)
            report(f"gate: {len(verdict.passed_checks)} checks passed for the tables in the warehouse")
            results = _results(readings)
            drawings = Drawings(folder.drawings)
            rules = rules_in_use()
            facts = ReleaseFacts(
                as_at=build.as_at,
                run_id=build.run_id,
                input_fingerprint=build.input_fingerprint,
                git_commit=build.git_commit,
                versions=build.versions,
                checks=[check for check in results if not check.asset.startswith(f"{PARTNERS}/")],
                dictionary=dictionary,
                views=views,
                built_as=build.content_hashes,
                rules=rules,
                write_pages=_pages(folder, build, drawings, rules),
                write_workbook=_workbook(build),
            )
            for_partners = Exact(exact, results) if exact else None
            try:
                yield from _publish_if_new(context, folder, build, tables, facts, for_partners)
                drawings.forget_others()
            except ChangedTablesError as error:
                reason = f"warehouse.duckdb was changed after its build: {error}; run `csp nightly` to rebuild it"
                raise _held(context, [reason]) from error

    return release


def _pages(
    folder: DataFolder, build: BuildRecord, drawings: Drawings, rules: Rules
) -> Callable[[duckdb.DuckDBPyConnection, str | None, Path], object]:
    as_at = date.fromisoformat(build.as_at)
    partnership = partnership_folder().settings().name

    def write(tables: duckdb.DuckDBPyConnection, previous: str | None, target: Path) -> None:
        before = read_rules(folder, previous) if previous else None
        write_report(tables, as_at, target, drawings, partnership, previous, RulesBetween(before, rules))

    return write


def _workbook(build: BuildRecord) -> Callable[[duckdb.DuckDBPyConnection, bool, Path], object]:
    as_at = date.fromisoformat(build.as_at)

    def write(tables: duckdb.DuckDBPyConnection, is_exact: bool, target: Path) -> None:
        from orchestration.releases.workbook.build import write_workbook  # noqa: PLC0415 - pandas takes a second

        write_workbook(tables, as_at, is_exact, target)

    return write


def _found(folder: DataFolder, build: BuildRecord | None) -> Found:
    """Look at what the build recorded, as it is now."""
    inputs = ""
    if build:
        inputs = input_fingerprint(Ledger(folder).receipts(), date.fromisoformat(build.as_at), build.rules_digest)
    return Found(
        warehouse_unchanged=build is not None and build.still_describes(folder),
        rules_digest=LOADED_RULES,
        rules_as_loaded=rules_are_as_loaded(),
        input_fingerprint=inputs,
    )


def _held(context: AssetExecutionContext, reasons: Sequence[str]) -> Failure:
    """Say that the run is held, and return what ends it."""
    say_outcome(context, HELD, "; ".join(reasons[:5]))
    return Failure(
        "held: the last release stands, because " + "; ".join(reasons),
        metadata={"reasons": MetadataValue.json(list(reasons))},
        allow_retries=False,
    )


def _publish_if_new(
    context: AssetExecutionContext,
    folder: DataFolder,
    build: BuildRecord,
    tables: Sequence[str],
    facts: ReleaseFacts,
    exact: Exact | None,
) -> Iterator[MaterializeResult[None]]:
    for done in mend(folder):
        report(done)
    rollback = rollback_in_force(folder)
    latest = releases_not_to_repeat(folder)
    equal = equal_releases(folder.warehouse, tables, latest, built_as=build.content_hashes)
    if exact:
        equal = with_equal_twins(folder, tables, equal, exact, build.input_fingerprint)
    if equal:
        _require_as_built(folder, build, tables, facts, exact)
        _have_twin(folder, equal[-1].release_id, tables, facts, exact)
        _settle(folder, build, equal[-1].release_id)
        require_readers_see(folder)
        why = f"every table equals release {equal[-1].release_id}"
        say_outcome(context, NOTHING_NEW, why, rollback)
        return
    left = unfinished_release(folder, folder.warehouse, tables, facts, exact)
    if left:
        _require_as_built(folder, build, tables, facts, exact)
        report(f"release {left.release_id} was built by a run that ended before it published it: taken up")
        _have_twin(folder, left.release_id, tables, facts, exact)
    built = left or build_release(folder, folder.warehouse, tables, facts, exact)
    previous = previous_id(folder, built.release_id)
    before = read_rules(folder, previous) if previous else None
    changed = told_of_changes(before, facts.rules) if before and facts.rules else ""
    if changed:
        report(f"rules since {previous}: {changed}; the overview of the report says which figures they changed")
    publish(folder, built.release_id, reason=f"run {context.run.run_id}")
    _settle(folder, build, built.release_id)
    report(f"release {built.release_id}: {sum(built.row_counts.values()):,} rows in {len(tables)} tables")
    told = f"{built.release_id}, as at {build.as_at}"
    say_outcome(context, PUBLISHED, told, rollback.ended if rollback else None)
    passed = sum(check.passed for check in facts.checks)
    yield MaterializeResult(
        metadata={**release_metadata(folder, built, passed), "changed rules": changed or "none known"}
    )


def _have_twin(
    folder: DataFolder, release_id: str, tables: Sequence[str], facts: ReleaseFacts, exact: Exact | None
) -> None:
    """Build the twin for partners of a release that was made while nobody asked for it."""
    if exact and not has_twin(folder, release_id):
        build_twin(folder, folder.warehouse, release_id, tables, facts, exact)
        report(f"release {release_id}: its twin for partners, {folder.partners}")


def _require_as_built(
    folder: DataFolder, build: BuildRecord, tables: Sequence[str], facts: ReleaseFacts, exact: Exact | None
) -> None:
    """See that the warehouse holds what was built, where no release is written that would be compared with it.

    Raises:
        ChangedTablesError: it does not.
    """
    relations = {
        relation_of(table, seen): facts.dictionary[table].partitioned_by
        for table in tables
        for seen in ((), exact.tables if exact else ())
    }
    found = content_hashes(folder.warehouse, relations)
    if changed := [relation for relation in found if found[relation] != build.content_hashes.get(relation)]:
        raise ChangedTablesError(f"{', '.join(changed)}: not as built and checked")


def _results(readings: Mapping[Check, CheckReading]) -> list[CheckResult]:
    """Return what the manifest says of each check, warnings included.

    What a check found in a feed whose rows are people may tell their number: only what it looks for is said of those.
    """
    raw_of_people = {f"raw/{feed}" for feed, contract in load_contracts().items() if contract.is_of_people}
    return [
        CheckResult(
            asset=check.asset,
            name=check.name,
            severity="error" if check.blocking else "warn",
            passed=reading.passed,
            evaluated_at=datetime.fromtimestamp(reading.evaluated_at, UTC).isoformat(timespec="seconds"),
            description=_told(check, reading, check.asset in raw_of_people),
        )
        for check, reading in sorted(readings.items())
    ]


def _told(check: Check, reading: CheckReading, is_of_people: bool) -> str:
    """Return what the manifest says of a check: what was found, unless that could be a number of people."""
    if is_of_people and not reading.passed:
        return f"Not met; what was found is withheld, its rows are people. Looked for: {check.description}"
    return reading.description or check.description


def _settle(folder: DataFolder, build: BuildRecord, release_id: str) -> None:
    """Note which release holds the warehouse's tables, so that the next night need not build them to see it."""
    follow_current(folder)
    write_build_record(folder.build_record, replace(build, settled_by=release_id))
