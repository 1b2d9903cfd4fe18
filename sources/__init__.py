"""From what agencies drop to accepted rows: contracts, intake, ledger, samples. Knows no Dagster, dbt or GX."""
