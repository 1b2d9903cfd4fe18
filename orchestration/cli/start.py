"""`csp start`: a partnership's folder for a district, and what to download for it."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from orchestration.cli.console import data_folder, failing_on, say

FILES_NAMED = 5


def start(
    district: Annotated[
        str, typer.Argument(help='A district of England and Wales: "North Northamptonshire", E06000061.')
    ],
    starts_on: Annotated[
        datetime | None,
        typer.Option(
            "--from",
            formats=["%Y-%m-%d"],
            help="First day of the plan, a 1 April; by default that of the financial year of today.",
        ),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--folder", help="The partnership's folder; by default one of the district's name beside the checkout."
        ),
    ] = None,
) -> None:
    """Write a partnership's folder with a plan of open-data targets, and say which files to download.

    A second call writes nothing, and says what is missing by then.
    """
    from sources.contract.load import ContractError, load_contracts
    from sources.folder.data_folder import DataFolderError
    from sources.intake.left_out import pending_files
    from sources.ledger.json_lines import DamagedLedgerError
    from sources.ledger.lateness import local_today
    from sources.ledger.receipts import Ledger
    from sources.partnership.folder import PROJECT, FolderError, PartnershipFolder
    from sources.start.area_page import NAME as AREA_PAGE
    from sources.start.districts import DistrictError, district_named
    from sources.start.downloads import downloads, months_needed, told
    from sources.start.first_plan import FirstPlan, is_written, short_name, write_plan
    from sources.start.years import YearError, year_of, year_that_starts

    today = local_today()
    with failing_on(DistrictError, YearError, FolderError, ContractError, DamagedLedgerError, DataFolderError):
        year = year_that_starts(starts_on.date()) if starts_on else year_of(today)
        plan = FirstPlan(district_named(district, year.starts_on), year)
        root = folder.absolute() if folder else PROJECT.parent / short_name(plan.district)
        partnership = PartnershipFolder(root)
        if is_written(partnership, plan):
            say(f"{plan.code} is in {root} already; nothing was written.")
        else:
            files = write_plan(partnership, plan)
            say(f"{plan.district}, police force {plan.district.force_name}: {len(files)} files in {root}")
            say(
                f"The plan {plan.code} is a draft with targets of {year.label} on {year.before.label}; `--from`",
                "makes that of a year that your files reach. Its reductions are examples: edit targets.csv.",
                "docs/start.md says what to change once somebody agreed it.",
            )
            say(f"Its county, wards, similar areas and what it was made of: {AREA_PAGE} beside them.")
        data = data_folder()
        place = data.root.resolve()  # may be given with `..` in it
        months = months_needed(plan, today, load_contracts()[downloads()[0].source_feed].due_days)
        standing = Ledger(data).standing()
        say("", f"Files to download, into {place}. The first is enough to begin:")
        for number, download in enumerate(downloads(), start=1):
            first, *others = told(download, plan, months, standing, data)
            say("", f"{number}. {first}", *(f"  {line}" for line in others))
        if waiting := pending_files(data, load_contracts().values()):
            named = ", ".join(f"landing/{one.path}" for one in waiting[:FILES_NAMED])
            more = f" and {len(waiting) - FILES_NAMED} more" if len(waiting) > FILES_NAMED else ""
            say("", f"Not counted as there yet, because the next night takes them in: {named}{more}.")
    say(
        "",
        "Then:",
        f"  export CSP_DATA_DIR={place}",
        f"  export CSP_PARTNERSHIP={root}",
        "  csp plan check",
        "  csp nightly",
        "  csp report --open",
    )
