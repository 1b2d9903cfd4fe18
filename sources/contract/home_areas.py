"""Which small areas lie in the home area of a supplier, by which a rule may prefer one row to another."""

from pathlib import Path

from sources.folder.reference import reference_file, seed_file
from sources.folder.sql_text import literal
from sources.partnership.read import list_rows

HOME_LSOAS = "{home_lsoas}"
"""Stands in a contract's SQL for the LSOAs of the home area of whoever sent the file."""


def without_home_areas(sql: str) -> str:
    """Return a contract's SQL as it is checked before any supplier is known."""
    return sql.replace(HOME_LSOAS, "(SELECT NULL::VARCHAR)")


def with_home_areas(sql: str, agency: str, supplier: str | None) -> str:
    """Return a contract's SQL for one supplier, of whom nothing may be known: then no LSOA is at home."""
    return sql.replace(HOME_LSOAS, f"({_home_lsoas(agency, supplier)})")


def _home_lsoas(agency: str, supplier: str | None) -> str:
    named = f"supplier = {literal(supplier)}"
    forces = (
        f"SELECT force_code FROM {_csv(seed_file('areas', 'police_forces'))} WHERE {named} AND {agency == 'police'}"
    )
    known = [row for row in list_rows("suppliers") if (row["agency"], row["supplier"]) == (agency, supplier)]
    homes = ", ".join(literal(str(row["home_area_code"])) for row in known) or "NULL"
    districts = (
        f"SELECT district_code FROM {_csv(reference_file('districts'))} "
        f"WHERE force_code IN ({forces}) OR force_code IN ({homes}) OR district_code IN ({homes}) UNION ALL "
        f"SELECT district_code FROM {_csv(seed_file('areas', 'home_area_districts'))} "
        f"WHERE home_area_code IN ({homes}) UNION ALL "
        f"SELECT district_code FROM {_csv(seed_file('areas', 'counties'))} WHERE county_code IN ({homes})"
    )
    return f"SELECT lsoa_code FROM {_csv(reference_file('lsoas'))} WHERE district_code IN ({districts})"


def _csv(file: Path) -> str:
    return (
        f"read_csv({literal(str(file))}, header = true, all_varchar = true, delim = ',', quote = '\"', escape = '\"')"
    )
