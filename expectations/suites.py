"""The suites of the published tables: each looks for personal columns, and for what else must hold of its table.

That a key is unique, a column filled and a code known is dbt's to test; the columns themselves are dbt's contract.
"""

from expectations.accounts import ACCOUNTS
from expectations.comparisons import COMPARISONS
from expectations.expectation import Suite, no_personal_columns
from expectations.figures import FIGURES
from expectations.plan import PLAN
from expectations.targets import TARGETS

SUITES = tuple(
    Suite(table, (no_personal_columns(table), *expectations))
    for table, expectations in {**ACCOUNTS, **FIGURES, **COMPARISONS, **TARGETS, **PLAN}.items()
)
