"""Dagster's side of the warehouse: assets, checks, the job, the release store and the command line.

Nothing here knows a rule about crime: feeds come from `sources`, models from `dbt_project`, judgements from `expectations`.
"""
