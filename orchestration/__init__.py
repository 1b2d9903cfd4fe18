"""Dagster's side of the warehouse: assets, checks, the job, the release store and the command line.

No rule about crime is here: feeds come from `sources`, models from `dbt_project`, judgements from `expectations`.
"""
