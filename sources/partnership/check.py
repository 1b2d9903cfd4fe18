"""Checks a partnership's folder before a night: every mistake with file, line, column, value and what is expected."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from sources.partnership.folder import SETTINGS, PartnershipFolder
from sources.partnership.read import Problem, Read, Row, read_table
from sources.partnership.rules import broken
from sources.partnership.sql_rules import broken_sql_rules
from sources.partnership.tables import PLAN_KEY, tables

_FOLDERS = ("plans", "catalogue", "contracts")


@dataclass(frozen=True)
class Checked:
    """The rows of every table, and the mistakes in them in the order of files and lines."""

    rows: Mapping[str, Sequence[Row]]
    problems: Sequence[Problem]


def check(folder: PartnershipFolder) -> Checked:
    """Read a folder and check every rule that its rows can be held to without figures.

    Raises:
        FolderError: there is no partnership.yaml, or it cannot be used.
    """
    read = {name: read_table(folder, table) for name, table in tables().items()}
    rows = {name: one.rows for name, one in read.items()}
    problems = [problem for one in read.values() for problem in one.problems]
    problems += _unknown_files(folder)
    problems += _plans_without_a_row(folder, read["plans"])
    for table in tables().values():
        for rule in table.rules:
            # A row that could not be read is told where it is; that others miss it would only confuse. Likewise a plan
            # without a row, which every row of its other files would miss.
            named = rule.table_named
            if rule.column != PLAN_KEY and not (named in read and read[named].problems):
                problems += broken(table, rule, rows)
    if not problems:
        problems = list(broken_sql_rules(rows))
    return Checked(rows, sorted(set(problems), key=lambda one: (str(one.file), one.line, one.column or "")))


def told(problems: Sequence[object]) -> str:
    """Return how many mistakes there are, in words."""
    return "1 mistake" if len(problems) == 1 else f"{len(problems)} mistakes"


def _unknown_files(folder: PartnershipFolder) -> Iterator[Problem]:
    """Return a problem for each file that no table has: a name misspelt would leave its rows out."""
    of_plan = sorted(table.file_name for table in tables().values() if table.of_a_plan)
    of_folder = sorted(table.file_name for table in tables().values() if not table.of_a_plan)
    for place, names in [*((plan, of_plan) for plan in folder.plans()), (folder.root / "catalogue", of_folder)]:
        for file in sorted(place.glob("*")) if place.is_dir() else []:
            if file.name not in names and not file.name.startswith(".") and file.suffix.lower() != ".md":
                yield Problem(
                    file, 1, None, None, f"is no table. Those of {_shown(place, folder)} are {', '.join(names)}"
                )
    for place in sorted(folder.root.glob("*/")):
        near = get_close_matches(place.name, _FOLDERS, n=1, cutoff=0.7)
        if near and place.name not in _FOLDERS:
            yield Problem(place, 1, None, None, f"is no folder that anything reads. Did you mean {near[0]}/?")


def _plans_without_a_row(folder: PartnershipFolder, plans: Read) -> Iterator[Problem]:
    """Return a problem for each plan in force that has no row of its own, on which those of its other files stand."""
    told = {row.file for row in plans.rows} | {problem.file for problem in plans.problems}
    for file in (plan / "plan.csv" for plan in folder.plans()):
        if not file.is_file():
            yield Problem(file, 1, None, None, f"is missing; {SETTINGS} has this plan in force.")
        elif file not in told:
            yield Problem(file, 1, None, None, "has no row. Say in line 2 what the plan is: title, area, days, status.")


def _shown(place: Path, folder: PartnershipFolder) -> str:
    return f"{place.relative_to(folder.root).as_posix()}/"
