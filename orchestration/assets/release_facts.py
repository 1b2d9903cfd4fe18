"""What a release is made of once the gate has let it pass: the facts that its manifest says, and how it is checked."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
from dagster import AssetExecutionContext, AssetKey, Failure, MetadataValue

from orchestration.checks.gate import Check, CheckReading, Found, judge, read_checks
from orchestration.dbt.fork import PARTNERS
from orchestration.outcome import HELD, say_outcome
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
    Release,
    ReleaseFacts,
    build_twin,
    content_hashes,
    follow_current,
    has_twin,
    previous_id,
    read_rules,
    relation_of,
)
from orchestration.report.build import write_report
from orchestration.report.drawings import Drawings
from orchestration.report.why import RulesBetween
from orchestration.rules_in_use import Rules, rules_in_use, told_of_changes
from sources.contract.load import load_contracts
from sources.folder.data_folder import DataFolder
from sources.ledger.receipts import Ledger
from sources.partnership.folder import partnership_folder


@dataclass(frozen=True)
class Wanted:
    """What a release holds: tables and views, which of them partners have exact, their dictionary, the checks."""

    tables: Sequence[str]
    views: Sequence[str]
    exact: Sequence[str]
    dictionary: Mapping[str, Described]
    expected_checks: Sequence[Check]

    @property
    def asset_keys(self) -> list[AssetKey]:
        """Return the assets that it is made from."""
        return [
            *(AssetKey(["marts", relation]) for relation in [*self.tables, *self.views]),
            *(AssetKey([PARTNERS, "marts", relation]) for relation in self.exact),
            *(AssetKey(["restricted", table]) for table in LINEAGE_TABLES),
        ]


@dataclass(frozen=True)
class Passed:
    """The build that the gate let pass, and what a release of it says; `drawings` are those that its report uses."""

    build: BuildRecord
    facts: ReleaseFacts
    exact: Exact | None
    drawings: Drawings


def passed_gate(context: AssetExecutionContext, folder: DataFolder, wanted: Wanted) -> Passed:
    """Ask the gate, and return what it let pass.

    Raises:
        Failure: it holds the release.
    """
    build = read_build_record(folder.build_record)
    readings = read_checks(context.instance, wanted.expected_checks, build.run_id if build else None)
    verdict = judge(wanted.expected_checks, readings, build, _found(folder, build))
    if build is None or not verdict.passed:
        raise held(context, verdict.reasons)
    report(f"gate: {len(verdict.passed_checks)} checks passed for the tables in the warehouse")
    results = _results(readings)
    drawings, rules = Drawings(folder.drawings), rules_in_use()
    facts = ReleaseFacts(
        as_at=build.as_at,
        run_id=build.run_id,
        input_fingerprint=build.input_fingerprint,
        git_commit=build.git_commit,
        versions=build.versions,
        checks=[check for check in results if not check.asset.startswith(f"{PARTNERS}/")],
        dictionary=wanted.dictionary,
        views=wanted.views,
        built_as=build.content_hashes,
        month_hashes=build.month_hashes,
        rules=rules,
        write_pages=_pages(folder, build, drawings, rules),
        write_workbook=_workbook(build),
        beside_current=build.beside_current,
    )
    return Passed(build, facts, Exact(wanted.exact, results) if wanted.exact else None, drawings)


@contextmanager
def held_where_changed(context: AssetExecutionContext) -> Iterator[None]:
    """Hold the release where tables turn out not to be those that were built and checked.

    Raises:
        Failure: they are not.
    """
    try:
        yield
    except ChangedTablesError as error:
        reason = f"warehouse.duckdb was changed after its build: {error}; run `csp nightly` to rebuild it"
        raise held(context, [reason]) from error


def _pages(
    folder: DataFolder, build: BuildRecord, drawings: Drawings, rules: Rules
) -> Callable[[duckdb.DuckDBPyConnection, str | None, Path], object]:
    as_at = date.fromisoformat(build.as_at)
    partnership = partnership_folder().settings().name

    def write(tables: duckdb.DuckDBPyConnection, previous: str | None, target: Path) -> None:
        before = read_rules(folder, previous) if previous else None
        write_report(tables, as_at, target, drawings, partnership, previous, RulesBetween(before, rules))

    return write


def changed_rules(folder: DataFolder, built: Release, rules: Rules | None) -> str:
    """Report which rules are others than those of the release that readers see, and return it; '' for none known."""
    previous = previous_id(folder, built.release_id, built.beside_current)
    before = read_rules(folder, previous) if previous else None
    changed = told_of_changes(before, rules) if before and rules else ""
    if changed:
        report(f"rules since {previous}: {changed}; the overview of the report says which figures they changed")
    return changed


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


def held(context: AssetExecutionContext, reasons: Sequence[str]) -> Failure:
    """Say that the run is held, and return what ends it."""
    say_outcome(context, HELD, "; ".join(reasons[:5]))
    return Failure(
        "held: the last release stands, because " + "; ".join(reasons),
        metadata={"reasons": MetadataValue.json(list(reasons))},
        allow_retries=False,
    )


def have_twin(
    folder: DataFolder, release_id: str, tables: Sequence[str], facts: ReleaseFacts, exact: Exact | None
) -> None:
    """Build the twin for partners of a release that was made while nobody asked for it."""
    if exact and not has_twin(folder, release_id):
        build_twin(folder, folder.warehouse, release_id, tables, facts, exact)
        report(f"release {release_id}: its twin for partners, {folder.partners}")


def require_as_built(
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
    known = {relation: {**months} for relation, months in build.month_hashes.items()}
    found = content_hashes(folder.warehouse, relations, known)
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


def settle(folder: DataFolder, build: BuildRecord, release_id: str) -> None:
    """Note which release holds the warehouse's tables, so that the next night need not build them to see it."""
    follow_current(folder)
    write_build_record(folder.build_record, replace(build, settled_by=release_id))
