"""Why figures changed since the release before: the deliveries and the rules that changed with them, by indicator."""

from dataclasses import dataclass
from typing import Any

from orchestration.report.tables import Row, Tables
from orchestration.rules_in_use import Rules, changed_files, changed_rules, reasons_by_indicator

_MOST_LISTED = 20


@dataclass(frozen=True)
class RulesBetween:
    """The rules of the release before, which may not have kept them, and those of this one."""

    before: Rules | None
    now: Rules


def rules_between(rules: RulesBetween | None) -> dict[str, Any] | None:
    """Return the rules that changed: the first rows of lists, how many more there are, and other files by name.

    None where nobody says which rules are in use; `rows` is None where the release before did not keep its own.
    """
    if rules is None:
        return None
    if rules.before is None:
        return {"rows": None, "more": 0, "files": []}
    rows = [str(one) for one in changed_rules(rules.before, rules.now)]
    return {
        "rows": rows[:_MOST_LISTED],
        "more": max(0, len(rows) - _MOST_LISTED),
        "files": changed_files(rules.before, rules.now),
    }


def why_figures_changed(tables: Tables, rules: RulesBetween | None) -> list[Row] | None:
    """Return each indicator with changed figures and what changed with it: its deliveries, its rules, or other files.

    None where the two releases cannot be compared. What changed with a figure need not be why: of an indicator of which
    nothing else is known to have changed, that is said.
    """
    changed = tables.changes("changed_by_indicator")
    if changed is None:
        return None
    by_rules: dict[str, list[str]] = {}
    others = "models or lists of this version, which the last release did not keep"
    if rules and rules.before:
        by_rules = reasons_by_indicator(changed_rules(rules.before, rules.now))
        files = changed_files(rules.before, rules.now)
        others = f"other rules: {', '.join(files[:3])}{' …' if len(files) > 3 else ''}" if files else ""
    for row in changed:
        reasons = [f"rule: {reason}" for reason in by_rules.get(row["indicator_code"], [])]
        if row["deliveries"]:
            reasons.append(f"{row['deliveries']} of {row['feed']} came in or count otherwise")
        fallback = others or "nothing of its own: what it is divided by or added up from may have"
        row["reasons"] = reasons or [fallback]
    return changed
