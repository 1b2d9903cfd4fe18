"""Which categories a feed has: as its contract lists them, or the national lists of a shipped feed."""

from collections.abc import Iterable, Mapping

from sources.contract.model import Contract
from sources.folder.reference import seed_rows
from sources.partnership.read import Value

# Which column of a list holds the category.
_LISTS = {"offences": "offence_code", "incident_categories": "category"}


def known_categories(contract: Contract, counted: Iterable[Mapping[str, Value]]) -> tuple[str, ...]:
    """Return the categories of a feed that are known; none of an own feed that leaves them open.

    `counted` are rows of measure_categories, which is where those of most shipped feeds are listed.
    """
    if contract.counted_as:
        return contract.counted_as.categories
    lists = [row["code_list"] for row in seed_rows("rows", "feed_code_lists") if row["source_feed"] == contract.key]
    found = [row[_LISTS[name]] for name in lists for row in seed_rows("rows", name)]
    found += [str(row["category"]) for row in counted if row["source_feed"] == contract.key]
    found += [
        row["category"] for row in seed_rows("rows", "uncounted_categories") if row["source_feed"] == contract.key
    ]
    return tuple(dict.fromkeys(found))


def has_closed_list(contract: Contract) -> bool:
    """Return whether a category that is not known is a mistake, and not one of which nobody has heard yet."""
    if contract.counted_as:
        return bool(contract.counted_as.categories)
    return any(row["source_feed"] == contract.key for row in seed_rows("rows", "feed_code_lists"))
