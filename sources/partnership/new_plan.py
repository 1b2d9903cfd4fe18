"""Writes the folder of a new plan: each table as a CSV file with its header, and a page that explains them."""

from pathlib import Path

from sources.partnership.folder import SETTINGS, FolderError, PartnershipFolder
from sources.partnership.tables import Rule, Table, tables

GUIDE = "README.md"


def new_plan(folder: PartnershipFolder, code: str) -> list[Path]:
    """Write the folder of a plan into a partnership's folder, which is made where it is missing; return the files.

    Raises:
        FolderError: the code is no name of a folder, or there is such a plan.
    """
    if not code or code.startswith((".", "_")) or set(code) - set(_ALLOWED):
        raise FolderError(f"{code!r} cannot name a plan: use letters, digits and hyphens, such as CHARNWOOD-2026-29.")
    place = folder.root / "plans" / code
    if place.exists():
        raise FolderError(f"{place} is there already. Give the new plan another code, or edit that one.")
    written = []
    if not (folder.root / SETTINGS).exists():
        folder.root.mkdir(parents=True, exist_ok=True)
        written.append(_write(folder.root / SETTINGS, _SETTINGS))
    place.mkdir(parents=True)
    of_plan = [table for table in tables().values() if table.of_a_plan]
    for table in of_plan:
        written.append(_write(place / table.file_name, ",".join(column.name for column in table.file_columns) + "\n"))
    written.append(_write(place / GUIDE, _guide(code, of_plan)))
    return written


def _write(file: Path, text: str) -> Path:
    file.write_text(text, encoding="utf-8")
    return file


def _guide(code: str, of_plan: list[Table]) -> str:
    lines = [
        f"# The tables of {code}",
        "",
        "Fill `plan.csv` first, then what the plan has; a file without rows may go. Dates are written 2026-04-01,",
        "truths `true` or `false`, numbers with a point. Columns marked * are never empty. `csp plan check` names each",
        "mistake with its line.",
        "",
    ]
    for table in sorted(of_plan, key=lambda one: (one.file_name != "plan.csv", one.file_name)):
        lines += [
            f"## {table.file_name}",
            "",
            table.description,
            "",
            "| column | type | what it holds |",
            "|---|---|---|",
        ]
        for column in table.file_columns:
            mark = "*" if column.name in table.needed else ""
            allowed = _allowed(table, column.name)
            description = f"{column.description}{allowed}".replace("|", "\\|")
            lines.append(f"| `{column.name}`{mark} | {_WORDS[column.data_type]} | {description} |")
        lines.append("")
    return "\n".join(lines)


def _allowed(table: Table, column: str) -> str:
    for rule in table.rules:
        if rule.column == column and rule.kind == "accepted_values":
            return f" One of: {', '.join(map(str, rule.arguments['values']))}."
        if rule.column == column and rule.kind == "relationships":
            return f" One that {_home(rule)} lists as `{rule.arguments['field']}`."
    return ""


def _home(rule: Rule) -> str:
    """Return where people find what a column may name: a file of the folder with its national list, or a seed."""
    named = tables().get(str(rule.table_named))
    if named is None:
        return f"the national list {rule.table_named}"
    return f"{named.file_name} or the national list of that name" if named.national_file else named.file_name


_ALLOWED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_WORDS = {"varchar": "text", "integer": "whole number", "double": "number", "boolean": "truth", "date": "day"}
_SETTINGS = """# The partnership, as its pages call it: put your own name here.
name: A Community Safety Partnership
# Folders of plans/ that count; all of them where this line is not there.
# plans_in_force: [OUR-PLAN-2026-29]
"""
