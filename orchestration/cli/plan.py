"""`csp plan`: the partnership's folder of plans."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.cli.console import FAILED, complain, failing_on, say

if TYPE_CHECKING:
    from sources.partnership.folder import PartnershipFolder

plan = typer.Typer(help="Write a plan's folder, and check what people filled in.", no_args_is_help=True)

Folder = Annotated[
    Path | None,
    typer.Option("--folder", help="The partnership's folder; by default the one that CSP_PARTNERSHIP names."),
]


def own_folder(folder: Path | None, command: str) -> "PartnershipFolder":
    """Return the folder that a command writes to; never the one that the product ships with.

    Raises:
        FolderError: no folder of the partnership's own is named; `command` is shown with one.
    """
    from sources.partnership.folder import SHIPPED, FolderError, PartnershipFolder, partnership_folder

    partnership = PartnershipFolder(folder.absolute()) if folder else partnership_folder()
    if partnership.root == SHIPPED:
        raise FolderError(
            "The folder in use is the one that the product ships with. Name your own: "
            f"`{command} --folder ../our-partnership`, and set CSP_PARTNERSHIP to it."
        )
    return partnership


@plan.command()
def new(
    code: Annotated[str, typer.Argument(help="Code of the plan and name of its folder, such as CHARNWOOD-2026-29.")],
    folder: Folder = None,
) -> None:
    """Write the folder of a new plan: a file for each table, and a README.md that explains every column."""
    from sources.partnership.folder import SETTINGS, VARIABLE, FolderError
    from sources.partnership.new_plan import GUIDE, new_plan

    with failing_on(FolderError):
        partnership = own_folder(folder, f"csp plan new {code}")
        written = new_plan(partnership, code)
    say(
        f"{len(written)} files in {partnership.root}",
        f"Next: put your name into {partnership.root / SETTINGS},",
        f"fill {partnership.root / 'plans' / code}/plan.csv, then the files that you need;",
        f"{GUIDE} beside them explains each column. Tell every command that this is your folder:",
        f"  export {VARIABLE}={shlex.quote(str(partnership.root))}",
        "`csp plan check` names each mistake, `csp nightly` publishes.",
    )


@plan.command()
def check(folder: Folder = None) -> None:
    """Check the partnership's folder: each mistake with file, line, column, value and what is expected."""
    from sources.contract.catalogue_check import catalogue_problems
    from sources.contract.document import SUFFIX
    from sources.contract.load import ContractError, contracts_with
    from sources.folder.reference import seed_rows
    from sources.intake.suppliers_to_come import unknown_suppliers
    from sources.partnership.check import check as check_folder
    from sources.partnership.check import told
    from sources.partnership.folder import FolderError, PartnershipFolder, partnership_folder
    from sources.start.proposal import REMARK

    with failing_on(FolderError):
        partnership = PartnershipFolder(folder.absolute()) if folder else partnership_folder()
        checked = check_folder(partnership)
    mistakes = [str(problem) for problem in checked.problems]
    try:
        contracts = contracts_with(partnership)
        mistakes += map(str, catalogue_problems(checked.rows, contracts))
    except ContractError as error:
        mistakes.append(str(error))
    say(*mistakes)
    if mistakes:
        complain(f"{told(mistakes)} in {partnership.root}; a night would publish nothing")
        raise typer.Exit(FAILED)
    own = [row for rows in checked.rows.values() for row in rows if partnership.root in row.file.parents]
    plans = ", ".join(one.name for one in partnership.plans())
    say(f"{partnership.settings().name}, {partnership.root}: {len(own):,} rows, no mistake found")
    say(f"in force: {plans or 'no plan'}")
    listed = ((str(row.values["agency"]), str(row.values["supplier"])) for row in checked.rows["suppliers"])
    forces = (("police", row["supplier"]) for row in seed_rows("areas", "police_forces"))
    say(*unknown_suppliers(contracts.values(), [*listed, *forces]))
    for file in sorted(partnership.root.glob(f"contracts/*/*{SUFFIX}")):
        if remarks := file.read_text(encoding="utf-8").count(REMARK):
            say(f"{file}: {remarks} remarks with CHECK are still to be settled")
