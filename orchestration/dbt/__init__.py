"""How dbt is started, parsed and translated into Dagster's events."""
