"""`csp`: the command line of the warehouse. Everything it does can also be done from the libraries it calls."""

import csv
import json
import logging
import os
import re
import shutil
import sys
import tempfile
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import duckdb
import typer

from orchestration import releases as store
from orchestration.progress import progress_logger
from sources.folder.data_folder import DataFolder

if TYPE_CHECKING:
    from sources.contract.load import Contract

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help=(
        "Take in agencies' extracts, compute indicators, and publish what passed its checks.\n\n"
        "Everything lives below the data folder, CSP_DATA_DIR (by default `data/` in the checkout).\n\n"
        "Exit codes: 0 done, published or nothing new; 1 failed; 2 wrong usage; 3 held by a check."
    ),
)

FAILED = 1


class SampleSet(StrEnum):
    """What `csp samples` puts into landing."""

    open_data = "open-data"
    plan_time = "plan-time"
    all = "all"


class OutputFormat(StrEnum):
    """How `csp query` prints."""

    table = "table"
    csv = "csv"
    json = "json"


class FigurePart(StrEnum):
    """What `csp trace --part` shows the rows of."""

    numerator = "numerator"
    denominator = "denominator"


def _say(text: str = "") -> None:
    typer.echo(text)


def _fail(message: str, code: int = FAILED) -> typer.Exit:
    typer.echo(message, err=True)
    return typer.Exit(code)


def _require_date(text: str) -> None:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no date; give one such as 2022-03-31", param_hint="--as-at") from error
    if day > datetime.now(UTC).date():
        raise typer.BadParameter(f"{text} lies in the future", param_hint="--as-at")


def _raise_if_debugging() -> None:
    """Let an error through with its traceback where CSP_DEBUG is set; to be called in an except block."""
    if os.environ.get("CSP_DEBUG"):
        raise  # noqa: PLE0704


def _folder() -> DataFolder:
    return DataFolder.from_environment()


def _show_progress() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s  %(message)s", datefmt="%H:%M:%S"))
    progress_logger.addHandler(handler)


@app.command()
def nightly(
    as_at: Annotated[
        str | None,
        typer.Option(
            help="ISO date to compute as at; by default the end of the latest delivered period. "
            "What is published for it becomes the current release."
        ),
    ] = None,
    rebuild: Annotated[bool, typer.Option(help="Build the models even when nothing is new.")] = False,
) -> None:
    """Take in what is pending, rebuild, check, and publish if every check passes.

    The last line says how it ended: `published <release>`, `held, because ...`, `nothing new` or `failed`.
    """
    _show_progress()
    if as_at is not None:
        _require_date(as_at)
    try:
        from orchestration.nightly import run_nightly  # noqa: PLC0415 - dagster takes seconds to import

        outcome = run_nightly(_folder(), as_at, rebuild)
    except Exception as error:
        _raise_if_debugging()
        _say(f"failed: {error or type(error).__name__}")
        raise typer.Exit(FAILED) from error
    for warning in outcome.warnings:
        _say(f"warning: {warning}")
    separator = " " if outcome.status == "published" else ", because " if outcome.status == "held" else ": "
    warned = f" ({len(outcome.warnings)} warning(s) above)" if outcome.warnings else ""
    _say(f"{outcome.status}{separator}{outcome.message}{warned}")
    raise typer.Exit(outcome.exit_code)


@app.command()
def samples(
    chosen: Annotated[
        SampleSet,
        typer.Option(
            "--set",
            help="open-data: real street-level crime, 2020 to 2022. plan-time: made-up extracts of April 2003 to March "
            "2011, flagged synthetic wherever they are counted.",
        ),
    ] = SampleSet.all,
    if_empty: Annotated[
        bool, typer.Option("--if-empty", help="Do nothing, quietly, when the landing folder holds something.")
    ] = False,
) -> None:
    """Put the bundled sample extracts into an empty landing folder."""
    from sources.samples import SETS, LandingNotEmpty, put_samples  # noqa: PLC0415

    try:
        for file in put_samples(_folder(), SETS if chosen is SampleSet.all else [chosen.value]):
            _say(f"sample put at {file}")
    except LandingNotEmpty as error:
        if not if_empty:
            raise _fail(str(error)) from error


@app.command()
def releases() -> None:
    """List the releases, newest last; the current one is marked."""
    folder = _folder()
    try:
        current = store.current_release(folder)
        listed = store.list_releases(folder)
    except store.ReleaseError as error:
        raise _fail(str(error)) from error
    if not listed:
        _say("no release yet: run `csp nightly`")
    for release in listed:
        mark = "*" if current and current.release_id == release.release_id else " "
        never = "" if store.was_published(folder, release.release_id) else "  (never published)"
        _say(
            f"{mark} {release.release_id}  as at {release.as_at}  made {release.created_at}  "
            f"{sum(release.row_counts.values()):,} rows{never}"
        )
    if rollback := store.rollback_in_force(folder):
        _say(str(rollback))


@app.command()
def verify(
    release: Annotated[str | None, typer.Argument(help="A release id; by default the current release.")] = None,
) -> None:
    """Compare the files and tables of a release with its manifest."""
    folder = _folder()
    try:
        release_id = release or store.require_current(folder).release_id
        problems = store.verify(folder, release_id)
    except store.ReleaseError as error:
        raise _fail(str(error)) from error
    for problem in problems:
        typer.echo(str(problem), err=True)
    if problems:
        raise _fail(f"{release_id}: {len(problems)} problem(s); do not use it")
    _say(f"{release_id}: every file and table is as its manifest says")


@app.command()
def rollback(
    release: Annotated[str, typer.Argument(help="The release to go back to (see `csp releases`).")],
    reason: Annotated[str, typer.Option(help="Why; kept in published/history.jsonl.")] = "not given",
) -> None:
    """Point published/current to an earlier release, or to a later one again; recorded.

    It stays until something new is published.
    """
    from orchestration.writer_lock import WarehouseBusyError, writer_lock  # noqa: PLC0415

    folder = _folder()
    try:
        store.require_current(folder)
        with writer_lock(folder):
            said = store.rollback(folder, release, reason)
            _note_rollback(folder, said)
    except (store.ReleaseError, WarehouseBusyError) as error:
        raise _fail(str(error)) from error
    _say(said)


def _note_rollback(folder: DataFolder, said: str) -> None:
    """Show a rollback in Dagster too; readers have it already, so that a broken event log is only told."""
    from orchestration.assets.outcome import note_rollback  # noqa: PLC0415
    from orchestration.instance import open_instance  # noqa: PLC0415

    try:
        with open_instance(folder) as instance:
            note_rollback(instance, store.rollback_in_force(folder), said)
    except Exception as error:  # noqa: BLE001
        typer.echo(f"the rollback is done, but Dagster's event log does not show it: {error}", err=True)


@app.command()
def rejected(
    feed: Annotated[str | None, typer.Option(help="A feed, e.g. police/street_crime.")] = None,
    file: Annotated[str | None, typer.Option(help="A delivery, by file name or the start of its sha256.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write the CSV here instead of printing it.")] = None,
) -> None:
    """Export rejected rows with rule, column, value and reason, as a CSV to send back to the agency."""
    from sources.intake.rejections import export_rejected  # noqa: PLC0415

    if feed is not None:
        known = _contracts()
        if feed not in known:
            raise _fail(f"{feed!r} is no feed. Known are: {', '.join(known)}.", code=2)
    is_sha256 = file is not None and re.fullmatch(r"[0-9a-f]{6,64}", file) is not None
    folder = _folder()
    chosen = {"feed": feed, "file_sha256": file if is_sha256 else None, "file_name": None if is_sha256 else file}
    folder.root.mkdir(parents=True, exist_ok=True)
    if out:
        lines = export_rejected(folder, out, **chosen)
    else:
        with tempfile.TemporaryDirectory(dir=folder.root) as work:
            lines = export_rejected(folder, Path(work, "rejected.csv"), **chosen)
            with Path(work, "rejected.csv").open("rb") as exported:
                shutil.copyfileobj(exported, sys.stdout.buffer)
    said = f"{lines:,} lines" if lines else "no rejected rows match; the table `deliveries` lists what was received"
    typer.echo(said + (f", written to {out}" if out else ""), err=True)


@app.command()
def accept(
    delivery: Annotated[str, typer.Argument(help="A file name, a receipt number, or the start of a sha256.")],
    reason: Annotated[str, typer.Option(help="Why; published in `deliveries`, so it must name no person.")],
) -> None:
    """Have a correction refused for its few rows, or a withdrawn delivery, count; the next night takes it in."""
    from orchestration.writer_lock import WarehouseBusyError, writer_lock  # noqa: PLC0415
    from sources.ledger.acceptances import accept as confirm  # noqa: PLC0415
    from sources.ledger.find_delivery import DeliveryError  # noqa: PLC0415

    folder = _folder()
    if not reason.strip():
        raise typer.BadParameter("say why", param_hint="--reason")
    try:
        with writer_lock(folder):
            done = confirm(folder, delivery, reason.strip())
    except DeliveryError as error:
        raise _fail(str(error), code=2) from error
    except WarehouseBusyError as error:
        raise _fail(str(error)) from error
    receipt = done.receipt
    _say(
        f"receipt {receipt.receipt_number}, {receipt.source_feed}, {receipt.file_name}: the next `csp nightly` takes it"
    )
    if not done.is_in_landing:
        _say(f"  {receipt.landing_path} is no longer in landing as it was: send the file again, with the same bytes")


@app.command()
def withdraw(
    delivery: Annotated[str, typer.Argument(help="A file name, a receipt number, or the start of a sha256.")],
    reason: Annotated[str, typer.Option(help="Why; published in `deliveries`, so it must name no person.")],
    erase: Annotated[
        bool, typer.Option("--erase", help="Also remove its bytes and rows from landing, archive, raw and rejected.")
    ] = False,
) -> None:
    """Have a delivery count for nothing from the next night on; `csp accept` undoes it."""
    from orchestration.writer_lock import WarehouseBusyError, writer_lock  # noqa: PLC0415
    from sources.ledger.find_delivery import DeliveryError  # noqa: PLC0415
    from sources.ledger.withdrawals import withdraw as take_out  # noqa: PLC0415

    folder = _folder()
    if not reason.strip():
        raise typer.BadParameter("say why", param_hint="--reason")
    try:
        with writer_lock(folder):
            done = take_out(folder, delivery, reason.strip(), erase)
    except DeliveryError as error:
        raise _fail(str(error), code=2) from error
    except WarehouseBusyError as error:
        raise _fail(str(error)) from error
    receipt, withdrawal = done.receipt, done.withdrawal or done.receipt.withdrawal
    named = f"receipt {receipt.receipt_number}, {receipt.source_feed}, {receipt.file_name}"
    if withdrawal and done.withdrawal is None:
        _say(f"{named}: withdrawn already, on {withdrawal.withdrawn_at[:10]} ({withdrawal.reason}); nothing is new")
    else:
        _say(
            f"{named}: {'withdrawn and erased' if erase else 'withdrawn'}; the next `csp nightly` publishes without it"
        )
    for path in done.removed:
        _say(f"  removed {path.relative_to(folder.root)}")
    if done.stands_now:
        stands = f"receipt {done.stands_now.receipt_number}, {done.stands_now.file_name}"
        _say(f"  for its period stands {stands}")
    elif receipt.period_start:
        _say(f"  its period, {receipt.period_start} to {receipt.period_end}, is not delivered now")
    _say(
        "  releases published before keep the figures that it gave, its line in `deliveries` and the kinds and row "
        "numbers of its records in `revised_records`; lineage/ keeps its row numbers. They hold no row as sent."
    )
    _say(f"  To undo it: `csp accept {receipt.receipt_number} --reason …`.")
    if erase:
        _say("  The agency must delete its copies too. The same bytes sent again are not kept.")


def _contracts() -> "dict[str, Contract]":
    from sources.contract.load import ContractError, load_contracts  # noqa: PLC0415

    try:
        return load_contracts()
    except ContractError as error:
        raise _fail(str(error)) from error


@app.command()
def contracts() -> None:
    """Check every contract, and list the feeds with cadence, version and an example of a file name.

    The first mistake found is named with file, key and remedy.
    """
    for contract in _contracts().values():
        for document in contract.documents:
            _say(f"{document.document_id}  {document.version}  {document.cadence}  {document.file_name_example}")


@app.command()
def rehash() -> None:
    """Hash the identifiers of all deliveries anew, from the archive, after the link key was changed.

    Then run `csp nightly --rebuild`. A run that dies on the way is repeated; until then nothing is taken in.
    """
    from orchestration.writer_lock import WarehouseBusyError, writer_lock  # noqa: PLC0415
    from sources.intake.rehash import RehashError  # noqa: PLC0415
    from sources.intake.rehash import rehash as hash_anew  # noqa: PLC0415
    from sources.personal.link_key import LinkKeyError  # noqa: PLC0415

    folder = _folder()
    known = _contracts()
    try:
        with writer_lock(folder):
            written = hash_anew(folder, _say, known)
    except (LinkKeyError, RehashError, WarehouseBusyError) as error:
        raise _fail(str(error)) from error
    _say(f"{written} deliveries hashed anew; now run `csp nightly --rebuild`")


@app.command()
def doctor() -> None:
    """Look at everything that a night needs, one line a point; exit code 1 where something is broken."""
    from orchestration.doctor import examine  # noqa: PLC0415

    broken = 0
    for finding in examine(_folder()):
        _say(str(finding))
        broken += not finding.is_sound
    if broken:
        raise typer.Exit(FAILED)


@app.command()
def query(
    sql: Annotated[str, typer.Argument(help="SQL on the current release.")],
    output: Annotated[OutputFormat, typer.Option("--format", help="How to print the rows.")] = OutputFormat.table,
) -> None:
    """Run SQL on the current release; it never waits for the nightly, nor the nightly for it."""
    try:
        release = store.require_current(_folder())
        if not sql.strip():
            raise typer.BadParameter('give a query, such as "select * from deliveries"', param_hint="SQL")
        with duckdb.connect(str(release.path / "indicators.duckdb"), read_only=True) as connection:
            _print_rows(connection.execute(sql), output)
    except store.ReleaseError as error:
        raise _fail(str(error)) from error
    except duckdb.Error as error:
        raise _fail(f"the query failed: {error}") from error


def _print_rows(rows: duckdb.DuckDBPyConnection, output: OutputFormat) -> None:
    """Print the rows of a query; what has no value is blank, or null in JSON, and a whole number stays one."""
    names = [column[0] for column in rows.description or []]
    if output is OutputFormat.table:
        import pandas as pd  # noqa: PLC0415 - takes a second to import

        table = [["" if cell is None else cell for cell in row] for row in rows.fetchall()]
        if not table:
            _say(f"no rows; the columns: {', '.join(names)}")
            return
        _say(pd.DataFrame(table, columns=names, dtype=object).to_string(index=False))
    elif output is OutputFormat.json:
        records = [dict(zip(names, row, strict=True)) for row in rows.fetchall()]
        _say(json.dumps(records, ensure_ascii=False, default=_as_json))
    else:
        writer = csv.writer(sys.stdout)
        writer.writerow(names)
        while batch := rows.fetchmany(10_000):
            writer.writerows(batch)


def _as_json(value: object) -> float | str:
    return float(value) if isinstance(value, Decimal) else str(value)


@app.command()
def trace(
    indicator: Annotated[
        str,
        typer.Argument(
            help="Indicator: its code or words of its title, e.g. OD-BURGLARY, 'NI 17', 'serious acquisitive'."
        ),
    ],
    area: Annotated[str, typer.Argument(help="Area: its code or words of its name, e.g. E07000133, Melton.")],
    period: Annotated[str, typer.Argument(help="Period as published, e.g. 2021/22, '2021/22 Q1', 2021-04.")],
    part: Annotated[FigurePart | None, typer.Option(help="Only the files and rows of one part of the figure.")] = None,
    rows: Annotated[
        bool | None, typer.Option("--rows/--no-rows", help="Row numbers; by default only where they are few.")
    ] = None,
) -> None:
    """Show a published figure, what was counted for it, and the files and row numbers it was counted from."""
    from orchestration.cli.trace_text import told  # noqa: PLC0415
    from orchestration.releases.trace import trace as trace_figure  # noqa: PLC0415
    from orchestration.releases.trace_names import TraceError  # noqa: PLC0415

    folder = _folder()
    try:
        found = trace_figure(folder, indicator, area, period)
    except (TraceError, store.ReleaseError) as error:
        raise _fail(str(error)) from error
    for line in told(found, folder, part, rows):
        _say(line)


@app.command()
def ui(
    port: Annotated[int, typer.Option(help="Port of the Dagster UI.")] = 3000,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
) -> None:
    """Open Dagster (webserver and daemon) on this data folder; Ctrl-C or `kill` stops it."""
    from orchestration.ui import UiError, run_ui  # noqa: PLC0415

    try:
        run_ui(_folder(), host, port)
    except UiError as error:
        raise _fail(str(error)) from error


def main() -> None:
    """Run the command line; an error that nobody foresaw ends in one line, and in a traceback with CSP_DEBUG=1."""
    try:
        app()
    except Exception as error:  # noqa: BLE001 - the last resort, so that nobody gets a traceback as the only answer
        _raise_if_debugging()
        typer.echo(f"failed: {error or type(error).__name__} (CSP_DEBUG=1 shows where)", err=True)
        sys.exit(FAILED)


if __name__ == "__main__":
    main()
