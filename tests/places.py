"""Where the things lie that tests read."""

from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
DBT_PROJECT = REPOSITORY / "dbt_project"
REFERENCE = DBT_PROJECT / "reference"
CONTRACTS = REPOSITORY / "sources" / "contracts"
PLAN_TIME = REPOSITORY / "sources" / "samples" / "plan_time"
SAMPLE = REPOSITORY / "sources" / "samples" / "leicestershire-street-2020-04-2022-03.zip"
# The originals and larger real files, beside the checkout; not everybody has them.
SHARED = REPOSITORY.parent / "shared" / "data"
