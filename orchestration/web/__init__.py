"""Dagster's own webserver behind a guard: which names it answers to, and for whose pages."""
