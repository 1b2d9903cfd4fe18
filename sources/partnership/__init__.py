"""A partnership's own folder: its settings, plans, areas and groups as CSV files under its own version control.

The tables and their rules are declared once, in dbt's properties files of `models/staging/partnership/`: dbt tests by
them, and `csp plan check` reads them to name the file, line and column of a mistake before a night.
"""
